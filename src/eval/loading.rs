//! Counts and times of loading code.

use std::cell::Cell;
use std::time::Duration;

use crate::value::{Count, Sizes};

/// How texts became code.
#[derive(Default)]
pub(super) struct Loading {
    /// Files of code that were read, and their bytes.
    pub(super) read: Sizes,
    /// Texts that were parsed.
    pub(super) parsed: Count,
    /// Files that had been prefetched, and parsed unless their code is kept.
    pub(super) prefetched: Count,
    /// Folders that were listed.
    pub(super) folders: Count,
    /// Those that had been prefetched.
    pub(super) folders_prefetched: Count,
    /// Texts whose code was there from earlier runs.
    pub(super) cached: Count,
    /// Expressions in the texts that were parsed.
    pub(super) exprs: Count,
    /// Time for reading and parsing, as far as the evaluation had to wait for it.
    pub(super) parsing: Cell<Duration>,
    /// Time for lowering.
    pub(super) lowering: Cell<Duration>,
    /// Time for finding and remembering code that is kept between runs.
    pub(super) caching: Cell<Duration>,
}
