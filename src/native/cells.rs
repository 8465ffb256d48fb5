//! Values shared by several slots.

use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::value::{Tag, Value, put};

/// A slot's contents for use in another slot.
#[inline]
pub fn share(ev: &Evaluator, slot: &Slot) -> Res<Value> {
    Ok(ev.mem.share(slot)?)
}

/// The arguments of a call for use in other slots, as an array to destructure.
#[inline]
pub fn shared_args<const N: usize>(ev: &Evaluator, args: &[Slot]) -> Res<[Value; N]> {
    let mut words = [Value::NULL; N];
    for (word, arg) in words.iter_mut().zip(exactly::<N>(args)) {
        *word = share(ev, arg)?;
    }
    Ok(words)
}

/// Gives a suspension that several slots will share a slot of its own, and returns the word that refers to it.
pub fn cell(ev: &Evaluator, v: Value) -> Res<Value> {
    if v.is_value() || v.tag() == Tag::Forward {
        return Ok(v);
    }
    let at = ev.mem.heap.alloc(1)?;
    put(ev.mem.heap.slot(at), v);
    Ok(Value::forward(at))
}

/// A value that refers to itself: `make` gets a word that will refer to its own result.
pub fn knot(ev: &Evaluator, make: impl FnOnce(Value) -> Res<Value>) -> Res<Value> {
    let at = ev.mem.heap.alloc(1)?;
    put(ev.mem.heap.slot(at), make(Value::forward(at))?);
    Ok(Value::forward(at))
}
