//! Numbers of what an evaluation makes and does, for its statistics.
//!
//! Some of it is always counted, the rest only where somebody asked.

use std::cell::Cell;

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Count(Cell<u64>);

impl Count {
    /// Counts `n` more.
    #[inline]
    pub fn add(&self, n: usize) {
        self.0.set(self.0.get() + n as u64);
    }

    /// How many there were.
    pub fn get(&self) -> u64 {
        self.0.get()
    }
}

/// A number of things, and of what they consist of.
#[derive(Debug, Default)]
pub struct Sizes {
    /// How many.
    pub number: Count,
    /// Their elements.
    pub elements: Count,
}

impl Sizes {
    /// Counts one thing of `n` elements.
    #[inline]
    pub fn one(&self, n: usize) {
        self.number.add(1);
        self.elements.add(n);
    }
}

/// What is counted.
#[derive(Debug, Default)]
pub struct Counts {
    /// Expressions that were suspended to become an argument, an attribute, an element or a variable, if they are counted.
    pub thunks: Count,
    /// Those that became one without that, if they are counted.
    pub avoided: Count,
    /// Suspended expressions that were evaluated.
    pub forced: Count,
    /// Suspensions in native code that were evaluated.
    pub natives_forced: Count,
    /// Values that several slots needed before they were computed.
    pub shared: Count,
    /// Frames of variables, if they are counted.
    pub envs: Sizes,
    /// Attribute sets made, and their attributes; literal ones if they are counted.
    pub sets: Sizes,
    /// Lists made, and their elements; literal ones if they are counted.
    pub lists: Sizes,
    /// Uses of `++`.
    pub concats: Count,
    /// Operands of `//`.
    pub updates: Count,
    /// Attributes that `//` copied.
    pub updated: Count,
    /// Attributes selected with `.`, if that is counted.
    pub lookups: Count,
    /// Calls of functions, if they are counted.
    pub function_calls: Count,
    /// Calls of built-ins, if they are counted.
    pub builtin_calls: Count,
    /// Calls of the native library's functions, if they are counted.
    pub library_calls: Count,
}
