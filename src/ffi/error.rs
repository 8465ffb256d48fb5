//! Errors.

use super::text::{nival_place, nival_view};
use crate::{Error, ErrorKind};

/// An error. `nival_error_free` frees it.
pub struct nival_error {
    pub(super) error: ErrorText,
}

/// What there is to say about an error.
pub(super) enum ErrorText {
    /// An error of the API.
    Of(Error),
    /// A wrong use of the C interface.
    Usage(String),
}

/// The kind of an error.
#[repr(C)]
pub enum nival_error_kind {
    /// `throw`; `tryEval` catches it.
    NIVAL_ERROR_THROW = 1,
    /// A failed `assert`.
    NIVAL_ERROR_ASSERTION,
    /// `abort`.
    NIVAL_ERROR_ABORT,
    /// A value of the wrong type.
    NIVAL_ERROR_TYPE,
    /// A value depends on itself.
    NIVAL_ERROR_INFINITE_RECURSION,
    /// Calls are nested too deep.
    NIVAL_ERROR_STACK_OVERFLOW,
    /// The text is not an expression.
    NIVAL_ERROR_PARSE,
    /// An error of the file system or the environment.
    NIVAL_ERROR_SYSTEM,
    /// A limit is reached, or memory is exhausted.
    NIVAL_ERROR_LIMIT,
    /// Forbidden in pure or restricted evaluation.
    NIVAL_ERROR_RESTRICTED,
    /// The interface is used in a wrong way: a null handle, text that is not UTF-8, a value of another session.
    NIVAL_ERROR_USAGE,
    /// Contents do not have the expected hash.
    NIVAL_ERROR_HASH_MISMATCH,
    /// Anything else.
    NIVAL_ERROR_EVALUATION,
}

impl nival_error {
    fn message(&self) -> &str {
        match &self.error {
            ErrorText::Of(error) => error.message(),
            ErrorText::Usage(message) => message,
        }
    }
}

/// The kind of an error.
#[unsafe(no_mangle)]
pub extern "C" fn nival_error_get_kind(error: Option<&nival_error>) -> nival_error_kind {
    use nival_error_kind as kind;
    let Some(nival_error { error: ErrorText::Of(error) }) = error else {
        return kind::NIVAL_ERROR_USAGE;
    };
    match error.kind() {
        ErrorKind::Throw => kind::NIVAL_ERROR_THROW,
        ErrorKind::Assertion => kind::NIVAL_ERROR_ASSERTION,
        ErrorKind::Abort => kind::NIVAL_ERROR_ABORT,
        ErrorKind::Type => kind::NIVAL_ERROR_TYPE,
        ErrorKind::InfiniteRecursion => kind::NIVAL_ERROR_INFINITE_RECURSION,
        ErrorKind::StackOverflow => kind::NIVAL_ERROR_STACK_OVERFLOW,
        ErrorKind::Parse => kind::NIVAL_ERROR_PARSE,
        ErrorKind::System => kind::NIVAL_ERROR_SYSTEM,
        ErrorKind::Limit => kind::NIVAL_ERROR_LIMIT,
        ErrorKind::Restricted => kind::NIVAL_ERROR_RESTRICTED,
        ErrorKind::Usage => kind::NIVAL_ERROR_USAGE,
        ErrorKind::HashMismatch => kind::NIVAL_ERROR_HASH_MISMATCH,
        ErrorKind::Eval => kind::NIVAL_ERROR_EVALUATION,
    }
}

/// Nix's message alone.
#[unsafe(no_mangle)]
pub extern "C" fn nival_error_get_message(error: Option<&nival_error>) -> nival_view {
    error.map_or(nival_view::NONE, |error| nival_view::of(error.message()))
}

/// The error as Nix prints it; with `trace`, as with `--show-trace`. It need not be UTF-8.
#[unsafe(no_mangle)]
pub extern "C" fn nival_error_get_text(error: Option<&nival_error>, trace: bool) -> nival_view {
    match error.map(|error| &error.error) {
        Some(ErrorText::Of(error)) => nival_view::bytes(error.render(trace)),
        Some(ErrorText::Usage(message)) => nival_view::of(message),
        None => nival_view::NONE,
    }
}

/// Where the error is. The file is empty if it is in no source text.
#[unsafe(no_mangle)]
pub extern "C" fn nival_error_get_place(error: Option<&nival_error>) -> nival_place {
    match error.map(|error| &error.error) {
        Some(ErrorText::Of(error)) => error.position().map_or(nival_place::NONE, |position| nival_place {
            file: nival_view::of(&position.file),
            line: position.line,
            column: position.column,
        }),
        _ => nival_place::NONE,
    }
}

/// Frees an error; null is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn nival_error_free(error: Option<Box<nival_error>>) {
    drop(error);
}
