//! From source text to a checked syntax tree: rnix parses, this folder decides what Nix accepts.
//!
//! The only place that names rnix or rowan.

pub mod ast;
mod bindings;
mod convert;
mod floats;
mod lex;
mod lint;
mod show;
mod strings;
mod wording;

use std::rc::Rc;

use crate::heap::Heap;
use crate::source::{Pos, Source};
use ast::Ast;

pub(crate) use convert::normalise;
pub(crate) use floats::{coerce_float, print_float};
pub(crate) use show::quote;
pub use show::{show, show_computed_name, show_name};

/// Texts longer than this are refused: no real Nix file comes near it.
pub const MAX_SOURCE_BYTES: usize = 256 << 20;

/// What parsing depends on beside the text.
#[derive(Debug, Clone, Default)]
pub struct ParseOptions {
    /// Directory that relative path literals are resolved against; absolute.
    pub base: Rc<[u8]>,
    /// The home directory, for `~/…`; `None` where such paths are forbidden (pure evaluation).
    pub home: Option<Rc<[u8]>>,
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
    /// Where.
    pub pos: Pos,
}

/// Parses a text as Nix does.
///
/// # Errors
/// The first error in the text, with Nix's message and position.
pub fn parse(heap: &Heap, source: &Source, options: &ParseOptions) -> Result<Ast, ParseError> {
    if source.text.len() > MAX_SOURCE_BYTES {
        let message = format!("the file is larger than {} MiB", MAX_SOURCE_BYTES >> 20);
        return Err(ParseError { message, pos: source.pos(0) });
    }
    convert::convert(heap, source, options)
}
