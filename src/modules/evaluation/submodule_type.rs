//! `types.submodule` and `types.submoduleWith`: the types whose values are evaluations of modules.

use super::eval_modules::Evaluation;
use super::submodule::{Submodule, SubmoduleWith, freeform_of};
use super::submodule_modules::no_check_module;
use super::submodule_payload::{MERGE_PAYLOADS, SubmodulePayload};
use super::submodule_values::{IS_SUBMODULE, V2};
use crate::eval::{Builtin, Evaluator, Formals, Object as _, Res, exactly, suspended};
use crate::heap::Slot;
use crate::modules::definitions::VALUE;
use crate::modules::types::{OptionType, Spec, checked_merge, coherent_check, functor};
use crate::native::{Table, cell, computed, record, select, share, shared, shared_args, shared_or, with_lib};
use crate::value::Value;

/// The names in `lib.types` of types whose values are evaluations.
pub static SUBMODULE_TYPES: Table = Table {
    namespace: "types",
    entries: &[
        computed("noCheckForDocsModule", no_check_module),
        with_lib("submodule", &SUBMODULE),
        with_lib("submoduleWith", &SUBMODULE_WITH),
    ],
};

/// The arguments of `submoduleWith`.
const SUBMODULE_WITH_ARGS: Formals = Formals {
    arg: 1,
    names: &[
        ("modules", false),
        ("specialArgs", true),
        ("shorthandOnlyDefinesConfig", true),
        ("description", true),
        ("class", true),
    ],
    ellipsis: false,
};

/// `lib.types.submoduleWith`; its first argument is the library that is passed to modules.
static SUBMODULE_WITH: Builtin = Builtin::hidden("submoduleWith", &["lib", "args"], |ev, args, pos| {
    let [lib, given] = exactly(args);
    let set = ev.force_formals("submoduleWith", given, &SUBMODULE_WITH_ARGS, pos)?;
    submodule_with(ev, share(ev, lib)?, set)
})
.with_formals(&[SUBMODULE_WITH_ARGS]);

record! {
    /// The arguments that `submodule` passes to `submoduleWith`.
    struct Simple {
        modules: "modules",
        shorthand: "shorthandOnlyDefinesConfig",
    }
}

suspended! {
    /// `toList modules`
    struct ToList { modules }
}

impl ToList<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let v = ev.force(self.modules)?;
        if v.is_list() { Ok(v) } else { Ok(ev.mem.list(&[v])?) }
    }
}

/// `lib.types.submodule`
static SUBMODULE: Builtin = Builtin::hidden("submodule", &["lib", "modules"], |ev, args, _| {
    let [lib, modules] = shared_args(ev, args)?;
    let modules = cell(ev, ev.delay(ToList { modules })?)?;
    submodule_with(ev, lib, Simple { modules, shorthand: Value::TRUE }.set(ev)?)
});

/// The type for a checked set of arguments.
pub fn submodule_with(ev: &Evaluator, lib: Value, all: Value) -> Res<Value> {
    let with = SubmoduleWith {
        lib,
        modules: shared(ev, all, sym!("modules"))?,
        special: shared_or(ev, all, sym!("specialArgs"), Value::EMPTY_SET)?,
        shorthand: shared_or(ev, all, sym!("shorthandOnlyDefinesConfig"), Value::FALSE)?,
        description: shared_or(ev, all, sym!("description"), Value::NULL)?,
        class: shared_or(ev, all, sym!("class"), Value::NULL)?,
        all,
    };
    let SubmoduleWith { modules, special, shorthand, description, class, .. } = with;
    let payload = SubmodulePayload { modules, class, special, shorthand, description }.set(ev)?;
    let of_payload = ev.partial(&SUBMODULE_WITH, &[lib])?;
    let submodule = Submodule::new(ev, with)?;
    let word = submodule.word();
    let spec = Spec {
        description: share(ev, submodule.shown(ev))?,
        check: coherent_check(ev, ev.builtin(&IS_SUBMODULE))?,
        merge: checked_merge(ev, ev.partial(&V2, &[word])?)?,
        empty: ev.mem.record(&VALUE, [share(ev, submodule.empty(ev))?])?,
        sub_options: ev.partial(&SUB_OPTIONS, &[word])?,
        sub_modules: modules,
        subst: ev.partial(&SUBST, &[word])?,
        functor: functor(ev, "submodule", of_payload, payload, ev.builtin(&MERGE_PAYLOADS))?,
        nested: share(ev, submodule.nested(ev))?,
        ..Spec::new(ev, "submodule")?
    };
    spec.build(ev)
}

record! {
    /// The options of the freeform type, next to those of the submodule.
    struct FreeformOptions {
        options: "_freeformOptions",
    }
}

suspended! {
    /// `ty.getSubOptions prefix`
    struct OptionsOf { ty, prefix }
}

impl OptionsOf<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        OptionType::force(ev, self.ty)?.sub_options(ev, share(ev, self.prefix)?)
    }
}

static SUB_OPTIONS: Builtin = Builtin::hidden("getSubOptions", &["submodule", "prefix"], |ev, args, _| {
    let [submodule, prefix] = exactly(args);
    let prefix = share(ev, prefix)?;
    let documented = Submodule::in_slot(submodule).for_documentation(ev, prefix)?;
    let options = select(ev, documented, sym!("options"))?;
    match freeform_of(ev, documented)? {
        Value::NULL => Ok(options),
        ty => {
            let nested = FreeformOptions { options: ev.delay(OptionsOf { ty, prefix })? }.set(ev)?;
            Ok(ev.mem.update(options, nested)?)
        }
    }
});

record! {
    /// The new modules in `substSubModules`.
    struct Modules {
        modules: "modules",
    }
}

static SUBST: Builtin = Builtin::hidden("substSubModules", &["submodule", "m"], |ev, args, _| {
    let [submodule, m] = exactly(args);
    let submodule = Submodule::in_slot(submodule);
    let other = Modules { modules: share(ev, m)? }.set(ev)?;
    let all = ev.mem.update(ev.force(submodule.all(ev))?, other)?;
    submodule_with(ev, share(ev, submodule.lib(ev))?, all)
});

record! {
    /// The arguments of `submoduleWith` for a type with an evaluation's modules.
    struct OfEvaluation {
        modules: "modules",
        special: "specialArgs",
        class: "class",
    }
}

impl Evaluation {
    /// A submodule type with the same modules.
    pub(super) fn make_type(ev: &Evaluator, this: Evaluation) -> Res<Value> {
        let modules = share(ev, this.modules(ev))?;
        let (special, class) = (share(ev, this.special(ev))?, share(ev, this.class(ev))?);
        submodule_with(ev, share(ev, this.lib(ev))?, OfEvaluation { modules, special, class }.set(ev)?)
    }
}
