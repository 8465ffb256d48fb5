//! Holds what `nival option` says of the definitions that count against nixpkgs' own `files` and `definitionsWithLocations`,
//! for every option that a system defines. Runs when NIVAL_TREES names the folder with the trees.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test runs the program and says what it skips"
)]

mod minimal;

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

/// The definitions that count, as the lib tells them: files, and the values that nival has found to be plain or lists of
/// plain ones. Others cannot be printed, or need files that a tree may lack.
const LOCATED: &str = "{ tree, configuration, names }: let
  system = import (tree + \"/nixos\") { inherit configuration; system = \"x86_64-linux\"; };
  option = builtins.foldl' (set: name: set.${name}) system.options;
  isPlain = v: builtins.elem (builtins.typeOf v) [ \"null\" \"bool\" \"int\" \"string\" \"path\" ];
  plain = v: if builtins.isPath v then toString v else v;
  shown = v:
    if isPlain v then [ (plain v) ]
    else if builtins.isList v && builtins.all isPlain v then [ (map plain v) ]
    else [ ];
  value = v: let tried = builtins.tryEval (builtins.deepSeq (shown v) (shown v)); in if tried.success then tried.value else [ ];
  one = isPlain: one: [ (toString one.file) (if isPlain then value one.value else [ ]) ];
  located = { path, plain }: let
    all = (option path).definitionsWithLocations;
    isPlain = i: i < builtins.length plain && builtins.elemAt plain i;
  in builtins.genList (i: one (isPlain i) (builtins.elemAt all i)) (builtins.length all);
in map located (builtins.fromJSON names)";

/// A value as `LOCATED` gives it: in a list if it is plain, or a list of plain ones.
fn shown(value: &Json) -> Json {
    let is_plain = |value: &Json| !value.is_array() && !value.is_object() && !value.is_f64();
    match value {
        Json::Array(items) if items.iter().all(is_plain) => Json::from(vec![value.clone()]),
        plain if is_plain(plain) => Json::from(vec![plain.clone()]),
        _ => Json::from(Vec::<Json>::new()),
    }
}

/// Every option that the minimal system defines has the definitions that the lib has: the same number, in the same order
/// and files, with the same plain values. Real Nix evaluates the lib if NIX_INSTANTIATE says where it is, otherwise nival.
#[test]
fn winners_of_the_minimal_system_are_those_of_the_lib() {
    let Some((tree, configuration)) = minimal::minimal_system() else {
        return;
    };
    let all = nival(&[
        "option",
        "-r",
        "--set",
        "--all",
        "--format",
        "jsonl",
        "--nixpkgs",
        &tree,
        "-f",
        &configuration,
    ]);
    let all: Vec<Json> = serde_json::Deserializer::from_slice(&all)
        .into_iter()
        .collect::<Result<_, _>>()
        .expect("an object for each option");
    // Some definitions fail: the tree lacks a large file, and options that they need are not set.
    let fails = |option: &Json| {
        let definitions = option["definitions"].as_array().expect("a list");
        definitions.iter().any(|definition| definition["fate"] == "failed")
    };
    let (failing, all): (Vec<Json>, Vec<Json>) = all.into_iter().partition(fails);
    let nothing = Json::from(Vec::<Json>::new());
    let ours: Vec<Vec<[Json; 2]>> = all
        .iter()
        .map(|option| {
            let located = option["definitionsWithLocations"].as_array().expect("a list");
            located.iter().map(|one| [one["file"].clone(), shown(&one["value"])]).collect()
        })
        .collect();
    let asked = all.iter().zip(&ours).map(|(option, ours)| {
        let plain: Vec<bool> = ours.iter().map(|[_, value]| *value != nothing).collect();
        serde_json::json!({ "path": option["loc"], "plain": plain })
    });
    let names = asked.collect::<Json>().to_string();
    let given = ["--argstr", "tree", &tree, "--argstr", "configuration", &configuration];
    let arguments =
        [&["--strict", "--json", "-E", LOCATED][..], &given, &["--argstr", "names", &names]].concat();
    let (by, theirs) = match std::env::var_os("NIX_INSTANTIATE") {
        Some(nix) => {
            let out = Command::new(nix).arg("--eval").args(&arguments).output().expect("Nix runs");
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
            ("real Nix", out.stdout)
        }
        None => ("nival", nival(&[&["eval"][..], &arguments].concat())),
    };
    let theirs: Vec<Vec<[Json; 2]>> =
        serde_json::from_slice(&theirs).expect("a list of definitions for each option");
    assert_eq!(all.len(), theirs.len());
    let winners: usize = ours.iter().map(Vec::len).sum();
    let values = ours.iter().flatten().filter(|[_, value]| *value != nothing).count();
    let mut differing = Vec::new();
    for (option, (ours, theirs)) in all.iter().zip(ours.iter().zip(&theirs)) {
        if ours != theirs {
            differing.push(format!("{}:\n  nival {ours:?}\n  lib   {theirs:?}", option["name"]));
        }
    }
    println!(
        "{tree}, lib evaluated by {by}: {} options compared, {winners} winners, {values} of them with plain values, {} differing; {} options with definitions that fail",
        all.len(),
        differing.len(),
        failing.len()
    );
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert!(all.len() >= 200 && winners >= 400, "too few options: {}", all.len());
    assert!(failing.len() <= 10, "too many that fail: {}", failing.len());
}

/// What the tree's own make-options-doc gives.
const DOCUMENTED: &str = "{ tree, configuration }: let
  system = import (tree + \"/nixos\") { inherit configuration; system = \"x86_64-linux\"; };
  inherit (system) pkgs options;
in builtins.toJSON (import (tree + \"/nixos/lib/make-options-doc\") { inherit pkgs options; inherit (pkgs) lib; }).optionsNix";

#[test]
fn options_are_documented_as_in_the_tree() {
    let Some((tree, configuration)) = minimal::minimal_system() else {
        return;
    };
    let ours = nival(&["option", "--nixpkgs", &tree, "-f", &configuration, "--format", "options.json"]);
    let given = ["--argstr", "tree", &tree, "--argstr", "configuration", &configuration];
    let theirs = nival(&[&["eval", "--raw", "-E", DOCUMENTED][..], &given].concat());
    let options: serde_json::Map<String, Json> = serde_json::from_slice(&ours).expect("an object");
    assert!(options.len() > 24_000, "only {} options", options.len());
    assert!(ours == theirs, "the two texts differ");
    println!("{tree}: {} options documented", options.len());
}
