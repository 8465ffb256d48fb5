//! Numbers in strings: `toInt` and `toIntBase10`.

use super::calls::call_builtin;
use super::errors::throw;
use super::force::string;
use super::quoting::nix_string;
use super::text::lossy;
use crate::eval::{Error, Evaluator, Res};
use crate::heap::Slot;
use crate::value::{Context, Type, Value, slot};

/// The group of the pattern `[[:space:]]*(-?[[:digit:]]+)[[:space:]]*`; with `zeros`, zeros before the sign are
/// dropped.
fn digits_in(text: &[u8], zeros: bool) -> Option<&[u8]> {
    let space = |c: &u8| matches!(c, b' ' | b'\t'..=b'\r');
    let start = text.iter().position(|c| !space(c))?;
    let end = text.iter().rposition(|c| !space(c))? + 1;
    let mut number = &text[start..end];
    if zeros {
        // All but the last digit, which the group needs.
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

/// The number that the digits denote. The JSON parser rejects those that JSON does not allow or that are too large.
fn number(ev: &Evaluator, function: &str, s: &Slot, digits: &[u8]) -> Res<Value> {
    let plain = !(digits.len() > 2 && digits.starts_with(b"-0"));
    if let (true, Ok(Ok(n))) = (plain, std::str::from_utf8(digits).map(str::parse)) {
        return Ok(ev.mem.int(n)?);
    }
    let parsed = call_builtin(ev, "fromJSON", &[ev.mem.string(digits, Context::EMPTY)?])?;
    if parsed.type_of() == Type::Int { Ok(parsed) } else { Err(not_a_number(ev, function, s)) }
}

/// `toInt s`
pub fn to_int(ev: &Evaluator, s: &Slot) -> Res<Value> {
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

/// `toInt s` of a string value.
pub fn decimal(ev: &Evaluator, s: Value) -> Res<Value> {
    to_int(ev, &slot(s))
}

/// `toIntBase10 s`: like [`to_int`], but allows leading zeros.
pub fn to_int_base10(ev: &Evaluator, s: &Slot) -> Res<Value> {
    let text = ev.mem.text(string(ev, s)?);
    match digits_in(text, true) {
        None => Err(not_a_number(ev, "toIntBase10", s)),
        Some(digits) => number(ev, "toIntBase10", s, digits),
    }
}
