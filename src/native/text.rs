//! Text: strings under construction, and strings for messages.

use super::force::interpolate;
use crate::eval::{Evaluator, Res};
use crate::heap::Slot;
use crate::value::{Context, Value};

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

/// A string under construction, with the context of what went into it.
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

    /// Takes a string's context without its text.
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
