//! `nival diff --base`: small changes of modules in a git repository, and of one module of nixpkgs, with the options that each
//! alters and the lines that are the cause.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test makes repositories and runs the program, and says what it skips"
)]

mod minimal;
mod program;
mod repository;
mod scratch;
mod tree_folder;

use std::collections::BTreeSet;
use std::path::Path;

use repository::git;
use scratch::Scratch;
use serde_json::Value as Json;

/// The files of the repository.
const FILES: &[(&str, &str)] = &[
    ("module.nix", "{ imports = import ./list.nix; }\n"),
    ("list.nix", "[\n  ./server.nix\n  ./editor.nix\n]\n"),
    (
        "server.nix",
        "{ config, lib, ... }:
let
  inherit (lib) mkIf mkOption types;
  cfg = config.server;
in
{
  options.server = {
    enable = mkOption {
      type = types.bool;
      default = true;
    };
    text = mkOption {
      type = types.str;
    };
    package = mkOption {
      type = types.str;
      default = import ./package.nix;
    };
    variables = mkOption {
      type = types.attrsOf types.str;
      default = { };
      apply = lib.mapAttrs (import ./shown.nix);
    };
    command = mkOption {
      type = types.str;
    };
  };
  config = {
    server.text = builtins.readFile ./motd.txt;
    server.variables.HOME = \"/srv\";
    server.command = mkIf cfg.enable \"${cfg.package} ${toString (lib.attrValues cfg.variables)}\";
  };
}
",
    ),
    (
        "editor.nix",
        "{ lib, ... }:
{
  options.editor = {
    name = lib.mkOption {
      type = lib.types.str;
      default = \"ed\";
    };
    rows = lib.mkOption {
      type = lib.types.int;
      default = 24;
    };
  };
}
",
    ),
    ("package.nix", "let\n  name = \"server\";\n  version = \"1.9p2\";\nin\n\"${name}-${version}\"\n"),
    ("shown.nix", "name: value: \"${name}=${value}\"\n"),
    ("spare.nix", "{ lib, ... }: { options.spare = lib.mkOption { default = 1; }; }\n"),
    ("motd.txt", "Welcome.\n"),
];

/// A change of a file, and what it alters: each option with the kind of its difference and the first cause.
struct Edit {
    file: &'static str,
    old: &'static str,
    new: &'static str,
    alters: &'static [(&'static str, &'static str, &'static str)],
}

const EDITS: &[Edit] = &[
    // A file that a module reads.
    Edit {
        file: "motd.txt",
        old: "Welcome.",
        new: "Welcome!",
        alters: &[("server.text", "value", "./motd.txt:1")],
    },
    // A file that a default comes from, and what follows from the default.
    Edit {
        file: "package.nix",
        old: "1.9p2",
        new: "1.10",
        alters: &[
            ("server.command", "value", "./package.nix:3"),
            ("server.package", "value", "./package.nix:3"),
        ],
    },
    // The error is in another file than the option.
    Edit {
        file: "package.nix",
        old: "\"1.9p2\"",
        new: "throw \"the server is gone\"",
        alters: &[
            ("server.command", "error", "./package.nix:3"),
            ("server.package", "error", "./package.nix:3"),
        ],
    },
    // A module is not imported any more: the lines of the module are as before.
    Edit {
        file: "list.nix",
        old: "  ./editor.nix\n",
        new: "",
        alters: &[("editor.name", "removed", "./list.nix:3"), ("editor.rows", "removed", "./list.nix:3")],
    },
    // One that has been there is imported now.
    Edit {
        file: "list.nix",
        old: "  ./editor.nix\n",
        new: "  ./editor.nix\n  ./spare.nix\n",
        alters: &[("spare", "added", "./list.nix:4")],
    },
    // The function that is applied to a value, in another file.
    Edit {
        file: "shown.nix",
        old: "${name}=",
        new: "${name}: ",
        alters: &[
            ("server.command", "value", "./shown.nix:1"),
            ("server.variables.HOME", "value", "./shown.nix:1"),
        ],
    },
    // A comment changes nothing.
    Edit { file: "editor.nix", old: "options.editor", new: "# The editor.\n  options.editor", alters: &[] },
];

/// The differences, as the edits state them.
fn alters(out: &[u8]) -> Vec<(String, String, String)> {
    let found: Json = serde_json::from_slice(out).expect("JSON");
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let change = |change: &Json| {
        let cause = &change["causes"][0];
        let place = match cause["file"].as_str() {
            Some(file) => format!("{file}:{}", cause["line"]),
            None => "no visible cause".to_owned(),
        };
        (text(&change["name"]), text(&change["kind"]), place)
    };
    found["changes"].as_array().expect("a list").iter().map(change).collect()
}

#[test]
fn each_change_names_its_line() {
    let here = Scratch::new("diff-base");
    if !git(&here, "init -q") {
        return;
    }
    let write = |name: &str, text: &str| std::fs::write(here.join(name), text).expect("a file");
    FILES.iter().for_each(|(name, text)| write(name, text));
    assert!(git(&here, "add .") && git(&here, "commit -qm one"));
    for edit in EDITS {
        let (_, text) = FILES.iter().find(|(name, _)| *name == edit.file).expect("the file");
        assert!(text.contains(edit.old), "{}: {}", edit.file, edit.old);
        write(edit.file, &text.replacen(edit.old, edit.new, 1));
        let out = program::bare(env!("CARGO_BIN_EXE_nival"))
            .args(["diff", "--no-cache", "--no-base", "module.nix", "--base", "main", "--json"])
            .current_dir(&*here)
            .output()
            .expect("the program runs");
        assert_eq!(String::from_utf8_lossy(&out.stderr), "");
        let expected: Vec<_> = edit
            .alters
            .iter()
            .map(|(name, kind, cause)| ((*name).to_owned(), (*kind).to_owned(), (*cause).to_owned()))
            .collect();
        assert_eq!(alters(&out.stdout), expected, "{}: {} → {}", edit.file, edit.old, edit.new);
        write(edit.file, text);
    }
}

/// What the program prints about a repository.
fn diff(here: &Path, words: &[&str]) -> Vec<(String, String, String)> {
    let out = program::bare(env!("CARGO_BIN_EXE_nival"))
        .args(["diff", "--no-cache", "--json"])
        .args(words)
        .current_dir(here)
        .output()
        .expect("the program runs");
    assert_eq!(String::from_utf8_lossy(&out.stderr), "");
    alters(&out.stdout)
}

/// Where nothing that an evaluation asks for has changed, the old side is not evaluated. Files that git ignores are no change
/// for git, but they are not there at the revision.
#[test]
fn what_differs_beside_files_that_git_knows_is_found() {
    let here = Scratch::new("diff-ignored");
    if !git(&here, "init -q") {
        return;
    }
    let write = |name: &str, text: &str| std::fs::write(here.join(name), text).expect("a file");
    write(".gitignore", "secret.nix\n");
    write("text.txt", "");
    write(
        "module.nix",
        "{ lib, ... }:
{
  options.secret = lib.mkOption { default = if builtins.pathExists ./secret.nix then import ./secret.nix else \"none\"; };
  options.files = lib.mkOption { default = builtins.attrNames (builtins.readDir ./folder); };
}
",
    );
    std::fs::create_dir(here.join("folder")).expect("a folder");
    write("folder/one", "");
    assert!(git(&here, "add .") && git(&here, "commit -qm one"));
    let words = ["--no-base", "module.nix", "--base", "main"];
    let names = || diff(&here, &words).into_iter().map(|(name, ..)| name).collect::<Vec<_>>();
    assert_eq!(names(), [""; 0]);
    write("text.txt", "Nobody reads this.\n");
    assert_eq!(names(), [""; 0]);
    write("secret.nix", "\"some\"\n");
    assert_eq!(names(), ["secret"]);
    write("folder/two", "");
    assert_eq!(names(), ["files", "secret"]);
    std::fs::remove_file(here.join("secret.nix")).expect("the file is there");
    assert_eq!(names(), ["files"]);
    assert_eq!(diff(&here, &[&words[..], &["--head", "main"]].concat()), []);
}

/// Fixtures that are compared together, and share their packages, differ as each does alone.
#[test]
fn fixtures_together_differ_as_each_alone() {
    let Some((tree, _)) = minimal::minimal_system() else {
        return;
    };
    let here = Scratch::new("diff-together");
    if !git(&here, "init -q") {
        return;
    }
    let write = |name: &str, text: &str| std::fs::write(here.join(name), text).expect("a file");
    // A small NixOS, with the module system and the packages of the tree.
    std::fs::create_dir(here.join("nixos")).expect("a folder");
    let nixos = "{ configuration, system }:
let
  lib = import TREE/lib;
  module = { config, ... }: {
    options.overlays = lib.mkOption { default = [ ]; };
    options.name = lib.mkOption { default = \"hello\"; };
    options.package = lib.mkOption { default = config.pkgs.${config.name}; };
    options.text = lib.mkOption { default = \"${config.package} ${config.package.version}\"; };
    options.isSame = lib.mkOption { default = config.pkgs.hello == config.package; };
    options.pkgs = lib.mkOption {
      internal = true;
      default = import TREE { inherit system; config = { }; inherit (config) overlays; };
    };
  };
in
lib.evalModules { modules = [ module configuration ]; }
";
    write("nixos/default.nix", &nixos.replace("TREE", &tree));
    write("common.nix", "{ }");
    let fixtures = [
        ("a.nix", ""),
        ("b.nix", "name = \"cowsay\";"),
        ("c.nix", "overlays = [ (_: super: { hello = super.cowsay; }) ];"),
        ("d.nix", "name = \"no such package\";"),
    ];
    for (name, text) in fixtures {
        write(name, &format!("{{ imports = [ ./common.nix ]; {text} }}"));
    }
    assert!(git(&here, "add .") && git(&here, "commit -qm one"));
    write("common.nix", "{ lib, ... }: { name = lib.mkOverride 90 \"which\"; }");
    let shared = ["--base", "main", "--nixpkgs", "."];
    let files: Vec<[&str; 2]> = fixtures.iter().map(|(name, _)| ["-f", *name]).collect();
    let together = diff(&here, &[&shared[..], &files.concat()].concat());
    assert!(together.iter().any(|(name, kind, _)| name == "text" && kind == "fixed"), "{together:?}");
    let alone = files.iter().flat_map(|file| diff(&here, &[&shared[..], file].concat()));
    assert_eq!(alone.collect::<BTreeSet<_>>(), together.into_iter().collect());
}

#[test]
fn a_condition_that_is_gone_from_nixpkgs_alters_what_it_guarded() {
    let Some((tree, configuration)) = minimal::minimal_system() else {
        return;
    };
    let here = Scratch::new("diff-nixpkgs");
    let write = |name: &str, text: &str| std::fs::write(here.join(name), text).expect("a file");
    let module = Path::new(&tree).join("nixos/modules/services/networking/routinator.nix");
    let text = std::fs::read_to_string(module).expect("the module");
    assert!(text.contains("mkIf cfg.enable "), "the condition");
    write("routinator.nix", &text.replacen("mkIf cfg.enable ", "", 1));
    write("old.nix", &format!("{{ imports = [ {configuration} ]; }}"));
    let disabled = "disabledModules = [ \"services/networking/routinator.nix\" ];";
    write("new.nix", &format!("{{ imports = [ {configuration} ./routinator.nix ]; {disabled} }}"));
    let out = program::bare(env!("CARGO_BIN_EXE_nival"))
        .args(["diff", "old.nix", "new.nix", "--nixpkgs", &tree, "--json"])
        .current_dir(&*here)
        .output()
        .expect("the program runs");
    let mut found = alters(&out.stdout);
    found.retain(|(name, ..)| name.starts_with("systemd."));
    // The module itself is no change: the configuration imports it.
    let expected = ["systemd.services.routinator", "systemd.units.\"routinator.service\""];
    let expected = expected.map(|name| (name.to_owned(), "value".to_owned(), "./new.nix:1".to_owned()));
    assert_eq!(found, expected, "{}", String::from_utf8_lossy(&out.stderr));
}
