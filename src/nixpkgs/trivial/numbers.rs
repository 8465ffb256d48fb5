//! Numbers: arithmetic, comparison, and digits in other bases.

use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{Text, apply, assert, call_builtin, compare, get, holds, integer, share, string, warn};
use crate::source::Pos;
use crate::value::{Type, Value, peek};

/// `lib.trivial.bitNot`: all bits inverted; nixpkgs defines it with `builtins.sub`.
pub(super) fn bit_not(ev: &Evaluator) -> Res<Value> {
    match crate::builtins::find("sub") {
        Some(sub) => ev.partial(sub, &[ev.mem.int(-1)?]),
        None => Ok(Value::NULL),
    }
}

/// `lib.trivial.min`: the smaller of two values.
pub(super) fn min(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    let first = ev.less_than(x, y, pos, "")?;
    ev.force(if first { x } else { y })
}

/// `lib.trivial.max`: the larger of two values.
pub(super) fn max(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    let first = ev.less_than(y, x, pos, "")?;
    ev.force(if first { x } else { y })
}

/// `lib.trivial.mod`: the remainder of a division, with the sign of the dividend.
pub(super) fn modulo(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [base, int] = exactly(args);
    let base = ev.force(base)?;
    let int = ev.force(int)?;
    let quotient = ev.divide(base, int)?;
    ev.subtract(base, ev.multiply(int, quotient)?)
}

/// `lib.trivial.compare`: -1, 0 or 1.
pub(super) fn compare_values(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [a, b] = exactly(args);
    Ok(ev.mem.int(compare(ev, a, b)?)?)
}

/// `lib.trivial.splitByAndCompare`: values that satisfy a predicate come first; each kind has its own comparison.
pub(super) fn split_by_and_compare(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [p, yes, no, a, b] = exactly(args);
    let (a, b) = (share(ev, a)?, share(ev, b)?);
    match (holds(ev, p, &[a])?, holds(ev, p, &[b])?) {
        (true, true) => apply(ev, yes, &[a, b]),
        (true, false) => Ok(ev.mem.int(-1)?),
        (false, true) => Ok(ev.mem.int(1)?),
        (false, false) => apply(ev, no, &[a, b]),
    }
}

/// `lib.trivial.fromHexString`: the number that hexadecimal digits denote.
pub(super) fn from_hex_string(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [s] = exactly(args);
    from_hex(ev, s)
}

/// `fromHexString s`
pub(in crate::nixpkgs) fn from_hex(ev: &Evaluator, s: &Slot) -> Res<Value> {
    let text = ev.mem.text(string(ev, s)?);
    match hex_number(text) {
        Some(n) => Ok(ev.mem.int(n)?),
        None => odd_hex(ev, s),
    }
}

/// The number in a text that matches the pattern `(0x)?([0-7]?[0-9A-Fa-f]{1,15})`.
pub(in crate::nixpkgs) fn hex_number(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"0x").unwrap_or(text);
    let fits = matches!(digits.len(), 1..=15) || digits.len() == 16 && matches!(digits[0], b'0'..=b'7');
    if !fits || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    i64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Parses any other text: warns and passes it to the TOML parser, as nixpkgs does.
fn odd_hex(ev: &Evaluator, arg: &Slot) -> Res<Value> {
    let pretty = crate::native::pretty(ev, arg)?;
    let mut message = Text::new();
    message.put("fromHexString: ").add(ev, pretty).put(" is not a valid input and will be rejected in 26.05");
    warn(ev, message.finish(ev)?, Value::TRUE)?;
    let lower = ev.mem.text(string(ev, arg)?).to_ascii_lowercase();
    let digits = lower.strip_prefix(b"0x").unwrap_or(&lower);
    let toml = ev.mem.concat(&[b"v=0x", digits], ev.mem.context(peek(arg)))?;
    let parsed = call_builtin(ev, "fromTOML", &[toml])?;
    match get(ev, parsed, "v") {
        Some(v) => ev.force(v),
        None => Ok(Value::NULL),
    }
}

/// `lib.trivial.toHexString`: a number in hexadecimal digits.
pub(super) fn to_hex_string(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [i] = exactly(args);
    Ok(ev.mem.str(&format!("{:X}", natural(ev, i)?))?)
}

/// A number, which must not be negative.
fn natural(ev: &Evaluator, arg: &Slot) -> Res<i64> {
    assert(ev.force(arg)?.type_of() == Type::Int, "(isInt i)")?;
    let i = integer(ev, arg)?;
    assert(i >= 0, "(! (__lessThan i 0))")?;
    Ok(i)
}

/// `lib.trivial.toBaseDigits`: the digits of a number in a base, as numbers.
pub(super) fn to_base_digits(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [base, i] = exactly(args);
    assert(ev.force(base)?.type_of() == Type::Int, "(isInt base)")?;
    assert(ev.force(i)?.type_of() == Type::Int, "(isInt i)")?;
    let base = integer(ev, base)?;
    assert(base >= 2, "(! (__lessThan base 2))")?;
    let mut i = natural(ev, i)?;
    let mut digits = Vec::new();
    loop {
        digits.push(ev.mem.int(i % base)?);
        i /= base;
        if i == 0 {
            break;
        }
    }
    digits.reverse();
    Ok(ev.mem.list(&digits)?)
}
