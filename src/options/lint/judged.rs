//! An option that rules look at.

use super::draft::Draft;
use super::same::is_same;
use crate::options::about::{DefinitionInfo, OptionInfo, Outcome, Place, override_text};
use crate::options::opened::{Definitions, Opened};
use crate::value::slot;

/// An option that rules look at.
pub struct Judged<'a, 'e> {
    /// The configuration.
    pub opened: &'a Opened<'e>,
    /// What there is to say about the option; of values, only their [outline](crate::options::Bounds::OUTLINE).
    pub about: &'a OptionInfo,
    /// Its definitions.
    pub found: &'a Definitions,
    /// Whether findings in a file are wanted.
    pub is_own: &'a dyn Fn(&str) -> bool,
}

/// A definition of the option, or of an attribute of its value.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The number of the definition.
    pub number: usize,
    /// Where it is.
    pub place: &'a Place,
    /// What becomes of it.
    pub outcome: &'a Outcome,
    /// Its priority.
    pub priority: i64,
}

impl<'a> Judged<'a, '_> {
    /// The definitions that may be judged, with their numbers: not the option's default.
    pub fn own(&self) -> impl Iterator<Item = (usize, &'a DefinitionInfo)> {
        let definitions = self.about.definitions.iter().enumerate();
        definitions.filter(|(_, definition)| !definition.is_default && self.judges(&definition.place))
    }

    /// Whether findings at a place are wanted.
    pub fn judges(&self, place: &Place) -> bool {
        (self.is_own)(&place.file)
    }

    /// The definitions that compete with each other: those of the option, and those of each attribute of its value.
    pub fn competitions(&self) -> Vec<(Option<&'a str>, Vec<Entry<'a>>)> {
        let whole = self.about.definitions.iter().enumerate().filter(|(_, d)| !d.is_default);
        let entry = |(number, d): (usize, &'a DefinitionInfo)| Entry {
            number,
            place: &d.place,
            outcome: &d.outcome,
            priority: d.priority,
        };
        let mut all: Vec<(Option<&str>, Vec<Entry<'_>>)> = vec![(None, whole.map(entry).collect())];
        for (number, definition) in self.about.definitions.iter().enumerate().filter(|(_, d)| !d.is_default) {
            for item in &definition.items {
                let Some(name) = item.name.as_deref() else {
                    continue;
                };
                let (place, outcome, priority) = (&item.place, &item.outcome, item.priority);
                let entry = Entry { number, place, outcome, priority };
                match all.iter_mut().find(|(known, _)| *known == Some(name)) {
                    Some((_, entries)) => entries.push(entry),
                    None => all.push((Some(name), vec![entry])),
                }
            }
        }
        all
    }

    /// Whether two definitions give the same value, by their numbers.
    pub fn agree(&self, a: usize, b: usize) -> bool {
        let [a, b] = [a, b].map(|number| slot(self.found.all[number].value));
        is_same(self.opened.ev, &a, &b)
    }

    /// A finding about an entry.
    pub fn draft(&self, entry: &Entry<'_>, message: String) -> Draft {
        Draft { definition: entry.number, place: entry.place.clone(), message, related: Vec::new() }
    }
}

/// The function that gives a definition its priority.
pub fn function(priority: i64) -> String {
    override_text(priority)
}
