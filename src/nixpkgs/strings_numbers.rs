//! The part of `lib.strings` about numbers in strings, widths, and how far strings are from each other.

use super::strings_escape::nix_string;
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::heap::Slot;
use crate::native::{Text, call_builtin, integer, interpolate, lossy, string, throw, to_string, warn_text};
use crate::source::Pos;
use crate::value::{Type, Value, peek, slot};

/// The code of a character in nixpkgs' table: printable ASCII, tab and line ends.
pub(super) fn ascii_code(ev: &Evaluator, c: &Slot) -> Res<u8> {
    match ev.mem.text(string(ev, c)?) {
        [c @ (b'\t' | b'\n' | b'\r' | b' '..=b'~')] => Ok(*c),
        other => {
            let shown = lossy(&crate::syntax::show_name(other));
            Err(Error::type_error(format!("attribute '{shown}' missing")))
        }
    }
}

/// `lib.strings.charToInt`: a character's code.
pub(super) fn char_to_int(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    Ok(ev.mem.int(i64::from(ascii_code(ev, &a[0])?))?)
}

/// `lib.strings.fixedWidthString`: a string filled up on the left.
pub(super) fn fixed_width_string(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let s = interpolate(ev, &a[2])?;
    let width = ev.mem.int(ev.mem.text(s).len() as i64)?;
    let mut wanted = ev.force(&a[0])?;
    let mut text = Text::new();
    let mut steps = 0;
    loop {
        if ev.less_than(&slot(wanted), &slot(width), pos, "")? {
            let shown = lossy(ev.mem.text(to_string(ev, &slot(wanted))?));
            let width = ev.mem.integer(width);
            return Err(throw(format!(
                "fixedWidthString: requested string length ({shown}) must not be shorter than actual length ({width})"
            )));
        }
        if ev.slot_equals(&slot(wanted), width)? {
            break;
        }
        let filler = interpolate(ev, &a[1])?;
        // An empty filler never gets there; in nixpkgs this is a recursion.
        if ev.mem.text(filler).is_empty() || steps > ev.settings.max_call_depth {
            return Err(
                Error::new(ErrorKind::StackOverflow, "stack overflow; max-call-depth exceeded").at(pos)
            );
        }
        steps += 1;
        text.add(ev, filler);
        wanted = ev.subtract(wanted, ev.mem.int(ev.mem.text(filler).len() as i64)?)?;
    }
    if steps == 0 {
        return ev.force(&a[2]);
    }
    text.add(ev, s);
    text.finish(ev)
}

/// `lib.strings.fixedWidthNumber`: a number filled up with zeros.
pub(super) fn fixed_width_number(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let number = to_string(ev, &a[1])?;
    fixed_width_string(ev, &[slot(ev.force(&a[0])?), slot(ev.mem.str("0")?), slot(number)], pos)
}

/// `lib.strings.floatToString`: a float as a string; warns when digits are lost.
pub(super) fn float_to_string(ev: &Evaluator, float: &Slot) -> Res<Value> {
    let text = to_string(ev, float)?;
    let back = call_builtin(ev, "fromJSON", &[text])?;
    if ev.slot_equals(float, back)? {
        return Ok(text);
    }
    let shown = lossy(ev.mem.text(text));
    warn_text(ev, &format!("Imprecise conversion from float to string {shown}"), text)
}

/// What the pattern `[[:space:]]*(-?[[:digit:]]+)[[:space:]]*` has in its group; `zeros` are dropped before the
/// sign.
fn digits_in(text: &[u8], zeros: bool) -> Option<&[u8]> {
    let space = |c: &u8| matches!(c, b' ' | b'\t'..=b'\r');
    let start = text.iter().position(|c| !space(c))?;
    let end = text.iter().rposition(|c| !space(c))? + 1;
    let mut number = &text[start..end];
    if zeros {
        // As many as the pattern can spare: the last digit belongs to the group.
        while let [b'0', rest @ ..] = number {
            if rest.is_empty() {
                break;
            }
            number = rest;
        }
    }
    let digits = number.strip_prefix(b"-").unwrap_or(number);
    (!digits.is_empty() && digits.iter().all(u8::is_ascii_digit)).then_some(number)
}

#[cold]
fn not_a_number(ev: &Evaluator, function: &str, s: &Slot) -> Error {
    match nix_string(ev, s) {
        Ok(shown) => throw(format!("{function}: Could not convert {} to int.", lossy(ev.mem.text(shown)))),
        Err(e) => e,
    }
}

/// The number that digits mean; those that JSON does not have or that are too large are left to its parser.
fn number(ev: &Evaluator, function: &str, s: &Slot, digits: &[u8]) -> Res<Value> {
    let plain = !(digits.len() > 2 && digits.starts_with(b"-0"));
    if let (true, Ok(Ok(n))) = (plain, std::str::from_utf8(digits).map(str::parse)) {
        return Ok(ev.mem.int(n)?);
    }
    let parsed = call_builtin(ev, "fromJSON", &[ev.mem.string(digits, Default::default())?])?;
    if parsed.type_of() == Type::Int { Ok(parsed) } else { Err(not_a_number(ev, function, s)) }
}

/// `lib.strings.toInt`: the decimal number in a string.
pub(super) fn to_int(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    int_of(ev, &a[0])
}

/// `lib.toInt s`, of a string value.
pub(super) fn decimal(ev: &Evaluator, s: Value) -> Res<Value> {
    int_of(ev, &slot(s))
}

/// `lib.toInt s`
pub(super) fn int_of(ev: &Evaluator, s: &Slot) -> Res<Value> {
    let text = ev.mem.text(string(ev, s)?);
    match digits_in(text, false) {
        None => Err(not_a_number(ev, "toInt", s)),
        Some([b'0', _, ..]) => {
            let shown = lossy(ev.mem.text(nix_string(ev, s)?));
            Err(throw(format!(
                "toInt: Ambiguity in interpretation of {shown} between octal and zero padded integer."
            )))
        }
        Some(digits) => number(ev, "toInt", s, digits),
    }
}

/// `lib.strings.toIntBase10`: the decimal number in a string, which may have zeros in front.
pub(super) fn to_int_base10(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let text = ev.mem.text(string(ev, &a[0])?);
    match digits_in(text, true) {
        None => Err(not_a_number(ev, "toIntBase10", &a[0])),
        Some(digits) => number(ev, "toIntBase10", &a[0], digits),
    }
}

/// Two values coerced to strings, the second one first.
fn two<'a>(ev: &'a Evaluator, a: &[Slot], second_first: bool) -> Res<(&'a [u8], &'a [u8])> {
    if second_first {
        interpolate(ev, &a[1])?;
    }
    let x = interpolate(ev, &a[0])?;
    Ok((ev.mem.text(x), ev.mem.text(interpolate(ev, &a[1])?)))
}

/// `lib.strings.levenshtein`: how many bytes have to be added, removed or replaced to make one string of another.
pub(super) fn levenshtein(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let (x, y) = two(ev, a, true)?;
    Ok(ev.mem.int(distance(x, y) as i64)?)
}

/// The Levenshtein distance.
pub(super) fn distance(x: &[u8], y: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=y.len()).collect();
    for (i, p) in x.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, q) in y.iter().enumerate() {
            let next = (diagonal + usize::from(p != q)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[y.len()]
}

fn prefix_length(x: &[u8], y: &[u8]) -> usize {
    x.iter().zip(y).take_while(|(p, q)| p == q).count()
}

fn suffix_length(x: &[u8], y: &[u8]) -> usize {
    x.iter().rev().zip(y.iter().rev()).take_while(|(p, q)| p == q).count()
}

/// `lib.strings.commonPrefixLength`: how many bytes two strings start with in common.
pub(super) fn common_prefix_length(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let (x, y) = two(ev, a, false)?;
    Ok(ev.mem.int(prefix_length(x, y) as i64)?)
}

/// `lib.strings.commonSuffixLength`: how many bytes two strings end with in common.
pub(super) fn common_suffix_length(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let (x, y) = two(ev, a, false)?;
    Ok(ev.mem.int(suffix_length(x, y) as i64)?)
}

/// `builtins.substring start len text`, where a negative length means the rest.
fn sub(text: &[u8], start: usize, len: isize) -> &[u8] {
    let rest = text.get(start..).unwrap_or_default();
    &rest[..usize::try_from(len).unwrap_or(rest.len()).min(rest.len())]
}

/// Whether two texts are at most `k` apart, as nixpkgs computes it for small `k`.
pub(super) fn at_most(k: i64, x: &[u8], y: &[u8]) -> bool {
    let (x, y) = if x.len() < y.len() { (y, x) } else { (x, y) };
    if (x.len() - y.len()) as i64 > k {
        return false;
    }
    let prefix = prefix_length(x, y);
    let both = (prefix + suffix_length(x, y)) as isize;
    let (p, q) = (sub(x, prefix, x.len() as isize - both), sub(y, prefix, y.len() as isize - both));
    match k {
        1 => p.len() <= 1 && q.len() <= 1,
        2 => infix_at_most_2(p, q),
        _ => distance(p, q) as i64 <= k,
    }
}

fn infix_at_most_2(x: &[u8], y: &[u8]) -> bool {
    let (xlen, ylen) = (x.len() as isize, y.len() as isize);
    let (xinfix, yinfix) = (sub(x, 1, xlen - 2), sub(y, 1, ylen - 2));
    let (xdelr, xdell) = (sub(x, 0, xlen - 1), sub(x, 1, xlen - 1));
    let (ydelr, ydell) = (sub(y, 0, ylen - 1), sub(y, 1, ylen - 1));
    match xlen - ylen {
        2 => xinfix == y,
        1 => xinfix == ydelr || xinfix == ydell,
        _ => xinfix == yinfix || xdelr == ydell || xdell == ydelr,
    }
}

/// `lib.strings.levenshteinAtMost`: whether two strings are at most so far apart.
pub(super) fn levenshtein_at_most(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    if !ev.less_than(&slot(ev.mem.int(0)?), &a[0], pos, "")? {
        return Ok(Value::bool(ev.equal(&a[1], &a[2], pos)?));
    }
    let (x, y) = two(ev, &a[1..], false)?;
    let k = match ev.mem.as_int(peek(&a[0])) {
        Some(k) => k,
        None => integer(ev, &a[0])?,
    };
    Ok(Value::bool(at_most(k, x, y)))
}
