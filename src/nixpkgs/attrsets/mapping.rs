//! Building sets and lists by mapping attributes and names: `mapAttrs'`, `mapAttrsToList`, `genAttrs`.

use crate::eval::{Evaluator, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::native::{
    apply, attrs, callable, entries, entry_at, items, map_values, name, name_value, share, shared_args,
};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, slot};

/// `lib.attrsets.concatMapAttrs`: merges the sets that a function returns for each attribute; later ones win.
pub(super) fn concat_map_attrs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, set] = exactly(args);
    let mut builder = AttrsBuilder::new();
    let mut sets = Vec::new();
    for e in entries(ev, set)?.into_iter().rev() {
        let made = slot(apply(ev, f, &[Value::symbol(e.name), share(ev, e.slot)?])?);
        sets.push(attrs(ev, &made)?);
    }
    for set in sets.into_iter().rev() {
        for e in ev.mem.entries(set) {
            builder.push(e.name, share(ev, e.slot)?);
        }
    }
    Ok(ev.mem.attrs(builder)?)
}

/// `lib.attrsets.nameValuePair`: `{ inherit name value; }`.
pub(super) fn name_value_pair(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [name, value] = shared_args(ev, args)?;
    name_value(ev, name, value)
}

/// The elements of an argument list of `listToAttrs`.
struct Pairs {
    /// The name of each element, and the element.
    named: Vec<(Sym, Value)>,
}

impl Pairs {
    fn with_capacity(n: usize) -> Pairs {
        Pairs { named: Vec::with_capacity(n) }
    }

    /// Adds the element `pair`, which must be a set with a `name`.
    fn push(&mut self, ev: &Evaluator, pair: &Slot) -> Res<()> {
        let set = attrs(ev, pair)?;
        let named = ev.need_attr(set, sym!("name"), "")?;
        self.named.push((name(ev, named)?, set));
        Ok(())
    }

    /// `listToAttrs`: among equal names the first one counts, and only it must have a `value`.
    fn finish(self, ev: &Evaluator) -> Res<Value> {
        let mut builder = AttrsBuilder::with_capacity(self.named.len());
        let mut seen = hashbrown::HashSet::with_capacity(self.named.len());
        for (name, set) in self.named {
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

/// `lib.attrsets.mapAttrs'`: a set of the pairs that a function returns for each attribute.
pub(super) fn map_attrs_prime(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, set] = exactly(args);
    let all = entries(ev, set)?;
    let mut pairs = Pairs::with_capacity(all.len());
    for e in all {
        pairs.push(ev, &slot(apply(ev, f, &[Value::symbol(e.name), share(ev, e.slot)?])?))?;
    }
    pairs.finish(ev)
}

suspended! {
    /// `f name value`, by attribute.
    struct Mapped { set, f } []
}

impl Mapped<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let e = entry_at(ev, self.set, index)?;
        apply(ev, self.f, &[Value::symbol(e.name), share(ev, e.slot)?])
    }
}

/// `lib.attrsets.mapAttrsToList`: the list of a function's results for each attribute.
pub(in crate::nixpkgs) fn map_attrs_to_list(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, set] = exactly(args);
    let set = attrs(ev, set)?;
    let f = share(ev, f)?;
    map_values(ev, set, |set| Mapped { set, f })
}

/// `lib.attrsets.attrsToList`: the attributes as a list of name-value pairs.
pub(super) fn attrs_to_list(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [set] = exactly(args);
    let mut pairs = Vec::new();
    for e in entries(ev, set)? {
        pairs.push(name_value(ev, Value::symbol(e.name), share(ev, e.slot)?)?);
    }
    Ok(ev.mem.list(&pairs)?)
}

/// `lib.attrsets.genAttrs`: a set with the names in a list, whose values a function returns.
pub(super) fn gen_attrs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [names, f] = exactly(args);
    let f = share(ev, f)?;
    from_names(ev, names, |item, _| ev.delay_call(f, &[share(ev, item)?]))
}

/// The set with the names in a list; `value` returns their values. Among equal names the first one counts.
pub(in crate::nixpkgs) fn from_names(
    ev: &Evaluator,
    names: &Slot,
    mut value: impl FnMut(&Slot, Sym) -> Res<Value>,
) -> Res<Value> {
    let items = items(ev, names)?;
    let mut builder = AttrsBuilder::with_capacity(items.len());
    let named: Vec<Sym> = items.iter().map(|item| name(ev, item)).collect::<Res<_>>()?;
    // Among equal names the builder keeps the last one.
    for (item, of) in items.iter().zip(&named).rev() {
        builder.push(*of, value(item, *of)?);
    }
    Ok(ev.mem.attrs(builder)?)
}

/// `lib.attrsets.genAttrs'`: a set of the pairs that a function returns for each element.
pub(super) fn gen_attrs_prime(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [list, f] = exactly(args);
    let items = items(ev, list)?;
    if !items.is_empty() {
        callable(ev, f)?;
    }
    let mut pairs = Pairs::with_capacity(items.len());
    for item in items {
        pairs.push(ev, &slot(apply(ev, f, &[share(ev, item)?])?))?;
    }
    pairs.finish(ev)
}
