//! Regular expressions of `builtins.match` and `builtins.split`: C++ `std::regex` with the POSIX extended grammar, on
//! bytes, exactly as GNU libstdc++ reads and matches it.
//!
//! A pattern passes through `scan` → `parse` (with `bracket`) → `nfa` → `program` → `pattern`; `exec` matches at one
//! position, `splits` finds the positions.

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
