//! Numbers the program's sources: cached code is used only by a program with the same number.
#![allow(clippy::disallowed_methods, reason = "a build script reads the sources")]

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

/// Nearly everything decides about lowered code: its layout, the numbers of built-in functions and symbols, what it means.
const FOLDER: &str = "src";

fn main() {
    let mut hasher = DefaultHasher::new();
    let mut files = BTreeSet::new();
    // Cargo watches everything below.
    println!("cargo::rerun-if-changed={FOLDER}");
    collect(Path::new(FOLDER), &mut files);
    for file in files {
        (&file, std::fs::read(&file).ok()).hash(&mut hasher);
    }
    println!("cargo::rustc-env=NIVAL_CODE_VERSION={}", hasher.finish());
}

fn collect(folder: &Path, files: &mut BTreeSet<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => collect(&entry.path(), files),
            _ => drop(files.insert(entry.path())),
        }
    }
}
