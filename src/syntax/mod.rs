//! Parses source text to a checked syntax tree, as Nix's own parser does.
//!
//! A text goes from the lexer straight to a parser that follows Nix's grammar and gives its error messages.
//! rnix provides a second opinion, and [`written`] asks its tree what is written about an attribute. Only this folder names rnix or rowan.

pub mod ast;
mod bindings;
mod build;
mod constant;
mod convert;
mod error;
mod floats;
mod green;
mod imports;
mod lex;
mod lint;
mod names;
mod options;
mod parser;
mod paths;
mod show;
mod skeleton;
mod strings;
#[cfg(test)]
mod tests;
#[cfg(test)]
#[path = "../../tests/tree_folder/mod.rs"]
#[allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests find their inputs and say what they skip"
)]
mod tree_folder;
mod wording;
pub mod written;

use ast::Ast;
use build::Builder;

pub use constant::is_constant;
pub use error::ParseError;
pub(crate) use error::TOO_DEEP;
pub(crate) use floats::{coerce_float, print_float};
pub use imports::likely_imports;
pub use names::Name;
pub use options::{Lint, Lints, ParseOptions};
pub(crate) use paths::{absolute, normalise, normalise_literal};
pub(crate) use show::quote;
pub use show::{is_identifier, resolve, show, show_assertion, show_computed_name, show_name, show_short};

/// Texts longer than this are refused. No real Nix file comes near it.
pub const MAX_SOURCE_BYTES: usize = 256 << 20;

/// Parses a text as Nix does. `origin` is how messages name the text.
///
/// # Errors
/// The first error in the text, with Nix's message and position.
pub fn parse(text: &[u8], origin: &str, options: ParseOptions) -> Result<Ast, ParseError> {
    check_size(text)?;
    let lexed = lex::tokenize(text, options.pipes);
    parser::parse(&lexed, Builder::new(text, lexed.tokens.len(), origin, options))
}

/// Parses a text with rnix. This is slower and refuses texts that nest deep, but has the same result for
/// others.
///
/// # Errors
/// The first error in the text, with Nix's message and position.
pub fn parse_with_rnix(text: &[u8], origin: &str, options: ParseOptions) -> Result<Ast, ParseError> {
    check_size(text)?;
    convert::convert(Builder::new(text, 0, origin, options))
}

/// Whether rnix was not tried because the text nests too deep for it.
pub(crate) fn nests_too_deep_for_rnix(error: &ParseError) -> bool {
    error.message == lex::too_deep()
}

fn check_size(text: &[u8]) -> Result<(), ParseError> {
    if text.len() > MAX_SOURCE_BYTES {
        let message = format!("the file is larger than {} MiB", MAX_SOURCE_BYTES >> 20);
        return Err(ParseError::new(message, build::relative(0)));
    }
    Ok(())
}
