//! The error about a text that is not a Nix expression.

use super::ast::Warning;
use crate::source::Pos;

/// Nix's message when its stack ends.
pub(crate) const TOO_DEEP: &str = "stack overflow (possible infinite recursion)";

/// Why a text is not a Nix expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// Nix's message.
    pub message: String,
    /// The position, relative to the text.
    pub pos: Pos,
    /// Nix's warnings before the error.
    pub warnings: Vec<Warning>,
}

impl ParseError {
    /// An error without warnings before it.
    pub(crate) fn new(message: impl Into<String>, pos: Pos) -> ParseError {
        ParseError { message: message.into(), pos, warnings: Vec::new() }
    }
}
