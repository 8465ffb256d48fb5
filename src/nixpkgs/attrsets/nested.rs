//! Functions that recurse into nested sets: `filterAttrsRecursive`, `collect`, `mapAttrsRecursive`.

use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{appended, apply, attrs, entries, entry_at, holds, map_set, share};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek};

suspended! {
    /// `if isAttrs set then filterAttrsRecursive pred set else set`
    struct Filtered { pred, set }
}

impl Filtered<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        match ev.force(self.set)? {
            v if v.is_attrs() => filter_level(ev, self.pred, self.set),
            v => Ok(v),
        }
    }
}

/// `lib.attrsets.filterAttrsRecursive`: the attributes for which a predicate holds, also in nested sets.
pub(super) fn filter_attrs_recursive(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pred, set] = exactly(args);
    filter_level(ev, pred, set)
}

fn filter_level(ev: &Evaluator, pred: &Slot, set: &Slot) -> Res<Value> {
    let mut kept = AttrsBuilder::new();
    for e in entries(ev, set)? {
        let value = share(ev, e.slot)?;
        if holds(ev, pred, &[Value::symbol(e.name), value])? {
            let value = match peek(e.slot) {
                v if v.is_value() && !v.is_attrs() => v,
                _ => ev.delay(Filtered { pred: share(ev, pred)?, set: value })?,
            };
            kept.push(e.name, value);
        }
    }
    Ok(ev.mem.attrs(kept)?)
}

/// `lib.attrsets.collect`: the values in nested sets for which a predicate holds.
pub(super) fn collect(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pred, value] = exactly(args);
    let mut found = Vec::new();
    collect_level(ev, pred, value, &mut found)?;
    Ok(ev.mem.list(&found)?)
}

fn collect_level(ev: &Evaluator, pred: &Slot, value: &Slot, found: &mut Vec<Value>) -> Res<()> {
    let _depth = ev.enter(Pos::NONE)?;
    if holds(ev, pred, &[share(ev, value)?])? {
        found.push(share(ev, value)?);
    } else if ev.force(value)?.is_attrs() {
        for e in entries(ev, value)? {
            collect_level(ev, pred, e.slot, found)?;
        }
    }
    Ok(())
}

suspended! {
    /// `recurse path set` with `cond` and `f` of `mapAttrsRecursiveCond`, by attribute.
    struct Recurse { set, path, cond, f } []
}

impl Recurse<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let e = entry_at(ev, self.set, index)?;
        let path = appended(ev, peek(self.path), Value::symbol(e.name))?;
        let value = ev.force(e.slot)?;
        if !(value.is_attrs() && holds(ev, self.cond, &[value])?) {
            return apply(ev, self.f, &[path, value]);
        }
        let (cond, f) = (share(ev, self.cond)?, share(ev, self.f)?);
        map_set(ev, value, |set| Recurse { set, path, cond, f })
    }
}

/// `recurse [ ] set`
fn recurse(ev: &Evaluator, cond: Value, f: Value, set: Value) -> Res<Value> {
    map_set(ev, set, |set| Recurse { set, path: Value::EMPTY_LIST, cond, f })
}

/// `lib.attrsets.mapAttrsRecursive`: applies a function of path and value to all leaves.
pub(super) fn map_attrs_recursive(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    /// `as: true`
    static ALWAYS: Builtin = Builtin::hidden("cond", &["as"], |_, _, _| Ok(Value::TRUE));
    let [f, set] = exactly(args);
    let set = attrs(ev, set)?;
    recurse(ev, ev.builtin(&ALWAYS), share(ev, f)?, set)
}

/// `lib.attrsets.mapAttrsRecursiveCond`: the same; sets that fail a condition also count as leaves.
pub(super) fn map_attrs_recursive_cond(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [cond, f, set] = exactly(args);
    let set = attrs(ev, set)?;
    recurse(ev, share(ev, cond)?, share(ev, f)?, set)
}

/// `lib.attrsets.mapAttrsToListRecursive`: the list of a function's results for the path and value of all leaves.
pub(super) fn map_attrs_to_list_recursive(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, set] = exactly(args);
    leaves(ev, None, f, set)
}

/// `lib.attrsets.mapAttrsToListRecursiveCond`: the same; sets that fail a condition also count as leaves.
pub(super) fn map_attrs_to_list_recursive_cond(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pred, f, set] = exactly(args);
    leaves(ev, Some(pred), f, set)
}

fn leaves(ev: &Evaluator, pred: Option<&Slot>, f: &Slot, set: &Slot) -> Res<Value> {
    let mut made = Vec::new();
    leaves_below(ev, pred, share(ev, f)?, Value::EMPTY_LIST, set, &mut made)?;
    Ok(ev.mem.list(&made)?)
}

/// Appends to `made` the results of `f` for the leaves of the set at `path`.
fn leaves_below(
    ev: &Evaluator,
    pred: Option<&Slot>,
    f: Value,
    path: Value,
    set: &Slot,
    made: &mut Vec<Value>,
) -> Res<()> {
    let _depth = ev.enter(Pos::NONE)?;
    for e in entries(ev, set)? {
        let path = appended(ev, path, Value::symbol(e.name))?;
        let value = ev.force(e.slot)?;
        let inside = value.is_attrs() && pred.map_or(Ok(true), |p| holds(ev, p, &[path, value]))?;
        if inside {
            leaves_below(ev, pred, f, path, e.slot, made)?;
        } else {
            made.push(ev.delay_call(f, &[path, value])?);
        }
    }
    Ok(())
}
