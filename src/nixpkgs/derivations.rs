//! `lib.derivations`: derivations wrapped in sets.

use super::attrsets::from_names;
use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{
    Entry, Table, apply, attr, attrs, boolean, builtin, cell, delay_select, entry_at, function, get, lossy,
    map_set, pattern, pretty_line, select, set_of, share, slot_text, text, text_of, throw, warn, with_attr,
};
use crate::source::{Origin, Pos};
use crate::value::{Value, peek, slot};

/// `lib.derivations`
pub static TABLE: Table = Table { namespace: "derivations", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    builtin("addDrvOutputDependencies").top(),
    builtin("unsafeDiscardOutputDependency").top(),
    pattern("lazyDerivation", &["args"], &[LAZY], lazy_derivation).top(),
    function("optionalDrvAttr", &["cond", "value"], optional_drv_attr).top(),
    function("warnOnInstantiate", &["msg", "drv"], warn_on_instantiate).top(),
];

const LAZY: Formals = Formals {
    arg: 0,
    names: &[("derivation", false), ("meta", true), ("passthru", true), ("outputs", true)],
    ellipsis: false,
};

suspended! {
    /// The derivation behind a lazy one, after a check that it has the declared outputs.
    struct Checked { args, outputs }
}

impl Checked<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let args = peek(self.args);
        let derivation = select(ev, args, "derivation")?;
        if !ev.is_derivation(derivation)? {
            return Err(throw("lazyDerivation: input must be a derivation."));
        }
        let actual = attr(ev, derivation, "outputs")?;
        if !ev.equal(actual, self.outputs, Pos::NONE)? {
            let message = other_outputs(ev, args, derivation, self.outputs)?;
            return Err(throw(message));
        }
        Ok(derivation)
    }
}

#[cold]
fn other_outputs(ev: &Evaluator, args: Value, derivation: Value, assumed: &Slot) -> Res<String> {
    let name = match get(ev, derivation, "name") {
        Some(name) => text_of(ev, name)?,
        None => "<unknown>".to_owned(),
    };
    let place = ev.mem.get_entry(args, sym!("outputs")).and_then(|e| ev.sources.place(e.pos));
    let at = match place {
        Some(p) if matches!(p.source.origin, Origin::File(_)) => {
            format!(",\n    at {}:{}:{}", p.source.origin_name(), p.line, p.column)
        }
        _ => String::new(),
    };
    let meta = get(ev, derivation, "meta").map(|m| ev.force(m)).transpose()?;
    let position = slot_text(ev, meta.and_then(|m| get(ev, m, "position")))?;
    let defined = position.map_or(String::new(), |p| format!(",\n    defined at {}", lossy(p)));
    let shown = |outputs: &Slot| -> Res<String> { Ok(text(ev, pretty_line(ev, outputs)?)) };
    let (assumed, actual) = (shown(assumed)?, shown(attr(ev, derivation, "outputs")?)?);
    Ok(format!(
        "lib.lazyDerivation: The derivation {name} has outputs that don't match the assumed outputs.\n\
         \n\
         Assumed outputs passed to lazyDerivation{at}:\n    {assumed};\n\
         \n\
         Actual outputs of the derivation{defined}:\n    {actual}\n\
         \n\
         If the outputs are known ahead of evaluating the derivation,\n\
         then update the lazyDerivation call to match the actual outputs, in the same order.\n\
         If lazyDerivation is passed a literal value, just change it to the actual outputs.\n\
         As a result it will work as before / as intended.\n\
         \n\
         Otherwise, when the outputs are dynamic and can't be known ahead of time, it won't\n\
         be possible to add laziness, but lib.lazyDerivation may still be useful for trimming\n\
         the attributes.\n\
         If you want to keep trimming the attributes, make sure that the package is in a\n\
         variable (don't evaluate it twice!) and pass the variable and its outputs attribute\n\
         to lib.lazyDerivation. This largely defeats laziness, but keeps the trimming.\n\
         If none of the above works for you, replace the lib.lazyDerivation call by the\n\
         expression in the derivation argument.\n"
    ))
}

/// `lib.derivations.lazyDerivation`: a set that looks like a derivation and evaluates it only on demand.
fn lazy_derivation(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [args] = exactly(args);
    let args = ev.force_formals("lazyDerivation", args, &LAZY, pos)?;
    let passthru = match get(ev, args, "passthru") {
        Some(passthru) => attrs(ev, passthru)?,
        None => Value::EMPTY_SET,
    };
    let outputs = match get(ev, args, "outputs") {
        Some(outputs) => share(ev, outputs)?,
        None => ev.mem.list(&[Value::symbol(sym!("out"))])?,
    };
    let checked = cell(ev, ev.delay(Checked { args, outputs })?)?;
    let of = |name: &str| delay_select(ev, checked, name);
    let meta = match get(ev, args, "meta") {
        Some(meta) => share(ev, meta)?,
        None => of("meta")?,
    };
    let fixed = set_of(
        ev,
        &[
            ("type", Value::symbol(sym!("derivation"))),
            ("outPath", of("outPath")?),
            ("outputName", of("outputName")?),
            ("drvPath", of("drvPath")?),
            ("name", of("name")?),
            ("system", of("system")?),
            ("outputs", outputs),
            ("meta", meta),
        ],
    )?;
    let by_output = from_names(ev, &slot(outputs), |_, name| delay_select(ev, checked, name))?;
    Ok(ev.mem.update(fixed, ev.mem.update(by_output, passthru)?)?)
}

/// `lib.derivations.optionalDrvAttr`: a value if a condition holds, else null, which derivations ignore.
fn optional_drv_attr(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [cond, value] = exactly(args);
    if boolean(ev, cond)? { ev.force(value) } else { Ok(Value::NULL) }
}

suspended! {
    /// `warn msg drv.${name}`, by attribute.
    struct Warned { drv, msg } []
}

impl Warned<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let e = entry_at(ev, self.drv, index)?;
        warn(ev, share(ev, self.msg)?, share(ev, e.slot)?)
    }
}

/// `lib.derivations.warnOnInstantiate`: a derivation that prints a warning when it is instantiated.
fn warn_on_instantiate(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [msg, drv] = exactly(args);
    warning(ev, share(ev, msg)?, drv)
}

/// `warnOnInstantiate msg drv`
fn warning(ev: &Evaluator, msg: Value, drv: &Slot) -> Res<Value> {
    /// `x: warnOnInstantiate msg (f x)`
    static OVERRIDE: Builtin = Builtin::hidden("overrideAttrs", &["msg", "f", "x"], |ev, args, _| {
        let [msg, f, x] = exactly(args);
        let drv = ev.delay_call(share(ev, f)?, &[share(ev, x)?])?;
        warning(ev, share(ev, msg)?, &slot(drv))
    });
    const QUIET: [&[u8]; 4] = [b"meta", b"name", b"type", b"outputName"];
    let package = ev.force(drv)?;
    let overridden = match get(ev, package, "overrideAttrs") {
        Some(f) if ev.force(f)?.is_function() => Some(ev.partial(&OVERRIDE, &[msg, peek(f)])?),
        _ => None,
    };
    let package = attrs(ev, drv)?;
    let wrapped = ev.mem.filtered(package, |e| !QUIET.contains(&ev.mem.heap.name(e.name)))?;
    let made = ev.mem.update(package, map_set(ev, wrapped, |drv| Warned { drv, msg })?)?;
    match overridden {
        Some(f) => with_attr(ev, made, "overrideAttrs", f),
        None => Ok(made),
    }
}

/// `drv.overrideAttrs f`.
pub(super) fn override_attrs(ev: &Evaluator, drv: Value, f: Value) -> Res<Value> {
    apply(ev, attr(ev, drv, "overrideAttrs")?, &[f])
}
