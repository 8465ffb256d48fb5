//! Errors in the public API.

use std::fmt;

use crate::eval::{self, ErrorKind, Evaluator, render};
use crate::host::{bytes_of, printable};
use crate::source::Pos;

/// The result of a session's operations.
pub type Result<T> = std::result::Result<T, Error>;

/// A failed evaluation. It displays as Nix prints it, without `--show-trace`.
///
/// ```
/// use nival::{ErrorKind, Session};
///
/// # fn main() -> nival::Result<()> {
/// let error = Session::new()?.evaluate("{ a = throw \"no\"; }.a", "/").unwrap_err();
/// assert_eq!((error.kind(), error.message()), (ErrorKind::Throw, "no"));
/// assert_eq!(error.position().unwrap().to_string(), "«string»:1:7");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    position: Option<Position>,
    /// As Nix prints it, without and with its trace. Names and paths need not be UTF-8.
    rendered: [Vec<u8>; 2],
}

/// A position in a source text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Position {
    /// The file's path, or a substitute: `«string»`, `«stdin»`.
    pub file: String,
    /// The line, starting at 1.
    pub line: u32,
    /// The column in bytes, starting at 1, as Nix counts.
    pub column: u32,
}

impl Position {
    pub(super) fn of(ev: &Evaluator, pos: Pos) -> Option<Position> {
        let place = ev.sources.place(pos)?;
        Some(Position { file: place.source.origin_name(), line: place.line, column: place.column })
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl Error {
    pub(super) fn of(ev: &Evaluator, error: &eval::Error) -> Error {
        let data = error.data();
        Error {
            kind: data.kind,
            message: printable(&data.message).into_owned(),
            position: std::iter::once(data.pos)
                .chain(data.traces.iter().map(|trace| trace.pos))
                .find_map(|pos| Position::of(ev, pos)),
            rendered: [false, true].map(|trace| bytes_of(&render(&ev.sources, error, trace)).into_owned()),
        }
    }

    /// An error without a position.
    pub(super) fn plain(error: eval::Error) -> Error {
        Error::new(error.data().kind, &*error.data().message)
    }

    /// An error of the session itself.
    pub(super) fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        let message = message.into();
        let shown = format!("error: {message}");
        Error { kind, message, position: None, rendered: [shown.clone().into(), shown.into()] }
    }

    /// The kind of error.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Nix's message alone.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The position of the error, if it is in a source text. An error that has none itself (`throw`) is where the innermost line of its
    /// trace is.
    pub fn position(&self) -> Option<&Position> {
        self.position.as_ref()
    }

    /// The error as Nix prints it; with `trace`, as with `--show-trace`. Names and paths need not be UTF-8.
    pub fn render(&self, trace: bool) -> &[u8] {
        let [short, traced] = &self.rendered;
        if trace { traced } else { short }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind)
            .field("message", &self.message)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.render(false)))
    }
}

impl std::error::Error for Error {}
