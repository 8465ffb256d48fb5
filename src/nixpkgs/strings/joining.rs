//! Joining strings: `concatStrings`, `concatMapStrings` and the like.

use crate::eval::{Error, ErrorKind, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{
    Text, apply, boolean, call_builtin, callable, entries, integer, interpolate, items, list, share,
    shared_args, string,
};
use crate::nixpkgs::lists::list_size;
use crate::source::Pos;
use crate::value::{Value, peek, slot};

/// Joins strings as `builtins.concatStringsSep` does: the separator is forced first, then `parts` returns the parts,
/// and `part` turns them into strings one after the other.
pub(in crate::nixpkgs) fn join<I: IntoIterator>(
    ev: &Evaluator,
    separator: Option<&Slot>,
    parts: impl FnOnce() -> Res<I>,
    mut part: impl FnMut(usize, I::Item) -> Res<Value>,
) -> Res<Value> {
    let separator = separator.map(|s| string(ev, s)).transpose()?;
    let mut text = Text::new();
    for (i, item) in parts()?.into_iter().enumerate() {
        let made = slot(part(i, item)?);
        if let (Some(separator), true) = (separator, i > 0) {
            text.add(ev, separator);
        }
        text.interpolate(ev, &made)?;
    }
    // The separator's context counts even if it separates nothing.
    text.add_context(ev, separator.unwrap_or(Value::NULL));
    text.finish(ev)
}

/// `lib.strings.concatStrings`: the concatenation of strings.
pub(super) fn concat_strings(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [of] = exactly(args);
    join(ev, None, || items(ev, of), |_, item| share(ev, item))
}

/// `concatStringsSep separator (map f of)`
fn map_join(ev: &Evaluator, separator: Option<&Slot>, f: &Slot, of: &Slot) -> Res<Value> {
    let parts = || {
        let items = items(ev, of)?;
        if !items.is_empty() {
            callable(ev, f)?;
        }
        Ok(items)
    };
    join(ev, separator, parts, |_, item| ev.call1(peek(f), item, Pos::NONE))
}

/// `lib.strings.concatMapStrings`: a function of each element, joined.
pub(super) fn concat_map_strings(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, of] = exactly(args);
    map_join(ev, None, f, of)
}

/// `lib.strings.concatMapStringsSep`: the same with a separator.
pub(super) fn concat_map_strings_sep(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [separator, f, of] = exactly(args);
    map_join(ev, Some(separator), f, of)
}

/// `concatStringsSep separator (imap1 f of)`
fn imap_join(ev: &Evaluator, separator: Option<&Slot>, f: &Slot, of: &Slot) -> Res<Value> {
    join(
        ev,
        separator,
        || items(ev, of),
        |i, item| apply(ev, f, &[ev.mem.int(i as i64 + 1)?, share(ev, item)?]),
    )
}

/// `lib.strings.concatImapStrings`: a function of each index and element, joined.
pub(super) fn concat_imap_strings(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, of] = exactly(args);
    imap_join(ev, None, f, of)
}

/// `lib.strings.concatImapStringsSep`: the same with a separator.
pub(super) fn concat_imap_strings_sep(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [separator, f, of] = exactly(args);
    imap_join(ev, Some(separator), f, of)
}

/// `lib.strings.concatMapAttrsStringSep`: a function of each attribute, joined with a separator.
pub(super) fn concat_map_attrs_string_sep(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [separator, f, attrs] = exactly(args);
    join(
        ev,
        Some(separator),
        || entries(ev, attrs),
        |_, e| apply(ev, f, &[Value::symbol(e.name), share(ev, e.slot)?]),
    )
}

/// `lib.strings.concatLines`: strings, each ended by a line break.
pub(super) fn concat_lines(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [lines] = exactly(args);
    let mut text = Text::new();
    for line in items(ev, lines)? {
        text.interpolate(ev, line)?.put("\n");
    }
    text.finish(ev)
}

/// `lib.strings.intersperse`: a list with a separator between the elements.
pub(super) fn intersperse(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [separator, of] = exactly(args);
    let of = list(ev, of)?;
    if of.list_len() < 2 {
        return Ok(of);
    }
    let separator = share(ev, separator)?;
    let mut made = Vec::with_capacity(2 * of.list_len());
    for (i, item) in ev.mem.items(of).iter().enumerate() {
        if i > 0 {
            made.push(separator);
        }
        made.push(share(ev, item)?);
    }
    Ok(ev.mem.list(&made)?)
}

/// `lib.strings.replicate`: a string repeated.
pub(super) fn replicate(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [n, s] = exactly(args);
    let n = list_size(integer(ev, n)?)?;
    if n == 0 {
        return Ok(ev.mem.str("")?);
    }
    let s = interpolate(ev, s)?;
    let bytes = ev.mem.text(s);
    if bytes.len().checked_mul(n).is_none_or(|total| total > u32::MAX as usize) {
        return Err(Error::new(ErrorKind::Limit, "the string would be larger than 4 GiB"));
    }
    Ok(ev.mem.string(&bytes.repeat(n), ev.mem.context(s))?)
}

/// `lib.strings.optionalString`: a string if a condition holds, else the empty one.
pub(super) fn optional_string(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [condition, s] = exactly(args);
    if boolean(ev, condition)? { ev.force(s) } else { Ok(ev.mem.str("")?) }
}

/// `lib.strings.replaceString`: `replaceStrings [ from ] [ to ] s`
pub(super) fn replace_string(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [from, to, s] = shared_args(ev, args)?;
    let (from, to) = (ev.mem.list(&[from])?, ev.mem.list(&[to])?);
    call_builtin(ev, "replaceStrings", &[from, to, s])
}
