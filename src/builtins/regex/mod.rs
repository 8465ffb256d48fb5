//! Regular expressions as `builtins.match` and `builtins.split` have them: C++ `std::regex` with the POSIX extended
//! grammar, on bytes, exactly as GNU libstdc++ reads and matches it.
//!
//! The way of a pattern: `scan` → `parse` (with `bracket`) → `nfa` → `program`; `exec` matches at one place,
//! `splits` finds the places.

mod bracket;
mod bytes;
mod exec;
mod memo;
mod nfa;
mod parse;
mod program;
mod scan;
mod splits;
#[cfg(test)]
mod tests;

use std::fmt;

pub use exec::Scratch;
pub use splits::{Match, Splits};

use exec::{Goal, attempt};
use program::Program;
use splits::Start;

/// Steps per byte of text after which the matcher begins to remember where it has been.
const EASY_STEPS: u64 = 32;

/// Steps on one text after which a pattern counts as too complex; real Nix goes on for minutes or years.
const STEP_LIMIT: u64 = 1 << 28;

/// Why a pattern cannot be used, or an input not be matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegexError {
    /// Not in the grammar.
    Invalid,
    /// More states than libstdc++ allows.
    TooLarge,
    /// Matching takes unreasonably long; Nix has no such error (it hangs).
    TooComplex,
}

impl RegexError {
    /// The words of Nix's message; `'pattern'` follows.
    pub fn wording(self) -> &'static str {
        match self {
            RegexError::Invalid => "invalid regular expression",
            RegexError::TooLarge | RegexError::TooComplex => "memory limit exceeded by regular expression",
        }
    }
}

impl fmt::Display for RegexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.wording())
    }
}

impl std::error::Error for RegexError {}

/// A compiled pattern. Compiling costs some microseconds: keep it by its text.
#[derive(Debug)]
pub struct Regex {
    program: Program,
    start: Start,
    easy_steps: u64,
}

impl Regex {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// [`RegexError::Invalid`] and [`RegexError::TooLarge`] in the same cases as Nix.
    pub fn new(pattern: &[u8]) -> Result<Self, RegexError> {
        let program = Program::compile(pattern)?;
        let start = Start::of(&program);
        Ok(Regex { program, start, easy_steps: EASY_STEPS })
    }

    /// The number of groups, which is the length of the list `builtins.match` gives.
    pub fn groups(&self) -> usize {
        self.program.groups
    }

    /// `builtins.match`: whether the whole text matches; the groups are then in [`Scratch::groups`].
    ///
    /// # Errors
    /// [`RegexError::TooComplex`]
    pub fn full_match(&self, scratch: &mut Scratch, text: &[u8]) -> Result<bool, RegexError> {
        scratch.clear();
        Ok(attempt(self, scratch, text, 0, Goal::Whole)?.is_some())
    }

    /// `builtins.split`: the successive matches in a text. The list is made of the text before each match, the
    /// groups of the match, and the text after the last one.
    pub fn splits<'r>(&'r self, scratch: &'r mut Scratch, text: &'r [u8]) -> Splits<'r> {
        Splits::new(self, scratch, text)
    }
}
