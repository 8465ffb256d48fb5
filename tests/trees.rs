//! Runs on whole nixpkgs trees, where `NIVAL_TREES` says they are.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test finds its inputs and says what it skips"
)]

use std::path::{Path, PathBuf};

use nival::builtins;
use nival::eval::{Evaluator, Settings, render};
use nival::host::RealHost;

fn trees() -> Option<PathBuf> {
    let trees = std::env::var_os("NIVAL_TREES").map(PathBuf::from);
    if trees.is_none() {
        println!("skipped: NIVAL_TREES does not say where nixpkgs-26.11 is");
    }
    trees
}

fn nix_files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(t) if t.is_dir() => folders.push(entry.path()),
                Ok(t) if t.is_file() && entry.path().extension().is_some_and(|e| e == "nix") => {
                    found.push(entry.path());
                }
                _ => {}
            }
        }
    }
    found.sort();
    found
}

/// Runs `f` with an evaluator on a thread with a large stack.
fn with_evaluator<T: Send + 'static>(f: impl FnOnce(&Evaluator) -> T + Send + 'static) -> T {
    let run = move || {
        let mut ev = Evaluator::new(Box::new(RealHost::new()), Settings::default()).expect("memory");
        builtins::install(&mut ev).expect("built-ins");
        f(&ev)
    };
    let thread = std::thread::Builder::new().stack_size(4 << 30).spawn(run).expect("a thread");
    thread.join().expect("no panic")
}

#[test]
fn every_file_of_nixpkgs_parses_and_lowers() {
    let Some(trees) = trees() else {
        return;
    };
    let (files, wrong) = with_evaluator(move |ev| {
        let files = nix_files(&trees.join("nixpkgs-26.11"));
        let mut wrong = Vec::new();
        for file in &files {
            let path = std::rc::Rc::from(file.as_os_str().as_encoded_bytes());
            let lowered = ev.parse_file(&path).and_then(|(source, ast)| ev.delay_ast(&source, &ast));
            if let Err(e) = lowered {
                wrong.push(render(&ev.sources, &e, false));
            }
        }
        (files.len(), wrong)
    });
    assert!(files > 40_000, "only {files} files");
    assert!(wrong.is_empty(), "{} of {files}:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
}
