//! Rebuilding packages with changes: `overrideDerivation` and `makeOverridable`.

use super::outputs::extend_derivation;
use crate::eval::{Builtin, Error, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{
    apply, attr, attrs, cell, entry_at, has, is_function, map_set, select, set_of, share, shared_args,
    shared_or, with_attr,
};
use crate::nixpkgs::derivations::override_attrs;
use crate::nixpkgs::trivial::{delayed_args, with_args};
use crate::source::Pos;
use crate::value::{Value, slot};

suspended! {
    /// The arguments of `overrideDerivation`.
    struct Override { drv, f } => struct Overridden {
        /// `seq drv.drvPath true`: fails if the original derivation does.
        condition,
        /// `meta`, `passthru`, the attributes of `passthru`, and `__spliced`.
        passthru,
        /// `derivation (drv.drvAttrs // (f drv))`
        derivation,
    }
}

suspended! {
    /// `mapAttrs (_: sDrv: overrideDerivation sDrv f) drv.__spliced`
    struct Spliced { drv, f }
}

suspended! {
    struct OverrideEach { set, f } []
}

/// `lib.customisation.overrideDerivation`: a derivation recomputed with changed attributes.
pub(super) fn override_derivation(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [drv, f] = shared_args(ev, args)?;
    overridden(ev, drv, f)
}

fn overridden(ev: &Evaluator, drv: Value, f: Value) -> Res<Value> {
    let Overridden { condition, passthru, derivation } = Override { drv, f }.parts(ev)?;
    extend_derivation(ev, cell(ev, condition)?, passthru, cell(ev, derivation)?)
}

impl Override<&Slot> {
    fn condition(self, ev: &Evaluator) -> Res<Value> {
        select(ev, ev.force(self.drv)?, "drvPath")?;
        Ok(Value::TRUE)
    }

    fn passthru(self, ev: &Evaluator) -> Res<Value> {
        let drv = ev.force(self.drv)?;
        let meta = shared_or(ev, drv, "meta", Value::EMPTY_SET)?;
        let passthru = shared_or(ev, drv, "passthru", Value::EMPTY_SET)?;
        let own = set_of(ev, &[("meta", meta), ("passthru", passthru)])?;
        let all = ev.mem.update(own, attrs(ev, &slot(passthru))?)?;
        if !has(ev, drv, "__spliced") {
            return Ok(all);
        }
        with_attr(ev, all, "__spliced", ev.delay(Spliced { drv, f: share(ev, self.f)? })?)
    }

    fn derivation(self, ev: &Evaluator) -> Res<Value> {
        let new = slot(apply(ev, self.f, &[share(ev, self.drv)?])?);
        let new = attrs(ev, &new)?;
        let old = attrs(ev, attr(ev, ev.force(self.drv)?, "drvAttrs")?)?;
        // `derivation` is written in Nix.
        match ev.named_global("derivation")? {
            Some(derivation) => ev.call(derivation, &[ev.mem.update(old, new)?], Pos::NONE),
            None => Err(Error::eval("the built-in function 'derivation' is not available")),
        }
    }
}

impl Spliced<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let spliced = slot(select(ev, ev.force(self.drv)?, "__spliced")?);
        let f = share(ev, self.f)?;
        map_set(ev, attrs(ev, &spliced)?, |set| OverrideEach { set, f })
    }
}

impl OverrideEach<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        overridden(ev, share(ev, entry_at(ev, self.set, index)?.slot)?, share(ev, self.f)?)
    }
}

/// `lib.customisation.makeOverridable`: a function whose results can be overridden with other arguments.
pub(super) fn make_overridable(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f] = exactly(args);
    overridable(ev, ev.force(f)?)
}

/// `makeOverridable f`
pub(in crate::nixpkgs) fn overridable(ev: &Evaluator, f: Value) -> Res<Value> {
    /// `f'`, which is called instead of `f`.
    static CALLED: Builtin =
        Builtin::hidden("makeOverridable", &["f", "functionArgs", "origArgs"], |ev, args, _| {
            let [f, names, original] = shared_args(ev, args)?;
            call_overridable(ev, Overridable { f, names }, original)
        });
    /// `fdrv: makeOverridable (f.override fdrv)`
    static OVERRIDE: Builtin = Builtin::hidden("override", &["f", "fdrv"], |ev, args, _| {
        let [f, fdrv] = exactly(args);
        let own = attr(ev, ev.force(f)?, sym!("override"))?;
        overridable(ev, apply(ev, own, &[share(ev, fdrv)?])?)
    });
    let names = delayed_args(ev, f)?;
    let mirrored = with_args(ev, ev.partial(&CALLED, &[f, names])?, names)?;
    if !f.is_attrs() {
        return Ok(mirrored);
    }
    let made = ev.mem.update(f, mirrored)?;
    match has(ev, f, sym!("override")) {
        true => with_attr(ev, made, "override", ev.partial(&OVERRIDE, &[f])?),
        false => Ok(made),
    }
}

/// A function whose results can be overridden.
#[derive(Debug, Clone, Copy)]
pub(super) struct Overridable {
    /// The function.
    pub(super) f: Value,
    /// `functionArgs f`, in a cell: `mirrorArgs` passes it to other functions.
    pub(super) names: Value,
}

impl Overridable {
    /// `mirrorArgs g`
    fn mirror(self, ev: &Evaluator, g: Value) -> Res<Value> {
        with_args(ev, g, self.names)
    }
}

/// `makeOverridable f original`
pub(super) fn call_overridable(ev: &Evaluator, of: Overridable, original: Value) -> Res<Value> {
    let result = ev.call(ev.force_value(of.f)?, &[original], Pos::NONE)?;
    let bound = [of.f, of.names, original];
    let override_args = || of.mirror(ev, ev.partial(&OVERRIDE_ARGS, &bound)?);
    if result.is_attrs() {
        let changes = set_of(
            ev,
            &[
                ("override", override_args()?),
                ("overrideDerivation", ev.partial(&OVERRIDE_DERIVATION, &bound)?),
            ],
        )?;
        let changed = ev.mem.update(result, changes)?;
        return match has(ev, result, "overrideAttrs") {
            true => with_attr(ev, changed, "overrideAttrs", ev.partial(&OVERRIDE_ATTRS, &bound)?),
            false => Ok(changed),
        };
    }
    if is_function(ev, result)? {
        let set = with_args(ev, result, delayed_args(ev, result)?)?;
        return with_attr(ev, set, "override", override_args()?);
    }
    Ok(result)
}

suspended! {
    /// `original // (if isFunction new then new original else new)`
    struct NewArgs { original, new }
}

impl NewArgs<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let new = ev.force(self.new)?;
        let new = match is_function(ev, new)? {
            true => ev.call(new, &[share(ev, self.original)?], Pos::NONE)?,
            false => new,
        };
        let new = attrs(ev, &slot(new))?;
        Ok(ev.mem.update(attrs(ev, self.original)?, new)?)
    }
}

/// `newArgs: makeOverridable f (origArgs // newArgs)`
static OVERRIDE_ARGS: Builtin =
    Builtin::hidden("override", &["f", "functionArgs", "origArgs", "newArgs"], |ev, args, _| {
        let [f, names, original, new] = shared_args(ev, args)?;
        let merged = cell(ev, ev.delay(NewArgs { original, new })?)?;
        call_overridable(ev, Overridable { f, names }, merged)
    });

/// `fdrv: makeOverridable (mirrorArgs (args: overrideDerivation (f args) fdrv)) origArgs`
static OVERRIDE_DERIVATION: Builtin =
    Builtin::hidden("overrideDerivation", &["f", "functionArgs", "origArgs", "fdrv"], |ev, args, _| {
        /// `args: overrideDerivation (f args) fdrv`
        static CHANGED: Builtin =
            Builtin::hidden("overrideDerivation", &["f", "fdrv", "args"], |ev, args, _| {
                let [f, fdrv, args] = shared_args(ev, args)?;
                overridden(ev, cell(ev, ev.delay_call(f, &[args])?)?, fdrv)
            });
        let [f, names, original, fdrv] = shared_args(ev, args)?;
        let changed = ev.partial(&CHANGED, &[f, fdrv])?;
        let f = Overridable { f, names }.mirror(ev, changed)?;
        call_overridable(ev, Overridable { f, names }, original)
    });

/// `fdrv: makeOverridable (mirrorArgs (args: (f args).overrideAttrs fdrv)) origArgs`
static OVERRIDE_ATTRS: Builtin =
    Builtin::hidden("overrideAttrs", &["f", "functionArgs", "origArgs", "fdrv"], |ev, args, _| {
        /// `args: (f args).overrideAttrs fdrv`
        static CHANGED: Builtin = Builtin::hidden("overrideAttrs", &["f", "fdrv", "args"], |ev, args, _| {
            let [f, fdrv, args] = exactly(args);
            override_attrs(ev, apply(ev, f, &[share(ev, args)?])?, share(ev, fdrv)?)
        });
        let [f, names, original, fdrv] = shared_args(ev, args)?;
        let changed = ev.partial(&CHANGED, &[f, fdrv])?;
        let f = Overridable { f, names }.mirror(ev, changed)?;
        call_overridable(ev, Overridable { f, names }, original)
    });
