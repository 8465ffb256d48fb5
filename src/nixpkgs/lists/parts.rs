//! Contiguous parts of lists: `take`, `sublist`, `removePrefix`, `last`.

use super::building::list_size;
use crate::eval::{Error, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{integer, list, throw};
use crate::source::Pos;
use crate::value::{Value, peek, slot};

suspended! {
    /// `elemAt list (n + start)`, by index.
    struct Element { list, start } []
}

impl Element<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let (list, at) = (peek(self.list), index as i64 + peek(self.start).as_small_int());
        match usize::try_from(at).ok().and_then(|at| ev.mem.items(list).get(at)) {
            Some(item) => ev.force(item),
            None => {
                let size = list.list_len();
                Err(Error::eval(format!("'builtins.elemAt' called with index {at} on a list of size {size}")))
            }
        }
    }
}

/// `genList (n: elemAt list (n + start)) len`: a part of a list; elements outside the list are errors.
fn part(ev: &Evaluator, list: Value, start: i64, len: i64) -> Res<Value> {
    let len = list_size(len)?;
    match usize::try_from(start) {
        Ok(from) if from + len <= list.list_len() => Ok(Value::list(list.at() + from as u32, len)),
        _ => ev.delayed_list(Element { list, start: ev.mem.int(start)? }, len),
    }
}

/// Whether a number given by the user exceeds a length; it may be of any ordered type.
fn exceeds(ev: &Evaluator, n: &Slot, len: usize) -> Res<bool> {
    ev.less_than(&slot(ev.mem.int(len as i64)?), n, Pos::NONE, "")
}

/// `len - n`, which must be an integer.
fn minus(ev: &Evaluator, len: usize, n: &Slot) -> Res<i64> {
    let difference = ev.subtract(ev.mem.int(len as i64)?, ev.force(n)?)?;
    integer(ev, &slot(difference))
}

/// `lib.lists.take`: the first elements.
pub(super) fn take(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [count, of] = exactly(args);
    let of = list(ev, of)?;
    match exceeds(ev, count, of.list_len())? {
        true => Ok(of),
        false => part(ev, of, 0, integer(ev, count)?),
    }
}

/// `lib.lists.takeEnd`: the last elements.
pub(super) fn take_end(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [n, of] = exactly(args);
    let of = list(ev, of)?;
    let len = of.list_len();
    if exceeds(ev, n, len)? {
        return Ok(of);
    }
    let start = minus(ev, len, n)?;
    if start > len as i64 { Ok(Value::EMPTY_LIST) } else { part(ev, of, start, len as i64 - start) }
}

/// `lib.lists.drop`: all but the first elements.
pub(super) fn drop(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [count, of] = exactly(args);
    without_first(ev, count, of)
}

/// `drop count list`
fn without_first(ev: &Evaluator, count: &Slot, of: &Slot) -> Res<Value> {
    let of = list(ev, of)?;
    let len = of.list_len();
    if exceeds(ev, count, len)? {
        return Ok(Value::EMPTY_LIST);
    }
    let rest = minus(ev, len, count)?;
    part(ev, of, integer(ev, count)?, rest)
}

/// `lib.lists.dropEnd`: all but the last elements.
pub(super) fn drop_end(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [n, of] = exactly(args);
    let of = list(ev, of)?;
    let len = of.list_len();
    if exceeds(ev, n, len)? {
        return Ok(Value::EMPTY_LIST);
    }
    if ev.less_than(n, &slot(ev.mem.int(0)?), Pos::NONE, "")? {
        return Ok(of);
    }
    part(ev, of, 0, minus(ev, len, n)?)
}

/// `lib.lists.hasPrefix`: whether a list starts with the elements of another.
pub(super) fn has_prefix(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [prefix, of] = exactly(args);
    Ok(Value::bool(starts_with(ev, prefix, of)?))
}

/// `hasPrefix prefix list`
fn starts_with(ev: &Evaluator, prefix: &Slot, of: &Slot) -> Res<bool> {
    let of = list(ev, of)?;
    let prefix = list(ev, prefix)?;
    let n = prefix.list_len();
    let start = if n > of.list_len() { of } else { Value::list(of.at(), n) };
    ev.equal_values(start, prefix, Pos::NONE)
}

/// `lib.lists.removePrefix`: a list without the elements it must start with.
pub(super) fn remove_prefix(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [prefix, of] = exactly(args);
    if !starts_with(ev, prefix, of)? {
        let message = "lib.lists.removePrefix: First argument is not a list prefix of the second argument";
        return Err(throw(message));
    }
    let n = ev.mem.int(list(ev, prefix)?.list_len() as i64)?;
    without_first(ev, &slot(n), of)
}

/// `lib.lists.sublist`: a number of elements from an index on.
pub(super) fn sublist(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [start, count, of] = exactly(args);
    let from = ev.force(start)?;
    let of = list(ev, of)?;
    let len = of.list_len();
    let all = slot(ev.mem.int(len as i64)?);
    if !ev.less_than(start, &all, Pos::NONE, "")? {
        return Ok(Value::EMPTY_LIST);
    }
    let end = ev.plus(from, count)?;
    let n = match ev.less_than(&all, &slot(end), Pos::NONE, "")? {
        true => minus(ev, len, start)?,
        false => integer(ev, count)?,
    };
    part(ev, of, integer(ev, start)?, n)
}

/// `lib.lists.commonPrefix`: the longest common prefix of two lists.
pub(super) fn common_prefix(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    let (x, y) = (list(ev, x)?, list(ev, y)?);
    let mut n = 0;
    for (p, q) in ev.mem.items(x).iter().zip(ev.mem.items(y)) {
        if !ev.equal(p, q, Pos::NONE)? {
            break;
        }
        n += 1;
    }
    Ok(Value::list(x.at(), n))
}

fn not_empty(ev: &Evaluator, of: &Slot, name: &str) -> Res<Value> {
    let of = list(ev, of)?;
    match of.list_len() {
        0 => Err(throw(format!("lists.{name}: list must not be empty!"))),
        _ => Ok(of),
    }
}

/// `lib.lists.last`: the last element.
pub(super) fn last(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [of] = exactly(args);
    let of = not_empty(ev, of, "last")?;
    ev.force(&ev.mem.items(of)[of.list_len() - 1])
}

/// `lib.lists.init`: all but the last element.
pub(super) fn init(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [of] = exactly(args);
    let of = not_empty(ev, of, "init")?;
    Ok(Value::list(of.at(), of.list_len() - 1))
}
