//! The part of `lib.lists` that searches for equal elements. Strings are looked up by hash. Everything else is
//! compared one by one in the order of nixpkgs, because comparing may force and fail.

use hashbrown::HashSet;

use crate::eval::{Evaluator, Res, exactly};
use crate::heap::{Slot, Sym};
use crate::native::{filter, items, list, name, pick};
use crate::source::Pos;
use crate::value::Value;

/// The elements of a list seen so far.
#[derive(Default)]
struct Seen<'a> {
    strings: HashSet<&'a [u8]>,
    others: Vec<&'a Slot>,
}

impl<'a> Seen<'a> {
    /// Adds a forced element.
    fn add(&mut self, ev: &'a Evaluator, item: &'a Slot) -> Res<()> {
        let v = ev.force(item)?;
        match v.is_string() {
            true => _ = self.strings.insert(ev.mem.text(v)),
            false => self.others.push(item),
        }
        Ok(())
    }

    /// Whether an equal element is among them; `x` must be forced.
    fn contains(&self, ev: &Evaluator, x: &Slot) -> Res<bool> {
        let v = ev.force(x)?;
        if v.is_string() {
            return Ok(self.strings.contains(ev.mem.text(v)));
        }
        for other in &self.others {
            if ev.equal(x, other, Pos::NONE)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// A list that is searched several times. Its elements are forced one by one, only as far as a search gets.
pub(in crate::nixpkgs) struct Members<'a> {
    items: &'a [Slot],
    known: usize,
    seen: Seen<'a>,
}

impl<'a> Members<'a> {
    /// Creates the list with these elements.
    pub(in crate::nixpkgs) fn new(items: &'a [Slot]) -> Members<'a> {
        Members { items, known: 0, seen: Seen::default() }
    }

    /// `elem x list`
    pub(in crate::nixpkgs) fn contains(&mut self, ev: &'a Evaluator, x: &Slot) -> Res<bool> {
        if self.items.is_empty() {
            return Ok(false);
        }
        if self.seen.contains(ev, x)? {
            return Ok(true);
        }
        while let Some(item) = self.items.get(self.known) {
            self.seen.add(ev, item)?;
            self.known += 1;
            if ev.equal(x, item, Pos::NONE)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// `elem x list` of a forced list.
pub(in crate::nixpkgs) fn elem(ev: &Evaluator, x: &Slot, of: Value) -> Res<bool> {
    for item in ev.mem.items(of) {
        if ev.equal(x, item, Pos::NONE)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `lib.lists.remove`: a list without the elements equal to a value.
pub(super) fn remove(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [e, of] = exactly(args);
    filter(ev, list(ev, of)?, |item| Ok(!ev.equal(item, e, Pos::NONE)?))
}

fn distinct(ev: &Evaluator, of: Value) -> Res<Vec<&Slot>> {
    let mut kept: Vec<&Slot> = Vec::new();
    let mut seen = Seen::default();
    let mut items = ev.mem.items(of).iter();
    // The first element is not compared, and so not forced, unless a second one exists.
    let Some(first) = items.next() else {
        return Ok(kept);
    };
    kept.push(first);
    for (i, item) in items.enumerate() {
        ev.force(item)?;
        if i == 0 {
            seen.add(ev, first)?;
        }
        if !seen.contains(ev, item)? {
            seen.add(ev, item)?;
            kept.push(item);
        }
    }
    Ok(kept)
}

/// `lib.lists.unique`: a list without the elements that equal an earlier one.
pub(super) fn unique(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [of] = exactly(args);
    let of = list(ev, of)?;
    let kept = distinct(ev, of)?;
    if kept.len() == of.list_len() { Ok(of) } else { pick(ev, kept) }
}

/// `lib.lists.allUnique`: whether no two elements are equal.
pub(super) fn all_unique(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [of] = exactly(args);
    let of = list(ev, of)?;
    Ok(Value::bool(distinct(ev, of)?.len() == of.list_len()))
}

/// `lib.lists.uniqueStrings`: the distinct strings in a list, sorted.
pub(super) fn unique_strings(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [of] = exactly(args);
    let mut names: Vec<Sym> = items(ev, of)?.iter().map(|s| name(ev, s)).collect::<Res<_>>()?;
    names.sort_unstable();
    names.dedup();
    names.sort_by_key(|n| ev.mem.heap.name(*n));
    Ok(ev.mem.list_from(names.len(), names.into_iter().map(Value::symbol))?)
}

/// `filter (x: elem x e == wanted) list`
fn by_membership(ev: &Evaluator, e: &Slot, of: &Slot, wanted: bool) -> Res<Value> {
    let of = list(ev, of)?;
    if of.list_len() == 0 {
        return Ok(of);
    }
    let mut members = Members::new(items(ev, e)?);
    filter(ev, of, |item| Ok(members.contains(ev, item)? == wanted))
}

/// `lib.lists.intersectLists`: the elements of a list that are also in another.
pub(super) fn intersect_lists(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [e, of] = exactly(args);
    by_membership(ev, e, of, true)
}

/// `lib.lists.subtractLists`: the elements of a list that are not in another.
pub(super) fn subtract_lists(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [e, of] = exactly(args);
    subtract(ev, e, of)
}

/// `subtractLists e list`
pub(in crate::nixpkgs) fn subtract(ev: &Evaluator, e: &Slot, of: &Slot) -> Res<Value> {
    by_membership(ev, e, of, false)
}

/// `lib.lists.mutuallyExclusive`: whether two lists have no element in common.
pub(super) fn mutually_exclusive(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    let x = list(ev, x)?;
    if x.list_len() == 0 {
        return Ok(Value::TRUE);
    }
    let mut members = Members::new(ev.mem.items(x));
    for item in items(ev, y)? {
        if members.contains(ev, item)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}
