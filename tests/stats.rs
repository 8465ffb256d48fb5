//! Statistics, profiles and traced calls: the counts must match real Nix (testdata/stats, recorded by
//! tools/record/record), and the output goes wherever it is requested.
#![allow(clippy::disallowed_methods, reason = "the test runs the program on its test data")]

mod program;
mod scratch;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Map, Value, json};

use scratch::Scratch;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/stats");
const MODULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/config_cli");

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().expect("UTF-8").to_owned()
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).expect("a file was written")
}

fn nival(args: &[&str], env: &[(&str, &str)]) -> Output {
    let mut command = program::bare(env!("CARGO_BIN_EXE_nival"));
    command.args(args).env_clear().env("HOME", "/homeless").env("NIVAL_CACHE_DIR", "");
    command.envs(env.iter().copied()).output().expect("nival runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn stats_of(out: &Output) -> Value {
    let err = text(&out.stderr);
    let from = err.find("\n{").map_or(0, |at| at + 1);
    serde_json::from_str(&err[from..]).expect("JSON on standard error")
}

/// nival's statistics for a program, in the form of the records.
fn record(program: &str, recorded: &Map<String, Value>) -> Value {
    let folder = Scratch::new(&format!("stats-{program}"));
    let file = format!("{FOLDER}/{program}.nix");
    let (stats, profile) = (format!("--stats={}", path(&folder, "stats")), path(&folder, "profile"));
    let all_calls = ["--eval-profiler-frequency", "0", "--strict", &file];
    nival(&[&["eval", &stats, "--profile", &profile], &all_calls[..]].concat(), &[("NIX_COUNT_CALLS", "1")]);
    let traced = nival(&["eval", "--trace-function-calls", "--strict", &file], &[]);
    let here = |text: &str| text.replace(FOLDER, "$HERE");
    let is_own = |text: &str| text.contains("«nix-internal»");
    let stats: Value = serde_json::from_str(&here(&read(&folder, "stats"))).expect("JSON");
    let mut found: Map<String, Value> = recorded.keys().map(|k| (k.clone(), stats[k].clone())).collect();
    if recorded.contains_key("functions") {
        let mut rows = stats["functions"].as_array().expect("a list").clone();
        rows.retain(|row| !row["file"].as_str().is_some_and(is_own));
        rows.sort_by_key(|row| {
            (row["file"].as_str().map(str::to_owned), row["line"].as_u64(), row["column"].as_u64())
        });
        found.insert("functions".to_owned(), rows.into());
        found.insert("concats".to_owned(), stats["list"]["concats"].clone());
    }
    let mut lines: Vec<String> = here(&read(&folder, "profile")).lines().map(str::to_owned).collect();
    lines.retain(|line| !is_own(line));
    lines.sort();
    found.insert("profile".to_owned(), lines.into());
    let err = here(text(&traced.stderr));
    let calls = err.lines().filter_map(|line| {
        let (call, time) = line.strip_prefix("function-trace ")?.rsplit_once(" at ")?;
        time.parse::<u64>().expect("nanoseconds");
        (!is_own(call)).then(|| call.to_owned())
    });
    found.insert("calls".to_owned(), calls.collect());
    found.into()
}

#[test]
fn calls_and_lookups_are_those_that_nix_counts() {
    let mut programs = 0;
    for entry in std::fs::read_dir(FOLDER).expect("test data").flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let name = path.file_stem().and_then(|n| n.to_str()).expect("a name");
        let recorded: Value =
            serde_json::from_str(&std::fs::read_to_string(&path).expect("a record")).expect("JSON");
        let found = record(name, recorded.as_object().expect("an object"));
        for (key, value) in
            recorded.as_object().expect("an object").iter().filter(|(key, _)| *key != "recorded")
        {
            assert_eq!(found[key], *value, "{name}: {key}");
        }
        programs += 1;
    }
    assert!(programs > 4);
}

#[test]
fn statistics_go_where_the_user_says() {
    let folder = Scratch::new("stats-where");
    let file = path(&folder, "file");
    let expression = ["eval", "-E", "1 + 1"];
    assert!(nival(&expression, &[]).stderr.is_empty());
    assert!(nival(&expression, &[("NIX_SHOW_STATS", "0"), ("NIVAL_STATS", "")]).stderr.is_empty());
    for (flags, env) in [
        (&["--stats"][..], &[][..]),
        (&[], &[("NIVAL_STATS", "1")]),
        (&[], &[("NIX_SHOW_STATS", "")]),
        (&[], &[("NIX_SHOW_STATS", "1"), ("NIX_SHOW_STATS_PATH", "-")]),
    ] {
        let out = nival(&[&expression, flags].concat(), env);
        assert_eq!(text(&out.stdout), "2\n");
        assert_eq!(stats_of(&out)["nrFunctionCalls"], 0);
    }
    let out = nival(&expression, &[("NIX_SHOW_STATS", "1"), ("NIX_SHOW_STATS_PATH", &file)]);
    assert!(out.stderr.is_empty());
    let stats: Value = serde_json::from_str(&read(&folder, "file")).expect("JSON");
    for part in ["cpuTime", "time", "envs", "list", "values", "symbols", "sets", "sizes", "gc", "nival"] {
        assert!(!stats[part].is_null(), "{part}");
    }
    let out = nival(&["eval", "--stats=/nowhere/file", "-E", "1"], &[]);
    assert!(text(&out.stderr).starts_with("warning: the statistics cannot be written to '/nowhere/file'"));
    assert!(out.status.success());
}

#[test]
fn failures_have_statistics() {
    for expression in ["throw \"x\"", "1 +", "undefined"] {
        let out = nival(&["eval", "--stats", "-E", expression], &[]);
        assert_eq!(out.status.code(), Some(1));
        assert!(text(&out.stderr).starts_with("error:"));
        assert!(stats_of(&out)["nrThunks"].is_number(), "{expression}");
    }
}

#[test]
fn lookups_are_told_apart_and_symbols_listed() {
    let expression = "let s = { a = { b = 1; }; }; in s.a.b + s.a.b + (with s; if a ? b then 1 else 2)";
    let env = [("NIX_COUNT_CALLS", "1"), ("NIX_SHOW_SYMBOLS", "1")];
    let stats = stats_of(&nival(&["eval", "--stats", "-E", expression], &env));
    let expected = json!([{ "line": 1, "column": 11, "count": 3 }, { "line": 1, "column": 17, "count": 2 }]);
    let mut found = stats["attributes"].as_array().expect("a list").clone();
    found.sort_by_key(|row| row["column"].as_u64());
    assert_eq!(Value::from(found), expected);
    assert!(stats["symbols"].as_array().expect("a list").contains(&json!("__functor")));
}

#[test]
fn arguments_and_attributes_count_as_suspended_or_not() {
    // A function and two calls; three integers or strings, and two variables. Nix 2.34 counts the same.
    let expression = "let f = x: x; a = f 1; in [ 1 \"s\" a (f a) ]";
    let stats = stats_of(&nival(&["eval", "--strict", "--stats", "-E", expression], &[]));
    assert_eq!((&stats["nrThunks"], &stats["nrAvoided"]), (&json!(3), &json!(5)));
    let nothing = stats_of(&nival(&["eval", "--stats", "-E", "1"], &[]));
    let forced = |stats: &Value| stats["nival"]["thunksForced"].as_u64().expect("a number");
    assert_eq!(forced(&stats) - forced(&nothing), 3);
    assert_eq!(stats["list"]["elements"], 4);
}

#[test]
fn cached_code_is_not_parsed_again() {
    let folder = Scratch::new("stats-kept");
    let cache = path(&folder, "cache");
    let file = format!("{FOLDER}/imports.nix");
    let args = ["eval", "--stats", "-E", &format!("import {file}")];
    let files = || stats_of(&nival(&args, &[("NIVAL_CACHE_DIR", &cache)]))["nival"]["files"].clone();
    let (first, second) = (files(), files());
    assert_eq!((&first["read"], &second["read"]), (&json!(2), &json!(2)));
    assert_eq!(
        (&first["fromKeptCode"], &second["parsed"]),
        (&json!(0), &json!(1)),
        "the expression is parsed"
    );
    assert_eq!(second["fromKeptCode"].as_u64(), first["parsed"].as_u64().map(|n| n - 1));
}

#[test]
fn calls_are_traced_unless_quiet() {
    let lines = |flags: &[&str]| {
        let out = nival(&[&["eval", "--trace-function-calls", "-E", "(x: x) 1"], flags].concat(), &[]);
        text(&out.stderr).lines().filter(|line| line.starts_with("function-trace ")).count()
    };
    assert_eq!([&[][..], &["--quiet"], &["--quiet", "-v"], &["--quiet", "--debug"]].map(lines), [2, 0, 2, 2]);
}

#[test]
fn profiles_are_folded_stacks() {
    let folder = Scratch::new("stats-profile");
    let file = path(&folder, "profile");
    let expression = "let f = n: if n < 2 then n else f (n - 1) + f (n - 2); in f 27";
    let out =
        nival(&["eval", "--profile", &file, "--eval-profiler-frequency", "1000", "-E", expression], &[]);
    assert_eq!(text(&out.stdout), "196418\n");
    let profile = read(&folder, "profile");
    let mut sum = 0;
    for line in profile.lines() {
        let (stack, count) = line.rsplit_once(' ').expect("a count");
        sum += count.parse::<u64>().expect("a number");
        assert!(stack.split(';').all(|call| call.starts_with("«string»:1:")), "{line}");
        assert!(stack.starts_with("«string»:1:59:f"), "{line}");
    }
    assert!(sum > 0, "it takes longer than a millisecond");
    let link = path(&folder, "nix-instantiate");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_nival"), &link).expect("a link");
    let as_nix = |file: &str| {
        let profile = ["--eval-profiler", "flamegraph", "--eval-profiler-frequency", "0"];
        let command = ["--eval", "-E", "(x: x) 1", "--eval-profile-file", file];
        let mut nix = Command::new(&link);
        nix.args(command).args(profile).env("NIVAL_CACHE_DIR", "").output().expect("nival runs")
    };
    assert_eq!(text(&as_nix(&file).stdout), "1\n");
    assert_eq!(read(&folder, "profile"), "«string»:1:1 1\n");
    let refused = as_nix("/nowhere/profile");
    assert_eq!(
        text(&refused.stderr),
        "error: opening file \"/nowhere/profile\": No such file or directory\n"
    );
    assert_eq!(refused.status.code(), Some(1));
}

#[test]
fn modules_have_statistics_and_profiles() {
    let folder = Scratch::new("stats-modules");
    let profile = path(&folder, "profile");
    let module = std::fs::read_dir(MODULES)
        .expect("test data")
        .flatten()
        .map(|e| e.path())
        .find(|p| p.extension().is_some_and(|e| e == "nix"))
        .expect("a module");
    let module = module.to_str().expect("UTF-8");
    let out = nival(&["config", module, "--stats", "--profile", &profile], &[]);
    let err = text(&out.stderr);
    let stats: Value = serde_json::from_str(&err[err.find("{\n").expect("JSON")..]).expect("JSON at the end");
    assert!(stats["nival"]["libraryCalls"].as_u64().is_some_and(|n| n > 0), "{stats:#}");
    assert!(std::path::Path::new(&profile).exists());
}
