//! Definitions as the sets with `file` and `value` that are passed to merge functions.

use super::raw::Raw;
use crate::eval::{Evaluator, Res, suspended};
use crate::heap::{Slot, Sym};
use crate::native::{delay_select, items, list, select, share, shared};
use crate::source::Pos;
use crate::value::{Record, Value};

/// `{ file = …; value = …; }`; both may be suspended.
pub fn definition(ev: &Evaluator, file: Value, value: Value) -> Res<Value> {
    static DEFINITION: Record<2> = Record::new(["file", "value"]);
    Ok(ev.mem.record(&DEFINITION, [file, value])?)
}

/// The definitions in a slot, a list.
pub fn definitions<'a>(ev: &'a Evaluator, defs: &Slot) -> Res<&'a [Slot]> {
    items(ev, defs)
}

/// The path in a slot, a list.
pub fn path_of(ev: &Evaluator, loc: &Slot) -> Res<Value> {
    list(ev, loc)
}

/// The value of a definition.
pub fn value_of(ev: &Evaluator, def: &Slot) -> Res<Value> {
    select(ev, ev.force(def)?, sym!("value"))
}

/// An attribute of a definition, not forced.
pub fn of_definition(ev: &Evaluator, def: &Slot, name: Sym) -> Res<Value> {
    shared(ev, ev.force(def)?, name)
}

suspended! {
    /// The words of the definitions in a list of sets.
    struct RawOfSets { defs }
}

impl RawOfSets<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let sets = items(ev, self.defs)?;
        let mut raws = Vec::with_capacity(sets.len());
        for set in sets {
            let set = ev.force(set)?;
            let file = delay_select(ev, set, sym!("file"))?;
            let (value, pos) = match ev.mem.get_entry(set, sym!("value")) {
                Some(entry) => (share(ev, entry.slot)?, entry.pos),
                None => (delay_select(ev, set, sym!("value"))?, Pos::NONE),
            };
            raws.push(Raw { file, value, props: Value::EMPTY_LIST, pos });
        }
        Raw::list(ev, raws.into_iter())
    }
}

/// The words of the [`Raw`] definitions in a list of sets, suspended. The list may be suspended.
pub fn raw_of_sets(ev: &Evaluator, defs: Value) -> Res<Value> {
    ev.delay(RawOfSets { defs })
}
