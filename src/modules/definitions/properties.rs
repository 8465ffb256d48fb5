//! The sets that modules write around values: `mkIf`, `mkMerge`, `mkOverride`, `mkOrder`, `mkDefinition`.

use crate::eval::{Evaluator, Res};
use crate::heap::Slot;
use crate::native::get;
use crate::value::{Record, Value};

/// The priority of definitions without `mkOverride`.
pub const DEFAULT_PRIORITY: i64 = 100;
/// The priority of an option's `default`, and of `mkOptionDefault`.
pub const OPTION_DEFAULT: i64 = 1500;
/// The priority of `mkDefault`.
pub const DEFAULT: i64 = 1000;
/// The priority of `mkImageMediaOverride`.
pub const IMAGE_MEDIA: i64 = 60;
/// The priority of `mkForce`.
pub const FORCE: i64 = 50;
/// The priority of `mkVMOverride`.
pub const VM: i64 = 10;

/// The order priority of definitions without `mkOrder`.
pub const DEFAULT_ORDER: i64 = 1000;
/// The order priority of `mkBefore`.
pub const BEFORE: i64 = 500;
/// The order priority of `mkAfter`.
pub const AFTER: i64 = 1500;

/// The values of `_type` that the module system itself distinguishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Property {
    /// None of the others.
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
pub fn property(ev: &Evaluator, v: Value) -> Res<Property> {
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

/// The set of `mkIf`.
pub static IF: Record<3> = Record::new(["_type", "condition", "content"]);
/// The set of `mkOverride`.
pub static OVERRIDE: Record<3> = Record::new(["_type", "priority", "content"]);
/// The set of `mkOrder`, with the same attributes.
static ORDER: Record<3> = Record::new(["_type", "priority", "content"]);
/// A set with only a value, such as a type's `emptyValue`.
pub static VALUE: Record<1> = Record::new(["value"]);

/// `mkIf condition content`; both may be suspended.
pub fn make_if(ev: &Evaluator, condition: Value, content: Value) -> Res<Value> {
    Ok(ev.mem.record(&IF, [Value::symbol(sym!("if")), condition, content])?)
}

/// `mkMerge contents`; the list may be suspended.
pub fn make_merge(ev: &Evaluator, contents: Value) -> Res<Value> {
    static MERGE: Record<2> = Record::new(["_type", "contents"]);
    Ok(ev.mem.record(&MERGE, [Value::symbol(sym!("merge")), contents])?)
}

/// `mkOverride priority content`; both may be suspended.
pub fn make_override(ev: &Evaluator, priority: Value, content: Value) -> Res<Value> {
    Ok(ev.mem.record(&OVERRIDE, [Value::symbol(sym!("override")), priority, content])?)
}

/// `mkDefault content`
pub fn make_default(ev: &Evaluator, content: Value) -> Res<Value> {
    make_override(ev, ev.mem.int(DEFAULT)?, content)
}

/// `mkForce content`
pub fn make_force(ev: &Evaluator, content: Value) -> Res<Value> {
    make_override(ev, ev.mem.int(FORCE)?, content)
}

/// `mkOptionDefault content`
pub fn make_option_default(ev: &Evaluator, content: Value) -> Res<Value> {
    make_override(ev, ev.mem.int(OPTION_DEFAULT)?, content)
}

/// `mkOrder priority content`; both may be suspended.
pub fn make_order(ev: &Evaluator, priority: Value, content: Value) -> Res<Value> {
    Ok(ev.mem.record(&ORDER, [Value::symbol(sym!("order")), priority, content])?)
}

/// `mkDefinition { file = …; value = …; }`
pub fn make_definition(ev: &Evaluator, file: Value, value: Value) -> Res<Value> {
    static DEFINITION: Record<3> = Record::new(["_type", "file", "value"]);
    Ok(ev.mem.record(&DEFINITION, [Value::symbol(sym!("definition")), file, value])?)
}
