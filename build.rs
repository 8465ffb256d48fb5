//! Gives the layout of lowered code a number: kept code is only used by a program with the same one.
#![allow(clippy::disallowed_methods, reason = "a build script reads the sources")]

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;

/// What lowered code depends on; it knows built-ins by number.
const FOLDERS: &[&str] =
    &["src/builtins", "src/builtins/fetch", "src/heap", "src/ir", "src/source", "src/syntax"];

fn main() {
    let mut hasher = DefaultHasher::new();
    for folder in FOLDERS {
        println!("cargo::rerun-if-changed={folder}");
        let files: BTreeSet<PathBuf> =
            std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
        for file in files {
            (file.file_name(), std::fs::read(&file).ok()).hash(&mut hasher);
        }
    }
    println!("cargo::rustc-env=NIVAL_CODE_VERSION={}", hasher.finish());
}
