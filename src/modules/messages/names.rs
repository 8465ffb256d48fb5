//! Names and strings as they are written in Nix.

use crate::builtins::quote_json;
use crate::eval::{Evaluator, Res};
use crate::native::{lossy, text_of};
use crate::value::{Type, Value};

/// A string literal, as `lib.strings.escapeNixString` writes it.
pub fn escape_string(name: &[u8]) -> Vec<u8> {
    let mut quoted = Vec::with_capacity(name.len() + 2);
    // Text that is no UTF-8 has no JSON; nixpkgs fails on it, a message should not.
    if quote_json(&mut quoted, name).is_err() {
        return name.to_vec();
    }
    let mut out = Vec::with_capacity(quoted.len());
    for c in quoted {
        if c == b'$' {
            out.push(b'\\');
        }
        out.push(c);
    }
    out
}

/// A string literal for a message.
pub fn string_literal(text: &[u8]) -> String {
    lossy(&escape_string(text))
}

/// A name as it is written in an attribute path (`lib.strings.escapeNixIdentifier`).
pub fn escape_identifier(name: &[u8]) -> Vec<u8> {
    const KEYWORDS: &[&[u8]] =
        &[b"assert", b"else", b"if", b"in", b"inherit", b"let", b"or", b"rec", b"then", b"with"];
    let mut chars = name.iter();
    let plain = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || *c == b'_')
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'\'' | b'-'))
        && !KEYWORDS.contains(&name);
    if plain { name.to_vec() } else { escape_string(name) }
}

/// A name of an attribute path for a message.
pub fn identifier(name: &[u8]) -> String {
    lossy(&escape_identifier(name))
}

/// Names with dots between them: how nixpkgs shows paths in its oldest messages.
pub fn plain_path(ev: &Evaluator, loc: Value) -> Res<String> {
    let names: Res<Vec<String>> = ev.mem.items(loc).iter().map(|name| text_of(ev, name)).collect();
    Ok(names?.join("."))
}

/// What `builtins.typeOf` says.
pub fn type_word(v: Value) -> &'static str {
    match v.type_of() {
        Type::Int => "int",
        Type::Float => "float",
        Type::Bool => "bool",
        Type::String => "string",
        Type::Path => "path",
        Type::Null => "null",
        Type::Attrs => "set",
        Type::List => "list",
        Type::Function | Type::Thunk => "lambda",
    }
}
