//! Splitting strings: `splitString`, `stringToCharacters` and the like.

use super::escaping::regex_escaped;
use crate::eval::{Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{Text, apply, boolean, callable, cut, interpolate, strings, to_string, truth};
use crate::source::Pos;
use crate::value::{Context, Value, peek, slot};

/// One byte of a string as a string; without context it is an interned symbol.
fn character(ev: &Evaluator, byte: u8, context: Context) -> Res<Value> {
    match context.is_empty() {
        true => Ok(Value::symbol(ev.mem.heap.intern(&[byte])?)),
        false => Ok(ev.mem.string(&[byte], context)?),
    }
}

/// `lib.strings.stringToCharacters`: the bytes of a string as a list of strings.
pub(super) fn string_to_characters(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [s] = exactly(args);
    let s = interpolate(ev, s)?;
    let context = ev.mem.context(s);
    let all: Vec<Value> = ev.mem.text(s).iter().map(|b| character(ev, *b, context)).collect::<Res<_>>()?;
    Ok(ev.mem.list(&all)?)
}

/// `lib.strings.stringAsChars`: a function of each byte of a string, joined.
pub(super) fn string_as_chars(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, s] = exactly(args);
    let s = interpolate(ev, s)?;
    let mut text = Text::new();
    for (i, byte) in ev.mem.text(s).iter().enumerate() {
        if i == 0 {
            callable(ev, f)?;
        }
        let made = apply(ev, f, &[character(ev, *byte, ev.mem.context(s))?])?;
        text.interpolate(ev, &slot(made))?;
    }
    text.finish(ev)
}

/// `lib.strings.splitString`: the parts of a string between separators.
pub(super) fn split_string_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [separator, s] = exactly(args);
    split_string(ev, separator, s)
}

/// `splitString separator s`
pub(super) fn split_string(ev: &Evaluator, separator: &Slot, s: &Slot) -> Res<Value> {
    let separator = to_string(ev, separator)?;
    if !ev.mem.context(separator).is_empty() {
        // nixpkgs turns it into a pattern, which must not have a context.
        let pattern = ev.mem.string(&regex_escaped(ev.mem.text(separator)), ev.mem.context(separator))?;
        ev.force_plain_string(&slot(pattern), Pos::NONE, "")?;
    }
    let whole = to_string(ev, s)?;
    let parts = cut(ev.mem.text(whole), ev.mem.text(separator));
    let v = ev.force(s)?;
    if v.is_string() {
        return strings(ev, &parts, ev.mem.context(whole));
    }
    // A value that only `toString` turns into a string fails when its context is queried: when a part is forced.
    let parts = strings(ev, &parts, Context::EMPTY)?;
    ev.delayed_list(Part { parts, whole: v }, parts.list_len())
}

suspended! {
    /// `addContextFrom whole (elemAt parts index)`
    struct Part { parts, whole } []
}

impl Part<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let context = ev.mem.context(interpolate(ev, self.whole)?);
        let part = peek(&ev.mem.items(peek(self.parts))[index]);
        Ok(ev.mem.string(ev.mem.text(part), context)?)
    }
}

/// `lib.strings.splitStringBy`: a string cut where a predicate of two neighbouring bytes holds.
pub(super) fn split_string_by(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [predicate, keep_split, s] = exactly(args);
    let s = interpolate(ev, s)?;
    let (text, context) = (ev.mem.text(s), ev.mem.context(s));
    let mut parts: Vec<Vec<u8>> = Vec::new();
    let mut part = Vec::new();
    let mut previous = Value::symbol(sym!(""));
    if !context.is_empty() {
        previous = ev.mem.str("")?;
    }
    for byte in text {
        let current = character(ev, *byte, context)?;
        if truth(ev, apply(ev, predicate, &[previous, current])?)? {
            parts.push(std::mem::take(&mut part));
            if boolean(ev, keep_split)? {
                part.push(*byte);
            }
        } else {
            part.push(*byte);
        }
        previous = current;
    }
    parts.push(part);
    strings(ev, &parts, context)
}
