//! Numbers for native functions and suspensions, by which the words of the heap refer to them.

use std::cell::{Cell, RefCell};

use hashbrown::HashMap;

/// The maximum number of entries.
const MAX: usize = 4096;

/// Statics in use, by number.
pub(super) struct Registry<T: 'static> {
    all: Box<[Cell<Option<&'static T>>]>,
    numbers: RefCell<HashMap<usize, u32>>,
}

impl<T> Registry<T> {
    pub(super) fn new() -> Registry<T> {
        Registry { all: vec![Cell::new(None); MAX].into(), numbers: RefCell::default() }
    }

    /// The number of a static, assigned on first use.
    pub(super) fn number(&self, item: &'static T) -> u32 {
        let mut numbers = self.numbers.borrow_mut();
        let next = numbers.len() as u32;
        let number = *numbers.entry(std::ptr::from_ref(item) as usize).or_insert(next);
        if number == next {
            self.all[number as usize].set(Some(item));
        }
        number
    }

    #[inline]
    pub(super) fn get(&self, number: u32) -> Option<&'static T> {
        self.all.get(number as usize).and_then(Cell::get)
    }
}
