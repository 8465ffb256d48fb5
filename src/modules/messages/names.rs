//! Names and strings in Nix syntax.

use crate::eval::{Evaluator, Res};
use crate::native::{escape_identifier, escape_string, lossy, text_of};
use crate::value::Value;

/// A string literal.
pub fn string_literal(text: &[u8]) -> String {
    lossy(&escape_string(text))
}

/// A name in an attribute path.
pub fn identifier(name: &[u8]) -> String {
    lossy(&escape_identifier(name))
}

/// Names joined with dots, which is how nixpkgs shows paths in its oldest messages.
pub fn plain_path(ev: &Evaluator, loc: Value) -> Res<String> {
    let names: Res<Vec<String>> = ev.mem.items(loc).iter().map(|name| text_of(ev, name)).collect();
    Ok(names?.join("."))
}
