//! `nival lint --base`: only what is new against a revision of a git repository is reported.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test makes a repository, runs the program, and says when it cannot"
)]

mod program;
mod repository;
mod scratch;

use repository::git;
use scratch::Scratch;

const MODULE: &str = "{ lib, ... }: { options.demo.flags = lib.mkOption { default = [ ]; }; }\n";
const BEFORE: &str = "{\n  demo.flags = [ \"a\" \"a\" ];\n}\n";
/// The old finding is on another line, and there is a second one like it.
const AFTER: &str = "{\n  # A comment.\n\n  demo.flags = [ \"a\" \"a\" \"b\" \"b\" ];\n}\n";

#[test]
fn only_new_findings_are_reported() {
    let here = Scratch::new("lint-base");
    let git = |words: &str| git(&here, words);
    if !git("init -q") {
        return;
    }
    let write = |name: &str, text: &str| std::fs::write(here.join(name), text).expect("a file");
    let lint = |words: &str| {
        let out = program::bare(env!("CARGO_BIN_EXE_nival"))
            .args(["lint", "--no-cache", "module.nix"])
            .args(words.split_whitespace())
            .current_dir(&*here)
            .output()
            .expect("the program runs");
        let [text, errors] = [out.stdout, out.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        (out.status.code(), text, errors)
    };
    write("module.nix", MODULE);
    write("machine.nix", BEFORE);
    assert!(git("add .") && git("commit -qm one"));

    let fatal = "-f machine.nix --rule all=fatal --base main";
    assert_eq!(
        lint(fatal),
        (Some(0), "nothing new found\n1 finding is not new: it is at main, too\n".to_owned(), String::new())
    );

    write("machine.nix", AFTER);
    let (code, text, _) = lint(fatal);
    assert_eq!(code, Some(1));
    assert_eq!(text.lines().filter(|line| line.contains("[duplicate-element]")).count(), 1, "{text}");
    assert!(text.ends_with("1 error\n1 finding is not new: it is at main, too\n"), "{text}");
    let (_, text, _) = lint(&format!("{fatal} --format github"));
    assert!(text.ends_with("\n1 finding is not new: it is at main, too\n"), "{text}");
    let json = |format: &str| -> serde_json::Value {
        serde_json::from_str(&lint(&format!("{fatal} --format {format}")).1).expect("JSON")
    };
    let found = json("json");
    assert_eq!(found["before"], serde_json::json!({ "revision": "main", "findings": 1 }));
    assert_eq!(found["findings"].as_array().map(Vec::len), Some(1));
    assert_eq!(json("sarif")["runs"][0]["results"][0]["baselineState"], "new");

    // What a new file defines is new.
    write("other.nix", BEFORE);
    assert!(lint("-f other.nix --base main").1.ends_with("1 warning\n"));

    let (code, _, errors) = lint("-f machine.nix --base none");
    assert_eq!(code, Some(2));
    assert!(errors.contains("has no revision 'none'"), "{errors}");
    let (code, _, errors) = lint("-f - --base main");
    assert_eq!(code, Some(2));
    assert!(errors.contains("standard input has no earlier revision"), "{errors}");
}
