//! Values as JSON, XML and TOML, and back.

use super::json::{self, JsonError};
use super::value_maker::ValueMaker;
use super::{to_json_with_context, to_xml, toml};
use crate::eval::{Builtin, Error, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::Value;

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new("toJSON", &["e"], "A value as JSON.", |ev, args, pos| {
        let [e] = exactly(args);
        let (text, context) = to_json_with_context(ev, e, true, pos)?;
        Ok(ev.mem.string(&text, context)?)
    }),
    Builtin::new("fromJSON", &["e"], "The value of a JSON text.", |ev, args, pos| {
        let [e] = exactly(args);
        let doing = "while evaluating the first argument passed to builtins.fromJSON";
        let text = ev.force_plain_string(e, pos, doing)?;
        from_json(ev, ev.mem.text(text))
    }),
    Builtin::new("toXML", &["e"], "A value as XML.", |ev, args, _| {
        let [e] = exactly(args);
        let (text, context) = to_xml(ev, e, true, false);
        let context = context?;
        Ok(ev.mem.string(&text, context)?)
    }),
    Builtin::new("fromTOML", &["e"], "The value of a TOML text.", from_toml),
];

/// The value of a JSON text (`builtins.fromJSON`).
///
/// # Errors
/// When the text is not JSON, with the message of Nix's library.
pub fn from_json(ev: &Evaluator, text: &[u8]) -> Res<Value> {
    let mut maker = ValueMaker::new(ev);
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
    let [e] = exactly(args);
    let doing = "while evaluating the argument passed to builtins.fromTOML";
    let text = ev.force_plain_string(e, pos, doing)?;
    let mut maker = ValueMaker::new(ev);
    toml::parse(ev.mem.text(text), ev.settings.toml_timestamps, &mut maker)
        .map_err(|e| Error::eval(format!("while parsing TOML: {e}")))?;
    maker.finish()
}
