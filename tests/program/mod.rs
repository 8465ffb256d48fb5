//! Programs under test, as if nobody had set anything for them: a test says the same in a terminal, in a Nix shell and
//! in a CI system.

use std::ffi::OsStr;
use std::process::Command;

/// What the names of variables that nival and Nix read start with, or are.
const STARTS: [&str; 5] = ["NIVAL_", "NIX", "XDG_", "GITHUB_", "IN_NIX_SHELL"];
const NAMES: [&str; 2] = ["CI", "NO_COLOR"];

/// A program, without the variables that change what nival and Nix say.
pub fn bare(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let word = name.to_string_lossy();
        if NAMES.contains(&&*word) || STARTS.iter().any(|start| word.starts_with(start)) {
            command.env_remove(&name);
        }
    }
    command
}
