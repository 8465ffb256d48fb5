//! Numbers and characters in strings, and padding: `toInt`, `fixedWidthString` and the like.

use crate::eval::{Error, ErrorKind, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{Text, call_builtin, interpolate, lossy, string, throw, to_string, warn_text};
use crate::source::Pos;
use crate::value::{Value, slot};

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
pub(super) fn char_to_int(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [c] = exactly(args);
    Ok(ev.mem.int(i64::from(ascii_code(ev, c)?))?)
}

/// `lib.strings.toInt`: the decimal number in a string.
pub(super) fn to_int(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [s] = exactly(args);
    crate::native::to_int(ev, s)
}

/// `lib.strings.toIntBase10`: the decimal number in a string, which may have leading zeros.
pub(super) fn to_int_base10(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [s] = exactly(args);
    crate::native::to_int_base10(ev, s)
}

/// `lib.strings.fixedWidthString`: a string padded on the left.
pub(super) fn fixed_width_string_of(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [width, filler, s] = exactly(args);
    fixed_width_string(ev, width, filler, s, pos)
}

/// `fixedWidthString width filler s`
fn fixed_width_string(ev: &Evaluator, width: &Slot, filler: &Slot, s: &Slot, pos: Pos) -> Res<Value> {
    let text = interpolate(ev, s)?;
    let own = ev.mem.int(ev.mem.text(text).len() as i64)?;
    let mut wanted = ev.force(width)?;
    let mut filled = Text::new();
    let mut steps = 0;
    loop {
        if ev.less_than(&slot(wanted), &slot(own), pos, "")? {
            let shown = lossy(ev.mem.text(to_string(ev, &slot(wanted))?));
            let own = ev.mem.integer(own);
            return Err(throw(format!(
                "fixedWidthString: requested string length ({shown}) must not be shorter than actual length ({own})"
            )));
        }
        if ev.slot_equals(&slot(wanted), own)? {
            break;
        }
        let filler = interpolate(ev, filler)?;
        // An empty filler never reaches the width; nixpkgs recurses here.
        if ev.mem.text(filler).is_empty() || steps > ev.settings.max_call_depth {
            return Err(
                Error::new(ErrorKind::StackOverflow, "stack overflow; max-call-depth exceeded").at(pos)
            );
        }
        steps += 1;
        filled.add(ev, filler);
        wanted = ev.subtract(wanted, ev.mem.int(ev.mem.text(filler).len() as i64)?)?;
    }
    if steps == 0 {
        return ev.force(s);
    }
    filled.add(ev, text);
    filled.finish(ev)
}

/// `lib.strings.fixedWidthNumber`: a number padded with zeros.
pub(super) fn fixed_width_number(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [width, n] = exactly(args);
    let number = to_string(ev, n)?;
    fixed_width_string(ev, width, &slot(ev.mem.str("0")?), &slot(number), pos)
}

/// `lib.strings.floatToString`: a float as a string; warns when digits are lost.
pub(super) fn float_to_string_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [float] = exactly(args);
    float_to_string(ev, float)
}

/// `floatToString float`
pub(in crate::nixpkgs) fn float_to_string(ev: &Evaluator, float: &Slot) -> Res<Value> {
    let text = to_string(ev, float)?;
    let back = call_builtin(ev, "fromJSON", &[text])?;
    if ev.slot_equals(float, back)? {
        return Ok(text);
    }
    let shown = lossy(ev.mem.text(text));
    warn_text(ev, &format!("Imprecise conversion from float to string {shown}"), text)
}
