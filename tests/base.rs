//! Compares the base modules with a recording of nixpkgs: testdata/base/options.jsonl (tools/record/record base).
#![allow(clippy::disallowed_methods, reason = "the test runs the program on its test data")]

mod program;

use std::collections::BTreeMap;

use serde_json::Value as Json;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/base");

/// Facts about options, by option path.
fn by_option(rows: impl Iterator<Item = Json>) -> BTreeMap<String, Json> {
    rows.map(|row| (row["option"].to_string(), row)).collect()
}

/// The option path with dots between the names.
fn written(row: &Json) -> String {
    let names = row["option"].as_array().into_iter().flatten().filter_map(Json::as_str);
    names.collect::<Vec<_>>().join(".")
}

#[test]
fn options_are_those_of_nixpkgs() {
    let mut command = program::bare(env!("CARGO_BIN_EXE_nival"));
    let module = format!("{FOLDER}/facts.nix");
    command.args(["config", &module, "-A", "baseFacts", "--json", "--no-cache"]);
    let out = command.output().expect("nival runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let printed: Json = serde_json::from_slice(&out.stdout).expect("JSON");
    let ours = by_option(printed["baseFacts"].as_array().expect("a list").iter().cloned());
    let read = |name: &str| std::fs::read_to_string(format!("{FOLDER}/{name}")).expect("the file");
    let recorded = read("options.jsonl");
    // The first line names the source of the others.
    let theirs = by_option(recorded.lines().skip(1).map(|line| serde_json::from_str(line).expect("a row")));
    let listed = read("differs.txt");
    let listed: Vec<&str> =
        listed.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();

    assert!(ours.len() > 500, "{} options", ours.len());
    let mut wrong = Vec::new();
    for (path, own) in &ours {
        let name = written(own);
        let Some(their) = theirs.get(path) else {
            wrong.push(format!("{name}: not recorded; tools/record/record base does that"));
            continue;
        };
        let differ = ["type", "default"].iter().any(|fact| match (own.get(fact), their.get(fact)) {
            (Some(ours), Some(theirs)) => ours != theirs,
            _ => false,
        });
        if differ && !listed.contains(&name.as_str()) {
            wrong.push(format!("{name}: {own}\n  recorded: {their}"));
        }
        if !differ && listed.contains(&name.as_str()) {
            wrong.push(format!("{name}: listed in differs.txt, but the same"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
