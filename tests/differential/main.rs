//! Programs made from grammars, evaluated by nival and by the real Nix, whose output must be the same to the byte: values,
//! warnings, and errors with their traces. Runs if Nix 2.34 is in PATH, or NIX_INSTANTIATE (and NIX) name it.
//!
//! `NIVAL_PROGRAMS=N` makes N programs of each kind, `NIVAL_SEED=N` begins with another batch. What differs is made as short as
//! possible and printed; with `NIVAL_FOUND=FILE` it is added to a file, and the run goes on.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test reads its grammars and settings, and says what it skips"
)]

mod answer;
mod grammar;
mod kind;
mod minimise;
mod ours;
#[path = "../program/mod.rs"]
mod program;
#[path = "../scratch/mod.rs"]
mod scratch;
mod sides;
#[path = "../tree_folder/mod.rs"]
mod tree_folder;

use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use grammar::Grammar;
use kind::{Batch, Kind};
use scratch::Scratch;
use sides::{Repl, Side};
use tree_folder::trees;

/// How many programs are made, unless NIVAL_PROGRAMS says otherwise.
const PROGRAMS: usize = 640;

fn setting(name: &str) -> Option<usize> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// Evaluates programs of a kind, on all processors.
fn run(kind: &Kind) {
    let count = setting("NIVAL_PROGRAMS").unwrap_or(PROGRAMS);
    let first = setting("NIVAL_SEED").unwrap_or_default();
    let batches = count.div_ceil(kind::BATCH);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut all = Batch::default();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= batches {
                return all;
            }
            all = all.with(kind.batch((first + number) as u64));
            if let Some(file) = std::env::var_os("NIVAL_FOUND") {
                add(Path::new(&file), &std::mem::take(&mut all.found));
            }
        }
    };
    let all = std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, Into::into);
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().fold(Batch::default(), |all, thread| all.with(thread.join().expect("no panic")))
    });
    let Batch { programs, failing, differing, found } = all;
    println!("{}: {programs} programs, {failing} of which fail; {differing} differ", kind.name);
    assert!(differing == 0, "{}", found.join("\n"));
}

fn add(file: &Path, found: &[String]) {
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file).expect("the file");
    file.write_all(found.join("").as_bytes()).expect("room");
}

fn grammar(name: &str) -> Grammar {
    let path = format!("{}/testdata/differential/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    Grammar::read(&std::fs::read_to_string(path).expect("the grammar"))
}

/// The real Nix, or a line that says why there is none.
fn nix(home: &Path) -> Option<Side> {
    Side::nix(home).inspect_err(|why| println!("skipped: {why}")).ok()
}

#[test]
fn programs_give_what_nix_gives() {
    let home = Scratch::new("differential");
    let Some(nix) = nix(&home) else {
        return;
    };
    run(&Kind {
        name: "language",
        grammar: grammar("language"),
        before: "",
        lib: None,
        nival: Side::nival(&home),
        repl: Repl::new(&nix),
        nix,
    });
}

#[test]
fn modules_give_what_nix_gives() {
    let home = Scratch::new("differential-modules");
    let Some(nix) = nix(&home) else {
        return;
    };
    let Some(trees) = trees() else { return };
    let lib = trees.join("nixpkgs-26.11/lib");
    let flags = ["-I".to_owned(), format!("lib={}", lib.display())];
    let nix = nix.with_flags(&flags);
    run(&Kind {
        name: "modules",
        grammar: grammar("modules"),
        before: "with lib; with lib.types; ",
        lib: Some(lib),
        nival: Side::nival(&home).with_flags(&flags),
        repl: Repl::new(&nix),
        nix,
    });
}
