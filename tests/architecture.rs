//! Holds the order of the source folders and the length of the files.
#![allow(clippy::disallowed_methods, reason = "the test reads the sources")]

use std::path::{Path, PathBuf};

/// The way of the data: a folder may use those before it.
const STAGES: &[&str] = &[
    "source", "syntax", "ir", "value", "eval", "builtins", "native", "nixpkgs", "modules", "report",
    "session", "cli",
];
/// Usable by every stage, using none.
const BESIDE: &[&str] = &["heap", "store", "host"];
/// Lines a file may have.
const LONGEST: usize = 600;

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("source folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 20, "the sources were not found");
    found
}

fn folder(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).ok()?;
    let first = inside.components().next()?.as_os_str().to_str()?;
    (!first.ends_with(".rs")).then(|| first.to_owned())
}

/// Folders that a line of code names as `crate::folder`.
fn uses(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        &rest[..end]
    })
}

fn stage(name: &str) -> Option<usize> {
    STAGES.iter().position(|s| *s == name)
}

#[test]
fn folders_use_only_what_comes_before_them() {
    let mut wrong = Vec::new();
    for path in sources() {
        let Some(own) = folder(&path) else {
            continue;
        };
        assert!(stage(&own).is_some() || BESIDE.contains(&own.as_str()), "{own} has no place in the design");
        let text = std::fs::read_to_string(&path).expect("source file");
        for (number, line) in text.lines().enumerate() {
            let code = line.trim_start();
            if code.starts_with("//") {
                continue;
            }
            for used in uses(code) {
                let allowed = match (stage(&own), stage(used)) {
                    (Some(own), Some(used)) => used <= own,
                    (None, Some(_)) => false,
                    (_, None) => used == own || (stage(&own).is_some() && BESIDE.contains(&used)),
                };
                if !allowed {
                    wrong.push(format!("{}:{}: {own} uses {used}", path.display(), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_short() {
    let long: Vec<_> = sources()
        .into_iter()
        .filter_map(|path| {
            let lines = std::fs::read_to_string(&path).expect("source file").lines().count();
            (lines > LONGEST).then(|| format!("{}: {lines} lines", path.display()))
        })
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
