//! The class of modules (`_class`): the kind of configuration they are written for.

use super::module::Loaded;
use crate::builtins::to_json_with_context;
use crate::eval::{Error, Evaluator, Res};
use crate::modules::messages;
use crate::native::{lossy, throw};
use crate::source::Pos;
use crate::value::{Value, slot};

/// Fails if a module's class differs from that of the evaluation, if that has one.
pub(super) fn check_class(ev: &Evaluator, expected: Value, module: &Loaded) -> Res<()> {
    if expected == Value::NULL {
        return Ok(());
    }
    let class = ev.force_value(module.class)?;
    if class == Value::NULL || ev.equal_values(class, expected, Pos::NONE)? {
        return Ok(());
    }
    Err(wrong_class(ev, expected, module, class)?)
}

#[cold]
fn wrong_class(ev: &Evaluator, expected: Value, module: &Loaded, class: Value) -> Res<Error> {
    let quoted = |v: Value| -> Res<String> {
        if v.is_string() {
            return Ok(messages::string_literal(ev.mem.text(v)));
        }
        let (json, _) = to_json_with_context(ev, &slot(v), true, Pos::NONE)?;
        Ok(lossy(&json))
    };
    let file = messages::file(ev, module.file)?;
    let (found, expected) = (quoted(class)?, quoted(expected)?);
    Ok(throw(format!(
        "The module `{file}` (class: {found}) cannot be imported into a module evaluation that expects class \
         {expected}.\n\nHelp:\n- Ensure that you are importing the correct module.\n- Verify that the module's \
         `_class`, {found} matches the expected `class` {expected}.\n- If you are using a custom class, make sure it \
         is correctly defined and used consistently across your modules.\n"
    )))
}
