//! Selecting some of a set's attributes: `getAttrs`, `filterAttrs`.

use smallvec::SmallVec;

use super::mapping::from_names;
use crate::eval::{Evaluator, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::native::{attrs, boolean, delay_select, holds, list, name, share};
use crate::source::Pos;
use crate::value::{Value, peek};

suspended! {
    /// `set.${elemAt names n}`, by index.
    struct Named { names, set } []
}

impl Named<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let set = ev.force(self.set)?;
        let of = name(ev, &ev.mem.items(peek(self.names))[index])?;
        ev.force(ev.attribute(set, of, Pos::NONE)?)
    }
}

/// `lib.attrsets.attrVals`: the values of some attributes; forcing one that is missing is an error.
pub(super) fn attr_vals(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [names, set] = exactly(args);
    let names = list(ev, names)?;
    ev.delayed_list(Named { names, set: share(ev, set)? }, names.list_len())
}

/// `lib.attrsets.getAttrs`: a set of selected attributes of another.
pub(super) fn get_attrs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [names, set] = exactly(args);
    let set = share(ev, set)?;
    from_names(ev, names, |_, of| delay_select(ev, set, of))
}

/// `lib.attrsets.filterAttrs`: the attributes for which a predicate holds.
pub(super) fn filter_attrs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pred, set] = exactly(args);
    let set = attrs(ev, set)?;
    let mut dropped: SmallVec<[Sym; 16]> = SmallVec::new();
    for e in ev.mem.entries_by_name(set) {
        if !holds(ev, pred, &[Value::symbol(e.name), share(ev, e.slot)?])? {
            dropped.push(e.name);
        }
    }
    if dropped.is_empty() {
        return Ok(set);
    }
    dropped.sort_unstable();
    Ok(ev.mem.filtered(set, |e| dropped.binary_search(&e.name).is_err())?)
}

/// `lib.attrsets.optionalAttrs`: a set if a condition holds, else the empty one.
pub(super) fn optional_attrs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [cond, set] = exactly(args);
    if boolean(ev, cond)? { ev.force(set) } else { Ok(Value::EMPTY_SET) }
}
