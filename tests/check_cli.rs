//! `nival check` and `nival init` as users see them: cases.txt in testdata/check_cli holds the expected output. The cases change
//! files, so they run one after the other in a copy of the folder.
//!
//! NIVAL_BLESS=1 records the current output.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test runs the program on its test data, and says what it skips"
)]

mod copied;
mod program;
mod recorded_cases;
mod repository;
mod scratch;
mod tree_folder;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Output;

use copied::copy;
use repository::git;
use scratch::Scratch;
use tree_folder::trees;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/check_cli");

#[test]
fn check_prints_what_is_recorded() {
    let here = Scratch::new("check-cli");
    copy(Path::new(DATA), &here);
    recorded_cases::check(&format!("{DATA}/cases.txt"), 60, |command| case(command, &here));
}

/// Fixtures are skipped that no changed file can touch.
#[test]
fn unchanged_fixtures_are_skipped() {
    let here = Scratch::new("check-base");
    copy(Path::new(DATA), &here);
    let git = |words: &str| git(&here, words);
    if !git("init -q") {
        return;
    }
    let suite = "modules = \"module.nix\"\nfixtures = \"fixtures/*\"\nreads = true\n";
    std::fs::write(here.join("nival.toml"), suite).expect("the suite can be written");
    let check = |line: &str| recorded(&run(line, &here), &here).join("\n");
    assert_eq!(
        check("check --base main"),
        "! error: the git repository '$HERE' has no revision 'main'\n! Try 'nival check --help' for more information.\n= 2"
    );
    assert!(check("check").ends_with("3 written"));
    assert!(git("add .") && git("commit -qm one"));
    let reads = std::fs::read_to_string(here.join("snapshots/reads.txt")).expect("the record");
    assert!(
        reads.contains("\n./module.nix\n") && reads.contains("fixtures/on\n./fixtures/on.nix\n"),
        "{reads}"
    );
    let why = "nothing that it reads has changed since main";
    let all = ["fixtures/off", "fixtures/on", "fixtures/plain.json"];
    let skipped: Vec<String> = all.iter().map(|name| format!("| skipped {name}: {why}")).collect();
    assert_eq!(check("check --base main"), format!("{}\n| 3 skipped", skipped.join("\n")));
    std::fs::write(here.join("fixtures/off.nix"), "{ demo.port = 81; }").expect("a fixture can be written");
    let now = check("check --base main");
    assert!(now.contains("| ./fixtures/off.nix:1:3  definition "), "{now}");
    assert!(now.contains(" demo.port ") && now.contains("1 changed, 2 skipped"), "{now}");
    // The formats for programs name the cause as well.
    let json = run("check --base main --json", &here).stdout;
    let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    let change = &json["fixtures"][0]["changes"][0];
    assert_eq!(change["name"], "demo.port", "{json}");
    let cause = &change["causes"][0];
    let place = (cause["file"].as_str(), cause["line"].as_u64());
    assert_eq!(place, (Some("./fixtures/off.nix"), Some(1)), "{cause}");
    let junit = check("check --base main --format junit");
    assert!(junit.contains("./fixtures/off.nix:1:3: definition "), "{junit}");
    let github = check("check --base main --format github");
    assert!(github.contains("::error file=fixtures/off.nix,line=1,col=3,title="), "{github}");
    assert!(check("check --accept --base main").contains("1 written, 2 skipped"));
    let now = check("check --base main");
    let why = "it was checked before with exactly these files; ./fixtures/off.nix has changed since main";
    assert!(now.contains(why) && now.ends_with("3 skipped"), "{now}");
    // A module that all read, and a snapshot.
    std::fs::write(here.join("snapshots/fixtures/on.snap"), "demo.port = 1\n")
        .expect("a snapshot can be written");
    // The options are as they were at the revision, so their places are all there is to say.
    let now = check("check --base main");
    assert!(now.contains("|   demo.port  fixtures/on") && now.contains("1 changed, 2 skipped"), "{now}");
    let module = std::fs::read_to_string(here.join("module.nix")).expect("the module");
    std::fs::write(here.join("module.nix"), module + "# more\n").expect("the module can be written");
    assert!(check("CI=1 check --base HEAD").contains("1 changed, 2 same"));
}

/// What the flake's template writes passes its own check.
#[test]
fn the_template_is_as_recorded() {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("nix/template");
    let out = recorded(&run("CI=1 check", &template), &template);
    assert_eq!(out, ["| 2 same"]);
}

/// What the fixtures of a nixpkgs look like besides the boot loader and the root file system: [`fixtures_share_packages`].
const SYSTEMS: [(&str, &str); 12] = [
    ("a-plain", ""),
    (
        "b-services",
        r#"services.openssh.enable = true; networking.hostName = "b"; environment.etc.x.source = pkgs.hello;"#,
    ),
    ("c-functions", "nixpkgs.config = { allowUnfree = true; allowUnfreePredicate = package: true; };"),
    ("d-data", "nixpkgs.config.allowUnfree = true; environment.etc.x.source = pkgs.hello;"),
    (
        "e-overlay",
        r#"
        nixpkgs.overlays = [ (self: super: { hello = super.hello.overrideAttrs { pname = "other"; }; }) ];
        environment.etc.x.source = pkgs.hello;
        "#,
    ),
    ("f-platform", r#"nixpkgs.hostPlatform = "aarch64-linux"; environment.etc.x.source = pkgs.hello;"#),
    (
        "g-fails",
        r#"environment.etc = { x.source = throw "no source"; y.text = pkgs.missing; z.source = pkgs.hello; };"#,
    ),
    (
        "h-traces",
        r#"
        nixpkgs.hostPlatform = "x86_64-linux";
        environment.etc.x.text = builtins.trace "here" (builtins.toJSON (pkgs.stdenv.hostPlatform == config.nixpkgs.hostPlatform));
        "#,
    ),
    (
        "i-identity",
        r#"
        environment.etc.x.text =
          let
            again = import pkgs.path { config = { }; overlays = [ ]; inherit (config.nixpkgs) localSystem crossSystem; };
          in
          builtins.toJSON [
            (pkgs.stdenv.hostPlatform == pkgs.stdenv.buildPlatform)
            (pkgs.stdenv.hostPlatform == again.stdenv.hostPlatform)
            (config.nixpkgs.localSystem == pkgs.stdenv.hostPlatform)
            (lib.systems.elaborate "x86_64-linux" == lib.systems.elaborate "x86_64-linux")
            (pkgs.callPackage == again.callPackage)
            (pkgs.lib.id == lib.id)
          ];
        "#,
    ),
    ("j-warns", r#"environment.etc.x.text = lib.warn "careful" "x"; nixpkgs.config.unused = throw "never";"#),
    ("k-prints", r#"nixpkgs.config.unused = builtins.trace "forced" 1;"#),
    ("l-broken", r#"imports = [ (throw "no module") ];"#),
];

/// Fixtures that begin with the files and packages of another one give what they give alone, and are said to read at least
/// what they read alone. With a job for every fixture, none begins with anything.
#[test]
fn fixtures_share_packages() {
    let Some(trees) = trees() else { return };
    let here = Scratch::new("check-shared");
    std::fs::create_dir(here.join("fixtures")).expect("a folder");
    for (name, text) in SYSTEMS {
        let common = r#"
            boot.loader.grub.device = "/dev/sda";
            fileSystems."/" = { device = "/dev/sda1"; fsType = "ext4"; };
            system.stateVersion = "26.05";
        "#;
        let text = format!("{{ config, lib, pkgs, ... }}: {{ {common} {text} }}");
        std::fs::write(here.join(format!("fixtures/{name}.nix")), text).expect("a fixture can be written");
    }
    let suite = |reads: bool| {
        let suite = format!(
            "reads = {reads}\nnixpkgs = \"{}/nixpkgs-26.11\"\nfixtures = \"fixtures/*\"\nobserve = [\"boot\", \"systemd.services\", \"environment.etc\"]\n",
            trees.display()
        );
        std::fs::write(here.join("nival.toml"), suite).expect("the suite can be written");
    };
    suite(false);
    let checked = |line: &str| {
        let out = recorded(&run(line, &here), &here);
        let read =
            |name: &str| std::fs::read_to_string(here.join(format!("snapshots/fixtures/{name}.snap"))).ok();
        let snapshots: Vec<Option<String>> = SYSTEMS.iter().map(|(name, _)| read(name)).collect();
        let reads = reads(&here.join("snapshots/reads.txt"));
        std::fs::remove_dir_all(here.join("snapshots")).expect("snapshots have been written");
        (out, snapshots, reads)
    };
    let (out, snapshots, _) = checked("check --jobs 2");
    let lengths: Vec<usize> =
        snapshots.iter().map(|text| text.as_ref().map_or(0, |text| text.lines().count())).collect();
    assert!(lengths.iter().filter(|lines| **lines > 4000).count() == 11, "{out:?}: {lengths:?}");
    let identity = snapshots[8].as_deref().unwrap_or_default();
    assert!(
        identity.contains(r#"environment.etc.x.text = "[true,true,true,false,false,false]""#),
        "{identity}"
    );
    suite(true);
    let (shared, snapshots_with_reads, reads) = checked("check --jobs 2");
    let (alone, snapshots_alone, reads_alone) = checked("check --jobs 12");
    assert_eq!((&out, &shared), (&alone, &alone));
    assert!(reads.len() > 6 && reads.len() == reads_alone.len(), "{:?}", reads.keys());
    for (at, (name, _)) in SYSTEMS.iter().enumerate() {
        let alone = &snapshots_alone[at];
        assert!(snapshots[at] == *alone && snapshots_with_reads[at] == *alone, "{name} differs");
        let name = format!("fixtures/{name}");
        if let (Some(reads), Some(alone)) = (reads.get(&name), reads_alone.get(&name)) {
            assert!(alone.len() > 5000, "{name}: {}", alone.len());
            assert_eq!(alone.difference(reads).collect::<Vec<_>>(), [] as [&String; 0], "{name}");
        }
    }
}

/// What the fixtures read, by their names, as it is recorded; nothing without a record.
fn reads(file: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let mut parts = text.split("\n[fixture] ");
    let lines = |part: &str| part.lines().skip(1).map(str::to_owned).collect::<BTreeSet<_>>();
    let all = parts.next().map(lines).unwrap_or_default();
    let name =
        |part: &str| part.lines().next().and_then(|line| line.split_once(' ')).map(|pair| pair.1.to_owned());
    parts.filter_map(|part| Some((name(part)?, &lines(part) | &all))).collect()
}

/// Runs a case. Returns its record.
fn case(line: &str, here: &Path) -> Vec<String> {
    let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
    let marked = |text: &str| text.lines().map(|line| format!("| {line}").trim_end().to_owned()).collect();
    match command {
        "write" => {
            let (file, text) = rest.split_once(' ').expect("a file and a text");
            let text = text.replace(" ¶ ", "\n").replace("; fixture", "\nfixture");
            std::fs::write(here.join(file), text + "\n").expect("the file can be written");
            Vec::new()
        }
        "show" => match std::fs::read_to_string(here.join(rest)) {
            Ok(text) => marked(&text),
            Err(e) => vec![format!("= {e}")],
        },
        "remove" => {
            std::fs::remove_file(here.join(rest)).expect("the file can be removed");
            Vec::new()
        }
        _ => recorded(&run(line, here), here),
    }
}

fn run(line: &str, here: &Path) -> Output {
    let mut command = program::bare(env!("CARGO_BIN_EXE_nival"));
    command.current_dir(here);
    let mut words = line.split(' ').peekable();
    while let Some((name, value)) = words.peek().and_then(|word| word.split_once('=')) {
        command.env(name, value);
        words.next();
    }
    command.args(words).stdin(std::process::Stdio::null()).output().expect("nival runs")
}

/// The output of a command as the lines of a case, without what differs from run to run.
fn recorded(out: &Output, here: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    for (mark, text) in [('|', &out.stdout), ('!', &out.stderr)] {
        let text = String::from_utf8_lossy(text).replace(&*here.to_string_lossy(), "$HERE");
        let timeless = text.lines().map(timeless);
        lines.extend(timeless.map(|line| format!("{mark} {line}").trim_end().to_owned()));
    }
    match out.status.code() {
        Some(0) => {}
        Some(code) => lines.push(format!("= {code}")),
        None => lines.push("= killed".to_owned()),
    }
    lines
}

/// A line with 0 for each number of seconds.
fn timeless(line: &str) -> String {
    let mut line = line.to_owned();
    for before in ["time=\"", "\"seconds\": "] {
        if let Some(at) = line.find(before) {
            let begin = at + before.len();
            let len = line[begin..].find(|c: char| !c.is_ascii_digit() && !".e-".contains(c));
            let end = len.map_or(line.len(), |len| begin + len);
            line.replace_range(begin..end, "0");
        }
    }
    line
}
