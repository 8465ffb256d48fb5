//! Elements of lists by the names that nixpkgs gives them: the second element of a list's first definition is
//! `[definition 1-entry 2]`.

use super::definitions::{Definition, Fate};
use super::trail::Step;
use crate::eval::Evaluator;
use crate::heap::{Slot, Sym};
use crate::modules::{Property, property};
use crate::native::get;
use crate::value::Value;

/// The elements that definitions give to a list: the number of each's definition, and its number in that.
pub(super) fn given(ev: &Evaluator, all: &[Definition]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (number, definition) in all.iter().filter(|d| matches!(d.fate, Fate::Wins)).enumerate() {
        let list = ev.force_value(definition.value).ok().filter(|list| list.is_list());
        for (entry, item) in list.iter().flat_map(|list| ev.mem.items(*list)).enumerate() {
            if !ev.force(item).is_ok_and(|item| is_off(ev, item)) {
                found.push((number, entry));
            }
        }
    }
    found
}

/// The element of a list with this name: its definition, and the step to it.
pub(super) fn element<'d, 'e>(
    ev: &'e Evaluator,
    all: &'d [Definition],
    name: Sym,
) -> Option<(&'d Definition, &'e Slot, Step)> {
    let numbers = ev.mem.heap.name(name).strip_prefix(b"[definition ")?.strip_suffix(b"]")?;
    let (definition, entry) = std::str::from_utf8(numbers).ok()?.split_once("-entry ")?;
    let (definition, entry): (usize, usize) = (definition.parse().ok()?, entry.parse().ok()?);
    let mut counting = all.iter().filter(|d| matches!(d.fate, Fate::Wins));
    let definition = counting.nth(definition.checked_sub(1)?)?;
    let list = ev.force_value(definition.value).ok().filter(|list| list.is_list())?;
    let entry = entry.checked_sub(1)?;
    Some((definition, ev.mem.items(list).get(entry)?, Step::Element(entry, list.list_len())))
}

/// Whether a set is a definition with a condition that does not hold.
pub(super) fn is_off(ev: &Evaluator, v: Value) -> bool {
    matches!(property(ev, v), Ok(Property::If))
        && get(ev, v, sym!("condition"))
            .is_some_and(|condition| matches!(ev.force(condition), Ok(Value::FALSE)))
}
