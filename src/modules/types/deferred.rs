//! Types of modules and of types: `deferredModule`, `optionType`.

use super::make::{Spec, functor, inherit, noun};
use super::submodule::{is_module, plain_definition, submodule_with};
use crate::eval::{Builtin, Evaluator, Formals, Lazy, Res};
use crate::modules::declarations::{self, Decl};
use crate::modules::definitions::{definitions, path_of, value_of};
use crate::modules::loading::located_module;
use crate::modules::messages;
use crate::native::{Text, attr, cell, concat, interpolate, is_type, select, shared, shared_or};
use crate::source::Pos;
use crate::value::{Record, Value};

/// What `deferredModuleWith` is called with.
const DEFERRED_MODULE_WITH_ARGS: Formals =
    Formals { arg: 1, names: &[("staticModules", true)], ellipsis: false };

/// `lib.types.deferredModuleWith`; its first argument is the library.
pub(in crate::modules) static DEFERRED_WITH: Builtin =
    Builtin::hidden("deferredModuleWith", &["lib", "args"], |ev, args, pos| {
        let set = ev.force_formals("deferredModuleWith", &args[1], &DEFERRED_MODULE_WITH_ARGS, pos)?;
        deferred(ev, ev.mem.share(&args[0])?, shared_or(ev, set, sym!("staticModules"), Value::EMPTY_LIST)?)
    })
    .with_formals(&[DEFERRED_MODULE_WITH_ARGS]);

/// Modules to be imported elsewhere, with some that are always among them.
pub(super) fn deferred(ev: &Evaluator, lib: Value, modules: Value) -> Res<Value> {
    static PAYLOAD: Record<1> = Record::new(["staticModules"]);
    static MODULES: Record<1> = Record::new(["modules"]);
    static CHECK: Builtin =
        Builtin::hidden("check", &["x"], |ev, args, _| Ok(Value::bool(is_module(ev, &args[0])?)));
    static SUBST: Builtin = Builtin::hidden("substSubModules", &["lib", "m"], |ev, args, _| {
        deferred(ev, ev.mem.share(&args[0])?, ev.mem.share(&args[1])?)
    });
    static BOTH: Builtin = Builtin::hidden("binOp", &["lhs", "rhs"], |ev, args, _| {
        let payloads = [ev.mem.share(&args[0])?, ev.mem.share(&args[1])?];
        Ok(ev.mem.record(&PAYLOAD, [ev.delay_raw(&ALL_MODULES, &payloads)?])?)
    });
    let submodule = submodule_with(ev, lib, ev.mem.record(&MODULES, [modules])?)?;
    let payload = ev.mem.record(&PAYLOAD, [modules])?;
    let of_payload = ev.partial(&DEFERRED_WITH, &[lib])?;
    let spec = Spec {
        description: Value::symbol(sym!("module")),
        class: noun(ev)?,
        check: ev.builtin(&CHECK),
        merge: ev.partial(&MERGE, &[modules])?,
        sub_options: inherit(ev, submodule, sym!("getSubOptions"))?,
        sub_modules: inherit(ev, submodule, sym!("getSubModules"))?,
        subst: ev.partial(&SUBST, &[lib])?,
        functor: functor(ev, "deferredModuleWith", of_payload, payload, ev.builtin(&BOTH))?,
        ..Spec::new(ev, "deferredModule")?
    };
    spec.build(ev)
}

static ALL_MODULES: Lazy = Lazy {
    name: "types.staticModules",
    run: |ev, captures, _| {
        let list = |i: usize| -> Res<Value> {
            let payload = ev.force(&captures[i])?;
            ev.force_list(attr(ev, payload, sym!("staticModules"))?, Pos::NONE, "")
        };
        concat(ev, &[list(0)?, list(1)?])
    },
};

static MERGE: Builtin = Builtin::hidden("merge", &["staticModules", "loc", "defs"], |ev, args, _| {
    static IMPORTS: Record<1> = Record::new(["imports"]);
    static LATER: Lazy = Lazy {
        name: "types.deferredModules",
        run: |ev, captures, _| {
            let fixed = ev.force_list(&captures[0], Pos::NONE, "")?;
            let mut modules = Vec::new();
            for def in definitions(ev, &captures[2])? {
                let set = ev.mem.share(def)?;
                let file = cell(ev, ev.delay_raw(&FILE, &[set, ev.mem.share(&captures[1])?])?)?;
                modules.push(located_module(ev, file, shared(ev, ev.force(def)?, sym!("value"))?)?);
            }
            concat(ev, &[fixed, ev.mem.list(&modules)?])
        },
    };
    let captures = [ev.mem.share(&args[0])?, ev.mem.share(&args[1])?, ev.mem.share(&args[2])?];
    Ok(ev.mem.record(&IMPORTS, [ev.delay_raw(&LATER, &captures)?])?)
});

/// Where a deferred module comes from: a file, and the option that it went through.
static FILE: Lazy = Lazy {
    name: "types.deferredFile",
    run: |ev, captures, _| {
        let def = ev.force(&captures[0])?;
        let path = messages::option(ev, path_of(ev, &captures[1])?)?;
        let mut out = Text::default();
        out.interpolate(ev, attr(ev, def, sym!("file"))?)?.put(", via option ").put(path);
        out.finish(ev)
    },
};

/// `lib.types.optionType`: the type of types.
pub(super) fn option_type(ev: &Evaluator) -> Res<Value> {
    static CHECK: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        Ok(Value::bool(is_type(ev, ev.force(&args[0])?, b"option-type")?))
    });
    let spec = Spec::noun(ev, "optionType", "optionType")?;
    Spec { check: ev.builtin(&CHECK), merge: ev.builtin(&MERGE_TYPES), ..spec }.build(ev)
}

/// Several types become one as those of an option that is declared several times do.
static MERGE_TYPES: Builtin = Builtin::hidden("merge", &["loc", "defs"], |ev, args, _| {
    let defs = definitions(ev, &args[1])?;
    if let [only] = defs {
        return value_of(ev, only);
    }
    let loc = path_of(ev, &args[0])?;
    let mut decls = Vec::with_capacity(defs.len());
    for def in defs {
        let set = ev.force(def)?;
        plain_definition(ev, set)?;
        let ty = shared(ev, set, sym!("value"))?;
        let options = crate::modules::declarations::option_set(ev, &[("type", ty)])?;
        decls.push(Decl { file: shared(ev, set, sym!("file"))?, options, pos: Pos::NONE });
    }
    let merged = declarations::merge(ev, loc, &decls)?;
    declarations::fixed_type(ev, merged)
});

/// `lib.types.mergeTypes`
pub(in crate::modules) static MERGE_TWO: Builtin =
    Builtin::hidden("mergeTypes", &["a", "b"], |ev, args, _| {
        let (a, b) = (ev.force(&args[0])?, ev.force(&args[1])?);
        if !is_type(ev, a, b"option-type")? || !is_type(ev, b, b"option-type")? {
            return Err(crate::native::failed_assertion("((isOptionType a) && (isOptionType b))"));
        }
        let merged =
            ev.call(select(ev, a, sym!("typeMerge"))?, &[shared(ev, b, sym!("functor"))?], Pos::NONE)?;
        if merged != Value::NULL {
            return Ok(merged);
        }
        static ERROR: Record<2> = Record::new(["_type", "error"]);
        Ok(ev.mem.record(&ERROR, [ev.mem.str("merge-error")?, ev.mem.str("Cannot merge types")?])?)
    });

/// `lib.types.optionDescriptionPhrase`
pub(in crate::modules) static DESCRIPTION_PHRASE: Builtin =
    Builtin::hidden("optionDescriptionPhrase", &["unparenthesize", "t"], |ev, args, _| {
        let ty = ev.force(&args[1])?;
        let class = shared_or(ev, ty, sym!("descriptionClass"), Value::NULL)?;
        let plain = ev.call(ev.force(&args[0])?, &[class], Pos::NONE)?;
        let description = attr(ev, ty, sym!("description"))?;
        if crate::native::truth(ev, plain)? {
            return ev.force(description);
        }
        let mut out = Text::default();
        out.put("(").add(ev, interpolate(ev, description)?).put(")");
        out.finish(ev)
    });

/// `lib.types.isType`
pub(in crate::modules) static IS_TYPE: Builtin = Builtin::hidden("isType", &["type", "x"], |ev, args, _| {
    let v = ev.force(&args[1])?;
    let own = match crate::native::get(ev, v, sym!("_type")) {
        Some(own) => ev.force(own)?,
        None => Value::symbol(sym!("")),
    };
    Ok(Value::bool(ev.equal_values(own, ev.force(&args[0])?, Pos::NONE)?))
});

/// `lib.types.setType`
pub(in crate::modules) static SET_TYPE: Builtin =
    Builtin::hidden("setType", &["typeName", "value"], |ev, args, _| {
        static TAG: Record<1> = Record::new(["_type"]);
        let doing = "in the left operand of the update (//) operator";
        let set = ev.force_attrs(&args[1], Pos::NONE, doing)?;
        Ok(ev.mem.update(set, ev.mem.record(&TAG, [ev.mem.share(&args[0])?])?)?)
    });

/// `lib.types.isOptionType`
pub(in crate::modules) static IS_OPTION_TYPE: Builtin =
    Builtin::hidden("isOptionType", &["x"], |ev, args, _| {
        Ok(Value::bool(is_type(ev, ev.force(&args[0])?, b"option-type")?))
    });
