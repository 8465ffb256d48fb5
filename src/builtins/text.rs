//! JSON, TOML and XML.

use super::json::{self, JsonError, JsonSink};
use super::{to_json_with_context, to_xml, toml};
use crate::eval::{Builtin, Error, Evaluator, Res};
use crate::heap::HeapFull;
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{AttrsBuilder, Context, Value};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new("toJSON", &["e"], "A value as JSON.", |ev, args, pos| {
        let (text, context) = to_json_with_context(ev, &args[0], true, pos)?;
        Ok(ev.mem.string(&text, context)?)
    }),
    Builtin::new("fromJSON", &["e"], "The value of a JSON text.", |ev, args, pos| {
        let doing = "while evaluating the first argument passed to builtins.fromJSON";
        let text = ev.force_plain_string(&args[0], pos, doing)?;
        from_json(ev, ev.mem.text(text))
    }),
    Builtin::new("toXML", &["e"], "A value as XML.", |ev, args, _| {
        let (text, context) = to_xml(ev, &args[0], true, false);
        let context = context?;
        Ok(ev.mem.string(&text, context)?)
    }),
    Builtin::new("fromTOML", &["e"], "The value of a TOML text.", from_toml),
];

/// What a JSON text says, as a value (`builtins.fromJSON`).
///
/// # Errors
/// When it is no JSON, in the words of Nix's library.
pub fn from_json(ev: &Evaluator, text: &[u8]) -> Res<Value> {
    let mut maker = Maker::new(ev);
    json::parse(text, &mut maker).map_err(|e| {
        let error = Error::eval(e.to_string());
        match e {
            JsonError::Syntax(_) => error.trace(Pos::NONE, "while decoding a JSON string"),
            _ => error,
        }
    })?;
    maker.finish()
}

fn from_toml(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let doing = "while evaluating the argument passed to builtins.fromTOML";
    let text = ev.force_plain_string(&args[0], pos, doing)?;
    let mut maker = Maker::new(ev);
    toml::parse(ev.mem.text(text), ev.settings.toml_timestamps, &mut maker)
        .map_err(|e| Error::eval(format!("while parsing TOML: {e}")))?;
    maker.finish()
}

/// Makes values of what a parser finds.
struct Maker<'a> {
    ev: &'a Evaluator,
    open: Vec<Open>,
    key: Option<crate::heap::Sym>,
    done: Value,
    /// The heap may fill up in the middle; parsing then goes on to no effect.
    full: Option<HeapFull>,
}

enum Open {
    Array(Vec<Value>, Option<crate::heap::Sym>),
    Object(AttrsBuilder, Option<crate::heap::Sym>),
}

impl<'a> Maker<'a> {
    fn new(ev: &'a Evaluator) -> Maker<'a> {
        Maker { ev, open: Vec::new(), key: None, done: Value::NULL, full: None }
    }

    fn finish(self) -> Res<Value> {
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

impl JsonSink for Maker<'_> {
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
