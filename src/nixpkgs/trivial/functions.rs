//! Functions on functions: `pipe`, `flip`, and sets that act as functions, with `__functor` and `__functionArgs`.

use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{apply, cell, function_args, is_function, items, set_of, share, shared_args};
use crate::source::Pos;
use crate::value::Value;

/// `lib.trivial.id`: the argument.
pub(super) fn id(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    ev.force(x)
}

/// `lib.trivial.const`: the first of two arguments.
pub(super) fn first(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, _] = exactly(args);
    ev.force(x)
}

/// `lib.trivial.pipe`: applies functions to a value one after the other.
pub(super) fn pipe(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, functions] = exactly(args);
    let mut value = share(ev, x)?;
    for f in items(ev, functions)? {
        value = apply(ev, f, &[value])?;
    }
    ev.force_value(value)
}

/// `lib.trivial.flip`: calls a function with its two arguments swapped.
pub(super) fn flip(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, a, b] = exactly(args);
    apply(ev, f, &[share(ev, b)?, share(ev, a)?])
}

/// `setFunctionArgs f args`: a set that acts as `f` and reports `args` as its arguments. Both must be shared.
pub(in crate::nixpkgs) fn with_args(ev: &Evaluator, f: Value, args: Value) -> Res<Value> {
    /// `self: f`
    static FUNCTOR: Builtin = Builtin::hidden("__functor", &["f", "self"], first);
    set_of(ev, &[("__functor", ev.partial(&FUNCTOR, &[f])?), ("__functionArgs", args)])
}

/// `lib.trivial.setFunctionArgs`: a function that reports other argument names.
pub(super) fn set_function_args(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, args] = shared_args(ev, args)?;
    with_args(ev, f, args)
}

/// `lib.trivial.functionArgs`: the argument names of a function, and which of them have a default.
pub(super) fn function_args_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f] = exactly(args);
    function_args(ev, ev.force(f)?)
}

suspended! {
    /// `functionArgs f`
    struct FunctionArgs { f }
}

impl FunctionArgs<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        function_args(ev, ev.force(self.f)?)
    }
}

/// A suspended `functionArgs f`, in its own cell.
pub(in crate::nixpkgs) fn delayed_args(ev: &Evaluator, f: Value) -> Res<Value> {
    cell(ev, ev.delay(FunctionArgs { f })?)
}

/// `lib.trivial.isFunction`: whether a value is a function, or a set that acts as one.
pub(super) fn is_function_value(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f] = exactly(args);
    Ok(Value::bool(is_function(ev, ev.force(f)?)?))
}

/// `lib.trivial.mirrorFunctionArgs`: makes functions report the argument names of another.
pub(super) fn mirror_function_args(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    /// `g: setFunctionArgs g fArgs`
    static MIRROR: Builtin = Builtin::hidden("mirrorFunctionArgs", &["fArgs", "g"], |ev, args, _| {
        let [names, g] = shared_args(ev, args)?;
        with_args(ev, g, names)
    });
    let [f] = shared_args(ev, args)?;
    ev.partial(&MIRROR, &[delayed_args(ev, f)?])
}

/// `lib.trivial.toFunction`: keeps functions; turns other values into constant functions.
pub(super) fn to_function(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    /// `k: v`
    static CONSTANT: Builtin = Builtin::hidden("toFunction", &["v", "k"], first);
    let [v] = exactly(args);
    let v = ev.force(v)?;
    match is_function(ev, v)? {
        true => Ok(v),
        false => ev.partial(&CONSTANT, &[v]),
    }
}
