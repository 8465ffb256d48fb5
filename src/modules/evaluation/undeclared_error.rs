//! The error for definitions without an option, with suggestions.

use crate::eval::{Error, Evaluator, Res};
use crate::modules::definitions::{props, wrapped};
use crate::modules::messages;
use crate::modules::tree::Stray;
use crate::native::{concat, context, get, throw};
use crate::source::distance;
use crate::value::{Value, peek, slot};

/// Sets with fewer names than this are searched completely; in larger ones, only close names count.
const LARGE: usize = 100;
/// The largest edit distance between the wrong name and a close one.
const CLOSE: usize = 2;
/// The maximum number of suggestions.
const SUGGESTIONS: usize = 3;

/// The error for a definition without an option.
pub fn error(ev: &Evaluator, prefix: Value, options: Value, stray: Stray) -> Res<Error> {
    let Stray { raw, path } = stray;
    let full = concat(ev, &[prefix, path])?;
    let shown = messages::option(ev, full)?;
    let value = wrapped(ev, raw.value, &props(ev, raw.props)?)?;
    let definition = match messages::definition_text(ev, &slot(raw.file), &slot(value)) {
        Ok(definition) => definition,
        Err(e) => return Err(in_message(ev, &shown, raw.file, e)),
    };
    let hint = suggestion(ev, prefix, path, options)?;
    let message = format!("The option `{shown}' does not exist. Definition values:{definition}{hint}");
    if ev.mem.entries(options).iter().any(|e| ev.mem.heap.name(e.name) != b"_module") {
        return Ok(throw(message).at(raw.pos));
    }
    let parent = messages::option(ev, prefix)?;
    let message = match parent.is_empty() {
        true => format!(
            "{message}\n\nIt seems as if you're trying to declare an option by placing it into `config' rather than \
             `options'!\n"
        ),
        false => format!(
            "{message}\n\nHowever there are no options defined in `{parent}'. Are you sure you've\ndeclared your \
             options properly? This can happen if you e.g. declared your options in `types.submodule'\nunder \
             `config' rather than `options'.\n"
        ),
    };
    Ok(throw(message).at(raw.pos))
}

#[cold]
fn in_message(ev: &Evaluator, path: &str, file: Value, e: Error) -> Error {
    let file = match messages::file(ev, file) {
        Ok(file) => file,
        Err(failed) => return failed,
    };
    let e = context(e, format!("while evaluating a definition from `{file}'"));
    context(
        e,
        format!(
            "while evaluating the error message for definitions for `{path}', which is an option that does not exist"
        ),
    )
}

/// "Did you mean …?" with the names closest to the wrong one, if any.
fn suggestion(ev: &Evaluator, prefix: Value, path: Value, options: Value) -> Res<String> {
    let names = ev.mem.items(path);
    let Some((wrong, parents)) = names.split_last() else {
        return Ok(String::new());
    };
    let wrong = ev.mem.text(peek(wrong));
    let mut level = options;
    for parent in parents {
        level = match get(ev, level, ev.mem.symbol_of(peek(parent))?) {
            Some(below) => ev.force(below)?,
            None => Value::EMPTY_SET,
        };
    }
    let entries = ev.mem.entries_by_name(level);
    let candidates = entries.iter().map(|e| ev.mem.heap.name(e.name));
    let mut near: Vec<(usize, &[u8])> = candidates
        .filter(|name| !parents.is_empty() || *name != b"_module")
        .map(|name| (distance(wrong, name), name))
        .collect();
    if near.len() >= LARGE {
        near.retain(|(distance, _)| *distance <= CLOSE);
    }
    near.sort_by_key(|(distance, _)| *distance);
    near.truncate(SUGGESTIONS);
    let mut shown = Vec::with_capacity(near.len());
    for (_, name) in near {
        let own = ev.mem.list(&[Value::symbol(ev.mem.heap.intern(name)?)])?;
        let parent = ev.mem.list_from(parents.len(), parents.iter().map(peek))?;
        shown.push(format!("`{}'", messages::option(ev, concat(ev, &[prefix, parent, own])?)?));
    }
    Ok(match &shown[..] {
        [] => String::new(),
        [only] => format!("\n\nDid you mean {only}?"),
        [first @ .., last] => format!("\n\nDid you mean {} or {last}?", first.join(", ")),
    })
}
