//! The heap: the memory of all run-time data, addressed by 32-bit offsets.
//!
//! It has three areas, each a large reserved range of virtual memory that is filled from the bottom up:
//!
//! - **code**: immutable units of 16 bytes (lowered code, shapes, symbols, constant strings), addressed by 28 bits.
//!   It has four zones: names, code, scratch data that is not worth caching, and a table of names. The first two
//!   can be written to files and mapped again, together with the table;
//! - **text**: immutable byte strings made at run time, addressed in units of 8 bytes;
//! - **data**: words of 64 bits that evaluation reads and overwrites through [`Slot`]s.
//!
//! Immutable and mutable bytes never share an area, and every access is checked against the area's bounds. A wrong
//! reference therefore gives a wrong answer or a panic, never undefined behaviour. This folder is the only one
//! with `unsafe` code.
//!
//! Code is never freed. Once the heap has reached a certain size, the collector frees texts and words: see
//! `collect.rs`.

mod allocator;
mod area;
mod checksum;
mod collect;
mod fixed_names;
mod image;
mod intern;
mod mapping;
mod marking;
mod references;
mod registers;
mod reserved;
mod roots;
mod space;
mod stack;
mod symbols;
mod warm;

use std::cell::Cell;

pub use allocator::Allocator;
use area::{Area, Areas};
pub use checksum::checksum;
pub use collect::COLLECT_FROM;
use collect::Collector;
pub use fixed_names::{EMPTY_SHAPE, LANGUAGE_NAMES, LAYERS_SHAPE, RUN_SHAPE, sym};
pub use image::{Image, Mapped, MappedTable, Zones};
pub use mapping::HeapFull;
#[cfg(test)]
pub use marking::tags;
pub use marking::{SUSPENSION, SUSPENSION_MASK};
use references::{CODE, SCRATCH, reference};
pub use references::{CodeRef, MAX_28, Ref, Slot, Sym, TextRef};
pub use stack::{stack_for_a_text, stack_for_evaluation};
pub use symbols::Symbols;

const GIB: usize = 1 << 30;
/// Bytes of the code area: 2^28 units of 16 bytes.
const CODE_BYTES: usize = 4 * GIB;
/// Bytes of the text area: what 32-bit offsets in units of 8 bytes can address.
const TEXT_BYTES: usize = 32 * GIB;
/// Bytes of the data area: what references from [`ORIGIN`] on can address.
const DATA_BYTES: usize = 16 * GIB;

/// The heap's size is checked after this many bytes of new texts.
const TEXT_STEP: usize = 2 << 20;

/// The memory of one evaluation.
pub struct Heap {
    code: Area,
    text: Area,
    data: Area,
    collector: Collector,
    /// How far texts may grow before the heap's size is checked; zero once the collector is running.
    text_stop: Cell<usize>,
    /// Interned attribute and variable names.
    pub symbols: Symbols,
}

impl Heap {
    /// Reserves address space for a new, empty heap. Where it is limited (`ulimit -v`, containers), memory is
    /// mapped as needed.
    pub fn new() -> Result<Heap, HeapFull> {
        let heap = Heap::bare()?;
        heap.intern_fixed()?;
        Ok(heap)
    }

    fn bare() -> Result<Heap, HeapFull> {
        // The rest of the process needs address space as well.
        let whole =
            mapping::address_space().is_none_or(|bytes| bytes / 2 > CODE_BYTES + TEXT_BYTES + DATA_BYTES);
        Ok(Heap {
            code: Area::reserve(CODE_BYTES, 16, mapping::ZONES, whole)?,
            text: Area::reserve(TEXT_BYTES, 8, 1, whole)?,
            data: Area::reserve(DATA_BYTES, 8, 1, whole)?,
            collector: Collector::new(),
            text_stop: Cell::new(TEXT_STEP),
            symbols: Symbols::new(),
        })
    }

    /// Sets the size, in bytes of texts and words, from which on garbage is collected; `None` for never.
    pub fn collect_from(&self, bytes: Option<usize>) {
        self.collector.set_first(bytes);
        self.text_stop.set(self.text_stop.get().min(bytes.unwrap_or(usize::MAX)));
    }

    /// Calls `forget` before the memory of any word or text is reused, for tables that hold weak references.
    pub fn before_reuse(&self, forget: Box<dyn Fn()>) {
        self.collector.before_reuse(forget);
    }

    /// Whether the collector is running: from then on, keeping a value alive has a price.
    pub fn collects(&self) -> bool {
        self.text_stop.get() == 0
    }

    /// Collects now, whatever the size of the heap. Returns the numbers of the errors that failed computations
    /// still refer to; `None` if collecting is not possible.
    pub fn errors_in_use(&self) -> Option<hashbrown::HashSet<u32>> {
        if self.collector.first() == usize::MAX {
            return None;
        }
        let found = self.collector.collect_now(&self.areas());
        if self.collector.is_collecting() {
            self.text_stop.set(0);
        }
        found
    }

    /// The number of collections so far.
    pub fn collections(&self) -> u64 {
        self.collector.cycles()
    }

    /// Allocates `n` zeroed words in the data area.
    #[inline]
    pub fn alloc(&self, n: usize) -> Result<Ref, HeapFull> {
        match self.data.bump(n) {
            Some(at) => Ok(reference(at)),
            None => self.alloc_further(n),
        }
    }

    #[inline(never)]
    fn alloc_further(&self, n: usize) -> Result<Ref, HeapFull> {
        let at = match self.is_collecting() {
            true => self.collector.words(n, &self.areas())?,
            false => self.data.take_further(n)?,
        };
        Ok(reference(at))
    }

    /// Starts the threads again that [`end_threads`](Heap::end_threads) has ended.
    pub fn resume_threads(&self) {
        for area in [&self.code, &self.text, &self.data] {
            area.resume_threads();
        }
    }

    /// Ends the threads that provide pages ahead of their use.
    pub fn end_threads(&self) {
        for area in [&self.code, &self.text, &self.data] {
            area.end_threads();
        }
    }

    fn areas(&self) -> Areas<'_> {
        Areas { code: &self.code, text: &self.text, data: &self.data }
    }

    /// Whether the collector tracks objects; starts it once the heap has reached its size.
    fn is_collecting(&self) -> bool {
        if self.text_stop.get() == 0 {
            return true;
        }
        if self.text.used() + self.data.used() >= self.collector.first() {
            self.collector.begin(&self.areas());
            if self.collector.is_collecting() {
                self.text_stop.set(0);
                return true;
            }
        }
        false
    }

    /// Prepares the text area for a text of `bytes` bytes, header included.
    #[inline]
    fn prepare_text(&self, bytes: usize) {
        if self.text.used_first() >= self.text_stop.get() {
            self.prepare_text_further(bytes);
        }
    }

    #[cold]
    fn prepare_text_further(&self, bytes: usize) {
        match self.is_collecting() {
            true => self.collector.room_for_text(bytes.div_ceil(8), &self.areas()),
            false => self.text_stop.set(self.text.used() + TEXT_STEP),
        }
    }

    /// The `n` words at `at`.
    #[inline]
    pub fn slots(&self, at: Ref, n: usize) -> &[Slot] {
        self.data.words(at, n)
    }

    /// The word at `at`.
    #[inline]
    pub fn slot(&self, at: Ref) -> &Slot {
        self.data.word(at)
    }

    /// Bytes in use, by area: code, text, data.
    pub fn used(&self) -> [usize; 3] {
        [self.code.used(), self.text.used(), self.data.used()]
    }

    /// Appends immutable 32-bit units to the code area, starting at a 16-byte boundary.
    pub fn push_code(&self, units: &[u32]) -> Result<CodeRef, HeapFull> {
        self.code.push_u32s(CODE, units).map(|at| at as CodeRef)
    }

    /// Like [`push_code`](Self::push_code), for data that is not worth caching on disk.
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

    /// The tag and bytes of the string at `at` in the code area.
    #[inline]
    pub fn code_text(&self, at: CodeRef) -> (u32, &[u8]) {
        self.code.text(at as usize)
    }

    /// Appends the concatenation of `parts` as one immutable byte string to the text area. Returns its reference
    /// and its length, capped at [`MAX_28`].
    ///
    /// # Errors
    /// [`HeapFull`] when the area is used up or the string has 4 GiB or more.
    pub fn push_text(&self, tag: u32, parts: &[&[u8]]) -> Result<(TextRef, u32), HeapFull> {
        let mut len = 0usize;
        for part in parts {
            len = len.checked_add(part.len()).ok_or(HeapFull)?;
        }
        self.prepare_text(len.checked_add(8).ok_or(HeapFull)?);
        let at = match len < MAX_28 {
            true => self.text.push_short_text(tag, len, parts)?,
            false => self.text.push_text(0, tag, parts)?,
        };
        Ok((at as TextRef, len.min(MAX_28) as u32))
    }

    /// The tag and bytes of the string at `at` in the text area; `len` is what [`push_text`](Self::push_text)
    /// returned.
    #[inline]
    pub fn text(&self, at: TextRef, len: u32) -> (u32, &[u8]) {
        if len as usize == MAX_28 {
            self.text.long_text(at as usize)
        } else {
            self.text.short_text(at as usize, len as usize)
        }
    }

    /// Appends `parts` to a byte string and returns the total length, if the string is the last one in the text
    /// area, has this tag, and there is room. The original string does not change.
    pub fn extend_text(&self, at: TextRef, len: u32, tag: u32, parts: &[&[u8]]) -> Option<u32> {
        let new = parts.iter().try_fold(len as usize, |len, part| len.checked_add(part.len()))?;
        let fits = (len as usize) < MAX_28 && new < MAX_28 && self.text(at, len).0 == tag;
        if !fits || !self.text.extend_short_text(at as usize, len as usize, new, parts) {
            return None;
        }
        if self.collects() {
            self.collector.text_grows(at as usize, (new + 4).div_ceil(8));
        }
        Some(new as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::references::ORIGIN;
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

    /// Lists and strings in the slots of one list, replaced at random.
    #[test]
    #[cfg(target_os = "linux")]
    fn what_can_be_reached_stays_as_it_is() {
        use marking::tags;
        const SLOTS: usize = 64;
        let heap = Heap::new().expect("address space");
        heap.collect_from(Some(4096));
        let at = heap.alloc(SLOTS).expect("room");
        let root = std::hint::black_box(Box::new(tags::LIST | (SLOTS as u64) << 4 | u64::from(at) << 32));
        let slots = || heap.slots((*root >> 32) as Ref, SLOTS);
        let mut state = 1u32;
        let mut random = |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % below
        };
        let small_int = |n: usize| (n as u64) << 4 | 2;
        let text = |seed: usize, len: usize| (0..len).map(|i| (seed + i) as u8).collect::<Vec<u8>>();
        let word = |at: u32, len: u32, tag: u64| tag | u64::from(len) << 4 | u64::from(at) << 32;
        let mut lens = [0; SLOTS];
        let mut seeds = [0; SLOTS];
        for round in 0..30_000 {
            let i = random(SLOTS);
            let len = match random(500) {
                0 => 5000 + random(5000),
                n if n < 20 => 500 + random(500),
                _ => 1 + random(20),
            };
            (lens[i], seeds[i]) = (len, round);
            let new = if i % 2 == 0 {
                let at = heap.alloc(len).expect("room");
                let words = heap.slots(at, len).iter().enumerate();
                words.for_each(|(n, word)| {
                    assert_eq!(word.get(), 0, "new words are empty");
                    word.set(small_int(round + n));
                });
                word(at, len as u32, tags::LIST)
            } else {
                let (bytes, half) = (text(round, 5 * len), len * random(5));
                let (at, n) = heap.push_text(0, &[&bytes[..half]]).expect("room");
                let n = heap.extend_text(at, n, 0, &[&bytes[half..]]).map_or(n, |n| n);
                lens[i] = n as usize;
                word(at, n, tags::STRING)
            };
            slots()[i].set(new);
            if round % 64 > 0 {
                continue;
            }
            for (i, slot) in slots().iter().enumerate().filter(|(_, slot)| slot.get() != 0) {
                let (at, len) = ((slot.get() >> 32) as u32, slot.get() as u32 >> 4);
                assert_eq!(len as usize, lens[i]);
                if i % 2 == 0 {
                    let words = heap.slots(at, lens[i]).iter().map(Cell::get);
                    assert!(words.eq((0..lens[i]).map(|n| small_int(seeds[i] + n))), "list {i} has changed");
                } else {
                    assert!(heap.text(at, len).1 == text(seeds[i], lens[i]), "text {i} has changed");
                }
            }
        }
        assert!(heap.collections() > 10, "{}", heap.collections());
        let [_, text, data] = heap.used();
        assert!(text + data < 64 << 20, "what is not needed is given back: {text}, {data}");
    }

    /// References are the same numbers in all heaps.
    #[test]
    #[cfg(target_os = "linux")]
    fn what_another_heap_refers_to_is_not_kept() {
        use marking::tags;
        const LISTS: usize = 8000;
        const LEN: usize = 1000;
        let (heap, other) = (Heap::new().expect("address space"), Heap::new().expect("address space"));
        heap.collect_from(Some(4096));
        let first = u64::from(heap.alloc(1).expect("room"));
        let at = other.alloc(LISTS).expect("room");
        for (word, n) in other.slots(at, LISTS).iter().zip(0..) {
            word.set(tags::LIST | 1 << 4 | (first + n * LEN as u64) << 32);
        }
        for _ in 0..LISTS {
            heap.alloc(LEN).expect("room");
        }
        let [_, _, data] = heap.used();
        assert!(data < LISTS * LEN * 8 / 4, "what is not needed is given back: {data}");
    }

    #[test]
    fn references_that_were_not_handed_out_panic() {
        let heap = Heap::new().expect("address space");
        for at in [0, 1, ORIGIN - 1] {
            let read = std::panic::AssertUnwindSafe(|| heap.slot(at).get());
            assert!(std::panic::catch_unwind(read).is_err(), "{at}");
        }
        assert_eq!(heap.slot(ORIGIN).get(), 0);
    }

    #[test]
    #[should_panic(expected = "out of bounds")]
    fn reading_text_beyond_the_end_panics() {
        let heap = Heap::new().expect("address space");
        let (t, len) = heap.push_text(0, &[b"x"]).expect("room");
        heap.text(t + 100, len);
    }
}
