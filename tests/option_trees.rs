//! Holds what `nival option` says of the definitions that count against nixpkgs' own `files`, for every option that a
//! system defines. Runs when NIVAL_TREES names the folder with the trees.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test runs the program and says what it skips"
)]

use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

/// A tree, its configuration, and the options that it defines at least.
const SYSTEMS: &[(&str, &str, usize)] =
    &[("nixpkgs-26.11", "system-26.11.nix", 200), ("nixpkgs-13.11", "system-13.11.nix", 60)];

/// The files of the definitions that count, as the lib tells them.
const FILES: &str = "{ tree, configuration, names }: let
  system = import (tree + \"/nixos\") { inherit configuration; system = \"x86_64-linux\"; };
  option = builtins.foldl' (set: name: set.${name}) system.options;
in map (path: map toString (option path).files) (builtins.fromJSON names)";

fn nival(arguments: &[&str]) -> Vec<u8> {
    let out = Command::new(env!("CARGO_BIN_EXE_nival")).args(arguments).output().expect("nival runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

#[test]
fn definitions_that_count_are_those_of_the_lib() {
    let Some(trees) = std::env::var_os("NIVAL_TREES") else {
        println!("skipped: NIVAL_TREES names no folder with trees");
        return;
    };
    let trees = Path::new(&trees);
    for (tree, configuration, at_least) in SYSTEMS {
        let tree = trees.join(tree).to_string_lossy().into_owned();
        let configuration = trees.join("conf").join(configuration).to_string_lossy().into_owned();
        let opening = ["--nixpkgs", &tree, "-f", &configuration];
        let all = nival(&[&["option", "-r", "--set", "--all", "--format", "jsonl"][..], &opening].concat());
        let all: Vec<Json> = serde_json::Deserializer::from_slice(&all)
            .into_iter()
            .collect::<Result<_, _>>()
            .expect("an object for each option");
        let names: Json = all.iter().map(|option| option["loc"].clone()).collect();
        let names = names.to_string();
        let given = ["--argstr", "tree", &tree, "--argstr", "configuration", &configuration];
        let names = ["--argstr", "names", &names];
        let files = nival(&[&["eval", "--strict", "--json", "-E", FILES][..], &given, &names].concat());
        let files: Vec<Json> = serde_json::from_slice(&files).expect("a list");
        assert!(all.len() >= *at_least, "{tree}: only {} options", all.len());
        assert_eq!(all.len(), files.len());
        for (option, files) in all.iter().zip(&files) {
            let located = option["definitionsWithLocations"].as_array().expect("a list");
            let own: Json = located.iter().map(|definition| definition["file"].clone()).collect();
            assert_eq!(own, *files, "{tree}: {}", option["name"]);
        }
        println!("{tree}: {} options, all definitions in the same files", all.len());
    }
}

/// What the tree's own make-options-doc gives.
const DOCUMENTED: &str = "{ tree, configuration }: let
  system = import (tree + \"/nixos\") { inherit configuration; system = \"x86_64-linux\"; };
  inherit (system) pkgs options;
in builtins.toJSON (import (tree + \"/nixos/lib/make-options-doc\") { inherit pkgs options; inherit (pkgs) lib; }).optionsNix";

#[test]
fn options_are_documented_as_in_the_tree() {
    let Some(trees) = std::env::var_os("NIVAL_TREES") else {
        println!("skipped: NIVAL_TREES names no folder with trees");
        return;
    };
    let trees = Path::new(&trees);
    let tree = trees.join("nixpkgs-26.11").to_string_lossy().into_owned();
    let configuration = trees.join("conf/minimal.nix").to_string_lossy().into_owned();
    let ours = nival(&["option", "--nixpkgs", &tree, "-f", &configuration, "--format", "options.json"]);
    let given = ["--argstr", "tree", &tree, "--argstr", "configuration", &configuration];
    let theirs = nival(&[&["eval", "--raw", "-E", DOCUMENTED][..], &given].concat());
    let options: serde_json::Map<String, Json> = serde_json::from_slice(&ours).expect("an object");
    assert!(options.len() > 24_000, "only {} options", options.len());
    assert!(ours == theirs, "the two texts differ");
    println!("{tree}: {} options documented", options.len());
}
