//! A merge as the set that `lib.modules.mergeDefinitions` returns.

use super::merge::Merge;
use super::properties::{DEFAULT_PRIORITY, VALUE};
use crate::eval::{Evaluator, Object as _, Res, suspended};
use crate::heap::Slot;
use crate::native::share;
use crate::value::{Record, Value, peek};

suspended! {
    /// The attributes of that set.
    struct MergeSet { merge } => struct MergeSetParts {
        defs_final_prime,
        defs_final,
        merged_value,
        checked_and_merged,
        is_defined,
        optional_value,
    }
}

impl MergeSet<&Slot> {
    fn merge(self) -> Merge {
        Merge::of(peek(self.merge))
    }

    fn defs_final_prime(self, ev: &Evaluator) -> Res<Value> {
        static SET: Record<2> = Record::new(["values", "highestPrio"]);
        let merge = self.merge();
        let values = share(ev, merge.final_definitions(ev))?;
        let priority = match merge.single(ev)? {
            Some(_) => ev.mem.int(DEFAULT_PRIORITY)?,
            None => share(ev, merge.priority(ev))?,
        };
        Ok(ev.mem.record(&SET, [values, priority])?)
    }

    fn defs_final(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.merge().final_definitions(ev))
    }

    fn merged_value(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.merge().value(ev))
    }

    fn checked_and_merged(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.merge().checked_and_merged(ev))
    }

    fn is_defined(self, ev: &Evaluator) -> Res<Value> {
        Ok(Value::bool(self.defs_final(ev)? != Value::EMPTY_LIST))
    }

    fn optional_value(self, ev: &Evaluator) -> Res<Value> {
        match self.defs_final(ev)? {
            Value::EMPTY_LIST => Ok(Value::EMPTY_SET),
            _ => Ok(ev.mem.record(&VALUE, [share(ev, self.merge().value(ev))?])?),
        }
    }
}

/// `lib.modules.mergeDefinitions loc type defs`
pub fn merge_definitions(ev: &Evaluator, loc: Value, ty: Value, defs: Value) -> Res<Value> {
    set(ev, Merge::of_sets(ev, loc, ty, defs)?)
}

fn set(ev: &Evaluator, merge: Merge) -> Res<Value> {
    static SET: Record<6> = Record::new([
        "defsFinal'",
        "defsFinal",
        "mergedValue",
        "checkedAndMerged",
        "isDefined",
        "optionalValue",
    ]);
    let parts = MergeSet { merge: merge.word() }.parts(ev)?;
    let values = [
        parts.defs_final_prime,
        parts.defs_final,
        parts.merged_value,
        parts.checked_and_merged,
        parts.is_defined,
        parts.optional_value,
    ];
    Ok(ev.mem.record(&SET, values)?)
}
