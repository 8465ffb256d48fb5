//! Limits on the native stack for recursive work: lower where address space is limited.

use super::mapping::address_space;

/// The share of a limited address space that one kind of work may use as its stack.
const SHARE: usize = 32;
const LEAST: usize = 4 << 20;

fn at_most(most: usize) -> usize {
    address_space().map_or(most, |bytes| (bytes / SHARE).clamp(LEAST, most))
}

/// Bytes of native stack that evaluation may use before it fails with Nix's error. The thread's stack must be
/// larger.
pub fn stack_for_evaluation() -> usize {
    at_most(1 << 30)
}

/// Bytes of native stack that parsing and lowering may each use, however deeply a text nests. Nix gives up when its
/// own stack overflows, at about 200,000 levels.
pub fn stack_for_a_text() -> usize {
    at_most(384 << 20)
}
