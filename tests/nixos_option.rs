//! Called `nixos-option`, the program prints what that tool of nixpkgs 26.11 prints (testdata/nixos_option/nix-2.34.txt).
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test runs the program and says what it skips"
)]

mod minimal;
mod program;
mod tree_folder;

use std::os::unix::process::CommandExt as _;
use std::process::Output;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/nixos_option");

fn nixos_option(args: &[&str], configuration: &str) -> Output {
    let mut command = program::bare(env!("CARGO_BIN_EXE_nival"));
    command.arg0("nixos-option").args(args).env("NIXOS_CONFIG", configuration);
    command.output().expect("the program runs")
}

fn lines(mark: char, text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    text.lines().map(|line| format!("{mark} {line}").trim_end().to_owned()).collect()
}

/// What the table holds of an output: of messages, the last line that names an error.
fn shown(out: &Output) -> Vec<String> {
    let mut shown = lines('|', &out.stdout);
    let said = String::from_utf8_lossy(&out.stderr);
    let error = said.lines().rev().find(|line| line.contains("error: "));
    shown.extend(error.map(|line| format!("! {}", line.trim())));
    if !out.status.success() {
        shown.push(format!("= {}", out.status.code().expect("an exit code")));
    }
    shown
}

#[test]
fn options_are_shown_as_nixpkgs_shows_them() {
    let text = std::fs::read_to_string(format!("{FOLDER}/nix-2.34.txt")).expect("the table");
    let mut rows: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        match line.strip_prefix('$') {
            Some(words) => rows.push((words.trim(), Vec::new())),
            None => rows.last_mut().expect("a command first").1.push(line),
        }
    }
    assert!(rows.len() > 25);
    for (words, recorded) in rows {
        let mut args = vec!["-I", "nixpkgs=."];
        args.extend(words.split(' ').filter(|word| !word.is_empty()));
        let mut command = program::bare(env!("CARGO_BIN_EXE_nival"));
        command.arg0("nixos-option").args(&args).current_dir(FOLDER);
        let out = command.output().expect("the program runs");
        assert_eq!(shown(&out), recorded, "{words}");
    }
}

#[test]
fn wrong_arguments_get_the_words_of_the_tool() {
    let refused = |args: &[&str]| {
        let out = nixos_option(args, "/none");
        assert_eq!(out.status.code(), Some(1), "{args:?}");
        assert!(out.stdout.is_empty());
        String::from_utf8_lossy(&out.stderr).into_owned()
    };
    assert_eq!(refused(&["--nope"]), "Unsupported option --nope\n");
    assert_eq!(refused(&["a", "b"]), "Only one option path can be provided\n");
    assert!(refused(&["--flake", "/nowhere#x", "a"]).contains("No such file or directory"));
    assert!(refused(&["-I"]).contains("-I needs a value"));
    let help = nixos_option(&["--help"], "/none");
    assert!(help.status.success() && String::from_utf8_lossy(&help.stdout).contains("--no-flake"));
}

/// With a real tree, the tool's own expression is the measure.
#[test]
fn options_of_a_system_are_shown_as_the_tool_shows_them() {
    const NAMES: &[&str] = &[
        "",
        "boot",
        "boot.kernelParams",
        "boot.loader.grub.enable",
        "services.openssh.enable",
        "systemd.services.nix-daemon.serviceConfig",
        "fileSystems.\"/\".fsType",
        "users.users.root",
        "nope",
        "-r boot.loader.grub",
        "-r fileSystems",
        "-r users.users.root",
    ];
    let Some((tree, configuration)) = minimal::minimal_system() else {
        return;
    };
    let include = format!("nixpkgs={tree}");
    let tool = format!("{tree}/pkgs/by-name/ni/nixos-option/nixos-option.nix");
    for words in NAMES {
        let (recursive, name) = words.strip_prefix("-r ").map_or(("false", *words), |name| ("true", name));
        let mut args = vec!["-I", &include];
        args.extend(words.split(' ').filter(|word| !word.is_empty()));
        let ours = nixos_option(&args, &configuration);
        let mut command = program::bare(env!("CARGO_BIN_EXE_nival"));
        command.args(["eval", "--raw", "-I", &include, "--arg", "nixos", "import <nixpkgs/nixos> { }"]);
        command.args(["--argstr", "path", name, "--arg", "recursive", recursive, &tool]);
        let theirs = command.env("NIXOS_CONFIG", &configuration).output().expect("the program runs");
        assert_eq!(ours.status.success(), theirs.status.success(), "{words}");
        let expected =
            if theirs.status.success() { [&theirs.stdout[..], b"\n"].concat() } else { Vec::new() };
        assert!(ours.stdout == expected, "{words}");
    }
    println!("{} options shown", NAMES.len());
}
