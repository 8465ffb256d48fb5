//! Types as sets: `mkOptionType`, and the same sets made by native code.

use super::functor::{DEFAULT_TYPE_MERGE, default_functor};
use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::modules::definitions::MERGE_DEFAULT;
use crate::native::record;
use crate::native::{cell, get, share, shared, shared_or};
use crate::value::Value;

record! {
    /// The attributes of a type.
    struct Attributes {
        tag: "_type",
        name: "name",
        description: "description",
        class: "descriptionClass",
        check: "check",
        merge: "merge",
        empty: "emptyValue",
        sub_options: "getSubOptions",
        sub_modules: "getSubModules",
        subst: "substSubModules",
        type_merge: "typeMerge",
        functor: "functor",
        deprecation: "deprecationMessage",
        nested: "nestedTypes",
    }
}

/// The parts of a type. Words may be suspended, but must not be used elsewhere unless they are shared.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    pub name: Value,
    pub description: Value,
    /// `descriptionClass`
    pub class: Value,
    pub check: Value,
    pub merge: Value,
    /// `emptyValue`
    pub empty: Value,
    /// `getSubOptions`
    pub sub_options: Value,
    /// `getSubModules`
    pub sub_modules: Value,
    /// `substSubModules`
    pub subst: Value,
    /// If unset, the one for the functor.
    pub type_merge: Value,
    pub functor: Value,
    /// `deprecationMessage`
    pub deprecation: Value,
    /// `nestedTypes`
    pub nested: Value,
}

static NO_CHECK: Builtin = Builtin::hidden("check", &["x"], |_, _, _| Ok(Value::TRUE));
static NO_OPTIONS: Builtin = Builtin::hidden("getSubOptions", &["prefix"], |_, _, _| Ok(Value::EMPTY_SET));
static NO_SUBMODULES: Builtin = Builtin::hidden("substSubModules", &["m"], |_, _, _| Ok(Value::NULL));

/// The word of a common text, interned: a name, or a class of descriptions.
pub fn symbol(ev: &Evaluator, text: &str) -> Res<Value> {
    Ok(Value::symbol(ev.intern(text)?))
}

impl Spec {
    /// The defaults of `mkOptionType { name = …; }`.
    pub fn new(ev: &Evaluator, name: &str) -> Res<Spec> {
        Spec::of_name(ev, symbol(ev, name)?)
    }

    fn of_name(ev: &Evaluator, name: Value) -> Res<Spec> {
        Ok(Spec {
            name,
            description: name,
            class: Value::NULL,
            check: ev.builtin(&NO_CHECK),
            merge: ev.builtin(&MERGE_DEFAULT),
            empty: Value::EMPTY_SET,
            sub_options: ev.builtin(&NO_OPTIONS),
            sub_modules: Value::NULL,
            subst: ev.builtin(&NO_SUBMODULES),
            type_merge: Value::UNSET,
            functor: default_functor(ev, name)?,
            deprecation: Value::NULL,
            nested: Value::EMPTY_SET,
        })
    }

    /// A type whose description is a noun.
    pub fn noun(ev: &Evaluator, name: &str, description: &str) -> Res<Spec> {
        let description = ev.mem.str(description)?;
        Ok(Spec { description, class: symbol(ev, "noun")?, ..Spec::new(ev, name)? })
    }

    /// Makes the type.
    pub fn build(self, ev: &Evaluator) -> Res<Value> {
        let functor = cell(ev, self.functor)?;
        let type_merge = match self.type_merge {
            Value::UNSET => ev.partial(&DEFAULT_TYPE_MERGE, &[functor])?,
            own => own,
        };
        let attributes = Attributes {
            tag: Value::symbol(sym!("option-type")),
            name: self.name,
            description: self.description,
            class: self.class,
            check: self.check,
            merge: self.merge,
            empty: self.empty,
            sub_options: self.sub_options,
            sub_modules: self.sub_modules,
            subst: self.subst,
            type_merge,
            functor,
            deprecation: self.deprecation,
            nested: self.nested,
        };
        attributes.set(ev)
    }
}

/// The arguments of `mkOptionType`.
const MK_OPTION_TYPE_ARGS: Formals = Formals {
    arg: 0,
    names: &[
        ("name", false),
        ("description", true),
        ("descriptionClass", true),
        ("check", true),
        ("merge", true),
        ("emptyValue", true),
        ("getSubOptions", true),
        ("getSubModules", true),
        ("substSubModules", true),
        ("typeMerge", true),
        ("functor", true),
        ("deprecationMessage", true),
        ("nestedTypes", true),
    ],
    ellipsis: false,
};

/// `lib.types.mkOptionType`
pub(super) static MK_OPTION_TYPE: Builtin = Builtin::hidden("mkOptionType", &["args"], |ev, args, pos| {
    let [given] = exactly(args);
    let set = ev.force_formals("mkOptionType", given, &MK_OPTION_TYPE_ARGS, pos)?;
    let name = shared(ev, set, sym!("name"))?;
    let default = Spec::of_name(ev, name)?;
    let or = |name, default| shared_or(ev, set, name, default);
    let spec = Spec {
        name,
        description: description_or_name(ev, set, name)?,
        class: or(sym!("descriptionClass"), default.class)?,
        check: or(sym!("check"), default.check)?,
        merge: or(sym!("merge"), default.merge)?,
        empty: or(sym!("emptyValue"), default.empty)?,
        sub_options: or(sym!("getSubOptions"), default.sub_options)?,
        sub_modules: or(sym!("getSubModules"), default.sub_modules)?,
        subst: or(sym!("substSubModules"), default.subst)?,
        type_merge: or(sym!("typeMerge"), default.type_merge)?,
        functor: or(sym!("functor"), default.functor)?,
        deprecation: or(sym!("deprecationMessage"), default.deprecation)?,
        nested: or(sym!("nestedTypes"), default.nested)?,
    };
    spec.build(ev)
})
.with_formals(&[MK_OPTION_TYPE_ARGS]);

suspended! {
    /// `if description == null then name else description`
    struct Described { description, name }
}

impl Described<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        match ev.force(self.description)? {
            Value::NULL => ev.force(self.name),
            description => Ok(description),
        }
    }
}

/// `if description == null then name else description` of the arguments of `mkOptionType`.
fn description_or_name(ev: &Evaluator, set: Value, name: Value) -> Res<Value> {
    let Some(given) = get(ev, set, sym!("description")) else {
        return Ok(name);
    };
    match ev.forced(given) {
        Some(Value::NULL) => Ok(name),
        Some(description) => Ok(description),
        None => ev.delay(Described { description: share(ev, given)?, name }),
    }
}
