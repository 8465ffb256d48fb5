//! Folding and combining sets: `foldAttrs`, `zipAttrs`, `mergeAttrsList`, `unionOfDisjoint`.

use super::mapping::from_names;
use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::native::{
    apply, assert, attrs, cell, entries, entry_at, get, items, map, map_set, name, one_attr, pick, share,
    throw,
};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek};

/// `lib.attrsets.foldlAttrs`: a strict fold over the attributes, ordered by name.
pub(super) fn foldl_attrs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, init, set] = exactly(args);
    let mut value = ev.force(init)?;
    for e in entries(ev, set)? {
        value = apply(ev, f, &[value, Value::symbol(e.name), share(ev, e.slot)?])?;
    }
    Ok(value)
}

/// `lib.attrsets.foldAttrs`: folds, for each name, the values of several sets from the right.
pub(super) fn fold_attrs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [op, nul, sets] = exactly(args);
    let sets: Vec<Value> = items(ev, sets)?.iter().map(|s| attrs(ev, s)).collect::<Res<_>>()?;
    let (op, nul) = (share(ev, op)?, share(ev, nul)?);
    let mut folded: hashbrown::HashMap<Sym, Value> = hashbrown::HashMap::new();
    for set in sets.into_iter().rev() {
        for e in ev.mem.entries(set) {
            let rest = folded.get(&e.name).copied().unwrap_or(nul);
            let value = cell(ev, ev.delay_call(op, &[ev.copy(e.slot)?, rest])?)?;
            folded.insert(e.name, value);
        }
    }
    let mut builder = AttrsBuilder::with_capacity(folded.len());
    for (name, value) in folded {
        builder.push(name, value);
    }
    Ok(ev.mem.attrs(builder)?)
}

/// `lib.attrsets.cartesianProduct`: all combinations of the elements of several lists, as sets.
pub(super) fn cartesian_product(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [lists] = exactly(args);
    product(ev, lists)
}

/// `cartesianProduct attrsOfLists`
fn product(ev: &Evaluator, lists: &Slot) -> Res<Value> {
    let mut product = vec![Value::EMPTY_SET];
    for e in entries(ev, lists)? {
        let mut next = Vec::new();
        for set in &product {
            for item in items(ev, e.slot)? {
                next.push(ev.mem.update(*set, one_attr(ev, e.name, share(ev, item)?)?)?);
            }
        }
        product = next;
    }
    Ok(ev.mem.list(&product)?)
}

/// `lib.attrsets.mapCartesianProduct`: a function applied to each combination.
pub(super) fn map_cartesian_product(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, lists] = exactly(args);
    let product = product(ev, lists)?;
    map(ev, share(ev, f)?, product)
}

suspended! {
    /// `catAttrs name sets`
    struct Values { name, sets }
}

impl Values<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let of = name(ev, self.name)?;
        let mut found = Vec::new();
        for set in items(ev, self.sets)? {
            let set = attrs(ev, set)?;
            found.extend(ev.mem.get(set, of));
        }
        pick(ev, found)
    }
}

/// `zipAttrsWithNames`
pub(in crate::nixpkgs) static ZIP_ATTRS_WITH_NAMES: Builtin =
    Builtin::hidden("zipAttrsWithNames", &["names", "f", "sets"], zip_attrs_with_names);

/// `lib.attrsets.zipAttrsWithNames`: `zipAttrsWith` restricted to some names.
pub(super) fn zip_attrs_with_names(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [names, f, sets] = exactly(args);
    let (f, sets) = (share(ev, f)?, share(ev, sets)?);
    from_names(ev, names, |name, _| {
        let name = share(ev, name)?;
        ev.delay_call(f, &[name, ev.delay(Values { name, sets })?])
    })
}

/// `lib.attrsets.zipAttrs`: lists of all values for each name; nixpkgs defines it with `zipAttrsWith`.
pub(super) fn zip_attrs(ev: &Evaluator) -> Res<Value> {
    /// `name: values: values`
    static VALUES: Builtin = Builtin::hidden("zipAttrs", &["name", "values"], |ev, args, _| {
        let [_, values] = exactly(args);
        ev.force(values)
    });
    match crate::builtins::find("zipAttrsWith") {
        Some(zip) => ev.partial(zip, &[ev.builtin(&VALUES)]),
        None => Ok(Value::NULL),
    }
}

/// `lib.attrsets.mergeAttrsList`: many sets merged; later ones win.
pub(super) fn merge_attrs_list(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [sets] = exactly(args);
    let items = items(ev, sets)?;
    if let [only] = items {
        return ev.force(only);
    }
    // As with `//`, the right operand is forced first.
    let mut sets = Vec::with_capacity(items.len());
    for item in items.iter().rev() {
        sets.push(attrs(ev, item)?);
    }
    sets.reverse();
    match sets.is_empty() {
        true => Ok(Value::EMPTY_SET),
        false => merge_all(ev, &sets),
    }
}

fn merge_all(ev: &Evaluator, sets: &[Value]) -> Res<Value> {
    match sets {
        [only] => Ok(*only),
        _ => {
            let (left, right) = sets.split_at(sets.len() / 2);
            Ok(ev.mem.update(merge_all(ev, left)?, merge_all(ev, right)?)?)
        }
    }
}

/// `lib.attrsets.matchAttrs`: whether a set contains everything that a pattern set contains.
pub(super) fn match_attrs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pattern, set] = exactly(args);
    assert(ev.force(pattern)?.is_attrs(), "(isAttrs pattern)")?;
    Ok(Value::bool(matches_pattern(ev, pattern, set)?))
}

/// `matchAttrs pattern set` of a set `pattern`
pub(in crate::nixpkgs) fn matches_pattern(ev: &Evaluator, pattern: &Slot, set: &Slot) -> Res<bool> {
    for e in entries(ev, pattern)? {
        let Some(found) = get(ev, ev.force(set)?, e.name) else {
            return Ok(false);
        };
        if ev.equal(e.slot, found, Pos::NONE)? {
            continue;
        }
        if !(peek(e.slot).is_attrs() && ev.force(found)?.is_attrs() && matches_pattern(ev, e.slot, found)?) {
            return Ok(false);
        }
    }
    Ok(true)
}

suspended! {
    /// `new.${name} or old.${name}`, by attribute of `old`.
    struct Overridden { old, new } []
}

impl Overridden<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let e = entry_at(ev, self.old, index)?;
        let new = ev.force(self.new)?;
        ev.force(get(ev, new, e.name).unwrap_or(e.slot))
    }
}

/// `lib.attrsets.overrideExisting`: a set whose values come from another set where that has them.
pub(super) fn override_existing(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [old, new] = exactly(args);
    let old = attrs(ev, old)?;
    let new = share(ev, new)?;
    map_set(ev, old, |old| Overridden { old, new })
}

suspended! {
    /// The error for an attribute that both sets of `unionOfDisjoint` have, by attribute.
    struct Collision { both } []
}

impl Collision<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let name = ev.name(entry_at(ev, self.both, index)?.name);
        let names = ev.mem.entries_by_name(peek(self.both));
        let all = names.iter().map(|e| ev.name(e.name)).collect::<Vec<String>>().join(" ");
        Err(throw(format!("unionOfDisjoint: collision on {name}; complete list: {all}")))
    }
}

/// `lib.attrsets.unionOfDisjoint`: `x // y`; forcing an attribute that both sets have is an error.
pub(super) fn union_of_disjoint(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    let x = attrs(ev, x)?;
    let y = attrs(ev, y)?;
    let both = ev.mem.filtered(y, |e| ev.mem.get(x, e.name).is_some())?;
    let mask = map_set(ev, both, |both| Collision { both })?;
    Ok(ev.mem.update(ev.mem.update(x, y)?, mask)?)
}
