//! `updateManyAttrsByPath`: many changes inside nested sets at once.

use super::paths::path_text;
use crate::eval::{Evaluator, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::native::{attr, delay_select, list, name, share, text, throw};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek, slot};

/// `lib.attrsets.updateManyAttrsByPath`: a value in which the values at some paths are replaced.
pub(super) fn update_many_attrs_by_path(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [updates, value] = exactly(args);
    go(ev, list(ev, updates)?, 0, Some(share(ev, value)?))
}

suspended! {
    /// `go depth hasValue value updates`, by depth.
    struct Level { has_value, value, updates } []
}

suspended! {
    /// The value at a depth with updates that all lead deeper, by depth.
    struct Inside { has_value, value, updates } []
}

impl Level<&Slot> {
    fn element(self, ev: &Evaluator, depth: usize) -> Res<Value> {
        let value = match peek(self.has_value) {
            Value::TRUE => Some(share(ev, self.value)?),
            _ => None,
        };
        go(ev, peek(self.updates), depth, value)
    }
}

/// `go depth hasValue value updates`: the value at this depth with the updates that lead to it or deeper.
fn go(ev: &Evaluator, updates: Value, depth: usize, value: Option<Value>) -> Res<Value> {
    let (mut here, mut inside) = (Vec::new(), Vec::new());
    for update in ev.mem.items(updates) {
        let set = ev.force(update)?;
        let path = list(ev, attr(ev, set, "path")?)?;
        if path.list_len() == depth { here.push(set) } else { inside.push(set) }
    }
    let mut result = match (&inside[..], value) {
        ([], Some(value)) => value,
        ([], None) => ev.delay(Missing { update: here[0] })?,
        (inside, value) => {
            let updates = ev.mem.list(inside)?;
            let has_value = Value::bool(value.is_some());
            let value = value.unwrap_or(Value::NULL);
            Value::native(depth, ev.delays(Inside { has_value, value, updates })?)
        }
    };
    for update in here {
        result = ev.delay_call(delay_select(ev, update, "update")?, &[result])?;
    }
    ev.force_value(result)
}

impl Inside<&Slot> {
    fn element(self, ev: &Evaluator, depth: usize) -> Res<Value> {
        let updates = ev.mem.items(peek(self.updates));
        let mut nested: Vec<(Sym, Vec<Value>)> = Vec::new();
        for update in updates {
            let update = peek(update);
            let path = ev.mem.items(list(ev, attr(ev, update, "path")?)?);
            let of = match path.get(depth) {
                Some(step) => name(ev, step)?,
                None => continue,
            };
            match nested.iter_mut().find(|(n, _)| *n == of) {
                Some((_, all)) => all.push(update),
                None => nested.push((of, vec![update])),
            }
        }
        let base = match peek(self.has_value) {
            Value::TRUE => ev.force(self.value)?,
            _ => Value::EMPTY_SET,
        };
        if !base.is_attrs() {
            return not_a_set(ev, peek(&updates[0]), depth);
        }
        let mut made = AttrsBuilder::with_capacity(nested.len());
        for (of, all) in nested {
            let updates = ev.mem.list(&all)?;
            let old = ev.mem.get(base, of);
            let has_value = Value::bool(old.is_some());
            let value = old.map_or(Ok(Value::NULL), |old| share(ev, old))?;
            made.push(of, Value::native(depth + 1, ev.delays(Level { has_value, value, updates })?));
        }
        Ok(ev.mem.update(base, ev.mem.attrs(made)?)?)
    }
}

suspended! {
    /// The value at a path that leads nowhere: an error when forced.
    struct Missing { update }
}

impl Missing<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let path = path_text(ev, attr(ev, peek(self.update), "path")?)?;
        let path = text(ev, path);
        Err(throw(format!(
            "updateManyAttrsByPath: Path '{path}' does not exist in the given value, but the first update to this \
             path tries to access the existing value."
        )))
    }
}

#[cold]
fn not_a_set(ev: &Evaluator, update: Value, depth: usize) -> Res<Value> {
    let path = list(ev, attr(ev, update, "path")?)?;
    let shown = |path| -> Res<String> { Ok(text(ev, path_text(ev, &slot(path))?)) };
    let (whole, start) = (shown(path)?, shown(Value::list(path.at(), depth))?);
    Err(throw(format!(
        "updateManyAttrsByPath: Path '{whole}' needs to be updated, but path '{start}' of the given value is not an \
         attribute set, so we can't update an attribute inside of it."
    )))
}
