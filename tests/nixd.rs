//! nival as the worker of nixd (`nixd-attrset-eval`): testdata/nixd has a session as nixd's own tests are written, and what is
//! answered. NIVAL_BLESS=1 records the answers.
#![allow(clippy::disallowed_methods, reason = "the test runs the program on its test data")]

mod program;

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Output, Stdio};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/nixd");

/// Runs the worker on this input.
fn run(flags: &[&str], input: &[u8]) -> Output {
    let mut worker = program::bare(env!("CARGO_BIN_EXE_nival"))
        .arg0("/some/folder/nixd-attrset-eval")
        .args(flags)
        .current_dir(DATA)
        .env("NIVAL_NATIVE_LIB", format!("{DATA}/lib"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("nival runs");
    let mut stdin = worker.stdin.take().expect("standard input");
    stdin.write_all(input).expect("the input is read");
    drop(stdin);
    worker.wait_with_output().expect("nival ends")
}

#[test]
fn a_session_is_answered_as_recorded() {
    let input = std::fs::read(format!("{DATA}/session.md")).expect("the session");
    let out = run(&["--lit-test"], &input);
    assert_eq!((String::from_utf8_lossy(&out.stderr), out.status.code()), ("".into(), Some(0)));
    let text = String::from_utf8_lossy(&out.stdout).replace(DATA, "$HERE");
    // The lengths depend on the folder.
    let answers: Vec<&str> = text
        .split("Content-Length: ")
        .filter_map(|part| part.split_once("\r\n\r\n"))
        .map(|part| part.1)
        .collect();
    let answers = answers.join("\n") + "\n";
    let file = format!("{DATA}/session.out");
    if std::env::var_os("NIVAL_BLESS").is_some() {
        std::fs::write(&file, &answers).expect("the answers can be written");
    }
    assert_eq!(answers, std::fs::read_to_string(&file).expect("the recorded answers"));
}

#[test]
fn messages_have_headers() {
    let message = |text: &str| format!("Content-Length: {}\r\n\r\n{text}", text.len());
    let asked = message(r#"{"jsonrpc":"2.0","id":7,"method":"attrset/evalExpr","params":"{ ä = 1; }"}"#);
    let exit = message(r#"{"jsonrpc":"2.0","method":"exit"}"#);
    let out = run(&[], format!("{asked}{exit}").as_bytes());
    let failed = r#"{"error":{"code":-32001,"message":"syntax error, unexpected invalid token, expecting 'inherit'"},"id":7,"jsonrpc":"2.0"}"#;
    assert_eq!((String::from_utf8_lossy(&out.stdout), out.status.code()), (message(failed).into(), Some(0)));
    // The end of the input is an end as well; what is no message is an error.
    assert_eq!(run(&[], b"").status.code(), Some(0));
    for (input, reason) in
        [("Content-Length: 3\r\n\r\n{}}", "malformed LSP payload"), ("x\r\n\r\n", "malformed header")]
    {
        let out = run(&[], input.as_bytes());
        let message = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.code() == Some(1) && message.contains(reason), "{message}");
    }
    assert_eq!(run(&["--input-style", "nothing"], b"").status.code(), Some(2));
}
