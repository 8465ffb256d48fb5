//! Lower and upper case: `toLower`, `toSentenceCase` and the like.

use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{changed, string, strings, throw};
use crate::source::Pos;
use crate::value::{Context, Value};

/// `lib.strings.lowerChars`, `upperChars`: the letters from `first` on.
pub(super) fn alphabet(ev: &Evaluator, first: u8) -> Res<Value> {
    let letters: Vec<[u8; 1]> = (first..first + 26).map(|c| [c]).collect();
    strings(ev, &letters, Context::EMPTY)
}

/// `lib.strings.toLower`: a string in lower case; only ASCII is touched.
pub(super) fn to_lower(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [s] = exactly(args);
    changed(ev, string(ev, s)?, <[u8]>::to_ascii_lowercase)
}

/// `lib.strings.toUpper`: a string in upper case; only ASCII is touched.
pub(super) fn to_upper(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [s] = exactly(args);
    changed(ev, string(ev, s)?, <[u8]>::to_ascii_uppercase)
}

/// The first byte in upper case, the others in lower case.
fn sentence_case(text: &[u8]) -> Vec<u8> {
    let mut out = text.to_ascii_lowercase();
    if let Some(first) = out.first_mut() {
        first.make_ascii_uppercase();
    }
    out
}

/// The argument of a function that accepts only strings.
fn only_string(ev: &Evaluator, function: &str, s: &Slot) -> Res<Value> {
    let v = ev.force(s)?;
    if v.is_string() {
        return Ok(v);
    }
    let kind = v.type_of().name();
    Err(throw(format!("{function} does only accepts string values, but got {kind}")))
}

/// `lib.strings.toSentenceCase`: a string with its first letter in upper case and the rest in lower case.
pub(super) fn to_sentence_case(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [s] = exactly(args);
    changed(ev, only_string(ev, "toSentenceCase", s)?, sentence_case)
}

/// `lib.strings.toCamelCase`: words joined, each but the first with a capital.
pub(super) fn to_camel_case(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [s] = exactly(args);
    changed(ev, only_string(ev, "toCamelCase", s)?, |text| {
        let words = text.split(|c| matches!(c, b'-' | b'_' | b' '));
        let parts = words.flat_map(|word| {
            // Words also start where an upper-case letter follows a lower-case one. An empty word counts as a part.
            let empty = word.is_empty().then_some(word);
            empty.into_iter().chain(word.chunk_by(|x, y| !(x.is_ascii_lowercase() && y.is_ascii_uppercase())))
        });
        let mut out = Vec::with_capacity(text.len());
        for (i, part) in parts.enumerate() {
            out.extend(if i == 0 { part.to_ascii_lowercase() } else { sentence_case(part) });
        }
        out
    })
}
