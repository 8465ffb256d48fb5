//! Types that wrap one other type: `nullOr`, `uniq`, `unique`.

use super::functor::{elem_type_functor, only_elem_type, payload_elem_type};
use super::make::{Spec, symbol};
use super::option_type::{OptionType, substituted};
use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::modules::definitions::VALUE;
use crate::modules::definitions::{definitions, path_of, unique as merge_unique, value_of};
use crate::modules::messages;
use crate::native::{cell, delay_select, share, shared, shared_args, throw};
use crate::value::{Value, slot};

/// `lib.types.nullOr`
pub(super) static NULL_OR: Builtin = Builtin::hidden("nullOr", &["elemType"], |ev, args, _| {
    let [elem_type] = shared_args(ev, args)?;
    null_or(ev, elem_type)
});

suspended! {
    /// `"null or ${optionDescriptionPhrase … elemType}"`
    struct NullOrDescription { elem_type }
}

impl NullOrDescription<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let phrase = OptionType::force(ev, self.elem_type)?.phrase(ev, &["noun", "conjunction"])?;
        Ok(ev.mem.str(&format!("null or {phrase}"))?)
    }
}

/// Null, or a value of type `elem_type`, which may be suspended.
pub fn null_or(ev: &Evaluator, elem_type: Value) -> Res<Value> {
    static OF_PAYLOAD: Builtin = Builtin::hidden("type", &["payload"], |ev, args, _| {
        let [payload] = exactly(args);
        null_or(ev, payload_elem_type(ev, payload)?)
    });
    static SUBST: Builtin = Builtin::hidden("substSubModules", &["elemType", "m"], |ev, args, _| {
        let [elem_type, m] = shared_args(ev, args)?;
        null_or(ev, substituted(ev, elem_type, m)?)
    });
    static CHECK: Builtin = Builtin::hidden("check", &["elemType", "x"], |ev, args, _| {
        let [elem_type, x] = exactly(args);
        if ev.force(x)? == Value::NULL {
            return Ok(Value::TRUE);
        }
        Ok(Value::bool(OptionType::force(ev, elem_type)?.accepts(ev, share(ev, x)?)?))
    });
    let spec = Spec {
        description: ev.delay(NullOrDescription { elem_type })?,
        class: symbol(ev, "conjunction")?,
        check: ev.partial(&CHECK, &[elem_type])?,
        merge: ev.partial(&MERGE_NULLABLE, &[elem_type])?,
        empty: ev.mem.record(&VALUE, [Value::NULL])?,
        sub_options: delay_select(ev, elem_type, sym!("getSubOptions"))?,
        sub_modules: delay_select(ev, elem_type, sym!("getSubModules"))?,
        subst: ev.partial(&SUBST, &[elem_type])?,
        functor: elem_type_functor(ev, "nullOr", ev.builtin(&OF_PAYLOAD), elem_type)?,
        nested: only_elem_type(ev, elem_type)?,
        ..Spec::new(ev, "nullOr")?
    };
    spec.build(ev)
}

static MERGE_NULLABLE: Builtin = Builtin::hidden("merge", &["elemType", "loc", "defs"], |ev, args, _| {
    let [elem_type, loc, defs] = exactly(args);
    let all = definitions(ev, defs)?;
    let mut nulls = 0;
    for def in all {
        nulls += usize::from(value_of(ev, def)? == Value::NULL);
    }
    if nulls == 0 {
        return OptionType::force(ev, elem_type)?.merged(ev, share(ev, loc)?, share(ev, defs)?);
    }
    if nulls == all.len() {
        return Ok(Value::NULL);
    }
    let path = messages::option(ev, path_of(ev, loc)?)?;
    let files = messages::files_of(ev, all)?;
    Err(throw(format!("The option `{path}` is defined both null and not null, in {files}.")))
});

/// The arguments of `unique`.
const UNIQUE_ARGS: Formals = Formals { arg: 0, names: &[("message", false)], ellipsis: false };

/// `lib.types.unique`
pub(super) static UNIQUE: Builtin = Builtin::hidden("unique", &["args", "type"], |ev, args, pos| {
    let [given, ty] = exactly(args);
    let set = ev.force_formals("unique", given, &UNIQUE_ARGS, pos)?;
    unique(ev, shared(ev, set, sym!("message"))?, share(ev, ty)?)
})
.with_formals(&[UNIQUE_ARGS]);

/// `lib.types.uniq`
pub(super) static UNIQ: Builtin = Builtin::hidden("uniq", &["type"], |ev, args, _| {
    let [ty] = shared_args(ev, args)?;
    unique(ev, Value::symbol(sym!("")), ty)
});

/// A type that allows only one definition; `message` explains why.
pub(super) fn unique(ev: &Evaluator, message: Value, ty: Value) -> Res<Value> {
    static OF_PAYLOAD: Builtin = Builtin::hidden("type", &["message", "payload"], |ev, args, _| {
        let [message, payload] = exactly(args);
        unique(ev, share(ev, message)?, payload_elem_type(ev, payload)?)
    });
    // As in nixpkgs, the message is dropped here.
    static SUBST: Builtin = Builtin::hidden("substSubModules", &["type", "m"], |ev, args, _| {
        let [ty, m] = shared_args(ev, args)?;
        unique(ev, Value::symbol(sym!("")), substituted(ev, ty, m)?)
    });
    static MERGE: Builtin = Builtin::hidden("merge", &["message", "type", "loc", "defs"], |ev, args, _| {
        let [message, ty, loc, defs] = exactly(args);
        let merge = slot(delay_select(ev, share(ev, ty)?, sym!("merge"))?);
        merge_unique(ev, message, Some(&merge), loc, defs)
    });
    let ty = cell(ev, ty)?;
    let spec = Spec {
        description: delay_select(ev, ty, sym!("description"))?,
        class: delay_select(ev, ty, sym!("descriptionClass"))?,
        check: delay_select(ev, ty, sym!("check"))?,
        merge: ev.partial(&MERGE, &[message, ty])?,
        empty: delay_select(ev, ty, sym!("emptyValue"))?,
        sub_options: delay_select(ev, ty, sym!("getSubOptions"))?,
        sub_modules: delay_select(ev, ty, sym!("getSubModules"))?,
        subst: ev.partial(&SUBST, &[ty])?,
        functor: elem_type_functor(ev, "unique", ev.partial(&OF_PAYLOAD, &[message])?, ty)?,
        nested: only_elem_type(ev, ty)?,
        ..Spec::new(ev, "unique")?
    };
    spec.build(ev)
}
