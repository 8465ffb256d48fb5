//! `recursiveUpdate` and `recursiveUpdateUntil`: `//` that merges nested sets.

use crate::eval::{Evaluator, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::native::{appended, attrs, holds, share};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek};

/// Merges two sets as `zipAttrsWith` does: attributes of only one set are kept; `both` returns the values of common
/// ones.
fn zip_two(
    ev: &Evaluator,
    lhs: Value,
    rhs: Value,
    mut both: impl FnMut(Sym, Value, Value) -> Res<Value>,
) -> Res<Value> {
    let (left, right) = (ev.mem.entries(lhs), ev.mem.entries(rhs));
    let mut made = AttrsBuilder::with_capacity(left.len() + right.len());
    let mut rest = left.iter().peekable();
    for r in &right {
        while let Some(l) = rest.next_if(|l| l.name < r.name) {
            made.push(l.name, ev.copy(l.slot)?);
        }
        let right = ev.copy(r.slot)?;
        match rest.next_if(|l| l.name == r.name) {
            Some(l) => made.push(r.name, both(r.name, share(ev, l.slot)?, right)?),
            None => made.push(r.name, right),
        }
    }
    for l in rest {
        made.push(l.name, ev.copy(l.slot)?);
    }
    Ok(ev.mem.attrs(made)?)
}

suspended! {
    /// `if pred path lhs rhs then rhs else f path lhs rhs`: the value of an attribute that both sets have.
    struct Until { pred, path, lhs, rhs }
}

impl Until<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let path = peek(self.path);
        if holds(ev, self.pred, &[path, share(ev, self.lhs)?, share(ev, self.rhs)?])? {
            return ev.force(self.rhs);
        }
        let rhs = attrs(ev, self.rhs)?;
        let lhs = attrs(ev, self.lhs)?;
        update_until(ev, share(ev, self.pred)?, path, lhs, rhs)
    }
}

/// `lib.attrsets.recursiveUpdateUntil`: `//` that merges nested sets until a predicate of path and values holds.
pub(super) fn recursive_update_until(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pred, lhs, rhs] = exactly(args);
    let rhs = attrs(ev, rhs)?;
    let lhs = attrs(ev, lhs)?;
    update_until(ev, share(ev, pred)?, Value::EMPTY_LIST, lhs, rhs)
}

fn update_until(ev: &Evaluator, pred: Value, path: Value, lhs: Value, rhs: Value) -> Res<Value> {
    zip_two(ev, lhs, rhs, |of, lhs, rhs| {
        let path = appended(ev, path, Value::symbol(of))?;
        ev.delay(Until { pred, path, lhs, rhs })
    })
}

suspended! {
    /// `if isAttrs lhs && isAttrs rhs then recursiveUpdate lhs rhs else rhs`
    struct Both { lhs, rhs }
}

impl Both<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let lhs = ev.force(self.lhs)?;
        let rhs = ev.force(self.rhs)?;
        if lhs.is_attrs() && rhs.is_attrs() { recursive_update(ev, lhs, rhs) } else { Ok(rhs) }
    }
}

/// `lib.attrsets.recursiveUpdate`: `//` that merges nested sets.
pub(super) fn recursive_update_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [lhs, rhs] = exactly(args);
    let rhs = attrs(ev, rhs)?;
    let lhs = attrs(ev, lhs)?;
    recursive_update(ev, lhs, rhs)
}

/// `recursiveUpdate lhs rhs` of two forced sets.
pub fn recursive_update(ev: &Evaluator, lhs: Value, rhs: Value) -> Res<Value> {
    zip_two(ev, lhs, rhs, |_, lhs, rhs| match (lhs, rhs) {
        (lhs, rhs) if lhs.is_value() && !lhs.is_attrs() => Ok(rhs),
        (_, rhs) if rhs.is_value() && !rhs.is_attrs() && lhs.is_value() => Ok(rhs),
        (lhs, rhs) => ev.delay(Both { lhs, rhs }),
    })
}
