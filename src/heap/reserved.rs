//! The addresses of all heaps in the process. None has references into another one.

use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

static RANGES: Mutex<Vec<Range<usize>>> = Mutex::new(Vec::new());

fn ranges() -> MutexGuard<'static, Vec<Range<usize>>> {
    RANGES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes a range that belongs to a heap.
pub(super) fn add(range: Range<usize>) {
    ranges().push(range);
}

/// Forgets such a range.
pub(super) fn remove(range: &Range<usize>) {
    ranges().retain(|other| other != range);
}

/// All such ranges.
pub(super) fn all() -> Vec<Range<usize>> {
    ranges().clone()
}
