//! The GitHub Action in `tools/action/`: its own tests, which run this program and a GitHub on this machine.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test runs another program, and says so if it is skipped"
)]

mod program;

use std::path::Path;
use std::process::Command;

#[test]
fn the_action_passes_its_tests() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/action/test");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of the tests")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "there are tests");
    // The newest of what the action uses.
    let asked = ["-e", "process.exit(require('zlib').crc32 ? 0 : 1)"];
    if !Command::new("node").args(asked).output().is_ok_and(|out| out.status.success()) {
        return println!("skipped: there is no Node here that can run the action");
    }
    let mut node = program::bare("node");
    node.arg("--test").args(&files).env("NIVAL", env!("CARGO_BIN_EXE_nival"));
    let out = node.output().expect("Node runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
}
