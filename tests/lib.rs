//! The native library against nixpkgs' own: every expression of testdata/lib/*.txt, and every module set of
//! testdata/modsets/*.txt, gives the recorded value, or fails with the recorded message, and prints the recorded
//! warnings. `nix/record-lib` describes the files.
//!
//! NIVAL_LIB_TOPIC picks a file, NIVAL_LIB_ONLY the expressions that contain a text.
#![allow(clippy::disallowed_methods, reason = "the test reads its corpus and its own settings")]

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use nival::eval::{Evaluator, Res, Settings, ambiguous, stack_for_evaluation};
use nival::host::{FileType, Host, HostError, RealHost, Stat};
use nival::source::{Origin, Pos};
use nival::value::{peek, slot};

/// The real outside, except that messages are kept.
struct Recorder {
    real: RealHost,
    said: Rc<RefCell<Vec<u8>>>,
}

impl Host for Recorder {
    fn read_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.real.read_file(path)
    }
    fn file_type(&self, path: &[u8]) -> Result<Option<FileType>, HostError> {
        self.real.file_type(path)
    }
    fn read_dir(&self, path: &[u8]) -> Result<Vec<(Vec<u8>, FileType)>, HostError> {
        self.real.read_dir(path)
    }
    fn resolve(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.real.resolve(path)
    }
    fn env(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }
    fn now(&self) -> i64 {
        self.real.now()
    }
    fn home(&self) -> Option<Vec<u8>> {
        None
    }
    fn stat(&self, path: &[u8]) -> Result<Stat, HostError> {
        self.real.stat(path)
    }
    fn message(&self, text: &[u8]) {
        let mut said = self.said.borrow_mut();
        said.extend_from_slice(text);
        said.push(b'\n');
    }
}

struct Row {
    expression: String,
    recorded: Vec<String>,
}

fn rows(text: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for line in text.lines() {
        if let Some(expression) = line.strip_prefix("> ") {
            rows.push(Row { expression: expression.to_owned(), recorded: Vec::new() });
        } else if line.starts_with(['=', '!', '~'])
            && let Some(row) = rows.last_mut()
        {
            row.recorded.push(line.to_owned());
        }
    }
    rows
}

fn evaluate(ev: &Evaluator, scope: &str, expression: &str, base: &Path) -> Res<String> {
    let text = format!("lib: {scope}\n{expression}");
    let function = ev.eval_text(Origin::Text, text.as_bytes(), base.as_os_str().as_encoded_bytes())?;
    let value = slot(ev.call(function, &[nival::modules::native_lib(ev)?], Pos::NONE)?);
    ev.force_deep(&value)?;
    Ok(String::from_utf8_lossy(&ambiguous(ev, peek(&value))?).into_owned())
}

fn marked(mark: char, text: &str) -> Vec<String> {
    text.trim_end().split('\n').map(|line| format!("{mark} {line}").trim_end().to_owned()).collect()
}

/// What nival says to an expression, as recorded lines.
fn answer(scope: &str, expression: &str, files: &Path) -> Vec<String> {
    let said = Rc::new(RefCell::new(Vec::new()));
    let host = Recorder { real: RealHost::new(), said: said.clone() };
    let mut ev = Evaluator::new(Box::new(host), Settings::default()).expect("address space");
    nival::builtins::install(&mut ev).expect("room");
    let result = evaluate(&ev, scope, expression, files);
    let said = String::from_utf8_lossy(&said.borrow()).into_owned();
    let mut lines: Vec<String> =
        said.lines().filter(|l| !l.is_empty()).flat_map(|l| marked('~', &plain(l))).collect();
    match result {
        Ok(value) => lines.extend(marked('=', &value)),
        Err(e) => lines.extend(marked('!', &plain(&e.data().message))),
    }
    let here = files.to_str().expect("a plain path");
    lines.iter().map(|l| l.replace(here, "$FILES")).collect()
}

/// A line without colours.
fn plain(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\x1b') {
        out.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    out + rest
}

fn check(topic: &str, scope: &str, text: &str, files: &Path, only: Option<&str>) -> (usize, usize) {
    let (mut wrong, mut all) = (0, 0);
    for row in rows(text) {
        if row.recorded.is_empty() || only.is_some_and(|o| !row.expression.contains(o)) {
            continue;
        }
        all += 1;
        let now = answer(scope, &row.expression, files);
        if now != row.recorded {
            wrong += 1;
            let indent = |lines: &[String]| lines.iter().map(|l| format!("    {l}\n")).collect::<String>();
            print(&format!(
                "{topic}: {}\n  Nix:\n{}  nival:\n{}",
                row.expression,
                indent(&row.recorded),
                indent(&now)
            ));
        }
    }
    (wrong, all)
}

#[allow(clippy::print_stdout, reason = "a test says what differs")]
fn print(text: &str) {
    println!("{text}");
}

fn run(corpus: &str) -> (usize, usize) {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(corpus);
    let files = root.join("files");
    let scope = match std::fs::read_to_string(root.join("prelude.nix")) {
        Ok(prelude) => format!("with ({prelude}) lib;"),
        Err(_) => String::new(),
    };
    let topic = std::env::var("NIVAL_LIB_TOPIC").ok();
    let only = std::env::var("NIVAL_LIB_ONLY").ok();
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(&root).expect("the corpus").flatten().map(|e| e.path()).collect();
    paths.sort();
    let mut total = (0, 0);
    for path in paths.into_iter().filter(|p| p.extension().is_some_and(|e| e == "txt")) {
        let name = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
        if topic.as_ref().is_some_and(|t| *t != name) {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a corpus file");
        let (wrong, all) = check(&name, &scope, &text, &files, only.as_deref());
        total = (total.0 + wrong, total.1 + all);
    }
    total
}

fn all_rows_agree(corpus: &'static str) {
    let worker =
        std::thread::Builder::new().stack_size(2 * stack_for_evaluation()).spawn(move || run(corpus));
    let (wrong, all) = worker.expect("a thread").join().expect("no panic");
    assert!(wrong == 0, "{wrong} of {all} rows differ");
}

#[test]
fn the_native_library_is_nixpkgs_own() {
    all_rows_agree("lib");
}

#[test]
fn native_modules_are_nixpkgs_own() {
    all_rows_agree("modsets");
}
