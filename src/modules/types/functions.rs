//! `types.functionTo`: functions whose results are merged.

use super::functor::{elem_type_functor, only_elem_type, payload_elem_type};
use super::make::{Spec, symbol};
use super::option_type::{OptionType, PLAIN, substituted};
use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::modules::definitions::Merge;
use crate::modules::definitions::Raw;
use crate::modules::definitions::{definitions, path_of, value_of};
use crate::native::record;
use crate::native::{
    appended, apply, attr, attrs, cell, delay_select, function_args, is_function, share, shared, shared_args,
    truth,
};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, slot};

/// The text that represents a function's result in paths.
pub(super) const BODY: &str = "<function body>";

/// `lib.types.functionTo`
pub(super) static FUNCTION_TO: Builtin = Builtin::hidden("functionTo", &["elemType"], |ev, args, _| {
    let [elem_type] = shared_args(ev, args)?;
    function_to(ev, elem_type)
});

suspended! {
    /// `"function that evaluates to a(n) ${optionDescriptionPhrase … elemType}"`
    struct FunctionDescription { elem_type }
}

impl FunctionDescription<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let phrase = OptionType::force(ev, self.elem_type)?.phrase(ev, &PLAIN)?;
        Ok(ev.mem.str(&format!("function that evaluates to a(n) {phrase}"))?)
    }
}

fn function_to(ev: &Evaluator, elem_type: Value) -> Res<Value> {
    static OF_PAYLOAD: Builtin = Builtin::hidden("type", &["payload"], |ev, args, _| {
        let [payload] = exactly(args);
        function_to(ev, payload_elem_type(ev, payload)?)
    });
    static SUBST: Builtin = Builtin::hidden("substSubModules", &["elemType", "m"], |ev, args, _| {
        let [elem_type, m] = shared_args(ev, args)?;
        function_to(ev, substituted(ev, elem_type, m)?)
    });
    static CHECK: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        let [x] = exactly(args);
        Ok(Value::bool(is_function(ev, ev.force(x)?)?))
    });
    static OPTIONS: Builtin = Builtin::hidden("getSubOptions", &["elemType", "prefix"], |ev, args, _| {
        let [elem_type, prefix] = exactly(args);
        OptionType::force(ev, elem_type)?.sub_options_below(ev, prefix, ev.mem.str(BODY)?)
    });
    let spec = Spec {
        description: ev.delay(FunctionDescription { elem_type })?,
        class: symbol(ev, "composite")?,
        check: ev.builtin(&CHECK),
        merge: ev.partial(&MERGE, &[elem_type])?,
        sub_options: ev.partial(&OPTIONS, &[elem_type])?,
        sub_modules: delay_select(ev, elem_type, sym!("getSubModules"))?,
        subst: ev.partial(&SUBST, &[elem_type])?,
        functor: elem_type_functor(ev, "functionTo", ev.builtin(&OF_PAYLOAD), elem_type)?,
        nested: only_elem_type(ev, elem_type)?,
        ..Spec::new(ev, "functionTo")?
    };
    spec.build(ev)
}

record! {
    /// A set that acts as a function.
    struct Function {
        args: "__functionArgs",
        functor: "__functor",
    }
}

suspended! {
    /// The parts of a merged function. Both are suspended, which is visible in messages that print the set.
    struct MergedFunction { elem_type, loc, defs } => struct MergedFunctionParts {
        args,
        functor,
    }
}

impl MergedFunction<&Slot> {
    fn args(self, ev: &Evaluator) -> Res<Value> {
        all_args(ev, definitions(ev, self.defs)?)
    }

    fn functor(self, ev: &Evaluator) -> Res<Value> {
        ev.partial(&CALL, &[share(ev, self.elem_type)?, share(ev, self.loc)?, share(ev, self.defs)?])
    }
}

/// A function that merges the results of all definitions.
static MERGE: Builtin = Builtin::hidden("merge", &["elemType", "loc", "defs"], |ev, args, _| {
    let [elem_type, loc, defs] = shared_args(ev, args)?;
    let parts = MergedFunction { elem_type, loc, defs }.parts(ev)?;
    Function { args: parts.args, functor: parts.functor }.set(ev)
});

static CALL: Builtin =
    Builtin::hidden("functionTo", &["elemType", "loc", "defs", "self", "callerArgs"], |ev, args, _| {
        let [elem_type, loc, defs, _, caller_args] = exactly(args);
        let loc = appended(ev, path_of(ev, loc)?, ev.mem.str(BODY)?)?;
        let caller_args = share(ev, caller_args)?;
        let mut words = Vec::new();
        for def in definitions(ev, defs)? {
            words.extend(called(ev, def, caller_args)?.words());
        }
        let merge = Merge::of_raw(ev, loc, share(ev, elem_type)?, ev.mem.list(&words)?)?;
        ev.force(merge.value(ev))
    });

suspended! {
    /// `def.value arg`
    struct Called { def, arg }
}

impl Called<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let set = ev.force(self.def)?;
        apply(ev, attr(ev, set, sym!("value"))?, &[share(ev, self.arg)?])
    }
}

/// The result of a definition's function for an argument, as a definition.
pub(super) fn called(ev: &Evaluator, def: &Slot, arg: Value) -> Res<Raw> {
    let value = cell(ev, ev.delay(Called { def: share(ev, def)?, arg })?)?;
    let file = shared(ev, ev.force(def)?, sym!("file"))?;
    Ok(Raw { file, value, props: Value::EMPTY_LIST, pos: Pos::NONE })
}

/// The arguments of all functions. An argument has a default if it has one in all of them.
fn all_args(ev: &Evaluator, defs: &[Slot]) -> Res<Value> {
    let mut all: Vec<(Sym, Value)> = Vec::new();
    for def in defs {
        let args = slot(function_args(ev, value_of(ev, def)?)?);
        for arg in ev.mem.entries(attrs(ev, &args)?) {
            all.push((arg.name, share(ev, arg.slot)?));
        }
    }
    all.sort_by_key(|(name, _)| *name);
    let mut set = AttrsBuilder::new();
    for group in all.chunk_by(|(a, _), (b, _)| a == b) {
        let Some((name, _)) = group.first() else { continue };
        let mut default = true;
        for (_, has) in group {
            default = default && truth(ev, ev.force_value(*has)?)?;
        }
        set.push(*name, Value::bool(default));
    }
    Ok(ev.mem.attrs(set)?)
}
