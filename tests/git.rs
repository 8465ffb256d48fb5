//! The results of fetchGit: testdata/git, recorded from real Nix by tools/record/record.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test runs programs, and says when it cannot"
)]

mod program;
mod scratch;

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use scratch::Scratch;

fn repositories() -> Option<Scratch> {
    let has_git = Command::new("git").arg("--version").output().is_ok_and(|o| o.status.success());
    if !has_git {
        println!("skipped: there is no git here to make repositories with");
        return None;
    }
    let folder = Scratch::new("git");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/git/make-repositories");
    let made = Command::new(script).arg(&*folder).output().expect("the script runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(folder)
}

/// The answer in the recorder's form, which omits excerpts.
fn answer(repositories: &str, flags: &str, expression: &str) -> Vec<String> {
    let out = program::bare(env!("CARGO_BIN_EXE_nival"))
        .arg0("nix-instantiate")
        .args(["--eval", "--strict", "--show-trace"])
        .args(flags.split_whitespace())
        .args(["-E", &expression.replace("$REPOS", repositories)])
        .output()
        .expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(repositories, "$REPOS");
    let (stdout, stderr) = (text(&out.stdout), text(&out.stderr));
    let (said, error) = match stderr.find("error:") {
        Some(at) if !out.status.success() => stderr.split_at(at),
        _ => (stderr.as_str(), ""),
    };
    let mut lines = Vec::new();
    for (mark, text) in [('~', said), ('!', error), ('=', stdout.as_str())] {
        lines.extend(text.lines().map(|line| format!("{mark} {line}").trim_end().to_owned()));
    }
    let excerpt = |line: &String| {
        ["!             1|", "!              |", "!          at «"].iter().any(|e| line.starts_with(e))
    };
    lines.retain(|line| !excerpt(line));
    lines
}

#[test]
fn repositories_are_read_as_nix_reads_them() {
    let Some(folder) = repositories() else { return };
    let at = folder.to_str().expect("UTF-8").to_owned();
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/git/rows.txt");
    let table = std::fs::read_to_string(table).expect("the table");
    let mut rows: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    let mut flags = "";
    for line in table.lines() {
        if let Some(given) = line.strip_prefix("% ") {
            flags = given;
        } else if let Some(expression) = line.strip_prefix("> ") {
            rows.push((std::mem::take(&mut flags), expression, Vec::new()));
        } else if line.starts_with(['=', '!', '~']) {
            rows.last_mut().expect("an expression first").2.push(line);
        }
    }
    assert!(rows.len() > 60);
    let mut different = String::new();
    for (flags, expression, recorded) in rows {
        let now = answer(&at, flags, expression);
        if now != recorded {
            different +=
                &format!("{expression}\nreal Nix:\n{}\nnival:\n{}\n\n", recorded.join("\n"), now.join("\n"));
        }
    }
    assert!(different.is_empty(), "{different}");
}
