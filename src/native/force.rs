//! Forcing a slot to the type that a function needs.

use crate::builtins::to_json_with_context;
use crate::eval::{Coerce, Evaluator, Res};
use crate::heap::{Slot, Sym};
use crate::source::Pos;
use crate::value::{Entry, Value, slot};

/// Forces to a Boolean.
#[inline]
pub fn boolean(ev: &Evaluator, slot: &Slot) -> Res<bool> {
    ev.force_bool(slot, Pos::NONE, "")
}

/// `if v then`: whether a result, which must be a Boolean, is `true`.
#[inline]
pub fn truth(ev: &Evaluator, v: Value) -> Res<bool> {
    match v {
        Value::TRUE => Ok(true),
        Value::FALSE => Ok(false),
        other => ev.force_bool(&slot(other), Pos::NONE, "while evaluating a branch condition"),
    }
}

/// Forces to an integer.
pub fn integer(ev: &Evaluator, slot: &Slot) -> Res<i64> {
    ev.force_int(slot, Pos::NONE, "")
}

/// Forces to a list.
#[inline]
pub fn list(ev: &Evaluator, slot: &Slot) -> Res<Value> {
    ev.force_list(slot, Pos::NONE, "")
}

/// A forced value that must be a list.
pub fn slot_list(ev: &Evaluator, v: Value) -> Res<Value> {
    if v.is_list() { Ok(v) } else { list(ev, &slot(v)) }
}

/// Forces to a list and returns its elements.
#[inline]
pub fn items<'a>(ev: &'a Evaluator, slot: &Slot) -> Res<&'a [Slot]> {
    Ok(ev.mem.items(list(ev, slot)?))
}

/// Forces to a set.
#[inline]
pub fn attrs(ev: &Evaluator, slot: &Slot) -> Res<Value> {
    ev.force_attrs(slot, Pos::NONE, "")
}

/// Forces to a set and returns its attributes ordered by name.
pub fn entries<'a>(ev: &'a Evaluator, slot: &Slot) -> Res<Vec<Entry<'a>>> {
    Ok(ev.mem.entries_by_name(attrs(ev, slot)?))
}

/// Forces to a string.
#[inline]
pub fn string(ev: &Evaluator, slot: &Slot) -> Res<Value> {
    ev.force_string(slot, Pos::NONE, "")
}

/// Forces to a string that can name an attribute.
pub fn name(ev: &Evaluator, slot: &Slot) -> Res<Sym> {
    ev.force_name(slot, Pos::NONE, "")
}

/// Forces to a string and returns its bytes.
pub fn bytes<'a>(ev: &'a Evaluator, slot: &Slot) -> Res<&'a [u8]> {
    Ok(ev.mem.text(string(ev, slot)?))
}

/// The text in an optional slot, if it holds a string.
pub fn slot_text<'a>(ev: &'a Evaluator, of: Option<&Slot>) -> Res<Option<&'a [u8]>> {
    match of.map(|s| ev.force(s)).transpose()? {
        Some(v) if v.is_string() => Ok(Some(ev.mem.text(v))),
        _ => Ok(None),
    }
}

/// `"${e}"`
pub fn interpolate(ev: &Evaluator, slot: &Slot) -> Res<Value> {
    ev.coerce(slot, Pos::NONE, Coerce::INTERPOLATE, "while evaluating a path segment")
}

/// `toString e`
pub fn to_string(ev: &Evaluator, slot: &Slot) -> Res<Value> {
    let doing = "while evaluating the first argument passed to builtins.toString";
    ev.coerce(slot, Pos::NONE, Coerce::TO_STRING, doing)
}

/// `builtins.toJSON v`
pub fn to_json(ev: &Evaluator, v: &Slot) -> Res<Value> {
    let (text, context) = to_json_with_context(ev, v, true, Pos::NONE)?;
    Ok(ev.mem.string(&text, context)?)
}
