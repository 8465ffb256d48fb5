//! Hints for errors that occur while modules are collected.

use super::not_a_module::is_known_file;
use crate::eval::{Error, ErrorKind, Evaluator};
use crate::heap::Slot;
use crate::native::{lossy, text};
use crate::source::Pos;
use crate::value::{Type, Value};

/// Names the importer of a missing file.
#[cold]
pub(super) fn with_importer(ev: &Evaluator, importer: Value, e: Error) -> Error {
    let plain = e.data().kind == ErrorKind::System && e.data().help.is_none() && e.data().traces.is_empty();
    match is_known_file(ev, importer) {
        Ok(true) if plain => match ev.force_value(importer) {
            Ok(importer) => e.help(format!("it is imported by '{}'", text(ev, importer))),
            Err(_) => e,
        },
        _ => e,
    }
}

/// Explains a stack overflow in imports: they may be circular.
#[cold]
pub(super) fn with_circle(ev: &Evaluator, file: Value, e: Error) -> Error {
    if e.data().kind != ErrorKind::StackOverflow || e.data().help.is_some() {
        return e;
    }
    match ev.force_value(file) {
        Ok(file) if file.is_string() => {
            let file = text(ev, file);
            e.help(format!(
                "modules that import each other in a circle are never done: '{file}' is one of them"
            ))
        }
        _ => e,
    }
}

/// Names the module and the option that it reads before options are known.
#[cold]
pub(super) fn with_option_read(ev: &Evaluator, module: &Slot, e: Error) -> Error {
    if e.data().kind != ErrorKind::InfiniteRecursion || e.data().help.is_some() {
        return e;
    }
    let module = match ev.forced(module) {
        Some(v) if v.is_string() || v.type_of() == Type::Path => text(ev, v),
        _ => return e,
    };
    let mut names = names_at(ev, e.data().read);
    let option = match (names.next().as_deref(), names.collect::<Vec<_>>()) {
        (Some("config"), option) if !option.is_empty() => format!("the option '{}'", option.join(".")),
        _ => "'config'".to_owned(),
    };
    e.help(format!("the module '{module}' reads {option} to decide about its imports or options"))
}

/// The variable and attribute names of a selection at a position in a source text, as far as they are plain names.
pub fn names_at(ev: &Evaluator, pos: Pos) -> impl Iterator<Item = String> + use<> {
    let source = ev.sources.source_of(pos).and_then(|source| {
        let begin = (pos.0 - source.pos(0).0) as usize;
        Some(source.text()?.get(begin..)?.to_vec())
    });
    let mut text = source.unwrap_or_default();
    let is_part = |c: &u8| c.is_ascii_alphanumeric() || b"_-'.".contains(c);
    text.truncate(text.iter().position(|c| !is_part(c)).unwrap_or(text.len()));
    let parts: Vec<String> = text.split(|c| *c == b'.').map(lossy).filter(|part| !part.is_empty()).collect();
    parts.into_iter()
}
