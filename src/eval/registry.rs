//! Native functions and suspensions by number: words of the heap name them that way.

use std::cell::{Cell, RefCell};

use hashbrown::HashMap;

/// Numbers that there are.
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

    /// The number of a static, given on first use.
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
