//! The GitHub Action in `tools/action/`: its own tests, which run this program and a GitHub on this machine.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test runs another program, and says so if it is skipped"
)]

use std::path::Path;
use std::process::Command;

/// The oldest Node that has all that the action uses.
const OLDEST: (u32, u32) = (20, 15);

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
    let version = Command::new("node").arg("--version").output();
    let version = version.map(|out| String::from_utf8_lossy(&out.stdout).into_owned()).unwrap_or_default();
    let mut numbers = version.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) if (major, minor) >= OLDEST => {}
        _ => return println!("skipped: there is no Node here that can run the action"),
    }
    let mut node = Command::new("node");
    node.arg("--test").args(&files).env("NIVAL", env!("CARGO_BIN_EXE_nival"));
    let out = node.output().expect("Node runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
}
