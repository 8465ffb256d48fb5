//! Removes properties: finds what a module's `config` means without the `mkMerge`, `mkIf` and `mkOverride`
//! around it.

use super::properties::{Property, property};
use super::raw::{Prop, inside};
use crate::eval::{Evaluator, Res};
use crate::heap::{Slot, Sym};
use crate::native::{attr, delay_select, list, throw};
use crate::source::Pos;
use crate::value::Value;

/// Removes `mkMerge`, `mkIf` and `mkOverride` around a forced value and calls `found` with each set inside
/// and the properties around that set (`pushDownProperties`).
pub fn push_down(
    ev: &Evaluator,
    value: Value,
    around: Value,
    found: &mut dyn FnMut(Value, Value) -> Res<()>,
) -> Res<()> {
    let prop = match property(ev, value)? {
        Property::Merge => {
            let _depth = ev.enter(Pos::NONE)?;
            let contents = contents(ev, value)?;
            for content in ev.mem.items(contents) {
                push_down(ev, ev.force(content)?, around, found)?;
            }
            return Ok(());
        }
        // Operands are selected only on demand.
        Property::If => {
            Prop::If(delay_select(ev, value, sym!("condition"))?, place(ev, value, sym!("condition")))
        }
        Property::Override => {
            Prop::Override(delay_select(ev, value, sym!("priority"))?, place(ev, value, sym!("priority")))
        }
        _ => return found(value, around),
    };
    let _depth = ev.enter(Pos::NONE)?;
    let content = ev.force(attr(ev, value, sym!("content"))?)?;
    push_down(ev, content, inside(ev, around, prop)?, found)
}

/// The list in a `mkMerge`.
fn contents(ev: &Evaluator, merge: Value) -> Res<Value> {
    list(ev, attr(ev, merge, sym!("contents"))?)
}

/// The position of an attribute of a property.
fn place(ev: &Evaluator, property: Value, name: Sym) -> Pos {
    ev.mem.get_entry(property, name).map_or(Pos::NONE, |e| e.pos)
}

/// Whether a condition of `mkIf` holds; it must be a Boolean.
pub fn holds(ev: &Evaluator, condition: &Slot) -> Res<bool> {
    match ev.force(condition)? {
        Value::TRUE => Ok(true),
        Value::FALSE => Ok(false),
        _ => Err(throw("‘mkIf’ called with a non-Boolean condition")),
    }
}

/// Removes `mkMerge` and `mkIf` around a forced value and calls `found` with each value inside whose conditions hold
/// (`dischargeProperties`).
pub fn discharge(ev: &Evaluator, value: Value, found: &mut dyn FnMut(Value) -> Res<()>) -> Res<()> {
    match property(ev, value)? {
        Property::Merge => {
            let _depth = ev.enter(Pos::NONE)?;
            let contents = contents(ev, value)?;
            for content in ev.mem.items(contents) {
                discharge(ev, ev.force(content)?, found)?;
            }
            Ok(())
        }
        Property::If => {
            let _depth = ev.enter(Pos::NONE)?;
            if !holds(ev, attr(ev, value, sym!("condition"))?)? {
                return Ok(());
            }
            let content = ev.force(attr(ev, value, sym!("content"))?)?;
            discharge(ev, content, found)
        }
        _ => found(value),
    }
}
