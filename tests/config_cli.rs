//! `nival config`, `verify`, `option`, `diff`, `lint`, `why` and `affects` as users see them: cases.txt in
//! testdata/config_cli, testdata/diff_cli, testdata/option_cli, testdata/option_docs, testdata/origins, testdata/lint and
//! testdata/why_cli hold the expected output, and docs/tour.md shows some of it.
//!
//! NIVAL_BLESS=1 records the current output.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test runs the program on its test data, and says what it skips"
)]

mod program;
mod recorded_cases;
mod tree_folder;

use std::process::Output;

use tree_folder::trees;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata");

/// Runs a command line in a folder: spaces separate its words, quotes stay in them.
fn run(line: &str, folder: &str) -> Output {
    let mut command = program::bare(env!("CARGO_BIN_EXE_nival"));
    command.args(line.split(' ')).current_dir(folder);
    command.output().expect("nival runs")
}

/// The output of a command as the lines of a case.
fn recorded(out: &Output, folder: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for (mark, text) in [('|', &out.stdout), ('!', &out.stderr)] {
        let text =
            String::from_utf8_lossy(text).replace(folder, "$HERE").replace(&in_markdown(folder), "$HERE");
        lines.extend(text.lines().map(|line| format!("{mark} {line}").trim_end().to_owned()));
    }
    match out.status.code() {
        Some(0) => {}
        Some(code) => lines.push(format!("= {code}")),
        None => lines.push("= killed".to_owned()),
    }
    lines
}

/// A path as it is written in Markdown.
fn in_markdown(path: &str) -> String {
    "\\*<[`.#&".chars().fold(path.to_owned(), |path, c| path.replace(c, &format!("\\{c}")))
}

#[test]
fn config_and_verify_print_what_is_recorded() {
    check("config_cli", 50);
}

#[test]
fn option_prints_what_is_recorded() {
    check("option_cli", 35);
}

#[test]
fn diff_prints_what_is_recorded() {
    check("diff_cli", 15);
}

#[test]
fn lint_prints_what_is_recorded() {
    check("lint", 15);
}

#[test]
fn origins_are_as_recorded() {
    check("origins", 35);
}

#[test]
fn origins_are_the_same_with_an_interpreted_lib() {
    compare_engines("origins", |_| true);
}

#[test]
fn dependencies_are_the_same_with_an_interpreted_lib() {
    // A missing module is reported with the trace of the lib.
    compare_engines("why_cli", |command| !command.contains("missing.nix"));
}

#[test]
fn failing_declarations_are_the_same_with_an_interpreted_lib() {
    compare_engines("option_cli", |command| {
        command.starts_with("option") && command.contains(" broken.nix") && !command.contains("json")
    });
}

/// Runs the cases of a folder with the native engine, and with the lib of nixpkgs 26.11.
fn compare_engines(folder: &str, is_meant: impl Fn(&str) -> bool) {
    let Some(trees) = trees() else {
        return;
    };
    let lib = format!("{}/nixpkgs-26.11/lib", trees.display());
    let folder = format!("{DATA}/{folder}");
    let cases = std::fs::read_to_string(format!("{folder}/cases.txt")).expect("the cases");
    let (mut wrong, mut count) = (String::new(), 0);
    for command in cases.lines().filter_map(|line| line.strip_prefix("$ ")).filter(|it| is_meant(it)) {
        let printed = |command: &str| without_places(&recorded(&run(command, &folder), &folder).join("\n"));
        let (native, interpreted) = (printed(command), printed(&format!("{command} --lib {lib}")));
        if native != interpreted {
            wrong.push_str(&format!("{command}\nnative:\n{native}\ninterpreted:\n{interpreted}\n\n"));
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{wrong}");
    println!("{count} commands print the same with both engines");
}

/// Leaves out where errors are from: the native engine has no traces through the lib.
fn without_places(text: &str) -> String {
    let mut parts = text.split("«error at ");
    let mut left = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find([' ', '»']).unwrap_or(part.len());
        left.push_str("«error");
        left.push_str(&part[end..]);
    }
    left
}

/// Holds the documentation of options against what Nix 2.34 gives with the lib of nixpkgs 26.11 (record.nix says how).
#[test]
fn options_are_documented_as_nixpkgs_does() {
    let folder = format!("{DATA}/option_docs");
    let out = run("option docs module.nix --no-base --format options.json", &folder);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let recorded = std::fs::read_to_string(format!("{folder}/nix-2.34.json")).expect("the recorded text");
    let ours = String::from_utf8_lossy(&out.stdout).replace(&folder, "$HERE");
    assert!(ours.len() > 7000);
    assert_eq!(ours, recorded.trim_end());
}

#[test]
fn documentation_is_printed_as_recorded() {
    check("option_docs", 5);
}

#[test]
fn why_and_affects_print_what_is_recorded() {
    check("why_cli", 45);
}

/// Runs the cases of a folder, of which there are more than `at_least`.
fn check(folder: &str, at_least: usize) {
    let folder = format!("{DATA}/{folder}");
    let run = |command: &str| recorded(&run(command, &folder), &folder);
    recorded_cases::check(&format!("{folder}/cases.txt"), at_least, run);
}

/// The outputs in docs/tour.md are those of the commands above them.
#[test]
fn the_tour_shows_what_is_printed() {
    let root = env!("CARGO_MANIFEST_DIR");
    let path = format!("{root}/docs/tour.md");
    let text = std::fs::read_to_string(&path).expect("the tour");
    let mut lines = text.lines().peekable();
    let (mut folder, mut now, mut commands) = (root.to_owned(), Vec::new(), 0);
    while let Some(line) = lines.next() {
        now.push(line.to_owned());
        if let Some(into) = line.strip_prefix("    $ cd ") {
            folder = format!("{root}/{into}");
        }
        // Files that are written are not compared.
        let Some(command) = line.strip_prefix("    $ nival ").filter(|command| !command.contains(" -o "))
        else {
            continue;
        };
        let is_output =
            |line: &&str| line.is_empty() || line.starts_with("    ") && !line.starts_with("    $");
        while lines.next_if(is_output).is_some() {}
        let out = run(command, &folder);
        let text = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        now.extend(text.lines().map(|line| format!("    {line}").trim_end().to_owned()));
        if lines.peek().is_some_and(|line| !line.starts_with("    ")) {
            now.push(String::new());
        }
        commands += 1;
    }
    let now = now.join("\n") + "\n";
    if std::env::var_os("NIVAL_BLESS").is_some() {
        std::fs::write(&path, now).expect("the tour can be written");
        return;
    }
    assert!(commands > 10, "only {commands} commands");
    assert_eq!(text, now, "docs/tour.md");
}

#[test]
fn an_option_that_ends_the_process_does_not_end_the_list() {
    let folder = format!("{DATA}/option_cli");
    let out = run("option -r many.nix --no-base --max-memory 400M", &folder);
    assert_eq!(out.status.code(), Some(0));
    let rows = String::from_utf8_lossy(&out.stdout);
    let rows: Vec<&str> = rows.lines().collect();
    assert_eq!(rows.len(), 700);
    for (n, row) in rows.iter().enumerate() {
        match n {
            321 => assert_eq!(*row, "option0321 = «error: the evaluation needs more memory than 400 MiB»"),
            _ => assert_eq!(*row, format!("option{n:04} = 1  # signed integer  (default)")),
        }
    }
}
