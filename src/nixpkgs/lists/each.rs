//! Functions applied to each element, and elements picked by predicates.

use crate::eval::{Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{apply, callable, filter, holds, items, list, map_slots, set_of, share};
use crate::source::Pos;
use crate::value::{Value, peek};

/// `lib.lists.forEach`: `map` with its arguments swapped.
pub(super) fn for_each(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [list, f] = exactly(args);
    map_slots(ev, f, list)
}

suspended! {
    /// `f (n + first) (elemAt list n)`, by index.
    struct Numbered { f, list, first } []
}

impl Numbered<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let number = ev.mem.int(index as i64 + peek(self.first).as_small_int())?;
        apply(ev, self.f, &[number, share(ev, &ev.mem.items(peek(self.list))[index])?])
    }
}

/// `lib.lists.imap0`: applies a function to each element and its index.
pub(super) fn imap0(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, list] = exactly(args);
    imap(ev, f, list, 0)
}

/// `lib.lists.imap1`: the same, counting from 1.
pub(in crate::nixpkgs) fn imap1(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, list] = exactly(args);
    imap(ev, f, list, 1)
}

fn imap(ev: &Evaluator, f: &Slot, of: &Slot, first: i64) -> Res<Value> {
    let list = list(ev, of)?;
    ev.delayed_list(Numbered { f: share(ev, f)?, list, first: ev.mem.int(first)? }, list.list_len())
}

/// `lib.lists.ifilter0`: the elements for which a predicate of index and element holds.
pub(super) fn ifilter0(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pred, input] = exactly(args);
    let mut i = 0;
    filter(ev, list(ev, input)?, |item| {
        i += 1;
        holds(ev, pred, &[ev.mem.int(i - 1)?, share(ev, item)?])
    })
}

/// `lib.lists.findSingle`: the only element for which a predicate holds.
pub(super) fn find_single(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pred, default, multiple, list] = exactly(args);
    let mut found = Vec::new();
    let all = items(ev, list)?;
    if !all.is_empty() {
        callable(ev, pred)?;
    }
    for item in all {
        if holds(ev, pred, &[share(ev, item)?])? {
            found.push(item);
        }
    }
    match found[..] {
        [] => ev.force(default),
        [only] => ev.force(only),
        _ => ev.force(multiple),
    }
}

/// The first element for which a predicate holds, and its index.
fn first<'a>(ev: &'a Evaluator, pred: &Slot, list: &Slot) -> Res<Option<(usize, &'a Slot)>> {
    for (i, item) in items(ev, list)?.iter().enumerate() {
        if holds(ev, pred, &[share(ev, item)?])? {
            return Ok(Some((i, item)));
        }
    }
    Ok(None)
}

/// `lib.lists.findFirstIndex`: the index of the first element for which a predicate holds.
pub(super) fn find_first_index(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pred, default, list] = exactly(args);
    match first(ev, pred, list)? {
        Some((i, _)) => Ok(ev.mem.int(i as i64)?),
        None => ev.force(default),
    }
}

/// `lib.lists.findFirst`: the first element for which a predicate holds.
pub(super) fn find_first(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pred, default, list] = exactly(args);
    match first(ev, pred, list)? {
        Some((_, item)) => ev.force(item),
        None => ev.force(default),
    }
}

/// `lib.lists.count`: how many elements satisfy a predicate.
pub(super) fn count(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pred, list] = exactly(args);
    let mut n = 0;
    for item in items(ev, list)? {
        n += i64::from(holds(ev, pred, &[share(ev, item)?])?);
    }
    Ok(ev.mem.int(n)?)
}

suspended! {
    /// `f (elemAt fst n) (elemAt snd n)`, by index.
    struct Zipped { f, fst, snd } []
}

impl Zipped<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let element = |list: &Slot| ev.copy(&ev.mem.items(peek(list))[index]);
        apply(ev, self.f, &[element(self.fst)?, element(self.snd)?])
    }
}

/// `lib.lists.zipListsWith`: applies a function to the elements of two lists pairwise.
pub(super) fn zip_lists_with(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, fst, snd] = exactly(args);
    let (fst, snd) = (list(ev, fst)?, list(ev, snd)?);
    let len = fst.list_len().min(snd.list_len());
    ev.delayed_list(Zipped { f: share(ev, f)?, fst, snd }, len)
}

/// `lib.lists.zipLists`: the elements of two lists paired in sets.
pub(super) fn zip_lists(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [fst, snd] = exactly(args);
    let mut pairs = Vec::new();
    for (fst, snd) in items(ev, fst)?.iter().zip(items(ev, snd)?) {
        pairs.push(set_of(ev, &[("fst", ev.copy(fst)?), ("snd", ev.copy(snd)?)])?);
    }
    Ok(ev.mem.list(&pairs)?)
}
