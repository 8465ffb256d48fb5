//! The program under test, as if nobody had set anything for it: a test says the same in a terminal, in a
//! Nix shell and in a CI system.

use std::process::Command;

/// What the names of variables that nival reads start with, or are.
const STARTS: [&str; 5] = ["NIVAL_", "NIX", "XDG_", "GITHUB_", "IN_NIX_SHELL"];
const NAMES: [&str; 2] = ["CI", "NO_COLOR"];

/// nival, without the variables that change what it says.
pub fn nival() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nival"));
    for (name, _) in std::env::vars_os() {
        let word = name.to_string_lossy();
        if NAMES.contains(&&*word) || STARTS.iter().any(|start| word.starts_with(start)) {
            command.env_remove(&name);
        }
    }
    command
}
