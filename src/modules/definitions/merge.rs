//! Merges the definitions of one value: `mergeDefinitions`.
//!
//! A *merge* is an object with suspended fields, so that an option's files can be read without computing its value.

use super::checks::{RESULT, check_definition, checked_v2, has_v2, merge_v1, value_of_checked};
use super::live::{Lives, from_file};
use super::priorities::{Winners, live, sorted, winners};
use super::raw::Raw;
use super::sets::raw_of_sets;
use crate::eval::{Error, Evaluator, Res, object};
use crate::modules::messages;
use crate::native::{get, has, select, share, shared, throw};
use crate::source::Pos;
use crate::value::{Value, peek, put, slot};

object! {
    /// The definitions of one value and their merged result, both lazy.
    pub struct Merge from Definitions {
        /// The path of the option.
        loc,
        /// The type.
        ty,
        /// The definitions in their original order: a list of the words of [`Raw`]s, or a suspension of one.
        raw,
        /// The definitions as a list of sets, if they were given as one; otherwise null.
        given,
    } computes {
        /// The best priority among the definitions: the lowest number.
        priority: lowest_priority,
        /// The list of definitions that count: sets with `file` and `value`.
        final_definitions: definitions,
        /// The set with `headError`, `value` and `valueMeta`.
        checked_and_merged: checked,
        /// The value, if the definitions have the right type.
        value: merged,
    }
}

impl Merge {
    /// A merge of definitions: a list of the words of [`Raw`]s, or a suspension of one.
    pub fn of_raw(ev: &Evaluator, loc: Value, ty: Value, raw: Value) -> Res<Merge> {
        Merge::new(ev, Definitions { loc, ty, raw, given: Value::NULL })
    }

    /// A merge of definitions that are given as a list of sets, which may be suspended.
    pub(super) fn of_sets(ev: &Evaluator, loc: Value, ty: Value, defs: Value) -> Res<Merge> {
        let raw = raw_of_sets(ev, defs)?;
        Merge::new(ev, Definitions { loc, ty, raw, given: defs })
    }

    /// The given list, if it is a single set without properties: nixpkgs keeps such a definition with all its
    /// attributes.
    pub(super) fn single(self, ev: &Evaluator) -> Res<Option<Value>> {
        if peek(self.given(ev)) == Value::NULL {
            return Ok(None);
        }
        let given = ev.force(self.given(ev))?;
        let [only] = ev.mem.items(given) else {
            return Ok(None);
        };
        let set = ev.force(only)?;
        let value =
            select(ev, set, sym!("value")).map_err(|e| from_file(ev, shared(ev, set, sym!("file")), e))?;
        Ok((!has(ev, value, sym!("_type"))).then_some(given))
    }
}

fn settle(ev: &Evaluator, merge: Merge) -> Res<Winners> {
    let raws = ev.force(merge.raw(ev))?;
    let raws = Raw::all(ev, raws).collect::<Res<smallvec::SmallVec<[Raw; 4]>>>()?;
    winners(ev, live(ev, &raws)?)
}

fn lowest_priority(ev: &Evaluator, merge: Merge) -> Res<Value> {
    ev.force_value(settle(ev, merge)?.priority)
}

fn definitions(ev: &Evaluator, merge: Merge) -> Res<Value> {
    if let Some(given) = merge.single(ev)? {
        return Ok(given);
    }
    let Winners { lives, priority } = settle(ev, merge)?;
    let lives = sorted(ev, lives)?;
    // The priority is known now; computing it again would give the same result. What it reads is not.
    let known = merge.priority(ev);
    if ev.forced(known).is_none() && priority.is_value() && !ev.is_tracking() {
        put(known, priority);
    }
    list_of(ev, &lives)
}

/// Definitions as the list that is passed to merge functions.
pub fn list_of(ev: &Evaluator, lives: &Lives) -> Res<Value> {
    let mut sets = smallvec::SmallVec::<[Value; 4]>::with_capacity(lives.len());
    for live in lives {
        sets.push(live.definition(ev)?);
    }
    Ok(ev.mem.list(&sets)?)
}

fn merged(ev: &Evaluator, merge: Merge) -> Res<Value> {
    merge_checked(ev, merge).map_err(|e| placed(ev, merge, e))
}

fn merge_checked(ev: &Evaluator, merge: Merge) -> Res<Value> {
    let defs = ev.force(merge.final_definitions(ev))?;
    let ty = || ev.force(merge.ty(ev));
    let loc = ev.force(merge.loc(ev))?;
    if defs == Value::EMPTY_LIST {
        return undefined(ev, loc, ty()?);
    }
    let ty = ty()?;
    if has_v2(ev, ty)? {
        return value_of_checked(ev, loc, ty, ev.force(merge.checked_and_merged(ev))?);
    }
    merge_v1(ev, loc, ty, defs)
}

/// Adds a position to an error about the definitions themselves: that of the first definition with the wrong
/// type, or else of the first that counts. nixpkgs names only files.
#[cold]
fn placed(ev: &Evaluator, merge: Merge, e: Error) -> Error {
    if e.data().pos.is_some() || !e.data().traces.is_empty() {
        return e;
    }
    // All of this has been evaluated before; if it fails now, it fails with `e`.
    let find = || -> Res<Pos> {
        let check = select(ev, ev.force(merge.ty(ev))?, sym!("check"))?;
        let lives = settle(ev, merge)?.lives;
        let mut first = Pos::NONE;
        for live in lives.iter().filter(|live| live.pos.is_some()) {
            if !first.is_some() {
                first = live.pos;
            }
            if !check_definition(ev, check, &slot(live.definition(ev)?))? {
                return Ok(live.pos);
            }
        }
        Ok(first)
    };
    match find() {
        Ok(pos) => e.at(pos),
        Err(_) => e,
    }
}

/// The value of an option without definitions: the type's `emptyValue`, or an error.
pub fn undefined(ev: &Evaluator, loc: Value, ty: Value) -> Res<Value> {
    let empty = select(ev, ty, sym!("emptyValue"))?;
    if let Some(value) = get(ev, empty, sym!("value")) {
        return ev.force(value);
    }
    Err(messages::with_option(ev, loc, |path| {
        let hint = "Try setting the option.";
        throw(format!("The option `{path}' was accessed but has no value defined. {hint}"))
    }))
}

fn checked(ev: &Evaluator, merge: Merge) -> Res<Value> {
    let ty = ev.force(merge.ty(ev))?;
    if !has_v2(ev, ty)? {
        let value = share(ev, merge.value(ev))?;
        return Ok(ev.mem.record(&RESULT, [Value::NULL, value, Value::EMPTY_SET])?);
    }
    let defs = share(ev, merge.final_definitions(ev))?;
    checked_v2(ev, ev.force(merge.loc(ev))?, ty, defs)
}
