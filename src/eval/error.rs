//! Evaluation errors, one word wide, with a trace of what was being done.

use std::borrow::Cow;

use crate::heap::{HeapFull, Sym};
use crate::source::{Pos, SourcesFull};
use crate::syntax::ParseError;
use crate::value::Value;

/// The kind of an error, as far as callers distinguish it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// `throw`; `tryEval` catches it.
    Throw,
    /// A failed `assert`; `tryEval` catches it.
    Assertion,
    /// `abort`.
    Abort,
    /// A value of the wrong type.
    Type,
    /// A value depends on itself.
    InfiniteRecursion,
    /// Calls are nested too deep.
    StackOverflow,
    /// The text is not an expression.
    Parse,
    /// An error of the file system or the environment.
    System,
    /// `--max-memory`, `--timeout`, or the heap is full.
    Limit,
    /// Forbidden in pure or restricted evaluation.
    Restricted,
    /// Wrong command-line usage.
    Usage,
    /// Fetched contents do not have the expected hash. Nix has an exit code of its own for it.
    HashMismatch,
    /// Anything else.
    Eval,
}

/// A line of an error's trace.
#[derive(Debug, Clone)]
pub struct Trace {
    /// The position.
    pub pos: Pos,
    /// What was being done.
    pub text: Cow<'static, str>,
    /// Shown even when the trace is cut short (`addErrorContext`).
    pub always: bool,
}

/// An error's contents.
#[derive(Debug, Clone)]
pub struct ErrorData {
    /// The kind of error.
    pub kind: ErrorKind,
    /// Nix's message.
    pub message: String,
    /// Where it happened.
    pub pos: Pos,
    /// What was being done, innermost first.
    pub traces: Vec<Trace>,
    /// Names that may have been meant.
    pub suggestions: Vec<String>,
    /// nival's own advice, printed below Nix's text.
    pub help: Option<String>,
    /// The set that lacks a selected attribute, and the attribute.
    pub missing: Option<(Value, Sym)>,
    /// For an infinite recursion: where an attribute was selected from the value that depends on itself.
    pub read: Pos,
    /// The number of its record, for values whose computation it ended.
    pub(super) record: Option<u32>,
}

/// An error, boxed to keep results at two words.
#[derive(Debug, Clone)]
pub struct Error(Box<ErrorData>);

/// The result of an evaluation step.
pub type Res<T> = Result<T, Error>;

impl Error {
    /// An error without position or trace.
    #[cold]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error(Box::new(ErrorData {
            kind,
            message: message.into(),
            pos: Pos::NONE,
            traces: Vec::new(),
            suggestions: Vec::new(),
            help: None,
            missing: None,
            read: Pos::NONE,
            record: None,
        }))
    }

    /// A general evaluation error.
    #[cold]
    pub fn eval(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Eval, message)
    }

    /// The error of the system when work cannot be done in a copy of this process.
    #[cold]
    pub fn no_copy(error: &std::io::Error) -> Error {
        Error::new(ErrorKind::System, format!("evaluating in another process: {error}"))
    }

    /// A type error.
    #[cold]
    pub fn type_error(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Type, message)
    }

    /// Sets the position.
    #[must_use]
    #[cold]
    pub fn at(mut self, pos: Pos) -> Error {
        self.0.pos = pos;
        self
    }

    /// Sets the position if there is none yet.
    #[must_use]
    #[cold]
    pub fn at_if_none(mut self, pos: Pos) -> Error {
        if !self.0.pos.is_some() {
            self.0.pos = pos;
        }
        self
    }

    /// Adds a line to the trace, outside the existing ones.
    #[must_use]
    #[cold]
    pub fn trace(mut self, pos: Pos, text: impl Into<Cow<'static, str>>) -> Error {
        self.0.traces.push(Trace { pos, text: text.into(), always: false });
        self
    }

    /// Adds a trace line that is always shown.
    #[must_use]
    #[cold]
    pub fn trace_always(mut self, pos: Pos, text: impl Into<Cow<'static, str>>) -> Error {
        self.0.traces.push(Trace { pos, text: text.into(), always: true });
        self
    }

    /// Adds names that may have been meant.
    #[must_use]
    #[cold]
    pub fn suggest(mut self, names: Vec<String>) -> Error {
        self.0.suggestions = names;
        self
    }

    /// Adds advice of nival's own.
    #[must_use]
    #[cold]
    pub fn help(mut self, text: impl Into<String>) -> Error {
        self.0.help = Some(text.into());
        self
    }

    /// Notes which attribute is missing in which set.
    #[must_use]
    #[cold]
    pub fn missing(mut self, set: Value, name: Sym) -> Error {
        self.0.missing = Some((set, name));
        self
    }

    /// Notes where the selection from a value that depends on itself was, unless an inner selection has been
    /// noted.
    #[must_use]
    #[cold]
    pub(super) fn read_at(mut self, pos: Pos) -> Error {
        if self.0.kind == ErrorKind::InfiniteRecursion && !self.0.read.is_some() {
            self.0.read = pos;
        }
        self
    }

    /// Where it happened, or where the innermost line of its trace that has a position points.
    pub fn place(&self) -> Pos {
        let data = self.data();
        let traced = data.traces.iter().map(|line| line.pos).find(|pos| pos.is_some());
        if data.pos.is_some() { data.pos } else { traced.unwrap_or(Pos::NONE) }
    }

    /// The contents.
    pub fn data(&self) -> &ErrorData {
        &self.0
    }

    pub(super) fn set_record(&mut self, record: Option<u32>) {
        self.0.record = record;
    }

    /// Whether `tryEval` catches it.
    pub fn is_catchable(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Throw | ErrorKind::Assertion)
    }
}

impl From<HeapFull> for Error {
    #[cold]
    fn from(full: HeapFull) -> Error {
        Error::new(ErrorKind::Limit, full.to_string())
    }
}

impl From<SourcesFull> for Error {
    #[cold]
    fn from(_: SourcesFull) -> Error {
        Error::new(ErrorKind::Limit, "more than 4 GiB of source text")
    }
}

impl From<ParseError> for Error {
    #[cold]
    fn from(e: ParseError) -> Error {
        Error::new(ErrorKind::Parse, e.message).at(e.pos)
    }
}
