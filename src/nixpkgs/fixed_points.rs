//! `lib.fixedPoints`: functions applied to their own result, and overlays on them.

use crate::eval::{Builtin, Error, ErrorKind, Evaluator, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::native::{
    Entry, Table, apply, attrs, cell, delay_update, function, is_function, items, knot, one_attr, share,
    shared_args, update,
};
use crate::source::Pos;
use crate::value::{Value, peek, slot};

/// `lib.fixedPoints`
pub static TABLE: Table = Table { namespace: "fixedPoints", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    function("fix", &["f"], fix).top(),
    function("fix'", &["f"], fix_prime).top(),
    function("converge", &["f", "x"], converge).top(),
    function("extends", &["overlay", "f", "final"], extends).top(),
    function("composeExtensions", &["f", "g", "final", "prev"], compose_extensions).top(),
    function("composeManyExtensions", &["extensions", "final", "prev"], compose_many_extensions).top(),
    function("makeExtensible", &["rattrs"], make_extensible).top(),
    function("makeExtensibleWithCustomName", &["extenderName", "rattrs"], make_extensible_with_custom_name)
        .top(),
    function("toExtension", &["f"], to_extension).top(),
];

/// `lib.fixedPoints.fix`: a function applied to its own result.
fn fix(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f] = shared_args(ev, args)?;
    ev.force_value(knot(ev, |x| ev.delay_call(f, &[x]))?)
}

suspended! {
    /// `f x // { __unfix__ = f; }`
    struct WithFunction { f, x }
}

impl WithFunction<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let made = slot(apply(ev, self.f, &[share(ev, self.x)?])?);
        let unfix = one_attr(ev, "__unfix__", share(ev, self.f)?)?;
        Ok(ev.mem.update(attrs(ev, &made)?, unfix)?)
    }
}

/// `lib.fixedPoints.fix'`: the same with the function itself as `__unfix__`.
fn fix_prime(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f] = shared_args(ev, args)?;
    fix_with_function(ev, f)
}

/// `fix' f`
fn fix_with_function(ev: &Evaluator, f: Value) -> Res<Value> {
    ev.force_value(knot(ev, |x| ev.delay(WithFunction { f, x }))?)
}

/// `lib.fixedPoints.converge`: a function applied until the value no longer changes.
fn converge(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [f, x] = exactly(args);
    let mut x = slot(share(ev, x)?);
    for _ in 0..ev.settings.max_call_depth {
        let next = slot(apply(ev, f, &[share(ev, &x)?])?);
        if ev.equal(&next, &x, pos)? {
            return ev.force(&x);
        }
        x = next;
    }
    // nixpkgs recurses here.
    let message = "stack overflow; max-call-depth exceeded";
    Err(Error::new(ErrorKind::StackOverflow, message).at(pos))
}

/// `extends`
pub(super) static EXTENDS: Builtin = Builtin::hidden("extends", &["overlay", "f", "final"], extends);

/// `lib.fixedPoints.extends`: a function of the final result with an overlay applied.
fn extends(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [overlay, f, last] = exactly(args);
    let last = share(ev, last)?;
    let previous = cell(ev, ev.delay_call(share(ev, f)?, &[last])?)?;
    // As with any `//`, the right operand is forced first.
    let overlaid = slot(apply(ev, overlay, &[last, previous])?);
    update(ev, &slot(previous), &overlaid)
}

/// An overlay combined with `rest`, which gets the intermediate result `prev // overlay final prev`.
fn composed(
    ev: &Evaluator,
    overlay: &Slot,
    last: Value,
    previous: Value,
    rest: impl FnOnce(Value) -> Res<Value>,
) -> Res<Value> {
    let applied = cell(ev, ev.delay_call(share(ev, overlay)?, &[last, previous])?)?;
    let between = cell(ev, delay_update(ev, previous, applied)?)?;
    let above = slot(rest(between)?);
    update(ev, &slot(applied), &above)
}

/// `lib.fixedPoints.composeExtensions`: two overlays as one.
fn compose_extensions(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, g, last, previous] = exactly(args);
    let last = share(ev, last)?;
    composed(ev, f, last, share(ev, previous)?, |between| apply(ev, g, &[last, between]))
}

/// `lib.fixedPoints.composeManyExtensions`: many overlays as one.
fn compose_many_extensions(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [extensions, last, previous] = exactly(args);
    compose_from(ev, items(ev, extensions)?, share(ev, last)?, share(ev, previous)?)
}

fn compose_from(ev: &Evaluator, overlays: &[Slot], last: Value, previous: Value) -> Res<Value> {
    let _depth = ev.enter(Pos::NONE)?;
    match overlays {
        [] => Ok(Value::EMPTY_SET),
        [first, rest @ ..] => {
            composed(ev, first, last, previous, |between| compose_from(ev, rest, last, between))
        }
    }
}

/// `lib.fixedPoints.makeExtensible`: a fixed point that its function `extend` extends.
fn make_extensible(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [rattrs] = exactly(args);
    extensible(ev, ev.intern("extend")?, share(ev, rattrs)?)
}

/// `lib.fixedPoints.makeExtensibleWithCustomName`: the same with another name for the function.
fn make_extensible_with_custom_name(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [extender, rattrs] = exactly(args);
    extensible(ev, crate::native::name(ev, extender)?, share(ev, rattrs)?)
}

/// The fixed point of `rattrs` with `overlay` applied, and with a function `extend` for further overlays.
pub fn extend(ev: &Evaluator, rattrs: Value, overlay: Value) -> Res<Value> {
    extensible(ev, ev.intern("extend")?, ev.partial(&EXTENDS, &[overlay, rattrs])?)
}

/// `makeExtensibleWithCustomName extender rattrs`
fn extensible(ev: &Evaluator, extender: Sym, rattrs: Value) -> Res<Value> {
    fix_with_function(ev, ev.partial(&STEP, &[Value::symbol(extender), rattrs])?)
}

/// `self: rattrs self // { ${extenderName} = f: …; }`
static STEP: Builtin = Builtin::hidden("rattrs", &["extenderName", "rattrs", "self"], |ev, args, _| {
    /// `f: makeExtensibleWithCustomName extenderName (extends f rattrs)`
    static EXTEND: Builtin = Builtin::hidden("extend", &["extenderName", "rattrs", "f"], |ev, args, _| {
        let [extender, rattrs, f] = exactly(args);
        let extended = ev.partial(&EXTENDS, &[share(ev, f)?, share(ev, rattrs)?])?;
        extensible(ev, ev.mem.symbol_of(peek(extender))?, extended)
    });
    let [extender, rattrs, this] = exactly(args);
    let extender = peek(extender);
    let extend = ev.partial(&EXTEND, &[extender, share(ev, rattrs)?])?;
    let extender = one_attr(ev, ev.mem.symbol_of(extender)?, extend)?;
    let made = slot(apply(ev, rattrs, &[share(ev, this)?])?);
    Ok(ev.mem.update(attrs(ev, &made)?, extender)?)
});

/// `lib.fixedPoints.toExtension`: turns a set, a function of the previous result, or an overlay into an overlay.
fn to_extension(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    /// `final: prev: if isFunction (f prev) then f final prev else f prev`
    static OF_FUNCTION: Builtin = Builtin::hidden("toExtension", &["f", "final", "prev"], |ev, args, _| {
        let [f, last, previous] = exactly(args);
        let previous = share(ev, previous)?;
        let made = apply(ev, f, &[previous])?;
        if is_function(ev, made)? { apply(ev, f, &[share(ev, last)?, previous]) } else { Ok(made) }
    });
    /// `final: prev: f`
    static OF_VALUE: Builtin = Builtin::hidden("toExtension", &["f", "final", "prev"], |ev, args, _| {
        let [f, _, _] = exactly(args);
        ev.force(f)
    });
    let [f] = exactly(args);
    let f = ev.force(f)?;
    ev.partial(if is_function(ev, f)? { &OF_FUNCTION } else { &OF_VALUE }, &[f])
}
