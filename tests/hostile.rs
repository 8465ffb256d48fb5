//! Inputs designed to break an evaluator: each must end as in Nix, with a value or an error, in bounded time.
#![allow(clippy::disallowed_methods, reason = "the test runs the program")]

mod program;
mod scratch;

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use scratch::Scratch;

/// The depth of nesting and the length of chains.
const MANY: usize = 100_000;
/// The time limit for one input, on a slow machine that runs other tests in parallel.
const PATIENCE: Duration = Duration::from_secs(60);
/// The memory limit for one input.
const MEMORY: &str = "6G";

/// The outcome of an evaluation: its exit code (none for a crash) and its output.
fn eval(text: &str, flags: &[&str]) -> (Option<i32>, String, String) {
    let begin = Instant::now();
    let mut command = program::bare(env!("CARGO_BIN_EXE_nival"));
    command.args(["eval", "--max-memory", MEMORY]).args(flags).arg("-").env("NIVAL_CACHE_DIR", "");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("it reads");
    let mut pipe = child.stderr.take().expect("a pipe");
    let messages = std::thread::spawn(move || {
        let mut text = Vec::new();
        pipe.read_to_end(&mut text).map(|_| String::from_utf8_lossy(&text).into_owned())
    });
    let out = child.wait_with_output().expect("it ends");
    let messages = messages.join().expect("a thread").expect("messages");
    assert!(begin.elapsed() < PATIENCE, "{:?} for {}", begin.elapsed(), &text[..text.len().min(60)]);
    (out.status.code(), String::from_utf8_lossy(&out.stdout).into_owned(), messages)
}

fn fails(text: &str, flags: &[&str], with: &str) {
    let (code, out, err) = eval(text, flags);
    let shown = &text[..text.len().min(80)];
    assert!(
        code == Some(1) && err.contains(with),
        "{shown}: exit code {code:?}, wanted `{with}`\n{out:.200}\n{err:.500}"
    );
}

fn gives(text: &str, flags: &[&str], value: &str) {
    let (code, out, err) = eval(text, flags);
    let shown = &text[..text.len().min(80)];
    assert!(
        code == Some(0) && out.trim_end() == value,
        "{shown}: exit code {code:?}\n{out:.200}\n{err:.500}"
    );
}

fn nested(open: &str, inner: &str, close: &str) -> String {
    nested_times(MANY, open, inner, close)
}

fn nested_times(n: usize, open: &str, inner: &str, close: &str) -> String {
    [&open.repeat(n), inner, &close.repeat(n)].concat()
}

/// Nix 2.34.8 also accepts all of these.
#[test]
fn deep_nesting_is_accepted() {
    for (open, inner, close, value) in [
        ("(", "1", ")", "1"),
        ("[", "1", "]", "[ <CODE> ]"),
        ("!", "true", "", "true"),
        ("{ a = ", "1", "; }", "{ a = <CODE>; }"),
        ("rec { a = ", "1", "; }", "{ a = <CODE>; }"),
        ("{ inherit (", "{ x = 1; }", ") x; }", "{ x = <CODE>; }"),
        ("\"${", "\"a\"", "}\"", "\"a\""),
        ("''${", "\"a\"", "}''", "\"a\""),
        ("if true then ", "1", " else 2", "1"),
        ("if false then 2 else ", "1", "", "1"),
        ("if ", "true", " then true else false", "true"),
        ("let x = 1; in ", "x", "", "1"),
        ("let x = ", "1", "; in x", "1"),
        ("with { x = 1; }; ", "x", "", "1"),
        ("with ", "{ }", "; { }", "{ }"),
        ("assert true; ", "1", "", "1"),
        ("assert ", "true", "; true", "true"),
        ("x: ", "1", "", "<LAMBDA>"),
        ("{ x, ... }: ", "1", "", "<LAMBDA>"),
        ("{ x ? ", "1", " }: x", "<LAMBDA>"),
        ("{ }.a or (", "1", ")", "1"),
        ("{ a = \"a\"; }.${", "\"a\"", "}", "\"a\""),
        ("(1 + ", "1", ")", "30001"),
        ("(true == ", "true", ")", "true"),
    ] {
        gives(&nested_times(30_000, open, inner, close), &[], value);
    }
    for (open, message) in [
        ("(", "unexpected end of file"),
        ("[", "unexpected end of file"),
        ("{ a = ", "unexpected end of file"),
        ("\"${", "unexpected end of file"),
        ("!", "unexpected end of file"),
        ("let x = ", "unexpected end of file"),
    ] {
        fails(&open.repeat(30_000), &[], message);
    }
    fails(&nested_times(2_000_000, "[", "1", "]"), &[], "stack overflow (possible infinite recursion)");
}

#[test]
fn deeper_nesting_ends() {
    for (open, inner, close) in [
        ("[ ", "1", " ]"),
        ("( ", "1", " )"),
        ("{ a = ", "1", "; }"),
        ("(x: x) (", "1", ")"),
        ("f (", "1", ")"),
        ("\"${", "\"\"", "}\""),
        ("''${", "''''", "}''"),
        ("if ", "true", " then true else false"),
        ("let a = ", "1", "; in a"),
        ("x: ", "1", ""),
        ("with { }; ", "1", ""),
        ("assert true; ", "1", ""),
        ("{ a ? ", "1", " }: a"),
        ("a.${", "b", "}"),
        ("rec { a = ", "1", "; }"),
        ("[", "", ""),
        ("(", "", ""),
        ("{ a = ", "", ""),
    ] {
        let text = nested(open, inner, close);
        let (code, out, err) = eval(&text, &[]);
        assert!(code == Some(1) || code == Some(0), "{open}: exit code {code:?}\n{out:.100}\n{err:.300}");
    }
}

#[test]
fn long_chains_end() {
    gives(&["1", &"+1".repeat(MANY)].concat(), &[], &(MANY + 1).to_string());
    gives(&["1", &" - 1".repeat(MANY)].concat(), &[], &(1 - MANY as i64).to_string());
    for text in [
        ["!".repeat(MANY), "true".to_owned()].concat(),
        ["-".repeat(MANY), "1".to_owned()].concat(),
        ["let x = { }; in x".to_owned(), " // x".repeat(MANY)].concat(),
        ["let x = [ ]; in x".to_owned(), " ++ x".repeat(MANY)].concat(),
        ["{ }".to_owned(), " // { }".repeat(MANY)].concat(),
        ["[ ]".to_owned(), " ++ [ 1 ]".repeat(MANY)].concat(),
        ["a: a".to_owned(), " (x: x)".repeat(MANY)].concat(),
        ["\"\"".to_owned(), " + \"\"".repeat(MANY)].concat(),
        ["true".to_owned(), " && true".repeat(MANY)].concat(),
        ["true".to_owned(), " -> true".repeat(MANY)].concat(),
        ["let a.a = 1; in a".to_owned(), ".a or 1".repeat(MANY)].concat(),
        ["let a = 1; in a".to_owned(), ".a".repeat(MANY)].concat(),
        ["let f = x: f; in f".to_owned(), " 1".repeat(MANY)].concat(),
        ["{ ".to_owned(), "a.".repeat(MANY), "a = 1; }".to_owned()].concat(),
        ["a: ".repeat(MANY), "1".to_owned()].concat(),
    ] {
        let (code, out, err) = eval(&text, &[]);
        assert!(matches!(code, Some(0 | 1)), "{text:.40}: exit code {code:?}\n{out:.100}\n{err:.300}");
    }
}

#[test]
fn recursion_without_end_is_an_error() {
    fails("let x = x; in x", &[], "infinite recursion encountered");
    fails("rec { a = b; b = a; }", &["--strict"], "infinite recursion encountered");
    fails("let f = x: f (x + 1); in f 0", &[], "stack overflow; max-call-depth exceeded");
    fails("let f = x: 1 + f x; in f 0", &[], "stack overflow; max-call-depth exceeded");
    fails("let s = { __functor = self: self; }; in s 1 2", &[], "stack overflow");
    fails("let s = { __toString = self: self; }; in \"${s}\"", &[], "stack overflow");
    fails(
        "let x = builtins.genericClosure { startSet = [ { key = 1; x = x; } ]; operator = y: x; }; in x",
        &[],
        "",
    );
}

#[test]
fn cyclic_data_is_met_once_or_refused() {
    gives("let x = { y = x; }; in x", &["--strict"], "{ y = «repeated»; }");
    gives("let x = [ x ]; in x", &["--strict"], "[ [ «repeated» ] ]");
    gives("let x = { y = x; }; in builtins.deepSeq x 1", &[], "1");
    for text in [
        "let x = { y = x; }; in builtins.toJSON x",
        "let x = { y = x; }; in builtins.toXML x",
        "let x = [ x ]; in toString x",
        "let x = [ x ]; y = [ y ]; in x == y",
        "let x = { a = x; }; y = { a = y; }; in x == y",
        "let x = [ x ]; y = [ y ]; in x < y",
        "let x = { outPath = x; }; in \"${x}\"",
        "let f = n: { a = f (n + 1); }; in builtins.toJSON (f 0)",
        "let f = n: [ (f (n + 1)) ]; in builtins.deepSeq (f 0) 1",
    ] {
        fails(text, &[], "stack overflow; max-call-depth exceeded");
    }
}

#[test]
fn large_values_are_made_or_refused() {
    let doubled = "builtins.foldl' (a: _: a + a) \"x\" (builtins.genList (x: x) 30)";
    gives(&format!("builtins.stringLength ({doubled})"), &[], "1073741824");
    gives("builtins.length (builtins.genList (x: x) 10000000)", &[], "10000000");
    fails("builtins.genList (x: x) (-1)", &[], "cannot create list of size -1");
    let (code, _, err) = eval("builtins.genList (x: x) 9223372036854775807", &[]);
    assert!(code == Some(1), "exit code {code:?}: {err:.300}");
    let (code, _, err) = eval("builtins.foldl' (a: _: a ++ a) [ 1 ] (builtins.genList (x: x) 60)", &[]);
    assert!(code == Some(1), "exit code {code:?}: {err:.300}");
    let (code, _, err) = eval("builtins.foldl' (a: _: a + a) \"x\" (builtins.genList (x: x) 60)", &[]);
    assert!(code == Some(1), "exit code {code:?}: {err:.300}");
}

#[test]
fn regular_expressions_end() {
    let text = "a".repeat(40);
    for pattern in ["(a*)*b", "(a+)+b", "(a|aa)+b", "(a|a)*b", "((a?)*)*b", "(.*)*(.*)*b"] {
        for call in [
            format!("builtins.match \"{pattern}\" \"{text}\""),
            format!("builtins.split \"{pattern}\" \"{text}\""),
        ] {
            let (code, _, err) = eval(&call, &[]);
            assert!(matches!(code, Some(0 | 1)), "{call}: exit code {code:?}\n{err:.300}");
        }
    }
    let (code, _, err) = eval(&format!("builtins.match \"{}\" \"\"", "(".repeat(MANY)), &[]);
    assert!(code == Some(1), "exit code {code:?}: {err:.300}");
    let long = "builtins.foldl' (a: _: a + a) \"a\" (builtins.genList (x: x) 20)";
    let (code, _, err) = eval(&format!("builtins.match \"(a|b)*\" ({long}) == null"), &[]);
    assert!(matches!(code, Some(0 | 1)), "exit code {code:?}: {err:.300}");
}

/// Runs the program in a shell under `ulimit -v`.
fn eval_within(kilobytes: u64, text: &str) -> (Option<i32>, String) {
    let shell = format!("ulimit -v {kilobytes} && exec \"$0\" eval --max-memory none -E \"$1\"");
    let mut command = Command::new("sh");
    command.args(["-c", &shell, env!("CARGO_BIN_EXE_nival"), text]).env("NIVAL_CACHE_DIR", "");
    let out = command.stdout(Stdio::null()).output().expect("sh runs");
    (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
}

#[test]
fn running_out_of_memory_is_an_error() {
    let text = "builtins.foldl' (a: _: a + a) \"0123456789abcdef\" (builtins.genList (x: x) 25)";
    for call in [
        format!("builtins.stringLength (builtins.toXML ({text}))"),
        format!("builtins.stringLength (builtins.toJSON [ ({text}) ({text}) ])"),
        format!("builtins.stringLength (builtins.replaceStrings [ \"0\" ] [ \"012345\" ] ({text}))"),
    ] {
        for kilobytes in [5_000_000, 6_000_000, 7_000_000] {
            let (code, err) = eval_within(kilobytes, &call);
            assert!(
                code == Some(0) || code == Some(1) && err.contains("out of memory"),
                "{call} in {kilobytes} kB: {code:?} {err}"
            );
        }
    }
}

#[test]
fn an_archive_that_is_much_larger_unpacked_is_read_only_to_its_end() {
    let folder = Scratch::new("zeros");
    let file = folder.join("zeros.gz");
    let zeros = std::fs::File::create(&file).expect("a file");
    let mut zeros = flate2::write::GzEncoder::new(zeros, flate2::Compression::fast());
    for _ in 0..1024 {
        zeros.write_all(&[0; 1 << 20]).expect("room");
    }
    zeros.finish().expect("room");
    let call = format!("builtins.readDir (builtins.fetchTarball \"file://{}\")", file.display());
    let begin = Instant::now();
    gives(&call, &["--max-memory", "200M"], "{ }");
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
}
