//! Quoting: backslashes, and strings and names in Nix syntax.

use super::force::{string, to_json};
use super::search::replaced;
use crate::builtins::quote_json;
use crate::eval::{Evaluator, Res};
use crate::heap::Slot;
use crate::syntax::is_identifier;
use crate::value::Value;

/// A text with a backslash before each special byte.
pub fn backslashed(text: &[u8], special: &[u8]) -> Vec<u8> {
    replaced(text, |rest, out| {
        if !special.contains(&rest[0]) {
            return 0;
        }
        out.extend_from_slice(&[b'\\', rest[0]]);
        1
    })
}

/// `escapeNixString s`
pub fn nix_string(ev: &Evaluator, s: &Slot) -> Res<Value> {
    let json = to_json(ev, s)?;
    Ok(ev.mem.string(&backslashed(ev.mem.text(json), b"$"), ev.mem.context(json))?)
}

/// `escapeNixIdentifier s`
pub fn nix_identifier(ev: &Evaluator, s: &Slot) -> Res<Value> {
    let v = string(ev, s)?;
    if is_bare(ev.mem.text(v)) { Ok(v) } else { nix_string(ev, s) }
}

/// Whether nixpkgs writes a name without quotes. `or` is a valid name, but nixpkgs quotes it.
fn is_bare(name: &[u8]) -> bool {
    is_identifier(name) && name != b"or"
}

/// `escapeNixString text`, for a message.
pub fn escape_string(text: &[u8]) -> Vec<u8> {
    let mut quoted = Vec::with_capacity(text.len() + 2);
    match quote_json(&mut quoted, text) {
        Ok(()) => backslashed(&quoted, b"$"),
        // Text that is not UTF-8 has no JSON form. nixpkgs fails on it; a message should not.
        Err(_) => text.to_vec(),
    }
}

/// `escapeNixIdentifier name`, for a message.
pub fn escape_identifier(name: &[u8]) -> Vec<u8> {
    if is_bare(name) { name.to_vec() } else { escape_string(name) }
}
