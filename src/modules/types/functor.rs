//! Functors of types: how the types of two declarations of an option merge if they have the same name.

use super::option_type::OptionType;
use super::services::Services;
use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::record;
use crate::native::{CONST, attr, failed_assertion, select, share, shared, text};
use crate::source::Pos;
use crate::value::Value;

record! {
    /// The set on which `typeMerge` is based.
    struct Functor {
        name: "name",
        /// The function from a payload to the type; without a payload, the type itself.
        ty: "type",
        payload: "payload",
        /// Merges two payloads into one, or returns null.
        bin_op: "binOp",
    }
}

/// A functor: its name, the function from a payload to the type, the payload, and the function to merge payloads.
pub fn functor(ev: &Evaluator, name: &str, ty: Value, payload: Value, bin_op: Value) -> Res<Value> {
    let name = Value::symbol(ev.intern(name)?);
    Functor { name, ty, payload, bin_op }.set(ev)
}

suspended! {
    /// `defaultFunctor name`
    struct DefaultFunctor { name }
}

impl DefaultFunctor<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        new_default_functor(ev, share(ev, self.name)?)
    }
}

/// `defaultFunctor name`, suspended.
pub(super) fn default_functor(ev: &Evaluator, name: Value) -> Res<Value> {
    ev.delay(DefaultFunctor { name })
}

suspended! {
    /// `types.${name} or null`
    struct Named { name }
}

impl Named<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let name = ev.force_string(self.name, Pos::NONE, "while evaluating an attribute name")?;
        let found = (Services::of(ev)?.lookup)(ev, &text(ev, name))?;
        Ok(found.unwrap_or(Value::NULL))
    }
}

fn new_default_functor(ev: &Evaluator, name: Value) -> Res<Value> {
    let ty = ev.delay(Named { name })?;
    Functor { name, ty, payload: Value::NULL, bin_op: nothing(ev)? }.set(ev)
}

/// `a: b: null`, the `binOp` of types that cannot be merged.
pub(super) fn nothing(ev: &Evaluator) -> Res<Value> {
    ev.partial(&CONST, &[ev.partial(&CONST, &[Value::NULL])?])
}

/// `lib.types.defaultFunctor`
pub(super) static DEFAULT_FUNCTOR: Builtin = Builtin::hidden("defaultFunctor", &["name"], |ev, args, _| {
    let [name] = exactly(args);
    new_default_functor(ev, share(ev, name)?)
});

/// `lib.types.defaultTypeMerge`: merges two functors with the same name to a type, or returns null.
pub(super) static DEFAULT_TYPE_MERGE: Builtin =
    Builtin::hidden("defaultTypeMerge", &["f", "f'"], |ev, args, _| {
        let [f, other] = exactly(args);
        let (f, other) = (ev.force(f)?, ev.force(other)?);
        let (name, other_name) = (select(ev, f, sym!("name"))?, select(ev, other, sym!("name"))?);
        if !ev.equal_values(name, other_name, Pos::NONE)? {
            return Ok(Value::NULL);
        }
        let has_payload = |f| -> Res<bool> { Ok(select(ev, f, sym!("payload"))? != Value::NULL) };
        if has_payload(other)? != has_payload(f)? {
            return Err(failed_assertion("((f'.payload != null) == (f.payload != null))"));
        }
        if !has_payload(f)? {
            return select(ev, f, sym!("type"));
        }
        let payloads = [shared(ev, f, sym!("payload"))?, shared(ev, other, sym!("payload"))?];
        match ev.call(select(ev, f, sym!("binOp"))?, &payloads, Pos::NONE)? {
            Value::NULL => Ok(Value::NULL),
            merged => ev.call(select(ev, f, sym!("type"))?, &[merged], Pos::NONE),
        }
    });

// Types with one element type.

record! {
    /// `{ inherit elemType; }`
    struct ElemType {
        elem_type: "elemType",
    }
}

/// `{ inherit elemType; }`, as nested types or as a payload.
pub(super) fn only_elem_type(ev: &Evaluator, elem_type: Value) -> Res<Value> {
    ElemType { elem_type }.set(ev)
}

/// `elemTypeFunctor name { inherit elemType; }`; `ty` is the function from a payload to the type.
pub(super) fn elem_type_functor(ev: &Evaluator, name: &str, ty: Value, elem_type: Value) -> Res<Value> {
    functor(ev, name, ty, only_elem_type(ev, elem_type)?, ev.builtin(&MERGE_ELEM_TYPES))
}

/// Merges two payloads with only `elemType`; null if the types cannot be merged.
static MERGE_ELEM_TYPES: Builtin = Builtin::hidden("binOp", &["a", "b"], |ev, args, _| {
    let [a, b] = exactly(args);
    match merged_elem_type(ev, ev.force(a)?, ev.force(b)?)? {
        Value::NULL => Ok(Value::NULL),
        merged => only_elem_type(ev, merged),
    }
});

/// `a.elemType.typeMerge b.elemType.functor` of two payloads.
pub(super) fn merged_elem_type(ev: &Evaluator, a: Value, b: Value) -> Res<Value> {
    let elem_type = OptionType::force(ev, attr(ev, a, sym!("elemType"))?)?;
    elem_type.merged_with(ev, attr(ev, b, sym!("elemType"))?)
}

/// `payload.elemType`, for functions from a payload to a type.
pub(super) fn payload_elem_type(ev: &Evaluator, payload: &Slot) -> Res<Value> {
    let payload = ev.force(payload)?;
    shared(ev, payload, sym!("elemType"))
}
