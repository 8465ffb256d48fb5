//! `lib.fixedPoints`: functions applied to their own result, and overlays on them.

use crate::eval::{Builtin, Evaluator, Lazy, Res};
use crate::heap::{Slot, Sym};
use crate::native::{Entry, Table, apply, attrs, cell, function, is_function, items, knot, share};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek, slot};

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
fn fix(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let f = share(ev, &a[0])?;
    ev.force_value(knot(ev, |x| ev.delay_call(f, &[x]))?)
}

/// `lib.fixedPoints.fix'`: the same, and the function itself as `__unfix__`.
fn fix_prime(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static STEP: Lazy = Lazy {
        name: "lib.fix'",
        run: |ev, captures, _| {
            let made = slot(apply(ev, &captures[0], &[share(ev, &captures[1])?])?);
            let mut unfix = AttrsBuilder::with_capacity(1);
            unfix.push(ev.intern("__unfix__")?, share(ev, &captures[0])?);
            Ok(ev.mem.update(attrs(ev, &made)?, ev.mem.attrs(unfix)?)?)
        },
    };
    let f = share(ev, &a[0])?;
    ev.force_value(knot(ev, |x| ev.delay_raw(&STEP, &[f, x]))?)
}

/// `lib.fixedPoints.converge`: a function applied until nothing changes any more.
fn converge(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let mut x = slot(share(ev, &a[1])?);
    for _ in 0..ev.settings.max_call_depth {
        let next = slot(apply(ev, &a[0], &[share(ev, &x)?])?);
        if ev.equal(&next, &x, pos)? {
            return ev.force(&x);
        }
        x = next;
    }
    // In nixpkgs this is a recursion.
    let message = "stack overflow; max-call-depth exceeded";
    Err(crate::eval::Error::new(crate::eval::ErrorKind::StackOverflow, message).at(pos))
}

/// `lib.extends`
pub(super) static EXTENDS: Builtin = Builtin::hidden("extends", &["overlay", "f", "final"], extends);

/// `lib.fixedPoints.extends`: a function of the final result with an overlay on it.
fn extends(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let last = share(ev, &a[2])?;
    let previous = cell(ev, ev.delay_call(share(ev, &a[1])?, &[last])?)?;
    // As with any `//`, the right operand is looked at first.
    let overlaid = slot(apply(ev, &a[0], &[last, previous])?);
    let overlaid = attrs(ev, &overlaid)?;
    Ok(ev.mem.update(attrs(ev, &slot(previous))?, overlaid)?)
}

/// A suspended `a // b`.
static UPDATE: Lazy = Lazy {
    name: "lib.update",
    run: |ev, captures, _| {
        let b = attrs(ev, &captures[1])?;
        Ok(ev.mem.update(attrs(ev, &captures[0])?, b)?)
    },
};

/// An overlay and what comes on top of it, as one: `rest` gets the final and the intermediate result.
fn composed(
    ev: &Evaluator,
    overlay: &Slot,
    last: Value,
    previous: Value,
    rest: impl FnOnce(Value) -> Res<Value>,
) -> Res<Value> {
    let applied = cell(ev, ev.delay_call(share(ev, overlay)?, &[last, previous])?)?;
    let between = cell(ev, ev.delay_raw(&UPDATE, &[previous, applied])?)?;
    let above = slot(rest(between)?);
    let above = attrs(ev, &above)?;
    Ok(ev.mem.update(attrs(ev, &slot(applied))?, above)?)
}

/// `lib.fixedPoints.composeExtensions`: two overlays as one.
fn compose_extensions(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let last = share(ev, &a[2])?;
    composed(ev, &a[0], last, share(ev, &a[3])?, |between| apply(ev, &a[1], &[last, between]))
}

/// `lib.fixedPoints.composeManyExtensions`: many overlays as one.
fn compose_many_extensions(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    compose_from(ev, items(ev, &a[0])?, share(ev, &a[1])?, share(ev, &a[2])?)
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

/// One step of `makeExtensibleWithCustomName`: the set of the final one, with the function that extends it.
static STEP: Builtin = Builtin::hidden("rattrs", &["extenderName", "rattrs", "self"], |ev, a, _| {
    static EXTEND: Builtin = Builtin::hidden("extend", &["extenderName", "rattrs", "f"], |ev, a, _| {
        let extended = ev.partial(&EXTENDS, &[share(ev, &a[2])?, share(ev, &a[1])?])?;
        extensible(ev, ev.mem.symbol_of(peek(&a[0]))?, extended)
    });
    let mut extender = AttrsBuilder::with_capacity(1);
    let extend = ev.partial(&EXTEND, &[peek(&a[0]), share(ev, &a[1])?])?;
    extender.push(ev.mem.symbol_of(peek(&a[0]))?, extend);
    let made = slot(apply(ev, &a[1], &[share(ev, &a[2])?])?);
    Ok(ev.mem.update(attrs(ev, &made)?, ev.mem.attrs(extender)?)?)
});

/// The fixed point of `rattrs` with `overlay` on it, and with a function `extend` for more of them.
///
/// # Errors
/// Whatever these give.
pub fn extend(ev: &Evaluator, rattrs: Value, overlay: Value) -> Res<Value> {
    extensible(ev, ev.intern("extend")?, ev.partial(&EXTENDS, &[overlay, rattrs])?)
}

/// The fixed point of `rattrs` with a function called `extender` that makes an extended one.
fn extensible(ev: &Evaluator, extender: Sym, rattrs: Value) -> Res<Value> {
    let step = ev.partial(&STEP, &[Value::symbol(extender), rattrs])?;
    fix_prime(ev, &[slot(step)], Pos::NONE)
}

/// `lib.fixedPoints.makeExtensible`: a fixed point that can be extended by its function `extend`.
fn make_extensible(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    extensible(ev, ev.intern("extend")?, share(ev, &a[0])?)
}

/// `lib.fixedPoints.makeExtensibleWithCustomName`: the same, and the function has another name.
fn make_extensible_with_custom_name(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    extensible(ev, crate::native::name(ev, &a[0])?, share(ev, &a[1])?)
}

/// `lib.fixedPoints.toExtension`: sets, functions of the previous result, and overlays, all as overlays.
fn to_extension(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static OF_FUNCTION: Builtin = Builtin::hidden("toExtension", &["f", "final", "prev"], |ev, a, _| {
        let previous = share(ev, &a[2])?;
        let made = apply(ev, &a[0], &[previous])?;
        if is_function(ev, made)? { apply(ev, &a[0], &[share(ev, &a[1])?, previous]) } else { Ok(made) }
    });
    static OF_VALUE: Builtin =
        Builtin::hidden("toExtension", &["f", "final", "prev"], |ev, a, _| ev.force(&a[0]));
    let f = ev.force(&a[0])?;
    ev.partial(if is_function(ev, f)? { &OF_FUNCTION } else { &OF_VALUE }, &[f])
}
