//! Attributes: looking them up, now or lazily, and building sets.

use super::cells::share;
use super::force::attrs;
use crate::eval::{Error, Evaluator, Res, Suspended, suspended};
use crate::heap::{Slot, Sym};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Entry, Value, peek};

/// What names an attribute: a symbol, or its text.
pub trait Name: Copy {
    /// The symbol, if the name is interned already.
    fn known(self, ev: &Evaluator) -> Option<Sym>;

    /// The symbol.
    fn symbol(self, ev: &Evaluator) -> Res<Sym>;
}

impl Name for Sym {
    #[inline]
    fn known(self, _: &Evaluator) -> Option<Sym> {
        Some(self)
    }

    #[inline]
    fn symbol(self, _: &Evaluator) -> Res<Sym> {
        Ok(self)
    }
}

impl Name for &str {
    fn known(self, ev: &Evaluator) -> Option<Sym> {
        ev.mem.heap.interned(self.as_bytes())
    }

    fn symbol(self, ev: &Evaluator) -> Res<Sym> {
        Ok(ev.intern(self)?)
    }
}

/// The slot of `v.name`, if `v ? name`. `v` must be forced.
#[inline]
pub fn get(ev: &Evaluator, v: Value, name: impl Name) -> Option<&Slot> {
    if v.is_attrs() { ev.mem.get(v, name.known(ev)?) } else { None }
}

/// `v ? name` of a forced value.
#[inline]
pub fn has(ev: &Evaluator, v: Value, name: impl Name) -> bool {
    get(ev, v, name).is_some()
}

/// The slot of `v.name`.
#[inline]
pub fn attr(ev: &Evaluator, v: Value, name: impl Name) -> Res<&Slot> {
    match get(ev, v, name) {
        Some(slot) => Ok(slot),
        None => missing(ev, v, name.symbol(ev)?),
    }
}

/// The attribute as an open set computes it, or the evaluator's error with its suggestions.
#[cold]
fn missing(ev: &Evaluator, v: Value, name: Sym) -> Res<&Slot> {
    ev.attribute(v, name, Pos::NONE)
}

/// The value of `v.name`.
#[inline]
pub fn select(ev: &Evaluator, v: Value, name: impl Name) -> Res<Value> {
    ev.force(attr(ev, v, name)?)
}

/// `v.name` for storing elsewhere; it is not forced.
#[inline]
pub fn shared(ev: &Evaluator, v: Value, name: impl Name) -> Res<Value> {
    share(ev, attr(ev, v, name)?)
}

/// The value of `v.name or null`.
#[inline]
pub fn or_null(ev: &Evaluator, v: Value, name: impl Name) -> Res<Value> {
    match get(ev, v, name) {
        Some(slot) => ev.force(slot),
        None => Ok(Value::NULL),
    }
}

/// `v.name or default` for storing elsewhere.
pub fn shared_or(ev: &Evaluator, v: Value, name: impl Name, default: Value) -> Res<Value> {
    match get(ev, v, name) {
        Some(slot) => share(ev, slot),
        None => Ok(default),
    }
}

/// `if v.name or false then`; the attribute must be a Boolean.
pub fn flag(ev: &Evaluator, v: Value, name: impl Name) -> Res<bool> {
    match get(ev, v, name) {
        Some(slot) => ev.force_bool(slot, Pos::NONE, "while evaluating a branch condition"),
        None => Ok(false),
    }
}

/// `(v._type or "") == name`
pub fn is_type(ev: &Evaluator, v: Value, name: &[u8]) -> Res<bool> {
    match get(ev, v, sym!("_type")) {
        None => Ok(false),
        Some(slot) => {
            let found = ev.force(slot)?;
            Ok(found.is_string() && ev.mem.text(found) == name)
        }
    }
}

suspended! {
    /// `set.name`
    struct Selection { set, name }
}

impl Selection<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let name = ev.mem.symbol_of(peek(self.name))?;
        select(ev, ev.force(self.set)?, name)
    }
}

/// A suspended `set.name`; `set` may be a shared suspension. If the attribute is known already, nothing is suspended.
pub fn delay_select(ev: &Evaluator, set: Value, name: impl Name) -> Res<Value> {
    if let Some(slot) = get(ev, set, name) {
        return share(ev, slot);
    }
    ev.delay(Selection { set, name: Value::symbol(name.symbol(ev)?) })
}

/// A set of these attributes. A suspension among the values must not be in any other slot.
pub fn set_of(ev: &Evaluator, attributes: &[(&str, Value)]) -> Res<Value> {
    let mut set = AttrsBuilder::with_capacity(attributes.len());
    for (name, value) in attributes {
        set.push(ev.intern(name)?, *value);
    }
    Ok(ev.mem.attrs(set)?)
}

/// `set // { name = value; }`
pub fn with_attr(ev: &Evaluator, set: Value, name: &str, value: Value) -> Res<Value> {
    Ok(ev.mem.update(set, set_of(ev, &[(name, value)])?)?)
}

/// `left // right`: as in Nix, the right operand is forced first.
pub fn update(ev: &Evaluator, left: &Slot, right: &Slot) -> Res<Value> {
    let right = attrs(ev, right)?;
    Ok(ev.mem.update(attrs(ev, left)?, right)?)
}

suspended! {
    /// `left // right`
    struct Update { left, right }
}

impl Update<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        update(ev, self.left, self.right)
    }
}

/// A suspended `left // right`.
pub fn delay_update(ev: &Evaluator, left: Value, right: Value) -> Res<Value> {
    ev.delay(Update { left, right })
}

/// `{ ${name} = value; }`
pub fn one_attr(ev: &Evaluator, name: impl Name, value: Value) -> Res<Value> {
    let mut set = AttrsBuilder::with_capacity(1);
    set.push(name.symbol(ev)?, value);
    Ok(ev.mem.attrs(set)?)
}

/// `{ inherit name value; }`
pub fn name_value(ev: &Evaluator, name: Value, value: Value) -> Res<Value> {
    set_of(ev, &[("name", name), ("value", value)])
}

/// `set` with other, lazy values. `of` gets the set as one flat set, whose [entries](entry_at) have the same
/// indexes, and returns what the values are computed from.
pub fn map_set<S: Suspended>(ev: &Evaluator, set: Value, of: impl FnOnce(Value) -> S) -> Res<Value> {
    let (flat, _) = ev.mem.flat(set)?;
    let at = ev.delays(of(flat))?;
    Ok(ev.mem.with_values(flat, |i| Value::native(i, at))?)
}

/// `attrValues` of the result of [`map_set`].
pub fn map_values<S: Suspended>(ev: &Evaluator, set: Value, of: impl FnOnce(Value) -> S) -> Res<Value> {
    let (flat, _) = ev.mem.flat(set)?;
    let at = ev.delays(of(flat))?;
    let order = ev.mem.name_order(flat);
    Ok(ev.mem.list_from(order.len(), order.iter().map(|i| Value::native(*i as usize, at)))?)
}

/// The attribute of a flat set to which the value of [`map_set`] with this index belongs.
pub fn entry_at<'a>(ev: &'a Evaluator, flat: &Slot, index: usize) -> Res<Entry<'a>> {
    ev.mem.entry_at(peek(flat), index).ok_or_else(|| Error::eval("no such attribute"))
}
