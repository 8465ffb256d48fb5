//! The modules for options that have moved, and what they need of their arguments.

use crate::eval::{Error, Evaluator, Res};
use crate::heap::Slot;
use crate::modules::messages;
use crate::native::{get, list};
use crate::source::Pos;
use crate::value::{Record, Value};

/// The path of an option for a message.
pub(super) fn path_text(ev: &Evaluator, path: &Slot) -> Res<String> {
    messages::option(ev, list(ev, path)?)
}

/// A module with these options and definitions.
pub(super) fn module(ev: &Evaluator, options: Value, config: Value) -> Res<Value> {
    static MODULE: Record<2> = Record::new(["options", "config"]);
    Ok(ev.mem.record(&MODULE, [options, config])?)
}

/// A module argument: `config` or `options`.
pub(super) fn module_arg<'a>(ev: &'a Evaluator, args: &Slot, name: &str) -> Res<&'a Slot> {
    let set = ev.force_attrs(args, Pos::NONE, "while evaluating the value passed for the lambda argument")?;
    match get(ev, set, name) {
        Some(slot) => Ok(slot),
        None => {
            let message = format!("function 'anonymous lambda' called without required argument '{name}'");
            Err(Error::type_error(message))
        }
    }
}
