//! Calling: functions, built-in functions, and sets that act as functions.

use super::attributes::get;
use super::force::truth;
use crate::eval::{Builtin, Error, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::Value;

/// `f a b …`
#[inline]
pub fn apply(ev: &Evaluator, f: &Slot, args: &[Value]) -> Res<Value> {
    let f = ev.force(f)?;
    ev.call(f, args, Pos::NONE)
}

/// `if pred a b … then`: the result of a predicate.
#[inline]
pub fn holds(ev: &Evaluator, pred: &Slot, args: &[Value]) -> Res<bool> {
    truth(ev, apply(ev, pred, args)?)
}

/// Forces to something callable, as built-in functions do with their function arguments.
#[inline]
pub fn callable(ev: &Evaluator, f: &Slot) -> Res<Value> {
    ev.force_function(f, Pos::NONE, "")
}

/// Calls the built-in function of this name.
pub fn call_builtin(ev: &Evaluator, name: &str, args: &[Value]) -> Res<Value> {
    match crate::builtins::find(name) {
        Some(builtin) => ev.call(ev.builtin(builtin), args, Pos::NONE),
        None => Err(Error::eval(format!("the built-in function '{name}' is not available"))),
    }
}

/// `lib.warn message value`: prints a warning.
pub fn warn(ev: &Evaluator, message: Value, value: Value) -> Res<Value> {
    call_builtin(ev, "warn", &[message, value])
}

/// `lib.warn message value` with a message from Rust.
pub fn warn_text(ev: &Evaluator, message: &str, value: Value) -> Res<Value> {
    warn(ev, ev.mem.str(message)?, value)
}

/// `builtins.trace message value`
pub fn trace(ev: &Evaluator, message: Value, value: Value) -> Res<Value> {
    call_builtin(ev, "trace", &[message, value])
}

/// `lib.isFunction`: whether a forced value is a function, or a set that acts as one.
pub fn is_function(ev: &Evaluator, v: Value) -> Res<bool> {
    if v.is_function() {
        return Ok(true);
    }
    match get(ev, v, sym!("__functor")) {
        None => Ok(false),
        Some(functor) => Ok(apply(ev, functor, &[v])?.is_function()),
    }
}

/// `lib.functionArgs`: a set of a function's argument names; each value says whether the argument has a default.
///
/// # Errors
/// When `f` is neither a function nor a set that acts as one.
pub fn function_args(ev: &Evaluator, f: Value) -> Res<Value> {
    let Some(functor) = get(ev, f, sym!("__functor")) else {
        return call_builtin(ev, "functionArgs", &[f]);
    };
    match get(ev, f, sym!("__functionArgs")) {
        Some(args) => ev.force(args),
        None => call_builtin(ev, "functionArgs", &[apply(ev, functor, &[f])?]),
    }
}

/// `x: x`
pub static ID: Builtin = Builtin::hidden("id", &["x"], |ev, args, _| {
    let [x] = exactly(args);
    ev.force(x)
});

/// `x: y: x`
pub static CONST: Builtin = Builtin::hidden("const", &["x", "y"], |ev, args, _| {
    let [x, _] = exactly(args);
    ev.force(x)
});
