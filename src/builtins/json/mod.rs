//! JSON as `builtins.fromJSON` reads it and `builtins.toJSON` writes it. Follows the library of C++ Nix, nlohmann's
//! json 3.11, with its error messages, its float formatting and its strictness about UTF-8.

mod check;
mod error;
mod float;
mod lex;
mod parse;
#[cfg(test)]
pub(super) mod tests;
mod write;

pub use check::check;
pub use error::JsonError;
pub use float::write_float;
pub use parse::{JsonSink, parse};
pub use write::write_string;
