//! The message about a value in `imports` that is not a module.

use crate::eval::{Error, Evaluator, Res};
use crate::modules::messages::{self, UNKNOWN};
use crate::native::{list, lossy, text, throw, to_string};
use crate::source::Pos;
use crate::value::{Value, slot};

/// Terminal colours as in nixpkgs.
fn bad(text: &str) -> String {
    format!("\u{1b}[1;35m{text}\u{1b}[0m")
}

fn good(text: &str) -> String {
    format!("\u{1b}[1;32m{text}\u{1b}[0m")
}

fn code(text: &str) -> String {
    format!("\u{1b}[1m{text}\u{1b}[0m")
}

/// The error for a set whose `_type` is not that of a module.
pub fn not_a_module(ev: &Evaluator, file: Value, tag: Value, class: Value, prefix: Value) -> Res<Error> {
    let (json, _) = crate::builtins::to_json_with_context(ev, &slot(tag), true, Pos::NONE)?;
    let quoted = match tag.is_string() {
        true => messages::string_literal(ev.mem.text(tag)),
        false => lossy(&json).replace('$', "\\$"),
    };
    let mut place = String::new();
    if is_known_file(ev, file)? {
        let file = text(ev, to_string(ev, &slot(file))?);
        place.push_str(&format!(", while trying to load a module into {file}"));
    }
    let prefix = list(ev, &slot(prefix))?;
    if prefix != Value::EMPTY_LIST {
        let path = code(&messages::option(ev, prefix)?);
        place.push_str(&format!(", while trying to load a module into {path}"));
    }
    let mut message = format!(
        "Expected a module, but found a value of type {}{place}.\nA module is typically loaded by adding it to the {} \
         attribute of an existing module, or in the {} argument of various functions.\nPlease make sure that each of \
         the list items is a module, and not a different kind of value.",
        bad(&quoted),
        code("imports = [ ... ];"),
        code("modules = [ ... ];"),
    );
    match ev.mem.text(tag) {
        b"configuration" => message.push_str(
            "\n\nIf you really mean to import this configuration, instead please only import the modules that make up \
             the configuration.\nYou may have to create a `let` binding, file or attribute to give yourself access to \
             the relevant modules.\nWhile loading a configuration into the module system is a very sensible idea, it \
             can not be done cleanly in practice.",
        ),
        b"flake" => message.push_str(&flake_hint(ev, class)?),
        _ => {}
    }
    Ok(throw(message))
}

fn flake_hint(ev: &Evaluator, class: Value) -> Res<String> {
    let class = ev.force_value(class)?;
    let class = if class == Value::NULL { None } else { Some(text(ev, class)) };
    let flake = bad("inputs.someflake");
    let attribute = good(&format!(".modules.{}.default", class.as_deref().unwrap_or("someApp")));
    let mut hint = format!(
        "\n\nPerhaps you forgot to select an attribute name?\nInstead of, for example,\n    {flake}\nyou need to write \
         something like\n    {flake}{attribute}"
    );
    let other = match class.as_deref() {
        Some("nixos") => ".nixosModules.default",
        Some("darwin") => ".darwinModules.default",
        _ => return Ok(hint),
    };
    hint.push_str(&format!("\nor\n    {flake}{}", good(other)));
    Ok(hint)
}

/// Whether a file is known, so that messages can name it.
pub fn is_known_file(ev: &Evaluator, file: Value) -> Res<bool> {
    let file = ev.force_value(file)?;
    Ok(file != Value::NULL && !(file.is_string() && ev.mem.text(file) == UNKNOWN.as_bytes()))
}
