//! What users ask about the option at a path, and what they hear if there is none.

use hashbrown::HashSet;

use super::about::OptionInfo;
use super::opened::Opened;
use super::plain::{Bounds, Plain};
use super::tree::{Found, Item};
use crate::eval::{Error, Res, best_matches};
use crate::heap::Sym;

impl Opened<'_> {
    /// Everything about what is at a path: an option, a part of an option's value, or a value that no option declares. If
    /// reads are tracked, the definitions say what they were computed from.
    ///
    /// # Errors
    /// When nothing or a set of options is there, and errors in the declarations and definitions on the way.
    pub fn tell(&self, path: &[Sym]) -> Res<OptionInfo> {
        match self.find(path) {
            Found::Failed { error, .. } => {
                Ok(self.in_full(path).unwrap_or_else(|_| self.failed(path, &error)))
            }
            Found::Set(_) => Err(Error::eval(format!("'{}' is a set of options", self.show(path)))),
            Found::Option { names, .. } => {
                let about = self.in_full(path)?;
                if names < path.len()
                    && let Plain::Failed(_) = about.value
                    && about.definitions.is_empty()
                {
                    // There is no such part of the value, and nothing defines it: the error of the lookup says so.
                    self.value(path).and_then(|slot| self.ev.force(slot))?;
                }
                Ok(about)
            }
            Found::Missing { names, near } => {
                let Ok(slot) = self.value(path) else {
                    return Err(self.missing(path, names, near));
                };
                self.ev.force(slot)?;
                self.in_full(path)
            }
        }
    }

    /// An option with the origins of its definitions, and what they were computed from if reads are tracked.
    fn in_full(&self, path: &[Sym]) -> Res<OptionInfo> {
        let found = self.definitions(path)?;
        let mut about = self.about(path, &found, Bounds::FULL);
        self.add_origins(&mut about, path, &found, Bounds::FULL);
        self.add_reads(&mut about, path, &found);
        Ok(about)
    }

    /// Checks that an option, a set of options, a part of a value or an undeclared value is at a path.
    ///
    /// # Errors
    /// When nothing is there, and errors in the declarations on the way.
    pub fn expect(&self, path: &[Sym]) -> Res<()> {
        match self.find(path) {
            Found::Set(_) | Found::Failed { .. } => Ok(()),
            Found::Option { names, .. } if names == path.len() => Ok(()),
            Found::Option { .. } => self.value(path).map(|_| ()),
            Found::Missing { .. } if self.value(path).is_ok() => Ok(()),
            Found::Missing { names, near } => Err(self.missing(path, names, near)),
        }
    }

    /// The error for a path that leads nowhere, with options that may have been meant. Its first `names` names exist, and
    /// `near` are names that look like the next one.
    pub fn missing(&self, path: &[Sym], names: usize, near: Vec<String>) -> Error {
        let shown = self.show(path);
        let mut suggestions: Vec<String> = near
            .iter()
            .map(|name| match names {
                0 => name.clone(),
                _ => format!("{}.{name}", self.show(&path[..names])),
            })
            .collect();
        if suggestions.is_empty() {
            suggestions = self.elsewhere(path);
        }
        Error::eval(format!("there is no option '{shown}'")).suggest(suggestions)
    }

    /// Options anywhere whose last name is like the path's.
    fn elsewhere(&self, path: &[Sym]) -> Vec<String> {
        const MOST: usize = 5;
        let ev = self.ev;
        let Some(last) = path.last() else {
            return Vec::new();
        };
        let mut all: Vec<(Sym, String)> = Vec::new();
        // Parts that cannot be evaluated give no suggestions.
        let _ = self.each(self.options, &[], true, &mut |at, item| {
            if let (Some(name), Item::Option(option)) = (at.last(), item)
                && self.is_visible(option)
            {
                all.push((*name, self.show(at)));
            }
            Ok(())
        });
        let names: HashSet<Sym> = all.iter().map(|(name, _)| *name).collect();
        let near =
            best_matches(names.into_iter().map(|name| ev.mem.heap.name(name)), ev.mem.heap.name(*last));
        let is_near = |name: Sym| near.iter().any(|near| near.as_bytes() == ev.mem.heap.name(name));
        all.into_iter().filter(|(name, _)| is_near(*name)).map(|(_, path)| path).take(MOST).collect()
    }
}
