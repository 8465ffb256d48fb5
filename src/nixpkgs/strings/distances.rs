//! Distances between strings: `levenshtein`, and common prefixes and suffixes.

use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{integer, interpolate};
use crate::source::{Pos, distance};
use crate::value::{Value, peek, slot};

/// Two values coerced to strings.
fn two<'a>(ev: &'a Evaluator, x: &Slot, y: &Slot) -> Res<(&'a [u8], &'a [u8])> {
    let x = ev.mem.text(interpolate(ev, x)?);
    Ok((x, ev.mem.text(interpolate(ev, y)?)))
}

/// `lib.strings.levenshtein`: how many bytes must be added, removed or replaced to turn one string into another.
pub(super) fn levenshtein(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    // nixpkgs forces the second argument first.
    interpolate(ev, y)?;
    let (x, y) = two(ev, x, y)?;
    Ok(ev.mem.int(distance(x, y) as i64)?)
}

fn prefix_length(x: &[u8], y: &[u8]) -> usize {
    x.iter().zip(y).take_while(|(p, q)| p == q).count()
}

fn suffix_length(x: &[u8], y: &[u8]) -> usize {
    x.iter().rev().zip(y.iter().rev()).take_while(|(p, q)| p == q).count()
}

/// `lib.strings.commonPrefixLength`: the length of two strings' common prefix, in bytes.
pub(super) fn common_prefix_length(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    let (x, y) = two(ev, x, y)?;
    Ok(ev.mem.int(prefix_length(x, y) as i64)?)
}

/// `lib.strings.commonSuffixLength`: the length of two strings' common suffix, in bytes.
pub(super) fn common_suffix_length(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    let (x, y) = two(ev, x, y)?;
    Ok(ev.mem.int(suffix_length(x, y) as i64)?)
}

/// `builtins.substring start len text`, where a negative length means the rest.
fn substring(text: &[u8], start: usize, len: isize) -> &[u8] {
    let rest = text.get(start..).unwrap_or_default();
    &rest[..usize::try_from(len).unwrap_or(rest.len()).min(rest.len())]
}

/// `levenshteinAtMost k x y` for a positive `k`; small ones are computed as in nixpkgs.
pub(in crate::nixpkgs) fn at_most(k: i64, x: &[u8], y: &[u8]) -> bool {
    let (x, y) = if x.len() < y.len() { (y, x) } else { (x, y) };
    if (x.len() - y.len()) as i64 > k {
        return false;
    }
    let prefix = prefix_length(x, y);
    let both = (prefix + suffix_length(x, y)) as isize;
    let (p, q) =
        (substring(x, prefix, x.len() as isize - both), substring(y, prefix, y.len() as isize - both));
    match k {
        1 => p.len() <= 1 && q.len() <= 1,
        2 => infix_at_most_2(p, q),
        _ => distance(p, q) as i64 <= k,
    }
}

/// Whether the distance of two texts that begin and end with different bytes is at most 2.
fn infix_at_most_2(x: &[u8], y: &[u8]) -> bool {
    let (xlen, ylen) = (x.len() as isize, y.len() as isize);
    let (xinfix, yinfix) = (substring(x, 1, xlen - 2), substring(y, 1, ylen - 2));
    let (xdelr, xdell) = (substring(x, 0, xlen - 1), substring(x, 1, xlen - 1));
    let (ydelr, ydell) = (substring(y, 0, ylen - 1), substring(y, 1, ylen - 1));
    match xlen - ylen {
        2 => xinfix == y,
        1 => xinfix == ydelr || xinfix == ydell,
        _ => xinfix == yinfix || xdelr == ydell || xdell == ydelr,
    }
}

/// `lib.strings.levenshteinAtMost`: whether the distance of two strings is at most a number.
pub(super) fn levenshtein_at_most(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [k, x, y] = exactly(args);
    if !ev.less_than(&slot(ev.mem.int(0)?), k, pos, "")? {
        return Ok(Value::bool(ev.equal(x, y, pos)?));
    }
    let (x, y) = two(ev, x, y)?;
    let k = match ev.mem.as_int(peek(k)) {
        Some(k) => k,
        None => integer(ev, k)?,
    };
    Ok(Value::bool(at_most(k, x, y)))
}
