//! Conditions, priorities and merged alternatives on the way from a module's `config` down to the options: `mkIf`,
//! `mkOverride` and `mkMerge` around a set apply to everything in it.
//!
//! nixpkgs wraps every attribute of such a set anew at every level. Here a definition carries the properties around it
//! as a list that all attributes of the set share; they are only put around a value that somebody gets to see.

use smallvec::SmallVec;

use super::priorities::OVERRIDE;
use super::support::{Property, property};
use crate::eval::{Evaluator, Res};
use crate::heap::Slot;
use crate::native::{attr, shared, throw};
use crate::source::Pos;
use crate::value::{Record, Value, peek};

/// What `mkIf` makes.
pub(super) static IF: Record<3> = Record::new(["_type", "condition", "content"]);

/// A definition with the properties that stand around it. The words may be stored anywhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Raw {
    /// The module's file, a string or a suspension.
    pub(super) file: Value,
    /// What is defined, a value or a suspension.
    pub(super) value: Value,
    /// The properties around it, innermost first: [`Props`].
    pub(super) props: Value,
    /// Where the attribute is that defines it.
    pub(super) pos: Pos,
}

/// Number of words of a [`Raw`] in a list.
pub(super) const RAW: usize = 4;

impl Raw {
    /// The words that stand for it in a list.
    pub(super) fn words(self) -> [Value; RAW] {
        [self.file, self.value, self.props, position(self.pos)]
    }

    /// The definitions that a list of such words holds.
    pub(super) fn all(ev: &Evaluator, list: Value) -> impl Iterator<Item = Res<Raw>> + '_ {
        ev.mem.items(list).chunks_exact(RAW).map(|words| Raw::of(ev, words))
    }

    /// The definition that these words stand for.
    pub(super) fn of(ev: &Evaluator, words: &[Slot]) -> Res<Raw> {
        Ok(Raw {
            file: ev.mem.share(&words[0])?,
            value: ev.mem.share(&words[1])?,
            props: peek(&words[2]),
            pos: pos_of(peek(&words[3])),
        })
    }
}

/// A position as a word.
pub(super) fn position(pos: Pos) -> Value {
    Value::number(i64::from(pos.0))
}

/// The position in a word.
pub(super) fn pos_of(word: Value) -> Pos {
    Pos(word.as_small_int() as u32)
}

/// A property around a definition.
#[derive(Debug, Clone, Copy)]
pub(super) enum Prop {
    /// A condition, and where it was written.
    If(Value, Pos),
    /// A priority, and where it was written.
    Override(Value, Pos),
}

/// The properties `outer` with one more inside.
pub(super) fn inside(ev: &Evaluator, outer: Value, prop: Prop) -> Res<Value> {
    let (kind, operand, pos) = match prop {
        Prop::If(condition, pos) => (0, condition, pos),
        Prop::Override(priority, pos) => (1, priority, pos),
    };
    let tag = Value::number(kind | i64::from(pos.0) << 1);
    Ok(ev.mem.list(&[tag, operand, outer])?)
}

/// The properties in a list, outermost first.
pub(super) fn props(ev: &Evaluator, mut list: Value) -> Res<SmallVec<[Prop; 4]>> {
    let mut all = SmallVec::new();
    while let [tag, operand, outer] = ev.mem.items(list) {
        let tag = peek(tag).as_small_int();
        let pos = Pos((tag >> 1) as u32);
        let operand = ev.mem.share(operand)?;
        all.push(if tag & 1 == 0 { Prop::If(operand, pos) } else { Prop::Override(operand, pos) });
        list = peek(outer);
    }
    all.reverse();
    Ok(all)
}

/// The value with the properties put around it, as modules write it.
pub(super) fn wrapped(ev: &Evaluator, value: Value, around: &[Prop]) -> Res<Value> {
    let mut value = value;
    for prop in around.iter().rev() {
        value = match *prop {
            Prop::If(condition, _) => ev.mem.record(&IF, [Value::symbol(sym!("if")), condition, value])?,
            Prop::Override(priority, _) => {
                ev.mem.record(&OVERRIDE, [Value::symbol(sym!("override")), priority, value])?
            }
        };
    }
    Ok(value)
}

/// Calls `found` with each set that a forced value means once `mkMerge`, `mkIf` and `mkOverride` around it are taken
/// off, and with the properties that then stand around it (`pushDownProperties`).
pub(super) fn push_down(
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
        Property::If => Prop::If(operand(ev, value, "condition")?, place(ev, value, "condition")),
        Property::Override => Prop::Override(operand(ev, value, "priority")?, place(ev, value, "priority")),
        _ => return found(value, around),
    };
    let _depth = ev.enter(Pos::NONE)?;
    let content = ev.force(attr(ev, value, sym!("content"))?)?;
    push_down(ev, content, inside(ev, around, prop)?, found)
}

/// The list of alternatives of a `mkMerge`.
pub(super) fn contents(ev: &Evaluator, merge: Value) -> Res<Value> {
    ev.force_list(attr(ev, merge, sym!("contents"))?, Pos::NONE, "")
}

/// A property's operand, which is looked for only when it is needed.
fn operand(ev: &Evaluator, property: Value, name: &str) -> Res<Value> {
    let name = ev.intern(name)?;
    match ev.mem.get(property, name) {
        Some(_) => shared(ev, property, name),
        None => crate::native::delay_select(ev, property, name),
    }
}

fn place(ev: &Evaluator, property: Value, name: &str) -> Pos {
    ev.intern(name).ok().and_then(|name| ev.mem.get_entry(property, name)).map_or(Pos::NONE, |e| e.pos)
}

/// Whether a condition of `mkIf` holds.
pub(super) fn holds(ev: &Evaluator, condition: &Slot) -> Res<bool> {
    match ev.force(condition)? {
        Value::TRUE => Ok(true),
        Value::FALSE => Ok(false),
        _ => Err(throw("‘mkIf’ called with a non-Boolean condition")),
    }
}

/// What became of a definition when its conditions were looked at.
pub(super) enum Discharged {
    /// It counts, with this value.
    Value(Value),
    /// A condition, written at this position, switched it off.
    Off(Pos),
}

/// Calls `found` with each value that a forced value means once `mkMerge` and `mkIf` around it are taken off
/// (`dischargeProperties`), and with what was switched off.
pub(super) fn discharge(
    ev: &Evaluator,
    value: Value,
    found: &mut dyn FnMut(Discharged) -> Res<()>,
) -> Res<()> {
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
                return found(Discharged::Off(place(ev, value, "condition")));
            }
            let content = ev.force(attr(ev, value, sym!("content"))?)?;
            discharge(ev, content, found)
        }
        _ => found(Discharged::Value(value)),
    }
}
