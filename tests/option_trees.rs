//! Holds what `nival option` says of the definitions that count against nixpkgs' own `files` and `definitionsWithLocations`,
//! for every option that a system defines. Runs when NIVAL_TREES names the folder with the trees.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test runs the program and says what it skips"
)]

mod minimal;
mod program;
mod tree_folder;

use std::process::Command;

use serde_json::Value as Json;
use tree_folder::trees;

/// A configuration: its name, an expression with the folders of the trees and of our own modules, and how many options it
/// defines at least.
const CONFIGURATIONS: &[(&str, &str, usize)] = &[
    (
        "NixOS 26.11",
        "import TREES/nixpkgs-26.11/nixos {
          configuration.imports = [ TREES/conf/system-26.11.nix OURS/nixos-26.11.nix ];
          system = \"x86_64-linux\";
        }",
        220,
    ),
    (
        "NixOS 20.09",
        "import TREES/nixpkgs-20.09/nixos {
          configuration.imports = [ TREES/conf/minimal.nix OURS/nixos-20.09.nix ];
          system = \"x86_64-linux\";
        }",
        140,
    ),
    (
        "NixOS 13.11",
        "import TREES/nixpkgs-13.11/nixos {
          configuration.imports = [ TREES/conf/minimal.nix OURS/nixos-13.11.nix ];
          system = \"x86_64-linux\";
        }",
        80,
    ),
    (
        "home-manager",
        "import TREES/home-manager/modules {
          configuration = OURS/home.nix;
          pkgs = import TREES/nixpkgs-26.11 { system = \"x86_64-linux\"; };
        }",
        50,
    ),
    (
        "nix-darwin",
        "import TREES/nix-darwin {
          nixpkgs = TREES/nixpkgs-26.11;
          configuration = OURS/darwin.nix;
          system = \"aarch64-darwin\";
          pkgs = import TREES/nixpkgs-26.11 { system = \"aarch64-darwin\"; };
        }",
        45,
    ),
];

fn nival(arguments: &[&str]) -> Vec<u8> {
    let out = program::bare(env!("CARGO_BIN_EXE_nival")).args(arguments).output().expect("nival runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

/// The definitions that count, as the lib tells them: files, and the values that nival has found to be plain or lists of
/// plain ones. Others cannot be printed, or need files that a tree may lack. Old releases have no `definitionsWithLocations`.
const LOCATED: &str = "{ evaluated, names }: let
  option = builtins.foldl' (set: name: set.${name}) evaluated.options;
  isPlain = v: builtins.elem (builtins.typeOf v) [ \"null\" \"bool\" \"int\" \"string\" \"path\" ];
  plain = v: if builtins.isPath v then toString v else v;
  shown = v:
    if isPlain v then [ (plain v) ]
    else if builtins.isList v && builtins.all isPlain v then [ (map plain v) ]
    else [ ];
  value = v: let tried = builtins.tryEval (builtins.deepSeq (shown v) (shown v)); in if tried.success then tried.value else [ ];
  one = isPlain: one: [ (toString one.file) (if isPlain then value one.value else [ ]) ];
  together = { files, definitions, ... }:
    builtins.genList (i: { file = builtins.elemAt files i; value = builtins.elemAt definitions i; }) (builtins.length files);
  located = { path, plain }: let
    found = option path;
    all = found.definitionsWithLocations or (together found);
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

/// Every option that a configuration defines has the definitions that the lib has: the same number, in the same order and
/// files, with the same plain values.
#[test]
fn winners_are_those_of_the_lib() {
    let Some(trees) = trees() else {
        return;
    };
    let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/option_trees");
    for (name, expression, at_least) in CONFIGURATIONS {
        let expression = expression.replace("TREES", &trees.to_string_lossy()).replace("OURS", ours);
        let compared = compare(name, &["-E", &expression], &expression);
        assert!(compared.options >= *at_least, "{name}: only {} options", compared.options);
        assert!(compared.failing <= 10, "{name}: too many options that fail: {}", compared.failing);
    }
}

/// The same for the minimal system. Real Nix evaluates the lib if NIX_INSTANTIATE says where it is, otherwise nival.
#[test]
fn winners_of_the_minimal_system_are_those_of_the_lib() {
    let Some((tree, configuration)) = minimal::minimal_system() else {
        return;
    };
    let expression =
        format!("import {tree}/nixos {{ configuration = {configuration}; system = \"x86_64-linux\"; }}");
    let compared = compare(&tree, &["--nixpkgs", &tree, "-f", &configuration], &expression);
    assert!(compared.options >= 200 && compared.winners >= 400, "too few: {compared:?}");
    assert!(compared.failing <= 10, "too many options that fail: {}", compared.failing);
}

/// What was compared.
#[derive(Debug)]
struct Compared {
    /// Options that something defines.
    options: usize,
    /// Their definitions that count.
    winners: usize,
    /// Options left out, because some definitions fail: a tree lacks a large file, or options that they need are not set.
    failing: usize,
}

/// Compares what nival says of a configuration, opened by these flags, with what the lib says of the expression that it is.
fn compare(name: &str, opening: &[&str], expression: &str) -> Compared {
    let all = nival(&[&["option", "-r", "--set", "--all", "--format", "jsonl"][..], opening].concat());
    let all: Vec<Json> = serde_json::Deserializer::from_slice(&all)
        .into_iter()
        .collect::<Result<_, _>>()
        .expect("an object for each option");
    for option in &all {
        let places =
            ["definitions", "declarationPositions"].map(|key| option[key].as_array().expect("a list"));
        let is_unknown = |place: &&Json| place["file"] == "<unknown-file>";
        assert_eq!(places.into_iter().flatten().find(is_unknown), None, "{name}: {}", option["name"]);
    }
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
    let arguments =
        ["--strict", "--json", "-E", LOCATED, "--arg", "evaluated", expression, "--argstr", "names", &names];
    let (by, theirs) = match std::env::var_os("NIX_INSTANTIATE") {
        Some(nix) => {
            let out = Command::new(nix).arg("--eval").args(arguments).output().expect("Nix runs");
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
        "{name}, lib evaluated by {by}: {} options compared, {winners} winners, {values} of them with plain values, {} differing; {} options with definitions that fail",
        all.len(),
        differing.len(),
        failing.len()
    );
    assert!(differing.is_empty(), "{name}:\n{}", differing.join("\n"));
    Compared { options: all.len(), winners, failing: failing.len() }
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
