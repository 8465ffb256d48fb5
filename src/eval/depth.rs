//! Limits on the depth of calls.

use std::cell::Cell;

use super::{Error, ErrorKind, Evaluator, Res};
use crate::source::Pos;

/// Counts as one call until it is dropped.
pub(super) struct Depth<'a>(pub(super) &'a Cell<usize>);

impl Drop for Depth<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Evaluator {
    /// Counts a level of recursion as a call until the result is dropped.
    ///
    /// # Errors
    /// When calls are nested too deep; reported at `pos`.
    pub fn enter(&self, pos: Pos) -> Res<impl Drop> {
        self.deeper().map_err(|e| e.at(pos))
    }

    /// Counts a call. Exceeding the maximum depth is an error.
    #[inline]
    pub(super) fn deeper(&self) -> Res<Depth<'_>> {
        let depth = self.depth.get();
        let here = 0u8;
        if depth > self.settings.max_call_depth || (&raw const here as usize) < self.stack_end {
            return Err(self.too_deep(depth));
        }
        self.depth.set(depth + 1);
        Ok(Depth(&self.depth))
    }

    /// Checks the depth for what Nix counts as a call but which makes no calls of its own.
    #[inline]
    pub(super) fn check_depth(&self, pos: Pos) -> Res<()> {
        match self.depth.get() {
            depth if depth > self.settings.max_call_depth => Err(self.too_deep(depth).at(pos)),
            _ => Ok(()),
        }
    }

    #[cold]
    pub(super) fn too_deep(&self, depth: usize) -> Error {
        self.spoil_by_depth();
        let message = match depth > self.settings.max_call_depth {
            true => "stack overflow; max-call-depth exceeded",
            false => "stack overflow (possible infinite recursion)",
        };
        Error::new(ErrorKind::StackOverflow, message)
    }

    /// Checks the stack for recursion that Nix does not count as calls.
    #[inline]
    pub(super) fn check_stack(&self) -> Res<()> {
        let here = 0u8;
        if (&raw const here as usize) < self.stack_end {
            return Err(self.too_deep(0));
        }
        Ok(())
    }
}
