//! A builder that collects the attributes of a new set.

use super::Value;
use crate::heap::Sym;
use crate::source::Pos;

/// The attributes of a set under construction. Of entries with the same name, the last one wins.
#[derive(Default)]
pub struct AttrsBuilder {
    entries: Vec<(Sym, Pos, Value)>,
}

impl AttrsBuilder {
    /// Makes an empty builder.
    pub fn new() -> AttrsBuilder {
        AttrsBuilder::default()
    }

    /// Makes an empty builder with room for `n` attributes.
    pub fn with_capacity(n: usize) -> AttrsBuilder {
        AttrsBuilder { entries: Vec::with_capacity(n) }
    }

    pub(super) fn from_sorted(entries: Vec<(Sym, Pos, Value)>) -> AttrsBuilder {
        AttrsBuilder { entries }
    }

    /// Adds an attribute without a position. A value that another slot holds must have been
    /// [shared](super::Memory::share).
    pub fn push(&mut self, name: Sym, value: Value) {
        self.entries.push((name, Pos::NONE, value));
    }

    /// Adds an attribute defined at `pos`.
    pub fn push_at(&mut self, name: Sym, pos: Pos, value: Value) {
        self.entries.push((name, pos, value));
    }

    /// The number of attributes added, including duplicates.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing has been added.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn into_sorted(self) -> Vec<(Sym, Pos, Value)> {
        let mut entries = self.entries;
        if entries.windows(2).all(|w| w[0].0 < w[1].0) {
            return entries;
        }
        // The sort is stable, so the last of several equal names ends up last; keep that one.
        entries.sort_by_key(|e| e.0);
        let mut kept: Vec<(Sym, Pos, Value)> = Vec::with_capacity(entries.len());
        for entry in entries {
            match kept.last_mut() {
                Some(last) if last.0 == entry.0 => *last = entry,
                _ => kept.push(entry),
            }
        }
        kept
    }
}
