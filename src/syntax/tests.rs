//! Checks that the quick parser and rnix make the same trees.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test finds its inputs and says what it skips"
)]

use std::path::{Path, PathBuf};

use super::tree_folder::trees;
use super::{Lint, Lints, ParseOptions, parse, parse_with_rnix};

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

/// Both results for a text: the tree, if it is an expression.
fn both(text: &[u8]) -> [Option<String>; 2] {
    let lints = Lints { urls: Lint::Warn, absolute_paths: Lint::Warn, short_paths: Lint::Warn };
    let options = ParseOptions { home: true, pipes: true, lints };
    [parse(text, "«text»", options), parse_with_rnix(text, "«text»", options)]
        .map(|r| r.ok().map(|tree| format!("{tree:?}")))
}

fn check(text: &[u8], what: &str) {
    let [quick, rnix] = both(text);
    assert_eq!(quick, rnix, "{what}: {}", String::from_utf8_lossy(text));
}

#[test]
fn files_have_the_same_trees() {
    let files = nix_files(Path::new("testdata"));
    assert!(files.len() > 50, "only {} files", files.len());
    for file in files {
        check(&std::fs::read(&file).expect("a file"), &file.display().to_string());
    }
}

/// Parses each text as it is, without each of its pieces, and with each piece twice. Both parsers refuse what
/// is not an expression. Their words differ, since rnix does not know the states of Nix's parser;
/// `testdata/lang/syntax.txt` has Nix's.
#[test]
fn broken_texts_are_refused_by_both() {
    let texts = [
        "{ a, b ? 1, ... }@args: with a; let inherit (b) c d; e.f = 1; in [ c (d) e.f or g ]",
        "a: b@{ c }: assert a; if !a == b then - 1 * 2 else rec { inherit a; ${\"b\"} = 1; \"c${d}\".e = 2; }",
        "a ++ b // c -> d && e || f < g + h ? i.\"j\" - k / l",
        "''\n  a ${b} ''${c}\n d'' + \"e\\n${f}\" + ./g/${h}.i + ~/j + <k/l> + http://m.n + 1.5 + /o",
        "f { } [ ] rec { } (x) 1 \"s\" ./p a.b.c {a = 1; a.b = 2;}",
        "a |> b |> c x",
        "a <| b <| c x",
        "{ a = { b = 1; inherit (c) d; }; a.e = 2; a = { inherit f; }; or = 1; }.or",
    ];
    for text in texts {
        check(text.as_bytes(), "whole");
        let pieces: Vec<&str> = text.split_inclusive(' ').collect();
        for i in 0..pieces.len() {
            let without = [&pieces[..i], &pieces[i + 1..]].concat().concat();
            check(without.as_bytes(), "without a piece");
            let twice = [&pieces[..i], &[pieces[i], pieces[i]], &pieces[i + 1..]].concat().concat();
            check(twice.as_bytes(), "with a piece twice");
        }
        for (i, _) in text.char_indices() {
            check(&text.as_bytes()[..i], "a beginning");
            check(&text.as_bytes()[i..], "an end");
        }
    }
}

#[test]
fn trees_have_the_same_trees() {
    let Some(trees) = trees() else {
        return;
    };
    let files = [nix_files(&trees.join("nixpkgs-26.11")), nix_files(&trees.join("nixpkgs-13.11"))].concat();
    assert!(files.len() > 40_000, "only {} files", files.len());
    for file in files {
        check(&std::fs::read(&file).expect("a file"), &file.display().to_string());
    }
}
