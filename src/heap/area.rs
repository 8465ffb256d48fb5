//! One range of memory with a bump pointer for each zone: hands out units and gives views of their bytes.
#![allow(unsafe_code, reason = "viewing memory as plain words is this file's purpose")]

use std::cell::{Cell, OnceCell};

use super::mapping::{FilePart, HeapFull, Mapping, PAGE, Pages, ZONES};
use super::references::{ORIGIN, Ref};
use super::warm::{self, Warmer};

/// Pages are prefaulted ahead of use once an area has grown past this many bytes.
const WARM_FROM: usize = 8 << 20;

/// Bytes before a short text.
const TAG: usize = 4;

/// A reserved range. Offsets are in units of `unit` bytes; the first unit stays unused so that zero can mean "none".
///
/// A range may have zones: equal parts, each filled from the bottom up. The upper bits of an offset are the number
/// of its zone. Zone 0 may also be filled in *holes*, parts that were handed out before and are free again: see
/// [`fill`](Area::fill).
pub(super) struct Area {
    mapping: Mapping,
    unit: usize,
    /// The first unused unit of each zone; for zone 0, of the hole that is being filled, if any.
    tops: [Cell<usize>; ZONES],
    /// The first unit of each zone that cannot be handed out directly: it is not mapped, or lies after the hole.
    ends: [Cell<usize>; ZONES],
    /// The bits of an offset from this one on are its zone.
    zone_bits: u32,
    /// The first unit of the second zone.
    second: usize,
    /// The number of mapped units of zone 0.
    limit: Cell<usize>,
    /// The reference just after them. References start at [`ORIGIN`], so they are negative as signed numbers, and
    /// one comparison tells whether a word exists.
    end_of_words: Cell<i32>,
    /// The byte after the last text in zone 0.
    text_end: Cell<usize>,
    /// Where [`bump`](Self::bump) next stops, and its caller must take the slow path.
    stop: Cell<usize>,
    /// While a hole is being filled: the first unit of zone 0 that was never handed out. Zero otherwise.
    fresh: Cell<usize>,
    warmer: OnceCell<Option<Warmer>>,
    /// The address that the word reference 0 would have.
    before_origin: *const Cell<u64>,
}

/// The reference after the last of so many words. Areas with other units have no words, and a number that looks like a
/// reference would keep garbage alive.
fn end_of_words(units: usize, unit: usize) -> i32 {
    if unit == size_of::<u64>() { ORIGIN.wrapping_add(units as u32) as i32 } else { i32::MIN }
}

/// Makes the processor load memory that will be needed soon.
#[inline]
pub(super) fn prefetch<T>(at: *const T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: this is a hint, which reads nothing, whatever the address.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(at.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}

/// The areas of a heap.
pub(super) struct Areas<'a> {
    pub(super) code: &'a Area,
    pub(super) text: &'a Area,
    pub(super) data: &'a Area,
}

impl Area {
    /// Reserves an empty area of `len` bytes, a power of two, in `zones` zones; `whole` maps all of it at once if
    /// possible.
    pub(super) fn reserve(len: usize, unit: usize, zones: usize, whole: bool) -> Result<Area, HeapFull> {
        let mapping = Mapping::reserve(len, zones, whole)?;
        let zone_bits = (len / unit / zones).trailing_zeros();
        let mapped = |zone: usize| mapping.mapped(zone) / unit;
        Ok(Area {
            unit,
            tops: [0, 1, 2, 3].map(|zone| Cell::new((zone << zone_bits).max(1))),
            ends: [0, 1, 2, 3].map(|zone| Cell::new((zone << zone_bits) + mapped(zone))),
            zone_bits,
            second: 1 << zone_bits,
            limit: Cell::new(mapped(0)),
            end_of_words: Cell::new(end_of_words(mapped(0), unit)),
            text_end: Cell::new(0),
            stop: Cell::new((WARM_FROM / unit).min(mapped(0))),
            fresh: Cell::new(0),
            warmer: OnceCell::new(),
            before_origin: mapping.base().as_ptr().cast::<Cell<u64>>().wrapping_sub(ORIGIN as usize),
            mapping,
        })
    }

    fn set_limit(&self, units: usize) {
        self.limit.set(units);
        self.end_of_words.set(end_of_words(units, self.unit));
    }

    /// The address of byte `at`.
    fn at(&self, at: usize) -> *mut u8 {
        self.mapping.base().as_ptr().wrapping_add(at)
    }

    /// The addresses of the units handed out in zone 0.
    pub(super) fn addresses(&self) -> std::ops::Range<usize> {
        let base = self.mapping.base().as_ptr() as usize;
        base..base + self.high() * self.unit
    }

    /// The first unit of a zone, and its first unused one.
    pub(super) fn zone(&self, zone: usize) -> (usize, usize) {
        let top = if zone == 0 { self.high() } else { self.tops[zone].get() };
        (zone << self.zone_bits, top)
    }

    /// The first unit of zone 0 that was never handed out.
    #[inline]
    pub(super) fn high(&self) -> usize {
        match self.fresh.get() {
            0 => self.tops[0].get(),
            fresh => fresh,
        }
    }

    /// Bytes that have been handed out in zone 0.
    #[inline]
    pub(super) fn used_first(&self) -> usize {
        self.high() * self.unit
    }

    /// Bytes that have been handed out.
    pub(super) fn used(&self) -> usize {
        let zones = self.mapping.len() / self.mapping.zone_len();
        (0..zones).map(|zone| self.zone(zone)).map(|(start, top)| top - start).sum::<usize>() * self.unit
    }

    /// Whether a hole is being filled.
    pub(super) fn is_filling_hole(&self) -> bool {
        self.fresh.get() != 0
    }

    /// Hands out `n` units that were never handed out before, even while a hole is being filled.
    pub(super) fn take_fresh(&self, n: usize) -> Result<usize, HeapFull> {
        let at = self.fresh.get();
        if at == 0 {
            return self.take(n);
        }
        let end = at.checked_add(n).ok_or(HeapFull)?;
        self.mapping.grow(0, end.checked_mul(self.unit).ok_or(HeapFull)?)?;
        self.set_limit(self.mapping.mapped(0) / self.unit);
        self.fresh.set(end);
        Ok(at)
    }

    /// The units that are left to fill in zone 0: the first one, and the one after the last.
    pub(super) fn filling(&self) -> (usize, usize) {
        (self.tops[0].get(), self.ends[0].get())
    }

    /// Fills the units `from..to` of zone 0 next, to which nothing may refer; or, if the two are equal, units that
    /// were never handed out. From now on [`bump`](Self::bump) hands out nothing, and [`take`](Self::take)
    /// everything.
    pub(super) fn fill(&self, from: usize, to: usize) {
        let high = self.high();
        assert!(from <= to && to <= high, "only what has been handed out can be a hole");
        self.stop.set(0);
        if from == to {
            self.fresh.set(0);
            self.tops[0].set(high);
            self.ends[0].set(self.limit.get());
        } else {
            self.fresh.set(high);
            self.tops[0].set(from);
            self.ends[0].set(to);
        }
        // The next text does not follow the last one.
        self.text_end.set(self.tops[0].get() * self.unit);
    }

    /// The end of the units handed out in the zone of unit `at`.
    #[inline]
    fn top_at(&self, at: usize) -> usize {
        // The second zone, that of code, is the common case.
        let top = self.tops[1].get();
        if at >= self.second && at < top {
            return top;
        }
        self.tops[(at >> self.zone_bits) & (ZONES - 1)].get()
    }

    /// Finds room for `n` units at the end of a zone and returns the first one's number. Nothing is handed out yet.
    #[inline]
    fn room(&self, zone: usize, n: usize) -> Result<usize, HeapFull> {
        let at = self.tops[zone].get();
        match at.checked_add(n) {
            Some(end) if end <= self.ends[zone].get() => Ok(at),
            _ => self.more_room(zone, n),
        }
    }

    #[cold]
    fn more_room(&self, zone: usize, n: usize) -> Result<usize, HeapFull> {
        let at = self.tops[zone].get();
        let start = zone << self.zone_bits;
        let bytes = at.checked_add(n).and_then(|end| (end - start).checked_mul(self.unit)).ok_or(HeapFull)?;
        if zone == 0 && self.fresh.get() != 0 {
            // A hole cannot grow.
            return Err(HeapFull);
        }
        self.mapping.grow(zone, bytes)?;
        let end = start + self.mapping.mapped(zone) / self.unit;
        self.ends[zone].set(end);
        if zone == 0 {
            self.set_limit(end);
        }
        Ok(at)
    }

    /// Hands out `n` units of zone 0 and returns the first one's number; `None` if the caller must use
    /// [`take`](Self::take).
    #[inline]
    pub(super) fn bump(&self, n: usize) -> Option<usize> {
        let at = self.tops[0].get();
        match at.checked_add(n) {
            Some(end) if end <= self.stop.get() => {
                self.tops[0].set(end);
                Some(at)
            }
            _ => None,
        }
    }

    /// Hands out `n` units of zone 0 if there is room where it is being filled.
    pub(super) fn take(&self, n: usize) -> Result<usize, HeapFull> {
        let at = self.room(0, n)?;
        self.tops[0].set(at + n);
        Ok(at)
    }

    /// Ends the thread that touches pages.
    pub(super) fn end_threads(&self) {
        if let Some(Some(warmer)) = self.warmer.get() {
            warmer.end();
        }
    }

    /// Starts the ended thread again.
    pub(super) fn resume_threads(&self) {
        if let Some(Some(warmer)) = self.warmer.get() {
            warmer.resume();
        }
    }

    /// Like [`take`](Self::take), when [`bump`](Self::bump) has reached its stop; moves the stop further.
    #[cold]
    pub(super) fn take_further(&self, n: usize) -> Result<usize, HeapFull> {
        let at = self.take(n)?;
        let end = at + n;
        if self.mapping.is_whole() {
            let pages = || Pages { base: self.mapping.base().as_ptr() as usize, len: self.mapping.len() };
            if let Some(warmer) = self.warmer.get_or_init(|| Warmer::start(pages())) {
                warmer.used(end * self.unit);
            }
        }
        self.stop.set((end + warm::STEP / self.unit).min(self.ends[0].get()));
        Ok(at)
    }

    /// Maps part of a file, of which `units` are in use, to the next page of a zone. The file must never change in
    /// place. Returns the first unit's number.
    pub(super) fn map(&self, zone: usize, part: &FilePart<'_>, units: usize) -> Result<usize, HeapFull> {
        let at = self.skip_to_page(zone)?;
        let end = (zone + 1) << self.zone_bits;
        if !part.len.is_multiple_of(PAGE)
            || !part.offset.is_multiple_of(PAGE)
            || part.len / self.unit > end - at
            || units > part.len / self.unit
        {
            return Err(HeapFull);
        }
        if part.len > 0 {
            // After everything that has been handed out, so no view of it exists.
            self.mapping.map_file(at * self.unit, part)?;
        }
        self.ends[zone].set((zone << self.zone_bits) + self.mapping.mapped(zone) / self.unit);
        if zone == 0 {
            self.set_limit(self.ends[0].get());
        }
        self.tops[zone].set(at + units);
        // The rest of the last page also belongs to the file.
        self.skip_to_page(zone)?;
        Ok(at)
    }

    /// Leaves the rest of a zone's current page unused, unless the zone is empty. Returns the zone's next unit.
    pub(super) fn skip_to_page(&self, zone: usize) -> Result<usize, HeapFull> {
        let (start, top) = self.zone(zone);
        let used = if top <= start.max(1) { start } else { top.next_multiple_of(PAGE / self.unit) };
        if used > (zone + 1) << self.zone_bits {
            return Err(HeapFull);
        }
        self.tops[zone].set(used.max(1));
        Ok(used)
    }

    /// The bytes of the units `from..to`, which must have been handed out in one zone.
    pub(super) fn bytes(&self, from: usize, to: usize) -> &[u8] {
        assert!(from <= to && (from == to || to <= self.top_at(from)), "heap reference out of bounds");
        // SAFETY: below the zone's top, where this area's bytes are immutable; only areas of immutable bytes are
        // read this way (`Heap` never does so for the data area).
        unsafe { std::slice::from_raw_parts(self.at(from * self.unit), (to - from) * self.unit) }
    }

    /// A view of the `n` words from reference `at` on, in an area with units of 8 bytes.
    #[inline]
    pub(super) fn words(&self, at: Ref, n: usize) -> &[Cell<u64>] {
        let limit = self.limit.get();
        let unit = at.wrapping_sub(ORIGIN) as usize;
        assert!(n <= limit && unit <= limit - n, "heap reference out of bounds");
        // SAFETY: the range is mapped (checked above), readable and writable, aligned to 8 and zeroed by the kernel; this
        // area is only ever viewed as `Cell<u64>`, so shared mutation is through cells.
        unsafe { std::slice::from_raw_parts(self.word_address(at), n) }
    }

    /// The word at reference `at`, in an area with units of 8 bytes.
    #[inline]
    pub(super) fn word(&self, at: Ref) -> &Cell<u64> {
        assert!((at as i32) < self.end_of_words.get(), "heap reference out of bounds");
        // SAFETY: as in `words`.
        unsafe { &*self.word_address(at) }
    }

    /// The address of a reference. It is computed from the reference itself and not from the unit, so that the
    /// reference stays where the collector can see it while the word is needed.
    #[inline]
    fn word_address(&self, at: Ref) -> *const Cell<u64> {
        self.before_origin.wrapping_add(at as usize)
    }

    /// Makes the processor load the word at a unit, in an area with units of 8 bytes.
    #[inline]
    pub(super) fn prefetch(&self, unit: usize) {
        prefetch(self.at(unit * 8));
    }

    /// Copies `units` to the end of a zone.
    pub(super) fn push_u32s(&self, zone: usize, units: &[u32]) -> Result<usize, HeapFull> {
        let n = (units.len() * 4).div_ceil(self.unit).max(1);
        let at = self.room(zone, n)?;
        // SAFETY: the target lies in the mapping and above `top`, where no reference points yet (all views end below
        // `top`), so nothing is aliased; source and target cannot overlap for the same reason.
        unsafe {
            std::ptr::copy_nonoverlapping(units.as_ptr(), self.at(at * self.unit).cast::<u32>(), units.len());
        }
        self.tops[zone].set(at + n);
        Ok(at)
    }

    /// The four 32-bit units at 16-byte unit `at`.
    #[inline]
    pub(super) fn u32x4(&self, at: usize) -> &[u32; 4] {
        assert!(at < self.top_at(at), "code reference out of bounds");
        // SAFETY: below `top`, so written once and never again; 16 bytes from a multiple of 16 lie in the mapping.
        unsafe { &*self.at(at * 16).cast::<[u32; 4]>() }
    }

    /// `n` 32-bit units from 16-byte unit `at`.
    #[inline]
    pub(super) fn u32s(&self, at: usize, n: usize) -> &[u32] {
        let left = self.top_at(at).saturating_sub(at);
        assert!(n.div_ceil(4) <= left, "code reference out of bounds");
        // SAFETY: below `top` (checked), immutable from then on, aligned to 16.
        unsafe { std::slice::from_raw_parts(self.at(at * 16).cast::<u32>(), n) }
    }

    /// Copies a header (length and tag) and `parts` to the end of a zone.
    pub(super) fn push_text(&self, zone: usize, tag: u32, parts: &[&[u8]]) -> Result<usize, HeapFull> {
        let mut len = 0usize;
        for part in parts {
            len = len.checked_add(part.len()).ok_or(HeapFull)?;
        }
        let len32 = u32::try_from(len).map_err(|_| HeapFull)?;
        let n = (8 + len).div_ceil(self.unit);
        let at = self.room(zone, n)?;
        // SAFETY: as in `push_u32s`: the target is inside the mapping and above `top`.
        unsafe {
            let to = self.at(at * self.unit);
            to.cast::<u32>().write(len32);
            to.add(4).cast::<u32>().write(tag);
            let mut to = to.add(8);
            for part in parts {
                std::ptr::copy_nonoverlapping(part.as_ptr(), to, part.len());
                to = to.add(part.len());
            }
        }
        self.tops[zone].set(at + n);
        if zone == 0 {
            self.text_end.set(at * self.unit + 8 + len);
        }
        Ok(at)
    }

    /// The tag and bytes of the string with a header at unit `at`, in an area whose texts are not extended.
    #[inline]
    pub(super) fn text(&self, at: usize) -> (u32, &[u8]) {
        self.text_before(at, self.top_at(at) * self.unit)
    }

    /// The tag and bytes of the string with a header at unit `at` of zone 0, whose last text may be extended.
    pub(super) fn long_text(&self, at: usize) -> (u32, &[u8]) {
        self.text_before(at, self.readable_end(at * self.unit))
    }

    /// An upper bound for the end of texts that begin at byte `from`: nothing between is ever written again.
    #[inline]
    fn readable_end(&self, from: usize) -> usize {
        match self.fresh.get() {
            // In or before the hole that is being filled, or anywhere while there is no hole.
            fresh if fresh == 0 || from < self.ends[0].get() * self.unit => self.text_end.get(),
            fresh => fresh * self.unit,
        }
    }

    #[inline]
    fn text_before(&self, at: usize, end: usize) -> (u32, &[u8]) {
        let from = at * self.unit;
        assert!(from + 8 <= end, "text reference out of bounds");
        // SAFETY: the header lies below `end`; aligned to 8.
        let (len, tag) = unsafe {
            let header = self.mapping.base().as_ptr().add(from).cast::<u32>();
            (header.read() as usize, header.add(1).read())
        };
        assert!(len <= end - from - 8, "text reference out of bounds");
        // SAFETY: below `end` (checked), where bytes are immutable.
        (tag, unsafe { std::slice::from_raw_parts(self.at(from + 8), len) })
    }

    /// Copies a tag and `parts`, which have `len` bytes, to the end of zone 0.
    pub(super) fn push_short_text(&self, tag: u32, len: usize, parts: &[&[u8]]) -> Result<usize, HeapFull> {
        let n = (TAG + len).div_ceil(self.unit);
        let at = self.room(0, n)?;
        let from = at * self.unit;
        // SAFETY: the target is inside the mapping and above the zone's top, where nothing is viewed yet.
        unsafe { self.mapping.base().as_ptr().add(from).cast::<u32>().write(tag) };
        self.copy_to(from + TAG, len, parts);
        self.tops[0].set(at + n);
        Ok(at)
    }

    /// The tag and bytes of a short text at unit `at`.
    #[inline]
    pub(super) fn short_text(&self, at: usize, len: usize) -> (u32, &[u8]) {
        let from = at * self.unit;
        // Not the zone's top: `extend_short_text` writes to what lies between.
        let end = self.readable_end(from);
        assert!(from + TAG + len <= end, "text reference out of bounds");
        // SAFETY: the tag lies below the end (checked); aligned to 8.
        let tag = unsafe { self.mapping.base().as_ptr().add(from).cast::<u32>().read() };
        // SAFETY: below the end (checked), where bytes are immutable.
        (tag, unsafe { std::slice::from_raw_parts(self.at(from + TAG), len) })
    }

    /// Appends `parts` to the short text at unit `at`, if it is the last text and there is room for `new` bytes in
    /// total.
    pub(super) fn extend_short_text(&self, at: usize, len: usize, new: usize, parts: &[&[u8]]) -> bool {
        let start = at * self.unit + TAG;
        let end = at + (TAG + new).div_ceil(self.unit);
        if start + len != self.text_end.get() || end > self.ends[0].get() {
            return false;
        }
        self.copy_to(start + len, new - len, parts);
        self.tops[0].set(end);
        true
    }

    /// Overwrites the texts in these units, to which nothing refers.
    pub(super) fn spoil(&self, units: std::ops::Range<usize>) {
        assert!(units.start <= units.end && units.end <= self.high(), "heap reference out of bounds");
        let (from, len) = (units.start * self.unit, units.len() * self.unit);
        // SAFETY: the range has been handed out (checked), and nothing views it.
        unsafe { self.at(from).write_bytes(0xee, len) };
    }

    /// Copies `parts`, which have `len` bytes, to byte `from`, where the texts end: every view ends before it.
    fn copy_to(&self, from: usize, len: usize, parts: &[&[u8]]) {
        let end = self.ends[0].get() * self.unit;
        assert!(from >= self.text_end.get() && from + len <= end, "heap reference out of bounds");
        let mut left = len;
        for part in parts {
            assert!(part.len() <= left, "text is longer than was said");
            // SAFETY: the target lies in the mapping and after every view (checked), so nothing is aliased, and
            // source and target cannot overlap.
            unsafe {
                let to = self.at(from + len - left);
                std::ptr::copy_nonoverlapping(part.as_ptr(), to, part.len());
            }
            left -= part.len();
        }
        self.text_end.set(from + len);
    }
}
