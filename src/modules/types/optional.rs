//! Types around one other type: `nullOr`, `uniq`, `unique`, `functionTo`.

use super::collections::substituted;
use super::make::{Spec, elem_functor, inherit, nested_elem, payload_elem, phrase, sub_options};
use crate::eval::{Builtin, Evaluator, Formals, Lazy, Res};
use crate::heap::Slot;
use crate::modules::definitions::Merge;
use crate::modules::definitions::Raw;
use crate::modules::definitions::VALUE;
use crate::modules::definitions::{definitions, path_of, unique as merge_unique, value_of};
use crate::modules::messages;
use crate::native::{appended, apply, attr, attrs, cell, function_args, select, shared, throw, truth};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Record, Value, slot};

/// `lib.types.nullOr`
pub(in crate::modules) static NULL_OR: Builtin =
    Builtin::hidden("nullOr", &["elemType"], |ev, args, _| null_or(ev, ev.mem.share(&args[0])?));

/// Null, or a value of type `elem`, which may be suspended.
pub(in crate::modules) fn null_or(ev: &Evaluator, elem: Value) -> Res<Value> {
    static OF_PAYLOAD: Builtin =
        Builtin::hidden("type", &["payload"], |ev, args, _| null_or(ev, payload_elem(ev, &args[0])?));
    static SUBST: Builtin = Builtin::hidden("substSubModules", &["elemType", "m"], |ev, args, _| {
        null_or(ev, substituted(ev, args)?)
    });
    static DESCRIPTION: Lazy = Lazy {
        name: "types.nullOr",
        run: |ev, captures, _| {
            let phrase = phrase(ev, ev.force(&captures[0])?, &["noun", "conjunction"])?;
            Ok(ev.mem.str(&format!("null or {phrase}"))?)
        },
    };
    static CHECK: Builtin = Builtin::hidden("check", &["elemType", "x"], |ev, args, _| {
        if ev.force(&args[1])? == Value::NULL {
            return Ok(Value::TRUE);
        }
        let check = select(ev, ev.force(&args[0])?, sym!("check"))?;
        Ok(Value::bool(truth(ev, ev.call(check, &[ev.mem.share(&args[1])?], Pos::NONE)?)?))
    });
    let spec = Spec {
        description: ev.delay_raw(&DESCRIPTION, &[elem])?,
        class: Value::symbol(ev.intern("conjunction")?),
        check: ev.partial(&CHECK, &[elem])?,
        merge: ev.partial(&MERGE_NULLABLE, &[elem])?,
        empty: ev.mem.record(&VALUE, [Value::NULL])?,
        sub_options: inherit(ev, elem, sym!("getSubOptions"))?,
        sub_modules: inherit(ev, elem, sym!("getSubModules"))?,
        subst: ev.partial(&SUBST, &[elem])?,
        functor: elem_functor(ev, "nullOr", ev.builtin(&OF_PAYLOAD), elem)?,
        nested: nested_elem(ev, elem)?,
        ..Spec::new(ev, "nullOr")?
    };
    spec.build(ev)
}

static MERGE_NULLABLE: Builtin = Builtin::hidden("merge", &["elemType", "loc", "defs"], |ev, args, _| {
    let defs = definitions(ev, &args[2])?;
    let mut nulls = 0;
    for def in defs {
        nulls += usize::from(value_of(ev, def)? == Value::NULL);
    }
    if nulls == 0 {
        let merge = select(ev, ev.force(&args[0])?, sym!("merge"))?;
        return ev.call(merge, &[ev.mem.share(&args[1])?, ev.mem.share(&args[2])?], Pos::NONE);
    }
    if nulls == defs.len() {
        return Ok(Value::NULL);
    }
    let path = messages::option(ev, path_of(ev, &args[1])?)?;
    let files = messages::files_of(ev, defs)?;
    Err(throw(format!("The option `{path}` is defined both null and not null, in {files}.")))
});

/// What `unique` is called with.
const UNIQUE_ARGS: Formals = Formals { arg: 0, names: &[("message", false)], ellipsis: false };

/// `lib.types.unique`
pub(in crate::modules) static UNIQUE: Builtin =
    Builtin::hidden("unique", &["args", "type"], |ev, args, pos| {
        let set = ev.force_formals("unique", &args[0], &UNIQUE_ARGS, pos)?;
        unique(ev, shared(ev, set, sym!("message"))?, ev.mem.share(&args[1])?)
    })
    .with_formals(&[UNIQUE_ARGS]);

/// `lib.types.uniq`
pub(in crate::modules) static UNIQ: Builtin = Builtin::hidden("uniq", &["type"], |ev, args, _| {
    unique(ev, Value::symbol(sym!("")), ev.mem.share(&args[0])?)
});

/// A type with only one definition; `message` says why.
pub(super) fn unique(ev: &Evaluator, message: Value, ty: Value) -> Res<Value> {
    static OF_PAYLOAD: Builtin = Builtin::hidden("type", &["message", "payload"], |ev, args, _| {
        unique(ev, ev.mem.share(&args[0])?, payload_elem(ev, &args[1])?)
    });
    // The message is forgotten here, in nixpkgs as well.
    static SUBST: Builtin = Builtin::hidden("substSubModules", &["type", "m"], |ev, args, _| {
        unique(ev, Value::symbol(sym!("")), substituted(ev, args)?)
    });
    static MERGE: Builtin = Builtin::hidden("merge", &["message", "type", "loc", "defs"], |ev, args, _| {
        let merge = slot(ev.delay_raw(&MERGE_OF, &[ev.mem.share(&args[1])?])?);
        merge_unique(ev, &args[0], Some(&merge), &args[2], &args[3])
    });
    static MERGE_OF: Lazy = Lazy {
        name: "types.unique",
        run: |ev, captures, _| {
            let ty = ev.force(&captures[0])?;
            select(ev, ty, sym!("merge"))
        },
    };
    let ty = cell(ev, ty)?;
    let spec = Spec {
        description: inherit(ev, ty, sym!("description"))?,
        class: inherit(ev, ty, sym!("descriptionClass"))?,
        check: inherit(ev, ty, sym!("check"))?,
        merge: ev.partial(&MERGE, &[message, ty])?,
        empty: inherit(ev, ty, sym!("emptyValue"))?,
        sub_options: inherit(ev, ty, sym!("getSubOptions"))?,
        sub_modules: inherit(ev, ty, sym!("getSubModules"))?,
        subst: ev.partial(&SUBST, &[ty])?,
        functor: elem_functor(ev, "unique", ev.partial(&OF_PAYLOAD, &[message])?, ty)?,
        nested: nested_elem(ev, ty)?,
        ..Spec::new(ev, "unique")?
    };
    spec.build(ev)
}

/// `lib.types.functionTo`
pub(in crate::modules) static FUNCTION_TO: Builtin =
    Builtin::hidden("functionTo", &["elemType"], |ev, args, _| function_to(ev, ev.mem.share(&args[0])?));

fn function_to(ev: &Evaluator, elem: Value) -> Res<Value> {
    static OF_PAYLOAD: Builtin =
        Builtin::hidden("type", &["payload"], |ev, args, _| function_to(ev, payload_elem(ev, &args[0])?));
    static SUBST: Builtin = Builtin::hidden("substSubModules", &["elemType", "m"], |ev, args, _| {
        function_to(ev, substituted(ev, args)?)
    });
    static DESCRIPTION: Lazy = Lazy {
        name: "types.functionTo",
        run: |ev, captures, _| {
            let phrase = phrase(ev, ev.force(&captures[0])?, &super::collections::PLAIN)?;
            Ok(ev.mem.str(&format!("function that evaluates to a(n) {phrase}"))?)
        },
    };
    static CHECK: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        Ok(Value::bool(crate::native::is_function(ev, ev.force(&args[0])?)?))
    });
    static OPTIONS: Builtin = Builtin::hidden("getSubOptions", &["elemType", "prefix"], |ev, args, _| {
        sub_options(ev, ev.force(&args[0])?, &args[1], ev.mem.str(BODY)?)
    });
    let spec = Spec {
        description: ev.delay_raw(&DESCRIPTION, &[elem])?,
        class: Value::symbol(ev.intern("composite")?),
        check: ev.builtin(&CHECK),
        merge: ev.partial(&MERGE_FUNCTIONS, &[elem])?,
        sub_options: ev.partial(&OPTIONS, &[elem])?,
        sub_modules: inherit(ev, elem, sym!("getSubModules"))?,
        subst: ev.partial(&SUBST, &[elem])?,
        functor: elem_functor(ev, "functionTo", ev.builtin(&OF_PAYLOAD), elem)?,
        nested: nested_elem(ev, elem)?,
        ..Spec::new(ev, "functionTo")?
    };
    spec.build(ev)
}

/// What stands for the result of a function in paths.
pub(super) const BODY: &str = "<function body>";

/// A function whose result is merged from those of all definitions.
static MERGE_FUNCTIONS: Builtin = Builtin::hidden("merge", &["elemType", "loc", "defs"], |ev, args, _| {
    static SET: Record<2> = Record::new(["__functionArgs", "__functor"]);
    static ARGS: Lazy = Lazy {
        name: "types.functionArgs",
        run: |ev, captures, _| all_args(ev, definitions(ev, &captures[0])?),
    };
    static CALL: Builtin =
        Builtin::hidden("functionTo", &["elemType", "loc", "defs", "self", "callerArgs"], |ev, args, _| {
            let loc = appended(ev, path_of(ev, &args[1])?, ev.mem.str(BODY)?)?;
            let caller_args = ev.mem.share(&args[4])?;
            let mut words = Vec::new();
            for def in definitions(ev, &args[2])? {
                words.extend(called(ev, def, caller_args)?.words());
            }
            let elem = ev.mem.share(&args[0])?;
            let merge = Merge::of_raw(ev, Value::NULL, loc, elem, ev.mem.list(&words)?)?;
            ev.force(merge.value(ev))
        });
    let [elem, loc, defs] = [ev.mem.share(&args[0])?, ev.mem.share(&args[1])?, ev.mem.share(&args[2])?];
    // Both are suspended, which messages that print the set show.
    static FUNCTOR: Lazy = Lazy {
        name: "types.functionTo",
        run: |ev, captures, _| {
            let share = |i: usize| ev.mem.share(&captures[i]);
            ev.partial(&CALL, &[share(0)?, share(1)?, share(2)?])
        },
    };
    let functor = ev.delay_raw(&FUNCTOR, &[elem, loc, defs])?;
    Ok(ev.mem.record(&SET, [ev.delay_raw(&ARGS, &[defs])?, functor])?)
});

/// What a definition's function makes of an argument, as a definition.
pub(super) fn called(ev: &Evaluator, def: &Slot, arg: Value) -> Res<Raw> {
    static CALLED: Lazy = Lazy {
        name: "types.called",
        run: |ev, captures, _| {
            let set = ev.force(&captures[0])?;
            apply(ev, attr(ev, set, sym!("value"))?, &[ev.mem.share(&captures[1])?])
        },
    };
    let set = ev.mem.share(def)?;
    let file = shared(ev, ev.force(def)?, sym!("file"))?;
    let value = cell(ev, ev.delay_raw(&CALLED, &[set, arg])?)?;
    Ok(Raw { file, value, props: Value::EMPTY_LIST, pos: Pos::NONE })
}

/// The arguments of all functions; one has a default if it has one in all of them.
fn all_args(ev: &Evaluator, defs: &[Slot]) -> Res<Value> {
    let mut all: Vec<(crate::heap::Sym, Value)> = Vec::new();
    for def in defs {
        let args = slot(function_args(ev, value_of(ev, def)?)?);
        for arg in ev.mem.entries(attrs(ev, &args)?) {
            all.push((arg.name, ev.mem.share(arg.slot)?));
        }
    }
    all.sort_by_key(|(name, _)| *name);
    let mut set = AttrsBuilder::new();
    for group in all.chunk_by(|a, b| a.0 == b.0) {
        let mut default = true;
        for (_, has) in group {
            default = default && truth(ev, ev.force_value(*has)?)?;
        }
        set.push(group[0].0, Value::bool(default));
    }
    Ok(ev.mem.attrs(set)?)
}
