//! What the fuzzers in `tests/fuzz` call: each function takes any bytes and panics if nival breaks a promise about them.
//! The tests run the same functions on the inputs in `testdata/fuzz`.

mod kept;
mod running;
mod trees;
mod written;

use kept::{answer, kept, on_disk, with_code};
use running::{evaluator, on_large_stack};
use trees::{Tree, read_archive};
use written::Written;

use crate::builtins::{json, regex, to_json, to_xml, toml};
use crate::eval::{Res, ambiguous, cached_files, render};
use crate::heap::Slot;
use crate::host::CodeFiles;
use crate::ir::pack::Contents;
use crate::source::Origin;
use crate::store::lock_file::LockFile;
use crate::store::nixhash::HashAlgo;
use crate::store::tree::DumpError;
use crate::store::{Derivation, Features, InputOutputs, StoreDir, nar};
use crate::suite::read_suite;
use crate::syntax::{Lint, Lints, ParseOptions, nests_too_deep_for_rnix, parse, parse_with_rnix};
use crate::value::put;

/// What a fuzzer calls.
pub type Target = fn(&[u8]);

/// All targets by name.
pub const TARGETS: &[(&str, Target)] = &[
    ("syntax", syntax),
    ("eval", eval),
    ("json", json),
    ("toml", toml),
    ("regex", regex),
    ("nar", nar),
    ("aterm", aterm),
    ("flake_lock", flake_lock),
    ("nival_toml", nival_toml),
    ("kept_code", kept_code),
];

/// Bytes of a text that is evaluated.
const LONGEST: usize = 4096;
/// Numbers of more digits can make lists that fill the memory.
const MOST_DIGITS: usize = 4;

/// Both parsers read a text alike, and what they accept is lowered.
pub fn syntax(data: &[u8]) {
    let lints = Lints { urls: Lint::Warn, absolute_paths: Lint::Warn, short_paths: Lint::Warn };
    let options = ParseOptions { home: true, pipes: true, lints };
    on_large_stack(|| {
        let ours = parse(data, "«text»", options);
        let second = parse_with_rnix(data, "«text»", options);
        if second.as_ref().is_err_and(nests_too_deep_for_rnix) {
            return;
        }
        let tree = |ast| format!("{ast:?}");
        assert_eq!(ours.ok().map(tree), second.ok().map(tree), "the parsers disagree");
        // An error is an answer: the text may have undefined variables.
        let _ = evaluator(false).and_then(|ev| ev.delay_internal("fuzzed", data).map(drop));
    });
}

/// Whatever an expression evaluates to can be printed in all ways, and so can its error.
pub fn eval(data: &[u8]) {
    let digits = data.split(|c| !c.is_ascii_digit()).map(<[u8]>::len).max().unwrap_or_default();
    if data.len() > LONGEST || digits > MOST_DIGITS {
        return;
    }
    on_large_stack(|| {
        let ev = evaluator(true).expect("a new evaluator");
        let print = |value| -> Res<()> {
            let slot = Slot::default();
            put(&slot, value);
            // A value without end is an error here, and none below.
            let _ = to_json(&ev, &slot, true);
            let _ = to_xml(&ev, &slot, false, true);
            ev.force_deep(&slot)?;
            ambiguous(&ev, ev.force(&slot)?).map(drop)
        };
        if let Err(error) = ev.eval_text(Origin::Text, data, b"/").and_then(print) {
            for trace in [false, true] {
                assert!(!render(&ev.sources, &error, trace).is_empty());
            }
        }
    });
}

/// What is read as JSON is written as JSON of the same value.
pub fn json(data: &[u8]) {
    let mut read = Written::default();
    if json::parse(data, &mut read).is_ok() {
        assert!(json::check(data).is_ok(), "what can be read is JSON");
        let mut again = Written::default();
        assert!(json::parse(&read.text, &mut again).is_ok(), "what is written can be read");
        assert_eq!(read.text, again.text);
    }
}

/// What is read as TOML can be written as JSON, but for infinite numbers; what is not has a message.
pub fn toml(data: &[u8]) {
    let mut read = Written::default();
    match toml::parse(data, true, &mut read) {
        Ok(()) => {
            let mut again = Written::default();
            let is_json = json::parse(&read.text, &mut again).is_ok();
            assert!(is_json || read.infinite, "{}", String::from_utf8_lossy(&read.text));
        }
        Err(message) => assert!(!message.is_empty()),
    }
}

/// The first line is a pattern, the rest a text: matches and groups lie in the text, in order.
pub fn regex(data: &[u8]) {
    let data = &data[..data.len().min(200)];
    let line = data.iter().position(|c| *c == b'\n').unwrap_or(data.len());
    let (pattern, text) = (&data[..line], data.get(line + 1..).unwrap_or_default());
    let Ok(pattern) = regex::Regex::new(pattern) else {
        return;
    };
    let mut scratch = regex::Scratch::default();
    let whole = pattern.full_match(&mut scratch, text);
    let mut splits = pattern.splits(&mut scratch, text);
    let mut from = 0;
    let mut first = None;
    while let Ok(Some(found)) = splits.find_next() {
        assert!(from <= found.after && found.after <= found.start && found.start <= found.end);
        assert!(found.end <= text.len());
        let lies_inside = |(from, to): (usize, usize)| from <= to && to <= text.len();
        assert!(splits.groups().iter().flatten().all(|group| lies_inside(*group)));
        from = found.end;
        first = first.or(Some(found.start));
    }
    if whole == Ok(true) {
        assert_eq!(first, Some(0), "a text that matches begins with a match");
    }
}

/// An archive says what the tree is.
pub fn nar(data: &[u8]) {
    let mut tree = Tree::of(data);
    let mut archive = Vec::new();
    match nar::dump(&mut tree, &mut |piece| archive.extend_from_slice(piece)) {
        Ok(()) => {
            assert_eq!(read_archive(&archive), tree.nodes);
            let (_, size) = nar::hash(&mut tree, HashAlgo::Sha256).expect("it has been written");
            assert_eq!(size, archive.len() as u64);
        }
        Err(error) => assert!(matches!(error, DumpError::TooDeep(_)), "{error:?}"),
    }
}

/// A derivation that is read is written as what is read again. Nix writes names and the system without escapes, so those that need
/// some are lost.
pub fn aterm(data: &[u8]) {
    let store = StoreDir::default();
    let read = |bytes: &[u8]| Derivation::from_aterm_bytes(bytes, "name", &store, Features::all());
    if let Ok(drv) = read(data)
        && let Ok(text) = drv.to_aterm_bytes("name", &store)
    {
        let inputs = drv.input_derivations.values().flat_map(output_names);
        let mut names = drv.outputs.keys().chain(inputs).map(String::as_bytes).chain([&drv.system[..]]);
        if !names.any(|name| name.iter().any(|byte| b"\"\\\n\r\t".contains(byte))) {
            assert_eq!(read(&text).ok().as_ref(), Some(&drv));
        }
    }
}

fn output_names(input: &InputOutputs) -> Vec<&String> {
    let inside = input.dynamic.iter().flat_map(|(name, input)| [vec![name], output_names(input)].concat());
    input.outputs.iter().chain(inside).collect()
}

/// A lock file that is read is written as what is read again.
pub fn flake_lock(data: &[u8]) {
    let read = |text: &[u8]| LockFile::read(text, "flake.lock", Features::all(), &|_| ());
    if let Ok(lock) = read(data) {
        let text = lock.to_json().0.to_string();
        let again = read(text.as_bytes()).unwrap_or_else(|e| panic!("{}: {text}", e.message));
        assert_eq!(again.to_json().0, lock.to_json().0);
    }
}

/// A suite is read or refused with a message.
pub fn nival_toml(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let size = |text: &str| text.parse().map_err(|_| format!("'{text}' is no size"));
    match read_suite("/suite", "nival.toml", text, &size) {
        Ok(suite) => drop(suite.expected("fixture")),
        Err(error) => assert!(!error.data().message.is_empty()),
    }
}

/// Cached code gives the same value however its files are damaged. Four bytes are a change: of which file, where (two
/// bytes), and of which bits.
pub fn kept_code(data: &[u8]) {
    on_large_stack(|| {
        let kept = kept();
        let mut files: Vec<Vec<u8>> = kept.files.iter().map(|(_, bytes)| bytes.clone()).collect();
        files.push(kept.contents.clone());
        for change in data.chunks_exact(4).take(64) {
            let count = files.len();
            let file = &mut files[change[0] as usize % count];
            let at = usize::from(change[1]) << 8 | usize::from(change[2]);
            if change[3] == 0 {
                file.truncate(at);
            } else if let Some(byte) = file.get_mut(at) {
                *byte ^= change[3];
            }
        }
        let contents = files.pop().unwrap_or_default();
        // The table that is read, whatever it says, never harms.
        let _ = Contents::decode(data, kept.version);
        let _ = cached_files(data);
        let wanted = cached_files(&contents);
        let fits = |file: &Vec<u8>, id: &u64| {
            let length = wanted.as_ref()?.iter().find(|(wanted, _)| wanted == id)?.1;
            (length <= file.len()).then_some(())
        };
        // `CodeCache::open` refuses files that are too short.
        if kept.files.iter().zip(&files).any(|((id, _), file)| fits(file, id).is_none()) {
            return;
        }
        let files = kept.files.iter().zip(&files).map(|((id, _), bytes)| (*id, on_disk(bytes))).collect();
        let ev = with_code(Some(&CodeFiles { contents, files })).expect("a new evaluator");
        assert_eq!(answer(&ev), kept.answer);
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "the inputs are files")]

    use super::*;

    /// The inputs of a target, with a name each.
    fn inputs(target: &str) -> Vec<(String, Vec<u8>)> {
        let folder = format!("{}/testdata/fuzz/{target}", env!("CARGO_MANIFEST_DIR"));
        let entries = std::fs::read_dir(folder).expect("the target's folder");
        let paths = entries.flatten().map(|entry| entry.path());
        paths.map(|path| (path.display().to_string(), std::fs::read(&path).expect("an input"))).collect()
    }

    #[test]
    fn inputs_that_fuzzers_found_are_harmless() {
        for (target, run) in TARGETS {
            let inputs = inputs(target);
            assert!(!inputs.is_empty(), "{target} has inputs");
            for (name, input) in inputs {
                let result = std::panic::catch_unwind(|| run(&input));
                assert!(result.is_ok(), "{name}");
            }
        }
    }
}
