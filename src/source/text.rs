//! Texts before they are registered, and where they came from.

use std::rc::Rc;

use super::lines::Lines;
use crate::host::shown;

/// Where a source text came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file, by its absolute path.
    File(Rc<[u8]>),
    /// An expression given on the command line or to the library.
    Text,
    /// Standard input.
    Stdin,
    /// Code that is part of the evaluator, and how messages name it.
    Internal(&'static str),
}

/// How messages name the code of `derivation`.
pub const INTERNAL_DERIVATION: &str = "«nix-internal»/derivation-internal.nix";

impl Origin {
    /// How messages name the text: the path, `«string»` or `«stdin»`.
    pub fn name(&self) -> String {
        match self {
            Origin::File(path) => shown(path).into_owned(),
            Origin::Text => "«string»".to_owned(),
            Origin::Stdin => "«stdin»".to_owned(),
            Origin::Internal(name) => (*name).to_owned(),
        }
    }
}

/// Gives a file's text once more; `None` if that cannot be read.
pub type Reread = Rc<dyn Fn(&[u8]) -> Option<Vec<u8>>>;

/// A text, or the facts that are kept about it.
#[derive(Clone)]
pub enum Text {
    /// Its bytes.
    Held(Rc<[u8]>),
    /// Its lines, which is what most messages need. Messages that show the text read it again.
    Known(Lines, Reread),
}

impl Text {
    /// Bytes of the text.
    pub fn len(&self) -> usize {
        match self {
            Text::Held(bytes) => bytes.len(),
            Text::Known(lines, _) => lines.len,
        }
    }
}

/// A text that is not [registered](Sources) yet.
#[derive(Clone)]
pub struct NewSource {
    /// Where it came from.
    pub origin: Origin,
    /// Its contents.
    pub text: Text,
    /// The folder that relative paths in it are relative to; absolute.
    pub folder: Rc<[u8]>,
}
