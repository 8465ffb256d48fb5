//! The program's allocator. When memory runs out, it prints `out of memory` and exits as Nix does; the standard
//! library would abort.
#![allow(unsafe_code, reason = "an allocator is unsafe by its interface")]

use std::alloc::{GlobalAlloc, Layout};
use std::ffi::{c_int, c_long};
use std::sync::atomic::{AtomicBool, Ordering};

use super::mapping::address_space;

/// Whether memory is cleared when it is freed.
static CLEARING: AtomicBool = AtomicBool::new(false);

/// Clears memory when it is freed from now on. The collector looks for references in all of the process's memory,
/// and stale ones in freed memory would keep garbage alive.
pub(super) fn clear_what_is_freed() {
    CLEARING.store(true, Ordering::Relaxed);
}

/// mimalloc's number for the option `arena_reserve`: how many KiB it requests from the system at a time.
const ARENA_RESERVE: c_int = 23;
/// The option's default value, one GiB in KiB.
const DEFAULT_RESERVE: c_long = 1 << 20;
/// The value used where address space is limited.
const SMALL_RESERVE: c_long = 32 << 10;

unsafe extern "C" {
    safe fn mi_option_get(option: c_int) -> c_long;
    safe fn mi_option_set(option: c_int, value: c_long);
}

/// Runs before anything else in the process, because the first allocation reserves the first arena.
#[cfg(target_os = "linux")]
#[used]
// SAFETY: the section holds addresses of functions with the C calling convention, and this is one.
#[unsafe(link_section = ".init_array")]
static AT_START: extern "C" fn() = take_small_arenas;

/// Makes arenas smaller where address space is limited: an arena of one GiB would leave too little for the rest.
extern "C" fn take_small_arenas() {
    if address_space().is_some() && mi_option_get(ARENA_RESERVE) == DEFAULT_RESERVE {
        mi_option_set(ARENA_RESERVE, SMALL_RESERVE);
    }
}

/// mimalloc, except that a failed allocation ends the process.
pub struct Allocator(mimalloc::MiMalloc);

impl Allocator {
    /// Returns the allocator.
    pub const fn new() -> Allocator {
        Allocator(mimalloc::MiMalloc)
    }
}

impl Default for Allocator {
    fn default() -> Allocator {
        Allocator::new()
    }
}

// SAFETY: every call goes to another allocator with the same arguments; a null pointer that it returns is not
// passed on.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller upholds the same contract for the same arguments.
        there(unsafe { self.0.alloc(layout) })
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as in `alloc`.
        there(unsafe { self.0.alloc_zeroed(layout) })
    }

    #[inline]
    unsafe fn realloc(&self, at: *mut u8, layout: Layout, len: usize) -> *mut u8 {
        if CLEARING.load(Ordering::Relaxed) {
            // SAFETY: as in `alloc`; the new layout has the old one's alignment, and the caller vouches for its length.
            return unsafe {
                self.move_to(at, layout, Layout::from_size_align_unchecked(len, layout.align()))
            };
        }
        // SAFETY: as in `alloc`.
        there(unsafe { self.0.realloc(at, layout, len) })
    }

    #[inline]
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        if CLEARING.load(Ordering::Relaxed) {
            // SAFETY: the block belongs to the caller and has this many bytes.
            unsafe { at.write_bytes(0, layout.size()) };
        }
        // SAFETY: as in `alloc`.
        unsafe { self.0.dealloc(at, layout) }
    }
}

impl Allocator {
    /// Moves a block to a new block of another length.
    ///
    /// # Safety
    /// As for `GlobalAlloc::realloc`.
    unsafe fn move_to(&self, at: *mut u8, old: Layout, new: Layout) -> *mut u8 {
        // SAFETY: this function alone uses both blocks, and both have at least as many bytes as are copied.
        unsafe {
            let to = self.alloc(new);
            at.copy_to_nonoverlapping(to, old.size().min(new.size()));
            self.dealloc(at, old);
            to
        }
    }
}

#[inline]
fn there(at: *mut u8) -> *mut u8 {
    if at.is_null() {
        out_of_memory()
    }
    at
}

/// Ends the process with Nix's message and exit code. Nothing here may allocate or wait for another thread.
#[cold]
fn out_of_memory() -> ! {
    let message = b"error: out of memory\n";
    // SAFETY: the bytes are a constant's; the process ends without running any more of this program.
    unsafe {
        libc::write(2, message.as_ptr().cast(), message.len());
        libc::_exit(1)
    }
}
