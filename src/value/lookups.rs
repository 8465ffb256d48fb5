//! A cache of recent attribute lookups in sets without a shape.

use std::cell::Cell;

use super::word::Value;
use crate::heap::{Ref, Sym};

const BITS: u32 = 13;

/// A set's word, a symbol, and the slot of that attribute; 0 if the set does not have it.
type Entry = Cell<(u64, u32, Ref)>;

/// A direct-mapped cache of lookups.
pub(super) struct Lookups(Box<[Entry]>);

/// The cache entry for one lookup.
pub(super) struct Lookup<'a> {
    entry: &'a Entry,
    set: u64,
    name: u32,
}

impl Default for Lookups {
    fn default() -> Lookups {
        Lookups(vec![Cell::new((0, 0, 0)); 1 << BITS].into())
    }
}

impl Lookups {
    /// Returns the cache entry for an attribute of a set.
    #[inline]
    pub(super) fn of(&self, set: Value, name: Sym) -> Lookup<'_> {
        let key = set.bits() ^ u64::from(name.0).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        let at = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - BITS)) as usize;
        Lookup { entry: &self.0[at], set: set.bits(), name: name.0 }
    }

    /// Forgets all lookups, because the memory of their sets may be reused from now on.
    pub(super) fn forget(&self) {
        self.0.iter().for_each(|entry| entry.set((0, 0, 0)));
    }
}

impl Lookup<'_> {
    /// The cached slot; 0 if the set has no such attribute; `None` if the lookup is not cached.
    #[inline]
    pub(super) fn known(&self) -> Option<Ref> {
        let (set, name, at) = self.entry.get();
        ((set, name) == (self.set, self.name)).then_some(at)
    }

    /// Remembers the slot that was found, or 0.
    #[inline]
    pub(super) fn remember(&self, at: Ref) {
        self.entry.set((self.set, self.name, at));
    }
}
