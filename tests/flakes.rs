//! Flakes give what real Nix gives for them.
//!
//! With `NIVAL_ORACLE_NIX` (a command with the features `nix-command` and `flakes`), the cases are run with that `nix`
//! instead; together with `NIVAL_BLESS=1` this records them. The folder for temporary files must be visible to it.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the tests run commands, and say so if they are skipped"
)]

mod copied;
mod program;
mod recorded_cases;
mod repository;
mod scratch;
mod times;

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use copied::copy;
use recorded_cases::{check, check_or_record, is_blessed};
use repository::git;
use scratch::Scratch;
use times::set_times;

/// The flakes in a new folder, with the git repositories among them. `None` without git.
fn flakes(name: &str) -> Option<Scratch> {
    let folder = Scratch::new(name);
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/flakes");
    copy(&data, &folder);
    copy(&data.join("repo"), &folder.join("dirty"));
    set_times(&folder);
    for name in ["repo", "dirty"] {
        let at = folder.join(name);
        for words in ["init --quiet", "add .", "commit --quiet --message x"] {
            if !git(&at, words) {
                return None;
            }
        }
        std::fs::write(at.join("untracked.nix"), "1\n").expect("a file");
    }
    std::fs::write(folder.join("dirty/lib/new.nix"), "1\n").expect("a file");
    git(&folder.join("dirty"), "add lib/new.nix");
    Some(folder)
}

/// The lines of an output, with the folder by a fixed name.
fn lines(mark: char, bytes: &[u8], folder: &Path) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes).replace(&*folder.to_string_lossy(), "«dir»");
    text.lines().map(|line| format!("{mark}{line}")).collect()
}

/// The words for real Nix: it finds inputs in its store and not where `--input` says.
fn for_nix(words: &[&str]) -> Vec<String> {
    let mut all = vec!["--offline".to_owned(), "eval".to_owned(), "--no-write-lock-file".to_owned()];
    let mut words = words.iter().skip(1);
    while let Some(word) = words.next() {
        match *word {
            "--input" => drop(words.next()),
            "--flake" => {}
            word => all.push(word.to_owned()),
        }
    }
    all
}

fn run(folder: &Path, command: &str) -> Vec<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let oracle: Option<OsString> = std::env::var_os("NIVAL_ORACLE_NIX");
    let mut process = match &oracle {
        Some(nix) => {
            let mut process = Command::new(nix);
            process.args(for_nix(&words));
            process
        }
        None => {
            let mut process = program::bare(env!("CARGO_BIN_EXE_nival"));
            process.args(&words).env("NIVAL_CACHE_DIR", "").env("HOME", "/nowhere");
            process
        }
    };
    let out = process.current_dir(folder).output().expect("nival runs");
    let mut found = lines('|', &out.stdout, folder);
    found.extend(lines('!', &out.stderr, folder));
    if !out.status.success() {
        found.push(format!("={}", out.status.code().unwrap_or(-1)));
    }
    found
}

/// In Nix's output, nothing says where in a lock file something is wrong.
fn without_help(mut lines: Vec<String>) -> Vec<String> {
    lines.retain(|line| !line.starts_with("!       This is about the node '"));
    lines
}

#[test]
fn commands_open_configurations_in_flakes() {
    let Some(folder) = flakes("flake-commands") else { return };
    if std::env::var_os("NIVAL_ORACLE_NIX").is_some() {
        println!("skipped: these are nival's own commands, which NIVAL_ORACLE_NIX does not have");
    } else {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/flakes/own.txt");
        check(path, 10, |case| run(&folder, case));
    }
}

#[test]
fn outputs_are_those_of_nix() {
    let Some(folder) = flakes("flakes") else { return };
    let oracle = std::env::var_os("NIVAL_ORACLE_NIX").is_some();
    if oracle {
        // Real Nix finds these by their hashes in its store.
        run(&folder, "eval path:./lib#x");
        run(&folder, "eval path:./outer#value");
    }
    // Only Nix's answers are recorded.
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/flakes/cases.txt");
    check_or_record(path, 80, oracle && is_blessed(), |case| without_help(run(&folder, case)));
}
