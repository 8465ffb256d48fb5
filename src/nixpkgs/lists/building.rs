//! Building lists from values, numbers and other lists: `optional`, `range`, `flatten`, `crossLists`.

use crate::eval::{Error, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{
    boolean, concat_map, entries, integer, items, list, map_slots, share, text, throw, to_string,
};
use crate::source::Pos;
use crate::value::{Value, peek, slot};

/// `lib.lists.singleton`: the list of one element.
pub(super) fn singleton(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    Ok(ev.mem.list(&[share(ev, x)?])?)
}

/// `lib.lists.flatten`: the elements of nested lists in one list.
pub(super) fn flatten(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    flat(ev, x)
}

/// `flatten x`
pub(in crate::nixpkgs) fn flat(ev: &Evaluator, x: &Slot) -> Res<Value> {
    fn collect(ev: &Evaluator, x: &Slot, found: &mut Vec<Value>) -> Res<()> {
        let _depth = ev.enter(Pos::NONE)?;
        let v = ev.force(x)?;
        if !v.is_list() {
            found.push(v);
            return Ok(());
        }
        ev.mem.items(v).iter().try_for_each(|item| collect(ev, item, found))
    }
    let mut found = Vec::new();
    collect(ev, x, &mut found)?;
    Ok(ev.mem.list(&found)?)
}

/// `lib.lists.optional`: the list of one element if a condition holds, else the empty one.
pub(super) fn optional(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [cond, elem] = exactly(args);
    if boolean(ev, cond)? { Ok(ev.mem.list(&[share(ev, elem)?])?) } else { Ok(Value::EMPTY_LIST) }
}

/// `lib.lists.optionals`: a list if a condition holds, else the empty one.
pub(super) fn optionals(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [cond, elems] = exactly(args);
    if boolean(ev, cond)? { ev.force(elems) } else { Ok(Value::EMPTY_LIST) }
}

/// `lib.lists.toList`: lists as they are, other values as lists of one element.
pub(super) fn to_list(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    as_list(ev, x)
}

/// `toList x`
pub(in crate::nixpkgs) fn as_list(ev: &Evaluator, x: &Slot) -> Res<Value> {
    let v = ev.force(x)?;
    if v.is_list() { Ok(v) } else { Ok(ev.mem.list(&[v])?) }
}

/// `lib.lists.range`: the numbers from one to another.
pub(super) fn range(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [first, last] = exactly(args);
    if ev.less_than(last, first, pos, "")? {
        return Ok(Value::EMPTY_LIST);
    }
    let (first, last) = (peek(first), peek(last));
    let len = ev.add(ev.subtract(last, first)?, ev.mem.int(1)?)?;
    let len = list_size(integer(ev, &slot(len))?)?;
    let numbers: Vec<Value> = (0..len).map(|i| ev.add(first, ev.mem.int(i as i64)?)).collect::<Res<_>>()?;
    Ok(ev.mem.list(&numbers)?)
}

/// The size of a list that `genList` generates.
pub(in crate::nixpkgs) fn list_size(n: i64) -> Res<usize> {
    usize::try_from(n).map_err(|_| Error::eval(format!("cannot create list of size {n}")))
}

/// `lib.lists.replicate`: a list that repeats one value.
pub(super) fn replicate(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [n, elem] = exactly(args);
    let n = list_size(integer(ev, n)?)?;
    let value = ev.copy(elem)?;
    if !value.is_function() {
        return Ok(ev.mem.list_from(n, std::iter::repeat_n(value, n))?);
    }
    let values: Vec<Value> = (0..n).map(|_| Ok(ev.mem.own(value)?)).collect::<Res<_>>()?;
    Ok(ev.mem.list(&values)?)
}

/// `lib.lists.reverseList`: a list in reverse order.
pub(super) fn reverse_list(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [list] = exactly(args);
    let reversed: Vec<Value> = items(ev, list)?.iter().rev().map(|item| ev.copy(item)).collect::<Res<_>>()?;
    Ok(ev.mem.list(&reversed)?)
}

/// `lib.lists.crossLists`: applies a function to all combinations of the elements of several lists.
pub(super) fn cross_lists(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, lists] = exactly(args);
    let mut functions = ev.mem.list(&[share(ev, f)?])?;
    for list in items(ev, lists)? {
        functions = concat_map(ev, ev.mem.items(functions), |f| map_slots(ev, f, list))?;
    }
    Ok(functions)
}

/// `lib.lists.concatAttrValues`: the elements of all lists in a set.
pub(super) fn concat_attr_values(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [set] = exactly(args);
    let lists: Vec<Value> = entries(ev, set)?.iter().map(|e| list(ev, e.slot)).collect::<Res<_>>()?;
    Ok(ev.mem.concat_lists(&lists)?)
}

/// `lib.lists.replaceElemAt`: a list with one element replaced.
pub(super) fn replace_elem_at(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [of, index, new] = exactly(args);
    let zero = slot(ev.mem.int(0)?);
    let negative = ev.less_than(index, &zero, pos, "")?;
    let of = list(ev, of)?;
    let size = of.list_len();
    if negative || !ev.less_than(index, &slot(ev.mem.int(size as i64)?), pos, "")? {
        let index = text(ev, to_string(ev, index)?);
        return Err(throw(format!(
            "'lists.replaceElemAt' called with index {index} on a list of size {size}"
        )));
    }
    let (index, new) = (ev.mem.as_int(peek(index)), share(ev, new)?);
    let mut made = ev.mem.share_all(ev.mem.items(of))?;
    if let Some(place) = index.and_then(|i| made.get_mut(i as usize)) {
        *place = new;
    }
    Ok(ev.mem.list(&made)?)
}
