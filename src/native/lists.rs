//! Lists: mapping, filtering and joining them.

use super::calls::callable;
use super::cells::share;
use super::force::{list, slot_list};
use crate::eval::{Evaluator, Res};
use crate::heap::Slot;
use crate::value::{Context, Value, put, slot};

/// `map f list` of a forced list.
pub fn map(ev: &Evaluator, f: Value, list: Value) -> Res<Value> {
    match list.list_len() {
        0 => Ok(Value::EMPTY_LIST),
        _ => crate::builtins::map_list(ev, callable(ev, &slot(f))?, list),
    }
}

/// `map f list` of the slots of a call.
pub fn map_slots(ev: &Evaluator, f: &Slot, elements: &Slot) -> Res<Value> {
    let forced = list(ev, elements)?;
    map(ev, share(ev, f)?, forced)
}

/// `concatMap f list`: `f` returns a list for each element.
pub fn concat_map(ev: &Evaluator, elements: &[Slot], mut f: impl FnMut(&Slot) -> Res<Value>) -> Res<Value> {
    let mut parts: smallvec::SmallVec<[Value; 16]> = smallvec::SmallVec::with_capacity(elements.len());
    for item in elements {
        parts.push(slot_list(ev, f(item)?)?);
    }
    Ok(ev.mem.concat_lists(&parts)?)
}

/// A list of elements picked from another.
pub fn pick<'a>(ev: &Evaluator, chosen: impl IntoIterator<Item = &'a Slot>) -> Res<Value> {
    let shared: Result<Vec<Value>, _> = chosen.into_iter().map(|s| ev.mem.share(s)).collect();
    Ok(ev.mem.list(&shared?)?)
}

/// `filter pred list`, with `keep` as the predicate.
pub fn filter(ev: &Evaluator, list: Value, mut keep: impl FnMut(&Slot) -> Res<bool>) -> Res<Value> {
    let items = ev.mem.items(list);
    let mut kept = Vec::with_capacity(items.len());
    for item in items {
        if keep(item)? {
            kept.push(share(ev, item)?);
        }
    }
    if kept.len() == items.len() {
        return Ok(list);
    }
    Ok(ev.mem.list(&kept)?)
}

/// A list of strings.
pub fn strings<T: AsRef<[u8]>>(ev: &Evaluator, texts: &[T], context: Context) -> Res<Value> {
    let made: Result<Vec<Value>, _> = texts.iter().map(|t| ev.mem.string(t.as_ref(), context)).collect();
    Ok(ev.mem.list(&made?)?)
}

/// `list ++ [ last ]` for a forced list.
pub fn appended(ev: &Evaluator, list: Value, last: Value) -> Res<Value> {
    let items = ev.mem.items(list);
    ev.mem.counts.lists.one(items.len() + 1);
    let (at, slots) = ev.mem.alloc(items.len() + 1)?;
    for (slot, item) in slots.iter().zip(items) {
        put(slot, ev.mem.share(item)?);
    }
    put(&slots[items.len()], last);
    Ok(Value::list(at, items.len() + 1))
}

/// The concatenation of several forced lists.
pub fn concat(ev: &Evaluator, lists: &[Value]) -> Res<Value> {
    Ok(ev.mem.concat_lists(lists)?)
}
