//! Regular expressions as `builtins.match` and `builtins.split` have them: C++ `std::regex` with the POSIX extended
//! grammar, on bytes, exactly as GNU libstdc++ reads and matches it.
//!
//! The way of a pattern: `scan` → `parse` (with `bracket`) → `nfa` → `program` → `pattern`; `exec` matches at one place,
//! `splits` finds the places.

mod bracket;
mod bytes;
mod error;
mod exec;
mod memo;
mod nfa;
mod parse;
mod pattern;
mod program;
mod scan;
mod splits;
#[cfg(test)]
mod tests;

pub use exec::Scratch;
pub use pattern::Regex;
