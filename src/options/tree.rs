//! The tree of options: sets of options, at whose leaves are the options.

use crate::eval::{Error, Evaluator, Res, best_matches};
use crate::heap::{Slot, Sym};
use crate::native::is_type;
use crate::source::Pos;
use crate::value::{Entry, Value};

/// Where a path leads.
pub enum Found {
    /// To an option: this many names of the path lead to it, the others lead into its value.
    Option {
        /// The option, a set with `_type = "option"`.
        option: Value,
        /// How many of the path's names lead to it.
        names: usize,
    },
    /// To a set of options.
    Set(Value),
    /// To something whose declaration cannot be evaluated, or into that: this many names lead to it.
    Failed {
        /// The names that lead to it.
        names: usize,
        /// The error of the declaration.
        error: Error,
    },
    /// Nowhere.
    Missing {
        /// The names that exist, before the first one that does not.
        names: usize,
        /// Names in its place that look like it.
        near: Vec<String>,
    },
}

/// What is at a name of a tree: an option, or a level below it.
pub struct Node {
    /// The option or the level.
    pub value: Value,
    /// Whether it is an option.
    pub is_option: bool,
}

impl Node {
    /// Evaluates what is at a name.
    ///
    /// # Errors
    /// That of the declaration.
    pub fn at(ev: &Evaluator, slot: &Slot) -> Res<Node> {
        let value = ev.force(slot)?;
        Ok(Node { value, is_option: is_type(ev, value, b"option")? })
    }
}

/// Follows a path through a tree of options.
pub fn find(ev: &Evaluator, options: Value, path: &[Sym]) -> Found {
    let mut level = options;
    for (i, name) in path.iter().enumerate() {
        let Some(slot) = level.is_attrs().then(|| ev.mem.get(level, *name)).flatten() else {
            let entries = if level.is_attrs() { ev.mem.entries(level) } else { Vec::new() };
            let names = entries.iter().map(|entry| ev.mem.heap.name(entry.name));
            return Found::Missing { names: i, near: best_matches(names, ev.mem.heap.name(*name)) };
        };
        let names = i + 1;
        match Node::at(ev, slot) {
            Ok(Node { value, is_option: true }) => return Found::Option { option: value, names },
            Ok(Node { value, .. }) => level = value,
            Err(error) => return Found::Failed { names, error },
        }
    }
    Found::Set(level)
}

/// The attribute of a forced value with this name or, of a list, the element with this number; with the attribute's
/// position.
pub fn step<'e>(ev: &'e Evaluator, v: Value, name: &[u8]) -> Option<(&'e Slot, Pos)> {
    if v.is_list() {
        let number: usize = std::str::from_utf8(name).ok()?.parse().ok()?;
        return ev.mem.items(v).get(number).map(|item| (item, Pos::NONE));
    }
    let name = if v.is_attrs() { ev.mem.heap.interned(name)? } else { return None };
    ev.mem.get_entry(v, name).map(|entry| (entry.slot, entry.pos))
}

/// An item of a level, by its name.
pub enum Item {
    /// An option.
    Option(Value),
    /// A level below, which is not visited.
    Level,
    /// The error of a declaration that cannot be evaluated.
    Failed(Error),
}

/// Receives the path of a name, and the item there.
pub type Visit<'a> = &'a mut dyn FnMut(&[Sym], Item) -> Res<()>;

/// Visits the options of a level, in the order of the names' texts: with `deep` also those on the levels below.
/// `path` is where the level is; it is as before afterwards.
pub fn each(ev: &Evaluator, level: Value, path: &mut Vec<Sym>, deep: bool, visit: Visit<'_>) -> Res<()> {
    let _depth = ev.enter(Pos::NONE)?;
    for Entry { name, slot, .. } in ev.mem.entries_by_name(level) {
        // nixpkgs up to 20.09 keeps the names of all definitions among the options.
        if name == sym!("_module") || ev.mem.heap.name(name) == b"_definedNames" {
            continue;
        }
        path.push(name);
        match Node::at(ev, slot) {
            Ok(Node { value, is_option: true }) => visit(path, Item::Option(value))?,
            Ok(Node { value, .. }) if value.is_attrs() && deep => each(ev, value, path, deep, visit)?,
            Ok(Node { value, .. }) if value.is_attrs() => visit(path, Item::Level)?,
            Ok(_) => {}
            Err(e) => visit(path, Item::Failed(e))?,
        }
        path.pop();
    }
    Ok(())
}

/// Any option of a tree.
pub fn first(ev: &Evaluator, level: Value) -> Option<Value> {
    let entries = if level.is_attrs() { ev.mem.entries(level) } else { Vec::new() };
    let values = entries.iter().filter(|entry| entry.name != sym!("_module"));
    values.filter_map(|entry| ev.force(entry.slot).ok()).find_map(|v| match is_type(ev, v, b"option") {
        Ok(true) => Some(v),
        Ok(false) => first(ev, v),
        Err(_) => None,
    })
}
