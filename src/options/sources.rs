//! Which module of an evaluation a definition or a declaration is from, and what else that module says.

use std::rc::Rc;

use super::evaluations::{DefinedSet, Evaluated, Module, Modules};
use super::tree::{self, Item, Node};
use crate::eval::{Evaluator, Res};
use crate::heap::Sym;
use crate::modules::push_down;
use crate::native::{is_type, text};
use crate::source::Pos;
use crate::value::Value;

/// Where a definition is from.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// The number of its module.
    pub module: usize,
    /// The attribute that defines the option, or the nearest one around it that is not computed.
    pub pos: Pos,
}

impl Evaluated {
    /// Where the definitions at a path are from, in the order of [`definitions`](Self::definitions).
    pub fn sources(&self, ev: &Evaluator, path: &[Sym]) -> Res<Vec<Source>> {
        let Some((last, parents)) = path.split_last() else {
            return Ok(Vec::new());
        };
        let mut sources = Vec::new();
        for DefinedSet { module, set, pos, .. } in self.level(ev, parents)?.iter().copied() {
            if let Some(entry) = set.is_attrs().then(|| ev.mem.get_entry(set, *last)).flatten() {
                let pos = if self.is_computed(ev, entry.pos) { pos } else { entry.pos };
                sources.push(Source { module, pos });
            }
        }
        Ok(sources)
    }

    /// Whether a position says nothing about where an attribute is from: there is none, or it is in the `lib`.
    pub fn is_computed(&self, ev: &Evaluator, pos: Pos) -> bool {
        let Some(source) = ev.sources.source_of(pos) else {
            return true;
        };
        self.lib(ev).is_some_and(|lib| source.path().is_some_and(|path| path.starts_with(lib)))
    }

    /// The folder of an interpreted `lib`, with a slash at its end.
    pub fn lib(&self, ev: &Evaluator) -> Option<&[u8]> {
        self.known.lib.get_or_init(|| self.find_lib(ev)).as_deref()
    }

    fn find_lib(&self, ev: &Evaluator) -> Option<Rc<[u8]>> {
        let Modules::Interpreted { options, .. } = self.modules else {
            return None;
        };
        ev.folder_of_added(tree::first(ev, options)?)
    }

    /// The options that a module declares, by their paths.
    pub fn declared_by(&self, ev: &Evaluator, module: usize) -> Res<Vec<(Vec<Sym>, Value)>> {
        let options = match self.modules(ev)?.get(module) {
            Some(module) => ev.force_value(module.options)?,
            None => Value::EMPTY_SET,
        };
        let mut found = Vec::new();
        if options.is_attrs() {
            tree::each(ev, options, &mut Vec::new(), true, &mut |path, item| {
                if let Item::Option(option) = item {
                    found.push((path.to_vec(), option));
                }
                Ok(())
            })?;
        }
        Ok(found)
    }

    /// The modules that declare the option at a path: their numbers, and where each does.
    pub fn declaring(&self, ev: &Evaluator, path: &[Sym]) -> Res<Vec<Source>> {
        let mut found = Vec::new();
        for (number, module) in self.modules(ev)?.iter().enumerate() {
            let (mut level, mut pos) = (ev.force_value(module.options)?, Pos::NONE);
            let mut at = path.iter();
            let declares = at.all(|name| {
                let entry = level.is_attrs().then(|| ev.mem.get_entry(level, *name)).flatten();
                let Some((entry, below)) = entry.and_then(|e| Some((e, ev.force(e.slot).ok()?))) else {
                    return false;
                };
                level = below;
                pos = if self.is_computed(ev, entry.pos) { pos } else { entry.pos };
                true
            });
            if declares && is_type(ev, level, b"option")? {
                found.push(Source { module: number, pos });
            }
        }
        Ok(found)
    }

    /// The files of the modules, as nixpkgs names them.
    pub fn files(&self, ev: &Evaluator) -> Res<Vec<String>> {
        let file = |module: &Module| Ok(text(ev, ev.force_value(module.file)?));
        self.modules(ev)?.iter().map(file).collect()
    }

    /// The options that a module defines, by their paths.
    pub fn defined(&self, ev: &Evaluator, module: usize) -> Res<Vec<Vec<Sym>>> {
        let mut found = Vec::new();
        let options = self.options(ev)?;
        for DefinedSet { set, .. } in self.level(ev, &[])?.iter().filter(|set| set.module == module) {
            self.add_defined(ev, *set, options, &mut Vec::new(), &mut found)?;
        }
        found.dedup();
        Ok(found)
    }

    fn add_defined(
        &self,
        ev: &Evaluator,
        set: Value,
        options: Value,
        path: &mut Vec<Sym>,
        found: &mut Vec<Vec<Sym>>,
    ) -> Res<()> {
        if !set.is_attrs() || !options.is_attrs() {
            return Ok(());
        }
        let _depth = ev.enter(Pos::NONE)?;
        for entry in ev.mem.entries_by_name(set) {
            let Some(option) = ev.mem.get(options, entry.name) else {
                continue;
            };
            path.push(entry.name);
            match Node::at(ev, option) {
                // One whose declaration fails is one.
                Ok(Node { is_option: true, .. }) | Err(_) => found.push(path.clone()),
                Ok(below) => push_down(ev, ev.force(entry.slot)?, Value::EMPTY_LIST, &mut |set, _| {
                    self.add_defined(ev, set, below.value, path, found)
                })?,
            }
            path.pop();
        }
        Ok(())
    }
}
