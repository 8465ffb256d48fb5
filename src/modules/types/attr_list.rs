//! `types.attrListOf`: pairs of a name and a value whose order counts.

use super::collections::{PLAIN, collection, substituted};
use super::elements::{Elements, Records, definitions as final_definitions, settle};
use super::make::{Spec, coherent_check, inherit, merge_v2, nested_elem, phrase, sub_options, v2_args};
use crate::builtins::merge_sort;
use crate::eval::{Builtin, Error, Evaluator, Formals, Lazy, Res};
use crate::heap::Sym;
use crate::modules::definitions::Raw;
use crate::modules::definitions::definitions;
use crate::modules::definitions::{DEFAULT_ORDER, DEFAULT_PRIORITY};
use crate::modules::definitions::{Property, VALUE, property};
use crate::modules::definitions::{make_definition, make_order, make_override};
use crate::modules::messages;
use crate::modules::messages::type_word;
use crate::native::{CONST, attr, call_builtin, cell, is_type, select, shared, shared_or, throw, truth};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Record, Value, peek, slot};

/// `lib.types.attrListOf`
pub(in crate::modules) static ATTR_LIST_OF: Builtin =
    Builtin::hidden("attrListOf", &["elemType"], |ev, args, _| {
        attr_list(ev, [ev.mem.share(&args[0])?, Value::FALSE, values_as_list(ev)?])
    });

/// What `attrListWith` is called with.
const ATTR_LIST_WITH_ARGS: Formals = Formals {
    arg: 0,
    names: &[("elemType", false), ("asAttrs", true), ("mergeAttrValues", true)],
    ellipsis: false,
};

/// `lib.types.attrListWith`
pub(in crate::modules) static ATTR_LIST_WITH: Builtin =
    Builtin::hidden("attrListWith", &["args"], |ev, args, pos| {
        let set = ev.force_formals("attrListWith", &args[0], &ATTR_LIST_WITH_ARGS, pos)?;
        let elem = shared(ev, set, sym!("elemType"))?;
        let as_attrs = shared_or(ev, set, sym!("asAttrs"), Value::FALSE)?;
        let merge = shared_or(ev, set, sym!("mergeAttrValues"), values_as_list(ev)?)?;
        attr_list(ev, [elem, as_attrs, merge])
    })
    .with_formals(&[ATTR_LIST_WITH_ARGS]);

/// `_name: values: values`
fn values_as_list(ev: &Evaluator) -> Res<Value> {
    static VALUES: Builtin =
        Builtin::hidden("mergeAttrValues", &["name", "values"], |ev, args, _| ev.force(&args[1]));
    Ok(ev.builtin(&VALUES))
}

/// The type for elements of a type, with whether its values are sets, and how those merge equal names.
fn attr_list(ev: &Evaluator, parts: [Value; 3]) -> Res<Value> {
    static SUBST: Builtin = Builtin::hidden(
        "substSubModules",
        &["elemType", "asAttrs", "mergeAttrValues", "m"],
        |ev, args, _| {
            let elem = substituted(ev, &[slot(ev.mem.share(&args[0])?), slot(ev.mem.share(&args[3])?)])?;
            attr_list(ev, [elem, ev.mem.share(&args[1])?, ev.mem.share(&args[2])?])
        },
    );
    static WORDS: Lazy = Lazy {
        name: "types.attrListOf",
        run: |ev, captures, index| match index {
            0 => Ok(ev.mem.str(&description(ev, ev.force(&captures[0])?)?)?),
            _ if truth(ev, ev.force(&captures[1])?)? => Ok(Value::EMPTY_SET),
            _ => Ok(Value::EMPTY_LIST),
        },
    };
    static OPTIONS: Builtin = Builtin::hidden("getSubOptions", &["elemType", "prefix"], |ev, args, _| {
        sub_options(ev, ev.force(&args[0])?, &args[1], ev.mem.str("*")?)
    });
    let elem = parts[0];
    let words = ev.delays_raw(&WORDS, &parts)?;
    let spec = Spec {
        description: Value::native(0, words),
        class: Value::symbol(ev.intern("composite")?),
        check: coherent_check(ev, ev.builtin(&IS_COLLECTION))?,
        merge: merge_v2(ev, ev.partial(&V2, &parts)?)?,
        empty: ev.mem.record(&VALUE, [Value::native(1, words)])?,
        sub_options: ev.partial(&OPTIONS, &[elem])?,
        sub_modules: inherit(ev, elem, sym!("getSubModules"))?,
        subst: ev.partial(&SUBST, &parts)?,
        type_merge: ev.partial(&CONST, &[Value::NULL])?,
        nested: nested_elem(ev, elem)?,
        ..Spec::new(ev, "attrListOf")?
    };
    spec.build(ev)
}

fn description(ev: &Evaluator, elem: Value) -> Res<String> {
    Ok(format!("attribute list of {}", phrase(ev, elem, &PLAIN)?))
}

static IS_COLLECTION: Builtin = Builtin::hidden("check", &["self", "x"], |ev, args, _| {
    let v = ev.force(&args[1])?;
    Ok(Value::bool(v.is_list() || v.is_attrs()))
});

static V2: Builtin =
    Builtin::hidden("v2", &["elemType", "asAttrs", "mergeAttrValues", "args"], |ev, args, _| {
        let [loc, defs] = v2_args(ev, &args[3])?;
        let check = coherent_check(ev, ev.builtin(&IS_COLLECTION))?;
        let share = |i: usize| ev.mem.share(&args[i]);
        static META: Record<3> = Record::new(["attrList", "attrListValue", "definitions"]);
        collection(ev, &ITEMS, &META, &[check, loc, defs, share(0)?, share(1)?, share(2)?])
    });

/// A name with its value, and where it stands.
#[derive(Clone, Copy)]
struct Item {
    file: Value,
    name: Sym,
    /// The value, with a priority around it if it has one.
    value: Value,
    order: Value,
    priority: Value,
}

/// A value without the order around it; its order and priority.
struct Peeled {
    value: Value,
    order: Value,
    priority: Value,
}

/// The value and the order of what is peeled when they are needed.
static INNER: Lazy = Lazy {
    name: "types.attrListInner",
    run: |ev, captures, index| {
        let inner = peel(ev, ev.mem.share(&captures[0])?)?;
        ev.force_value(if index == 0 { inner.value } else { inner.order })
    },
};

fn peel(ev: &Evaluator, value: Value) -> Res<Peeled> {
    let _depth = ev.enter(Pos::NONE)?;
    let v = ev.force_value(value)?;
    Ok(match property(ev, v)? {
        Property::Order => {
            let inner = peel(ev, shared(ev, v, sym!("content"))?)?;
            Peeled { order: shared(ev, v, sym!("priority"))?, ..inner }
        }
        // What is inside is not looked at unless it wins.
        Property::Override => {
            let inner = ev.delays_raw(&INNER, &[shared(ev, v, sym!("content"))?])?;
            let priority = shared(ev, v, sym!("priority"))?;
            let value = make_override(ev, priority, Value::native(0, inner))?;
            Peeled { value, order: cell(ev, Value::native(1, inner))?, priority }
        }
        _ => {
            let (order, priority) = (ev.mem.int(DEFAULT_ORDER)?, ev.mem.int(DEFAULT_PRIORITY)?);
            Peeled { value: v, order, priority }
        }
    })
}

/// An element of a list: a set with one attribute, perhaps with an order around it.
fn list_item(ev: &Evaluator, loc: Value, elem: Value, file: Value, raw: Value) -> Res<Item> {
    let ordered = is_type(ev, raw, b"order")?;
    let item = if ordered { select(ev, raw, sym!("content"))? } else { raw };
    let names = if item.is_attrs() { ev.mem.entries(item) } else { Vec::new() };
    let [entry] = &names[..] else {
        return Err(no_item(ev, loc, elem, file, raw, item)?);
    };
    let peeled = peel(ev, ev.mem.share(entry.slot)?)?;
    let order = if ordered { shared(ev, raw, sym!("priority"))? } else { peeled.order };
    Ok(Item { file, name: entry.name, value: peeled.value, order, priority: peeled.priority })
}

#[cold]
fn no_item(ev: &Evaluator, loc: Value, elem: Value, file: Value, raw: Value, item: Value) -> Res<Error> {
    let path = messages::option(ev, loc)?;
    let what = match item.is_attrs() {
        false => format!("Each list element must be an attribute set, but got {}", type_word(item)),
        true => format!(
            "Each list element must be a single-key attribute set, but got {} keys",
            ev.mem.attrs_len(item)
        ),
    };
    let description = description(ev, ev.force_value(elem)?)?;
    let shown = messages::definition_text(ev, &slot(file), &slot(raw))?;
    Ok(throw(format!("A definition for option `{path}' is not of type `{description}'. {what}.{shown}")))
}

fn all_items(
    ev: &Evaluator,
    loc: Value,
    elem: &crate::heap::Slot,
    defs: &crate::heap::Slot,
) -> Res<Vec<Item>> {
    let mut items = Vec::new();
    for def in definitions(ev, defs)? {
        let set = ev.force(def)?;
        let file = shared(ev, set, sym!("file"))?;
        let value = select(ev, set, sym!("value"))?;
        if value.is_list() {
            for raw in ev.mem.items(value) {
                items.push(list_item(ev, loc, ev.mem.share(elem)?, file, ev.force(raw)?)?);
            }
            continue;
        }
        for entry in ev.mem.entries_by_name(ev.force_attrs(attr(ev, set, sym!("value"))?, Pos::NONE, "")?) {
            let peeled = peel(ev, ev.mem.share(entry.slot)?)?;
            let (name, priority) = (entry.name, peeled.priority);
            items.push(Item { file, name, value: peeled.value, order: peeled.order, priority });
        }
    }
    Ok(items)
}

/// Those items that have the best priority of their name, in order.
fn winning(ev: &Evaluator, items: &[Item]) -> Res<Vec<Item>> {
    let default = ev.mem.int(DEFAULT_PRIORITY)?;
    let mut best: hashbrown::HashMap<Sym, Value> = hashbrown::HashMap::new();
    let less = |a: Value, b: Value| ev.less_than(&slot(a), &slot(b), Pos::NONE, "");
    for item in items {
        let known = best.get(&item.name).copied().unwrap_or(default);
        if less(item.priority, known)? {
            best.insert(item.name, item.priority);
        }
    }
    let mut kept = Vec::with_capacity(items.len());
    for item in items {
        let best = ev.force_value(best.get(&item.name).copied().unwrap_or(default))?;
        if ev.equal_values(ev.force_value(item.priority)?, best, Pos::NONE)? {
            kept.push(*item);
        }
    }
    let numbers = (0..kept.len()).filter_map(|i| Value::small_int(i as i64)).collect();
    let order = |number: Value| kept[number.as_small_int() as usize].order;
    let sorted = merge_sort(numbers, &mut |a, b| less(order(a), order(b)))?;
    Ok(sorted.into_iter().map(|number| kept[number.as_small_int() as usize]).collect())
}

static ITEMS: Lazy = Lazy {
    name: "types.attrListItems",
    run: |ev, captures, _| {
        let loc = ev.force_list(&captures[1], Pos::NONE, "")?;
        let items = winning(ev, &all_items(ev, loc, &captures[3], &captures[2])?)?;
        let records = Records::new(ev);
        let (mut kept, mut names, mut lists) = (Vec::new(), Vec::new(), Vec::new());
        for item in items {
            let raw = Raw { file: item.file, value: item.value, props: Value::EMPTY_LIST, pos: Pos::NONE };
            let name = Value::symbol(item.name);
            let mut recorder = records.element(ev, loc, name)?;
            let lives = settle(ev, &mut recorder, &[raw])?;
            recorder.finish();
            if !lives.is_empty() {
                kept.push(item);
                names.push(name);
                lists.push(final_definitions(ev, &lives)?);
            }
        }
        let elem = ev.mem.share(&captures[3])?;
        let elements = Elements::new(ev, loc, elem, &names, &lists, &[])?;
        let mut pairs = Vec::with_capacity(kept.len());
        let mut definitions = Vec::with_capacity(kept.len());
        for (i, item) in kept.iter().enumerate() {
            let value = ev.mem.share(&ev.mem.items(elements.values)[i])?;
            let pair = || -> Res<Value> {
                let mut pair = AttrsBuilder::with_capacity(1);
                pair.push(item.name, value);
                Ok(ev.mem.attrs(pair)?)
            };
            pairs.push(pair()?);
            definitions.push(make_definition(ev, item.file, make_order(ev, item.order, pair()?)?)?);
        }
        // Like those of nixpkgs, the pairs are suspended: messages that print the list show that.
        static PAIR: Lazy = Lazy {
            name: "types.attrListPair",
            run: |ev, captures, index| Ok(peek(&ev.mem.items(peek(&captures[0]))[index])),
        };
        let behind = ev.delays_raw(&PAIR, &[ev.mem.list(&pairs)?])?;
        let pairs = ev.mem.list_from(kept.len(), (0..kept.len()).map(|i| Value::native(i, behind)))?;
        let metas = ev.mem.list_from(kept.len(), (0..kept.len()).map(|i| elements.meta(i)))?;
        let value = match truth(ev, ev.force(&captures[4])?)? {
            false => pairs,
            true => call_builtin(ev, "zipAttrsWith", &[ev.mem.share(&captures[5])?, pairs])?,
        };
        Ok(ev.mem.list(&[value, metas, pairs, ev.mem.list(&definitions)?])?)
    },
};
