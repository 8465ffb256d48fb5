//! `nival diff --base`: small changes of modules in a git repository, and of one module of nixpkgs, with the options that each
//! alters and the lines that are the cause.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test makes repositories and runs the program, and says what it skips"
)]

mod repository;
mod scratch;

use std::process::Command;

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
        let out = Command::new(env!("CARGO_BIN_EXE_nival"))
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
