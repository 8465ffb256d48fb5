//! Computes a version number for the layout of lowered code: cached code is only used by a program with the same
//! version.
#![allow(clippy::disallowed_methods, reason = "a build script reads the sources")]

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

/// The folders that lowered code depends on; it refers to built-ins by number.
const FOLDERS: &[&str] = &["src/builtins", "src/heap", "src/ir", "src/source", "src/syntax"];

fn main() {
    let mut hasher = DefaultHasher::new();
    let mut files = BTreeSet::new();
    for folder in FOLDERS {
        // Cargo also watches everything below.
        println!("cargo::rerun-if-changed={folder}");
        collect(Path::new(folder), &mut files);
    }
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
