//! From source text to a checked syntax tree, as Nix's own parser makes it.
//!
//! A text goes from the lexer straight through a parser that follows Nix's grammar and says what Nix's parser says. rnix is the
//! second opinion on it. The only place that names rnix or rowan.

pub mod ast;
mod bindings;
mod build;
mod convert;
mod floats;
mod imports;
mod lex;
mod lint;
mod names;
mod parser;
mod show;
mod skeleton;
mod strings;
mod wording;

use crate::source::Pos;
use ast::{Ast, Warning};
use build::Builder;

pub(crate) use build::{normalise, normalise_literal};
pub(crate) use floats::{coerce_float, print_float};
pub use imports::likely_imports;
pub use names::{Name, Names};
pub(crate) use show::quote;
pub use show::{is_identifier, resolve, show, show_assertion, show_computed_name, show_name, show_short};

/// Texts longer than this are refused: no real Nix file comes near it.
pub const MAX_SOURCE_BYTES: usize = 256 << 20;

/// What Nix says where its stack ends.
pub(crate) const TOO_DEEP: &str = "stack overflow (possible infinite recursion)";

/// What parsing depends on beside the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ParseOptions {
    /// Whether `~/…` is a path; in pure evaluation it is an error.
    pub home: bool,
    /// Whether `|>` and `<|` are on.
    pub pipes: bool,
    /// Literals that are found fault with.
    pub lints: Lints,
}

/// What happens where a kind of literal is found (`lint-url-literals` and the like).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lint {
    /// Nothing.
    #[default]
    Ignore,
    /// A warning.
    Warn,
    /// The text is no expression.
    Fatal,
}

/// The kinds of literals that can be found fault with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lints {
    /// URLs that are not in quotes.
    pub urls: Lint,
    /// Paths that begin with `/` or `~/`.
    pub absolute_paths: Lint,
    /// Paths that begin with neither of these nor with a dot.
    pub short_paths: Lint,
}

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

/// Parses a text as Nix does. `origin` is how messages name the text.
///
/// # Errors
/// The first error in the text, with Nix's message and position.
pub fn parse(text: &[u8], origin: &str, options: ParseOptions) -> Result<Ast, ParseError> {
    check_size(text)?;
    let lexed = lex::tokenize(text, options.pipes);
    parser::parse(&lexed, Builder::new(text, lexed.tokens.len(), origin, options))
}

/// The same by rnix: slower, and only for texts that do not nest deep, but with the same result for those.
///
/// # Errors
/// The first error in the text, with Nix's message and position.
pub fn parse_with_rnix(text: &[u8], origin: &str, options: ParseOptions) -> Result<Ast, ParseError> {
    check_size(text)?;
    convert::convert(Builder::new(text, 0, origin, options))
}

fn check_size(text: &[u8]) -> Result<(), ParseError> {
    if text.len() > MAX_SOURCE_BYTES {
        let message = format!("the file is larger than {} MiB", MAX_SOURCE_BYTES >> 20);
        return Err(ParseError::new(message, build::relative(0)));
    }
    Ok(())
}
