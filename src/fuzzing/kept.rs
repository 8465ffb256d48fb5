//! Code as a run keeps it for the next.
#![allow(clippy::disallowed_methods, reason = "damaged files of code have to be somewhere")]

use std::borrow::Cow;
use std::fs::File;
use std::io::Write as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use super::running::Nowhere;
use crate::builtins::{self, to_json};
use crate::eval::{Evaluator, Res, Settings, code_version};
use crate::heap::Slot;
use crate::host::CodeFiles;
use crate::value::put;

/// What `kept_code` evaluates.
const TEXT: &[u8] = b"let f = { a, b ? a * 2, ... }@all: { c = a + b; d = [ all.a \"x${toString b}\" ]; }; in f { a = 1; z = null; }";

/// A text's code as a run keeps it, and what the text evaluates to.
pub struct Kept {
    /// The version of the code.
    pub version: u64,
    /// The table of contents.
    pub contents: Vec<u8>,
    /// The files with their numbers.
    pub files: Vec<(u64, Vec<u8>)>,
    /// The value as JSON.
    pub answer: Vec<u8>,
}

/// The code, made once.
pub fn kept() -> &'static Kept {
    static KEPT: OnceLock<Kept> = OnceLock::new();
    KEPT.get_or_init(|| {
        let ev = with_code(None).expect("a new evaluator");
        let answer = answer(&ev);
        let mut last = 0;
        let id = || {
            last += 1;
            last
        };
        let new = ev.new_code(id).expect("new code");
        let padded = |part: &[u8]| [part, &vec![0; part.len().next_multiple_of(PAGE) - part.len()]].concat();
        let file = |(id, parts): &(u64, Vec<Cow<'_, [u8]>>)| {
            (*id, parts.iter().flat_map(|part| padded(part)).collect())
        };
        let version = code_version(&ev.settings, &*ev.host);
        Kept { version, contents: new.contents.clone(), files: new.files.iter().map(file).collect(), answer }
    })
}

/// Parts of files begin at multiples of this.
const PAGE: usize = 4096;

/// An evaluator that reuses code.
pub fn with_code(files: Option<&CodeFiles>) -> Res<Box<Evaluator>> {
    let host = Box::new(Nowhere::default());
    let mut ev = Evaluator::with_cached_code(host, Settings::default(), files)?;
    builtins::install(&mut ev)?;
    Ok(ev)
}

/// What an evaluator makes of the text.
pub fn answer(ev: &Evaluator) -> Vec<u8> {
    let value = ev.delay_internal("text.nix", TEXT).expect("an expression");
    let slot = Slot::default();
    put(&slot, value);
    to_json(ev, &slot, true).expect("a value")
}

/// A file with these bytes, which goes when it is closed.
pub fn on_disk(bytes: &[u8]) -> File {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("nival-fuzzing-{}-{number}", std::process::id()));
    let mut file = File::create_new(&path).expect("a new file");
    file.write_all(bytes).expect("room");
    let read = File::open(&path).expect("the file");
    std::fs::remove_file(&path).expect("it was there");
    read
}
