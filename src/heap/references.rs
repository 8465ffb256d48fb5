//! References into the heap's areas, and the zones of the code area.

use std::cell::Cell;

/// A mutable word of the data area.
pub type Slot = Cell<u64>;

/// A reference into the data area: [`ORIGIN`] plus an offset in units of 8 bytes. Zero is never handed out.
pub type Ref = u32;

/// The first reference into the data area. It is large, so that the many small numbers in memory do not look like
/// references.
pub(super) const ORIGIN: Ref = 1 << 31;

/// The reference to a unit of the data area.
pub(super) fn reference(unit: usize) -> Ref {
    ORIGIN + unit as Ref
}

/// A reference into the text area, in units of 8 bytes. Zero is never handed out.
pub type TextRef = u32;

/// A reference into the code area, in units of 16 bytes; only 28 bits are used. Zero is never handed out.
pub type CodeRef = u32;

/// Zones of the code area: interned names; lowered code with its shapes and strings; shapes made at run time; the
/// table of cached names.
pub(super) const NAMES: usize = 0;
pub(super) const CODE: usize = 1;
pub(super) const SCRATCH: usize = 2;
pub(super) const TABLE: usize = 3;

/// The largest number that fits in the 28 spare bits of a word.
pub const MAX_28: usize = (1 << 28) - 1;

/// An interned name: the code-area address of its text, so that a symbol is also a constant string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sym(pub CodeRef);
