//! Functions and sets that act as functions: the part of `lib.trivial` about `__functor` and `__functionArgs`.

use crate::eval::{Builtin, Evaluator, Res};
use crate::heap::Slot;
use crate::native::{function_args, is_function, set_of, share};
use crate::source::Pos;
use crate::value::Value;

/// `lib.trivial.functionArgs`: the argument names of a function, and which of them have a default.
pub(super) fn function_args_of(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    function_args(ev, ev.force(&a[0])?)
}

/// `lib.trivial.isFunction`: whether a value is a function, or a set that acts as one.
pub(super) fn is_function_value(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    Ok(Value::bool(is_function(ev, ev.force(&a[0])?)?))
}

/// The function behind `__functor`: drops the set it is called with.
static DROP_SELF: Builtin = Builtin::hidden("__functor", &["f", "self"], |ev, a, _| ev.force(&a[0]));

/// The set that acts as `f` and shows `args` as its arguments. Both must be shared.
pub(super) fn with_args(ev: &Evaluator, f: Value, args: Value) -> Res<Value> {
    let functor = ev.partial(&DROP_SELF, &[f])?;
    set_of(ev, &[("__functor", functor), ("__functionArgs", args)])
}

/// `lib.trivial.setFunctionArgs`: a function that shows other argument names.
pub(super) fn set_function_args(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    with_args(ev, share(ev, &a[0])?, share(ev, &a[1])?)
}

/// `lib.trivial.mirrorFunctionArgs`: makes functions show the argument names of another one.
pub(super) fn mirror_function_args(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static MIRROR: Builtin = Builtin::hidden("mirrorFunctionArgs", &["args", "g"], |ev, a, _| {
        with_args(ev, share(ev, &a[1])?, share(ev, &a[0])?)
    });
    let args = delayed_args(ev, share(ev, &a[0])?)?;
    ev.partial(&MIRROR, &[args])
}

/// A suspended `lib.functionArgs f`, in a cell of its own.
pub(super) fn delayed_args(ev: &Evaluator, f: Value) -> Res<Value> {
    static ARGS: crate::eval::Lazy = crate::eval::Lazy {
        name: "lib.functionArgs",
        run: |ev, captures, _| function_args(ev, ev.force(&captures[0])?),
    };
    crate::native::cell(ev, ev.delay_raw(&ARGS, &[f])?)
}
