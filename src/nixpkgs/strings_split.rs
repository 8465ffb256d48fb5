//! The part of `lib.strings` that takes strings apart.

use super::strings::{changed, find, only_string, sentence_case};
use super::strings_escape::regex_escaped;
use crate::eval::{Evaluator, Lazy, Res};
use crate::heap::Slot;
use crate::native::{Text, apply, boolean, callable, interpolate, lazy_list, strings, to_string, truth};
use crate::source::Pos;
use crate::value::{Context, Value, peek, slot};

/// One byte of a string as a string; without a context it is a symbol, made once.
fn character(ev: &Evaluator, byte: u8, context: Context) -> Res<Value> {
    match context.is_empty() {
        true => Ok(Value::symbol(ev.mem.heap.intern(&[byte])?)),
        false => Ok(ev.mem.string(&[byte], context)?),
    }
}

/// `lib.strings.stringToCharacters`: the bytes of a string as a list of strings.
pub(super) fn string_to_characters(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let s = interpolate(ev, &a[0])?;
    let context = ev.mem.context(s);
    let all: Vec<Value> = ev.mem.text(s).iter().map(|b| character(ev, *b, context)).collect::<Res<_>>()?;
    Ok(ev.mem.list(&all)?)
}

/// `lib.strings.stringAsChars`: what a function makes of each byte of a string, joined.
pub(super) fn string_as_chars(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let s = interpolate(ev, &a[1])?;
    let mut text = Text::new();
    for (i, byte) in ev.mem.text(s).iter().enumerate() {
        if i == 0 {
            callable(ev, &a[0])?;
        }
        let made = apply(ev, &a[0], &[character(ev, *byte, ev.mem.context(s))?])?;
        text.interpolate(ev, &slot(made))?;
    }
    text.finish(ev)
}

/// The texts between the places where `separator` is; around every byte for an empty one.
fn cut<'a>(text: &'a [u8], separator: &[u8]) -> Vec<&'a [u8]> {
    if separator.is_empty() {
        let bytes = text.chunks(1);
        return std::iter::once(&text[..0]).chain(bytes).chain([&text[..0]]).collect();
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = find(rest, separator) {
        parts.push(&rest[..at]);
        rest = &rest[at + separator.len()..];
    }
    parts.push(rest);
    parts
}

/// `lib.strings.splitString`: the parts of a string between separators.
pub(super) fn split_string(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    split(ev, &a[0], &a[1])
}

/// `lib.splitString separator s`
fn split(ev: &Evaluator, separator: &Slot, s: &Slot) -> Res<Value> {
    let separator = to_string(ev, separator)?;
    if !ev.mem.context(separator).is_empty() {
        // In nixpkgs it becomes a pattern, which must not have a context.
        let pattern = ev.mem.string(&regex_escaped(ev.mem.text(separator)), ev.mem.context(separator))?;
        ev.force_plain_string(&slot(pattern), Pos::NONE, "")?;
    }
    let whole = to_string(ev, s)?;
    let parts = cut(ev.mem.text(whole), ev.mem.text(separator));
    let v = ev.force(s)?;
    if v.is_string() {
        return strings(ev, &parts, ev.mem.context(whole));
    }
    // What only `toString` makes a string of fails when its context is asked for, and so when a part is.
    let parts = strings(ev, &parts, Context::EMPTY)?;
    lazy_list(ev, &WITH_CONTEXT, &[parts, v], parts.list_len())
}

/// Elements of the list that is the first capture, with the context of the second.
static WITH_CONTEXT: Lazy = Lazy {
    name: "lib.splitString",
    run: |ev, captures, i| {
        let context = ev.mem.context(interpolate(ev, &captures[1])?);
        let part = peek(&ev.mem.items(peek(&captures[0]))[i]);
        Ok(ev.mem.string(ev.mem.text(part), context)?)
    },
};

/// The parts of a text between the places where a separator is, as text for messages and names.
pub(super) fn split_text<'a>(text: &'a [u8], separator: &[u8]) -> Vec<&'a [u8]> {
    cut(text, separator)
}

/// `lib.strings.splitStringBy`: a string cut where a predicate of two neighbouring bytes holds.
pub(super) fn split_string_by(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let s = interpolate(ev, &a[2])?;
    let (text, context) = (ev.mem.text(s), ev.mem.context(s));
    let mut parts: Vec<Vec<u8>> = Vec::new();
    let mut part = Vec::new();
    let mut previous = Value::symbol(sym!(""));
    if !context.is_empty() {
        previous = ev.mem.str("")?;
    }
    for byte in text {
        let current = character(ev, *byte, context)?;
        if truth(ev, apply(ev, &a[0], &[previous, current])?)? {
            parts.push(std::mem::take(&mut part));
            if boolean(ev, &a[1])? {
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

/// `lib.strings.toCamelCase`: words joined, each but the first with a capital.
pub(super) fn to_camel_case(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    changed(ev, only_string(ev, "toCamelCase", &a[0])?, |text| {
        let words = text.split(|c| matches!(c, b'-' | b'_' | b' '));
        let parts = words.flat_map(|word| {
            // Also where a capital follows a small letter; an empty word is a part too.
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
