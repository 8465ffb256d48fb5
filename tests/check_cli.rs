//! `nival check` and `nival init` as users see them: cases.txt in testdata/check_cli holds the expected output. The cases change
//! files, so they run one after the other in a copy of the folder.
//!
//! NIVAL_BLESS=1 records the current output.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test runs the program on its test data, and says what it skips"
)]

mod scratch;

use std::path::Path;
use std::process::{Command, Output};

use scratch::Scratch;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/check_cli");

#[test]
fn check_prints_what_is_recorded() {
    let here = Scratch::new("check-cli");
    copy(Path::new(DATA), &here);
    let path = format!("{DATA}/cases.txt");
    let text = std::fs::read_to_string(&path).expect("the cases");
    let is_record = |line: &&str| line.starts_with(['|', '!', '=']);
    let mut lines = text.lines().peekable();
    let (mut now, mut wrong, mut cases) = (Vec::new(), String::new(), 0);
    while let Some(line) = lines.next() {
        now.push(line.to_owned());
        let Some(command) = line.strip_prefix("$ ") else {
            continue;
        };
        let mut before = Vec::new();
        while let Some(line) = lines.next_if(is_record) {
            before.push(line.to_owned());
        }
        let after = case(command, &here);
        if before != after {
            let (before, after) = (before.join("\n"), after.join("\n"));
            wrong.push_str(&format!("{line}\nrecorded:\n{before}\nnow:\n{after}\n\n"));
        }
        now.extend(after);
        cases += 1;
    }
    if std::env::var_os("NIVAL_BLESS").is_some() {
        std::fs::write(&path, now.join("\n") + "\n").expect("the cases can be written");
        return;
    }
    assert!(cases > 60, "only {cases} cases");
    assert!(wrong.is_empty(), "{wrong}");
}

/// Fixtures are skipped that no changed file can touch.
#[test]
fn unchanged_fixtures_are_skipped() {
    let here = Scratch::new("check-base");
    copy(Path::new(DATA), &here);
    let git = |args: &str| {
        let identity =
            ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"];
        let git = Command::new("git").args(identity).args(args.split(' ')).current_dir(&*here).output();
        git.is_ok_and(|out| out.status.success())
    };
    if !git("init -q") {
        println!("skipped: there is no git");
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
    assert!(now.contains("demo.port  fixtures/off") && now.contains("1 changed, 2 skipped"), "{now}");
    assert!(check("check --accept --base main").contains("1 written, 2 skipped"));
    let now = check("check --base main");
    let why = "it was checked before with exactly these files; ./fixtures/off.nix has changed since main";
    assert!(now.contains(why) && now.ends_with("3 skipped"), "{now}");
    // A module that all read, and a snapshot.
    std::fs::write(here.join("snapshots/fixtures/on.snap"), "demo.port = 1\n")
        .expect("a snapshot can be written");
    assert!(check("check --base main").contains("1 changed, 2 skipped"));
    let module = std::fs::read_to_string(here.join("module.nix")).expect("the module");
    std::fs::write(here.join("module.nix"), module + "# more\n").expect("the module can be written");
    assert!(check("CI=1 check --base HEAD").contains("1 changed, 2 same"));
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("a file");
        }
    }
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
    let mut command = Command::new(env!("CARGO_BIN_EXE_nival"));
    command.current_dir(here).env_remove("CI").env_remove("NIVAL_UPDATE").env_remove("NIX_PATH");
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
