//! Runs `nival config` on every row of `testdata/goldens/rows.tsv` and compares with the output of real Nix: with the
//! native lib and, if `NIVAL_TREES` has nixpkgs 13.11, with the lib of that time interpreted.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test runs the program on its test data"
)]

mod program;
mod tree_folder;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;
use tree_folder::trees;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

struct Row<'a> {
    name: &'a str,
    /// Whether it was also recorded with the old lib.
    old: bool,
    ask: &'a str,
    modules: &'a str,
    fixtures: &'a str,
    options: &'a str,
    flags: &'a str,
}

fn rows(text: &str) -> Vec<Row<'_>> {
    let lines = text.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#'));
    lines
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            let [name, libs, ask, modules, fixtures, options, flags] = columns[..] else {
                panic!("not seven columns: {line}");
            };
            Row { name, old: libs == "both", ask, modules, fixtures, options, flags }
        })
        .collect()
}

/// The original module, which is not part of this repository.
fn seed() -> PathBuf {
    Path::new(ROOT).join("../shared/seed/kernel.nix")
}

fn words(column: &str) -> impl Iterator<Item = &str> {
    column.split(' ').filter(|w| !w.is_empty() && *w != "-")
}

fn command(row: &Row<'_>) -> Command {
    let mut command = program::bare(env!("CARGO_BIN_EXE_nival"));
    command.arg("config").arg("--json");
    if row.ask == "selected" {
        command.arg("--strict");
    }
    for module in words(row.modules) {
        match module {
            "seed" => command.arg(seed()),
            module => command.arg(format!("{ROOT}/testdata/modules/{module}.nix")),
        };
    }
    for fixture in words(row.fixtures) {
        command.arg("--fixture").arg(format!("{ROOT}/testdata/fixtures/{fixture}"));
    }
    for option in words(row.options) {
        command.arg("-A").arg(option);
    }
    for flag in words(row.flags) {
        match flag.split_once('=') {
            Some((_, file)) => command.arg("--pkgs").arg(format!("{ROOT}/testdata/fixtures/{file}")),
            None => command.arg(format!("--{flag}")),
        };
    }
    command
}

/// Replaces paths as in the goldens.
fn portable(text: &str) -> String {
    let seed = seed();
    let seed = seed.parent().map(|p| p.to_string_lossy().into_owned()).unwrap_or_default();
    let plain = std::fs::canonicalize(&seed).map(|p| p.to_string_lossy().into_owned()).unwrap_or(seed);
    let beside = ROOT.rsplit_once('/').map(|(parent, _)| format!("{parent}/shared/seed")).unwrap_or_default();
    let text = text.replace("/«nival»", "$ROOT/nix").replace(&plain, "$SEED").replace(&beside, "$SEED");
    text.replace(ROOT, "$ROOT")
}

/// Removes what only nival's marks tell. Real Nix cannot distinguish an option without a value, or a removed one,
/// from one whose value fails.
fn strip(value: &mut Json) {
    match value {
        Json::Object(map) => {
            if let Some(kind) = map.get_mut("_nival") {
                if ["unset", "removed", "renamed"].iter().any(|own| kind == own) {
                    *kind = "error".into();
                }
                map.remove("at");
                map.remove("message");
            }
            map.values_mut().for_each(strip);
        }
        Json::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

/// Checks a row's outcome against the golden, whose path is given without its extension.
fn check(command: &mut Command, golden: &str) -> Result<(), String> {
    let out = command.output().map_err(|e| e.to_string())?;
    let stderr = portable(&String::from_utf8_lossy(&out.stderr));
    if let Ok(wanted) = std::fs::read_to_string(format!("{golden}.json")) {
        let mut wanted: Json = serde_json::from_str(&wanted).map_err(|e| e.to_string())?;
        let printed = portable(&String::from_utf8_lossy(&out.stdout));
        let mut got: Json = serde_json::from_str(&printed).map_err(|_| stderr)?;
        strip(&mut wanted);
        strip(&mut got);
        return if got == wanted { Ok(()) } else { Err(format!("got {got}\nwanted {wanted}")) };
    }
    let wanted = std::fs::read_to_string(format!("{golden}.err")).map_err(|e| format!("{golden}: {e}"))?;
    // Positions inside nixpkgs' lib cannot match; the message does.
    let message = |text: &str| {
        let last = &text[text.rfind("error:").unwrap_or(0)..];
        let lines = last.lines().map(str::trim).take_while(|l| !l.starts_with("at "));
        lines.collect::<Vec<_>>().join("\n").trim_end().to_owned()
    };
    let (got, wanted) = (message(&stderr), message(&wanted));
    if got == wanted { Ok(()) } else { Err(format!("got {got}\nwanted {wanted}")) }
}

/// A row for which nival has its own message. Nix evaluates an expression (`nix/oracle.nix`) and can only say that a
/// set in it lacks an attribute. nival knows that an option was requested, and its full path.
const NO_OPTION: &str = "kernel/error-no-option";

#[test]
fn an_option_that_does_not_exist_is_named() {
    let text =
        std::fs::read_to_string(format!("{ROOT}/testdata/goldens/rows.tsv")).expect("the table of rows");
    let row = rows(&text).into_iter().find(|r| r.name == NO_OPTION).expect("the row");
    let out = command(&row).output().expect("nival runs");
    assert_eq!(String::from_utf8_lossy(&out.stderr), "error: there is no option 'boot.nonsense'\n");
    assert_eq!(out.status.code(), Some(1));
}

#[test]
fn values_and_errors_are_those_of_real_nix() {
    run_rows(
        |_| true,
        |row| check(&mut command(row), &format!("{ROOT}/testdata/goldens/modern/{}", row.name)),
    );
}

#[test]
fn the_lib_of_2013_gives_what_it_gave_with_nix_of_its_time() {
    let Some(lib) = trees().map(|trees| trees.join("nixpkgs-13.11/lib")) else {
        return;
    };
    if !lib.exists() {
        println!("skipped: there is no {}", lib.display());
        return;
    }
    let run = |row: &Row<'_>| {
        let golden = |set: &str| format!("{ROOT}/testdata/goldens/{set}/{}", row.name);
        // Only goldens that differ from the modern set are stored.
        let differs = [".json", ".err"].iter().any(|end| Path::new(&(golden("old") + end)).exists());
        check(command(row).arg("--lib").arg(&lib), &golden(if differs { "old" } else { "modern" }))
    };
    run_rows(|row| row.old, run);
}

/// Checks the wanted rows, and that there are enough of them.
fn run_rows(wanted: impl Fn(&Row<'_>) -> bool, check: impl Fn(&Row<'_>) -> Result<(), String>) {
    let text =
        std::fs::read_to_string(format!("{ROOT}/testdata/goldens/rows.tsv")).expect("the table of rows");
    let mut wrong = Vec::new();
    let mut checked = 0;
    for row in rows(&text).into_iter().filter(wanted) {
        if words(row.modules).any(|m| m == "seed") && !seed().exists() {
            println!("skipped: {} needs the original module", row.name);
            continue;
        }
        if row.name == NO_OPTION {
            continue;
        }
        checked += 1;
        if let Err(why) = check(&row) {
            wrong.push(format!("{}: {why}", row.name));
        }
    }
    assert!(checked > 30, "only {checked} rows");
    assert!(wrong.is_empty(), "{} of {checked} rows differ:\n{}", wrong.len(), wrong.join("\n\n"));
}
