//! Outcomes: an option's value or error, here or in a real Nix.

use serde_json::Value as Json;

use crate::eval::{Error, Res};

/// The maximum number of characters of a value to show.
const SHOWN: usize = 200;

/// The outcome of evaluating an option.
pub enum Outcome {
    /// A value, without details that only nival's marks have.
    Value(Json),
    /// A failure of the whole value, with its message.
    Error(String),
}

impl Outcome {
    /// Whether the whole value failed.
    pub fn is_error(&self) -> bool {
        match self {
            Outcome::Error(_) => true,
            Outcome::Value(v) => is_failure(v),
        }
    }

    /// Whether any part of the value failed.
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

    /// Whether two outcomes are equal.
    pub fn equals(&self, other: &Outcome) -> bool {
        match (self, other) {
            (Outcome::Value(a), Outcome::Value(b)) if !(self.is_error() && other.is_error()) => a == b,
            // If `tryEval` does not catch an error, Nix cannot tell where in the value it is.
            _ => self.has_error() && other.has_error(),
        }
    }

    /// Its beginning, on one line.
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

/// Whether a value is the mark of a failure or of something Nix cannot print.
fn is_failure(v: &Json) -> bool {
    matches!(
        v.get("_nival").and_then(Json::as_str),
        Some("error" | "cycle" | "unset" | "removed" | "renamed" | "packages" | "library" | "type")
    )
}

/// Parses the output of nix-instantiate.
pub fn parse(text: &[u8]) -> Res<Json> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    reader.disable_recursion_limit();
    serde::Deserialize::deserialize(&mut reader)
        .map_err(|e| Error::eval(format!("what nix-instantiate printed is no JSON: {e}")))
}

/// The value at a path of a tree. A mark on the way stands for the value.
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
