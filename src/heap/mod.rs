//! The one region of memory that all run-time data lives in, addressed by 32-bit offsets.
//!
//! Three areas, each one large reserved range of virtual memory that is filled from the bottom up and never freed
//! piecewise:
//!
//! - **code**: immutable units of 16 bytes (lowered code, shapes, symbols, constant strings), addressed by 28 bits. It
//!   has four zones: names, code, what is not worth keeping, and a table of names. The first two can be written to files
//!   and mapped again, together with a table;
//! - **text**: immutable byte strings made at run time, addressed in units of 8 bytes;
//! - **data**: words of 64 bits that evaluation reads and overwrites through [`Slot`]s.
//!
//! Immutable and mutable bytes never share an area, and every access is checked against the area's bounds. A wrong
//! reference therefore gives a wrong answer or a panic, never undefined behaviour. This folder is the only one
//! with `unsafe` code.

mod allocator;
mod area;
mod image;
mod symbols;
mod warm;

use std::cell::Cell;

pub use allocator::Allocator;
use area::Area;
pub use area::HeapFull;
pub use image::{Image, Mapped, MappedTable, Zones, checksum};
pub use symbols::{EMPTY_SHAPE, FIXED, LAYERS_SHAPE, RUN_SHAPE, Sym, Symbols, sym};

/// A mutable word of the data area.
pub type Slot = Cell<u64>;

/// A reference into the data area, in units of 8 bytes. Zero is never handed out.
pub type Ref = u32;

/// A reference into the text area, in units of 8 bytes. Zero is never handed out.
pub type TextRef = u32;

/// A reference into the code area, in units of 16 bytes; only 28 bits are used. Zero is never handed out.
pub type CodeRef = u32;

const GIB: usize = 1 << 30;
/// Bytes of the code area: 2^28 units of 16 bytes.
const CODE_BYTES: usize = 4 * GIB;
/// Bytes that 32-bit offsets in units of 8 bytes can address.
const WORD_BYTES: usize = 32 * GIB;

/// Zones of the code area: interned names; lowered code with its shapes and strings; shapes made at run time; the table
/// of the names that were kept.
const NAMES: usize = 0;
const CODE: usize = 1;
const SCRATCH: usize = 2;
const TABLE: usize = 3;

/// Largest number that fits the 28 spare bits of a word.
pub const MAX_28: usize = (1 << 28) - 1;

/// The memory of one evaluation.
pub struct Heap {
    code: Area,
    text: Area,
    data: Area,
    /// Interned attribute and variable names.
    pub symbols: Symbols,
}

impl Heap {
    /// Reserves address space for a new, empty heap. Where the full range is refused (`ulimit -v`, containers)
    /// half as much is tried, and so on.
    ///
    /// # Errors
    /// [`HeapFull`] when not even a few megabytes can be reserved.
    pub fn new() -> Result<Heap, HeapFull> {
        let heap = Heap::bare()?;
        symbols::intern_fixed(&heap)?;
        Ok(heap)
    }

    fn bare() -> Result<Heap, HeapFull> {
        Ok(Heap {
            code: Area::reserve(CODE_BYTES, 16, area::ZONES)?,
            text: Area::reserve(WORD_BYTES, 8, 1)?,
            data: Area::reserve(WORD_BYTES, 8, 1)?,
            symbols: Symbols::new(),
        })
    }

    /// Allocates `n` zeroed words in the data area.
    ///
    /// # Errors
    /// [`HeapFull`] when the reserved range is used up.
    #[inline]
    pub fn alloc(&self, n: usize) -> Result<Ref, HeapFull> {
        self.data.bump(n).map(|at| at as Ref)
    }

    /// The `n` words at `at`.
    #[inline]
    pub fn slots(&self, at: Ref, n: usize) -> &[Slot] {
        self.data.words(at as usize, n)
    }

    /// The word at `at`.
    #[inline]
    pub fn slot(&self, at: Ref) -> &Slot {
        self.data.word(at as usize)
    }

    /// Bytes in use, by area: code, text, data.
    pub fn used(&self) -> [usize; 3] {
        [self.code.used(), self.text.used(), self.data.used()]
    }

    /// Appends immutable 32-bit units to the code area, starting at a 16-byte boundary.
    ///
    /// # Errors
    /// [`HeapFull`] when the area is used up.
    pub fn push_code(&self, units: &[u32]) -> Result<CodeRef, HeapFull> {
        self.code.push_u32s(CODE, units).map(|at| at as CodeRef)
    }

    /// Like [`push_code`](Self::push_code), for what would not be worth keeping on disk.
    ///
    /// # Errors
    /// [`HeapFull`] when the area is used up.
    pub fn push_scratch(&self, units: &[u32]) -> Result<CodeRef, HeapFull> {
        self.code.push_u32s(SCRATCH, units).map(|at| at as CodeRef)
    }

    /// The first four 32-bit units of the code object at `at`.
    #[inline]
    pub fn code4(&self, at: CodeRef) -> &[u32; 4] {
        self.code.u32x4(at as usize)
    }

    /// The first `n` 32-bit units of the code object at `at`.
    #[inline]
    pub fn code(&self, at: CodeRef, n: usize) -> &[u32] {
        self.code.u32s(at as usize, n)
    }

    /// Appends an immutable byte string to the code area: a header (length, tag) and the bytes.
    ///
    /// # Errors
    /// [`HeapFull`] when the area is used up or the string has 4 GiB or more.
    pub fn push_code_text(&self, tag: u32, bytes: &[u8]) -> Result<CodeRef, HeapFull> {
        self.code.push_text(CODE, tag, &[bytes]).map(|at| at as CodeRef)
    }

    /// The byte string at `at` in the code area, and its tag.
    #[inline]
    pub fn code_text(&self, at: CodeRef) -> (u32, &[u8]) {
        self.code.text(at as usize)
    }

    /// Appends the concatenation of `parts` as one immutable byte string to the text area. Returns where it is, and its
    /// length, or [`MAX_28`] if that is no smaller.
    ///
    /// # Errors
    /// [`HeapFull`] when the area is used up or the string has 4 GiB or more.
    pub fn push_text(&self, tag: u32, parts: &[&[u8]]) -> Result<(TextRef, u32), HeapFull> {
        let mut len = 0usize;
        for part in parts {
            len = len.checked_add(part.len()).ok_or(HeapFull)?;
        }
        let at = match len < MAX_28 {
            true => self.text.push_short_text(tag, len, parts)?,
            false => self.text.push_text(0, tag, parts)?,
        };
        Ok((at as TextRef, len.min(MAX_28) as u32))
    }

    /// The byte string at `at` in the text area with the length that [`push_text`](Self::push_text) gave, and its tag.
    #[inline]
    pub fn text(&self, at: TextRef, len: u32) -> (u32, &[u8]) {
        if len as usize == MAX_28 {
            self.text.text(at as usize)
        } else {
            self.text.short_text(at as usize, len as usize)
        }
    }

    /// Puts `parts` behind a byte string and returns the length of both, if the string is the last one in the text area,
    /// has this tag, and there is room. The string itself does not change.
    pub fn extend_text(&self, at: TextRef, len: u32, tag: u32, parts: &[&[u8]]) -> Option<u32> {
        let new = parts.iter().try_fold(len as usize, |len, part| len.checked_add(part.len()))?;
        let fits = (len as usize) < MAX_28 && new < MAX_28 && self.text(at, len).0 == tag;
        (fits && self.text.extend_short_text(at as usize, len as usize, new, parts)).then_some(new as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_texts_and_code_keep_what_was_put_in() {
        let heap = Heap::new().expect("address space");
        let a = heap.alloc(3).expect("room");
        heap.slot(a + 2).set(7);
        assert_eq!(heap.slots(a, 3).iter().map(Cell::get).collect::<Vec<_>>(), [0, 0, 7]);
        let (t, len) = heap.push_text(9, &[b"ab", b"", b"cdefghijk"]).expect("room");
        assert_eq!(heap.text(t, len), (9, &b"abcdefghijk"[..]));
        let longer = heap.extend_text(t, len, 9, &[heap.text(t, 2).1, b"!"]).expect("it is the last one");
        assert_eq!(heap.text(t, longer), (9, &b"abcdefghijkab!"[..]));
        assert_eq!(heap.text(t, len), (9, &b"abcdefghijk"[..]));
        assert_eq!(heap.extend_text(t, len, 9, &[b"?"]), None, "something is behind it");
        assert_eq!(heap.extend_text(t, longer, 8, &[b"?"]), None, "another tag");
        let c = heap.push_code(&[1, 2, 3, 4, 5]).expect("room");
        assert_eq!(heap.code(c, 5), [1, 2, 3, 4, 5]);
        assert_eq!(heap.code4(c), &[1, 2, 3, 4]);
        assert_ne!((a, t, c), (0, 0, 0));
    }

    #[test]
    #[should_panic(expected = "out of bounds")]
    fn reading_text_beyond_the_end_panics() {
        let heap = Heap::new().expect("address space");
        let (t, len) = heap.push_text(0, &[b"x"]).expect("room");
        heap.text(t + 100, len);
    }
}
