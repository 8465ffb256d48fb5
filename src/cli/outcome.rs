//! What became of an option's value, here or in a real Nix.

use serde_json::Value as Json;

use crate::eval::{Error, Res};

/// Characters of a value that are shown.
const SHOWN: usize = 200;

/// What became of an option's value.
pub enum Outcome {
    /// A value, without what only nival's marks say.
    Value(Json),
    /// A failure as a whole; the message.
    Error(String),
}

impl Outcome {
    /// Whether it is a failure as a whole.
    pub fn is_error(&self) -> bool {
        match self {
            Outcome::Error(_) => true,
            Outcome::Value(v) => is_failure(v),
        }
    }

    /// Whether a failure is anywhere in the value.
    fn has_error(&self) -> bool {
        fn within(v: &Json) -> bool {
            is_failure(v)
                || match v {
                    Json::Object(map) => map.values().any(within),
                    Json::Array(items) => items.iter().any(within),
                    _ => false,
                }
        }
        match self {
            Outcome::Error(_) => true,
            Outcome::Value(v) => within(v),
        }
    }

    /// Whether two outcomes are the same.
    pub fn equals(&self, other: &Outcome) -> bool {
        match (self, other) {
            (Outcome::Value(a), Outcome::Value(b)) if !(self.is_error() && other.is_error()) => a == b,
            // Nix cannot say where in the value an error is that `tryEval` does not catch.
            _ => self.has_error() && other.has_error(),
        }
    }

    /// The beginning of it, on one line.
    pub fn show(&self) -> String {
        let text = match self {
            Outcome::Value(v) => v.to_string(),
            Outcome::Error(message) => format!("error: {}", message.lines().next().unwrap_or_default()),
        };
        match text.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{} …", &text[..end]),
            None => text,
        }
    }
}

/// Whether a value is the mark of one that failed, or that Nix cannot print.
fn is_failure(v: &Json) -> bool {
    matches!(
        v.get("_nival").and_then(Json::as_str),
        Some("error" | "cycle" | "unset" | "removed" | "renamed" | "packages" | "library" | "type")
    )
}

/// Reads what nix-instantiate printed.
pub fn parse(text: &[u8]) -> Res<Json> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    reader.disable_recursion_limit();
    serde::Deserialize::deserialize(&mut reader)
        .map_err(|e| Error::eval(format!("what nix-instantiate printed is no JSON: {e}")))
}

/// The part of a tree that a path leads to; a mark on the way stands for it.
pub fn at(mut tree: Json, path: &[String]) -> Outcome {
    for name in path {
        if tree.get("_nival").is_some() {
            break;
        }
        match tree.get_mut(name.as_str()) {
            Some(child) => tree = child.take(),
            None => return Outcome::Error("there is no such option".to_owned()),
        }
    }
    Outcome::Value(tree)
}
