//! The matcher's memo for hard inputs: which steps were taken at which position, and with what outcome.

use std::collections::HashSet;

use super::error::RegexError;

/// Bits in a page; pages are allocated on first use.
const PAGE_BITS: usize = 1 << 15;
/// At most 512 MiB of pages.
const PAGE_LIMIT: usize = (512 << 20) / (PAGE_BITS / 8);

/// A memo of steps and positions.
#[derive(Debug, Default)]
pub(super) struct Memo {
    width: usize,
    pages: Vec<Option<Box<[u64; PAGE_BITS / 64]>>>,
    made: usize,
    /// The entries that led to a match in the current attempt; all others led to none.
    solved: HashSet<usize>,
}

/// What is known about a step at a position.
pub(super) enum Known {
    Nothing,
    Failed,
    Solved,
}

impl Memo {
    pub(super) fn new(width: usize) -> Self {
        Memo { width, ..Memo::default() }
    }

    /// Looks a step up and marks it as taken.
    pub(super) fn enter(&mut self, column: u32, at: usize) -> Result<Known, RegexError> {
        let key = self.key(column, at);
        let (page, bit) = (key / PAGE_BITS, key % PAGE_BITS);
        if self.pages.len() <= page {
            self.pages.resize_with(page + 1, || None);
        }
        if self.pages[page].is_none() {
            self.made += 1;
            if self.made > PAGE_LIMIT {
                return Err(RegexError::TooComplex);
            }
        }
        let words = self.pages[page].get_or_insert_with(|| Box::new([0; PAGE_BITS / 64]));
        let (word, mask) = (&mut words[bit / 64], 1 << (bit % 64));
        if *word & mask == 0 {
            *word |= mask;
            return Ok(Known::Nothing);
        }
        Ok(if self.solved.contains(&key) { Known::Solved } else { Known::Failed })
    }

    /// Notes that a step entered before led to a match.
    pub(super) fn solve(&mut self, column: u32, at: usize) {
        let key = self.key(column, at);
        self.solved.insert(key);
    }

    /// Forgets successes. Failures hold wherever the next attempt starts.
    pub(super) fn next_attempt(&mut self) {
        for key in self.solved.drain() {
            if let Some(Some(words)) = self.pages.get_mut(key / PAGE_BITS) {
                words[key % PAGE_BITS / 64] &= !(1 << (key % 64));
            }
        }
    }

    fn key(&self, column: u32, at: usize) -> usize {
        at.saturating_mul(self.width).saturating_add(column as usize)
    }
}
