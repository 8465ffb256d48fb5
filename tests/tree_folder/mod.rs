//! The folder that NIVAL_TREES names.

use std::path::PathBuf;

/// The folder with trees of nixpkgs. If the variable is unset or empty, says that the test is skipped.
pub fn trees() -> Option<PathBuf> {
    let trees = std::env::var_os("NIVAL_TREES").filter(|trees| !trees.is_empty());
    if trees.is_none() {
        println!("skipped: NIVAL_TREES names no folder with trees");
    }
    trees.map(PathBuf::from)
}
