//! Packages as sets: `isDerivation`, `toDerivation`, `getOutput` and the like.

use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::native::{
    attrs, boolean, call_builtin, get, items, knot, list, map, name, sanitized_name, set_of, share, with_attr,
};
use crate::source::Pos;
use crate::value::{Value, slot};

/// `lib.attrsets.isDerivation`: whether a value is a set of type `derivation`.
pub(super) fn is_derivation(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [value] = exactly(args);
    Ok(Value::bool(ev.is_derivation(ev.force(value)?)?))
}

suspended! {
    /// `sanitizeDerivationName (substring 33 (-1) (baseNameOf path))`
    struct DerivationName { path }
}

impl DerivationName<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let path = ev.mem.text(ev.force(self.path)?);
        let base = path.rsplit(|c| *c == b'/').next().unwrap_or_default();
        let name = ev.mem.string(base.get(33..).unwrap_or_default(), Default::default())?;
        sanitized_name(ev, &slot(name))
    }
}

/// `lib.attrsets.toDerivation`: a store path as a set that looks like a derivation.
pub(super) fn to_derivation_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [path] = exactly(args);
    to_derivation(ev, share(ev, path)?)
}

/// `toDerivation path`
pub fn to_derivation(ev: &Evaluator, path: Value) -> Res<Value> {
    let path = call_builtin(ev, "storePath", &[path])?;
    let out = Value::symbol(sym!("out"));
    let made = knot(ev, |this| {
        set_of(
            ev,
            &[
                ("type", Value::symbol(sym!("derivation"))),
                ("name", ev.delay(DerivationName { path })?),
                ("outPath", path),
                ("outputs", ev.mem.list(&[out])?),
                ("out", this),
                ("outputName", out),
            ],
        )
    })?;
    ev.force_value(made)
}

/// `lib.attrsets.getOutput`: an output of a package, else its default output, else the package itself.
pub(super) fn get_output(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [output, pkg] = exactly(args);
    output_named(ev, pkg, || name(ev, output))
}

/// `getOutput output pkg`
pub(in crate::nixpkgs) fn output(ev: &Evaluator, output: Value, pkg: Value) -> Res<Value> {
    output_named(ev, &slot(pkg), || name(ev, &slot(output)))
}

/// `getOutput output pkg` of a known output.
pub(in crate::nixpkgs) fn output_of(ev: &Evaluator, output: &str, pkg: &Slot) -> Res<Value> {
    output_named(ev, pkg, || Ok(ev.intern(output)?))
}

fn output_named(ev: &Evaluator, pkg: &Slot, output: impl FnOnce() -> Res<Sym>) -> Res<Value> {
    let pkg = ev.force(pkg)?;
    if output_specified(ev, pkg)? {
        return Ok(pkg);
    }
    // The package is forced first: its error takes precedence over that of the name.
    let output = output()?;
    match get(ev, pkg, output).or_else(|| get(ev, pkg, sym!("out"))) {
        Some(output) => ev.force(output),
        None => Ok(pkg),
    }
}

/// `pkg ? outputSpecified && pkg.outputSpecified`
fn output_specified(ev: &Evaluator, pkg: Value) -> Res<bool> {
    get(ev, pkg, "outputSpecified").map_or(Ok(false), |s| boolean(ev, s))
}

/// `lib.attrsets.getFirstOutput`: the first of several candidate outputs that a package has, or the package itself.
pub(super) fn get_first_output(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [candidates, pkg] = exactly(args);
    first_output(ev, candidates, pkg)
}

/// `getFirstOutput candidates pkg`
fn first_output(ev: &Evaluator, candidates: &Slot, pkg: &Slot) -> Res<Value> {
    let package = ev.force(pkg)?;
    if output_specified(ev, package)? {
        return Ok(package);
    }
    let mut first = None;
    for candidate in items(ev, candidates)? {
        // All candidates are checked, as by the filter in nixpkgs.
        let of = name(ev, candidate)?;
        if ev.mem.get(attrs(ev, pkg)?, of).is_some() && first.is_none() {
            first = Some(of);
        }
    }
    match first {
        Some(of) => ev.force(ev.attribute(package, of, Pos::NONE)?),
        None => Ok(package),
    }
}

/// `getFirstOutput [ … ] pkg` of known candidates.
fn first_output_of(ev: &Evaluator, candidates: &[&str], pkg: &Slot) -> Res<Value> {
    let names: Vec<Value> =
        candidates.iter().map(|c| Ok(Value::symbol(ev.intern(c)?))).collect::<Res<_>>()?;
    first_output(ev, &slot(ev.mem.list(&names)?), pkg)
}

/// `lib.attrsets.getBin`: the output with a package's programs.
pub(super) fn get_bin(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pkg] = exactly(args);
    output_of(ev, "bin", pkg)
}

/// `lib.attrsets.getLib`: the output with a package's libraries.
pub(super) fn get_lib(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pkg] = exactly(args);
    output_of(ev, "lib", pkg)
}

/// `lib.attrsets.getStatic`: the output with a package's static libraries.
pub(super) fn get_static(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pkg] = exactly(args);
    first_output_of(ev, &["static", "lib", "out"], pkg)
}

/// `lib.attrsets.getDev`: the output with a package's headers and other development files.
pub(super) fn get_dev(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pkg] = exactly(args);
    output_of(ev, "dev", pkg)
}

/// `lib.attrsets.getInclude`: the output with a package's headers.
pub(super) fn get_include(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pkg] = exactly(args);
    first_output_of(ev, &["include", "dev", "out"], pkg)
}

/// `lib.attrsets.getMan`: the output with a package's manual pages.
pub(super) fn get_man(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pkg] = exactly(args);
    output_of(ev, "man", pkg)
}

/// `lib.attrsets.chooseDevOutputs`: the development outputs of packages.
pub(super) fn choose_dev_outputs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    static DEV: Builtin = Builtin::hidden("getDev", &["pkg"], get_dev);
    let [packages] = exactly(args);
    let packages = list(ev, packages)?;
    map(ev, ev.builtin(&DEV), packages)
}

/// `lib.attrsets.recurseIntoAttrs`: tells tools to look for packages inside a set.
pub(super) fn recurse_into_attrs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [set] = exactly(args);
    with_attr(ev, attrs(ev, set)?, "recurseForDerivations", Value::TRUE)
}

/// `lib.attrsets.dontRecurseIntoAttrs`: tells tools not to look for packages inside a set.
pub(super) fn dont_recurse_into_attrs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [set] = exactly(args);
    with_attr(ev, attrs(ev, set)?, "recurseForDerivations", Value::FALSE)
}
