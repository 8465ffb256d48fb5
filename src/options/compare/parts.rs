//! The definitions of the parts of an option's value: of its attributes, of the options of its submodules, and of the
//! elements of its lists, with their priorities.

use std::sync::Arc;

use hashbrown::HashMap;

use super::renames::{Renames, is_of_messages};
use crate::eval::Res;
use crate::heap::Sym;
use crate::modules::Raw;
use crate::options::about::{OptionInfo, type_text};
use crate::options::definitions::{Definition, Fate, classify, parts};
use crate::options::elements::{element, given};
use crate::options::evaluations::{Evaluated, default_of};
use crate::options::opened::{Definitions, Opened, inside_list};
use crate::options::origins::UNMERGED;
use crate::options::plain::Plain;
use crate::options::tree::{self, Found};

/// The definitions that count of a part of a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// The priority that they share; `None` if there are none.
    pub priority: Option<i64>,
    /// Their files and orders, in the order in which they are merged.
    pub given: Vec<(Arc<str>, i64)>,
    /// Those of its parts that any definitions give something to, by their names or numbers, as in the value.
    pub parts: Vec<(String, Part)>,
}

/// The names of files by their roots, each once.
#[derive(Debug)]
pub struct FileNames<'a> {
    renames: &'a Renames,
    known: HashMap<String, Arc<str>>,
}

impl<'a> FileNames<'a> {
    /// Names that begin with those of roots.
    pub fn new(renames: &'a Renames) -> FileNames<'a> {
        FileNames { renames, known: HashMap::new() }
    }

    fn of(&mut self, file: &str) -> Arc<str> {
        let named = || self.renames.place(file).into();
        self.known.entry_ref(file).or_insert_with(named).clone()
    }
}

impl Opened<'_> {
    /// The definitions of the parts of the value at a path, which `about` has; the definitions there are `found`.
    pub fn parts(
        &self,
        path: &[Sym],
        about: &OptionInfo,
        found: &Definitions,
        files: &mut FileNames<'_>,
    ) -> Vec<(String, Part)> {
        let is_unmerged = about.type_name.as_ref().is_some_and(|name| UNMERGED.contains(&name.as_str()));
        // Warnings and assertions are compared as a set.
        if is_unmerged || is_of_messages(&about.loc) || self.root().is_none() {
            return Vec::new();
        }
        Reader { opened: self, files }.value(&mut path.to_vec(), &about.value, &found.all)
    }
}

struct Reader<'a, 'n> {
    opened: &'a Opened<'a>,
    files: &'a mut FileNames<'n>,
}

impl Reader<'_, '_> {
    /// The parts of the value at a path, which these definitions give.
    fn value(&mut self, path: &mut Vec<Sym>, plain: &Plain, all: &[Definition]) -> Vec<(String, Part)> {
        match plain {
            Plain::Set(entries) if !entries.is_empty() => match self.opened.submodule_at(path) {
                Some(submodule) => self.options(&submodule, path.len(), path, entries),
                None => self.attributes(path, entries, all),
            },
            Plain::List(items) if items.iter().any(|item| matches!(item, Plain::Set(_))) => {
                self.elements(path, items, all)
            }
            _ => Vec::new(),
        }
    }

    /// The parts of a level of a submodule's options. The first `names` names of the path lead to the submodule.
    fn options(
        &mut self,
        submodule: &Evaluated,
        names: usize,
        path: &mut Vec<Sym>,
        entries: &[(String, Plain)],
    ) -> Vec<(String, Part)> {
        let mut found = Vec::new();
        for (name, plain) in entries.iter().filter(|(_, plain)| is_known(plain)) {
            let Some(symbol) = self.opened.ev.mem.heap.interned(name.as_bytes()) else {
                continue;
            };
            path.push(symbol);
            // What cannot be evaluated is an error in the value.
            let part = self.option(submodule, names, path, plain).unwrap_or_default();
            path.pop();
            found.extend(part.map(|part| (name.clone(), part)));
        }
        found
    }

    fn option(
        &mut self,
        submodule: &Evaluated,
        names: usize,
        path: &mut Vec<Sym>,
        plain: &Plain,
    ) -> Res<Option<Part>> {
        let ev = self.opened.ev;
        let option = match tree::find(ev, submodule.options(ev)?, &path[names..]) {
            Found::Option { option, .. } => Some(option),
            Found::Missing { .. } | Found::Failed { .. } => None,
            Found::Set(_) => {
                let Plain::Set(entries) = plain else {
                    return Ok(None);
                };
                let parts = self.options(submodule, names, path, entries);
                return Ok((!parts.is_empty()).then(|| Part { parts, ..Part::default() }));
            }
        };
        let name = option.and_then(|option| type_text(ev, option, "name"));
        let plain =
            if name.is_some_and(|name| UNMERGED.contains(&name.as_str())) { &Plain::Null } else { plain };
        let raws = submodule.definitions(ev, &path[names..])?;
        let default = option.map(|option| default_of(ev, option)).transpose()?.flatten();
        Ok(self.part(path, plain, default, &raws))
    }

    /// The parts of a set that definitions give in full.
    fn attributes(
        &mut self,
        path: &mut Vec<Sym>,
        entries: &[(String, Plain)],
        all: &[Definition],
    ) -> Vec<(String, Part)> {
        let ev = self.opened.ev;
        let mut found = Vec::new();
        for (name, plain) in entries.iter().filter(|(_, plain)| is_known(plain)) {
            let Some(symbol) = ev.mem.heap.interned(name.as_bytes()) else {
                continue;
            };
            if let Ok(inside) = parts(ev, all, symbol, |_| false) {
                path.push(symbol);
                found.extend(self.defined(path, plain, &inside).map(|part| (name.clone(), part)));
                path.pop();
            }
        }
        found
    }

    /// The elements of a list that are submodules, if the list is what its definitions have together. Other elements are values
    /// of their definitions.
    fn elements(&mut self, path: &mut Vec<Sym>, items: &[Plain], all: &[Definition]) -> Vec<(String, Part)> {
        let ev = self.opened.ev;
        let name = |definition: usize, entry: usize| {
            let name = format!("[definition {}-entry {}]", definition + 1, entry + 1);
            ev.mem.heap.interned(name.as_bytes())
        };
        let mut found = Vec::new();
        let numbers = if items.iter().all(is_known) { given(ev, all) } else { Vec::new() };
        if numbers.len() != items.len() {
            return found;
        }
        for (i, (plain, (definition, entry))) in items.iter().zip(numbers).enumerate() {
            // The evaluation of a submodule has given it its name.
            let Some(name) = name(definition, entry) else {
                continue;
            };
            path.push(name);
            if self.opened.is_submodule(path) {
                let inside = element(ev, all, name)
                    .and_then(|(definition, item, step)| inside_list(ev, definition, item, step).ok());
                let part = inside.and_then(|inside| self.defined(path, plain, &inside));
                found.extend(part.map(|part| (i.to_string(), part)));
            }
            path.pop();
        }
        found
    }

    fn part(
        &mut self,
        path: &mut Vec<Sym>,
        plain: &Plain,
        default: Option<Raw>,
        raws: &[Raw],
    ) -> Option<Part> {
        // Most options of submodules have no definitions. A default may be a submodule, whose modules define options.
        if raws.is_empty() {
            let parts = self.value(path, plain, &[]);
            return (!parts.is_empty()).then(|| Part { parts, ..Part::default() });
        }
        let all = classify(self.opened.ev, default, raws);
        self.defined(path, plain, &all)
    }

    /// A part with these definitions.
    fn defined(&mut self, path: &mut Vec<Sym>, plain: &Plain, all: &[Definition]) -> Option<Part> {
        let mut part = Part { parts: self.value(path, plain, all), ..Part::default() };
        for definition in all.iter().filter(|it| matches!(it.fate, Fate::Wins) && !it.is_default) {
            part.priority = Some(definition.priority);
            part.given.push((self.files.of(&definition.file), definition.order));
        }
        (part != Part::default()).then_some(part)
    }
}

/// Whether a value has been evaluated: its definitions have been then, too.
fn is_known(value: &Plain) -> bool {
    !matches!(value, Plain::Cut | Plain::Failed(_))
}
