//! An option that rules look at.

use super::draft::Draft;
use crate::options::about::{About, AboutDefinition, Outcome, Place, override_text};
use crate::options::opened::{Definitions, Opened};
use crate::options::plain::Plain;
use crate::value::Value;

/// An option that rules look at.
pub struct Judged<'a, 'e> {
    /// The configuration.
    pub opened: &'a Opened<'e>,
    /// What there is to say about the option.
    pub about: &'a About,
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
    pub fn own(&self) -> impl Iterator<Item = (usize, &'a AboutDefinition)> {
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
        let entry = |(number, d): (usize, &'a AboutDefinition)| Entry {
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

    /// Whether two values, of which these are the contents, are the same. Derivations are compared as Nix compares them.
    pub fn is_same(&self, a: (&Plain, Value), b: (&Plain, Value)) -> bool {
        is_certain(a.0)
            && a.0 == b.0
            && (!has_derivation(a.0)
                || self.opened.ev.equal_values(a.1, b.1, crate::source::Pos::NONE).unwrap_or(false))
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

/// Whether all of a value is known.
pub fn is_certain(value: &Plain) -> bool {
    match value {
        Plain::Function | Plain::Opaque(_) | Plain::Cut | Plain::Failed(_) | Plain::Property(..) => false,
        Plain::List(items) => items.iter().all(is_certain),
        Plain::Set(entries) => entries.iter().all(|(_, value)| is_certain(value)),
        _ => true,
    }
}

fn has_derivation(value: &Plain) -> bool {
    match value {
        Plain::Derivation(_) => true,
        Plain::List(items) => items.iter().any(has_derivation),
        Plain::Set(entries) => entries.iter().any(|(_, value)| has_derivation(value)),
        _ => false,
    }
}
