//! `nival check --review` on a terminal.
#![allow(clippy::disallowed_methods, reason = "the test runs the program on files of its own")]

mod program;
mod scratch;

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use scratch::Scratch;

/// A terminal: the end at which somebody types, and the one that a program reads.
fn terminal() -> (File, File) {
    let typing = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&typing).and_then(|()| unlockpt(&typing)).expect("a terminal for this user");
    let name = ptsname(&typing, Vec::new()).expect("its name").into_string().expect("a path");
    let read = OpenOptions::new().read(true).write(true).open(name).expect("its other end");
    (File::from(typing), read)
}

/// Reviews a suite with the fixtures a, b, c and d, and types `answers`. Returns what is printed and the exit code.
fn review(here: &Path, answers: &str) -> (String, Option<i32>) {
    let (mut typing, read) = terminal();
    typing.write_all(answers.as_bytes()).expect("the answers can be typed");
    let out = program::bare(env!("CARGO_BIN_EXE_nival"))
        .args(["check", "--review"])
        .current_dir(here)
        .stdin(Stdio::from(read))
        .output()
        .expect("nival runs");
    assert_eq!(String::from_utf8_lossy(&out.stderr), "");
    (String::from_utf8_lossy(&out.stdout).into_owned(), out.status.code())
}

fn written(here: &Path) -> Vec<&'static str> {
    let is_there = |name: &&str| here.join(format!("snapshots/{name}.snap")).exists();
    ["a", "b", "c", "d"].into_iter().filter(is_there).collect()
}

#[test]
fn each_snapshot_is_asked_for() {
    let here = Scratch::new("review");
    let write = |name: &str, text: &str| std::fs::write(here.join(name), text).expect("a file");
    write("module.nix", "{ lib, ... }: { options.x = lib.mkOption { type = lib.types.int; }; }");
    write("nival.toml", "modules = \"module.nix\"\nfixtures = \"[a-d].nix\"\n");
    for name in ["a", "b", "c", "d"] {
        write(&format!("{name}.nix"), "{ x = 1; }");
    }
    let question = "write this snapshot? [y]es, [n]o, [a]ll that follow, [q]uit: ";
    // What is no answer is asked again.
    let (printed, code) = review(&here, "perhaps\nyes\nn\nq\n");
    assert_eq!((written(&here), code), (vec!["a"], Some(1)), "{printed}");
    assert_eq!(printed.matches(question).count(), 4, "{printed}");
    assert!(printed.contains("1 written") && printed.contains("3 new"), "{printed}");
    write("a.nix", "{ x = 2; }");
    let (printed, code) = review(&here, "n\nALL\n");
    assert_eq!((written(&here), code), (vec!["a", "b", "c", "d"], Some(1)), "{printed}");
    assert!(printed.contains("x") && printed.contains('2'), "{printed}");
    assert_eq!(std::fs::read_to_string(here.join("snapshots/a.snap")).expect("the snapshot"), "x = 1\n");
    let (printed, code) = review(&here, "y\n");
    assert_eq!(code, Some(0), "{printed}");
    assert_eq!(std::fs::read_to_string(here.join("snapshots/a.snap")).expect("the snapshot"), "x = 2\n");
}
