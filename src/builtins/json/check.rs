//! Whether a text is JSON.

use super::error::JsonError;
use super::parse::{JsonSink, parse};

/// Ignores all values.
struct Nothing;

impl JsonSink for Nothing {
    fn null(&mut self) {}
    fn boolean(&mut self, _: bool) {}
    fn integer(&mut self, _: i64) {}
    fn float(&mut self, _: f64) {}
    fn string(&mut self, _: &[u8]) {}
    fn begin_array(&mut self) {}
    fn end_array(&mut self) {}
    fn begin_object(&mut self) {}
    fn key(&mut self, _: &[u8]) {}
    fn end_object(&mut self) {}
}

/// Checks that a text is JSON.
///
/// # Errors
/// The message of nlohmann's parser.
pub fn check(text: &[u8]) -> Result<(), Vec<u8>> {
    match parse(text, &mut Nothing) {
        Err(JsonError::Syntax(message)) => Err(message),
        // These are values that Nix does not have.
        Err(JsonError::OutOfRange(_) | JsonError::NullByte(_)) | Ok(()) => Ok(()),
    }
}
