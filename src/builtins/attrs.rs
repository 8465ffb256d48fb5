//! Built-ins on attribute sets.

use crate::eval::{Builtin, Error, Evaluator, Res, exactly, suspended};
use crate::heap::{Slot, Sym};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new("attrNames", &["set"], "The names of a set's attributes, sorted.", |ev, args, pos| {
        let [set] = exactly(args);
        let set = ev.force_attrs(set, pos, "while evaluating the argument passed to builtins.attrNames")?;
        let entries = ev.mem.entries_by_name(set);
        Ok(ev.mem.list_from(entries.len(), entries.iter().map(|e| Value::symbol(e.name)))?)
    }),
    Builtin::new(
        "attrValues",
        &["set"],
        "The values of a set, in the order of the names.",
        |ev, args, pos| {
            let [set] = exactly(args);
            let set =
                ev.force_attrs(set, pos, "while evaluating the argument passed to builtins.attrValues")?;
            let values: Result<Vec<_>, _> =
                ev.mem.entries_by_name(set).iter().map(|e| ev.mem.share(e.slot)).collect();
            Ok(ev.mem.list(&values?)?)
        },
    ),
    Builtin::new("getAttr", &["s", "set"], "The attribute called s.", get_attr),
    Builtin::new("hasAttr", &["s", "set"], "Whether there is an attribute called s.", |ev, args, pos| {
        let [s, set] = exactly(args);
        let doing = "while evaluating the first argument passed to builtins.hasAttr";
        let name = ev.force_plain_string(s, pos, doing)?;
        let set =
            ev.force_attrs(set, pos, "while evaluating the second argument passed to builtins.hasAttr")?;
        let found = ev.mem.known_symbol(name).is_some_and(|name| ev.mem.get(set, name).is_some());
        Ok(Value::bool(found || ev.scope_has(set, name)?))
    }),
    Builtin::new("removeAttrs", &["set", "list"], "A set without some attributes.", remove_attrs),
    Builtin::new("intersectAttrs", &["e1", "e2"], "The attributes of e2 that e1 also has.", intersect_attrs),
    Builtin::new("listToAttrs", &["e"], "A set from a list of { name, value }.", list_to_attrs),
    Builtin::new(
        "mapAttrs",
        &["f", "attrset"],
        "The results of a function for each name and value.",
        |ev, args, pos| {
            let [f, attrset] = exactly(args);
            let doing = "while evaluating the second argument passed to builtins.mapAttrs";
            let set = ev.force_attrs(attrset, pos, doing)?;
            map_attrs(ev, ev.mem.share(f)?, set)
        },
    ),
    Builtin::new("catAttrs", &["attr", "list"], "The values of an attribute in a list of sets.", cat_attrs),
    Builtin::new(
        "functionArgs",
        &["f"],
        "The names a function takes, and which have defaults.",
        function_args,
    ),
    Builtin::new("unsafeGetAttrPos", &["s", "set"], "Where an attribute is defined.", |ev, args, pos| {
        let [s, set] = exactly(args);
        let doing = "while evaluating the first argument passed to builtins.unsafeGetAttrPos";
        let name = ev.force_plain_string(s, pos, doing)?;
        let doing = "while evaluating the second argument passed to builtins.unsafeGetAttrPos";
        let set = ev.force_attrs(set, pos, doing)?;
        match ev.mem.known_symbol(name).and_then(|name| ev.mem.get_entry(set, name)) {
            Some(entry) => ev.position_value(entry.pos),
            None => Ok(Value::NULL),
        }
    }),
    Builtin::new(
        "zipAttrsWith",
        &["f", "list"],
        "Merges sets, a function combining the values.",
        zip_attrs_with,
    ),
];

fn get_attr(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [s, set] = exactly(args);
    let doing = "while evaluating the first argument passed to builtins.getAttr";
    let name = ev.force_name(s, pos, doing)?;
    let set = ev.force_attrs(set, pos, "while evaluating the second argument passed to builtins.getAttr")?;
    match ev.mem.get(set, name) {
        Some(found) => ev.force_at(found, pos),
        None => match ev.open_attribute(set, name)? {
            Some(answer) => ev.force_at(answer, pos),
            None => Err(ev.missing_attr(name, "in the attribute set under consideration")),
        },
    }
}

fn remove_attrs(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [set, list] = exactly(args);
    let set =
        ev.force_attrs(set, pos, "while evaluating the first argument passed to builtins.removeAttrs")?;
    let list =
        ev.force_list(list, pos, "while evaluating the second argument passed to builtins.removeAttrs")?;
    let mut names = smallvec::SmallVec::<[Sym; 8]>::new();
    for item in ev.mem.items(list) {
        let doing = "while evaluating the values of the second argument passed to builtins.removeAttrs";
        let name = ev.force_plain_string(item, pos, doing)?;
        names.extend(ev.mem.known_symbol(name));
    }
    if names.iter().all(|n| ev.mem.get(set, *n).is_none()) {
        return Ok(set);
    }
    names.sort_unstable();
    Ok(ev.mem.filtered(set, |e| names.binary_search(&e.name).is_err())?)
}

fn intersect_attrs(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [e1, e2] = exactly(args);
    let doing = "while evaluating the first argument passed to builtins.intersectAttrs";
    let left = ev.force_attrs(e1, pos, doing)?;
    let doing = "while evaluating the second argument passed to builtins.intersectAttrs";
    let right = ev.force_attrs(e2, pos, doing)?;
    // The result is the same whichever set is iterated; the smaller one is faster.
    if ev.mem.attrs_bound(left) < ev.mem.attrs_bound(right) {
        let mut set = AttrsBuilder::new();
        for entry in ev.mem.entries(left) {
            if let Some(found) = ev.mem.get_entry(right, entry.name) {
                set.push_at(found.name, found.pos, ev.mem.share(found.slot)?);
            }
        }
        return Ok(ev.mem.attrs(set)?);
    }
    Ok(ev.mem.filtered(right, |e| ev.mem.get(left, e.name).is_some())?)
}

fn list_to_attrs(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [e] = exactly(args);
    let list = ev.force_list(e, pos, "while evaluating the argument passed to builtins.listToAttrs")?;
    let items = ev.mem.items(list);
    let here = "in a {name=...; value=...;} pair";
    // All names are forced before any value. Among equal names the first counts, and only its value must exist.
    let mut names: Vec<(Sym, u32)> = Vec::with_capacity(items.len());
    for (i, item) in items.iter().enumerate() {
        let doing = "while evaluating an element of the list passed to builtins.listToAttrs";
        let element = ev.force_attrs(item, pos, doing)?;
        let Some(name) = ev.mem.get(element, sym!("name")) else {
            return Err(ev.missing_attr(sym!("name"), here));
        };
        names.push((name_of_pair(ev, element, name)?, i as u32));
    }
    if !names.windows(2).all(|pair| pair[0].0 < pair[1].0) {
        names.sort_unstable();
        names.dedup_by_key(|n| n.0);
    }
    ev.mem.sorted_attrs(names.len(), |n| {
        let (name, i) = names[n];
        let element = ev.force(&items[i as usize])?;
        match ev.mem.get_entry(element, sym!("value")) {
            Some(value) => Ok((name, value.pos, ev.mem.share(value.slot)?)),
            None => Err(ev.missing_attr(sym!("value"), here)),
        }
    })
}

fn name_of_pair(ev: &Evaluator, element: Value, slot: &Slot) -> Res<Sym> {
    if let Some(v) = ev.forced(slot).filter(|v| v.is_string() && ev.is_plain(*v)) {
        return Ok(ev.mem.symbol_of(v)?);
    }
    let pos = ev.mem.get_entry(element, sym!("name")).map_or(Pos::NONE, |e| e.pos);
    let doing =
        "while evaluating the `name` attribute of an element of the list passed to builtins.listToAttrs";
    ev.force_name(slot, pos, doing)
}

/// A set with the same names whose values are `f name value`, computed on demand. `f` may be a suspension.
pub fn map_attrs(ev: &Evaluator, f: Value, set: Value) -> Res<Value> {
    let (set, _) = ev.mem.flat(set)?;
    let at = ev.applications_of_unknown(MappedAttrs { f, set })?;
    Ok(ev.mem.with_values(set, |i| Value::native(i, at))?)
}

suspended! {
    /// `mapAttrs f set`, by the indexes of a flat set.
    struct MappedAttrs { f, set } []
}

impl MappedAttrs<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let pos = ev.asked_at();
        let set = peek(self.set);
        let (_, at) = ev.mem.flat(set)?;
        let name = ev.mem.name_at(set, index);
        let f = ev.force_at(self.f, pos)?;
        let value = ev.mem.share(ev.mem.heap.slot(at + index as u32))?;
        ev.call(f, &[Value::symbol(name), value], pos)
    }
}

fn cat_attrs(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [attr, list] = exactly(args);
    let doing = "while evaluating the first argument passed to builtins.catAttrs";
    let name = ev.force_name(attr, pos, doing)?;
    let list =
        ev.force_list(list, pos, "while evaluating the second argument passed to builtins.catAttrs")?;
    let mut found = Vec::new();
    for item in ev.mem.items(list) {
        let doing = "while evaluating an element in the list passed as second argument to builtins.catAttrs";
        let set = ev.force_attrs(item, pos, doing)?;
        if let Some(value) = ev.mem.get(set, name) {
            found.push(ev.mem.share(value)?);
        }
    }
    Ok(ev.mem.list(&found)?)
}

fn function_args(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [f] = exactly(args);
    let f = ev.force_at(f, pos)?;
    if !f.is_function() {
        return Err(Error::type_error("'functionArgs' requires a function"));
    }
    let formals = ev.formals(f).unwrap_or_default();
    let mut set = AttrsBuilder::with_capacity(formals.len());
    for (name, has_default, pos) in formals {
        set.push_at(name, pos, Value::bool(has_default));
    }
    Ok(ev.mem.attrs(set)?)
}

fn zip_attrs_with(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [f, list] = exactly(args);
    let doing = "while evaluating the first argument passed to builtins.zipAttrsWith";
    let f = ev.force_function(f, pos, doing)?;
    let list =
        ev.force_list(list, pos, "while evaluating the second argument passed to builtins.zipAttrsWith")?;
    let mut values: hashbrown::HashMap<Sym, Vec<Value>> = hashbrown::HashMap::new();
    for item in ev.mem.items(list) {
        let doing = "while evaluating a value of the list passed as second argument to builtins.zipAttrsWith";
        ev.force_attrs(item, pos, doing)?;
    }
    for item in ev.mem.items(list) {
        for entry in ev.mem.entries(ev.force(item)?) {
            values.entry(entry.name).or_default().push(ev.mem.share(entry.slot)?);
        }
    }
    let mut set = AttrsBuilder::with_capacity(values.len());
    for (name, values) in values {
        set.push(name, ev.mem.list(&values)?);
    }
    // The values are `f name values`, like those of `mapAttrs`.
    let (set, _) = ev.mem.flat(ev.mem.attrs(set)?)?;
    let at = ev.applications(MappedAttrs { f, set })?;
    Ok(ev.mem.with_values(set, |i| Value::native(i, at))?)
}
