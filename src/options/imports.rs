//! Which module imports which: the chain of imports that brings a module into a configuration.

use std::collections::VecDeque;

use hashbrown::{HashMap, HashSet};

use super::evaluations::Modules;
use super::opened::Opened;
use crate::eval::{Evaluator, Res};
use crate::heap::Slot;
use crate::native::{get, list, text};
use crate::source::Pos;
use crate::value::{Type, Value, slot};

/// A module on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Importer {
    /// The key by which nixpkgs tells modules apart: the path of a file, or the importing module's key with `:anon-`
    /// and the number of the import.
    pub key: String,
    /// The file, as nixpkgs names it.
    pub file: String,
}

/// All modules of an evaluation and their imports.
#[derive(Default)]
struct Imports {
    modules: Vec<Importer>,
    /// For each module, the keys of those that it imports.
    keys: Vec<Vec<String>>,
    numbers: HashMap<String, usize>,
}

impl Opened<'_> {
    /// The shortest chains of imports that lead to the modules of a file, or of a folder's `default.nix`: each begins
    /// with a module that no other one imports. Empty if no such module is part of the configuration.
    ///
    /// # Errors
    /// An error in the modules.
    pub fn imports(&self, file: &str) -> Res<Vec<Vec<Importer>>> {
        let ev = self.ev;
        let mut imports = Imports::default();
        match self.root().map(|root| root.modules) {
            None => return Ok(Vec::new()),
            Some(Modules::Native(evaluation)) => imports.add_graph(ev, evaluation.import_graph(ev)?)?,
            Some(Modules::Interpreted { modules, .. }) => {
                for module in ev.mem.items(modules) {
                    imports.add_module(ev, ev.force(module)?)?;
                }
            }
        }
        Ok(imports.chains(file))
    }
}

impl Imports {
    fn add(&mut self, key: String, file: String, keys: Vec<String>) -> bool {
        let new = !self.numbers.contains_key(&key);
        if new {
            self.numbers.insert(key.clone(), self.modules.len());
            self.modules.push(Importer { key, file });
            self.keys.push(keys);
        }
        new
    }

    /// Adds the nodes of a graph as `evalModules` returns it.
    fn add_graph(&mut self, ev: &Evaluator, graph: Value) -> Res<()> {
        let _depth = ev.enter(Pos::NONE)?;
        for node in ev.mem.items(list(ev, &slot(graph))?) {
            let node = ev.force(node)?;
            let below = match get(ev, node, "imports") {
                Some(imports) => list(ev, imports)?,
                None => Value::EMPTY_LIST,
            };
            let keys = ev.mem.items(below).iter().map(|below| attribute(ev, ev.force(below)?, &["key"]));
            let keys = keys.collect::<Res<Vec<_>>>()?;
            if self.add(attribute(ev, node, &["key"])?, attribute(ev, node, &["file"])?, keys) {
                self.add_graph(ev, below)?;
            }
        }
        Ok(())
    }

    /// Adds a module that an interpreted lib has collected.
    fn add_module(&mut self, ev: &Evaluator, module: Value) -> Res<()> {
        let key = attribute(ev, module, &["key"])?;
        let mut keys = Vec::new();
        if let Some(imports) = get(ev, module, "imports") {
            for (i, import) in ev.mem.items(list(ev, imports)?).iter().enumerate() {
                keys.push(import_key(ev, import, &key, i + 1)?);
            }
        }
        self.add(key, attribute(ev, module, &["_file", "file"])?, keys);
        Ok(())
    }

    fn chains(&self, file: &str) -> Vec<Vec<Importer>> {
        let imported: HashSet<usize> =
            self.keys.iter().flatten().filter_map(|key| self.numbers.get(key)).copied().collect();
        let mut pending: VecDeque<usize> =
            (0..self.modules.len()).filter(|n| !imported.contains(n)).collect();
        let mut from: Vec<Option<usize>> = vec![None; self.modules.len()];
        let mut seen: HashSet<usize> = pending.iter().copied().collect();
        while let Some(number) = pending.pop_front() {
            for next in self.keys[number].iter().filter_map(|key| self.numbers.get(key)) {
                if seen.insert(*next) {
                    from[*next] = Some(number);
                    pending.push_back(*next);
                }
            }
        }
        let default = format!("{file}/default.nix");
        let is_wanted = |module: &Importer| {
            [&module.key, &module.file].into_iter().any(|name| name == file || *name == default)
        };
        // A module of another name in a wanted file, such as a part of it, adds nothing.
        let mut wanted: Vec<usize> =
            (0..self.modules.len()).filter(|n| is_wanted(&self.modules[*n])).collect();
        if wanted.iter().any(|n| !self.modules[*n].key.contains(":anon-")) {
            wanted.retain(|n| !self.modules[*n].key.contains(":anon-"));
        }
        let chain = |wanted: usize| {
            let mut chain: Vec<Importer> =
                std::iter::successors(Some(wanted), |n| from[*n]).map(|n| self.modules[n].clone()).collect();
            chain.reverse();
            chain
        };
        wanted.into_iter().map(chain).collect()
    }
}

/// The key that nixpkgs gives to an element of a module's imports.
fn import_key(ev: &Evaluator, import: &Slot, parent: &str, number: usize) -> Res<String> {
    let import = ev.force(import)?;
    if import.type_of() == Type::Path || import.is_string() {
        return Ok(text(ev, import));
    }
    match get(ev, import, "key") {
        Some(key) => Ok(text(ev, ev.force(key)?)),
        None => Ok(format!("{parent}:anon-{number}")),
    }
}

/// The first of these attributes as a text; empty if there is none.
fn attribute(ev: &Evaluator, set: Value, names: &[&str]) -> Res<String> {
    match names.iter().find_map(|name| get(ev, set, *name)) {
        Some(slot) => {
            let value = ev.force(slot)?;
            Ok(if value.is_string() || value.type_of() == Type::Path {
                text(ev, value)
            } else {
                String::new()
            })
        }
        None => Ok(String::new()),
    }
}
