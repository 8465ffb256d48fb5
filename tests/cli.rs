//! Command lines whose output, messages and exit codes must match real Nix (testdata/cli, recorded by
//! tools/record/record), and nival's own limits.
#![allow(clippy::disallowed_methods, reason = "the test runs the program on its test data")]

mod copied;
mod scratch;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use copied::copy;
use scratch::Scratch;

/// The maximum number of differing cases to show.
const SHOWN: usize = 10;

/// The program under the name of the tool that it replaces.
fn nix_instantiate(folder: &Path) -> PathBuf {
    let link = folder.join("nix-instantiate");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_nival"), &link).expect("a link");
    link
}

fn run(program: &Path, args: &[String], env: &[(String, String)], cwd: &Path, stdin: &str) -> Output {
    let mut command = Command::new(program);
    command.args(args).current_dir(cwd).env_clear().env("HOME", "/homeless").env("NIVAL_CACHE_DIR", "");
    command.envs(env.iter().cloned());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    // The program may not read its input.
    let _ = child.stdin.take().expect("a pipe").write_all(stdin.as_bytes());
    child.wait_with_output().expect("its output")
}

#[test]
fn command_lines_do_what_they_do_in_nix() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cli");
    let folder = Scratch::new("cli-cli");
    let program = nix_instantiate(&folder);
    let files = folder.join("files");
    copy(&data.join("files"), &files);
    for line in std::fs::read_to_string(data.join("links.txt")).expect("the links").lines() {
        let (link, target) = line.split_once(' ').expect("a link and its target");
        let link = files.join(link);
        std::fs::create_dir_all(link.parent().expect("a folder")).expect("a folder");
        std::os::unix::fs::symlink(target, link).expect("a link");
    }
    let files_text = files.to_str().expect("a path that is UTF-8");
    let cases = std::fs::read_to_string(data.join("cases.jsonl")).expect("the cases");
    let (mut count, mut report, mut different) = (0, String::new(), 0);
    // The first line names the source of the others.
    for line in cases.lines().skip(1) {
        let case: Value = serde_json::from_str(line).expect("a case");
        let text = |v: &Value| v.as_str().unwrap_or_default().replace("$FILES", files_text);
        let args: Vec<String> = case["args"].as_array().expect("arguments").iter().map(text).collect();
        let env = case["env"].as_object().into_iter().flatten();
        let env: Vec<(String, String)> = env.map(|(k, v)| (k.clone(), text(v))).collect();
        let out = run(&program, &args, &env, &files.join(text(&case["cwd"])), &text(&case["stdin"]));
        let found = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(files_text, "$FILES");
        // nival's own advice follows the message of Nix.
        let messages: String = found(&out.stderr)
            .split_inclusive('\n')
            .filter(|line| !line.starts_with("Did you mean '-"))
            .collect();
        let now = (out.status.code().map(i64::from), found(&out.stdout), messages);
        let string = |name: &str| case[name].as_str().unwrap_or_default().to_owned();
        let then = (case["exit"].as_i64(), string("stdout"), string("stderr"));
        count += 1;
        if now != then {
            different += 1;
            if different <= SHOWN {
                report += &format!("{args:?} {env:?}\nreal Nix: {then:#?}\nnival: {now:#?}\n\n");
            }
        }
    }
    assert!(count > 400, "only {count} cases");
    assert!(different == 0, "{different} of {count} cases differ:\n\n{report}");
}

/// Runs `nival eval`; returns its exit code, its messages and its run time.
fn eval(args: &[&str]) -> (Option<i32>, String, Duration) {
    let args: Vec<String> = ["eval"].iter().chain(args).map(|a| (*a).to_owned()).collect();
    let begin = Instant::now();
    let out = run(Path::new(env!("CARGO_BIN_EXE_nival")), &args, &[], Path::new("/"), "");
    (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned(), begin.elapsed())
}

#[test]
fn limits_end_an_evaluation_with_an_error() {
    let forever = "let f = n: if n < 0 then n else builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 1000) + g n; \
                   g = n: (builtins.foldl' (a: _: builtins.seq (builtins.length (builtins.genList (x: x) 100)) a) 0 \
                   (builtins.genList (x: x) 100000000)); in f 1";
    let (code, err, time) = eval(&["--timeout", "0.3", "-E", forever]);
    assert_eq!((code, err.trim()), (Some(1), "error: the evaluation took longer than 0.3 s (--timeout)"));
    assert!(time < Duration::from_secs(5), "{time:?}");
    let large =
        "builtins.length (builtins.filter (x: x != [ ]) (builtins.genList (x: [ x (x + 1) ]) 20000000))";
    let (code, err, _) = eval(&["--max-memory", "100M", "-E", large]);
    assert_eq!(
        (code, err.trim()),
        (Some(1), "error: the evaluation needs more memory than 100 MiB (--max-memory)")
    );
    let (code, err, _) = eval(&["--max-call-depth", "5", "-E", "let f = n: 1 + f (n + 1); in f 0"]);
    assert!(code == Some(1) && err.contains("stack overflow; max-call-depth exceeded"), "{err}");
    let (code, err, _) = eval(&["--option", "max-call-depth", "5", "-E", "let f = n: 1 + f (n + 1); in f 0"]);
    assert!(code == Some(1) && err.contains("stack overflow; max-call-depth exceeded"), "{err}");
}

#[test]
fn unknown_flags_get_a_suggestion() {
    let (code, err, _) = eval(&["--jsno", "-E", "1"]);
    assert_eq!(code, Some(2));
    let help = "Try 'nival eval --help' for more information.";
    assert_eq!(err, format!("error: unrecognised flag '--jsno'\n{help}\nDid you mean '--json'?\n"));
    for command in ["config", "verify"] {
        let (code, err) = nival(&[command, "--no-bse", "x.nix"]);
        assert!(code == Some(2) && err.contains("--no-base"), "{err}");
    }
    let (code, err) = nival(&["cache", "inf"]);
    assert!(code == Some(2) && err.contains("info"), "{err}");
}

/// Runs the program; returns its exit code and its messages.
fn nival(args: &[&str]) -> (Option<i32>, String) {
    let args: Vec<String> = args.iter().map(|a| (*a).to_owned()).collect();
    let out = run(Path::new(env!("CARGO_BIN_EXE_nival")), &args, &[], Path::new("/"), "");
    (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
}

#[test]
fn values_that_make_no_sense_are_errors() {
    let module = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/modules/kernel.nix");
    let cases: [(&[&str], &str); 14] = [
        (&["--max-memory", "10"], "--max-memory requires at least 16 MiB, and '10' is 10 bytes"),
        (&["--max-memory", "1K"], "--max-memory requires at least 16 MiB, and '1K' is 1 KiB"),
        (&["--max-memory", "much"], "--max-memory requires a size (500M, 4G) or none, not 'much'"),
        (&["--max-memory", "-5G"], "--max-memory requires a size (500M, 4G) or none, not '-5G'"),
        (&["--max-memory", "99999999999999G"], "--max-memory requires a size"),
        (&["--timeout", "0"], "--timeout requires a number of seconds above 0, not '0'"),
        (&["--timeout", "-1"], "--timeout requires a number of seconds above 0, not '-1'"),
        (&["--timeout", "inf"], "--timeout requires a number of seconds above 0, not 'inf'"),
        (&["--timeout", "NaN"], "--timeout requires a number of seconds above 0, not 'NaN'"),
        (&["--timeout", "5m"], "--timeout requires a number of seconds above 0, not '5m'"),
        (&["--store", "/nope"], "flag '--store': '/nope' does not exist"),
        (&["--store", module], "is not a directory"),
        (&["--fetched", "https://example.org=/nope"], "flag '--fetched': '/nope' does not exist"),
        (&["--fetched", "https://example.org"], "flag '--fetched' requires URL=PATH"),
    ];
    for (flags, message) in cases {
        for command in [&["eval", "-E", "1"][..], &["config", module], &["verify", module]] {
            let mut args = command.to_vec();
            // clap takes a value that begins with a dash for a flag.
            let attached = format!("{}={}", flags[0], flags[1]);
            if command[0] == "eval" {
                args.extend(flags)
            } else {
                args.push(&attached)
            }
            let (code, err) = nival(&args);
            assert!(code == Some(2) && err.contains(message), "{args:?}: {code:?}\n{err}");
        }
    }
    let (code, err) = nival(&["eval", "--native-lib", "/nope", "-E", "1"]);
    assert!(code == Some(2) && err.contains("flag '--native-lib': '/nope' does not exist"), "{err}");
    for fine in ["none", "0", "16M", "4G"] {
        assert_eq!(nival(&["eval", "--max-memory", fine, "-E", "1"]), (Some(0), String::new()), "{fine}");
    }
}

#[test]
fn the_environment_limits_memory_under_both_names() {
    let folder = Scratch::new("cli-limit");
    let env = |value: &str| [("NIVAL_MAX_MEMORY".to_owned(), value.to_owned())];
    let large =
        "builtins.length (builtins.filter (x: x != [ ]) (builtins.genList (x: [ x (x + 1) ]) 20000000))";
    let args = ["--eval", "-E", large].map(str::to_owned);
    for program in [nix_instantiate(&folder), PathBuf::from(env!("CARGO_BIN_EXE_nival"))] {
        let args = if program.ends_with("nival") {
            [&["eval".to_owned()][..], &args].concat()
        } else {
            args.to_vec()
        };
        let out = run(&program, &args, &env("100M"), Path::new("/"), "");
        let err = String::from_utf8_lossy(&out.stderr);
        assert_eq!(err, "error: the evaluation needs more memory than 100 MiB (--max-memory)\n");
        assert_eq!(out.status.code(), Some(1));
        let out = run(&program, &args, &env("x"), Path::new("/"), "");
        let err = String::from_utf8_lossy(&out.stderr);
        assert!(err.starts_with("error: NIVAL_MAX_MEMORY requires a size"), "{err}");
    }
}

#[test]
fn help_lists_the_flags_of_each_name() {
    let folder = Scratch::new("cli-help");
    let help = |program: &Path, args: &[&str]| {
        let args: Vec<String> = args.iter().map(|a| (*a).to_owned()).collect();
        let out = run(program, &args, &[], Path::new("/"), "");
        assert!(out.status.success());
        String::from_utf8_lossy(&out.stdout).into_owned()
    };
    let own = help(Path::new(env!("CARGO_BIN_EXE_nival")), &["eval", "--help"]);
    let nix = help(&nix_instantiate(&folder), &["--help"]);
    for (flag, only_own) in [("--expr", false), ("--argstr NAME STRING", false), ("--no-cache", true)] {
        assert!(own.contains(flag) && nix.contains(flag) != only_own, "{flag}\n{own}\n{nix}");
    }
    assert!(own.contains("usage: nival eval") && nix.contains("usage: nix-instantiate"));
}
