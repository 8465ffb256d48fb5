//! Trimming whitespace: `trim` and `trimWith`.

use crate::eval::{Evaluator, Formals, Res, exactly};
use crate::heap::Slot;
use crate::native::{boolean, bytes, get};
use crate::source::Pos;
use crate::value::{Context, Value};

/// Which ends of a string are trimmed.
struct Ends {
    start: bool,
    end: bool,
}

/// `lib.strings.trim`: `trimWith { start = true; end = true; }`
pub(super) fn trim(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [s] = exactly(args);
    trimmed(ev, s, Ends { start: true, end: true })
}

/// The pattern of `trimWith`.
pub(super) const OPTIONS: Formals =
    Formals { arg: 0, names: &[("start", true), ("end", true)], ellipsis: false };

/// `lib.strings.trimWith`: a string without whitespace at its ends.
pub(super) fn trim_with(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [options, s] = exactly(args);
    let options = ev.force_formals("trimWith", options, &OPTIONS, pos)?;
    let flag = |name| get(ev, options, name).map_or(Ok(false), |s| boolean(ev, s));
    // nixpkgs needs the pattern only for a string, but builds it first.
    let ends = Ends { start: flag("start")?, end: flag("end")? };
    trimmed(ev, s, ends)
}

/// A trimmed string. nixpkgs takes it from a match, so the context is lost.
fn trimmed(ev: &Evaluator, s: &Slot, ends: Ends) -> Res<Value> {
    let blank = |c: &u8| matches!(c, b' ' | b'\t' | b'\r' | b'\n');
    let mut text = bytes(ev, s)?;
    while let (true, [first, rest @ ..]) = (ends.start, text) {
        if !blank(first) {
            break;
        }
        text = rest;
    }
    while let (true, [rest @ .., last]) = (ends.end, text) {
        if !blank(last) {
            break;
        }
        text = rest;
    }
    Ok(ev.mem.string(text, Context::EMPTY)?)
}
