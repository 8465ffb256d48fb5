//! Errors that ended the computation of values: whoever asks for such a value again gets the error again.

use std::cell::{Cell, RefCell};

use hashbrown::HashMap;

use super::Error;
use crate::heap::Heap;

/// After so many errors it is found out which ones are still needed.
const MANY: usize = 1 << 16;

/// The errors, by the number that the words of the values have.
#[derive(Default)]
pub(super) struct Failures {
    all: RefCell<HashMap<u32, Error>>,
    /// Errors so far. A number is never given twice: one that is on its way is known nowhere else.
    count: Cell<u32>,
    /// Errors that may be kept before it is looked which ones are needed.
    limit: Cell<usize>,
}

impl Failures {
    /// The number of the next error.
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

    /// The error with a number, as it was when it ended a computation.
    pub(super) fn get(&self, number: u32) -> Option<Error> {
        self.all.borrow().get(&number).cloned()
    }

    /// Keeps an error, unless it is kept already.
    pub(super) fn keep(&self, number: u32, e: &Error) {
        self.all.borrow_mut().entry(number).or_insert_with(|| e.clone());
    }

    /// Keeps an error in the place of what it was before.
    pub(super) fn replace(&self, number: u32, e: &Error) {
        if let Some(old) = self.all.borrow_mut().get_mut(&number) {
            *old = e.clone();
        }
    }

    /// Errors so far.
    pub(super) fn count(&self) -> u32 {
        self.count.get()
    }
}
