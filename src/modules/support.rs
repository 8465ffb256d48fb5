//! What the parts of the module engine have in common: properties, objects with suspended fields.

use crate::eval::{Evaluator, Lazy, Res};
use crate::heap::{Ref, Slot};
use crate::native::get;
use crate::value::{Record, Value, put};

/// A definition as merge functions get it.
pub(super) static DEFINITION: Record<2> = Record::new(["file", "value"]);
/// What a type's `emptyValue` is, and other sets with nothing but a value.
pub(super) static VALUE: Record<1> = Record::new(["value"]);

/// What a set's `_type` says that the module system itself looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Property {
    /// Not one of the others.
    Other,
    /// `mkMerge`.
    Merge,
    /// `mkIf`.
    If,
    /// `mkOverride`.
    Override,
    /// `mkOrder`.
    Order,
    /// `mkDefinition`.
    Definition,
}

/// Which property a forced value is.
#[inline]
pub(super) fn property(ev: &Evaluator, v: Value) -> Res<Property> {
    match get(ev, v, sym!("_type")) {
        None => Ok(Property::Other),
        Some(slot) => property_named(ev, slot),
    }
}

fn property_named(ev: &Evaluator, slot: &Slot) -> Res<Property> {
    let name = ev.force(slot)?;
    if !name.is_string() {
        return Ok(Property::Other);
    }
    Ok(match ev.mem.text(name) {
        b"merge" => Property::Merge,
        b"if" => Property::If,
        b"override" => Property::Override,
        b"order" => Property::Order,
        b"definition" => Property::Definition,
        _ => Property::Other,
    })
}

/// A list of values known to Rust code, of which the first are `given` and the rest suspended: forcing field `i` runs
/// `lazy` with the object and `i`. Gives the object and what stands behind its suspensions, of which there may be more
/// than fields.
pub(super) fn object(
    ev: &Evaluator,
    lazy: &'static Lazy,
    given: &[Value],
    fields: usize,
) -> Res<(Value, Ref)> {
    let n = given.len() + fields;
    let (at, slots) = ev.mem.alloc(n)?;
    let this = Value::list(at, n);
    let behind = ev.delays_raw(lazy, &[this])?;
    for (i, slot) in slots.iter().enumerate() {
        put(slot, given.get(i).copied().unwrap_or_else(|| Value::native(i, behind)));
    }
    Ok((this, behind))
}

/// The slot of an object's field.
#[inline]
pub(super) fn field(ev: &Evaluator, object: Value, i: usize) -> &Slot {
    &ev.mem.items(object)[i]
}

/// A set with a record's names whose values are suspended: value `i` runs `lazy` with the captures and `i`.
pub(super) fn lazy_record<const N: usize>(
    ev: &Evaluator,
    record: &'static Record<N>,
    lazy: &'static Lazy,
    captures: &[Value],
) -> Res<Value> {
    let behind = ev.delays_raw(lazy, captures)?;
    Ok(ev.mem.record(record, std::array::from_fn(|i| Value::native(i, behind)))?)
}
