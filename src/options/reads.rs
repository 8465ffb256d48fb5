//! Which options a value was computed from.

use hashbrown::{HashMap, HashSet};

use super::definitions::Fate;
use super::elements::is_off;
use super::opened::Opened;
use super::tree::{self, Found};
use crate::builtins::Whole;
use crate::eval::{COMPUTED, ReadOption, Res};
use crate::heap::{Slot, Sym};
use crate::native::{get, list, string};
use crate::source::Pos;
use crate::value::{Entry, Value, slot};

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

/// The options that have been read so far.
#[derive(Debug, Default)]
pub struct Known {
    /// By their paths.
    paths: HashMap<Vec<Sym>, Vec<ReadOption>>,
    /// Whose they are.
    whose: HashMap<ReadOption, Whose>,
}

/// Whose option one is that has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// The configuration's.
    Own,
    /// A variant's. It has the name of one of the configuration's, but what it read is no part of the configuration.
    Variant,
    /// That of an evaluation that a value makes: nixpkgs evaluates modules for `nixpkgs.config`. It stands for what it was
    /// computed from.
    Other,
}

impl Opened<'_> {
    /// The options that the value at a path was computed from directly: their paths. The value is evaluated in full; of
    /// a part that fails, what it read until then counts. The evaluator must
    /// [track reads](crate::eval::Evaluator::track_reads). Options that are read are added to `known`.
    pub fn reads(&self, path: &[Sym], derivations: Derivations, known: &mut Known) -> Vec<Vec<Sym>> {
        let ev = self.ev;
        let (found, mut pending) = ev.reads_in(|| match self.value(path) {
            Ok(slot) => {
                self.follow(path, derivations).slot(slot);
                true
            }
            Err(e) => {
                ev.caught(&e);
                false
            }
        });
        // The value of an element of a list of submodules has no path of its own.
        if !found {
            pending.extend(known.paths.get(path).into_iter().flatten());
        }
        self.paths(path, pending, known)
    }

    /// The options that the definitions at a path, and the conditions around them, were computed from directly. In
    /// contrast to what [the value](Self::reads) was computed from, that of the values around it does not count.
    pub fn read_by_definitions(&self, path: &[Sym], known: &mut Known) -> Vec<Vec<Sym>> {
        let ev = self.ev;
        let ((), pending) = ev.reads_in(|| match self.definitions(path) {
            Ok(found) => {
                for definition in found.all.iter().filter(|d| matches!(d.fate, Fate::Wins)) {
                    self.follow(path, Derivations::Computed).slot(&slot(definition.value));
                }
            }
            Err(e) => ev.caught(&e),
        });
        self.paths(path, pending, known)
    }

    /// What evaluates a value at a path in full.
    pub(super) fn follow(&self, path: &[Sym], derivations: Derivations) -> Follow<'_> {
        let variants = self.variants();
        Follow { opened: self, path: path.to_vec(), derivations, variants, left: MOST, seen: HashSet::new() }
    }

    /// The paths of options that were read for the value at a path. The option itself, those of its submodules, and the
    /// one that it is a part of stand for what they were computed from.
    pub(super) fn paths(
        &self,
        path: &[Sym],
        mut pending: Vec<ReadOption>,
        known: &mut Known,
    ) -> Vec<Vec<Sym>> {
        let ev = self.ev;
        let (mut own, mut found) = (HashSet::new(), HashSet::new());
        while let Some(option) = pending.pop() {
            // Every path is a list of strings: nixpkgs has made it, and an error message would have shown it.
            let Ok(at) = self.read_names(option) else {
                continue;
            };
            match *known.whose.entry(option).or_insert_with(|| self.whose(&at, option)) {
                Whose::Own => {}
                Whose::Other if own.insert(option) => {
                    pending.extend(ev.reads_of(option));
                    continue;
                }
                Whose::Variant | Whose::Other => continue,
            }
            let all = known.paths.entry(at.clone()).or_default();
            if !all.contains(&option) {
                all.push(option);
            }
            if !(at.starts_with(path) || path.starts_with(&at)) {
                found.insert(at);
            } else if own.insert(option) {
                pending.extend(ev.reads_of(option));
            }
        }
        found.into_iter().collect()
    }

    /// Whose option one is that has been read.
    fn whose(&self, path: &[Sym], option: ReadOption) -> Whose {
        let (ev, variants) = (self.ev, self.variants());
        let has_read = |slot: &Slot| ev.reads_in(|| ev.force(slot).is_ok()).1.contains(&option);
        let mut is_known = false;
        for options in self.own_options() {
            let (at, inside) = match tree::find(ev, options, path) {
                Found::Option { option, names } => (option, &path[names..]),
                Found::Set(_) | Found::Missing { .. } => continue,
                Found::Failed { .. } => return Whose::Own,
            };
            is_known = true;
            let is_it = match inside {
                [] => COMPUTED.iter().any(|name| {
                    get(ev, at, *name).and_then(|slot| self.evaluated(slot, &[])).is_some_and(has_read)
                }),
                _ if variants == 0 => true,
                _ => {
                    let value = get(ev, at, sym!("value")).and_then(|value| self.evaluated(value, inside));
                    value.is_some_and(has_read)
                }
            };
            if is_it {
                return Whose::Own;
            }
        }
        if is_known && variants > 0 { Whose::Variant } else { Whose::Other }
    }

    /// The part of an option's value at a path, as far as it has been evaluated.
    fn evaluated<'a>(&'a self, value: &'a Slot, path: &[Sym]) -> Option<&'a Slot> {
        let ev = self.ev;
        let mut slot = value;
        for name in path {
            if !ev.known(slot).is_value() {
                return None;
            }
            slot = tree::step(ev, ev.force(slot).ok()?, ev.mem.heap.name(*name))?.0;
        }
        (ev.known(slot).is_value() || ev.has_failed(slot)).then_some(slot)
    }

    /// The path of an option that has been read.
    fn read_names(&self, option: ReadOption) -> Res<Vec<Sym>> {
        let ev = self.ev;
        let loc = list(ev, &slot(ev.read_path(option)))?;
        ev.mem.items(loc).iter().map(|name| Ok(ev.mem.symbol_of(string(ev, name)?)?)).collect()
    }
}

/// Evaluates a value in full.
pub(super) struct Follow<'a> {
    opened: &'a Opened<'a>,
    /// Where the current value is. Elements of lists have the path of the list.
    path: Vec<Sym>,
    derivations: Derivations,
    /// How many variants of the configuration had been evaluated before.
    variants: usize,
    left: usize,
    seen: HashSet<u64>,
}

impl Follow<'_> {
    /// Evaluates a value in full.
    pub(super) fn slot(&mut self, slot: &Slot) {
        let ev = self.opened.ev;
        // A value that evaluates variants of the whole configuration, such as its images, might evaluate many.
        let started = || self.opened.variants() > self.variants;
        if self.left == 0
            || self.derivations == Derivations::Computed && !ev.known(slot).is_value() && started()
        {
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
            // What a condition switches off is not evaluated.
            let is_off = is_off(ev, v);
            let is_followed = |entry: &&Entry<'_>| {
                !(ev.makes_open(entry.name, entry.slot) || is_off && entry.name == sym!("content"))
            };
            let entries = ev.mem.entries_by_name(v);
            for entry in entries.iter().filter(is_followed) {
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
