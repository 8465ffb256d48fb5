//! Corpora of expressions with the results of real Nix (`testdata/*/*.txt`; `tools/record/record --help` describes
//! the format), and how they are run: each row is evaluated alone, then as a prefetched file whose code is cached,
//! then again from the cache.
//!
//! `NIVAL_TOPIC` selects one file of a corpus, `NIVAL_ONLY` the expressions that contain a text.
#![allow(clippy::disallowed_methods, reason = "the tests read their corpora and their settings")]

mod host;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use host::{CacheFolder, RowFile, Said, TestHost};
use nival::internal::Settings;
use nival::{Error, Result, Session, Value};

/// The maximum number of differing rows to show.
const SHOWN: usize = 40;
/// The file, among those of the corpus, that holds a row's expression when its code is cached.
const ROW_FILE: &str = "a-row.nix";

/// An expression with the answer of Nix.
#[derive(Default)]
pub struct Row {
    pub topic: String,
    pub line: usize,
    pub flags: String,
    pub expression: Vec<u8>,
    pub recorded: Vec<Vec<u8>>,
    /// The comment on the line before the row, without the `#`.
    pub comment: String,
}

/// The folder of a corpus.
pub fn folder(corpus: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(corpus)
}

/// All rows of a corpus.
pub fn rows(corpus: &str) -> Vec<Row> {
    let entries = std::fs::read_dir(folder(corpus)).expect("the corpus");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "txt"));
    paths.sort();
    let mut rows = Vec::new();
    for path in paths {
        let topic = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        add_rows(topic, &std::fs::read(&path).expect("a topic"), &mut rows);
    }
    rows
}

fn add_rows(topic: &str, text: &[u8], rows: &mut Vec<Row>) {
    let (mut flags, mut comment) = (String::new(), String::new());
    for (i, line) in text.split(|c| *c == b'\n').enumerate() {
        match line {
            [b'%', b' ', rest @ ..] => flags = String::from_utf8_lossy(rest).into_owned(),
            [b'>', b' ', rest @ ..] => rows.push(Row {
                topic: topic.to_owned(),
                line: i + 1,
                flags: std::mem::take(&mut flags),
                expression: rest.to_vec(),
                recorded: Vec::new(),
                comment: std::mem::take(&mut comment),
            }),
            [b'=' | b'!' | b'~', ..] => {
                rows.last_mut().expect("an expression comes first").recorded.push(line.to_vec());
            }
            [b'#', rest @ ..] => comment = String::from_utf8_lossy(rest.trim_ascii()).into_owned(),
            _ => comment.clear(),
        }
    }
}

/// How to evaluate the rows of a corpus and to write their answers.
pub struct Corpus {
    pub name: &'static str,
    /// The settings for a row, given its flags and the corpus's folder of files.
    pub settings: fn(&str, &str) -> Settings,
    /// The text to evaluate for a row's expression.
    pub text: fn(&[u8]) -> Vec<u8>,
    /// The answer, given the value of that text.
    pub finish: fn(&Session, Value) -> Result<Value>,
    /// The printed message of an error.
    pub message: fn(&Settings, &Error) -> Vec<u8>,
    /// The part of an answer that is compared.
    pub compared: fn(&[Vec<u8>]) -> Vec<&[u8]>,
}

impl Corpus {
    /// Evaluates all rows in all ways and fails with those that differ.
    pub fn run(&'static self) {
        let mut rows = rows(self.name);
        let wish = |name| std::env::var(name).ok();
        if let Some(topic) = wish("NIVAL_TOPIC") {
            rows.retain(|row| row.topic == topic);
        }
        if let Some(text) = wish("NIVAL_ONLY") {
            rows.retain(|row| String::from_utf8_lossy(&row.expression).contains(&text));
        }
        let next = AtomicUsize::new(0);
        let work = || {
            let mut wrong = Vec::new();
            while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                wrong.extend(self.differences(row));
            }
            wrong
        };
        let wrong: Vec<String> = std::thread::scope(|scope| {
            let count = std::thread::available_parallelism().map_or(1, Into::into);
            let threads: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
            threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
        });
        let shown = &wrong[..wrong.len().min(SHOWN)];
        assert!(
            wrong.is_empty(),
            "{} answers to {} rows differ:\n\n{}",
            wrong.len(),
            rows.len(),
            shown.join("\n")
        );
        assert!(!rows.is_empty(), "there are no such rows");
    }

    /// The differences in a row's answers.
    fn differences(&self, row: &Row) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut check = |how: &str, wanted: &[Vec<u8>], now: &[Vec<u8>]| {
            if (self.compared)(wanted) != (self.compared)(now) {
                let text = |lines: &[Vec<u8>]| String::from_utf8_lossy(&lines.join(&b'\n')).into_owned();
                let (Row { topic, line, .. }, wanted, now) = (row, text(wanted), text(now));
                let expression = String::from_utf8_lossy(&row.expression);
                let comment =
                    if row.comment.is_empty() { String::new() } else { format!(" ({})", row.comment) };
                wrong.push(format!(
                    "{topic}:{line}{comment}: {expression}\nrecorded:\n{wanted}\n{how}:\n{now}\n"
                ));
            }
        };
        check("nival", &row.recorded, &self.alone(row));
        let cache = CacheFolder::new();
        let written = self.answer(row, Some(&cache));
        if !tells_its_file(row, &written) {
            let (wanted, now) = (with_single_blanks(&row.recorded), with_single_blanks(&written));
            check("with prefetching, in a file", &wanted, &now);
        }
        if cache.path().exists() {
            check("from cached code", &written, &self.answer(row, Some(&cache)));
        }
        wrong
    }

    /// nival's answer to a row as a text on one thread, as recorded lines.
    pub fn alone(&self, row: &Row) -> Vec<Vec<u8>> {
        self.answer(row, None)
    }

    /// The same; with a cache, the row is a file and other threads prefetch.
    fn answer(&self, row: &Row, cache: Option<&CacheFolder>) -> Vec<Vec<u8>> {
        let files = folder(self.name).join("files").to_str().expect("a path that is UTF-8").to_owned();
        let text = (self.text)(&row.expression);
        let file = format!("{files}/{ROW_FILE}");
        let row_file = cache.map(|cache| RowFile {
            path: file.clone().into_bytes(),
            text: text.clone(),
            cache: cache.path().as_os_str().as_encoded_bytes().to_vec(),
        });
        let settings = (self.settings)(&row.flags, &files);
        let said = Said::default();
        let result = {
            let said = said.clone();
            let mut builder = Session::builder().settings(settings.clone());
            builder = builder.host(move || Box::new(TestHost::new(row_file, said)));
            if cache.is_some() {
                builder = builder.code_cache();
            }
            let session = builder.open().expect("a session");
            let value =
                if cache.is_some() { session.evaluate_file(&file) } else { session.evaluate(text, &files) };
            value.and_then(|value| (self.finish)(&session, value)?.print_bytes())
        };
        let portable = |text: &[u8]| {
            let text = replace(text, file.as_bytes(), "«string»".as_bytes());
            replace(&text, files.as_bytes(), b"$FILES")
        };
        let mut lines = Vec::new();
        let said = plain(&portable(&said.lock().expect("no panic")));
        if let Some(said) = said.strip_suffix(b"\n") {
            mark(b'~', said, &mut lines);
        }
        match result {
            Ok(text) => mark(b'=', &portable(&text), &mut lines),
            Err(e) => mark(b'!', &plain(&portable(&(self.message)(&settings, &e))), &mut lines),
        }
        if cache.is_some() {
            without_the_file(&mut lines);
        }
        lines
    }
}

/// Whether an answer shows that the row is in a file: the row asks for positions, a message has a position that a
/// text lacks, or the trace, which is cut after some lines, has one more line.
fn tells_its_file(row: &Row, written: &[Vec<u8>]) -> bool {
    let say = |lines: &[Vec<u8>], text: &str| String::from_utf8_lossy(&lines.concat()).contains(text);
    let recorded = &row.recorded;
    let asks = String::from_utf8_lossy(&row.expression).contains("unsafeGetAttrPos");
    asks || say(recorded, "(stack trace truncated;") || say(written, "«string»") && !say(recorded, "«string»")
}

/// Collapses runs of blanks: the width of a tab depends on the margin of the line.
fn with_single_blanks(lines: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let words = |line: &Vec<u8>| {
        line.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(&b' ')
    };
    lines.iter().map(words).collect()
}

/// Removes the line that names the row's file from a trace. If it is the only line, the message has no margin.
fn without_the_file(lines: &mut Vec<Vec<u8>>) {
    const MARGIN: &[u8] = b"!        ";
    let names = |line: &Vec<u8>| line.ends_with("… while evaluating the file '«string»':".as_bytes());
    let Some(at) = lines.iter().position(names) else { return };
    lines.drain(at..(at + 2).min(lines.len()));
    if lines[at..].first().is_some_and(|line| line.starts_with(&[MARGIN, b"error:"].concat())) {
        let message = lines.remove(at);
        lines[at - 1] = [b"! ", &message[MARGIN.len()..]].concat();
    }
}

/// Marks the lines of a text as the recorder does, without trailing blanks.
fn mark(mark: u8, text: &[u8], out: &mut Vec<Vec<u8>>) {
    for line in text.split(|c| *c == b'\n') {
        out.push([&[mark, b' '], line].concat().trim_ascii_end().to_vec());
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

/// A text without colours.
fn plain(text: &[u8]) -> Vec<u8> {
    let mut parts = text.split(|c| *c == b'\x1b');
    let mut out = parts.next().unwrap_or_default().to_vec();
    for part in parts {
        let end = part.iter().position(|c| *c == b'm').map_or(part.len(), |at| at + 1);
        out.extend_from_slice(&part[end..]);
    }
    out
}
