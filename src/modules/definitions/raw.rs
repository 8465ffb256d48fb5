//! A definition on its way from a module's `config` down to an option.
//!
//! nixpkgs wraps every attribute of a set in the set's properties anew at every level. Here, a definition
//! carries the properties around it as a list that all attributes of the set share. A value is wrapped only
//! before it becomes visible to Nix code.

use smallvec::SmallVec;

use super::properties::{make_if, make_override};
use crate::eval::{Evaluator, Res, Row as _, row};
use crate::heap::Slot;
use crate::native::share;
use crate::source::Pos;
use crate::value::{Value, peek};

/// A definition with the properties around it. The words may be stored anywhere.
#[derive(Debug, Clone, Copy)]
pub struct Raw {
    /// The module's file, a string or a suspension.
    pub file: Value,
    /// What is defined, a value or a suspension.
    pub value: Value,
    /// The properties around it, innermost first: see [`inside`].
    pub props: Value,
    /// The position of the attribute that defines it.
    pub pos: Pos,
}

row! {
    /// A [`Raw`] in the heap.
    pub struct RawWords { file, value, props, pos }
}

impl Raw {
    /// The words that represent it in a list.
    pub fn words(self) -> [Value; RawWords::<Value>::WIDTH] {
        let Raw { file, value, props, pos } = self;
        RawWords { file, value, props, pos: position(pos) }.words()
    }

    /// A list of the words of these definitions.
    pub fn list(ev: &Evaluator, raws: impl ExactSizeIterator<Item = Raw>) -> Res<Value> {
        Ok(ev.mem.list_from(raws.len() * RawWords::<Value>::WIDTH, raws.flat_map(Raw::words))?)
    }

    /// The definitions in a list of such words.
    pub fn all(ev: &Evaluator, list: Value) -> impl ExactSizeIterator<Item = Res<Raw>> + '_ {
        RawWords::each(ev.mem.items(list)).map(|words| words.raw(ev))
    }
}

impl RawWords<&Slot> {
    fn raw(self, ev: &Evaluator) -> Res<Raw> {
        Ok(Raw {
            file: share(ev, self.file)?,
            value: share(ev, self.value)?,
            props: peek(self.props),
            pos: pos_of(peek(self.pos)),
        })
    }
}

/// A position as a word.
pub fn position(pos: Pos) -> Value {
    Value::number(i64::from(pos.0))
}

/// The position in such a word.
pub fn pos_of(word: Value) -> Pos {
    Pos(word.as_small_int() as u32)
}

/// A property around a definition.
#[derive(Debug, Clone, Copy)]
pub enum Prop {
    /// A condition, and where it was written.
    If(Value, Pos),
    /// A priority, and where it was written.
    Override(Value, Pos),
}

row! {
    /// Properties in the heap: the innermost one, as a number that combines its kind and position and an
    /// operand, and the properties around it.
    struct Props { tag, operand, outer }
}

/// The properties `outer` with one more inside them.
pub fn inside(ev: &Evaluator, outer: Value, prop: Prop) -> Res<Value> {
    let (kind, operand, pos) = match prop {
        Prop::If(condition, pos) => (0, condition, pos),
        Prop::Override(priority, pos) => (1, priority, pos),
    };
    let tag = Value::number(kind | i64::from(pos.0) << 1);
    Ok(ev.mem.list(&Props { tag, operand, outer }.words())?)
}

/// The properties in a list, outermost first.
pub fn props(ev: &Evaluator, mut list: Value) -> Res<SmallVec<[Prop; 4]>> {
    let mut all = SmallVec::new();
    while list != Value::EMPTY_LIST {
        let inner = Props::of(ev.mem.items(list));
        let tag = peek(inner.tag).as_small_int();
        let pos = Pos((tag >> 1) as u32);
        let operand = share(ev, inner.operand)?;
        all.push(if tag & 1 == 0 { Prop::If(operand, pos) } else { Prop::Override(operand, pos) });
        list = peek(inner.outer);
    }
    all.reverse();
    Ok(all)
}

/// Wraps the value in the properties, as modules write them.
pub fn wrapped(ev: &Evaluator, value: Value, around: &[Prop]) -> Res<Value> {
    let mut value = value;
    for prop in around.iter().rev() {
        value = match *prop {
            Prop::If(condition, _) => make_if(ev, condition, value)?,
            Prop::Override(priority, _) => make_override(ev, priority, value)?,
        };
    }
    Ok(value)
}
