//! `nix-instantiate` without `--eval` prints the same as real Nix (testdata/instantiate.txt, recorded by
//! tools/record/record), and `--write-drvs` writes the files whose paths are printed.
#![allow(clippy::disallowed_methods, reason = "the test runs the program")]

mod program;
mod scratch;
mod words;

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Output;

use scratch::Scratch;
use words::words;

fn nix_instantiate(args: &[&str]) -> Output {
    let mut command = program::bare(env!("CARGO_BIN_EXE_nival"));
    command.arg0("nix-instantiate").args(args).output().expect("the program runs")
}

fn marked(mark: char, text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    text.lines().map(|line| format!("{mark} {line}").trim_end().to_owned()).collect()
}

#[test]
fn derivations_are_found_as_in_nix() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/instantiate.txt");
    let text = std::fs::read_to_string(file).expect("the table");
    let mut rows: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("$ ") {
            Some(command) => rows.push((command, Vec::new())),
            None if line.starts_with(['=', '!']) => rows.last_mut().expect("a command first").1.push(line),
            None => {}
        }
    }
    assert!(rows.len() > 30);
    for (command, recorded) in rows {
        let words = words(command);
        let args: Vec<&str> = words.iter().map(String::as_str).collect();
        let out = nix_instantiate(&args);
        let now = [marked('=', &out.stdout), marked('!', &out.stderr)].concat();
        assert_eq!(now, recorded, "{command}");
    }
}

#[test]
fn derivations_are_written_out() {
    let scratch = Scratch::new("drvs");
    let folder = scratch.join("drvs");
    let at = folder.to_str().expect("a path that is UTF-8");
    let expression = r#"derivation { name = "a"; system = "s"; builder = derivation { name = "b"; system = "s"; builder = "b"; }; }"#;
    let out = nix_instantiate(&["--write-drvs", at, "-E", expression]);
    let printed = String::from_utf8(out.stdout).expect("a store path");
    let name = printed.trim_end().strip_prefix("/nix/store/").expect("a store path");
    let contents = std::fs::read_to_string(folder.join(name)).expect("the derivation");
    assert!(contents.starts_with("Derive([(\"out\",\"/nix/store/"), "{contents}");
    assert_eq!(std::fs::read_dir(&folder).expect("the folder").count(), 2);
}

#[test]
fn roots_are_refused() {
    let out = nix_instantiate(&["--add-root", "x", "-E", "1"]);
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(!out.status.success() && said.starts_with("error: cannot make the root 'x'"), "{said}");
}
