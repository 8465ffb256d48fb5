//! One reserved range of virtual memory with a bump pointer: mapping it and viewing its bytes.
#![allow(unsafe_code, reason = "mapping memory and viewing it as plain words is this file's purpose")]

use std::cell::{Cell, OnceCell};
use std::fmt;
use std::os::fd::{AsRawFd as _, BorrowedFd};
use std::ptr::NonNull;

use super::warm::{self, Warmer};

/// The heap's reserved range is used up, or could not be reserved at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeapFull;

impl fmt::Display for HeapFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("out of memory: the evaluation's heap is full")
    }
}

impl std::error::Error for HeapFull {}

/// Memory is asked for in huge pages once a zone has grown past this many bytes: small evaluations should not pay
/// for zeroing two megabytes, large ones save two thirds of their page faults.
const HUGE_PAGES_FROM: usize = 4 << 20;

/// Pages are made ready ahead of their use once an area has grown past this many bytes.
const WARM_FROM: usize = 8 << 20;

/// Zones of an area that has more than one.
pub(super) const ZONES: usize = 4;

/// Bytes before a short text.
const TAG: usize = 4;

/// Bytes of a page, and of what files are mapped in multiples of.
pub(super) const PAGE: usize = 4096;

/// A reserved range. Offsets are in units of `unit` bytes; the first unit stays unused so that zero can mean "none".
///
/// A range may have zones, equal parts that are each filled from their bottom up: the upper bits of an offset are the
/// number of its zone.
pub(super) struct Area {
    base: NonNull<u8>,
    /// Length of the reservation in bytes.
    len: usize,
    unit: usize,
    /// First unused unit of each zone.
    tops: [Cell<usize>; ZONES],
    /// An offset's zone is in its bits from this one on.
    zone_bits: u32,
    /// First unit of the second zone.
    second: usize,
    /// Units that may be handed out.
    limit: usize,
    /// The byte behind the last text in zone 0.
    text_end: Cell<usize>,
    /// Where [`bump`](Self::bump) next has something to do beside its work.
    stop: Cell<usize>,
    warmer: OnceCell<Option<Warmer>>,
}

/// An area's pages, for a thread that touches them.
pub(super) struct Pages {
    base: usize,
    len: usize,
}

impl Pages {
    /// Has the kernel provide pages, without changing what is in them. False if it cannot.
    pub(super) fn touch(&self, from: usize, len: usize) -> bool {
        if from.checked_add(len).is_none_or(|end| end > self.len) {
            return false;
        }
        #[cfg(target_os = "linux")]
        {
            // SAFETY: advice that provides pages for addresses and changes no contents, whatever they are used for.
            let done = unsafe {
                libc::madvise((self.base + from) as *mut libc::c_void, len, libc::MADV_POPULATE_WRITE)
            };
            done == 0
        }
        #[cfg(not(target_os = "linux"))]
        false
    }
}

impl Area {
    pub(super) fn reserve(mut len: usize, unit: usize, zones: usize) -> Result<Area, HeapFull> {
        const SMALLEST: usize = 4 << 20;
        loop {
            // SAFETY: an anonymous private mapping at an address of the kernel's choice touches no existing memory.
            let at = unsafe {
                libc::mmap(
                    std::ptr::null_mut(),
                    len,
                    libc::PROT_READ | libc::PROT_WRITE,
                    libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                    -1,
                    0,
                )
            };
            if at != libc::MAP_FAILED
                && let Some(base) = NonNull::new(at.cast::<u8>())
            {
                #[cfg(target_os = "linux")]
                for zone in (0..zones).map(|zone| zone * (len / zones)) {
                    let small = HUGE_PAGES_FROM.min(len / zones);
                    // SAFETY: advice on a range inside the mapping just made; it changes no contents.
                    unsafe {
                        let from = base.as_ptr().add(zone + small);
                        libc::madvise(from.cast(), len / zones - small, libc::MADV_HUGEPAGE);
                    }
                }
                let limit = len / unit;
                // `len` has only been halved: it still is a power of two.
                let zone_bits = (limit / zones).trailing_zeros();
                let tops = [0, 1, 2, 3].map(|zone| Cell::new((zone << zone_bits).max(1)));
                let stop = Cell::new((WARM_FROM / unit).min(1 << zone_bits));
                return Ok(Area {
                    base,
                    len,
                    unit,
                    tops,
                    zone_bits,
                    second: 1 << zone_bits,
                    limit,
                    text_end: Cell::new(0),
                    stop,
                    warmer: OnceCell::new(),
                });
            }
            len /= 2;
            if len < SMALLEST {
                return Err(HeapFull);
            }
        }
    }

    /// Units of a zone.
    pub(super) fn zone_len(&self) -> usize {
        1 << self.zone_bits
    }

    /// The first unit of a zone, and its first unused one.
    pub(super) fn zone(&self, zone: usize) -> (usize, usize) {
        (zone << self.zone_bits, self.tops[zone].get())
    }

    /// Bytes in use.
    pub(super) fn used(&self) -> usize {
        let zones = self.limit >> self.zone_bits;
        let units: usize =
            self.tops[..zones].iter().enumerate().map(|(z, t)| t.get() - (z << self.zone_bits)).sum();
        units * self.unit
    }

    /// The end of what has been handed out in the zone of unit `at`.
    #[inline]
    fn top_at(&self, at: usize) -> usize {
        // Mostly the second one: that of code.
        let top = self.tops[1].get();
        if at >= self.second && at < top {
            return top;
        }
        self.tops[(at >> self.zone_bits) & (ZONES - 1)].get()
    }

    /// Room for `n` units at the end of a zone: the first one's number. Nothing is handed out yet.
    #[inline]
    fn room(&self, zone: usize, n: usize) -> Result<usize, HeapFull> {
        let at = self.tops[zone].get();
        match at.checked_add(n) {
            Some(end) if end <= (zone + 1) << self.zone_bits => Ok(at),
            _ => Err(HeapFull),
        }
    }

    /// Hands out `n` units of zone 0 and returns the first one's number.
    #[inline]
    pub(super) fn bump(&self, n: usize) -> Result<usize, HeapFull> {
        let at = self.tops[0].get();
        match at.checked_add(n) {
            Some(end) if end <= self.stop.get() => {
                self.tops[0].set(end);
                Ok(at)
            }
            _ => self.bump_further(n),
        }
    }

    /// [`bump`](Self::bump) at the end of what is ready.
    #[cold]
    fn bump_further(&self, n: usize) -> Result<usize, HeapFull> {
        let at = self.room(0, n)?;
        let end = at + n;
        self.tops[0].set(end);
        let pages = || Pages { base: self.base.as_ptr() as usize, len: self.len };
        let next = match self.warmer.get_or_init(|| Warmer::start(pages())) {
            Some(warmer) => {
                warmer.used(end * self.unit);
                end + warm::STEP / self.unit
            }
            None => self.zone_len(),
        };
        self.stop.set(next.min(self.zone_len()));
        Ok(at)
    }

    /// Maps `len` bytes of a file, from byte `offset` on, to the next page of a zone, of which `units` are in use.
    /// The file must never be changed in place. Returns the first unit's number.
    pub(super) fn map(
        &self,
        zone: usize,
        file: BorrowedFd<'_>,
        offset: usize,
        len: usize,
        units: usize,
    ) -> Result<usize, HeapFull> {
        let at = self.skip_to_page(zone)?;
        let end = (zone + 1) << self.zone_bits;
        if !len.is_multiple_of(PAGE)
            || !offset.is_multiple_of(PAGE)
            || len / self.unit > end - at
            || units > len / self.unit
        {
            return Err(HeapFull);
        }
        if len > 0 {
            // SAFETY: the range lies inside this area's own reservation (checked) and behind everything handed out,
            // so no view of it exists; the mapping is private and read-only, and files of code are never written to
            // once they have their name.
            let mapped = unsafe {
                libc::mmap(
                    self.base.as_ptr().add(at * self.unit).cast(),
                    len,
                    libc::PROT_READ,
                    libc::MAP_PRIVATE | libc::MAP_FIXED,
                    file.as_raw_fd(),
                    offset as libc::off_t,
                )
            };
            if mapped == libc::MAP_FAILED {
                return Err(HeapFull);
            }
        }
        self.tops[zone].set(at + units);
        // The rest of the last page is the file's, too.
        self.skip_to_page(zone)?;
        Ok(at)
    }

    /// Leaves the rest of a zone's current page unused, except on an empty zone. Returns the zone's next unit.
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
        // SAFETY: below the zone's top, where this area's bytes are immutable; only areas of immutable bytes are read
        // this way (`Heap` asks for none of the data area).
        unsafe {
            std::slice::from_raw_parts(self.base.as_ptr().add(from * self.unit), (to - from) * self.unit)
        }
    }

    /// A view of `n` words from unit `at` of an area with units of 8 bytes.
    #[inline]
    pub(super) fn words(&self, at: usize, n: usize) -> &[Cell<u64>] {
        assert!(n <= self.limit && at <= self.limit - n, "heap reference out of bounds");
        // SAFETY: the range lies in the mapping (checked above), is readable and writable, aligned to 8 and zeroed by
        // the kernel; this area is only ever viewed as `Cell<u64>`, so shared mutation is through cells.
        unsafe { std::slice::from_raw_parts(self.base.as_ptr().cast::<Cell<u64>>().add(at), n) }
    }

    /// The word at unit `at` of an area with units of 8 bytes.
    #[inline]
    pub(super) fn word(&self, at: usize) -> &Cell<u64> {
        assert!(at < self.limit, "heap reference out of bounds");
        // SAFETY: as in `words`.
        unsafe { &*self.base.as_ptr().cast::<Cell<u64>>().add(at) }
    }

    /// Copies `units` to the end of a zone.
    pub(super) fn push_u32s(&self, zone: usize, units: &[u32]) -> Result<usize, HeapFull> {
        let n = (units.len() * 4).div_ceil(self.unit).max(1);
        let at = self.room(zone, n)?;
        // SAFETY: the target lies in the mapping and above `top`, where no reference points yet (all views end below
        // `top`), so nothing is aliased; source and target cannot overlap for the same reason.
        unsafe {
            std::ptr::copy_nonoverlapping(
                units.as_ptr(),
                self.base.as_ptr().add(at * self.unit).cast::<u32>(),
                units.len(),
            );
        }
        self.tops[zone].set(at + n);
        Ok(at)
    }

    /// The four 32-bit units at 16-byte unit `at`.
    #[inline]
    pub(super) fn u32x4(&self, at: usize) -> &[u32; 4] {
        assert!(at < self.top_at(at), "code reference out of bounds");
        // SAFETY: below `top`, so written once and never again; 16 bytes from a multiple of 16 lie in the mapping.
        unsafe { &*self.base.as_ptr().add(at * 16).cast::<[u32; 4]>() }
    }

    /// `n` 32-bit units from 16-byte unit `at`.
    #[inline]
    pub(super) fn u32s(&self, at: usize, n: usize) -> &[u32] {
        assert!(at * 4 + n <= self.top_at(at) * 4, "code reference out of bounds");
        // SAFETY: below `top` (checked), immutable from then on, aligned to 16.
        unsafe { std::slice::from_raw_parts(self.base.as_ptr().add(at * 16).cast::<u32>(), n) }
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
            let to = self.base.as_ptr().add(at * self.unit);
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

    /// The tag and bytes of the string at unit `at`.
    #[inline]
    pub(super) fn text(&self, at: usize) -> (u32, &[u8]) {
        let from = at * self.unit;
        let end = self.top_at(at) * self.unit;
        assert!(from + 8 <= end, "text reference out of bounds");
        // SAFETY: the header lies below `top`; aligned to 8.
        let (len, tag) = unsafe {
            let header = self.base.as_ptr().add(from).cast::<u32>();
            (header.read() as usize, header.add(1).read())
        };
        assert!(len <= end - from - 8, "text reference out of bounds");
        // SAFETY: below `top` (checked), where bytes are immutable.
        (tag, unsafe { std::slice::from_raw_parts(self.base.as_ptr().add(from + 8), len) })
    }

    /// Copies a tag and `parts`, which have `len` bytes, to the end of zone 0.
    pub(super) fn push_short_text(&self, tag: u32, len: usize, parts: &[&[u8]]) -> Result<usize, HeapFull> {
        let n = (TAG + len).div_ceil(self.unit);
        let at = self.room(0, n)?;
        let from = at * self.unit;
        // SAFETY: the target is inside the mapping and above the zone's top, where nothing is viewed yet.
        unsafe { self.base.as_ptr().add(from).cast::<u32>().write(tag) };
        self.copy_to(from + TAG, len, parts);
        self.tops[0].set(at + n);
        Ok(at)
    }

    /// The tag and bytes of a short text at unit `at`.
    #[inline]
    pub(super) fn short_text(&self, at: usize, len: usize) -> (u32, &[u8]) {
        let from = at * self.unit;
        // Not the zone's top: what lies between is written to by `extend_short_text`.
        let end = self.text_end.get();
        assert!(from + TAG + len <= end, "text reference out of bounds");
        // SAFETY: the tag lies below the end (checked); aligned to 8.
        let tag = unsafe { self.base.as_ptr().add(from).cast::<u32>().read() };
        // SAFETY: below the end (checked), where bytes are immutable.
        (tag, unsafe { std::slice::from_raw_parts(self.base.as_ptr().add(from + TAG), len) })
    }

    /// Puts `parts` behind the short text at unit `at`, if that is the last one and there is room for `new` bytes in all.
    pub(super) fn extend_short_text(&self, at: usize, len: usize, new: usize, parts: &[&[u8]]) -> bool {
        let start = at * self.unit + TAG;
        let end = at + (TAG + new).div_ceil(self.unit);
        if start + len != self.text_end.get() || end > self.zone_len() {
            return false;
        }
        self.copy_to(start + len, new - len, parts);
        self.tops[0].set(end);
        true
    }

    /// Copies `parts`, which have `len` bytes, to byte `from`, where the texts end: all that are viewed are before it.
    fn copy_to(&self, from: usize, len: usize, parts: &[&[u8]]) {
        assert!(from >= self.text_end.get() && from + len <= self.len, "heap reference out of bounds");
        let mut left = len;
        for part in parts {
            assert!(part.len() <= left, "text is longer than was said");
            // SAFETY: the target lies in the mapping and behind everything that is viewed (checked), so nothing is
            // aliased and source and target cannot overlap.
            unsafe {
                let to = self.base.as_ptr().add(from + len - left);
                std::ptr::copy_nonoverlapping(part.as_ptr(), to, part.len());
            }
            left -= part.len();
        }
        self.text_end.set(from + len);
    }
}

impl Drop for Area {
    fn drop(&mut self) {
        self.warmer.take();
        // SAFETY: unmaps exactly the range that `reserve` mapped; no view outlives the area (they borrow it).
        unsafe {
            libc::munmap(self.base.as_ptr().cast(), self.len);
        }
    }
}
