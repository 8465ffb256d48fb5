//! `types.addCheck`, and other small changes to types.

use super::checked_merge::{checked_merge, coherent_check, loc_and_defs};
use super::option_type::OptionType;
use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::modules::definitions::{Coherence, call_v2, has_v2, head_error};
use crate::native::record;
use crate::native::{attrs, holds, list, select, share};
use crate::value::{Value, peek, slot};

/// `lib.types.addCheck`
pub(super) static ADD_CHECK: Builtin = Builtin::hidden("addCheck", &["elemType", "check"], |ev, args, _| {
    let [elem_type, check] = exactly(args);
    let elem_type = ev.force(elem_type)?;
    add_check(ev, elem_type, share(ev, check)?)
});

record! {
    /// A new `check`.
    struct Check {
        check: "check",
    }
}

record! {
    /// A new `check`, and a merge function that uses it.
    struct CheckAndMerge {
        check: "check",
        merge: "merge",
    }
}

/// A type (forced) with an additional check, which may be suspended.
pub(super) fn add_check(ev: &Evaluator, elem_type: Value, check: Value) -> Res<Value> {
    static BOTH: Builtin = Builtin::hidden("check", &["elemType", "check", "x"], |ev, args, _| {
        let [elem_type, check, x] = exactly(args);
        both(ev, elem_type, check, x)
    });
    static BOTH_OF_SET: Builtin =
        Builtin::hidden("check", &["elemType", "check", "self", "x"], |ev, args, _| {
            let [elem_type, check, _, x] = exactly(args);
            both(ev, elem_type, check, x)
        });
    let change = match has_v2(ev, elem_type)? {
        false => Check { check: ev.partial(&BOTH, &[elem_type, check])? }.set(ev)?,
        true => {
            let both = coherent_check(ev, ev.partial(&BOTH_OF_SET, &[elem_type, check])?)?;
            let merge = checked_merge(ev, ev.partial(&CHECKED_V2, &[elem_type, check])?)?;
            CheckAndMerge { check: both, merge }.set(ev)?
        }
    };
    OptionType::of(elem_type).changed(ev, change)
}

/// `elemType.check x && check x`
fn both(ev: &Evaluator, elem_type: &Slot, check: &Slot, x: &Slot) -> Res<Value> {
    let elem_type = OptionType::force(ev, elem_type)?;
    let x = share(ev, x)?;
    Ok(Value::bool(elem_type.accepts(ev, x)? && holds(ev, check, &[x])?))
}

record! {
    /// A new error.
    struct HeadError {
        head_error: "headError",
    }
}

suspended! {
    /// The `headError` of the type itself, or else that of the added check.
    struct Checked { result, check, defs }
}

impl Checked<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let own = select(ev, peek(self.result), sym!("headError"))?;
        if own != Value::NULL {
            return Ok(own);
        }
        let defs = list(ev, self.defs)?;
        head_error(ev, ev.force(self.check)?, defs)
    }
}

static CHECKED_V2: Builtin = Builtin::hidden("v2", &["elemType", "check", "args"], |ev, args, _| {
    let [elem_type, check, arg] = exactly(args);
    let [loc, defs] = loc_and_defs(ev, arg)?;
    let result = call_v2(ev, loc, ev.force(elem_type)?, defs, Coherence::Short)?;
    let result = attrs(ev, &slot(result))?;
    let head_error = ev.delay(Checked { result, check: share(ev, check)?, defs })?;
    Ok(ev.mem.update(result, HeadError { head_error }.set(ev)?)?)
});

record! {
    /// A new name and description.
    struct NameAndDescription {
        name: "name",
        description: "description",
    }
}

/// A type with another name and description.
pub(super) fn renamed(ev: &Evaluator, ty: Value, name: Value, description: Value) -> Res<Value> {
    OptionType::of(ty).changed(ev, NameAndDescription { name, description }.set(ev)?)
}

record! {
    /// A new class of the description.
    struct DescriptionClass {
        class: "descriptionClass",
    }
}

/// A type whose description has another class.
pub(super) fn with_class(ev: &Evaluator, ty: Value, class: Value) -> Res<Value> {
    OptionType::of(ty).changed(ev, DescriptionClass { class }.set(ev)?)
}

/// A type whose check is replaced.
pub(super) fn with_check(ev: &Evaluator, ty: Value, check: Value) -> Res<Value> {
    OptionType::of(ty).changed(ev, Check { check }.set(ev)?)
}
