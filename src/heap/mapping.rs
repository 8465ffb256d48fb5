//! Address space for an area: mapped all at once, or in steps where address space is limited.
#![allow(unsafe_code, reason = "mapping memory is this file's purpose")]

use std::cell::Cell;
use std::fmt;
use std::ops::Range;
use std::os::fd::{AsRawFd as _, BorrowedFd};
use std::ptr::NonNull;

use super::reserved;

/// The heap's reserved range is used up, or could not be reserved at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeapFull;

impl fmt::Display for HeapFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("out of memory: the evaluation's heap is full")
    }
}

impl std::error::Error for HeapFull {}

/// The number of zones of an area that has more than one.
pub(super) const ZONES: usize = 4;

/// Bytes of a page. Files are mapped in multiples of it.
pub(super) const PAGE: usize = 4096;

/// A zone asks for huge pages from this byte on: small evaluations should not pay for zeroing two megabytes, and
/// large ones save two thirds of their page faults.
const HUGE_PAGES_FROM: usize = 4 << 20;

/// The smallest and largest step in which memory is mapped where address space is limited.
const STEPS: [usize; 2] = [2 << 20, 64 << 20];

/// Addresses far from where the kernel places mappings by itself, so that the addresses after them stay free.
const FREE_ADDRESSES: [usize; 6] =
    [0x2000_0000_0000, 0x1000_0000_0000, 0x0800_0000_0000, 0x60_0000_0000, 0x40_0000_0000, 0x20_0000_0000];

/// A range of addresses in equal zones. The first bytes of each zone are mapped.
pub(super) struct Mapping {
    base: NonNull<u8>,
    len: usize,
    zones: usize,
    /// Bytes of each zone that are mapped.
    mapped: [Cell<usize>; ZONES],
}

/// Part of a file to map.
pub(super) struct FilePart<'a> {
    pub(super) file: BorrowedFd<'a>,
    pub(super) offset: usize,
    pub(super) len: usize,
}

/// An area's pages, for a thread that touches them.
#[derive(Clone, Copy)]
pub(super) struct Pages {
    pub(super) base: usize,
    pub(super) len: usize,
}

impl Pages {
    /// Makes the kernel provide pages without changing their contents. False if it cannot.
    pub(super) fn touch(&self, from: usize, len: usize) -> bool {
        if from.checked_add(len).is_none_or(|end| end > self.len) {
            return false;
        }
        #[cfg(target_os = "linux")]
        {
            // SAFETY: this advice provides pages and changes no contents, whatever the addresses are used for.
            let done = unsafe {
                libc::madvise((self.base + from) as *mut libc::c_void, len, libc::MADV_POPULATE_WRITE)
            };
            done == 0
        }
        #[cfg(not(target_os = "linux"))]
        false
    }
}

impl Mapping {
    /// Reserves `len` bytes in `zones` equal zones; `whole` maps all of them at once.
    pub(super) fn reserve(len: usize, zones: usize, whole: bool) -> Result<Mapping, HeapFull> {
        let mapping = |base, mapped| {
            let made = Mapping { base, len, zones, mapped };
            reserved::add(made.addresses());
            made
        };
        if whole && let Some(base) = map(None, len) {
            let all = mapping(base, [0; ZONES].map(|_| Cell::new(len / zones)));
            for zone in 0..zones {
                all.prefer_huge_pages(zone, 0, len / zones);
            }
            return Ok(all);
        }
        for address in FREE_ADDRESSES {
            // Each area gets a range of its own, even with several evaluations in the process.
            for offset in (0..16).map(|i| i * 3 * len) {
                if let Some(base) = map(Some(address + offset), STEPS[0]) {
                    let made = mapping(base, [0; ZONES].map(Cell::new));
                    made.mapped[0].set(STEPS[0]);
                    return Ok(made);
                }
            }
        }
        Err(HeapFull)
    }

    /// Whether everything was mapped at once.
    pub(super) fn is_whole(&self) -> bool {
        self.mapped[0].get() == self.zone_len()
    }

    /// The first byte.
    pub(super) fn base(&self) -> NonNull<u8> {
        self.base
    }

    /// The addresses of the whole range.
    pub(super) fn addresses(&self) -> Range<usize> {
        let base = self.base.as_ptr() as usize;
        base..base + self.len
    }

    /// Bytes of the whole range.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Bytes of a zone.
    pub(super) fn zone_len(&self) -> usize {
        self.len / self.zones
    }

    /// Bytes of a zone that are mapped.
    pub(super) fn mapped(&self, zone: usize) -> usize {
        self.mapped[zone].get()
    }

    /// Maps more of a zone, so that at least `bytes` of it can be used.
    #[cold]
    pub(super) fn grow(&self, zone: usize, bytes: usize) -> Result<(), HeapFull> {
        let old = self.mapped[zone].get();
        if bytes <= old {
            return Ok(());
        }
        if bytes > self.zone_len() {
            return Err(HeapFull);
        }
        let start = self.base.as_ptr() as usize + zone * self.zone_len();
        let exact = (bytes - old).next_multiple_of(PAGE);
        let roomy = (old / 4).clamp(STEPS[0], STEPS[1]).max(exact).next_multiple_of(STEPS[0]);
        let roomy = roomy.min(self.zone_len() - old);
        for more in [roomy, exact] {
            if map(Some(start + old), more).is_some() {
                self.mapped[zone].set(old + more);
                self.prefer_huge_pages(zone, old, old + more);
                return Ok(());
            }
        }
        Err(HeapFull)
    }

    fn prefer_huge_pages(&self, zone: usize, from: usize, to: usize) {
        let from = from.max(HUGE_PAGES_FROM);
        #[cfg(target_os = "linux")]
        if from < to {
            // SAFETY: advice on a range inside this mapping; it changes no contents.
            unsafe {
                let at = self.base.as_ptr().add(zone * self.zone_len() + from);
                libc::madvise(at.cast(), to - from, libc::MADV_HUGEPAGE);
            }
        }
    }

    /// Maps part of a file, read-only, at byte `at` of the range, from where on nothing may be in use yet. The file
    /// must never change in place.
    pub(super) fn map_file(&self, at: usize, part: &FilePart<'_>) -> Result<(), HeapFull> {
        let zone = at / self.zone_len();
        self.grow(zone, at - zone * self.zone_len() + part.len)?;
        // SAFETY: `grow` has made the range this mapping's own, and the caller guarantees that no view of it
        // exists; the new mapping is private and read-only, and cache files are never written to once they have
        // their final name.
        let mapped = unsafe {
            libc::mmap(
                self.base.as_ptr().add(at).cast(),
                part.len,
                libc::PROT_READ,
                libc::MAP_PRIVATE | libc::MAP_FIXED,
                part.file.as_raw_fd(),
                part.offset as libc::off_t,
            )
        };
        if mapped == libc::MAP_FAILED { Err(HeapFull) } else { Ok(()) }
    }
}

/// Maps zeroed memory where the kernel chooses, or at exactly this address if it is free.
fn map(at: Option<usize>, len: usize) -> Option<NonNull<u8>> {
    #[cfg(target_os = "linux")]
    let exactly = libc::MAP_FIXED_NOREPLACE;
    #[cfg(not(target_os = "linux"))]
    let exactly = 0;
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    let flags = if at.is_some() { flags | exactly } else { flags };
    let address = std::ptr::without_provenance_mut(at.unwrap_or(0));
    // SAFETY: an anonymous private mapping that replaces no other touches no existing memory.
    let got = unsafe { libc::mmap(address, len, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
    if got == libc::MAP_FAILED {
        return None;
    }
    if at.is_some_and(|at| at != got as usize) {
        // SAFETY: the mapping was just made, and nothing refers to it. Old kernels treat the address as a hint.
        unsafe { libc::munmap(got, len) };
        return None;
    }
    NonNull::new(got.cast())
}

/// The process's limit on address space in bytes; `None` if there is none.
pub fn address_space() -> Option<usize> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: writes to the struct, which outlives the call.
    let done = unsafe { libc::getrlimit(libc::RLIMIT_AS, &raw mut limit) };
    (done == 0 && limit.rlim_cur != libc::RLIM_INFINITY).then_some(limit.rlim_cur as usize)
}

impl Drop for Mapping {
    fn drop(&mut self) {
        reserved::remove(&self.addresses());
        for zone in 0..self.zones {
            let mapped = self.mapped[zone].get();
            if mapped > 0 {
                // SAFETY: unmaps only what this mapping has mapped; no view outlives it (they borrow it).
                unsafe { libc::munmap(self.base.as_ptr().add(zone * self.zone_len()).cast(), mapped) };
            }
        }
    }
}
