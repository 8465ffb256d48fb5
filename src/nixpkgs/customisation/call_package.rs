//! Calling package functions with the arguments they name: `callPackageWith` and `callPackagesWith`.

use super::overriding::{Overridable, call_overridable};
use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::native::{
    abort, apply, attrs, boolean, call_builtin, cell, entry_at, function_args, get, is_function, map_set,
    one_attr, select, share, text_of, throw,
};
use crate::nixpkgs::strings::at_most;
use crate::nixpkgs::trivial::with_args;
use crate::source::{Origin, Pos, distance};
use crate::value::{Value, peek, slot};

/// `if isFunction fn then fn else import fn`
fn package_function(ev: &Evaluator, of: &Slot) -> Res<Value> {
    let f = ev.force(of)?;
    if is_function(ev, f)? { Ok(f) } else { call_builtin(ev, "import", &[f]) }
}

/// `intersectAttrs fargs autoArgs // args`
fn all_args(ev: &Evaluator, wanted: Value, auto: &Slot, args: &Slot) -> Res<Value> {
    let args = attrs(ev, args)?;
    let auto = attrs(ev, auto)?;
    let auto = call_builtin(ev, "intersectAttrs", &[wanted, auto])?;
    Ok(ev.mem.update(auto, args)?)
}

/// `lib.customisation.callPackageWith`: calls a package function with the arguments it names, taken from a set.
pub(super) fn call_package_with(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [auto, of, args] = exactly(args);
    let f = package_function(ev, of)?;
    let wanted = slot(function_args(ev, f)?);
    let wanted = attrs(ev, &wanted)?;
    let mut all = all_args(ev, wanted, auto, args)?;
    for e in ev.mem.entries_by_name(wanted) {
        if ev.mem.get(all, e.name).is_none() && !boolean(ev, e.slot)? {
            let Some(answer) = ev.open_attribute(attrs(ev, auto)?, e.name)? else {
                return Err(abort(missing_argument(ev, auto, args, e.name, e.pos)?));
            };
            all = ev.mem.update(all, one_attr(ev, e.name, share(ev, answer)?)?)?;
        }
    }
    call_overridable(ev, Overridable { f, names: cell(ev, wanted)? }, all)
}

#[cold]
fn missing_argument(ev: &Evaluator, auto: &Slot, args: &Slot, missing: Sym, pos: Pos) -> Res<String> {
    let place = match ev.sources.place(pos) {
        Some(p) if matches!(p.source.origin, Origin::File(_)) => {
            format!("{}:{}", p.source.origin_name(), p.line)
        }
        _ => "<unknown location>".to_owned(),
    };
    let wanted = ev.mem.heap.name(missing);
    let args = attrs(ev, args)?;
    let known = ev.mem.update(attrs(ev, auto)?, args)?;
    let names = ev.mem.entries_by_name(known).into_iter().map(|e| ev.mem.heap.name(e.name));
    let mut near: Vec<&[u8]> = names.filter(|n| at_most(2, wanted, n)).collect();
    near.sort_by_key(|n| distance(wanted, n));
    let near: Vec<String> =
        near.iter().take(3).map(|n| format!("\"{}\"", String::from_utf8_lossy(n))).collect();
    let suggestion = match &near[..] {
        [] => String::new(),
        [only] => format!(", did you mean {only}?"),
        [first @ .., last] => format!(", did you mean {} or {last}?", first.join(", ")),
    };
    let wanted = ev.name(missing);
    Ok(format!(
        "lib.customisation.callPackageWith: Function called without required argument \"{wanted}\" at \
         {place}{suggestion}"
    ))
}

suspended! {
    /// `mapAttrs mkAttrOverridable packages`, where `packages` is `f original`.
    struct OverridablePackage { packages, f, names, original } []
}

impl OverridablePackage<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        /// `newArgs: (f newArgs).${name}`
        static ONE: Builtin = Builtin::hidden("callPackages", &["f", "name", "newArgs"], |ev, args, _| {
            let [f, name, new] = exactly(args);
            let packages = apply(ev, f, &[share(ev, new)?])?;
            select(ev, packages, crate::native::name(ev, name)?)
        });
        let package = Value::symbol(entry_at(ev, self.packages, index)?.name);
        let names = share(ev, self.names)?;
        let f = with_args(ev, ev.partial(&ONE, &[share(ev, self.f)?, package])?, names)?;
        call_overridable(ev, Overridable { f, names }, share(ev, self.original)?)
    }
}

/// `lib.customisation.callPackagesWith`: the same for a function that returns a set of packages.
pub(super) fn call_packages_with(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [auto, of, args] = exactly(args);
    let f = package_function(ev, of)?;
    let wanted = slot(function_args(ev, f)?);
    let names = attrs(ev, &wanted)?;
    let original = all_args(ev, names, auto, args)?;
    let packages = slot(ev.call(f, &[original], Pos::NONE)?);
    let set = peek(&packages);
    if ev.is_derivation(set)? {
        let of = match get(ev, set, "name") {
            Some(name) => text_of(ev, name)?,
            None => "<unknown-name>".to_owned(),
        };
        return Err(throw(format!(
            "function `callPackages` was called on a *single* derivation \"{of}\"; did you mean to use `callPackage` \
             instead?"
        )));
    }
    map_set(ev, attrs(ev, &packages)?, |packages| OverridablePackage { packages, f, names, original })
}
