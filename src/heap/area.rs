//! One reserved range of virtual memory with a bump pointer: mapping it and viewing its bytes.
#![allow(unsafe_code, reason = "mapping memory and viewing it as plain words is this file's purpose")]

use std::cell::Cell;
use std::fmt;
use std::ptr::NonNull;

/// The heap's reserved range is used up, or could not be reserved at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeapFull;

impl fmt::Display for HeapFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("out of memory: the evaluation's heap is full")
    }
}

impl std::error::Error for HeapFull {}

/// Memory is asked for in huge pages once an area has grown past this many bytes: small evaluations should not pay
/// for zeroing two megabytes, large ones save two thirds of their page faults.
const HUGE_PAGES_FROM: usize = 4 << 20;

/// A reserved range. Offsets are in units of `unit` bytes; the first unit stays unused so that zero can mean "none".
pub(super) struct Area {
    base: NonNull<u8>,
    /// Length of the reservation in bytes.
    len: usize,
    unit: usize,
    /// First unused unit.
    top: Cell<usize>,
    /// Units that may be handed out.
    limit: usize,
}

impl Area {
    pub(super) fn reserve(mut len: usize, unit: usize) -> Result<Area, HeapFull> {
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
                // SAFETY: advice on a range inside the mapping just made; it changes no contents.
                unsafe {
                    if len > HUGE_PAGES_FROM {
                        libc::madvise(
                            base.as_ptr().add(HUGE_PAGES_FROM).cast(),
                            len - HUGE_PAGES_FROM,
                            libc::MADV_HUGEPAGE,
                        );
                    }
                }
                return Ok(Area { base, len, unit, top: Cell::new(1), limit: len / unit });
            }
            len /= 2;
            if len < SMALLEST {
                return Err(HeapFull);
            }
        }
    }

    pub(super) fn used(&self) -> usize {
        self.top.get() * self.unit
    }

    /// Hands out `n` units and returns the first one's number.
    #[inline]
    pub(super) fn bump(&self, n: usize) -> Result<usize, HeapFull> {
        let at = self.top.get();
        match at.checked_add(n) {
            Some(end) if end <= self.limit => {
                self.top.set(end);
                Ok(at)
            }
            _ => Err(HeapFull),
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

    /// Copies `units` to the end of the area.
    pub(super) fn push_u32s(&self, units: &[u32]) -> Result<usize, HeapFull> {
        let at = self.top.get();
        let n = (units.len() * 4).div_ceil(self.unit).max(1);
        if n > self.limit - at {
            return Err(HeapFull);
        }
        // SAFETY: the target lies in the mapping and above `top`, where no reference points yet (all views end below
        // `top`), so nothing is aliased; source and target cannot overlap for the same reason.
        unsafe {
            std::ptr::copy_nonoverlapping(
                units.as_ptr(),
                self.base.as_ptr().add(at * self.unit).cast::<u32>(),
                units.len(),
            );
        }
        self.top.set(at + n);
        Ok(at)
    }

    /// The four 32-bit units at 16-byte unit `at`.
    #[inline]
    pub(super) fn u32x4(&self, at: usize) -> &[u32; 4] {
        assert!(at < self.top.get(), "code reference out of bounds");
        // SAFETY: below `top`, so written once and never again; 16 bytes from a multiple of 16 lie in the mapping.
        unsafe { &*self.base.as_ptr().add(at * 16).cast::<[u32; 4]>() }
    }

    /// `n` 32-bit units from 16-byte unit `at`.
    #[inline]
    pub(super) fn u32s(&self, at: usize, n: usize) -> &[u32] {
        assert!(at * 4 + n <= self.top.get() * 4, "code reference out of bounds");
        // SAFETY: below `top` (checked), immutable from then on, aligned to 16.
        unsafe { std::slice::from_raw_parts(self.base.as_ptr().add(at * 16).cast::<u32>(), n) }
    }

    /// Copies a header (length and tag) and `parts` to the end of the area.
    pub(super) fn push_text(&self, tag: u32, parts: &[&[u8]]) -> Result<usize, HeapFull> {
        let mut len = 0usize;
        for part in parts {
            len = len.checked_add(part.len()).ok_or(HeapFull)?;
        }
        let len32 = u32::try_from(len).map_err(|_| HeapFull)?;
        let at = self.top.get();
        let n = (8 + len).div_ceil(self.unit);
        if n > self.limit - at {
            return Err(HeapFull);
        }
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
        self.top.set(at + n);
        Ok(at)
    }

    /// The tag and bytes of the string at unit `at`.
    #[inline]
    pub(super) fn text(&self, at: usize) -> (u32, &[u8]) {
        let from = at * self.unit;
        let end = self.top.get() * self.unit;
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
}

impl Drop for Area {
    fn drop(&mut self) {
        // SAFETY: unmaps exactly the range that `reserve` mapped; no view outlives the area (they borrow it).
        unsafe {
            libc::munmap(self.base.as_ptr().cast(), self.len);
        }
    }
}
