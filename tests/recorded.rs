//! Recordings name the Nix they come from, and the nixpkgs if they use one (`tools/record/record`).
#![allow(clippy::disallowed_methods, reason = "the test reads its test data")]

use std::path::{Path, PathBuf};

/// Recorded files: a folder of testdata, their suffix, how they name their Nix, and whether they use a nixpkgs.
const RECORDED: &[(&str, &str, &str, bool)] = &[
    ("", "colours.jsonl", LINE, false),
    ("", "instantiate.txt", LINE, false),
    ("", "regex.json", "\"nix\": \"2.", false),
    ("", "toml.json", "\"nix\": \"2.", false),
    ("base", "options.jsonl", LINE, true),
    ("cli", "cases.jsonl", LINE, false),
    ("git", ".txt", LINE, false),
    ("goldens/modern", "VERSIONS", "nix-instantiate: nix-instantiate (Nix) 2.", true),
    ("goldens/old", "VERSIONS", "nix-instantiate: nix-instantiate (Nix) 2.", true),
    ("lang", ".txt", LINE, false),
    ("lib", ".txt", LINE, true),
    ("modsets", ".txt", LINE, true),
    ("stats", ".json", LINE, false),
    ("store", ".tsv", "# Nix 2.", false),
    ("store", ".txt", "# Nix 2.", false),
    ("systems", ".json", LINE, true),
];
const LINE: &str = "Recorded from nix-instantiate (Nix) 2.";

fn files(folder: &str, end: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(folder);
    let entries = std::fs::read_dir(&folder).expect("the folder").flatten();
    let named = |path: &PathBuf| path.to_str().is_some_and(|path| path.ends_with(end));
    entries.map(|entry| entry.path()).filter(named).collect()
}

#[test]
fn every_recorded_file_names_its_nix_and_its_nixpkgs() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (folder, end, line, with_tree) in RECORDED {
        let files = files(folder, end);
        assert!(!files.is_empty(), "there is nothing like testdata/{folder}/*{end}");
        for file in files {
            count += 1;
            let text = std::fs::read(&file).expect("the file");
            let text = String::from_utf8_lossy(&text);
            let tree =
                |from: &str| from.contains("with the lib of nixpkgs ") || text.contains("nixpkgs lib: ");
            if !text.lines().any(|l| l.contains(line) && (!with_tree || tree(l))) {
                wrong.push(file.display().to_string());
            }
        }
    }
    assert!(count > 80, "only {count} files");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The two sets of goldens come from the current Nix and from the Nix of the old lib's time.
#[test]
fn goldens_are_from_the_versions_that_are_compared_with() {
    let versions = |set: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/goldens").join(set).join("VERSIONS");
        std::fs::read_to_string(path).expect("the versions")
    };
    assert!(versions("modern").contains("(Nix) 2.34.8\nnixpkgs lib: 26.11"));
    assert!(versions("old").contains("(Nix) 2.8.0\n"));
}
