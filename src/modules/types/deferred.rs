//! `types.deferredModule`: modules to be imported elsewhere.

use super::functor::functor;
use super::make::{Spec, symbol};
use super::modules::is_module;
use super::services::Services;
use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::modules::definitions::{definitions, path_of};
use crate::modules::loading::located_module;
use crate::modules::messages;
use crate::native::record;
use crate::native::{Text, attr, cell, concat, delay_select, list, share, shared, shared_args, shared_or};
use crate::value::Value;

/// The arguments of `deferredModuleWith`.
const DEFERRED_MODULE_WITH_ARGS: Formals =
    Formals { arg: 1, names: &[("staticModules", true)], ellipsis: false };

/// `lib.types.deferredModuleWith`; its first argument is the library.
pub(super) static DEFERRED_WITH: Builtin =
    Builtin::hidden("deferredModuleWith", &["lib", "args"], |ev, args, pos| {
        let [lib, given] = exactly(args);
        let set = ev.force_formals("deferredModuleWith", given, &DEFERRED_MODULE_WITH_ARGS, pos)?;
        deferred_with(ev, share(ev, lib)?, shared_or(ev, set, sym!("staticModules"), Value::EMPTY_LIST)?)
    })
    .with_formals(&[DEFERRED_MODULE_WITH_ARGS]);

/// `lib.types.deferredModule`
pub(super) fn deferred(ev: &Evaluator, lib: Value) -> Res<Value> {
    deferred_with(ev, lib, Value::EMPTY_LIST)
}

record! {
    /// The payload of `deferredModuleWith`.
    struct DeferredPayload {
        modules: "staticModules",
    }
}

record! {
    /// The arguments of `submoduleWith`.
    struct Modules {
        modules: "modules",
    }
}

/// The type of modules to be imported elsewhere, together with `modules`, which are always included.
fn deferred_with(ev: &Evaluator, lib: Value, modules: Value) -> Res<Value> {
    static CHECK: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        let [x] = exactly(args);
        Ok(Value::bool(is_module(ev, x)?))
    });
    static SUBST: Builtin = Builtin::hidden("substSubModules", &["lib", "m"], |ev, args, _| {
        let [lib, m] = shared_args(ev, args)?;
        deferred_with(ev, lib, m)
    });
    static BOTH: Builtin = Builtin::hidden("binOp", &["lhs", "rhs"], |ev, args, _| {
        let [left, right] = shared_args(ev, args)?;
        DeferredPayload { modules: ev.delay(StaticModules { left, right })? }.set(ev)
    });
    let submodule = (Services::of(ev)?.submodule_with)(ev, lib, Modules { modules }.set(ev)?)?;
    let payload = DeferredPayload { modules }.set(ev)?;
    let of_payload = ev.partial(&DEFERRED_WITH, &[lib])?;
    let spec = Spec {
        description: Value::symbol(sym!("module")),
        class: symbol(ev, "noun")?,
        check: ev.builtin(&CHECK),
        merge: ev.partial(&MERGE, &[modules])?,
        sub_options: delay_select(ev, submodule, sym!("getSubOptions"))?,
        sub_modules: delay_select(ev, submodule, sym!("getSubModules"))?,
        subst: ev.partial(&SUBST, &[lib])?,
        functor: functor(ev, "deferredModuleWith", of_payload, payload, ev.builtin(&BOTH))?,
        ..Spec::new(ev, "deferredModule")?
    };
    spec.build(ev)
}

suspended! {
    /// `left.staticModules ++ right.staticModules`
    struct StaticModules { left, right }
}

impl StaticModules<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let modules =
            |payload| -> Res<Value> { list(ev, attr(ev, ev.force(payload)?, sym!("staticModules"))?) };
        concat(ev, &[modules(self.left)?, modules(self.right)?])
    }
}

record! {
    /// A module that imports others.
    struct Imports {
        imports: "imports",
    }
}

static MERGE: Builtin = Builtin::hidden("merge", &["staticModules", "loc", "defs"], |ev, args, _| {
    let [modules, loc, defs] = shared_args(ev, args)?;
    Imports { imports: ev.delay(DeferredModules { modules, loc, defs })? }.set(ev)
});

suspended! {
    /// `modules ++ map (def: setDefaultModuleLocation … def.value) defs`
    struct DeferredModules { modules, loc, defs }
}

impl DeferredModules<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let fixed = list(ev, self.modules)?;
        let mut modules = Vec::new();
        for def in definitions(ev, self.defs)? {
            let file = DeferredFile { def: share(ev, def)?, loc: share(ev, self.loc)? };
            let file = cell(ev, ev.delay(file)?)?;
            modules.push(located_module(ev, file, shared(ev, ev.force(def)?, sym!("value"))?)?);
        }
        concat(ev, &[fixed, ev.mem.list(&modules)?])
    }
}

suspended! {
    /// `"${def.file}, via option ${showOption loc}"`
    struct DeferredFile { def, loc }
}

impl DeferredFile<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let def = ev.force(self.def)?;
        let path = messages::option(ev, path_of(ev, self.loc)?)?;
        Text::new().interpolate(ev, attr(ev, def, sym!("file"))?)?.put(", via option ").put(path).finish(ev)
    }
}
