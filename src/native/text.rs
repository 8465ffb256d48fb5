//! Text: building strings, and strings for messages.

use super::attributes::has;
use super::force::interpolate;
use crate::eval::{Evaluator, Res};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{Context, Type, Value};

/// Bytes as text for a message.
pub fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// `"${e}"` as text for a message.
pub fn text_of(ev: &Evaluator, slot: &Slot) -> Res<String> {
    Ok(lossy(ev.mem.text(interpolate(ev, slot)?)))
}

/// The text of a string value for a message.
pub fn text(ev: &Evaluator, v: Value) -> String {
    lossy(ev.mem.text(v))
}

/// `isStringLike v` of a forced value: a string, a path, or a set with `outPath` or `__toString`.
pub fn is_string_like(ev: &Evaluator, v: Value) -> bool {
    matches!(v.type_of(), Type::String | Type::Path)
        || has(ev, v, sym!("outPath"))
        || has(ev, v, sym!("__toString"))
}

/// `isConvertibleWithToString v` of a forced value: whether `toString` accepts it.
pub fn is_convertible(ev: &Evaluator, v: Value, pos: Pos) -> Res<bool> {
    if is_string_like(ev, v) || matches!(v.type_of(), Type::Null | Type::Int | Type::Float | Type::Bool) {
        return Ok(true);
    }
    if !v.is_list() {
        return Ok(false);
    }
    let _depth = ev.enter(pos)?;
    for item in ev.mem.items(v) {
        if !is_convertible(ev, ev.force(item)?, pos)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A string with the text that `change` returns and the same context.
pub fn changed(ev: &Evaluator, s: Value, change: impl FnOnce(&[u8]) -> Vec<u8>) -> Res<Value> {
    Ok(ev.mem.string(&change(ev.mem.text(s)), ev.mem.context(s))?)
}

/// A string under construction, with the context of its parts.
#[derive(Default)]
pub struct Text {
    bytes: Vec<u8>,
    context: Context,
}

impl Text {
    /// An empty string.
    pub fn new() -> Text {
        Text::default()
    }

    /// Appends text.
    pub fn put(&mut self, text: impl AsRef<[u8]>) -> &mut Text {
        self.bytes.extend_from_slice(text.as_ref());
        self
    }

    /// Appends a string value.
    pub fn add(&mut self, ev: &Evaluator, v: Value) -> &mut Text {
        self.context = ev.mem.contexts.union(self.context, ev.mem.context(v));
        self.put(ev.mem.text(v))
    }

    /// Adds a string's context without its text.
    pub fn add_context(&mut self, ev: &Evaluator, v: Value) -> &mut Text {
        self.context = ev.mem.contexts.union(self.context, ev.mem.context(v));
        self
    }

    /// Appends `${e}`.
    pub fn interpolate(&mut self, ev: &Evaluator, slot: &Slot) -> Res<&mut Text> {
        let v = interpolate(ev, slot)?;
        Ok(self.add(ev, v))
    }

    /// The string value.
    pub fn finish(&self, ev: &Evaluator) -> Res<Value> {
        Ok(ev.mem.string(&self.bytes, self.context)?)
    }
}
