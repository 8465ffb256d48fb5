//! Counters for the statistics of an evaluation.
//!
//! Some are always kept, the others only on request: "if counted" below.

use std::cell::Cell;

/// A counter.
#[derive(Debug, Default)]
pub struct Count(Cell<u64>);

impl Count {
    /// Adds `n`.
    #[inline]
    pub fn add(&self, n: usize) {
        self.0.set(self.0.get() + n as u64);
    }

    /// The current value.
    pub fn get(&self) -> u64 {
        self.0.get()
    }
}

/// A number of objects, and the total number of their elements.
#[derive(Debug, Default)]
pub struct Sizes {
    /// The number of objects.
    pub number: Count,
    /// The total number of their elements.
    pub elements: Count,
}

impl Sizes {
    /// Counts one object with `n` elements.
    #[inline]
    pub fn one(&self, n: usize) {
        self.number.add(1);
        self.elements.add(n);
    }
}

/// The counters of an evaluation.
#[derive(Debug, Default)]
pub struct Counts {
    /// Expressions that were suspended as an argument, attribute, list element or variable, if counted.
    pub thunks: Count,
    /// Those that became one without a thunk, if counted.
    pub avoided: Count,
    /// Suspended expressions that were evaluated.
    pub forced: Count,
    /// Suspended native computations that were evaluated.
    pub natives_forced: Count,
    /// Suspensions that came to be shared by several slots.
    pub shared: Count,
    /// Environments (frames) and their variables, if counted.
    pub envs: Sizes,
    /// Attribute sets made, and their attributes; literal sets only if counted.
    pub sets: Sizes,
    /// Lists made, and their elements; literal lists only if counted.
    pub lists: Sizes,
    /// Uses of `++`.
    pub concats: Count,
    /// Operands of `//`.
    pub updates: Count,
    /// Attributes that `//` copied.
    pub updated: Count,
    /// Attributes selected with `.`, if counted.
    pub lookups: Count,
    /// Calls of functions, if counted.
    pub function_calls: Count,
    /// Calls of built-ins, if counted.
    pub builtin_calls: Count,
    /// Calls of the native library's functions, if counted.
    pub library_calls: Count,
}
