//! Definitions inside values: which submodule a path leads into, and where definitions are that functions compute.

use std::rc::Rc;

use super::aliases::is_same;
use super::definitions::{Definition, Fate};
use super::elements::given;
use super::evaluations::Evaluated;
use super::opened::Opened;
use super::trail::Step;
use crate::eval::Res;
use crate::heap::Sym;

impl Opened<'_> {
    /// Finds places for definitions that have none. They are those of an option of a submodule; its value is at the path
    /// `around`.
    pub(super) fn place_inside(
        &self,
        submodule: &Evaluated,
        option: &[Sym],
        around: &[Sym],
        all: &mut [Definition],
    ) -> Res<()> {
        let ev = self.ev;
        let has_none = |definition: &&mut Definition| !definition.is_default && !definition.pos.is_some();
        if !all.iter_mut().any(|definition| has_none(&definition)) {
            return Ok(());
        }
        let sources = submodule.sources(ev, option)?;
        // The native engine leaves some definitions out: see `Finder::place`.
        if sources.len() != submodule.definitions(ev, option)?.len() {
            return Ok(());
        }
        let modules = submodule.modules(ev)?;
        // Only one of them has the values of which the submodule is made.
        for evaluation in self.own_evaluations() {
            let wholes = self.definitions_in(evaluation, around)?.all;
            for definition in all.iter_mut().filter(has_none) {
                let source = definition.number.and_then(|number| sources.get(number));
                let Some(module) = source.and_then(|source| modules.get(source.module)) else {
                    continue;
                };
                let is_its = |whole: &&Definition| {
                    matches!(whole.fate, Fate::Wins) && is_same(ev, whole.value, module.config)
                };
                if let Some(whole) = wholes.iter().find(is_its) {
                    self.take_place(definition, whole);
                }
            }
        }
        Ok(())
    }

    /// Lets a definition inside a value be where the value's definition is or, if that has come by an older name, where the
    /// old option's one is.
    fn take_place(&self, definition: &mut Definition, whole: &Definition) {
        definition.pos = whole.pos;
        let Some(old) = whole.through.first() else {
            return;
        };
        match self.old_definition(old, definition) {
            Some(origin) => {
                definition.pos = origin.pos;
                definition.through = [Rc::clone(old)].into_iter().chain(origin.through).collect();
                definition.trail = origin.trail;
            }
            None => {
                definition.trail = whole.trail.clone();
                definition.through.clone_from(&whole.through);
            }
        }
    }

    /// The definition of an old option that a definition has come from, if it is one of several with its value.
    fn old_definition(&self, old: &[Sym], definition: &Definition) -> Option<Definition> {
        let Some(Step::Part(number)) = definition.trail.inside.last() else {
            return None;
        };
        self.own_evaluations().iter().find_map(|evaluation| {
            let given = self.definitions_in(evaluation, old).ok()?.all.into_iter();
            let mut counting = given.filter(|it| matches!(it.fate, Fate::Wins) && !it.is_default);
            counting.nth(*number).filter(|it| is_same(self.ev, it.value, definition.value))
        })
    }

    /// A path in which elements of lists have the names that nixpkgs gives them instead of numbers, behind the first `names`
    /// names. Where a list is not what its definitions have together, the number stays.
    pub(super) fn with_elements(&self, path: &[Sym], names: usize) -> Res<Vec<Sym>> {
        let ev = self.ev;
        let mut named = path.to_vec();
        for (i, name) in path.iter().enumerate().skip(names) {
            let Some(number) = number(ev.mem.heap.name(*name)) else {
                continue;
            };
            let list = match self.value(&path[..i]).and_then(|slot| ev.force(slot)) {
                Ok(list) if list.is_list() => list,
                _ => continue,
            };
            let elements = given(ev, &self.definitions(&path[..i])?.all);
            if elements.len() == list.list_len()
                && let Some((definition, entry)) = elements.get(number)
            {
                let name = format!("[definition {}-entry {}]", definition + 1, entry + 1);
                named[i] = ev.mem.heap.intern(name.as_bytes())?;
            }
        }
        Ok(named)
    }
}

/// The number that a name is.
fn number(name: &[u8]) -> Option<usize> {
    std::str::from_utf8(name).ok()?.parse().ok()
}
