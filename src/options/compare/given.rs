//! What differs in the definitions of values that are the same: other files give them, or with other priorities or orders.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashSet;

use super::difference::Difference;
use super::facts::Fact;
use super::kind::ChangeKind;
use super::parts::Part;
use crate::options::{Outcome, Plain};

/// The parts of an option's value that are the same, but by other definitions: of parts inside each other the outermost
/// ones. `values` are the differences in the option's value. `own` are the files that are compared with each other.
pub fn differences(old: &Fact, new: &Fact, own: [Option<&str>; 2], values: &[Difference]) -> Vec<Difference> {
    let wholes = [old, new].map(whole);
    let [before, after] = &wholes;
    let sides =
        [Side { parts: &old.parts, ..Side::of(before) }, Side { parts: &new.parts, ..Side::of(after) }];
    let differing: HashSet<&[String]> = values.iter().map(|value| &value.loc[..]).collect();
    let around = differing.iter().flat_map(|loc| (0..=loc.len()).map(|names| &loc[..names])).collect();
    let mut walk =
        Walk { own, differing, around, facts: [old, new], path: old.about.loc.clone(), found: Vec::new() };
    walk.part(sides);
    walk.found
}

/// The definitions of the whole value.
fn whole(fact: &Fact) -> Part {
    let mut whole = Part::default();
    let counts = fact.about.definitions.iter().filter(|it| it.outcome == Outcome::Wins && !it.is_default);
    for definition in counts {
        whole.priority = Some(definition.priority);
        whole.given.push((definition.file.as_str().into(), definition.order));
    }
    whole
}

/// A part on one side.
#[derive(Clone, Copy, Default)]
struct Side<'a> {
    priority: Option<i64>,
    given: &'a [(Arc<str>, i64)],
    parts: &'a [(String, Part)],
}

impl Side<'_> {
    fn of(part: &Part) -> Side<'_> {
        Side { priority: part.priority, given: &part.given, parts: &part.parts }
    }
}

struct Walk<'a> {
    own: [Option<&'a str>; 2],
    /// The paths at which values differ.
    differing: HashSet<&'a [String]>,
    /// The paths at and above these.
    around: HashSet<&'a [String]>,
    facts: [&'a Fact; 2],
    path: Vec<String>,
    found: Vec<Difference>,
}

impl Walk<'_> {
    /// Compares a part.
    fn part(&mut self, sides: [Side<'_>; 2]) {
        if self.differing.contains(&self.path[..]) {
            return;
        }
        let [old, new] = sides;
        let is_same = old.priority == new.priority && self.given(0, old) == self.given(1, new);
        // Where the value is another one, the definitions may be other ones because of that.
        if !is_same && !self.around.contains(&self.path[..]) {
            return self.differs();
        }
        let mut both: BTreeMap<&str, [Side<'_>; 2]> = BTreeMap::new();
        for (number, side) in sides.iter().enumerate() {
            for (name, part) in side.parts {
                both.entry(name).or_default()[number] = Side::of(part);
            }
        }
        for (name, sides) in both {
            self.path.push(name.to_owned());
            self.part(sides);
            self.path.pop();
        }
    }

    fn differs(&mut self) {
        let value = |fact: &Fact| {
            let names = &self.path[fact.about.loc.len()..];
            names.iter().try_fold(&fact.about.value, |value, name| inside(value, name)).cloned()
        };
        let [old, new] = self.facts.map(value);
        self.found.push(Difference::of(&self.path, ChangeKind::Definitions, old, new));
    }

    /// The files and orders of definitions, but for the configuration's own file.
    fn given<'p>(&self, side: usize, part: Side<'p>) -> Vec<(Option<&'p str>, i64)> {
        let own = self.own[side];
        part.given.iter().map(|(file, order)| ((own != Some(&**file)).then_some(&**file), *order)).collect()
    }
}

/// The part of a value with a name or number.
fn inside<'p>(value: &'p Plain, name: &str) -> Option<&'p Plain> {
    match value {
        Plain::Set(entries) => entries.iter().find(|(own, _)| own == name).map(|(_, value)| value),
        Plain::List(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}
