//! The functions and types in `lib.types` that deal with types: `optionType`, `mergeTypes`, `isType` …

use super::make::Spec;
use super::modules::plain_definition;
use super::option_type::OptionType;
use super::services::{Declaration, Services};
use crate::eval::{Builtin, Evaluator, Res, exactly};
use crate::modules::definitions::{definitions, path_of, value_of};
use crate::native::record;
use crate::native::{Text, apply, assert, attr, get, interpolate, is_type, share, shared, shared_or, truth};
use crate::source::Pos;
use crate::value::Value;

/// `isOptionType v` of a forced value.
fn is_option_type(ev: &Evaluator, v: Value) -> Res<bool> {
    is_type(ev, v, b"option-type")
}

/// `lib.types.isOptionType`
pub(super) static IS_OPTION_TYPE: Builtin = Builtin::hidden("isOptionType", &["x"], |ev, args, _| {
    let [x] = exactly(args);
    Ok(Value::bool(is_option_type(ev, ev.force(x)?)?))
});

/// `lib.types.optionType`: the type of types.
pub(super) fn option_type(ev: &Evaluator) -> Res<Value> {
    static CHECK: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        let [x] = exactly(args);
        Ok(Value::bool(is_option_type(ev, ev.force(x)?)?))
    });
    let spec = Spec::noun(ev, "optionType", "optionType")?;
    Spec { check: ev.builtin(&CHECK), merge: ev.builtin(&MERGE_TYPES), ..spec }.build(ev)
}

record! {
    /// An option with a type.
    struct OfType {
        tag: "_type",
        ty: "type",
    }
}

/// Merges several types as if they were the types of several declarations of one option.
static MERGE_TYPES: Builtin = Builtin::hidden("merge", &["loc", "defs"], |ev, args, _| {
    let [loc, defs] = exactly(args);
    let defs = definitions(ev, defs)?;
    if let [only] = defs {
        return value_of(ev, only);
    }
    let loc = path_of(ev, loc)?;
    let mut declarations = Vec::with_capacity(defs.len());
    for def in defs {
        let set = ev.force(def)?;
        plain_definition(ev, set)?;
        let ty = shared(ev, set, sym!("value"))?;
        let option = OfType { tag: Value::symbol(sym!("option")), ty }.set(ev)?;
        declarations.push(Declaration { file: shared(ev, set, sym!("file"))?, option });
    }
    let services = Services::of(ev)?;
    let merged = (services.merge_declarations)(ev, loc, &declarations)?;
    (services.fixed_type)(ev, merged)
});

record! {
    /// The result of `mergeTypes` for types that cannot be merged.
    struct MergeError {
        tag: "_type",
        error: "error",
    }
}

/// `lib.types.mergeTypes`
pub(super) static MERGE_TWO: Builtin = Builtin::hidden("mergeTypes", &["a", "b"], |ev, args, _| {
    let [a, b] = exactly(args);
    let (a_value, b_value) = (ev.force(a)?, ev.force(b)?);
    let both = is_option_type(ev, a_value)? && is_option_type(ev, b_value)?;
    assert(both, "((isOptionType a) && (isOptionType b))")?;
    match OptionType::of(a_value).merged_with(ev, b)? {
        Value::NULL => {
            MergeError { tag: ev.mem.str("merge-error")?, error: ev.mem.str("Cannot merge types")? }.set(ev)
        }
        merged => Ok(merged),
    }
});

/// `lib.types.optionDescriptionPhrase`
pub(super) static DESCRIPTION_PHRASE: Builtin =
    Builtin::hidden("optionDescriptionPhrase", &["unparenthesize", "t"], |ev, args, _| {
        let [unparenthesize, ty] = exactly(args);
        let ty = ev.force(ty)?;
        let class = shared_or(ev, ty, sym!("descriptionClass"), Value::NULL)?;
        let plain = apply(ev, unparenthesize, &[class])?;
        let description = attr(ev, ty, sym!("description"))?;
        if truth(ev, plain)? {
            return ev.force(description);
        }
        Text::new().put("(").add(ev, interpolate(ev, description)?).put(")").finish(ev)
    });

/// `lib.types.isType`
pub(super) static IS_TYPE: Builtin = Builtin::hidden("isType", &["type", "x"], |ev, args, _| {
    let [ty, x] = exactly(args);
    let v = ev.force(x)?;
    let own = match get(ev, v, sym!("_type")) {
        Some(own) => ev.force(own)?,
        None => Value::symbol(sym!("")),
    };
    Ok(Value::bool(ev.equal_values(own, ev.force(ty)?, Pos::NONE)?))
});

record! {
    /// A new `_type`.
    struct Tag {
        tag: "_type",
    }
}

/// `lib.types.setType`
pub(super) static SET_TYPE: Builtin = Builtin::hidden("setType", &["typeName", "value"], |ev, args, _| {
    let [name, value] = exactly(args);
    let doing = "in the left operand of the update (//) operator";
    let set = ev.force_attrs(value, Pos::NONE, doing)?;
    Ok(ev.mem.update(set, Tag { tag: share(ev, name)? }.set(ev)?)?)
});
