//! What the value of a definition was computed from: options that the evaluation has read, and that the definition's own
//! file names. Others were read by what the file uses (packages, functions, options), and are no direct origin.

use hashbrown::{HashMap, HashSet};
use memchr::memmem::find_iter;

use super::about::{DefinitionInfo, OptionInfo, ReadValue};
use super::definitions::{Definition, Fate, classify_attribute};
use super::opened::{Definitions, Opened};
use super::plain::{Bounds, Failure, Plain};
use super::reads::{Derivations, Known};
use super::tree::Found;
use crate::eval::ReadSet;
use crate::heap::{Slot, Sym};
use crate::value::slot;

/// At most this many options are named for a value.
const MOST: usize = 3;

impl Opened<'_> {
    /// Adds to what there is to say about the option at a path, whose definitions are `found`, which options the
    /// definitions, elements and attributes were computed from. The evaluator must
    /// [track reads](crate::eval::Evaluator::track_reads), and [origins](Self::add_origins) must be known.
    pub fn add_reads(&self, about: &mut OptionInfo, path: &[Sym], found: &Definitions) {
        let mut reader = Reader::new(self);
        for (about, definition) in about.definitions.iter_mut().zip(&found.all) {
            if matches!(definition.fate, Fate::Wins | Fate::Lost(_)) {
                reader.definition(about, path, definition);
            }
        }
        let items = about.definitions.iter().flat_map(|about| &about.items);
        let mut names: Vec<&String> = items.filter_map(|item| item.name.as_ref()).collect();
        names.sort_unstable();
        names.dedup();
        let mut given: Vec<(usize, Vec<ReadValue>)> = Vec::new();
        for name in names {
            let Some(symbol) = self.ev.mem.heap.interned(name.as_bytes()) else {
                continue;
            };
            let path: Vec<Sym> = path.iter().copied().chain([symbol]).collect();
            for (owner, part) in classify_attribute(self.ev, &found.all, symbol) {
                let from = match part.fate {
                    Fate::Wins | Fate::Lost(_) => {
                        let around = found.all[owner].reads;
                        reader.from(&path, &part, &slot(part.value), part.reads, around)
                    }
                    Fate::Off | Fate::Failed(_) => Vec::new(),
                };
                given.push((owner, from));
            }
        }
        // The attributes of a definition are in the order in which they have been classified.
        for (owner, whole) in about.definitions.iter_mut().enumerate() {
            let from = given.iter_mut().filter(|(of, _)| *of == owner);
            let items = whole.items.iter_mut().filter(|item| item.name.is_some());
            for (item, (_, from)) in items.zip(from) {
                item.from = std::mem::take(from);
            }
        }
    }
}

/// Reads what values were computed from.
struct Reader<'a> {
    opened: &'a Opened<'a>,
    known: Known,
    /// What the arguments of modules were computed from: whoever uses `pkgs` has read that as well. Old releases do not
    /// keep arguments.
    behind_arguments: HashSet<Vec<Sym>>,
    /// Options that something sets, and their values; `None` for those that nothing sets.
    told: HashMap<Vec<Sym>, Option<ReadValue>>,
}

impl<'a> Reader<'a> {
    fn new(opened: &'a Opened<'a>) -> Reader<'a> {
        let ev = opened.ev;
        let arguments = [sym!("_module"), sym!("args")];
        let mut known = Known::default();
        let ((), read) = ev.read_set_in(|| {
            if let Ok(all) = opened.value(&arguments).and_then(|all| ev.force(all))
                && all.is_attrs()
            {
                let used = ev.mem.entries(all).into_iter().filter(|entry| ev.known(entry.slot).is_value());
                used.for_each(|entry| drop(ev.force(entry.slot)));
            }
        });
        let behind_arguments = opened.paths(&arguments, ev.members(read), &mut known).into_iter().collect();
        Reader { opened, known, behind_arguments, told: HashMap::new() }
    }

    /// A definition that has a value, and the elements of a list.
    fn definition(&mut self, about: &mut DefinitionInfo, path: &[Sym], definition: &Definition) {
        let ev = self.opened.ev;
        let value = slot(definition.value);
        about.from = self.from(path, definition, &value, definition.reads, ReadSet::EMPTY);
        if let Ok(list) = ev.force(&value)
            && list.is_list()
        {
            let items = about.items.iter_mut().filter(|item| item.name.is_none());
            for (item, element) in items.zip(ev.mem.items(list)) {
                item.from = self.from(path, definition, element, ReadSet::EMPTY, definition.reads);
            }
        }
    }

    /// The options that a part of a definition's value was computed from: those that something sets, otherwise others. If
    /// there are none, what the value around it was computed from. `own` and `around` have been read before.
    fn from(
        &mut self,
        path: &[Sym],
        definition: &Definition,
        part: &Slot,
        own: ReadSet,
        around: ReadSet,
    ) -> Vec<ReadValue> {
        let ev = self.opened.ev;
        let Some(text) = ev.sources.source_of(definition.pos).and_then(|source| source.text()) else {
            return Vec::new();
        };
        let ((), inside) = ev.read_set_in(|| self.opened.follow(path, Derivations::Computed).slot(part));
        let own = self.named(path, definition, &text, ev.union(own, inside));
        let set: Vec<ReadValue> = own.iter().filter_map(|path| self.set(path)).take(MOST).collect();
        if !set.is_empty() {
            return set;
        }
        if own.is_empty() {
            let around = self.named(path, definition, &text, around);
            return around.iter().filter_map(|path| self.set(path)).take(MOST).collect();
        }
        own.iter().take(MOST).map(|path| self.read_value(path)).collect()
    }

    /// The options of a set that a file names, the nearest to a path first.
    fn named(&mut self, path: &[Sym], definition: &Definition, text: &[u8], set: ReadSet) -> Vec<Vec<Sym>> {
        let opened = self.opened;
        let mut all = opened.paths(path, opened.ev.members(set), &mut self.known);
        all.retain(|read| {
            let is_through = definition.through.iter().any(|old| old[..] == read[..]);
            !is_through && self.is_named(text, read) && !opened.is_old_name(read)
        });
        // Who reads a part of a value has read the value.
        let wholes = all.clone();
        all.retain(|whole| !wholes.iter().any(|part| part.len() > whole.len() && part.starts_with(whole)));
        let common = |read: &[Sym]| read.iter().zip(path).take_while(|(a, b)| a == b).count();
        all.sort_by_cached_key(|read| (std::cmp::Reverse(common(read)), opened.show(read)));
        all
    }

    /// Whether a text has the last two names of an option, and the last one of a path into its value. Names before them
    /// may be anywhere: modules shorten them to `cfg`. Where that says too little, the text must have the whole path.
    fn is_named(&self, text: &[u8], path: &[Sym]) -> bool {
        let name = |name: &Sym| self.opened.ev.mem.heap.name(*name);
        let of_packages = || path.first().is_some_and(|first| name(first) == b"nixpkgs");
        if path.len() == 1 || self.behind_arguments.contains(path) || of_packages() {
            return has_word(text, format!("config.{}", self.opened.show(path)).as_bytes());
        }
        let names = match self.opened.find(path) {
            Found::Option { names, .. } => names,
            _ => path.len(),
        };
        let wanted = path[names.saturating_sub(2)..names].iter().chain(path[names..].last());
        wanted.into_iter().all(|wanted| has_word(text, name(wanted)))
    }

    /// An option that something sets.
    fn set(&mut self, path: &[Sym]) -> Option<ReadValue> {
        if let Some(told) = self.told.get(path) {
            return told.clone();
        }
        let told = self.opened.set_at(path).map(|_| self.read_value(path));
        self.told.insert(path.to_vec(), told.clone());
        told
    }

    fn read_value(&self, path: &[Sym]) -> ReadValue {
        let opened = self.opened;
        let value = match opened.value(path) {
            Ok(value) => Plain::at(opened, path, value, Bounds::WORDS),
            Err(e) => Plain::Failed(Failure::of(opened.ev, &e)),
        };
        ReadValue { name: opened.show(path), value }
    }
}

/// Whether a text has a name, not as a part of a longer one.
fn has_word(text: &[u8], name: &[u8]) -> bool {
    let is_part = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || b"_-'".contains(b));
    find_iter(text, name).any(|at| {
        !is_part(at.checked_sub(1).and_then(|before| text.get(before))) && !is_part(text.get(at + name.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole_names() {
        let text = b"cfg.port-range + x.port";
        assert!(has_word(text, b"port") && has_word(text, b"cfg") && has_word(text, b"port-range"));
        assert!(!has_word(text, b"range") && !has_word(text, b"por") && !has_word(b"", b"a"));
    }
}
