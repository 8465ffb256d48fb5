//! What a parser reads, as JSON.

use crate::builtins::json::{JsonSink, write_float, write_string};

/// Writes what a parser reads as JSON.
#[derive(Default)]
pub struct Written {
    /// The JSON.
    pub text: Vec<u8>,
    /// Whether there was a number that JSON does not have.
    pub infinite: bool,
}

impl Written {
    fn comma(&mut self) {
        if !matches!(self.text.last(), None | Some(b'[' | b'{' | b':')) {
            self.text.push(b',');
        }
    }

    fn put(&mut self, text: &str) {
        self.comma();
        self.text.extend_from_slice(text.as_bytes());
    }

    fn quoted(&mut self, text: &[u8]) {
        self.comma();
        assert!(write_string(&mut self.text, text).is_ok(), "a parser gives UTF-8");
    }
}

impl JsonSink for Written {
    fn null(&mut self) {
        self.put("null");
    }

    fn boolean(&mut self, value: bool) {
        self.put(if value { "true" } else { "false" });
    }

    fn integer(&mut self, value: i64) {
        self.put(&value.to_string());
    }

    fn float(&mut self, value: f64) {
        self.infinite |= !value.is_finite();
        self.comma();
        write_float(&mut self.text, value);
    }

    fn string(&mut self, value: &[u8]) {
        self.quoted(value);
    }

    fn begin_array(&mut self) {
        self.put("[");
    }

    fn end_array(&mut self) {
        self.text.push(b']');
    }

    fn begin_object(&mut self) {
        self.put("{");
    }

    fn key(&mut self, key: &[u8]) {
        self.quoted(key);
        self.text.push(b':');
    }

    fn end_object(&mut self) {
        self.text.push(b'}');
    }
}
