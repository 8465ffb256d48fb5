//! `types.coercedTo`: values of one type, converted to another by a function.

use super::checked_merge::{Checked, checked_merge, coherent_check, loc_and_defs};
use super::functor::default_functor;
use super::make::{Spec, symbol};
use super::option_type::{OptionType, substituted};
use crate::eval::{Builtin, Error, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::modules::definitions::{Coherence, call_v2, has_v2, head_error};
use crate::native::record;
use crate::native::{
    CONST, apply, attr, cell, delay_select, items, list, select, share, shared, shared_args, throw,
};
use crate::value::{Value, peek};

/// `lib.types.coercedTo`
pub(super) static COERCED_TO: Builtin =
    Builtin::hidden("coercedTo", &["coercedType", "coerceFunc", "finalType"], |ev, args, _| {
        let [from, f, to] = shared_args(ev, args)?;
        coerced_to(ev, from, f, to)
    });

record! {
    /// The nested types of `coercedTo`.
    struct FromAndTo {
        from: "coercedType",
        to: "finalType",
    }
}

suspended! {
    /// `"${optionDescriptionPhrase … to} or ${optionDescriptionPhrase … from} convertible to it"`
    struct CoercedDescription { from, to }
}

impl CoercedDescription<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let to = OptionType::force(ev, self.to)?.phrase(ev, &["noun"])?;
        let from = OptionType::force(ev, self.from)?.phrase(ev, &["noun"])?;
        Ok(ev.mem.str(&format!("{to} or {from} convertible to it"))?)
    }
}

fn coerced_to(ev: &Evaluator, from: Value, f: Value, to: Value) -> Res<Value> {
    static CHECK: Builtin =
        Builtin::hidden("check", &["coercedType", "coerceFunc", "finalType", "self", "x"], |ev, args, _| {
            let [from, f, to, _, x] = exactly(args);
            let x = share(ev, x)?;
            if OptionType::force(ev, from)?.accepts(ev, x)? {
                let coerced = cell(ev, ev.delay_call(share(ev, f)?, &[x])?)?;
                if OptionType::force(ev, to)?.accepts(ev, coerced)? {
                    return Ok(Value::TRUE);
                }
            }
            Ok(Value::bool(OptionType::force(ev, to)?.accepts(ev, x)?))
        });
    static SUBST: Builtin = Builtin::hidden(
        "substSubModules",
        &["coercedType", "coerceFunc", "finalType", "m"],
        |ev, args, _| {
            let [from, f, to, m] = shared_args(ev, args)?;
            coerced_to(ev, from, f, substituted(ev, to, m)?)
        },
    );
    let coerced = OptionType::of(ev.force_value(from)?);
    if coerced.sub_modules(ev)? != Value::NULL {
        return Err(with_submodules(ev, coerced)?);
    }
    let all = [from, f, to];
    let spec = Spec {
        description: ev.delay(CoercedDescription { from, to })?,
        check: coherent_check(ev, ev.partial(&CHECK, &all)?)?,
        merge: checked_merge(ev, ev.partial(&COERCED_V2, &all)?)?,
        empty: delay_select(ev, to, sym!("emptyValue"))?,
        sub_options: delay_select(ev, to, sym!("getSubOptions"))?,
        sub_modules: delay_select(ev, to, sym!("getSubModules"))?,
        subst: ev.partial(&SUBST, &all)?,
        type_merge: ev.partial(&CONST, &[Value::NULL])?,
        functor: default_functor(ev, symbol(ev, "coercedTo")?)?,
        nested: FromAndTo { from, to }.set(ev)?,
        ..Spec::new(ev, "coercedTo")?
    };
    spec.build(ev)
}

/// The error for a `coercedType` with submodules.
#[cold]
fn with_submodules(ev: &Evaluator, ty: OptionType) -> Res<Error> {
    let description = ty.description(ev)?;
    Ok(throw(format!("coercedTo: coercedType must not have submodules (it’s a {description})")))
}

static COERCED_V2: Builtin =
    Builtin::hidden("v2", &["coercedType", "coerceFunc", "finalType", "args"], |ev, args, _| {
        let [from, f, to, arg] = exactly(args);
        let [loc, defs] = loc_and_defs(ev, arg)?;
        let (from, f) = (share(ev, from)?, share(ev, f)?);
        let coerced = cell(ev, ev.delay(CoercedDefinitions { from, f, loc, defs })?)?;
        let to = ev.force(to)?;
        if has_v2(ev, to)? {
            return call_v2(ev, loc, to, coerced, Coherence::Short);
        }
        let parts = Merged { from, f, to, loc, defs, coerced }.parts(ev)?;
        Checked { head_error: parts.head_error, value: parts.value, value_meta: Value::EMPTY_SET }.set(ev)
    });

suspended! {
    /// The result of `coercedTo` if the final type has no `merge.v2`.
    struct Merged { from, f, to, loc, defs, coerced } => struct MergedParts {
        head_error,
        value,
    }
}

impl Merged<&Slot> {
    fn head_error(self, ev: &Evaluator) -> Res<Value> {
        let (from, f, to) = (share(ev, self.from)?, share(ev, self.f)?, share(ev, self.to)?);
        let check = OptionType::of(coerced_to(ev, from, f, to)?).check(ev)?;
        head_error(ev, check, list(ev, self.defs)?)
    }

    fn value(self, ev: &Evaluator) -> Res<Value> {
        let to = OptionType::force(ev, self.to)?;
        to.merged(ev, share(ev, self.loc)?, share(ev, self.coerced)?)
    }
}

suspended! {
    /// The definitions, with the values that have the type `coercedType` coerced.
    struct CoercedDefinitions { from, f, loc, defs }
}

impl CoercedDefinitions<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let defs = list(ev, self.defs)?;
        let (from, f, loc) = (share(ev, self.from)?, share(ev, self.f)?, share(ev, self.loc)?);
        ev.delayed_list(CoercedDefinition { from, f, loc, defs }, defs.list_len())
    }
}

record! {
    /// A new value.
    struct WithValue {
        value: "value",
    }
}

suspended! {
    /// A definition with a coerced value.
    struct CoercedDefinition { from, f, loc, defs } []
}

impl CoercedDefinition<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let def = ev.force(&items(ev, self.defs)?[index])?;
        let (from, f, loc) = (share(ev, self.from)?, share(ev, self.f)?, share(ev, self.loc)?);
        let value = ev.delay(Coerced { from, f, loc, def })?;
        Ok(ev.mem.update(def, WithValue { value }.set(ev)?)?)
    }
}

suspended! {
    /// The value of a definition, coerced if it has the type `coercedType`.
    struct Coerced { from, f, loc, def }
}

impl Coerced<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let (from, def) = (ev.force(self.from)?, peek(self.def));
        let fits = match has_v2(ev, from)? {
            true => {
                let loc = share(ev, self.loc)?;
                let checked = call_v2(ev, loc, from, ev.mem.list(&[def])?, Coherence::Short)?;
                select(ev, checked, sym!("headError"))? == Value::NULL
            }
            false => OptionType::of(from).accepts(ev, shared(ev, def, sym!("value"))?)?,
        };
        match fits {
            true => apply(ev, self.f, &[shared(ev, def, sym!("value"))?]),
            false => ev.force(attr(ev, def, sym!("value"))?),
        }
    }
}
