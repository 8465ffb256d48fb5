//! What the evaluations of all fixtures have in common.

use super::shown::Shown;
use super::suite_file::Suite;
use crate::host::{FilesRead, Messages, Touches};
use crate::syntax::quote;

/// What all fixtures have in common.
pub struct Common<'a> {
    /// The suite.
    pub suite: &'a Suite,
    /// How values are shown.
    pub shown: &'a Shown,
    /// The messages of the evaluation.
    pub messages: &'a Messages,
    /// What the evaluation asks the file system, if that is recorded.
    pub touches: Option<&'a Touches>,
    /// The files and folders that the evaluation reads, if that is asked for.
    pub files: Option<&'a FilesRead>,
    /// Whether errors are shown with their full traces.
    pub show_trace: bool,
}

/// A path as an expression, whatever its characters.
pub fn path_literal(path: &str) -> String {
    format!("(/. + {})", String::from_utf8_lossy(&quote(path.as_bytes())))
}
