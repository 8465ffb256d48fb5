//! Counters and times of loading code.

use std::cell::Cell;
use std::time::Duration;

use crate::value::{Count, Sizes};

/// Counts how texts became code.
#[derive(Default)]
pub(super) struct LoadCounters {
    /// Files of code that were read, and their bytes.
    pub(super) read: Sizes,
    /// Texts that were parsed.
    pub(super) parsed: Count,
    /// Files that were prefetched, and parsed unless their code was cached.
    pub(super) prefetched: Count,
    /// Folders that were listed.
    pub(super) folders: Count,
    /// Folders that were prefetched.
    pub(super) folders_prefetched: Count,
    /// Texts whose code was cached by earlier runs.
    pub(super) cached: Count,
    /// Expressions in the texts that were parsed.
    pub(super) exprs: Count,
    /// Time for reading and parsing that the evaluation had to wait for.
    pub(super) parsing: Cell<Duration>,
    /// Time for lowering.
    pub(super) lowering: Cell<Duration>,
    /// Time for looking up and recording cached code.
    pub(super) caching: Cell<Duration>,
}
