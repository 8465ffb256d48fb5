//! The result of a check, and what it has in all formats.

use std::collections::{BTreeMap, BTreeSet};

use super::case::{Case, State};
use super::snapshot::Change;
use crate::options::attr_path;
use crate::options::compare::{Cause, Change as Differing, Comparison, is_below};

/// The result of a check.
#[derive(Debug)]
pub struct CheckReport {
    /// The suite's file or folder, as it is shown.
    pub suite: String,
    /// The suite's folder, relative to the current one, with a slash at its end; empty if it is the current one.
    pub folder: String,
    /// The verdicts.
    pub cases: Vec<Case>,
    /// Snapshots that no fixture has, as they are shown, and what has become of them.
    pub unreferenced: Vec<String>,
    /// Whether the check fails because of those.
    pub rejects_unreferenced: bool,
    /// Whether those have been removed.
    pub removed_unreferenced: bool,
    /// What differs since a revision in the options that differ from the snapshots.
    pub causes: Option<Comparison>,
    /// The path of the suite's nixpkgs, if that is below the current folder.
    pub nixpkgs: Option<String>,
}

/// The same change in one or several fixtures.
#[derive(Debug)]
pub struct SharedChange<'a> {
    /// The change.
    pub change: &'a Change,
    /// The names of the fixtures.
    pub fixtures: Vec<&'a str>,
    /// Where the option is set.
    pub places: Vec<&'a str>,
}

impl CheckReport {
    /// Whether anything is not as it should be.
    pub fn is_bad(&self) -> bool {
        self.cases.iter().any(|case| case.state.is_bad())
            || self.rejects_unreferenced && !self.unreferenced.is_empty()
    }

    /// How many fixtures were compared with a snapshot.
    pub fn compared(&self) -> usize {
        let is_compared =
            |case: &&Case| !matches!(case.state, State::Skipped(_) | State::New | State::Passed);
        self.cases.iter().filter(is_compared).count()
    }

    /// The changes of all cases whose snapshots differ: those that several fixtures share once. First those that the most
    /// fixtures have, then by name.
    pub fn shared_changes(&self) -> Vec<SharedChange<'_>> {
        let mut all: BTreeMap<&Change, SharedChange<'_>> = BTreeMap::new();
        for case in self.cases.iter().filter(|case| case.state != State::Written) {
            for change in &case.changes {
                let new = || SharedChange { change, fixtures: Vec::new(), places: Vec::new() };
                let shared = all.entry(change).or_insert_with(new);
                shared.fixtures.push(&case.name);
                for place in case.places.get(&change.name).into_iter().flatten() {
                    if !shared.places.contains(&place.as_str()) {
                        shared.places.push(place);
                    }
                }
            }
        }
        let mut all: Vec<_> = all.into_values().collect();
        all.sort_by_key(|shared| std::cmp::Reverse(shared.fixtures.len()));
        all
    }

    /// Whether a change is among the differences since a revision, in all fixtures.
    pub fn is_explained(&self, shared: &SharedChange<'_>) -> bool {
        shared.fixtures.iter().all(|fixture| !self.differences(fixture, shared.change).is_empty())
    }

    /// The changed texts that make an option of a fixture differ from its snapshot, as far as they are known.
    pub fn causes_of(&self, fixture: &str, change: &Change) -> BTreeSet<&Cause> {
        self.differences(fixture, change).into_iter().flat_map(|it| &it.causes).collect()
    }

    /// The changed texts that make an option differ from the snapshots of all fixtures that share the change.
    pub fn shared_causes(&self, shared: &SharedChange<'_>) -> BTreeSet<&Cause> {
        shared.fixtures.iter().flat_map(|fixture| self.causes_of(fixture, shared.change)).collect()
    }

    /// What differs since a revision in an option of a fixture that differs from its snapshot.
    fn differences(&self, fixture: &str, change: &Change) -> Vec<&Differing> {
        let (Some(comparison), Ok(path)) = (&self.causes, attr_path::split(change.name.as_bytes())) else {
            return Vec::new();
        };
        let Some(number) = comparison.fixtures.iter().position(|known| known == fixture) else {
            return Vec::new();
        };
        let is_it = |it: &&Differing| it.fixtures.contains(&number) && is_below(&it.difference.loc, &path);
        comparison.changes.iter().filter(is_it).collect()
    }

    /// How many cases have each verdict, in the order in which people want to know.
    pub fn counts(&self) -> Vec<(usize, &'static str)> {
        let order = ["failed", "changed", "new", "written", "skipped", "passed", "same"];
        let count =
            |word: &'static str| (self.cases.iter().filter(|case| case.state.word() == word).count(), word);
        order.into_iter().map(count).filter(|(count, _)| *count > 0).collect()
    }
}
