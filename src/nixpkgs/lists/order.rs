//! The part of `lib.lists` that sorts and orders.

use crate::builtins::merge_sort;
use crate::eval::{Error, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{apply, boolean, compare, decimal, holds, integer, items, set_of, share, string};
use crate::source::Pos;
use crate::value::{Value, slot};

/// The result of a depth-first search.
struct Search {
    /// The element that no other precedes.
    minimal: Value,
    visited: Vec<Value>,
    rest: Vec<Value>,
    /// The visited elements that precede the last one, if cycles end the search.
    loops: Vec<Value>,
}

/// Walks from the first element to one that precedes it, and so on.
fn search(ev: &Evaluator, stop_on_cycles: bool, before: &Slot, of: &[Slot]) -> Res<Search> {
    let Some((first, rest)) = of.split_first() else {
        return Err(Error::eval("'builtins.tail' called on an empty list"));
    };
    let mut us = share(ev, first)?;
    let mut rest = ev.mem.share_all(rest)?;
    let mut visited: Vec<Value> = Vec::new();
    loop {
        let comes_before = |x: &Value| holds(ev, before, &[*x, us]);
        let mut loops = Vec::new();
        if stop_on_cycles {
            for x in &visited {
                if comes_before(x)? {
                    loops.push(*x);
                }
            }
            if !loops.is_empty() {
                return Ok(Search { minimal: us, visited, rest, loops });
            }
        }
        let (mut right, mut wrong) = (Vec::new(), Vec::new());
        for x in &rest {
            if comes_before(x)? { right.push(*x) } else { wrong.push(*x) }
        }
        if right.is_empty() {
            return Ok(Search { minimal: us, visited, rest, loops });
        }
        visited.insert(0, us);
        us = right.remove(0);
        right.append(&mut wrong);
        rest = right;
    }
}

/// `lib.lists.listDfs`: a depth-first search for an element that no other precedes.
pub(super) fn list_dfs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [stop_on_cycles, before, list] = exactly(args);
    let found = search(ev, boolean(ev, stop_on_cycles)?, before, items(ev, list)?)?;
    let (visited, rest) = (ev.mem.list(&found.visited)?, ev.mem.list(&found.rest)?);
    if found.loops.is_empty() {
        return set_of(ev, &[("minimal", found.minimal), ("visited", visited), ("rest", rest)]);
    }
    let loops = ev.mem.list(&found.loops)?;
    set_of(ev, &[("cycle", found.minimal), ("loops", loops), ("visited", visited), ("rest", rest)])
}

/// `lib.lists.toposort`: a list sorted so that each element follows those that a predicate puts before it.
pub(super) fn toposort(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [before, list] = exactly(args);
    let mut left = ev.mem.share_all(items(ev, list)?)?;
    let mut sorted = Vec::with_capacity(left.len());
    while left.len() > 1 {
        let slots: Vec<Slot> = left.iter().map(|v| slot(*v)).collect();
        let mut found = search(ev, true, before, &slots)?;
        if !found.loops.is_empty() {
            found.visited.reverse();
            found.visited.push(found.minimal);
            let (cycle, loops) = (ev.mem.list(&found.visited)?, ev.mem.list(&found.loops)?);
            return set_of(ev, &[("cycle", cycle), ("loops", loops)]);
        }
        sorted.push(found.minimal);
        left = found.visited;
        left.append(&mut found.rest);
    }
    sorted.append(&mut left);
    set_of(ev, &[("result", ev.mem.list(&sorted)?)])
}

/// Sorts values by keys that are computed on first comparison; `less` gets the slots of the keys.
fn sort_by_keys(
    ev: &Evaluator,
    values: &[Value],
    key: impl Fn(Value) -> Res<Value>,
    less: impl Fn(&Slot, &Slot) -> Res<bool>,
) -> Res<Value> {
    let keys: Vec<Slot> = values.iter().map(|v| Ok(slot(key(*v)?))).collect::<Res<_>>()?;
    let numbers = (0..values.len()).map(|i| ev.mem.int(i as i64)).collect::<Result<_, _>>()?;
    let at = |v: Value| v.as_small_int() as usize;
    let sorted = merge_sort(numbers, &mut |a, b| less(&keys[at(a)], &keys[at(b)]))?;
    Ok(ev.mem.list_from(sorted.len(), sorted.into_iter().map(|i| values[at(i)]))?)
}

/// `lib.lists.sortOn`: a list sorted by a function of each element, which is called once per element.
pub(super) fn sort_on(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, list] = exactly(args);
    let f = share(ev, f)?;
    let values = ev.mem.share_all(items(ev, list)?)?;
    sort_by_keys(ev, &values, |v| ev.delay_call(f, &[v]), |x, y| ev.less_than(x, y, Pos::NONE, ""))
}

/// -1, 0 or 1: the first difference of two lists, as `compare` finds it.
fn compare_items(
    ev: &Evaluator,
    a: &[Slot],
    b: &[Slot],
    mut cmp: impl FnMut(&Slot, &Slot) -> Res<Value>,
) -> Res<Value> {
    for (x, y) in a.iter().zip(b) {
        let relation = cmp(x, y)?;
        if !ev.slot_equals(&slot(relation), ev.mem.int(0)?)? {
            return Ok(relation);
        }
    }
    Ok(ev.mem.int(match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => 1,
    })?)
}

/// `lib.lists.compareLists`: two lists compared element by element.
pub(super) fn compare_lists(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [cmp, a_slot, b_slot] = exactly(args);
    let (a, b) = (ev.force(a_slot)?, ev.force(b_slot));
    // The function is called before the second list is forced as a list.
    if a == Value::EMPTY_LIST {
        let empty = b? == Value::EMPTY_LIST;
        return Ok(ev.mem.int(if empty { 0 } else { -1 })?);
    }
    let b = b?;
    if b == Value::EMPTY_LIST {
        return Ok(ev.mem.int(1)?);
    }
    if !a.is_list() || !b.is_list() {
        apply(ev, cmp, &[Value::NULL])?;
    }
    let (a, b) = (items(ev, a_slot)?, items(ev, b_slot)?);
    compare_items(ev, a, b, |x, y| apply(ev, cmp, &[share(ev, x)?, share(ev, y)?]))
}

suspended! {
    /// A string in parts: text and numbers alternate.
    struct Vectorised { text }
}

impl Vectorised<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let text = string(ev, self.text)?;
        let mut parts = Vec::new();
        let mut rest = ev.mem.text(text);
        loop {
            let start = rest.iter().position(u8::is_ascii_digit).unwrap_or(rest.len());
            parts.push(ev.mem.string(&rest[..start], Default::default())?);
            if start == rest.len() {
                return Ok(ev.mem.list(&parts)?);
            }
            let digits = rest[start..].iter().take_while(|c| c.is_ascii_digit()).count();
            // The pattern is `0|[1-9][0-9]*`: a number that starts with zero is just zero.
            let len = if rest[start] == b'0' { 1 } else { digits };
            let number = ev.mem.string(&rest[start..start + len], Default::default())?;
            parts.push(decimal(ev, number)?);
            rest = &rest[start + len..];
        }
    }
}

/// `lib.lists.naturalSort`: strings sorted with embedded numbers compared as numbers.
pub(super) fn natural_sort(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [list] = exactly(args);
    let values = ev.mem.share_all(items(ev, list)?)?;
    let less = |x: &Slot, y: &Slot| {
        let (x, y) = (items(ev, x)?, items(ev, y)?);
        let relation = compare_items(ev, x, y, |p, q| Ok(ev.mem.int(compare(ev, p, q)?)?))?;
        Ok(integer(ev, &slot(relation))? < 0)
    };
    sort_by_keys(ev, &values, |v| ev.delay(Vectorised { text: v }), less)
}
