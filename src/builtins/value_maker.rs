//! Builds values from the output of a JSON or TOML parser.

use super::json::JsonSink;
use crate::eval::{Evaluator, Res};
use crate::heap::{HeapFull, Sym};
use crate::value::{AttrsBuilder, Context, Value};

/// Builds values from the output of a parser.
pub(super) struct ValueMaker<'a> {
    ev: &'a Evaluator,
    open: Vec<Open>,
    key: Option<Sym>,
    done: Value,
    /// Set if the heap fills up during parsing, which then continues without effect.
    full: Option<HeapFull>,
}

enum Open {
    Array(Vec<Value>, Option<Sym>),
    Object(AttrsBuilder, Option<Sym>),
}

impl<'a> ValueMaker<'a> {
    pub(super) fn new(ev: &'a Evaluator) -> ValueMaker<'a> {
        ValueMaker { ev, open: Vec::new(), key: None, done: Value::NULL, full: None }
    }

    /// The value.
    pub(super) fn finish(self) -> Res<Value> {
        match self.full {
            Some(full) => Err(full.into()),
            None => Ok(self.done),
        }
    }

    fn put(&mut self, value: Result<Value, HeapFull>) {
        let value = match value {
            Ok(v) => v,
            Err(full) => {
                self.full = Some(full);
                Value::NULL
            }
        };
        match self.open.last_mut() {
            None => self.done = value,
            Some(Open::Array(items, _)) => items.push(value),
            Some(Open::Object(set, _)) => {
                if let Some(key) = self.key.take() {
                    set.push(key, value);
                }
            }
        }
    }
}

impl JsonSink for ValueMaker<'_> {
    fn null(&mut self) {
        self.put(Ok(Value::NULL));
    }

    fn boolean(&mut self, value: bool) {
        self.put(Ok(Value::bool(value)));
    }

    fn integer(&mut self, value: i64) {
        self.put(self.ev.mem.int(value));
    }

    fn float(&mut self, value: f64) {
        self.put(self.ev.mem.float(value));
    }

    fn string(&mut self, value: &[u8]) {
        self.put(self.ev.mem.string(value, Context::EMPTY));
    }

    fn begin_array(&mut self) {
        self.open.push(Open::Array(Vec::new(), self.key.take()));
    }

    fn end_array(&mut self) {
        if let Some(Open::Array(items, key)) = self.open.pop() {
            self.key = key;
            self.put(self.ev.mem.list(&items));
        }
    }

    fn begin_object(&mut self) {
        self.open.push(Open::Object(AttrsBuilder::new(), self.key.take()));
    }

    fn key(&mut self, key: &[u8]) {
        match self.ev.mem.heap.intern(key) {
            Ok(key) => self.key = Some(key),
            Err(full) => self.full = Some(full),
        }
    }

    fn end_object(&mut self) {
        if let Some(Open::Object(set, key)) = self.open.pop() {
            self.key = key;
            self.put(self.ev.mem.attrs(set));
        }
    }
}
