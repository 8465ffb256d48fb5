//! Errors that ended the computation of values: forcing such a value again reports the same error.

use std::cell::{Cell, RefCell};

use hashbrown::HashMap;

use super::Error;
use crate::heap::Heap;

/// Once this many errors are stored, those that no value refers to are dropped.
const MANY: usize = 1 << 16;

/// The errors, by the number that the values' words hold.
#[derive(Default)]
pub(super) struct Failures {
    all: RefCell<HashMap<u32, Error>>,
    /// The number of errors so far. Numbers are never reused, because the collector cannot see one that is
    /// propagating.
    count: Cell<u32>,
    /// The number of stored errors that triggers the next cleanup.
    limit: Cell<usize>,
}

impl Failures {
    /// A number for the next error.
    pub(super) fn next(&self, heap: &Heap) -> u32 {
        let kept = self.all.borrow().len();
        if kept >= self.limit.get().max(MANY) {
            self.forget(heap, kept);
        }
        let number = self.count.get();
        self.count.set(number.wrapping_add(1));
        number
    }

    #[cold]
    fn forget(&self, heap: &Heap, kept: usize) {
        let mut left = kept;
        if let Some(used) = heap.errors_in_use() {
            let mut all = self.all.borrow_mut();
            all.retain(|number, _| used.contains(number));
            left = all.len();
        }
        self.limit.set(2 * left);
    }

    /// The error with this number, as it was when it ended a computation.
    pub(super) fn get(&self, number: u32) -> Option<Error> {
        self.all.borrow().get(&number).cloned()
    }

    /// Stores an error, unless its number is already in use.
    pub(super) fn keep(&self, number: u32, e: &Error) {
        self.all.borrow_mut().entry(number).or_insert_with(|| e.clone());
    }

    /// Replaces a stored error.
    pub(super) fn replace(&self, number: u32, e: &Error) {
        if let Some(old) = self.all.borrow_mut().get_mut(&number) {
            *old = e.clone();
        }
    }

    /// The number of errors so far.
    pub(super) fn count(&self) -> u32 {
        self.count.get()
    }
}
