//! TOML as `builtins.fromTOML` reads it: version 1.0, with the error messages of the library of C++ Nix, toml11 4.4.

mod grammar;
mod nest;
mod parser;
mod report;
mod scalar;
mod skip;
mod string;
#[cfg(test)]
mod tests;
mod time;
mod tree;

use std::borrow::Cow;

use super::json::{JsonError, JsonSink};
use parser::Parser;
use tree::{Id, Tree, Value};

/// Reads a document and passes on its values, ordered by key. With `timestamps` (the experimental feature
/// `parse-toml-timestamps`), a date or time becomes the set `{ _type = "timestamp"; value = …; }`.
///
/// # Errors
/// What Nix prints after `error: while parsing TOML: `: all errors found, each with an excerpt. No value has been
/// passed on then, unless the error is a string with a null byte, or a date without the feature.
pub fn parse(text: &[u8], timestamps: bool, sink: &mut impl JsonSink) -> Result<(), String> {
    // toml11 terminates the last line, unless it ends in a stray CR, which it reports.
    let text = match text.last() {
        None | Some(b'\n' | b'\r') => Cow::Borrowed(text),
        Some(_) => Cow::Owned([text, b"\n"].concat()),
    };
    let (tree, root) = Parser::new(&text).document()?;
    hand_over(&tree, root, timestamps, sink)
}

/// A container whose values are being passed on, with the remaining ones.
enum Rest<'t> {
    Array(std::slice::Iter<'t, Id>),
    Table(std::collections::btree_map::Iter<'t, Vec<u8>, Id>),
}

fn hand_over(tree: &Tree, root: Id, timestamps: bool, sink: &mut impl JsonSink) -> Result<(), String> {
    let mut open: Vec<Rest<'_>> = Vec::new();
    let mut next = Some(root);
    loop {
        if let Some(id) = next {
            match tree.value(id) {
                Value::Boolean(value) => sink.boolean(*value),
                Value::Integer(value) => sink.integer(*value),
                Value::Float(value) => sink.float(*value),
                Value::String(value) => sink.string(checked(value)?),
                Value::Timestamp(value) if timestamps => {
                    sink.begin_object();
                    sink.key(b"_type");
                    sink.string(b"timestamp");
                    sink.key(b"value");
                    sink.string(value.as_bytes());
                    sink.end_object();
                }
                Value::Timestamp(_) => return Err("Dates and times are not supported".into()),
                Value::Array { items, .. } => {
                    sink.begin_array();
                    open.push(Rest::Array(items.iter()));
                }
                Value::Table { entries, .. } => {
                    sink.begin_object();
                    open.push(Rest::Table(entries.iter()));
                }
            }
        }
        next = match open.last_mut() {
            None => return Ok(()),
            Some(Rest::Array(items)) => items.next().copied(),
            Some(Rest::Table(entries)) => match entries.next() {
                None => None,
                Some((key, value)) => {
                    sink.key(checked(key)?);
                    Some(*value)
                }
            },
        };
        if next.is_none() {
            match open.pop() {
                Some(Rest::Table(_)) => sink.end_object(),
                _ => sink.end_array(),
            }
        }
    }
}

fn checked(string: &[u8]) -> Result<&[u8], String> {
    if string.contains(&0) {
        return Err(format!("error: {}", JsonError::NullByte(string.to_vec())));
    }
    Ok(string)
}
