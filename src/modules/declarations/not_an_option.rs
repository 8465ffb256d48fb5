//! The message about a value in `options` that is not an option.

use crate::eval::{Error, Evaluator, Res};
use crate::heap::Slot;
use crate::modules::messages;
use crate::native::{text_of, throw};
use crate::value::Value;

/// The error for a set in `options` whose `_type` is not that of an option.
#[cold]
pub fn not_an_option(ev: &Evaluator, loc: Value, tag: &Slot, file: Value) -> Error {
    let made = || -> Res<Error> {
        let path = messages::option(ev, loc)?;
        let file = messages::file(ev, file)?;
        let tag = text_of(ev, tag)?;
        let mut message = format!(
            "In module {file}: expected an option declaration at option path `{path}` but got an attribute set \
             with type {tag}"
        );
        if tag == "option-type" {
            message.push_str(&wrap_hint(ev, loc, &path)?);
        }
        Ok(throw(message))
    };
    made().unwrap_or_else(|e| e)
}

fn wrap_hint(ev: &Evaluator, loc: Value, path: &str) -> Res<String> {
    let parts = ev.mem.items(loc);
    let last = match parts.last() {
        Some(last) => ev.force(last)?,
        None => Value::symbol(sym!("")),
    };
    let name = messages::identifier(ev.mem.text(last));
    let comment = if parts.len() > 1 { format!("\n    # {path}") } else { String::new() };
    Ok(format!(
        "\n\nWhen declaring an option, you must wrap the type in a `mkOption` call. It should look somewhat like:\n    \
         {comment}\n    {name} = lib.mkOption {{\n      description = ...;\n      \
         type = <the type you wrote for {name}>;\n      ...\n    }};\n"
    ))
}
