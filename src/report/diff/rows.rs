//! Changes that are told in the same words, as one row.

use std::collections::BTreeMap;

use super::words::{count, how, how_together, mark, subject};
use crate::options::compare::Change;

/// As many changes with the same words are one row.
const SAME: usize = 4;
/// As many of their options are named.
const NAMED: usize = 3;

/// Changes that differ in their options only.
pub struct Row<'a> {
    /// The changes, at least one.
    pub changes: Vec<&'a Change>,
    /// What marks them.
    pub mark: char,
    /// How the options changed.
    pub how: String,
}

/// The changes as rows, in the order of their first options.
pub fn rows<'a>(changes: &[&'a Change]) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut numbers = BTreeMap::new();
    for &change in changes {
        let (mark, how) = (mark(change), how_together(change));
        let number = *numbers.entry((mark, how.clone(), &change.fixtures)).or_insert(rows.len());
        match rows.get_mut(number) {
            Some(row) => row.changes.push(change),
            None => rows.push(Row { changes: vec![change], mark, how }),
        }
    }
    let apart = |row: Row<'a>| -> Vec<Row<'a>> {
        match row.changes.len() < SAME {
            true => row.changes.into_iter().map(Row::of).collect(),
            false => vec![row],
        }
    };
    rows.into_iter().flat_map(apart).collect()
}

impl<'a> Row<'a> {
    /// A change on its own.
    pub fn of(change: &'a Change) -> Row<'a> {
        Row { changes: vec![change], mark: mark(change), how: how(change) }
    }

    /// The names of the options, each written with `name`.
    pub fn subject(&self, name: &dyn Fn(&str) -> String) -> String {
        let shown: Vec<String> =
            self.changes.iter().take(NAMED).map(|change| name(subject(change))).collect();
        match self.changes.len().checked_sub(NAMED) {
            Some(more) if more > 0 => format!("{} and {}:", shown.join(", "), count(more, "more", "more")),
            _ => shown.join(", "),
        }
    }

    /// In how many fixtures they are: all are in the same ones.
    pub fn fixtures(&self) -> usize {
        self.changes.first().map_or(0, |change| change.fixtures.len())
    }
}
