//! Errors that Nix code raises: `throw`, `abort` and `assert`.

use super::text::text_of;
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::heap::Slot;
use crate::source::Pos;

/// The error of `throw message`.
#[cold]
pub fn throw(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Throw, message)
}

/// The error of `throw message`, or the error of evaluating the message.
#[cold]
pub fn throw_slot(ev: &Evaluator, message: &Slot) -> Error {
    match text_of(ev, message) {
        Ok(text) => throw(text),
        Err(error) => error,
    }
}

/// The error of `abort message`.
#[cold]
pub fn abort(message: impl AsRef<str>) -> Error {
    let message = message.as_ref();
    Error::new(ErrorKind::Abort, format!("evaluation aborted with the following error message: '{message}'"))
}

/// `assert condition`; `text` is the condition as Nix prints it.
pub fn assert(condition: bool, text: &str) -> Res<()> {
    match condition {
        true => Ok(()),
        false => Err(failed_assertion(text)),
    }
}

/// The error of a failed `assert` with this condition, as Nix prints it.
#[cold]
pub fn failed_assertion(condition: &str) -> Error {
    Error::new(ErrorKind::Assertion, format!("assertion '{condition}' failed"))
}

/// Adds a line of context that is shown even without `--show-trace`, as `addErrorContext` does.
#[cold]
pub fn context(e: Error, text: impl Into<String>) -> Error {
    e.trace_always(Pos::NONE, text.into())
}
