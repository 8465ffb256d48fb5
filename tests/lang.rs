//! Expressions whose values and errors must be those of real Nix: testdata/lang, recorded by nix/record-lang.
#![allow(clippy::disallowed_methods, reason = "the test reads its corpus")]

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use nival::builtins;
use nival::eval::{Evaluator, Settings, ambiguous, render};
use nival::host::{FileType, Host, HostError, RealHost, Stat, bytes_of};
use nival::source::Origin;
use nival::store::Feature;
use nival::syntax::Lint;
use nival::value::{peek, slot};

/// Rows that are shown when they differ.
const SHOWN: usize = 20;

/// The real host, but for what the recorder sets, and with messages kept.
struct TestHost {
    real: RealHost,
    said: Rc<RefCell<Vec<u8>>>,
}

impl Host for TestHost {
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

    fn env(&self, name: &[u8]) -> Option<Vec<u8>> {
        (name == b"NIVAL_LANG").then(|| b"hello".to_vec())
    }

    fn now(&self) -> i64 {
        self.real.now()
    }

    fn home(&self) -> Option<Vec<u8>> {
        Some(b"/home/nobody".to_vec())
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

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/lang")
}

struct Row {
    line: usize,
    flags: String,
    expression: Vec<u8>,
    recorded: Vec<Vec<u8>>,
}

fn rows(text: &[u8]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut flags = String::new();
    for (i, line) in text.split(|c| *c == b'\n').enumerate() {
        match line {
            [b'%', b' ', rest @ ..] => flags = String::from_utf8_lossy(rest).into_owned(),
            [b'>', b' ', rest @ ..] => {
                let flags = std::mem::take(&mut flags);
                rows.push(Row { line: i + 1, flags, expression: rest.to_vec(), recorded: Vec::new() });
            }
            [b'=' | b'!' | b'~', ..] => {
                rows.last_mut().expect("an expression comes first").recorded.push(line.to_vec());
            }
            _ => {}
        }
    }
    rows
}

fn settings(flags: &str, files: &str) -> Settings {
    let mut settings = Settings {
        show_trace: true,
        nix_path: vec![("lang".to_owned(), files.to_owned())],
        base_dir: files.as_bytes().to_vec(),
        ..Settings::default()
    };
    let words = flags.replace("\"\"", "\u{2205}").replace(['"', '\''], "");
    let mut words = words.split_whitespace().peekable();
    while let Some(flag) = words.next() {
        match flag {
            "--trace-verbose" => settings.trace_verbose = true,
            "--read-write-mode" | "--quiet" => {}
            "--store" => assert_eq!(words.next(), Some("$STORE")),
            "--option" => match (words.next(), words.next()) {
                (Some("abort-on-warn"), Some("true")) => settings.abort_on_warn = true,
                (Some("pure-eval"), Some("true")) => settings.pure = true,
                (Some("show-trace"), Some("false")) => settings.show_trace = false,
                // Its value is empty.
                (Some("substituters"), next) => assert_eq!(next, Some("\u{2205}")),
                (Some("allow-import-from-derivation"), Some("false")) => {
                    settings.allow_import_from_derivation = false;
                }
                other => panic!("the test does not know the option {other:?}"),
            },
            "--extra-experimental-features" => {
                while let Some(feature) = words.next_if(|w| !w.starts_with('-')) {
                    match feature {
                        "parse-toml-timestamps" => settings.toml_timestamps = true,
                        "pipe-operators" => settings.pipe_operators = true,
                        name => {
                            let known = Feature::ALL.into_iter().find(|f| f.name() == name);
                            let known = known.unwrap_or_else(|| panic!("no feature {name}"));
                            settings.store_features = settings.store_features.with(known);
                        }
                    }
                }
            }
            "--lint-url-literals" => settings.lints.urls = lint(words.next()),
            "--lint-absolute-path-literals" => settings.lints.absolute_paths = lint(words.next()),
            "--lint-short-path-literals" => settings.lints.short_paths = lint(words.next()),
            other => panic!("the test does not know the flag {other}"),
        }
    }
    settings
}

fn lint(word: Option<&str>) -> Lint {
    match word {
        Some("warn") => Lint::Warn,
        Some("fatal") => Lint::Fatal,
        other => panic!("no lint {other:?}"),
    }
}

/// Marks the lines of a text as the recorder does: without blanks at their ends.
fn marked(mark: u8, text: &[u8], out: &mut Vec<Vec<u8>>) {
    for line in text.split(|c| *c == b'\n') {
        let line = [&[mark, b' '], line].concat();
        out.push(line.trim_ascii_end().to_vec());
    }
}

fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(from.len()).position(|w| w == from) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// What nival says, as the recorder writes it down.
fn answer(row: &Row, files: &str) -> Vec<Vec<u8>> {
    let said = Rc::new(RefCell::new(Vec::new()));
    let host = TestHost { real: RealHost::new(), said: said.clone() };
    let mut ev = Evaluator::new(Box::new(host), settings(&row.flags, files)).expect("memory");
    builtins::install(&mut ev).expect("built-ins");
    let result = ev.eval_text(Origin::Text, &row.expression, files.as_bytes()).and_then(|v| {
        let v = slot(v);
        ev.force_deep(&v)?;
        ambiguous(&ev, peek(&v))
    });
    let mut lines = Vec::new();
    let said = replace(&said.borrow(), files.as_bytes(), b"$FILES");
    if let Some(said) = said.strip_suffix(b"\n") {
        marked(b'~', said, &mut lines);
    }
    match result {
        Ok(text) => marked(b'=', &replace(&text, files.as_bytes(), b"$FILES"), &mut lines),
        Err(e) => {
            let text = render(&ev.sources, &e, ev.settings.show_trace);
            // A wrong use of the command line, which some built-ins complain of, ends with advice.
            let text =
                text.strip_suffix("\nTry 'nix-instantiate --help' for more information.").unwrap_or(&text);
            marked(b'!', &replace(&bytes_of(text), files.as_bytes(), b"$FILES"), &mut lines);
        }
    }
    lines
}

/// An answer but for the lines of Nix's own code that messages show: nival's says the same in other words.
fn without_internal_lines(answer: &[Vec<u8>]) -> Vec<&[u8]> {
    let mut internal = false;
    let mut kept = Vec::new();
    for line in answer {
        let number = line.strip_prefix(b"!").map(<[u8]>::trim_ascii_start).and_then(|rest| {
            let bar = rest.iter().position(|c| *c == b'|')?;
            Some(&rest[..bar])
        });
        let is_code = number.is_some_and(|n| n.iter().all(u8::is_ascii_digit));
        if !(internal && is_code) {
            internal = line.windows(16).any(|w| w == "«nix-internal»".as_bytes());
            kept.push(&line[..]);
        }
    }
    kept
}

fn differences() -> (usize, usize, String) {
    let files = corpus().join("files").to_str().expect("a path that is UTF-8").to_owned();
    let (mut count, mut different, mut report) = (0, 0, String::new());
    let mut topics: Vec<PathBuf> =
        std::fs::read_dir(corpus()).expect("the corpus").flatten().map(|e| e.path()).collect();
    topics.retain(|p| p.extension().is_some_and(|e| e == "txt"));
    topics.sort();
    for topic in topics {
        for row in rows(&std::fs::read(&topic).expect("a topic")) {
            count += 1;
            let now = answer(&row, &files);
            if without_internal_lines(&now) == without_internal_lines(&row.recorded) {
                continue;
            }
            different += 1;
            if different <= SHOWN {
                let text = |lines: &[Vec<u8>]| String::from_utf8_lossy(&lines.join(&b'\n')).into_owned();
                let (then, now) = (text(&row.recorded), text(&now));
                let (name, line) = (topic.display(), row.line);
                let expression = String::from_utf8_lossy(&row.expression);
                report += &format!("{name}:{line}: {expression}\nreal Nix:\n{then}\nnival:\n{now}\n\n");
            }
        }
    }
    (count, different, report)
}

#[test]
fn expressions_mean_what_they_mean_in_nix() {
    let thread = std::thread::Builder::new().stack_size(4 << 30).spawn(differences).expect("a thread");
    let (count, different, report) = thread.join().expect("no panic");
    assert!(count > 1000, "only {count} rows");
    assert!(different == 0, "{different} of {count} rows differ:\n\n{report}");
}
