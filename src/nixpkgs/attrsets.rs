//! `lib.attrsets`: functions about sets. Those that go through nested sets are in `attrsets_nested`.

use smallvec::SmallVec;

use super::attrsets_nested as nested;
use crate::eval::{Builtin, Error, Evaluator, Lazy, Res};
use crate::heap::{Slot, Sym};
use crate::native::{
    Entry, Table, Text, apply, assert, attrs, boolean, builtin, call_builtin, callable, computed, entries,
    function, get, holds, items, knot, lazy_list, list, map, name, name_value, nix_identifier, pick, set_of,
    share, throw, with_attr,
};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Entry as Attribute, Value, peek, slot};

/// `lib.attrsets`
pub static TABLE: Table = Table { namespace: "attrsets", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    builtin("attrNames").top(),
    builtin("attrValues").top(),
    builtin("catAttrs").top(),
    builtin("getAttr").top(),
    builtin("hasAttr").top(),
    builtin("intersectAttrs").top(),
    builtin("isAttrs").top(),
    builtin("listToAttrs").top(),
    builtin("mapAttrs").top(),
    builtin("removeAttrs").top(),
    builtin("zipAttrsWith").top(),
    function("attrByPath", &["attrPath", "default", "set"], nested::attr_by_path).top(),
    function("hasAttrByPath", &["attrPath", "e"], nested::has_attr_by_path).top(),
    function("longestValidPathPrefix", &["attrPath", "v"], nested::longest_valid_path_prefix),
    function("setAttrByPath", &["attrPath", "value"], nested::set_attr_by_path).top(),
    function("getAttrFromPath", &["attrPath", "set"], nested::get_attr_from_path).top(),
    function("concatMapAttrs", &["f", "v"], concat_map_attrs).top(),
    function("updateManyAttrsByPath", &["updates", "value"], nested::update_many_attrs_by_path).top(),
    function("attrVals", &["nameList", "set"], attr_vals).top(),
    function("getAttrs", &["names", "attrs"], get_attrs).top(),
    function("filterAttrs", &["pred", "set"], filter_attrs).top(),
    function("filterAttrsRecursive", &["pred", "set"], nested::filter_attrs_recursive).top(),
    function("foldlAttrs", &["f", "init", "set"], foldl_attrs).top(),
    function("foldAttrs", &["op", "nul", "list_of_attrs"], fold_attrs).top(),
    function("collect", &["pred", "attrs"], nested::collect).top(),
    function("cartesianProduct", &["attrsOfLists"], cartesian_product).top(),
    function("mapCartesianProduct", &["f", "attrsOfLists"], map_cartesian_product).top(),
    function("nameValuePair", &["name", "value"], name_value_pair).top(),
    function("mapAttrs'", &["f", "set"], map_attrs_prime).top(),
    function("mapAttrsToList", &["f", "attrs"], map_attrs_to_list).top(),
    function("attrsToList", &["attrs"], attrs_to_list).top(),
    function("mapAttrsRecursive", &["f", "set"], nested::map_attrs_recursive).top(),
    function("mapAttrsRecursiveCond", &["cond", "f", "set"], nested::map_attrs_recursive_cond).top(),
    function("mapAttrsToListRecursive", &["f", "set"], nested::map_attrs_to_list_recursive).top(),
    function("mapAttrsToListRecursiveCond", &["pred", "f", "set"], nested::map_attrs_to_list_recursive_cond)
        .top(),
    function("genAttrs", &["names", "f"], gen_attrs).top(),
    function("genAttrs'", &["xs", "f"], gen_attrs_prime).top(),
    function("isDerivation", &["value"], is_derivation).top(),
    function("toDerivation", &["path"], to_derivation).top(),
    function("optionalAttrs", &["cond", "as"], optional_attrs).top(),
    function("zipAttrsWithNames", &["names", "f", "sets"], zip_attrs_with_names).top(),
    computed("zipAttrs", zip_attrs).top(),
    function("mergeAttrsList", &["list"], merge_attrs_list).top(),
    function("recursiveUpdateUntil", &["pred", "lhs", "rhs"], nested::recursive_update_until).top(),
    function("recursiveUpdate", &["lhs", "rhs"], nested::recursive_update).top(),
    function("matchAttrs", &["pattern", "attrs"], match_attrs).top(),
    function("overrideExisting", &["old", "new"], override_existing).top(),
    function("showAttrPath", &["path"], show_attr_path).top(),
    function("getOutput", &["output", "pkg"], get_output).top(),
    function("getFirstOutput", &["candidates", "pkg"], get_first_output).top(),
    function("getBin", &["pkg"], |ev, a, _| output_of(ev, "bin", &a[0])).top(),
    function("getLib", &["pkg"], |ev, a, _| output_of(ev, "lib", &a[0])).top(),
    function("getDev", &["pkg"], get_dev).top(),
    function("getMan", &["pkg"], |ev, a, _| output_of(ev, "man", &a[0])).top(),
    function("getStatic", &["pkg"], |ev, a, _| first_output(ev, &["static", "lib", "out"], &a[0])).top(),
    function("getInclude", &["pkg"], |ev, a, _| first_output(ev, &["include", "dev", "out"], &a[0])).top(),
    function("chooseDevOutputs", &["drvs"], choose_dev_outputs).top(),
    function("recurseIntoAttrs", &["attrs"], |ev, a, _| recurse_for_derivations(ev, &a[0], Value::TRUE))
        .top(),
    function("dontRecurseIntoAttrs", &["attrs"], |ev, a, _| recurse_for_derivations(ev, &a[0], Value::FALSE))
        .top(),
    function("unionOfDisjoint", &["x", "y"], union_of_disjoint),
];

/// An attribute in the set that a lazy element was made for: the first capture, flat.
pub(super) fn own_entry<'a>(ev: &'a Evaluator, captures: &[Slot], index: usize) -> Res<Attribute<'a>> {
    ev.mem.entry_at(peek(&captures[0]), index).ok_or_else(|| Error::eval("no such attribute"))
}

/// `mapAttrs` with elements of one kind: their first capture is the set (made flat), then come `captures`.
pub(super) fn map_set(ev: &Evaluator, lazy: &'static Lazy, set: Value, captures: &[Value]) -> Res<Value> {
    let (set, at) = lazy_elements(ev, lazy, set, captures)?;
    Ok(ev.mem.with_values(set, |i| Value::native(i, at))?)
}

/// `attrValues` of what [`map_set`] gives.
pub(super) fn map_values(ev: &Evaluator, lazy: &'static Lazy, set: Value, captures: &[Value]) -> Res<Value> {
    let (set, at) = lazy_elements(ev, lazy, set, captures)?;
    let order = ev.mem.name_order(set);
    Ok(ev.mem.list_from(order.len(), order.iter().map(|i| Value::native(*i as usize, at)))?)
}

fn lazy_elements(
    ev: &Evaluator,
    lazy: &'static Lazy,
    set: Value,
    captures: &[Value],
) -> Res<(Value, crate::heap::Ref)> {
    let (set, _) = ev.mem.flat(set)?;
    let mut all: SmallVec<[Value; 4]> = SmallVec::new();
    all.push(set);
    all.extend_from_slice(captures);
    Ok((set, ev.delays_raw(lazy, &all)?))
}

/// `f name value`, the elements of `mapAttrs f set`.
static CALL: Lazy = Lazy {
    name: "lib.mapAttrs",
    run: |ev, captures, i| {
        let e = own_entry(ev, captures, i)?;
        apply(ev, &captures[1], &[Value::symbol(e.name), share(ev, e.slot)?])
    },
};

/// Name and value that a set of `listToAttrs` has.
pub(super) struct Pairs {
    names: Vec<(Sym, Value)>,
}

impl Pairs {
    pub(super) fn with_capacity(n: usize) -> Pairs {
        Pairs { names: Vec::with_capacity(n) }
    }

    /// Takes the element `pair`, which must be a set with a `name`.
    pub(super) fn push(&mut self, ev: &Evaluator, pair: &Slot) -> Res<()> {
        let set = attrs(ev, pair)?;
        let named = ev.need_attr(set, sym!("name"), "")?;
        self.names.push((name(ev, named)?, set));
        Ok(())
    }

    /// The set; of equal names the first one counts, and only its `value` has to be there.
    pub(super) fn finish(self, ev: &Evaluator) -> Res<Value> {
        let mut builder = AttrsBuilder::with_capacity(self.names.len());
        let mut seen = hashbrown::HashSet::with_capacity(self.names.len());
        for (name, set) in self.names {
            if !seen.insert(name) {
                continue;
            }
            ev.need_attr(set, sym!("value"), "")?;
            if let Some(entry) = ev.mem.get_entry(set, sym!("value")) {
                builder.push_at(name, entry.pos, share(ev, entry.slot)?);
            }
        }
        Ok(ev.mem.attrs(builder)?)
    }
}

/// `lib.attrsets.concatMapAttrs`: the sets that a function gives for each attribute, merged; later ones win.
fn concat_map_attrs(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut builder = AttrsBuilder::new();
    let mut sets = Vec::new();
    for e in entries(ev, &a[1])?.into_iter().rev() {
        let made = slot(apply(ev, &a[0], &[Value::symbol(e.name), share(ev, e.slot)?])?);
        sets.push(attrs(ev, &made)?);
    }
    for set in sets.into_iter().rev() {
        for e in ev.mem.entries(set) {
            builder.push(e.name, share(ev, e.slot)?);
        }
    }
    Ok(ev.mem.attrs(builder)?)
}

/// `lib.attrsets.attrVals`: the values of some attributes, which must be there when they are looked at.
fn attr_vals(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static VALUE: Lazy = Lazy {
        name: "lib.attrVals",
        run: |ev, captures, i| named_value(ev, &captures[1], &ev.mem.items(peek(&captures[0]))[i]),
    };
    let names = list(ev, &a[0])?;
    lazy_list(ev, &VALUE, &[names, share(ev, &a[1])?], names.list_len())
}

/// `set.${name}`
pub(super) fn named_value(ev: &Evaluator, set: &Slot, of: &Slot) -> Res<Value> {
    let set = ev.force(set)?;
    let of = name(ev, of)?;
    ev.force(ev.attribute(set, of, Pos::NONE)?)
}

/// `lib.attrsets.getAttrs`: a set of some of another's attributes.
fn get_attrs(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let set = share(ev, &a[1])?;
    from_names(ev, &a[0], |_, of| crate::native::delay_select(ev, set, of))
}

/// The set with the names in a list; `value` makes their values. Of equal names the first one counts.
pub(super) fn from_names(
    ev: &Evaluator,
    names: &Slot,
    mut value: impl FnMut(&Slot, Sym) -> Res<Value>,
) -> Res<Value> {
    let items = items(ev, names)?;
    let mut builder = AttrsBuilder::with_capacity(items.len());
    let named: Vec<Sym> = items.iter().map(|item| name(ev, item)).collect::<Res<_>>()?;
    // Of equal names the builder keeps the last one.
    for (item, of) in items.iter().zip(&named).rev() {
        builder.push(*of, value(item, *of)?);
    }
    Ok(ev.mem.attrs(builder)?)
}

/// `lib.attrsets.filterAttrs`: the attributes for which a predicate holds.
fn filter_attrs(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let set = attrs(ev, &a[1])?;
    let mut dropped: SmallVec<[Sym; 16]> = SmallVec::new();
    for e in ev.mem.entries_by_name(set) {
        if !holds(ev, &a[0], &[Value::symbol(e.name), share(ev, e.slot)?])? {
            dropped.push(e.name);
        }
    }
    if dropped.is_empty() {
        return Ok(set);
    }
    dropped.sort_unstable();
    Ok(ev.mem.filtered(set, |e| dropped.binary_search(&e.name).is_err())?)
}

/// `lib.attrsets.foldlAttrs`: a strict fold over the attributes in the order of their names.
fn foldl_attrs(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut value = ev.force(&a[1])?;
    for e in entries(ev, &a[2])? {
        value = apply(ev, &a[0], &[value, Value::symbol(e.name), share(ev, e.slot)?])?;
    }
    Ok(value)
}

/// `lib.attrsets.foldAttrs`: folds the values that several sets have under the same name, from the right.
fn fold_attrs(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let sets: Vec<Value> = items(ev, &a[2])?.iter().map(|s| attrs(ev, s)).collect::<Res<_>>()?;
    let (op, nul) = (share(ev, &a[0])?, share(ev, &a[1])?);
    let mut folded: hashbrown::HashMap<Sym, Value> = hashbrown::HashMap::new();
    for set in sets.into_iter().rev() {
        for e in ev.mem.entries(set) {
            let rest = folded.get(&e.name).copied().unwrap_or(nul);
            let value = crate::native::cell(ev, delay_apply(ev, op, &[ev.copy(e.slot)?, rest])?)?;
            folded.insert(e.name, value);
        }
    }
    let mut builder = AttrsBuilder::with_capacity(folded.len());
    for (name, value) in folded {
        builder.push(name, value);
    }
    Ok(ev.mem.attrs(builder)?)
}

/// A suspended call of a function that may itself be a suspension.
pub(super) fn delay_apply(ev: &Evaluator, f: Value, args: &[Value]) -> Res<Value> {
    ev.delay_call(f, args)
}

/// `lib.attrsets.cartesianProduct`: all combinations of the elements of several lists, as sets.
fn cartesian_product(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut product = vec![Value::EMPTY_SET];
    for e in entries(ev, &a[0])? {
        let mut next = Vec::new();
        for set in &product {
            for item in items(ev, e.slot)? {
                let mut one = AttrsBuilder::with_capacity(1);
                one.push(e.name, share(ev, item)?);
                next.push(ev.mem.update(*set, ev.mem.attrs(one)?)?);
            }
        }
        product = next;
    }
    Ok(ev.mem.list(&product)?)
}

/// `lib.attrsets.mapCartesianProduct`: a function applied to each combination.
fn map_cartesian_product(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let product = cartesian_product(ev, &a[1..], pos)?;
    map(ev, share(ev, &a[0])?, product)
}

/// `lib.attrsets.nameValuePair`: the set of a name and a value.
fn name_value_pair(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    name_value(ev, share(ev, &a[0])?, share(ev, &a[1])?)
}

/// `lib.attrsets.mapAttrs'`: a set of the pairs that a function gives for each attribute.
fn map_attrs_prime(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let all = entries(ev, &a[1])?;
    let mut pairs = Pairs::with_capacity(all.len());
    for e in all {
        pairs.push(ev, &slot(apply(ev, &a[0], &[Value::symbol(e.name), share(ev, e.slot)?])?))?;
    }
    pairs.finish(ev)
}

/// `lib.attrsets.mapAttrsToList`: what a function gives for each attribute, as a list.
pub(super) fn map_attrs_to_list(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let set = attrs(ev, &a[1])?;
    map_values(ev, &CALL, set, &[share(ev, &a[0])?])
}

/// `lib.attrsets.attrsToList`: the attributes as a list of names and values.
fn attrs_to_list(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut pairs = Vec::new();
    for e in entries(ev, &a[0])? {
        pairs.push(name_value(ev, Value::symbol(e.name), share(ev, e.slot)?)?);
    }
    Ok(ev.mem.list(&pairs)?)
}

/// `lib.attrsets.genAttrs`: a set with the names in a list, and what a function gives for each.
fn gen_attrs(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let f = share(ev, &a[1])?;
    from_names(ev, &a[0], |item, _| delay_apply(ev, f, &[share(ev, item)?]))
}

/// `lib.attrsets.genAttrs'`: a set of the pairs that a function gives for each element.
fn gen_attrs_prime(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let items = items(ev, &a[0])?;
    if !items.is_empty() {
        callable(ev, &a[1])?;
    }
    let mut pairs = Pairs::with_capacity(items.len());
    for item in items {
        pairs.push(ev, &slot(apply(ev, &a[1], &[share(ev, item)?])?))?;
    }
    pairs.finish(ev)
}

/// `lib.attrsets.isDerivation`: whether a value is a set of type `derivation`.
fn is_derivation(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    Ok(Value::bool(ev.is_derivation(ev.force(&a[0])?)?))
}

/// `lib.attrsets.toDerivation`: a store path as a set that looks like a derivation.
fn to_derivation(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static NAME: Lazy = Lazy {
        name: "lib.toDerivation.name",
        run: |ev, captures, _| {
            let path = ev.mem.text(ev.force(&captures[0])?);
            let base = path.rsplit(|c| *c == b'/').next().unwrap_or_default();
            let text = ev.mem.string(base.get(33..).unwrap_or_default(), Default::default())?;
            crate::native::sanitized_name(ev, &slot(text))
        },
    };
    let path = call_builtin(ev, "storePath", &[share(ev, &a[0])?])?;
    let out = Value::symbol(sym!("out"));
    knot_set(ev, |this| {
        set_of(
            ev,
            &[
                ("type", Value::symbol(sym!("derivation"))),
                ("name", ev.delay_raw(&NAME, &[path])?),
                ("outPath", path),
                ("outputs", ev.mem.list(&[out])?),
                ("out", this),
                ("outputName", out),
            ],
        )
    })
}

fn knot_set(ev: &Evaluator, make: impl FnOnce(Value) -> Res<Value>) -> Res<Value> {
    ev.force_value(knot(ev, make)?)
}

/// `lib.attrsets.optionalAttrs`: a set if a condition holds, else the empty one.
fn optional_attrs(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    if boolean(ev, &a[0])? { ev.force(&a[1]) } else { Ok(Value::EMPTY_SET) }
}

/// `lib.attrsets.zipAttrsWithNames`: `zipAttrsWith` for some names only.
fn zip_attrs_with_names(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static CATTED: Lazy = Lazy {
        name: "lib.catAttrs",
        run: |ev, captures, _| {
            let of = name(ev, &captures[0])?;
            let mut found = Vec::new();
            for set in items(ev, &captures[1])? {
                let set = attrs(ev, set)?;
                found.extend(ev.mem.get(set, of));
            }
            pick(ev, found)
        },
    };
    let (f, sets) = (share(ev, &a[1])?, share(ev, &a[2])?);
    from_names(ev, &a[0], |item, _| {
        let item = share(ev, item)?;
        delay_apply(ev, f, &[item, ev.delay_raw(&CATTED, &[item, sets])?])
    })
}

/// `lib.attrsets.zipAttrs`: all values of each name, as lists; nixpkgs makes it of `zipAttrsWith`.
fn zip_attrs(ev: &Evaluator) -> Res<Value> {
    static VALUES: Builtin = Builtin::hidden("zipAttrs", &["name", "values"], |ev, a, _| ev.force(&a[1]));
    match crate::builtins::find("zipAttrsWith") {
        Some(zip) => ev.partial(zip, &[ev.builtin(&VALUES)]),
        None => Ok(Value::NULL),
    }
}

/// `lib.attrsets.mergeAttrsList`: many sets merged, later ones win.
fn merge_attrs_list(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let items = items(ev, &a[0])?;
    if let [only] = items {
        return ev.force(only);
    }
    // As with `//`, the right operand is looked at first.
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

/// `lib.attrsets.matchAttrs`: whether a set contains everything that a pattern set does.
fn match_attrs(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    assert(ev.force(&a[0])?.is_attrs(), "(isAttrs pattern)")?;
    Ok(Value::bool(matches_pattern(ev, &a[0], &a[1])?))
}

/// Whether `set` contains everything that the set `pattern` does.
pub(super) fn matches_pattern(ev: &Evaluator, pattern: &Slot, set: &Slot) -> Res<bool> {
    for e in entries(ev, pattern)? {
        let set = ev.force(set)?;
        let found = if set.is_attrs() { ev.mem.get(set, e.name) } else { None };
        let Some(found) = found else {
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

/// `lib.attrsets.overrideExisting`: a set with values from another one, where that has them.
fn override_existing(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static OVERRIDDEN: Lazy = Lazy {
        name: "lib.overrideExisting",
        run: |ev, captures, i| {
            let e = own_entry(ev, captures, i)?;
            let new = ev.force(&captures[1])?;
            let found = if new.is_attrs() { ev.mem.get(new, e.name) } else { None };
            ev.force(found.unwrap_or(e.slot))
        },
    };
    let old = attrs(ev, &a[0])?;
    map_set(ev, &OVERRIDDEN, old, &[share(ev, &a[1])?])
}

/// `lib.attrsets.showAttrPath`: an attribute path as it would be written.
fn show_attr_path(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    path_text(ev, &a[0])
}

/// An attribute path as it would be written.
pub(super) fn path_text(ev: &Evaluator, path: &Slot) -> Res<Value> {
    let items = items(ev, path)?;
    if items.is_empty() {
        return Ok(ev.mem.str("<root attribute path>")?);
    }
    let mut text = Text::new();
    for (i, item) in items.iter().enumerate() {
        let part = nix_identifier(ev, item)?;
        text.put(if i > 0 { "." } else { "" }).add(ev, part);
    }
    text.finish(ev)
}

/// `lib.attrsets.getOutput`: an output of a package, or its default one, or the package itself.
fn get_output(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let pkg = ev.force(&a[1])?;
    if specified(ev, pkg)? {
        return Ok(pkg);
    }
    // A set is asked first: what is no set needs no name.
    let of = name(ev, &a[0])?;
    let found = if pkg.is_attrs() { ev.mem.get(pkg, of) } else { None };
    match found.or_else(|| get(ev, pkg, "out")) {
        Some(output) => ev.force(output),
        None => Ok(pkg),
    }
}

fn specified(ev: &Evaluator, pkg: Value) -> Res<bool> {
    get(ev, pkg, "outputSpecified").map_or(Ok(false), |s| boolean(ev, s))
}

/// `lib.getOutput output pkg` of a known output.
pub(super) fn output_of(ev: &Evaluator, output: &str, pkg: &Slot) -> Res<Value> {
    self::output(ev, Value::symbol(ev.intern(output)?), share(ev, pkg)?)
}

/// `lib.getOutput output pkg`
pub(super) fn output(ev: &Evaluator, output: Value, pkg: Value) -> Res<Value> {
    get_output(ev, &[slot(output), slot(pkg)], Pos::NONE)
}

fn get_dev(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    output_of(ev, "dev", &a[0])
}

/// `lib.attrsets.getFirstOutput`: the first of some outputs that a package has, or the package itself.
fn get_first_output(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let pkg = ev.force(&a[1])?;
    if specified(ev, pkg)? {
        return Ok(pkg);
    }
    let mut first = None;
    for candidate in items(ev, &a[0])? {
        // All candidates are looked at, as the filter in nixpkgs does.
        let of = name(ev, candidate)?;
        if ev.mem.get(attrs(ev, &a[1])?, of).is_some() && first.is_none() {
            first = Some(of);
        }
    }
    match first {
        Some(of) => ev.force(ev.attribute(pkg, of, Pos::NONE)?),
        None => Ok(pkg),
    }
}

fn first_output(ev: &Evaluator, candidates: &[&str], pkg: &Slot) -> Res<Value> {
    let names: Vec<Value> =
        candidates.iter().map(|c| Ok(Value::symbol(ev.intern(c)?))).collect::<Res<_>>()?;
    get_first_output(ev, &[slot(ev.mem.list(&names)?), slot(share(ev, pkg)?)], Pos::NONE)
}

/// `lib.attrsets.chooseDevOutputs`: the development outputs of packages.
fn choose_dev_outputs(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static DEV: Builtin = Builtin::hidden("getDev", &["pkg"], get_dev);
    let packages = list(ev, &a[0])?;
    map(ev, ev.builtin(&DEV), packages)
}

/// `lib.attrsets.recurseIntoAttrs`, `dontRecurseIntoAttrs`: tells tools whether to look for packages inside a set.
fn recurse_for_derivations(ev: &Evaluator, set: &Slot, yes: Value) -> Res<Value> {
    with_attr(ev, attrs(ev, set)?, "recurseForDerivations", yes)
}

/// `lib.attrsets.unionOfDisjoint`: `x // y`, where looking at an attribute that both have is an error.
fn union_of_disjoint(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static COLLISION: Lazy = Lazy {
        name: "lib.unionOfDisjoint",
        run: |ev, captures, i| {
            let e = own_entry(ev, captures, i)?;
            let names: Vec<String> =
                ev.mem.entries_by_name(peek(&captures[0])).iter().map(|e| ev.name(e.name)).collect();
            let (name, all) = (ev.name(e.name), names.join(" "));
            Err(throw(format!("unionOfDisjoint: collision on {name}; complete list: {all}")))
        },
    };
    let x = attrs(ev, &a[0])?;
    let y = attrs(ev, &a[1])?;
    let both = ev.mem.filtered(y, |e| ev.mem.get(x, e.name).is_some())?;
    let mask = map_set(ev, &COLLISION, both, &[])?;
    Ok(ev.mem.update(ev.mem.update(x, y)?, mask)?)
}
