//! The roots that no data structure holds: the thread's stack and the processor's registers.
#![allow(unsafe_code, reason = "registers and the bounds of a stack are only found this way")]

use std::ops::Range;

/// The callee-saved registers.
pub(super) type Registers = [u64; 12];

/// Returns the registers in which callers may hold references, so that they are stored on the stack.
#[cfg(target_arch = "x86_64")]
#[inline(never)]
pub(super) fn registers() -> Registers {
    let mut saved = Registers::default();
    // SAFETY: only reads registers and writes to the array.
    unsafe {
        std::arch::asm!(
            "mov [{to}], rbx",
            "mov [{to} + 8], rbp",
            "mov [{to} + 16], r12",
            "mov [{to} + 24], r13",
            "mov [{to} + 32], r14",
            "mov [{to} + 40], r15",
            to = in(reg) saved.as_mut_ptr(),
            options(nostack, preserves_flags),
        );
    }
    saved
}

/// Returns the registers in which callers may hold references, so that they are stored on the stack.
#[cfg(target_arch = "aarch64")]
#[inline(never)]
pub(super) fn registers() -> Registers {
    let mut saved = Registers::default();
    // SAFETY: only reads registers and writes to the array.
    unsafe {
        std::arch::asm!(
            "stp x19, x20, [{to}]",
            "stp x21, x22, [{to}, #16]",
            "stp x23, x24, [{to}, #32]",
            "stp x25, x26, [{to}, #48]",
            "stp x27, x28, [{to}, #64]",
            to = in(reg) saved.as_mut_ptr(),
            options(nostack, preserves_flags),
        );
    }
    saved
}

/// Whether [`registers`] supports this processor.
pub(super) const KNOWN: bool = cfg!(any(target_arch = "x86_64", target_arch = "aarch64"));

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(super) fn registers() -> Registers {
    Registers::default()
}

/// The addresses of the current thread's stack; `None` where they are not known.
#[cfg(target_os = "linux")]
pub(super) fn stack() -> Option<Range<usize>> {
    let mut attributes = std::mem::MaybeUninit::<libc::pthread_attr_t>::uninit();
    let (mut start, mut len) = (std::ptr::null_mut(), 0usize);
    // SAFETY: the functions initialise what the pointers point to; the attributes are read only after that, and
    // destroyed afterwards.
    let found = unsafe {
        if libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) != 0 {
            return None;
        }
        let found = libc::pthread_attr_getstack(attributes.as_ptr(), &raw mut start, &raw mut len) == 0;
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
        found
    };
    found.then(|| start as usize..start as usize + len)
}

/// The addresses of the current thread's stack; `None` where they are not known.
#[cfg(not(target_os = "linux"))]
pub(super) fn stack() -> Option<Range<usize>> {
    None
}
