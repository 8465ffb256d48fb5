//! Why a text is no Nix expression.

use super::ast::Warning;
use crate::source::Pos;

/// What Nix says where its stack ends.
pub(crate) const TOO_DEEP: &str = "stack overflow (possible infinite recursion)";

/// Why a text is no Nix expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// Nix's message.
    pub message: String,
    /// Where; relative to the text.
    pub pos: Pos,
    /// What Nix warns of before.
    pub warnings: Vec<Warning>,
}

impl ParseError {
    /// An error without warnings before it.
    pub(crate) fn new(message: impl Into<String>, pos: Pos) -> ParseError {
        ParseError { message: message.into(), pos, warnings: Vec::new() }
    }
}
