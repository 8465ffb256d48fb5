//! Types as sets: `mkOptionType`, and how native code makes the same sets.

use crate::eval::{Builtin, Evaluator, Formals, Lazy, Res};
use crate::heap::Slot;
use crate::modules::definitions::MERGE_DEFAULT;
use crate::native::{CONST, appended, attr, cell, failed_assertion, get, interpolate, select, shared, text};
use crate::source::Pos;
use crate::value::{Record, Value, peek, slot};

static TYPE: Record<14> = Record::new([
    "_type",
    "name",
    "description",
    "descriptionClass",
    "check",
    "merge",
    "emptyValue",
    "getSubOptions",
    "getSubModules",
    "substSubModules",
    "typeMerge",
    "functor",
    "deprecationMessage",
    "nestedTypes",
]);

/// A type's attributes. Words may be suspended, but must not be in use elsewhere unless they are shared.
#[derive(Debug, Clone, Copy)]
pub(in crate::modules) struct Spec {
    pub(in crate::modules) name: Value,
    pub(in crate::modules) description: Value,
    pub(in crate::modules) class: Value,
    pub(in crate::modules) check: Value,
    pub(in crate::modules) merge: Value,
    pub(in crate::modules) empty: Value,
    pub(in crate::modules) sub_options: Value,
    pub(in crate::modules) sub_modules: Value,
    pub(in crate::modules) subst: Value,
    /// If unset, the one that belongs to the functor.
    pub(in crate::modules) type_merge: Value,
    pub(in crate::modules) functor: Value,
    pub(in crate::modules) deprecation: Value,
    pub(in crate::modules) nested: Value,
}

static NO_CHECK: Builtin = Builtin::hidden("check", &["x"], |_, _, _| Ok(Value::TRUE));
static NO_OPTIONS: Builtin = Builtin::hidden("getSubOptions", &["prefix"], |_, _, _| Ok(Value::EMPTY_SET));
static NO_SUBMODULES: Builtin = Builtin::hidden("substSubModules", &["m"], |_, _, _| Ok(Value::NULL));

/// A class that descriptions have, as a word.
pub(in crate::modules) fn noun(ev: &Evaluator) -> Res<Value> {
    Ok(Value::symbol(ev.intern("noun")?))
}

impl Spec {
    /// What `mkOptionType { name = …; }` fills in.
    pub(in crate::modules) fn new(ev: &Evaluator, name: &str) -> Res<Spec> {
        let name = Value::symbol(ev.intern(name)?);
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
    pub(in crate::modules) fn noun(ev: &Evaluator, name: &str, description: &str) -> Res<Spec> {
        let description = ev.mem.str(description)?;
        Ok(Spec { description, class: noun(ev)?, ..Spec::new(ev, name)? })
    }

    /// The type.
    pub(in crate::modules) fn build(self, ev: &Evaluator) -> Res<Value> {
        let functor = cell(ev, self.functor)?;
        let type_merge = match self.type_merge {
            Value::UNSET => ev.partial(&DEFAULT_TYPE_MERGE, &[functor])?,
            own => own,
        };
        let values = [
            Value::symbol(sym!("option-type")),
            self.name,
            self.description,
            self.class,
            self.check,
            self.merge,
            self.empty,
            self.sub_options,
            self.sub_modules,
            self.subst,
            type_merge,
            functor,
            self.deprecation,
            self.nested,
        ];
        Ok(ev.mem.record(&TYPE, values)?)
    }
}

static FUNCTOR: Record<4> = Record::new(["name", "type", "payload", "binOp"]);

/// What `defaultFunctor name` is, suspended.
pub(super) fn default_functor(ev: &Evaluator, name: Value) -> Res<Value> {
    static FUNCTOR: Lazy =
        Lazy { name: "types.defaultFunctor", run: |ev, captures, _| new_default_functor(ev, &captures[0]) };
    ev.delay_raw(&FUNCTOR, &[name])
}

fn new_default_functor(ev: &Evaluator, name: &Slot) -> Res<Value> {
    static BY_NAME: Lazy = Lazy {
        name: "types.named",
        run: |ev, captures, _| {
            let name = ev.force_string(&captures[0], Pos::NONE, "while evaluating an attribute name")?;
            super::lookup(ev, &text(ev, name)).map(|found| found.unwrap_or(Value::NULL))
        },
    };
    let name = ev.mem.share(name)?;
    let ty = ev.delay_raw(&BY_NAME, &[name])?;
    Ok(ev.mem.record(&FUNCTOR, [name, ty, Value::NULL, nothing(ev)?])?)
}

/// The `binOp` of types that cannot be merged: gives null for any two payloads.
pub(super) fn nothing(ev: &Evaluator) -> Res<Value> {
    ev.partial(&CONST, &[ev.partial(&CONST, &[Value::NULL])?])
}

/// A functor: its name, the function from a payload to the type, the payload, and how two payloads become one.
pub(super) fn functor(ev: &Evaluator, name: &str, ty: Value, payload: Value, bin_op: Value) -> Res<Value> {
    let name = Value::symbol(ev.intern(name)?);
    Ok(ev.mem.record(&FUNCTOR, [name, ty, payload, bin_op])?)
}

/// `lib.types.defaultFunctor`
pub(in crate::modules) static DEFAULT_FUNCTOR: Builtin =
    Builtin::hidden("defaultFunctor", &["name"], |ev, args, _| new_default_functor(ev, &args[0]));

/// `lib.types.defaultTypeMerge`: the type of two functors with the same name; null if they cannot be merged.
pub(in crate::modules) static DEFAULT_TYPE_MERGE: Builtin =
    Builtin::hidden("defaultTypeMerge", &["f", "f'"], |ev, args, _| {
        let (f, other) = (ev.force(&args[0])?, ev.force(&args[1])?);
        let names = (select(ev, f, sym!("name"))?, select(ev, other, sym!("name"))?);
        if !ev.equal_values(names.0, names.1, Pos::NONE)? {
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

/// What `mkOptionType` is called with.
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
pub(in crate::modules) static MK_OPTION_TYPE: Builtin =
    Builtin::hidden("mkOptionType", &["args"], |ev, args, pos| {
        let set = ev.force_formals("mkOptionType", &args[0], &MK_OPTION_TYPE_ARGS, pos)?;
        let name = shared(ev, set, sym!("name"))?;
        let default = Spec { functor: default_functor(ev, name)?, ..Spec::new(ev, "")? };
        let or = |name, default| match get(ev, set, name) {
            Some(given) => ev.mem.share(given).map_err(crate::eval::Error::from),
            None => Ok(default),
        };
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

/// `if description == null then name else description`
fn description_or_name(ev: &Evaluator, set: Value, name: Value) -> Res<Value> {
    static CHOSEN: Lazy = Lazy {
        name: "types.description",
        run: |ev, captures, _| match ev.force(&captures[0])? {
            Value::NULL => ev.force(&captures[1]),
            description => Ok(description),
        },
    };
    let Some(given) = get(ev, set, sym!("description")) else {
        return Ok(name);
    };
    match ev.forced(given) {
        Some(Value::NULL) => Ok(name),
        Some(description) => Ok(description),
        None => ev.delay_raw(&CHOSEN, &[ev.mem.share(given)?, name]),
    }
}

// Types that check and merge in one step (`merge.v2`).

static CHECK: Record<2> = Record::new(["__functor", "isV2MergeCoherent"]);
static MERGE: Record<2> = Record::new(["__functor", "v2"]);

/// A `check` that belongs to a `merge.v2`. `check` is called with the set itself and the value.
pub(super) fn coherent_check(ev: &Evaluator, check: Value) -> Res<Value> {
    Ok(ev.mem.record(&CHECK, [check, Value::TRUE])?)
}

/// A `merge` that also checks. `v2` is called with a set of `loc` and `defs`.
pub(super) fn merge_v2(ev: &Evaluator, v2: Value) -> Res<Value> {
    static FUNCTOR: Builtin = Builtin::hidden("merge", &["self", "loc", "defs"], |ev, args, _| {
        let this = ev.force(&args[0])?;
        let set = ev.mem.record(&ARGS, [ev.mem.share(&args[1])?, ev.mem.share(&args[2])?])?;
        let result = ev.call(select(ev, this, sym!("v2"))?, &[set], Pos::NONE)?;
        select(ev, result, sym!("value"))
    });
    Ok(ev.mem.record(&MERGE, [ev.builtin(&FUNCTOR), v2])?)
}

static ARGS: Record<2> = Record::new(["loc", "defs"]);

/// The path and the definitions that a `merge.v2` is called with. The definitions may be suspended.
pub(super) fn v2_args(ev: &Evaluator, arg: &Slot) -> Res<[Value; 2]> {
    let set = ev.force_attrs(arg, Pos::NONE, "while evaluating the value passed for the lambda argument")?;
    let (loc, defs) = (get(ev, set, sym!("loc")), get(ev, set, sym!("defs")));
    if let (Some(loc), Some(defs), 2) = (loc, defs, ev.mem.attrs_len(set)) {
        return Ok([ev.mem.share(loc)?, ev.mem.share(defs)?]);
    }
    const NAMES: Formals = Formals { arg: 0, names: &[("loc", false), ("defs", false)], ellipsis: false };
    ev.force_formals("v2", &slot(set), &NAMES, Pos::NONE)?;
    Ok([shared(ev, set, sym!("loc"))?, shared(ev, set, sym!("defs"))?])
}

/// `lib.types.optionDescriptionPhrase` with the classes that need no parentheses.
pub(super) fn phrase(ev: &Evaluator, ty: Value, plain: &[&str]) -> Res<String> {
    let class = match get(ev, ty, sym!("descriptionClass")) {
        Some(class) => ev.force(class)?,
        None => Value::NULL,
    };
    let plain = class.is_string() && plain.iter().any(|p| p.as_bytes() == ev.mem.text(class));
    let description = description(ev, ty)?;
    Ok(if plain { description } else { format!("({description})") })
}

/// A type's description as it is.
pub(super) fn description(ev: &Evaluator, ty: Value) -> Res<String> {
    Ok(text(ev, interpolate(ev, attr(ev, ty, sym!("description"))?)?))
}

/// The set of nested types with only `elemType`.
pub(super) fn nested_elem(ev: &Evaluator, elem: Value) -> Res<Value> {
    static NESTED: Record<1> = Record::new(["elemType"]);
    Ok(ev.mem.record(&NESTED, [elem])?)
}

/// The functor of a type that is made of one other (`elemTypeFunctor`); `ty` makes the type of a payload.
pub(super) fn elem_functor(ev: &Evaluator, name: &str, ty: Value, elem: Value) -> Res<Value> {
    functor(ev, name, ty, nested_elem(ev, elem)?, ev.builtin(&MERGE_ELEMS))
}

/// Payloads with only `elemType`: null, if those cannot be merged.
static MERGE_ELEMS: Builtin = Builtin::hidden("binOp", &["a", "b"], |ev, args, _| {
    let merged = merged_elem(ev, ev.force(&args[0])?, ev.force(&args[1])?)?;
    match merged {
        Value::NULL => Ok(Value::NULL),
        merged => nested_elem(ev, merged),
    }
});

/// `a.elemType.typeMerge b.elemType.functor`
pub(super) fn merged_elem(ev: &Evaluator, a: Value, b: Value) -> Res<Value> {
    let merge = select(ev, select(ev, a, sym!("elemType"))?, sym!("typeMerge"))?;
    let functor = shared(ev, select(ev, b, sym!("elemType"))?, sym!("functor"))?;
    ev.call(merge, &[functor], Pos::NONE)
}

/// The payload's element type, for functions that make a type of a payload.
pub(super) fn payload_elem(ev: &Evaluator, payload: &Slot) -> Res<Value> {
    let payload = ev.force(payload)?;
    shared(ev, payload, sym!("elemType"))
}

/// `elem.getSubOptions (prefix ++ [ step ])` for a type of many elements.
pub(super) fn sub_options(ev: &Evaluator, elem: Value, prefix: &Slot, step: Value) -> Res<Value> {
    let doing = "while evaluating one of the elements to concatenate";
    let prefix = ev.force_list(prefix, Pos::NONE, doing)?;
    let prefix = appended(ev, prefix, step)?;
    ev.call(select(ev, elem, sym!("getSubOptions"))?, &[prefix], Pos::NONE)
}

/// A suspended attribute of a type that may itself be suspended.
pub(super) fn inherit(ev: &Evaluator, ty: Value, name: crate::heap::Sym) -> Res<Value> {
    static INHERIT: Lazy = Lazy {
        name: "types.inherit",
        run: |ev, captures, _| {
            let ty = ev.force(&captures[0])?;
            select(ev, ty, ev.mem.symbol_of(peek(&captures[1]))?)
        },
    };
    if ty.is_attrs()
        && let Some(slot) = get(ev, ty, name)
        && let Some(known) = ev.forced(slot)
    {
        return Ok(known);
    }
    ev.delay_raw(&INHERIT, &[ty, Value::symbol(name)])
}
