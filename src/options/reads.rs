//! Which options a value was computed from.

use hashbrown::{HashMap, HashSet};

use super::opened::Opened;
use crate::builtins::Whole;
use crate::eval::{ReadOption, Res};
use crate::heap::{Slot, Sym};
use crate::native::{list, string};
use crate::source::Pos;
use crate::value::{Value, slot};

/// How many parts of one option's value are followed.
const MOST: usize = 200_000;

/// Whether what goes into a derivation counts as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derivations {
    /// That of all derivations in the value.
    All,
    /// Only that of derivations whose store paths have been computed already.
    Computed,
}

/// The options that have been read so far, by their paths.
#[derive(Debug, Default)]
pub struct Known(HashMap<Vec<Sym>, Vec<ReadOption>>);

impl Opened<'_> {
    /// The options that the value at a path was computed from directly: their paths. The value is evaluated in full; of a part that fails, what it read until then counts. The evaluator must
    /// [track reads](crate::eval::Evaluator::track_reads). Options that are read are added to `known`.
    pub fn reads(&self, path: &[Sym], derivations: Derivations, known: &mut Known) -> Vec<Vec<Sym>> {
        let ev = self.ev;
        let (_, mut pending) = ev.reads_in(|| match self.value(path) {
            Ok(slot) => {
                let path = path.to_vec();
                Follow { opened: self, path, derivations, left: MOST, seen: HashSet::new() }.slot(slot);
            }
            Err(e) => ev.caught(&e),
        });
        // The value of an element of a list of submodules has no path of its own.
        pending.extend(known.0.get(path).into_iter().flatten());
        let (mut own, mut found) = (HashSet::new(), HashSet::new());
        while let Some(option) = pending.pop() {
            // Every path is a list of strings: nixpkgs has made it, and an error message would have shown it.
            let Ok(at) = self.read_names(option) else {
                continue;
            };
            let all = known.0.entry(at.clone()).or_default();
            if !all.contains(&option) {
                all.push(option);
            }
            // The option itself, those of its submodules, and the one that it is a part of stand for what they were
            // computed from.
            if !(at.starts_with(path) || path.starts_with(&at)) {
                found.insert(at);
            } else if own.insert(option) {
                pending.extend(ev.reads_of(option));
            }
        }
        found.into_iter().collect()
    }

    /// The path of an option that has been read.
    fn read_names(&self, option: ReadOption) -> Res<Vec<Sym>> {
        let ev = self.ev;
        let loc = list(ev, &slot(ev.read_path(option)))?;
        ev.mem.items(loc).iter().map(|name| Ok(ev.mem.symbol_of(string(ev, name)?)?)).collect()
    }
}

/// Evaluates a value in full.
struct Follow<'a> {
    opened: &'a Opened<'a>,
    /// Where the current value is. Elements of lists have the path of the list.
    path: Vec<Sym>,
    derivations: Derivations,
    left: usize,
    seen: HashSet<u64>,
}

impl Follow<'_> {
    fn slot(&mut self, slot: &Slot) {
        let ev = self.opened.ev;
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        let Ok(_depth) = ev.enter(Pos::NONE) else {
            return;
        };
        match ev.force(slot) {
            Ok(v) => self.value(v),
            Err(e) => ev.caught(&e),
        }
    }

    fn value(&mut self, v: Value) {
        let ev = self.opened.ev;
        if !(v.is_list() || v.is_attrs()) || !self.seen.insert(v.bits()) {
            return;
        }
        if v.is_list() {
            ev.mem.items(v).iter().for_each(|item| self.slot(item));
        } else if !self.is_closed(v) {
            let entries = ev.mem.entries_by_name(v);
            for entry in entries.iter().filter(|entry| !ev.makes_open(entry.name, entry.slot)) {
                self.path.push(entry.name);
                self.slot(entry.slot);
                self.path.pop();
            }
        }
    }

    /// Whether a set is not followed by its attributes. Of a derivation, the store path is followed.
    fn is_closed(&mut self, v: Value) -> bool {
        let ev = self.opened.ev;
        let is = |name: Sym, what: &[u8]| {
            let tag = ev.mem.get(v, name).and_then(|slot| ev.force(slot).ok());
            tag.is_some_and(|tag| tag.is_string() && ev.mem.text(tag) == what)
        };
        if is(sym!("type"), b"derivation") {
            if let Some(out) = ev.mem.get(v, sym!("outPath"))
                && (self.derivations == Derivations::All || ev.known(out).is_value())
            {
                self.slot(out);
            }
            return true;
        }
        ev.mem.get(v, sym!("__functor")).is_some()
            || is(sym!("_type"), b"option")
            || self.opened.is_variant(&self.path)
            || Whole::of(ev, v).is_some()
    }
}
