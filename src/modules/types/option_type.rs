//! Option types as values, with accessors for the attributes that other code needs.

use crate::eval::{Evaluator, Res, suspended};
use crate::heap::Slot;
use crate::native::{
    appended, apply, attr, cell, get, interpolate, or_null, select, share, shared, text, truth,
};
use crate::source::Pos;
use crate::value::Value;

/// Classes of descriptions that need no parentheses after "list of".
pub const PLAIN: [&str; 2] = ["noun", "composite"];

/// An option type: a set as `mkOptionType` returns it.
#[derive(Debug, Clone, Copy)]
pub struct OptionType(Value);

impl OptionType {
    /// The type in a forced value.
    pub fn of(value: Value) -> OptionType {
        OptionType(value)
    }

    /// The type in a slot.
    pub fn force(ev: &Evaluator, slot: &Slot) -> Res<OptionType> {
        ev.force(slot).map(OptionType)
    }

    /// The set.
    pub fn word(self) -> Value {
        self.0
    }

    /// `ty.name`
    pub fn name(self, ev: &Evaluator) -> Res<Value> {
        select(ev, self.0, sym!("name"))
    }

    /// `"${ty.description}"`
    pub fn description(self, ev: &Evaluator) -> Res<String> {
        Ok(text(ev, interpolate(ev, attr(ev, self.0, sym!("description"))?)?))
    }

    /// `ty.descriptionClass or null`
    pub fn class(self, ev: &Evaluator) -> Res<Value> {
        or_null(ev, self.0, sym!("descriptionClass"))
    }

    /// `optionDescriptionPhrase (class: elem class plain) ty`
    pub fn phrase(self, ev: &Evaluator, plain: &[&str]) -> Res<String> {
        let class = self.class(ev)?;
        let plain = class.is_string() && plain.iter().any(|p| p.as_bytes() == ev.mem.text(class));
        let description = self.description(ev)?;
        Ok(if plain { description } else { format!("({description})") })
    }

    /// `ty.check`
    pub fn check(self, ev: &Evaluator) -> Res<Value> {
        select(ev, self.0, sym!("check"))
    }

    /// `ty.check x`
    pub fn accepts(self, ev: &Evaluator, x: Value) -> Res<bool> {
        truth(ev, ev.call(self.check(ev)?, &[x], Pos::NONE)?)
    }

    /// `ty.merge`
    pub fn merge(self, ev: &Evaluator) -> Res<Value> {
        select(ev, self.0, sym!("merge"))
    }

    /// `ty.merge loc defs`
    pub fn merged(self, ev: &Evaluator, loc: Value, defs: Value) -> Res<Value> {
        ev.call(self.merge(ev)?, &[loc, defs], Pos::NONE)
    }

    /// `(ty.emptyValue or { }).value`, if the type has one.
    pub fn empty_value(self, ev: &Evaluator) -> Res<Option<&Slot>> {
        let empty = or_null(ev, self.0, sym!("emptyValue"))?;
        Ok(get(ev, empty, sym!("value")))
    }

    /// `ty.typeMerge other.functor`: null if the types cannot be merged.
    pub fn merged_with(self, ev: &Evaluator, other: &Slot) -> Res<Value> {
        let merge = select(ev, self.0, sym!("typeMerge"))?;
        ev.call(merge, &[shared(ev, ev.force(other)?, sym!("functor"))?], Pos::NONE)
    }

    /// `ty.getSubOptions prefix`
    pub fn sub_options(self, ev: &Evaluator, prefix: Value) -> Res<Value> {
        ev.call(select(ev, self.0, sym!("getSubOptions"))?, &[prefix], Pos::NONE)
    }

    /// `ty.getSubOptions (prefix ++ [ step ])`
    pub fn sub_options_below(self, ev: &Evaluator, prefix: &Slot, step: Value) -> Res<Value> {
        let doing = "while evaluating one of the elements to concatenate";
        let prefix = ev.force_list(prefix, Pos::NONE, doing)?;
        let prefix = appended(ev, prefix, step)?;
        self.sub_options(ev, prefix)
    }

    /// `ty.getSubModules`
    pub fn sub_modules(self, ev: &Evaluator) -> Res<Value> {
        select(ev, self.0, sym!("getSubModules"))
    }

    /// `ty.nestedTypes.elemType`
    pub fn elem_type(self, ev: &Evaluator) -> Res<Value> {
        select(ev, select(ev, self.0, sym!("nestedTypes"))?, sym!("elemType"))
    }

    /// `ty // change`
    pub fn changed(self, ev: &Evaluator, change: Value) -> Res<Value> {
        Ok(ev.mem.update(self.0, change)?)
    }
}

suspended! {
    /// `elemType.substSubModules m`
    struct Substituted { elem_type, m }
}

impl Substituted<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let elem_type = ev.force(self.elem_type)?;
        apply(ev, attr(ev, elem_type, sym!("substSubModules"))?, &[share(ev, self.m)?])
    }
}

/// `elemType.substSubModules m`, suspended.
pub fn substituted(ev: &Evaluator, elem_type: Value, m: Value) -> Res<Value> {
    cell(ev, ev.delay(Substituted { elem_type, m })?)
}
