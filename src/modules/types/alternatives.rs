//! Types with a choice: `either`, `oneOf`, `coercedTo`, `enum`.

use super::collections::substituted;
use super::make::{Spec, coherent_check, default_functor, functor, merge_v2, phrase, v2_args};
use crate::eval::{Builtin, Error, Evaluator, Formals, Lazy, Res};
use crate::heap::Slot;
use crate::modules::definitions::{Coherence, RESULT, call_v2, has_v2, head_error};
use crate::modules::definitions::{MERGE_EQUAL, MERGE_ONE, definitions};
use crate::modules::messages;
use crate::modules::messages::type_word;
use crate::native::{attr, cell, concat, get, or_null, select, shared, text, throw, truth, warn};
use crate::source::Pos;
use crate::value::{Record, Type, Value, peek, slot};

/// `lib.types.either`
pub(in crate::modules) static EITHER: Builtin = Builtin::hidden("either", &["t1", "t2"], |ev, args, _| {
    either(ev, ev.mem.share(&args[0])?, ev.mem.share(&args[1])?)
});

/// Values of one type or another; both may be suspended.
pub(super) fn either(ev: &Evaluator, first: Value, second: Value) -> Res<Value> {
    static NESTED: Record<2> = Record::new(["left", "right"]);
    static ELEMS: Record<1> = Record::new(["elemType"]);
    static CHECK: Builtin = Builtin::hidden("check", &["t1", "t2", "self", "x"], |ev, args, _| {
        let x = ev.mem.share(&args[3])?;
        Ok(Value::bool(check(ev, &args[0], x)? || check(ev, &args[1], x)?))
    });
    let types = [first, second];
    let payload = ev.mem.record(&ELEMS, [ev.mem.list(&types)?])?;
    let spec = Spec {
        description: ev.delay_raw(&EITHER_DESCRIPTION, &types)?,
        class: Value::symbol(ev.intern("conjunction")?),
        check: coherent_check(ev, ev.partial(&CHECK, &types)?)?,
        merge: merge_v2(ev, ev.partial(&EITHER_V2, &types)?)?,
        type_merge: ev.partial(&MERGE_EITHER, &types)?,
        functor: functor(ev, "either", ev.builtin(&EITHER), payload, ev.builtin(&NO_BIN_OP))?,
        nested: ev.mem.record(&NESTED, types)?,
        ..Spec::new(ev, "either")?
    };
    spec.build(ev)
}

/// nixpkgs gives `either` the operation for types of one element, which fails on its pair of types; `typeMerge` does
/// not use it.
static NO_BIN_OP: Builtin = Builtin::hidden("binOp", &["a", "b"], |ev, args, _| {
    let payload = ev.force(&args[0])?;
    let pair = select(ev, payload, sym!("elemType"))?;
    select(ev, pair, sym!("typeMerge"))
});

static EITHER_DESCRIPTION: Lazy = Lazy {
    name: "types.either",
    run: |ev, captures, _| {
        const CONJUNCTION: [&str; 2] = ["noun", "conjunction"];
        let (first, second) = (ev.force(&captures[0])?, ev.force(&captures[1])?);
        let class = or_null(ev, first, sym!("descriptionClass"))?;
        let clause = class.is_string() && ev.mem.text(class) == b"nonRestrictiveClause";
        let description = if clause {
            let second = phrase(ev, second, &CONJUNCTION)?;
            format!("{}, or {second}", super::make::description(ev, first)?)
        } else {
            let first = phrase(ev, first, &CONJUNCTION)?;
            format!("{first} or {}", phrase(ev, second, &["noun", "conjunction", "composite"])?)
        };
        Ok(ev.mem.str(&description)?)
    },
};

fn check(ev: &Evaluator, ty: &Slot, x: Value) -> Res<bool> {
    let ty = ev.force(ty)?;
    truth(ev, ev.call(select(ev, ty, sym!("check"))?, &[x], Pos::NONE)?)
}

/// What a type makes of definitions: the set with `headError`, `value` and `valueMeta`.
fn checked_by(ev: &Evaluator, ty: Value, loc: Value, defs: Value) -> Res<Value> {
    static PARTS: Lazy = Lazy {
        name: "types.eitherPart",
        run: |ev, captures, index| {
            let (ty, loc, defs) =
                (peek(&captures[0]), ev.mem.share(&captures[1])?, ev.mem.share(&captures[2])?);
            match index {
                0 => {
                    let check = select(ev, ty, sym!("check"))?;
                    head_error(ev, check, ev.force_list(&captures[2], Pos::NONE, "")?)
                }
                _ => ev.call(select(ev, ty, sym!("merge"))?, &[loc, defs], Pos::NONE),
            }
        },
    };
    if has_v2(ev, ty)? {
        return call_v2(ev, loc, ty, defs, Coherence::Short);
    }
    let parts = ev.delays_raw(&PARTS, &[ty, loc, defs])?;
    Ok(ev.mem.record(&RESULT, [Value::native(0, parts), Value::native(1, parts), Value::EMPTY_SET])?)
}

static EITHER_V2: Builtin = Builtin::hidden("v2", &["t1", "t2", "args"], |ev, args, _| {
    let [loc, defs] = v2_args(ev, &args[2])?;
    for ty in &args[..2] {
        let checked = checked_by(ev, ev.force(ty)?, loc, defs)?;
        if select(ev, checked, sym!("headError"))? == Value::NULL {
            return Ok(checked);
        }
    }
    neither(ev, args, loc, defs)
});

/// The result for definitions that fit none of the two types.
fn neither(ev: &Evaluator, args: &[Slot], loc: Value, defs: Value) -> Res<Value> {
    static META: Record<1> = Record::new(["headError"]);
    static ERROR: Record<1> = Record::new(["message"]);
    static MESSAGE: Lazy =
        Lazy { name: "types.neither", run: |ev, captures, _| Ok(ev.mem.str(&message(ev, captures)?)?) };
    static VALUE: Lazy = Lazy {
        name: "types.neitherValue",
        run: |ev, captures, _| {
            let path = messages::option(ev, ev.force_list(&captures[2], Pos::NONE, "")?)?;
            let warning = format!(
                "One or more definitions did not pass the type-check of the 'either' type.\n{}\nIf `either`, `oneOf` \
                 or similar is used in freeformType, ensure that it is preceded by an 'attrsOf' such as: \
                 `freeformType = types.attrsOf (types.either t1 t2)`.\nOtherwise consider using the correct type for \
                 the option `{path}`.  This will be an error in Nixpkgs 26.05.\n",
                message(ev, captures)?
            );
            warn(ev, ev.mem.str(&warning)?, Value::NULL)?;
            let [loc, defs] = [ev.mem.share(&captures[2])?, ev.mem.share(&captures[3])?];
            (MERGE_ONE.run)(ev, &[slot(loc), slot(defs)], Pos::NONE)
        },
    };
    let captures = [ev.mem.share(&args[0])?, ev.mem.share(&args[1])?, loc, defs];
    let error = ev.mem.record(&ERROR, [ev.delay_raw(&MESSAGE, &captures)?])?;
    let meta = ev.mem.record(&META, [error])?;
    Ok(ev.mem.record(&RESULT, [error, ev.delay_raw(&VALUE, &captures)?, meta])?)
}

fn message(ev: &Evaluator, captures: &[Slot]) -> Res<String> {
    let path = messages::option(ev, ev.force_list(&captures[2], Pos::NONE, "")?)?;
    let first = super::make::description(ev, ev.force(&captures[0])?)?;
    let second = super::make::description(ev, ev.force(&captures[1])?)?;
    let shown = messages::definitions(ev, &messages::words(definitions(ev, &captures[3])?))?;
    Ok(format!(
        "The option `{path}` is neither a value of type `{first}` nor `{second}`, Definition values: {shown}"
    ))
}

static MERGE_EITHER: Builtin = Builtin::hidden("typeMerge", &["t1", "t2", "f'"], |ev, args, _| {
    let functor = ev.force(&args[2])?;
    let name = select(ev, functor, sym!("name"))?;
    if !name.is_string() || ev.mem.text(name) != b"either" {
        return Ok(Value::NULL);
    }
    let payload = select(ev, functor, sym!("payload"))?;
    let pair = ev.force_list(attr(ev, payload, sym!("elemType"))?, Pos::NONE, "")?;
    let [first, second] = ev.mem.items(pair) else {
        return Err(Error::eval("list index 1 is out of bounds"));
    };
    let mut merged = [Value::NULL; 2];
    for (i, other) in [first, second].into_iter().enumerate() {
        let merge = select(ev, ev.force(&args[i])?, sym!("typeMerge"))?;
        let other = shared(ev, ev.force(other)?, sym!("functor"))?;
        merged[i] = ev.call(merge, &[other], Pos::NONE)?;
        if merged[i] == Value::NULL {
            return Ok(Value::NULL);
        }
    }
    either(ev, merged[0], merged[1])
});

/// `lib.types.oneOf`
pub(in crate::modules) static ONE_OF: Builtin = Builtin::hidden("oneOf", &["ts"], |ev, args, _| {
    let list = ev.force_list(&args[0], Pos::NONE, "")?;
    let Some((first, rest)) = ev.mem.items(list).split_first() else {
        return Err(throw("types.oneOf needs to get at least one type in its argument"));
    };
    let mut all = ev.mem.share(first)?;
    for ty in rest {
        all = either(ev, all, ev.mem.share(ty)?)?;
    }
    ev.force_value(all)
});

/// `lib.types.coercedTo`
pub(in crate::modules) static COERCED_TO: Builtin =
    Builtin::hidden("coercedTo", &["coercedType", "coerceFunc", "finalType"], |ev, args, _| {
        let share = |i: usize| ev.mem.share(&args[i]);
        coerced_to(ev, share(0)?, share(1)?, share(2)?)
    });

fn coerced_to(ev: &Evaluator, from: Value, f: Value, to: Value) -> Res<Value> {
    static NESTED: Record<2> = Record::new(["coercedType", "finalType"]);
    static CHECK: Builtin =
        Builtin::hidden("check", &["coercedType", "coerceFunc", "finalType", "self", "x"], |ev, args, _| {
            let x = ev.mem.share(&args[4])?;
            if check(ev, &args[0], x)? {
                let coerced = ev.delay_call(ev.mem.share(&args[1])?, &[x])?;
                if check(ev, &args[2], cell(ev, coerced)?)? {
                    return Ok(Value::TRUE);
                }
            }
            Ok(Value::bool(check(ev, &args[2], x)?))
        });
    static SUBST: Builtin = Builtin::hidden(
        "substSubModules",
        &["coercedType", "coerceFunc", "finalType", "m"],
        |ev, args, _| {
            let to = substituted(ev, &[slot(ev.mem.share(&args[2])?), slot(ev.mem.share(&args[3])?)])?;
            coerced_to(ev, ev.mem.share(&args[0])?, ev.mem.share(&args[1])?, to)
        },
    );
    static DESCRIPTION: Lazy = Lazy {
        name: "types.coercedTo",
        run: |ev, captures, _| {
            let to = phrase(ev, ev.force(&captures[1])?, &["noun"])?;
            let from = phrase(ev, ev.force(&captures[0])?, &["noun"])?;
            Ok(ev.mem.str(&format!("{to} or {from} convertible to it"))?)
        },
    };
    let coerced = ev.force_value(from)?;
    if select(ev, coerced, sym!("getSubModules"))? != Value::NULL {
        return Err(super::checked::with_submodules(ev, coerced)?);
    }
    let all = [from, f, to];
    let spec = Spec {
        description: ev.delay_raw(&DESCRIPTION, &[from, to])?,
        check: coherent_check(ev, ev.partial(&CHECK, &all)?)?,
        merge: merge_v2(ev, ev.partial(&COERCED_V2, &all)?)?,
        empty: super::make::inherit(ev, to, sym!("emptyValue"))?,
        sub_options: super::make::inherit(ev, to, sym!("getSubOptions"))?,
        sub_modules: super::make::inherit(ev, to, sym!("getSubModules"))?,
        subst: ev.partial(&SUBST, &all)?,
        type_merge: ev.partial(&crate::native::CONST, &[Value::NULL])?,
        functor: default_functor(ev, Value::symbol(ev.intern("coercedTo")?))?,
        nested: ev.mem.record(&NESTED, [from, to])?,
        ..Spec::new(ev, "coercedTo")?
    };
    spec.build(ev)
}

static COERCED_V2: Builtin =
    Builtin::hidden("v2", &["coercedType", "coerceFunc", "finalType", "args"], |ev, args, _| {
        let [loc, defs] = v2_args(ev, &args[3])?;
        let captures = [ev.mem.share(&args[0])?, ev.mem.share(&args[1])?, loc, defs];
        let coerced = cell(ev, ev.delay_raw(&COERCED_DEFS, &captures)?)?;
        let to = ev.force(&args[2])?;
        if has_v2(ev, to)? {
            return call_v2(ev, loc, to, coerced, Coherence::Short);
        }
        static PARTS: Lazy = Lazy {
            name: "types.coercedPart",
            run: |ev, captures, index| match index {
                0 => {
                    let own = [0, 1, 2].map(|i| ev.mem.share(&captures[i]));
                    let [from, f, to] = own;
                    let check =
                        coerced_to(ev, from?, f?, to?).and_then(|ty| select(ev, ty, sym!("check")))?;
                    head_error(ev, check, ev.force_list(&captures[4], Pos::NONE, "")?)
                }
                _ => {
                    let merge = select(ev, ev.force(&captures[2])?, sym!("merge"))?;
                    let args = [ev.mem.share(&captures[3])?, ev.mem.share(&captures[5])?];
                    ev.call(merge, &args, Pos::NONE)
                }
            },
        };
        let parts = ev.delays_raw(&PARTS, &[captures[0], captures[1], to, loc, defs, coerced])?;
        Ok(ev.mem.record(&RESULT, [Value::native(0, parts), Value::native(1, parts), Value::EMPTY_SET])?)
    });

/// The definitions with those coerced that have the type to be coerced.
static COERCED_DEFS: Lazy = Lazy {
    name: "types.coercedDefinitions",
    run: |ev, captures, _| {
        static DEF: Lazy = Lazy {
            name: "types.coercedDefinition",
            run: |ev, captures, index| {
                let defs = ev.force_list(&captures[3], Pos::NONE, "")?;
                let def = ev.force(&ev.mem.items(defs)[index])?;
                let value = ev.delays_raw(&COERCED, captures_of(ev, captures, def)?.as_slice())?;
                static VALUE: Record<1> = Record::new(["value"]);
                Ok(ev.mem.update(def, ev.mem.record(&VALUE, [Value::native(0, value)])?)?)
            },
        };
        let n = ev.force_list(&captures[3], Pos::NONE, "")?.list_len();
        let words = (0..4).map(|i| ev.mem.share(&captures[i])).collect::<Result<Vec<_>, _>>()?;
        let behind = ev.delays_raw(&DEF, &words)?;
        Ok(ev.mem.list_from(n, (0..n).map(|i| Value::native(i, behind)))?)
    },
};

fn captures_of(ev: &Evaluator, captures: &[Slot], def: Value) -> Res<Vec<Value>> {
    let mut words = (0..3).map(|i| ev.mem.share(&captures[i])).collect::<Result<Vec<_>, _>>()?;
    words.push(def);
    Ok(words)
}

/// The value of a definition, coerced if it has the type for that.
static COERCED: Lazy = Lazy {
    name: "types.coerced",
    run: |ev, captures, _| {
        let (from, def) = (ev.force(&captures[0])?, peek(&captures[3]));
        let fits = match has_v2(ev, from)? {
            true => {
                let loc = ev.mem.share(&captures[2])?;
                let checked = call_v2(ev, loc, from, ev.mem.list(&[def])?, Coherence::Short)?;
                select(ev, checked, sym!("headError"))? == Value::NULL
            }
            false => check(ev, &captures[0], shared(ev, def, sym!("value"))?)?,
        };
        if !fits {
            return select(ev, def, sym!("value"));
        }
        let f = ev.force(&captures[1])?;
        ev.call(f, &[shared(ev, def, sym!("value"))?], Pos::NONE)
    },
};

/// `lib.types.enum`
pub(in crate::modules) static ENUM: Builtin =
    Builtin::hidden("enum", &["values"], |ev, args, _| enumeration(ev, ev.mem.share(&args[0])?));

fn enumeration(ev: &Evaluator, values: Value) -> Res<Value> {
    static PAYLOAD: Record<1> = Record::new(["values"]);
    static OF_PAYLOAD: Builtin = Builtin::hidden("type", &["payload"], |ev, args, _| {
        let payload = ev.force(&args[0])?;
        enumeration(ev, shared(ev, payload, sym!("values"))?)
    });
    static CHECK: Builtin = Builtin::hidden("check", &["values", "x"], |ev, args, _| {
        let values = ev.force_list(&args[0], Pos::NONE, "")?;
        for value in ev.mem.items(values) {
            if ev.equal(&args[1], value, Pos::NONE)? {
                return Ok(Value::TRUE);
            }
        }
        Ok(Value::FALSE)
    });
    static WORDS: Lazy = Lazy {
        name: "types.enum",
        run: |ev, captures, index| {
            let values = ev.force_list(&captures[0], Pos::NONE, "")?;
            let values = ev.mem.items(values);
            if index == 0 {
                return Ok(Value::symbol(ev.intern(if values.len() < 2 {
                    "noun"
                } else {
                    "conjunction"
                })?));
            }
            let shown: Vec<String> = values.iter().map(|v| show_value(ev, v)).collect::<Res<_>>()?;
            Ok(ev.mem.str(&match &shown[..] {
                [] => "impossible (empty enum)".to_owned(),
                [only] => format!("value {only} (singular enum)"),
                several => format!("one of {}", several.join(", ")),
            })?)
        },
    };
    let words = ev.delays_raw(&WORDS, &[values])?;
    let payload = ev.mem.record(&PAYLOAD, [values])?;
    let spec = Spec {
        description: Value::native(1, words),
        class: Value::native(0, words),
        check: ev.partial(&CHECK, &[values])?,
        merge: ev.builtin(&MERGE_EQUAL),
        functor: functor(ev, "enum", ev.builtin(&OF_PAYLOAD), payload, ev.builtin(&ALL_VALUES))?,
        ..Spec::new(ev, "enum")?
    };
    spec.build(ev)
}

fn show_value(ev: &Evaluator, v: &Slot) -> Res<String> {
    let v = ev.force(v)?;
    Ok(match v.type_of() {
        Type::String => format!("\"{}\"", text(ev, v)),
        Type::Int => ev.mem.integer(v).to_string(),
        Type::Bool => if v.is_true() { "true" } else { "false" }.to_owned(),
        _ => format!("<{}>", type_word(v)),
    })
}

/// The values of two enumerations, each once.
static ALL_VALUES: Builtin = Builtin::hidden("binOp", &["a", "b"], |ev, args, _| {
    static PAYLOAD: Record<1> = Record::new(["values"]);
    static UNION: Lazy = Lazy {
        name: "types.enumValues",
        run: |ev, captures, _| {
            let values = |i: usize| -> Res<Value> {
                let payload = ev.force(&captures[i])?;
                ev.force_list(attr(ev, payload, sym!("values"))?, Pos::NONE, "")
            };
            let all = concat(ev, &[values(0)?, values(1)?])?;
            let mut kept: Vec<Slot> = Vec::new();
            'values: for value in ev.mem.items(all) {
                for known in &kept {
                    if ev.equal(value, known, Pos::NONE)? {
                        continue 'values;
                    }
                }
                kept.push(slot(ev.mem.share(value)?));
            }
            Ok(ev.mem.list_from(kept.len(), kept.iter().map(peek))?)
        },
    };
    let payloads = [ev.mem.share(&args[0])?, ev.mem.share(&args[1])?];
    Ok(ev.mem.record(&PAYLOAD, [ev.delay_raw(&UNION, &payloads)?])?)
});

/// What `serializableValueWith` is called with.
const SERIALIZABLE_VALUE_WITH_ARGS: Formals =
    Formals { arg: 0, names: &[("typeName", false), ("nullable", true)], ellipsis: false };

/// A type for values of a data format: the plain kinds, and lists and sets of such.
pub(in crate::modules) static SERIALIZABLE: Builtin =
    Builtin::hidden("serializableValueWith", &["args"], |ev, args, pos| {
        let set = ev.force_formals("serializableValueWith", &args[0], &SERIALIZABLE_VALUE_WITH_ARGS, pos)?;
        let nullable = match get(ev, set, sym!("nullable")) {
            Some(nullable) => truth(ev, ev.force(nullable)?)?,
            None => true,
        };
        serializable(ev, shared(ev, set, sym!("typeName"))?, nullable)
    })
    .with_formals(&[SERIALIZABLE_VALUE_WITH_ARGS]);

/// The type of values of the format `name`.
pub(super) fn serializable(ev: &Evaluator, name: Value, nullable: bool) -> Res<Value> {
    static CHANGED: Record<1> = Record::new(["description"]);
    static DESCRIPTION: Lazy = Lazy {
        name: "types.serializable",
        run: |ev, captures, _| {
            let name = crate::native::interpolate(ev, &captures[0])?;
            Ok(ev.mem.str(&format!("{} value", text(ev, name)))?)
        },
    };
    // The type is one of its own element types: a cell that is filled in last.
    let (at, cells) = ev.mem.alloc(1)?;
    let this = Value::forward(at);
    let mut all = super::named(ev, "bool")?;
    for name in ["int", "float", "str", "path"] {
        all = either(ev, all, super::named(ev, name)?)?;
    }
    all = either(ev, all, super::collections::attrs_of(ev, this, false)?)?;
    all = either(ev, all, super::collections::list_of(ev, this)?)?;
    if nullable {
        all = super::optional::null_or(ev, all)?;
    }
    let description = ev.delay_raw(&DESCRIPTION, &[name])?;
    let ty = ev.mem.update(all, ev.mem.record(&CHANGED, [description])?)?;
    crate::value::put(&cells[0], ty);
    Ok(ty)
}
