//! `genericClosure`.

use std::collections::VecDeque;
use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::ordered::{Insert, OrderedMap};
use crate::eval::{Builtin, Error, Evaluator, PrintOptions, Res, exactly, print_value};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{Tag, Value, peek, slot};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[Builtin::new(
    "genericClosure",
    &["attrset"],
    "All elements reachable from a start set.",
    generic_closure,
)];

fn generic_closure(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [attrset] = exactly(args);
    let doing = "while evaluating the first argument passed to builtins.genericClosure";
    let set = ev.force_attrs(attrset, pos, doing)?;
    let here = "in the attrset passed as argument to builtins.genericClosure";
    let start = ev.need_attr(set, sym!("startSet"), here)?;
    let doing = "while evaluating the 'startSet' attribute passed as argument to builtins.genericClosure";
    let start = ev.force_list(start, pos, doing)?;
    if start.list_len() == 0 {
        return Ok(start);
    }
    let operator = ev.need_attr(set, sym!("operator"), here)?;
    let doing = "while evaluating the 'operator' attribute passed as argument to builtins.genericClosure";
    let operator = ev.force_function(operator, pos, doing)?;
    let mut work: VecDeque<Value> = ev.mem.share_all(ev.mem.items(start))?.into();
    let mut found = Found::default();
    while let Some(element) = work.pop_front() {
        let held = slot(element);
        let in_element =
            |e: Error| e.trace(Pos::NONE, format!("in genericClosure element {}", shown(ev, peek(&held))));
        let element = ev.force_attrs(&held, pos, "").map_err(in_element)?;
        let key = ev.need_attr(element, sym!("key"), "").map_err(in_element)?;
        let key = ev.force_at(key, pos)?;
        if !found.insert(ev, element, key)? {
            continue;
        }
        successors(ev, operator, element, pos, &mut work).map_err(|e| {
            let element = shown(ev, element);
            e.trace(Pos::NONE, format!("while calling operator on genericClosure element {element}"))
        })?;
    }
    Ok(ev.mem.list(&found.elements)?)
}

/// Adds the operator's results for an element to the work list; Nix forces each.
fn successors(
    ev: &Evaluator,
    operator: Value,
    element: Value,
    pos: Pos,
    work: &mut VecDeque<Value>,
) -> Res<()> {
    let next = slot(ev.call(operator, &[element], pos)?);
    let doing = "while evaluating the return value of the `operator` passed to builtins.genericClosure";
    let next = ev.force_list(&next, pos, doing)?;
    for item in ev.mem.items(next) {
        work.push_back(ev.force_at(item, pos)?);
    }
    Ok(())
}

fn shown(ev: &Evaluator, v: Value) -> String {
    print_value(ev, v, &PrintOptions::ERROR)
}

/// The elements found so far, in order, and their keys.
#[derive(Default)]
struct Found {
    elements: Vec<Value>,
    keys: Keys,
}

enum Keys {
    /// Hashed, while all keys are integers, or all strings, or all paths, which is nearly always the case.
    Hashed(Hashed),
    /// Otherwise ordered, as in Nix.
    Ordered(OrderedMap),
}

impl Default for Keys {
    fn default() -> Keys {
        Keys::Hashed(Hashed::default())
    }
}

#[derive(Default)]
struct Hashed {
    /// [`Tag::Int`], [`Tag::String`] or [`Tag::Path`] once there is a key.
    kind: Option<Tag>,
    keys: HashTable<Value>,
    hasher: DefaultHashBuilder,
}

impl Hashed {
    /// Inserts a key and returns whether it is new; `None` if it is of another kind than the others.
    fn insert(&mut self, ev: &Evaluator, key: Value) -> Option<bool> {
        let kind = match key.tag() {
            Tag::Int | Tag::BigInt => Tag::Int,
            tag @ (Tag::String | Tag::Path) => tag,
            _ => return None,
        };
        if *self.kind.get_or_insert(kind) != kind {
            return None;
        }
        let hash = |v: Value| match ev.mem.as_int(v) {
            Some(n) => self.hasher.hash_one(n),
            None => self.hasher.hash_one(ev.mem.text(v)),
        };
        let same = |old: &Value| match ev.mem.as_int(key) {
            Some(n) => ev.mem.as_int(*old) == Some(n),
            None => ev.mem.text(*old) == ev.mem.text(key),
        };
        let hash_of_key = hash(key);
        if self.keys.find(hash_of_key, same).is_some() {
            return Some(false);
        }
        self.keys.insert_unique(hash_of_key, key, |v| hash(*v));
        Some(true)
    }
}

impl Found {
    /// Records an element by its key and returns whether the key is new.
    fn insert(&mut self, ev: &Evaluator, element: Value, key: Value) -> Res<bool> {
        let new = match &mut self.keys {
            Keys::Hashed(hashed) => match hashed.insert(ev, key) {
                Some(new) => new,
                None => {
                    self.keys = Keys::Ordered(self.order(ev)?);
                    return self.insert(ev, element, key);
                }
            },
            Keys::Ordered(map) => match map.insert(key, &mut |a, b| less(ev, a, b)) {
                Ok(Insert::New) => true,
                Ok(Insert::Known) => false,
                Err(e) => return Err(self.incomparable(ev, element, key, e)),
            },
        };
        if new {
            self.elements.push(element);
        }
        Ok(new)
    }

    /// The keys hashed so far, in the ordered map that Nix would have at this point.
    fn order(&self, ev: &Evaluator) -> Res<OrderedMap> {
        let mut map = OrderedMap::default();
        for element in &self.elements {
            if let Some(key) = ev.mem.get(*element, sym!("key")) {
                map.insert(peek(key), &mut |a, b| less(ev, a, b))?;
            }
        }
        Ok(map)
    }

    /// Adds to a failed comparison the elements it compared: Nix searches for the smallest key that does not compare.
    fn incomparable(&self, ev: &Evaluator, element: Value, key: Value, e: Error) -> Error {
        let Keys::Ordered(map) = &self.keys else {
            return e;
        };
        let other = map.ascending().into_iter().find(|i| less(ev, key, map.key(*i)).is_err());
        match other.and_then(|i| self.elements.get(i)) {
            Some(other) => e
                .trace(Pos::NONE, format!("with element {}", shown(ev, *other)))
                .trace(Pos::NONE, format!("while comparing element {}", shown(ev, element))),
            None => e.trace(Pos::NONE, format!("while checking key of element {}", shown(ev, element))),
        }
    }
}

fn less(ev: &Evaluator, a: Value, b: Value) -> Res<bool> {
    ev.less_than(&slot(a), &slot(b), Pos::NONE, "")
}
