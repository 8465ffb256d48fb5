//! `types.attrListOf`: name-value pairs whose order matters.

use super::checked_merge::{checked_merge, coherent_check, loc_and_defs};
use super::collections::{STAR_OPTIONS, collection};
use super::elements::{Elements, settle};
use super::functor::only_elem_type;
use super::make::{Spec, symbol};
use super::option_type::{OptionType, PLAIN, substituted};
use crate::builtins::merge_sort;
use crate::eval::{Builtin, Error, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::modules::definitions::Raw;
use crate::modules::definitions::definitions;
use crate::modules::definitions::list_of as list_of_lives;
use crate::modules::definitions::{DEFAULT_ORDER, DEFAULT_PRIORITY};
use crate::modules::definitions::{Property, VALUE, property};
use crate::modules::definitions::{make_definition, make_order, make_override};
use crate::modules::messages;
use crate::native::{
    CONST, attr, attrs, call_builtin, cell, delay_select, is_type, list, select, share, shared, shared_args,
    shared_or, throw, truth,
};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Record, Value, peek, slot};

/// `lib.types.attrListOf`
pub(super) static ATTR_LIST_OF: Builtin = Builtin::hidden("attrListOf", &["elemType"], |ev, args, _| {
    let [elem_type] = shared_args(ev, args)?;
    attr_list(ev, AttrList::plain(ev, elem_type))
});

/// The arguments of `attrListWith`.
const ATTR_LIST_WITH_ARGS: Formals = Formals {
    arg: 0,
    names: &[("elemType", false), ("asAttrs", true), ("mergeAttrValues", true)],
    ellipsis: false,
};

/// `lib.types.attrListWith`
pub(super) static ATTR_LIST_WITH: Builtin = Builtin::hidden("attrListWith", &["args"], |ev, args, pos| {
    let [given] = exactly(args);
    let set = ev.force_formals("attrListWith", given, &ATTR_LIST_WITH_ARGS, pos)?;
    let plain = AttrList::plain(ev, shared(ev, set, sym!("elemType"))?);
    let as_attrs = shared_or(ev, set, sym!("asAttrs"), plain.as_attrs)?;
    let merge_values = shared_or(ev, set, sym!("mergeAttrValues"), plain.merge_values)?;
    attr_list(ev, AttrList { as_attrs, merge_values, ..plain })
})
.with_formals(&[ATTR_LIST_WITH_ARGS]);

/// The parameters of an attribute list type.
#[derive(Debug, Clone, Copy)]
struct AttrList {
    /// The type of the values; may be suspended.
    elem_type: Value,
    /// Whether the values of the type are sets.
    as_attrs: Value,
    /// The function that merges all values of one name in such a set.
    merge_values: Value,
}

impl AttrList {
    /// `attrListWith { inherit elemType; }`
    fn plain(ev: &Evaluator, elem_type: Value) -> AttrList {
        static VALUES: Builtin = Builtin::hidden("mergeAttrValues", &["name", "values"], |ev, args, _| {
            let [_, values] = exactly(args);
            ev.force(values)
        });
        AttrList { elem_type, as_attrs: Value::FALSE, merge_values: ev.builtin(&VALUES) }
    }
}

suspended! {
    /// Attributes of an attribute list type.
    struct ListWords { elem_type, as_attrs } => struct ListWordParts { description, empty }
}

impl ListWords<&Slot> {
    fn description(self, ev: &Evaluator) -> Res<Value> {
        Ok(ev.mem.str(&description(ev, OptionType::force(ev, self.elem_type)?)?)?)
    }

    fn empty(self, ev: &Evaluator) -> Res<Value> {
        Ok(if truth(ev, ev.force(self.as_attrs)?)? { Value::EMPTY_SET } else { Value::EMPTY_LIST })
    }
}

fn attr_list(ev: &Evaluator, AttrList { elem_type, as_attrs, merge_values }: AttrList) -> Res<Value> {
    static SUBST: Builtin = Builtin::hidden(
        "substSubModules",
        &["elemType", "asAttrs", "mergeAttrValues", "m"],
        |ev, args, _| {
            let [elem_type, as_attrs, merge_values, m] = shared_args(ev, args)?;
            attr_list(ev, AttrList { elem_type: substituted(ev, elem_type, m)?, as_attrs, merge_values })
        },
    );
    let parts = [elem_type, as_attrs, merge_values];
    let words = ListWords { elem_type, as_attrs }.parts(ev)?;
    let spec = Spec {
        description: words.description,
        class: symbol(ev, "composite")?,
        check: coherent_check(ev, ev.builtin(&IS_COLLECTION))?,
        merge: checked_merge(ev, ev.partial(&V2, &parts)?)?,
        empty: ev.mem.record(&VALUE, [words.empty])?,
        sub_options: ev.partial(&STAR_OPTIONS, &[elem_type])?,
        sub_modules: delay_select(ev, elem_type, sym!("getSubModules"))?,
        subst: ev.partial(&SUBST, &parts)?,
        type_merge: ev.partial(&CONST, &[Value::NULL])?,
        nested: only_elem_type(ev, elem_type)?,
        ..Spec::new(ev, "attrListOf")?
    };
    spec.build(ev)
}

fn description(ev: &Evaluator, elem_type: OptionType) -> Res<String> {
    Ok(format!("attribute list of {}", elem_type.phrase(ev, &PLAIN)?))
}

static IS_COLLECTION: Builtin = Builtin::hidden("check", &["self", "x"], |ev, args, _| {
    let [_, x] = exactly(args);
    let v = ev.force(x)?;
    Ok(Value::bool(v.is_list() || v.is_attrs()))
});

static V2: Builtin =
    Builtin::hidden("v2", &["elemType", "asAttrs", "mergeAttrValues", "args"], |ev, args, _| {
        let [elem_type, as_attrs, merge_values, arg] = exactly(args);
        let [loc, defs] = loc_and_defs(ev, arg)?;
        let check = coherent_check(ev, ev.builtin(&IS_COLLECTION))?;
        let elem_type = share(ev, elem_type)?;
        let (as_attrs, merge_values) = (share(ev, as_attrs)?, share(ev, merge_values)?);
        let all = ev.delay(Items { loc, defs, elem_type, as_attrs, merge_values })?;
        static META: Record<3> = Record::new(["attrList", "attrListValue", "definitions"]);
        collection(ev, check, defs, all, &META)
    });

/// A name with its value, and its place among the others.
#[derive(Clone, Copy)]
struct Item {
    file: Value,
    name: Sym,
    /// The value, wrapped in its priority if it has one.
    value: Value,
    order: Value,
    priority: Value,
}

/// A value without the order around it, and its order and priority.
struct Peeled {
    value: Value,
    order: Value,
    priority: Value,
}

suspended! {
    /// The value and the order inside a priority, on demand.
    struct Inner { content } => struct InnerParts { item, order }
}

impl Inner<&Slot> {
    fn item(self, ev: &Evaluator) -> Res<Value> {
        ev.force_value(peel(ev, share(ev, self.content)?)?.value)
    }

    fn order(self, ev: &Evaluator) -> Res<Value> {
        ev.force_value(peel(ev, share(ev, self.content)?)?.order)
    }
}

fn peel(ev: &Evaluator, value: Value) -> Res<Peeled> {
    let _depth = ev.enter(Pos::NONE)?;
    let v = ev.force_value(value)?;
    Ok(match property(ev, v)? {
        Property::Order => {
            let inner = peel(ev, shared(ev, v, sym!("content"))?)?;
            Peeled { order: shared(ev, v, sym!("priority"))?, ..inner }
        }
        // The content is not evaluated unless it wins.
        Property::Override => {
            let inner = Inner { content: shared(ev, v, sym!("content"))? }.parts(ev)?;
            let priority = shared(ev, v, sym!("priority"))?;
            let value = make_override(ev, priority, inner.item)?;
            Peeled { value, order: cell(ev, inner.order)?, priority }
        }
        _ => {
            let (order, priority) = (ev.mem.int(DEFAULT_ORDER)?, ev.mem.int(DEFAULT_PRIORITY)?);
            Peeled { value: v, order, priority }
        }
    })
}

/// An element of a list: a set with one attribute, possibly with an order around it.
fn list_item(ev: &Evaluator, loc: Value, elem_type: Value, file: Value, raw: Value) -> Res<Item> {
    let ordered = is_type(ev, raw, b"order")?;
    let item = if ordered { select(ev, raw, sym!("content"))? } else { raw };
    let names = if item.is_attrs() { ev.mem.entries(item) } else { Vec::new() };
    let [entry] = &names[..] else {
        return Err(no_item(ev, loc, elem_type, file, raw, item)?);
    };
    let peeled = peel(ev, share(ev, entry.slot)?)?;
    let order = if ordered { shared(ev, raw, sym!("priority"))? } else { peeled.order };
    Ok(Item { file, name: entry.name, value: peeled.value, order, priority: peeled.priority })
}

#[cold]
fn no_item(ev: &Evaluator, loc: Value, elem_type: Value, file: Value, raw: Value, item: Value) -> Res<Error> {
    let path = messages::option(ev, loc)?;
    let what = match item.is_attrs() {
        false => format!("Each list element must be an attribute set, but got {}", item.type_of().name()),
        true => format!(
            "Each list element must be a single-key attribute set, but got {} keys",
            ev.mem.attrs_len(item)
        ),
    };
    let description = description(ev, OptionType::of(ev.force_value(elem_type)?))?;
    let shown = messages::definition_text(ev, &slot(file), &slot(raw))?;
    Ok(throw(format!("A definition for option `{path}' is not of type `{description}'. {what}.{shown}")))
}

fn all_items(ev: &Evaluator, loc: Value, elem_type: Value, defs: &Slot) -> Res<Vec<Item>> {
    let mut items = Vec::new();
    for def in definitions(ev, defs)? {
        let set = ev.force(def)?;
        let file = shared(ev, set, sym!("file"))?;
        let value = select(ev, set, sym!("value"))?;
        if value.is_list() {
            for raw in ev.mem.items(value) {
                items.push(list_item(ev, loc, elem_type, file, ev.force(raw)?)?);
            }
            continue;
        }
        for entry in ev.mem.entries_by_name(attrs(ev, attr(ev, set, sym!("value"))?)?) {
            let peeled = peel(ev, share(ev, entry.slot)?)?;
            let (name, priority) = (entry.name, peeled.priority);
            items.push(Item { file, name, value: peeled.value, order: peeled.order, priority });
        }
    }
    Ok(items)
}

/// The items that have the best priority for their name, in order.
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

suspended! {
    /// The value of an attribute list and its metadata: the `valueMeta` of each pair, the pairs and the
    /// definitions.
    struct Items { loc, defs, elem_type, as_attrs, merge_values }
}

impl Items<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let loc = list(ev, self.loc)?;
        let elem_type = share(ev, self.elem_type)?;
        let items = winning(ev, &all_items(ev, loc, elem_type, self.defs)?)?;
        let (mut kept, mut names, mut defs) = (Vec::new(), Vec::new(), Vec::new());
        for item in items {
            let raw = Raw { file: item.file, value: item.value, props: Value::EMPTY_LIST, pos: Pos::NONE };
            let name = Value::symbol(item.name);
            let lives = settle(ev, &[raw])?;
            if !lives.is_empty() {
                kept.push(item);
                names.push(name);
                defs.push(list_of_lives(ev, &lives)?);
            }
        }
        let elements = Elements::make(ev, loc, elem_type, &names, &defs, &[])?;
        let all_metas = elements.metas(ev)?;
        let mut pairs = Vec::with_capacity(kept.len());
        let mut definitions = Vec::with_capacity(kept.len());
        for (i, item) in kept.iter().enumerate() {
            let value = elements.shared_value(ev, i)?;
            let pair = || -> Res<Value> {
                let mut pair = AttrsBuilder::with_capacity(1);
                pair.push(item.name, value);
                Ok(ev.mem.attrs(pair)?)
            };
            pairs.push(pair()?);
            definitions.push(make_definition(ev, item.file, make_order(ev, item.order, pair()?)?)?);
        }
        let pairs = ev.delayed_list(Pair { pairs: ev.mem.list(&pairs)? }, kept.len())?;
        let metas = ev.mem.list_from(kept.len(), (0..kept.len()).map(|i| all_metas.of(i)))?;
        let value = match truth(ev, ev.force(self.as_attrs)?)? {
            false => pairs,
            true => call_builtin(ev, "zipAttrsWith", &[share(ev, self.merge_values)?, pairs])?,
        };
        Ok(ev.mem.list(&[value, metas, pairs, ev.mem.list(&definitions)?])?)
    }
}

suspended! {
    /// A pair. As in nixpkgs, the pairs are suspended, which is visible in messages that print the list.
    struct Pair { pairs } []
}

impl Pair<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        Ok(peek(&ev.mem.items(peek(self.pairs))[index]))
    }
}
