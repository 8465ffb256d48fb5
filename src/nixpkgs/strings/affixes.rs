//! Prefixes, suffixes and infixes of strings: `hasPrefix`, `removeSuffix` and the like. Like `normalizePath`, they
//! refuse paths.

use super::escaping::regex_escaped;
use crate::eval::{Error, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{call_builtin, changed, find, interpolate, lossy, share, string, throw};
use crate::source::Pos;
use crate::value::{Type, Value, slot};

/// The error of a function that takes strings but got a path, followed by the lines of `advice`.
#[cold]
fn path_given(ev: &Evaluator, function: &str, which: &str, path: Value, advice: &str) -> Error {
    let path = lossy(ev.mem.text(path));
    throw(format!(
        "lib.strings.{function}: {which} ({path}) is a path value, but only strings are supported.\n{advice}"
    ))
}

/// `lib.strings.normalizePath`: a path without repeated slashes.
pub(super) fn normalize_path(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [s] = exactly(args);
    let v = ev.force(s)?;
    if v.type_of() == Type::Path {
        let advice =
            "    Path values are always normalised in Nix, so there's no need to call this function on them.";
        return Err(path_given(ev, "normalizePath", "The argument", v, advice));
    }
    changed(ev, interpolate(ev, s)?, |text| {
        let mut out = text.to_vec();
        out.dedup_by(|a, b| *a == b'/' && *b == b'/');
        out
    })
}

const COPIES: &str = "This function also copies the path to the Nix store, which may not be what you want.";

/// A prefix or suffix, and the string that may have it.
struct Affix<'a> {
    text: &'a [u8],
    /// Whether the affix is itself a string, which equality requires.
    is_string: bool,
    /// The whole value, coerced to a string.
    whole: Value,
}

/// Which argument nixpkgs forces first.
enum First {
    Affix,
    Whole,
}

/// Coerces two values to strings as `stringLength` and `substring` do; the first must not be a path.
fn affix<'a>(
    ev: &'a Evaluator,
    affix: &Slot,
    whole: &Slot,
    first: First,
    refuse: impl Fn(Value) -> Error,
) -> Res<Affix<'a>> {
    let v = ev.force(affix)?;
    if v.type_of() == Type::Path {
        return Err(refuse(v));
    }
    if matches!(first, First::Whole) {
        interpolate(ev, whole)?;
    }
    let text = ev.mem.text(interpolate(ev, affix)?);
    Ok(Affix { text, is_string: v.is_string(), whole: interpolate(ev, whole)? })
}

/// `lib.strings.hasPrefix`: whether a string starts with another.
pub(super) fn has_prefix(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [prefix, of] = exactly(args);
    let advice = "    You might want to use `lib.path.hasPrefix` instead, which correctly supports paths.";
    let prefix = affix(ev, prefix, of, First::Affix, |v| {
        path_given(ev, "hasPrefix", "The first argument", v, advice)
    })?;
    Ok(Value::bool(prefix.is_string && ev.mem.text(prefix.whole).starts_with(prefix.text)))
}

/// `lib.strings.hasSuffix`: whether a string ends with another.
pub(super) fn has_suffix_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [suffix, of] = exactly(args);
    Ok(Value::bool(has_suffix(ev, suffix, of)?))
}

/// `hasSuffix suffix of`
pub(in crate::nixpkgs) fn has_suffix(ev: &Evaluator, suffix: &Slot, of: &Slot) -> Res<bool> {
    let suffix = affix(ev, suffix, of, First::Whole, |v| {
        let advice = format!(
            "There is almost certainly a bug in the calling code, since this function always returns `false` in such \
             a case.\n{COPIES}"
        );
        path_given(ev, "hasSuffix", "The first argument", v, &advice)
    })?;
    Ok(suffix.is_string && ev.mem.text(suffix.whole).ends_with(suffix.text))
}

/// `lib.strings.hasInfix`: whether a string contains another. nixpkgs turns the latter into a pattern, which must be
/// a string without context.
pub(super) fn has_infix(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [infix, content] = exactly(args);
    let v = ev.force(infix)?;
    if v.type_of() == Type::Path {
        let advice = format!(
            "    There is almost certainly a bug in the calling code, since this function always returns `false` in \
             such a case.\n    {COPIES}"
        );
        return Err(path_given(ev, "hasInfix", "The first argument", v, &advice));
    }
    let infix = string(ev, infix)?;
    if !ev.mem.context(infix).is_empty() {
        let escaped = regex_escaped(ev.mem.text(infix));
        let pattern = ev.mem.concat(&[b".*", &escaped, b".*"], ev.mem.context(infix))?;
        ev.force_plain_string(&slot(pattern), Pos::NONE, "")?;
    }
    let content = interpolate(ev, content)?;
    Ok(Value::bool(find(ev.mem.text(content), ev.mem.text(infix)).is_some()))
}

#[cold]
fn never_removes(ev: &Evaluator, function: &str, what: &str, v: Value) -> Error {
    let advice = format!(
        "    There is almost certainly a bug in the calling code, since this function never removes any {what} in such \
         a case.\n    {COPIES}"
    );
    path_given(ev, function, "The first argument", v, &advice)
}

/// `lib.strings.removePrefix`: a string without a prefix, if it has it.
pub(super) fn remove_prefix(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [prefix, of] = exactly(args);
    let prefix = affix(ev, prefix, of, First::Affix, |v| never_removes(ev, "removePrefix", "prefix", v))?;
    match ev.mem.text(prefix.whole).strip_prefix(prefix.text) {
        Some(rest) if prefix.is_string => Ok(ev.mem.string(rest, ev.mem.context(prefix.whole))?),
        _ => ev.force(of),
    }
}

/// `lib.strings.removeSuffix`: a string without a suffix, if it has it.
pub(super) fn remove_suffix(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [suffix, of] = exactly(args);
    let suffix = affix(ev, suffix, of, First::Whole, |v| never_removes(ev, "removeSuffix", "suffix", v))?;
    match ev.mem.text(suffix.whole).strip_suffix(suffix.text) {
        Some(rest) if suffix.is_string => Ok(ev.mem.string(rest, ev.mem.context(suffix.whole))?),
        _ => ev.force(of),
    }
}

/// `lib.strings.fileContents`: a file's text without its last line break.
pub(super) fn file_contents_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [file] = exactly(args);
    file_contents(ev, share(ev, file)?)
}

/// `removeSuffix "\n" (readFile file)`
pub(in crate::nixpkgs) fn file_contents(ev: &Evaluator, file: Value) -> Res<Value> {
    let text = call_builtin(ev, "readFile", &[file])?;
    match ev.mem.text(text).strip_suffix(b"\n") {
        Some(rest) => Ok(ev.mem.string(rest, ev.mem.context(text))?),
        None => Ok(text),
    }
}
