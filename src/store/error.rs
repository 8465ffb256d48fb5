//! The one error type of the store's formats: a kind for callers to match on, and Nix's own words to show.

use std::fmt;

/// What went wrong, as far as callers need to tell it apart (the classes of Nix's own exceptions).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// A name that no store object may have.
    Name,
    /// Text that is not a store path, or a store path that cannot exist.
    Path,
    /// A hash of wrong length, kind or spelling.
    Hash,
    /// A word outside a fixed list; Nix's tools add a line that points to `--help`.
    Usage,
    /// An experimental feature that is needed but not enabled.
    Feature,
    /// A derivation file that does not parse.
    Format,
    /// A derivation that contradicts itself or its inputs.
    Derivation,
    /// A text that is not a URL, or not of the kind at hand; the caller may still read it as something else.
    Url,
    /// An input that cannot be fetched, whatever its type.
    Input,
}

/// An error with the text that Nix prints after `error: `.
///
/// The text is bytes because Nix quotes single bytes of a name: `toFile "é" ""` complains about the
/// character `\xC3` alone. `Display` replaces such bytes, [`Error::message`] keeps them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: Box<[u8]>,
}

impl Error {
    /// An error whose text is `template` with each `{}` replaced by the next of `args`.
    pub(super) fn new(kind: ErrorKind, template: &str, args: &[&[u8]]) -> Self {
        let mut message = Vec::with_capacity(template.len() + args.iter().map(|a| a.len()).sum::<usize>());
        let mut args = args.iter();
        for (i, piece) in template.split("{}").enumerate() {
            if i > 0 {
                message.extend_from_slice(args.next().copied().unwrap_or_default());
            }
            message.extend_from_slice(piece.as_bytes());
        }
        Error { kind, message: message.into() }
    }

    /// The class of the error.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The text exactly as Nix prints it.
    pub fn message(&self) -> &[u8] {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.message))
    }
}

impl std::error::Error for Error {}
