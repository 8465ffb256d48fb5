//! What the arguments of the commands about options name.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;

use crate::eval::{Evaluator, Res};
use crate::heap::Sym;
use crate::options::attr_path;
pub use crate::report::roots;

/// Splits the names on the command line into an option and modules. A module's name is `-`, begins with `<`, ends in
/// `.nix` or has a slash; a slash in an option's name stands in quotes.
pub fn names(given: &[OsString]) -> (Option<&OsString>, &[OsString]) {
    let is_module = |name: &OsStr| {
        let name = name.as_bytes();
        name == b"-"
            || name.starts_with(b"<")
            || name.contains(&b'/') && !name.contains(&b'"')
            || name.ends_with(b".nix")
    };
    match given.split_first() {
        Some((first, rest)) if !is_module(first) => (Some(first), rest),
        _ => (None, given),
    }
}

/// The names of an option path.
///
/// # Errors
/// A malformed path.
pub fn option_path(ev: &Evaluator, name: &OsStr) -> Res<Vec<Sym>> {
    attr_path::option_path(ev, name.as_bytes())
}
