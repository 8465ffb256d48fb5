//! Runs on entire nixpkgs trees from `NIVAL_TREES`.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test finds its inputs and says what it skips"
)]

mod program;
mod tree_folder;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use nival::Session;
use sha2::{Digest as _, Sha256};
use tree_folder::trees;

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

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn every_file_of_nixpkgs_parses_and_lowers() {
    let Some(trees) = trees() else {
        return;
    };
    let session = Session::new().expect("a session");
    let files = nix_files(&trees.join("nixpkgs-26.11"));
    let wrong: Vec<String> =
        files.iter().filter_map(|file| session.check_file(file).err()).map(|e| e.to_string()).collect();
    let files = files.len();
    assert!(files > 40_000, "only {files} files");
    assert!(wrong.is_empty(), "{} of {files}:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
}

/// The values of `testdata/systems/RELEASE.nix` for a tree match those that tools/record/record recorded.
#[test]
fn systems_tests_and_packages_are_those_of_nix() {
    let Some(trees) = trees() else {
        return;
    };
    for release in ["26.11", "20.09", "13.11"] {
        let systems =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("testdata/systems/nixos-{release}.nix"));
        let recorded = std::fs::read(systems.with_extension("json")).expect("the recorded file");
        let recorded: serde_json::Value = serde_json::from_slice(&recorded).expect("JSON");
        let tree = trees.join(format!("nixpkgs-{release}"));
        let texts = |part: &str| -> Vec<(String, String)> {
            let all = recorded[part].as_object().expect("an object").iter();
            all.map(|(name, hash)| (name.clone(), hash.as_str().unwrap_or_default().to_owned())).collect()
        };
        let same = |(file, hash): &(String, String)| {
            std::fs::read(tree.join(file)).is_ok_and(|text| sha256(&text) == *hash)
        };
        if !texts("tree").iter().all(same) {
            println!("skipped: {} is not the tree that was recorded", tree.display());
            continue;
        }
        let start = |name: &str| {
            let mut command = program::bare(env!("CARGO_BIN_EXE_nival"));
            command.args(["eval", "--no-cache", "--strict", "--json", "--readonly-mode", "-A", name]);
            command.arg(&systems).args(["--arg", "nixpkgs"]).arg(&tree);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("nival runs")
        };
        let values = texts("values");
        assert!(values.len() > 20, "{release}");
        for pair in values.chunks(2) {
            let running: Vec<_> = pair.iter().map(|(name, hash)| (name, hash, start(name))).collect();
            for (name, hash, running) in running {
                let out = running.wait_with_output().expect("nival ends");
                let err = String::from_utf8_lossy(&out.stderr);
                assert_eq!(sha256(out.stdout.trim_ascii_end()), *hash, "{release}: {name}\n{err}");
            }
        }
    }
}
