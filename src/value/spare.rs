//! Which lists have spare slots at an end.

use std::cell::Cell;

use crate::heap::Ref;

const ENTRIES: usize = 32;

/// Lists with spare slots, direct-mapped: where a list begins or ends, and how far it can grow from there.
pub(super) struct Spare([Cell<(Ref, Ref)>; ENTRIES]);

impl Spare {
    fn entry(&self, at: Ref) -> &Cell<(Ref, Ref)> {
        &self.0[(at.wrapping_mul(0x9E37_79B1) >> 27) as usize]
    }

    /// Returns how far the list with this end can grow, and removes the entry: the caller now owns the spare slots.
    pub(super) fn take(&self, at: Ref) -> Option<Ref> {
        let entry = self.entry(at);
        let (known, limit) = entry.get();
        (known == at && at != 0).then(|| {
            entry.set((0, 0));
            limit
        })
    }

    pub(super) fn put(&self, at: Ref, limit: Ref) {
        if at != limit {
            self.entry(at).set((at, limit));
        }
    }

    fn clear(&self) {
        self.0.iter().for_each(|entry| entry.set((0, 0)));
    }
}

impl Default for Spare {
    fn default() -> Spare {
        Spare(std::array::from_fn(|_| Cell::new((0, 0))))
    }
}

/// The lists that can grow without being copied.
#[derive(Default)]
pub(super) struct Growing {
    /// By the slot after the last element: the first slot after the spare ones.
    pub(super) behind: Spare,
    /// By the slot of the first element: the first of the spare slots before it.
    pub(super) front: Spare,
}

impl Growing {
    /// Forgets all lists, because their memory may be reused from now on.
    pub(super) fn forget(&self) {
        self.behind.clear();
        self.front.clear();
    }
}
