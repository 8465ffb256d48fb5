//! Types of many values of one type: `listOf`, `attrsOf` and their relatives.

use super::elements::{Elements, Records, definitions, entry_name, known_value, plain_check, settle};
use super::make::{
    Spec, coherent_check, elem_functor, functor, inherit, merge_v2, merged_elem, nested_elem, payload_elem,
    phrase, sub_options, v2_args,
};
use crate::eval::{Builtin, Evaluator, Formals, Lazy, Res};
use crate::heap::{Slot, Sym};
use crate::modules::definitions::Raw;
use crate::modules::definitions::{RESULT, head_error};
use crate::native::{attr, select, shared, shared_or, text, truth};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Record, Value, peek, slot};

/// Descriptions that need no parentheses behind "list of".
pub(super) const PLAIN: [&str; 2] = ["noun", "composite"];

/// `lib.types.listOf`
pub(in crate::modules) static LIST_OF: Builtin =
    Builtin::hidden("listOf", &["elemType"], |ev, args, _| list_of(ev, ev.mem.share(&args[0])?));

/// The type of lists of `elem`, which may be suspended.
pub(in crate::modules) fn list_of(ev: &Evaluator, elem: Value) -> Res<Value> {
    static OF_PAYLOAD: Builtin =
        Builtin::hidden("type", &["payload"], |ev, args, _| list_of(ev, payload_elem(ev, &args[0])?));
    static SUBST: Builtin = Builtin::hidden("substSubModules", &["elemType", "m"], |ev, args, _| {
        list_of(ev, substituted(ev, args)?)
    });
    static DESCRIPTION: Lazy = Lazy {
        name: "types.listOf",
        run: |ev, captures, _| {
            let elem = ev.force(&captures[0])?;
            Ok(ev.mem.str(&format!("list of {}", phrase(ev, elem, &PLAIN)?))?)
        },
    };
    let spec = Spec {
        description: ev.delay_raw(&DESCRIPTION, &[elem])?,
        class: Value::symbol(ev.intern("composite")?),
        check: coherent_check(ev, ev.builtin(&IS_LIST))?,
        merge: merge_v2(ev, ev.partial(&LIST_V2, &[elem])?)?,
        empty: ev.mem.record(&crate::modules::definitions::VALUE, [Value::EMPTY_LIST])?,
        sub_options: ev.partial(&STAR_OPTIONS, &[elem])?,
        sub_modules: inherit(ev, elem, sym!("getSubModules"))?,
        subst: ev.partial(&SUBST, &[elem])?,
        functor: elem_functor(ev, "listOf", ev.builtin(&OF_PAYLOAD), elem)?,
        nested: nested_elem(ev, elem)?,
        ..Spec::new(ev, "listOf")?
    };
    spec.build(ev)
}

static IS_LIST: Builtin =
    Builtin::hidden("check", &["self", "x"], |ev, args, _| Ok(Value::bool(ev.force(&args[1])?.is_list())));

/// The sub-options of the elements, under `*`.
static STAR_OPTIONS: Builtin = Builtin::hidden("getSubOptions", &["elemType", "prefix"], |ev, args, _| {
    sub_options(ev, ev.force(&args[0])?, &args[1], ev.mem.str("*")?)
});

/// `elemType.substSubModules m`, suspended: the first argument is the type, the second the modules.
pub(super) fn substituted(ev: &Evaluator, args: &[Slot]) -> Res<Value> {
    static SUBST: Lazy = Lazy {
        name: "types.substSubModules",
        run: |ev, captures, _| {
            let elem = ev.force(&captures[0])?;
            let subst = select(ev, elem, sym!("substSubModules"))?;
            ev.call(subst, &[ev.mem.share(&captures[1])?], Pos::NONE)
        },
    };
    let delayed = ev.delay_raw(&SUBST, &[ev.mem.share(&args[0])?, ev.mem.share(&args[1])?])?;
    crate::native::cell(ev, delayed)
}

static LIST_V2: Builtin = Builtin::hidden("v2", &["elemType", "args"], |ev, args, _| {
    let [loc, defs] = v2_args(ev, &args[1])?;
    let check = coherent_check(ev, ev.builtin(&IS_LIST))?;
    static META: Record<1> = Record::new(["list"]);
    collection(ev, &LIST, &META, &[check, loc, defs, ev.mem.share(&args[0])?])
});

/// A result of `merge.v2`, all from the same captures: the error, and what `lazy` gives as a list of the value and the
/// meta data that `meta` names. Those names are known before anything is computed.
pub(super) fn collection<const N: usize>(
    ev: &Evaluator,
    lazy: &'static Lazy,
    meta: &'static Record<N>,
    captures: &[Value],
) -> Res<Value> {
    let (check, loc, defs) = (captures[0], captures[1], captures[2]);
    let error = ev.delay_raw(&HEAD_ERROR, &[check, loc, defs])?;
    let both = crate::native::cell(ev, ev.delay_raw(lazy, captures)?)?;
    static PART: Lazy = Lazy {
        name: "types.collection",
        run: |ev, captures, index| {
            let both = ev.force(&captures[0])?;
            ev.force(&ev.mem.items(both)[index])
        },
    };
    let parts = ev.delays_raw(&PART, &[both])?;
    let meta = ev.mem.record(meta, std::array::from_fn(|i| Value::native(i + 1, parts)))?;
    Ok(ev.mem.record(&RESULT, [error, Value::native(0, parts), meta])?)
}

static HEAD_ERROR: Lazy = Lazy {
    name: "types.headError",
    run: |ev, captures, _| {
        let defs = ev.force_list(&captures[2], Pos::NONE, "")?;
        head_error(ev, ev.force(&captures[0])?, defs)
    },
};

/// The value and meta data of a list: those elements that have a definition that counts.
static LIST: Lazy = Lazy {
    name: "types.listOf",
    run: |ev, captures, _| {
        let loc = ev.force_list(&captures[1], Pos::NONE, "")?;
        let defs = ev.force_list(&captures[2], Pos::NONE, "")?;
        let records = Records::new(ev);
        let (mut names, mut lists, mut known) = (Vec::new(), Vec::new(), Vec::new());
        let ty = ev.mem.share(&captures[3])?;
        let check = plain_check(ev, ty);
        for (n, def) in ev.mem.items(defs).iter().enumerate() {
            let set = ev.force(def)?;
            let list = ev.force_list(attr(ev, set, sym!("value"))?, Pos::NONE, "")?;
            let file = shared(ev, set, sym!("file"))?;
            for (m, item) in ev.mem.items(list).iter().enumerate() {
                let name = entry_name(n + 1, m + 1);
                let raw = Raw { file, value: ev.mem.share(item)?, props: Value::EMPTY_LIST, pos: Pos::NONE };
                let mut recorder = records.element(ev, loc, name)?;
                let lives = settle(ev, &mut recorder, &[raw])?;
                if lives.is_empty() {
                    continue;
                }
                recorder.finish();
                let value = known_value(ev, check, &lives)?;
                names.push(name);
                known.push(value);
                lists.push(definitions(ev, &lives)?);
            }
        }
        let elements = Elements::new(ev, loc, ty, &names, &lists, &known)?;
        let metas = ev.mem.list_from(names.len(), (0..names.len()).map(|i| elements.meta(i)))?;
        Ok(ev.mem.list(&[elements.values, metas])?)
    },
};

// Sets.

/// `lib.types.attrsOf`
pub(in crate::modules) static ATTRS_OF: Builtin = Builtin::hidden("attrsOf", &["elemType"], |ev, args, _| {
    attrs_with(ev, ev.mem.share(&args[0])?, Value::FALSE, placeholder(ev)?)
});

/// `lib.types.lazyAttrsOf`
pub(in crate::modules) static LAZY_ATTRS_OF: Builtin =
    Builtin::hidden("lazyAttrsOf", &["elemType"], |ev, args, _| {
        attrs_with(ev, ev.mem.share(&args[0])?, Value::TRUE, placeholder(ev)?)
    });

/// What `attrsWith` is called with.
const ATTRS_WITH_ARGS: Formals =
    Formals { arg: 0, names: &[("elemType", false), ("lazy", true), ("placeholder", true)], ellipsis: false };

/// `lib.types.attrsWith`
pub(in crate::modules) static ATTRS_WITH: Builtin =
    Builtin::hidden("attrsWith", &["args"], |ev, args, pos| {
        let set = ev.force_formals("attrsWith", &args[0], &ATTRS_WITH_ARGS, pos)?;
        let elem = shared(ev, set, sym!("elemType"))?;
        let lazy = shared_or(ev, set, sym!("lazy"), Value::FALSE)?;
        attrs_with(ev, elem, lazy, shared_or(ev, set, sym!("placeholder"), placeholder(ev)?)?)
    })
    .with_formals(&[ATTRS_WITH_ARGS]);

fn placeholder(_: &Evaluator) -> Res<Value> {
    Ok(Value::symbol(sym!("name")))
}

/// The type of sets whose values are of type `elem`, which may be suspended.
pub(in crate::modules) fn attrs_of(ev: &Evaluator, elem: Value, lazy: bool) -> Res<Value> {
    attrs_with(ev, elem, Value::bool(lazy), placeholder(ev)?)
}

fn attrs_with(ev: &Evaluator, elem: Value, lazy: Value, placeholder: Value) -> Res<Value> {
    static PAYLOAD: Record<3> = Record::new(["elemType", "lazy", "placeholder"]);
    static SUBST: Builtin =
        Builtin::hidden("substSubModules", &["elemType", "lazy", "placeholder", "m"], |ev, args, _| {
            let elem = substituted(ev, &[slot(ev.mem.share(&args[0])?), slot(ev.mem.share(&args[3])?)])?;
            attrs_with(ev, elem, ev.mem.share(&args[1])?, ev.mem.share(&args[2])?)
        });
    static OPTIONS: Builtin =
        Builtin::hidden("getSubOptions", &["elemType", "placeholder", "prefix"], |ev, args, _| {
            let name = ev.force_string(&args[1], Pos::NONE, "")?;
            let step = ev.mem.str(&format!("<{}>", text(ev, name)))?;
            sub_options(ev, ev.force(&args[0])?, &args[2], step)
        });
    static WORDS: Lazy = Lazy {
        name: "types.attrsOf",
        run: |ev, captures, index| {
            let lazy = truth(ev, ev.force(&captures[1])?)?;
            if index == 0 {
                return Ok(Value::symbol(ev.intern(if lazy { "lazyAttrsOf" } else { "attrsOf" })?));
            }
            let phrase = phrase(ev, ev.force(&captures[0])?, &PLAIN)?;
            let kind = if lazy { "lazy attribute set" } else { "attribute set" };
            Ok(ev.mem.str(&format!("{kind} of {phrase}"))?)
        },
    };
    let words = ev.delays_raw(&WORDS, &[elem, lazy])?;
    let name = match lazy {
        Value::FALSE => Value::symbol(ev.intern("attrsOf")?),
        Value::TRUE => Value::symbol(ev.intern("lazyAttrsOf")?),
        _ => Value::native(0, words),
    };
    let payload = ev.mem.record(&PAYLOAD, [elem, lazy, placeholder])?;
    let spec = Spec {
        name,
        description: Value::native(1, words),
        class: Value::symbol(ev.intern("composite")?),
        check: coherent_check(ev, ev.builtin(&IS_SET))?,
        merge: merge_v2(ev, ev.partial(&ATTRS_V2, &[elem, lazy])?)?,
        empty: ev.mem.record(&crate::modules::definitions::VALUE, [Value::EMPTY_SET])?,
        sub_options: ev.partial(&OPTIONS, &[elem, placeholder])?,
        sub_modules: inherit(ev, elem, sym!("getSubModules"))?,
        subst: ev.partial(&SUBST, &[elem, lazy, placeholder])?,
        functor: functor(ev, "attrsWith", ev.builtin(&ATTRS_WITH), payload, ev.builtin(&MERGE_PAYLOADS))?,
        nested: nested_elem(ev, elem)?,
        ..Spec::new(ev, "attrsOf")?
    };
    spec.build(ev)
}

/// Two payloads of `attrsWith`: a placeholder that says something wins over the default one.
static MERGE_PAYLOADS: Builtin = Builtin::hidden("binOp", &["lhs", "rhs"], |ev, args, _| {
    static PAYLOAD: Record<3> = Record::new(["elemType", "lazy", "placeholder"]);
    let (left, right) = (ev.force(&args[0])?, ev.force(&args[1])?);
    let elem = merged_elem(ev, left, right)?;
    let both = |name: Sym| -> Res<(Value, Value)> { Ok((select(ev, left, name)?, select(ev, right, name)?)) };
    let lazy = both(sym!("lazy"))?;
    let names = both(sym!("placeholder"))?;
    let default = |v: Value| v.is_string() && ev.mem.text(v) == b"name";
    let name = match names {
        (a, b) if ev.equal_values(a, b, Pos::NONE)? => a,
        (a, b) if default(a) => b,
        (a, b) if default(b) => a,
        _ => return Ok(Value::NULL),
    };
    if elem == Value::NULL || !ev.equal_values(lazy.0, lazy.1, Pos::NONE)? {
        return Ok(Value::NULL);
    }
    Ok(ev.mem.record(&PAYLOAD, [elem, lazy.0, name])?)
});

static IS_SET: Builtin =
    Builtin::hidden("check", &["self", "x"], |ev, args, _| Ok(Value::bool(ev.force(&args[1])?.is_attrs())));

static ATTRS_V2: Builtin = Builtin::hidden("v2", &["elemType", "lazy", "args"], |ev, args, _| {
    let [loc, defs] = v2_args(ev, &args[2])?;
    let check = coherent_check(ev, ev.builtin(&IS_SET))?;
    static META: Record<1> = Record::new(["attrs"]);
    collection(ev, &ATTRS, &META, &[check, loc, defs, ev.mem.share(&args[0])?, ev.mem.share(&args[1])?])
});

/// The definitions of each name in several sets: names ascending, those of a name in the order of the sets.
pub(super) fn by_name(ev: &Evaluator, defs: Value) -> Res<Vec<(Sym, Raw)>> {
    let defs = ev.mem.items(defs);
    let mut all = Vec::new();
    for def in defs {
        let set = ev.force(def)?;
        let value = ev.force_attrs(attr(ev, set, sym!("value"))?, Pos::NONE, "")?;
        let file = shared(ev, set, sym!("file"))?;
        for entry in ev.mem.entries(value) {
            let value = ev.mem.share(entry.slot)?;
            all.push((entry.name, Raw { file, value, props: Value::EMPTY_LIST, pos: entry.pos }));
        }
    }
    if defs.len() > 1 {
        all.sort_by_key(|(name, _)| *name);
    }
    Ok(all)
}

/// The value and meta data of a set.
static ATTRS: Lazy = Lazy {
    name: "types.attrsOf",
    run: |ev, captures, _| {
        let loc = ev.force_list(&captures[1], Pos::NONE, "")?;
        let defs = ev.force_list(&captures[2], Pos::NONE, "")?;
        let lazy = truth(ev, ev.force(&captures[4])?)?;
        let all = by_name(ev, defs)?;
        let records = Records::new(ev);
        let (mut names, mut lists, mut known) = (Vec::new(), Vec::new(), Vec::new());
        let ty = ev.mem.share(&captures[3])?;
        let check = plain_check(ev, ty);
        for group in all.chunk_by(|a, b| a.0 == b.0) {
            let name = Value::symbol(group[0].0);
            if lazy {
                names.push(name);
                lists.push(later(ev, loc, name, group)?);
                continue;
            }
            let raws: smallvec::SmallVec<[Raw; 4]> = group.iter().map(|(_, raw)| *raw).collect();
            let mut recorder = records.element(ev, loc, name)?;
            let lives = settle(ev, &mut recorder, &raws)?;
            recorder.finish();
            if lives.is_empty() {
                continue;
            }
            names.push(name);
            known.push(known_value(ev, check, &lives)?);
            lists.push(definitions(ev, &lives)?);
        }
        let elements = Elements::new(ev, loc, ty, &names, &lists, &known)?;
        let (mut values, mut metas) = (AttrsBuilder::new(), AttrsBuilder::new());
        for (i, name) in names.iter().enumerate() {
            let name = ev.mem.symbol_of(*name)?;
            values.push(name, ev.mem.share(&ev.mem.items(elements.values)[i])?);
            metas.push(name, elements.meta(i));
        }
        Ok(ev.mem.list(&[ev.mem.attrs(values)?, ev.mem.attrs(metas)?])?)
    },
};

/// The definitions of an element that are not looked at before its value is needed.
fn later(ev: &Evaluator, loc: Value, name: Value, group: &[(Sym, Raw)]) -> Res<Value> {
    static LATER: Lazy = Lazy {
        name: "types.lazyAttrsOf",
        run: |ev, captures, _| {
            let raws = Raw::all(ev, peek(&captures[2])).collect::<Res<Vec<_>>>()?;
            let mut recorder = Records::new(ev).element(ev, peek(&captures[0]), peek(&captures[1]))?;
            let lives = settle(ev, &mut recorder, &raws)?;
            recorder.finish();
            definitions(ev, &lives)
        },
    };
    let words: Vec<Value> = group.iter().flat_map(|(_, raw)| raw.words()).collect();
    ev.delay_raw(&LATER, &[loc, name, ev.mem.list(&words)?])
}

/// Whether a type is `attrsOf` or one of its relatives, and what its elements are.
pub(in crate::modules) fn attrs_elem(ev: &Evaluator, ty: Value) -> Res<Value> {
    select(ev, select(ev, ty, sym!("nestedTypes"))?, sym!("elemType"))
}

/// `lib.types.nonEmptyListOf`
pub(in crate::modules) static NON_EMPTY_LIST_OF: Builtin =
    Builtin::hidden("nonEmptyListOf", &["elemType"], |ev, args, _| {
        non_empty_list_of(ev, ev.mem.share(&args[0])?)
    });

fn non_empty_list_of(ev: &Evaluator, elem: Value) -> Res<Value> {
    static NOT_EMPTY: Builtin = Builtin::hidden("check", &["x"], |ev, args, _| {
        Ok(Value::bool(ev.force(&args[0])? != Value::EMPTY_LIST))
    });
    static SUBST: Builtin = Builtin::hidden("substSubModules", &["elemType", "m"], |ev, args, _| {
        non_empty_list_of(ev, substituted(ev, args)?)
    });
    static DESCRIPTION: Lazy = Lazy {
        name: "types.nonEmptyListOf",
        run: |ev, captures, _| {
            Ok(ev.mem.str(&format!("non-empty {}", phrase(ev, peek(&captures[0]), &["noun"])?))?)
        },
    };
    static CHANGED: Record<3> = Record::new(["description", "emptyValue", "substSubModules"]);
    let list = super::checked::add_check(ev, list_of(ev, elem)?, ev.builtin(&NOT_EMPTY))?;
    let changed = [ev.delay_raw(&DESCRIPTION, &[list])?, Value::EMPTY_SET, ev.partial(&SUBST, &[elem])?];
    Ok(ev.mem.update(list, ev.mem.record(&CHANGED, changed)?)?)
}

/// `lib.types.loaOf`: `attrsOf` that says it is deprecated.
pub(in crate::modules) static LOA_OF: Builtin = Builtin::hidden("loaOf", &["elemType"], |ev, args, _| {
    static CHANGED: Record<3> = Record::new(["name", "deprecationMessage", "nestedTypes"]);
    const MESSAGE: &str = "Mixing lists with attribute values is no longer possible; please use `types.attrsOf` \
                           instead. See https://github.com/NixOS/nixpkgs/issues/1800 for the motivation.";
    let elem = ev.mem.share(&args[0])?;
    let changed = [Value::symbol(ev.intern("loaOf")?), ev.mem.str(MESSAGE)?, nested_elem(ev, elem)?];
    Ok(ev.mem.update(attrs_of(ev, elem, false)?, ev.mem.record(&CHANGED, changed)?)?)
});
