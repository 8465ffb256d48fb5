//! Following attribute paths: `attrByPath`, `setAttrByPath` and the like.

use crate::eval::{Evaluator, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::native::{Text, abort, get, items, list, name, nix_identifier, one_attr, share, text_of};
use crate::source::Pos;
use crate::value::Value;

/// Follows a path: returns the slot it leads to, or how many of its names could be followed. A name is forced only
/// after the value before it.
fn follow<'a>(ev: &'a Evaluator, path: &Slot, start: &'a Slot) -> Res<Result<&'a Slot, usize>> {
    follow_in(ev, path, start, Evaluator::scope_attribute)
}

/// The slot that a path leads to, if it exists.
pub fn find<'a>(ev: &'a Evaluator, path: &Slot, start: &'a Slot) -> Res<Option<&'a Slot>> {
    Ok(follow(ev, path, start)?.ok())
}

/// The same for a path that is expected to exist: open sets answer for all names.
pub fn find_expected<'a>(ev: &'a Evaluator, path: &Slot, start: &'a Slot) -> Res<Option<&'a Slot>> {
    Ok(follow_in(ev, path, start, Evaluator::open_attribute)?.ok())
}

/// [`follow`] with another way to ask open sets for missing attributes.
fn follow_in<'a>(
    ev: &'a Evaluator,
    path: &Slot,
    start: &'a Slot,
    lacks: fn(&'a Evaluator, Value, Sym) -> Res<Option<&'a Slot>>,
) -> Res<Result<&'a Slot, usize>> {
    let mut at = start;
    for (i, step) in items(ev, path)?.iter().enumerate() {
        let set = ev.force(at)?;
        let of = name(ev, step)?;
        match get(ev, set, of) {
            Some(next) => at = next,
            None => match lacks(ev, set, of)? {
                Some(answer) => at = answer,
                None => return Ok(Err(i)),
            },
        }
    }
    Ok(Ok(at))
}

/// `lib.attrsets.attrByPath`: the value that a path leads to, or a default.
pub(super) fn attr_by_path(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [path, default, set] = exactly(args);
    match follow(ev, path, set)? {
        Ok(found) => ev.force(found),
        Err(_) => ev.force(default),
    }
}

/// `lib.attrsets.hasAttrByPath`: whether a path leads somewhere.
pub(super) fn has_attr_by_path(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [path, set] = exactly(args);
    Ok(Value::bool(follow(ev, path, set)?.is_ok()))
}

/// `lib.attrsets.longestValidPathPrefix`: the longest prefix of a path that can be followed.
pub(super) fn longest_valid_path_prefix(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [path, set] = exactly(args);
    let followed = follow(ev, path, set)?;
    let path = list(ev, path)?;
    Ok(match followed {
        Ok(_) => path,
        Err(n) => Value::list(path.at(), n),
    })
}

suspended! {
    /// `setAttrByPath (drop depth path) value`, by depth.
    struct AtDepth { path, value } []
}

impl AtDepth<&Slot> {
    fn element(self, ev: &Evaluator, depth: usize) -> Res<Value> {
        let path = list(ev, self.path)?;
        let Some(step) = ev.mem.items(path).get(depth) else {
            return ev.force(self.value);
        };
        // As in any set with dynamic names, null means no attribute.
        if ev.force(step)? == Value::NULL {
            return Ok(Value::EMPTY_SET);
        }
        let inner = ev.delays(AtDepth { path, value: share(ev, self.value)? })?;
        one_attr(ev, name(ev, step)?, Value::native(depth + 1, inner))
    }
}

/// `lib.attrsets.setAttrByPath`: nested sets in which a path leads to a value.
pub(super) fn set_attr_by_path(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [path, value] = exactly(args);
    at_path(ev, path, value)
}

/// Nested sets in which a path leads to a value.
pub fn at_path(ev: &Evaluator, path: &Slot, value: &Slot) -> Res<Value> {
    AtDepth { path, value }.element(ev, 0)
}

/// `lib.attrsets.getAttrFromPath`: the value that a path leads to; aborts if it does not exist.
pub(super) fn get_attr_from_path(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [path, set] = exactly(args);
    must_find(ev, path, set)
}

/// The value that a path leads to; aborts if it does not exist.
pub fn must_find(ev: &Evaluator, path: &Slot, set: &Slot) -> Res<Value> {
    match find_expected(ev, path, set)? {
        Some(found) => ev.force(found),
        None => {
            let shown: Vec<String> =
                items(ev, path)?.iter().map(|step| text_of(ev, step)).collect::<Res<_>>()?;
            Err(abort(format!("cannot find attribute '{}'", shown.join("."))))
        }
    }
}

/// `lib.attrsets.showAttrPath`: an attribute path in Nix syntax.
pub(super) fn show_attr_path(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [path] = exactly(args);
    path_text(ev, path)
}

/// `showAttrPath path`: a string.
pub fn path_text(ev: &Evaluator, path: &Slot) -> Res<Value> {
    let items = items(ev, path)?;
    if items.is_empty() {
        return Ok(ev.mem.str("<root attribute path>")?);
    }
    let mut text = Text::new();
    for (i, item) in items.iter().enumerate() {
        let part = nix_identifier(ev, item)?;
        text.put(if i > 0 { "." } else { "" }).add(ev, part);
    }
    text.finish(ev)
}
