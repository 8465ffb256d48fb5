//! `--base REV`: which fixtures need not be evaluated, and why.

use std::collections::BTreeSet;

use super::case::{Case, Checked, State};
use super::fixtures::Fixture;
use super::reach::{Answers, Reach, Reads};
use super::suite_file::Suite;
use crate::host::Host;

/// A revision that the working directory is compared with.
pub struct Base<'a> {
    /// Its name.
    pub revision: &'a str,
    /// The files that have changed since, without links in their paths.
    pub changed: BTreeSet<Vec<u8>>,
    /// The files of today.
    pub host: &'a dyn Host,
}

impl Base<'_> {
    /// Why a fixture need not be evaluated; `None` if it must be.
    pub fn unchanged(
        &self,
        suite: &Suite,
        fixture: &Fixture,
        reach: &Reach,
        answers: &mut Answers<'_>,
    ) -> Option<String> {
        let Reads { lines, hash } = reach.of(&fixture.name)?;
        if answers.hash(lines, &suite.snapshot_file(&fixture.name)) != *hash {
            return None;
        }
        let changed = lines.iter().find(|line| self.has_changed(answers.path(line)));
        Some(match changed {
            None => format!("nothing that it reads has changed since {}", self.revision),
            Some(file) => format!(
                "it was checked before with exactly these files; {file} has changed since {}",
                self.revision
            ),
        })
    }

    fn has_changed(&self, path: Option<Vec<u8>>) -> bool {
        let is_changed = |path: Vec<u8>| self.changed.contains(&self.host.resolve(&path).unwrap_or(path));
        !self.changed.is_empty() && path.is_some_and(is_changed)
    }
}

/// The verdict on a fixture that is not evaluated.
pub fn skipped(fixture: &Fixture, why: String) -> Checked {
    Checked { cases: vec![Case::new(&fixture.name, State::Skipped(why))], ..Checked::default() }
}

/// Records what the evaluated fixtures read: those on which the verdict is good. Of the others nothing is recorded.
pub fn record(
    reach: &mut Reach,
    suite: &Suite,
    fixtures: &[Fixture],
    checked: &[Checked],
    answers: &mut Answers<'_>,
) {
    for (fixture, Checked { cases, reads, .. }) in fixtures.iter().zip(checked) {
        let is = |wanted: fn(&State) -> bool| cases.iter().all(|case| wanted(&case.state));
        if is(|state| matches!(state, State::Skipped(_))) {
            continue;
        }
        if reads.is_empty() || !is(|state| matches!(state, State::Same | State::Passed | State::Written)) {
            reach.forget(&fixture.name);
            continue;
        }
        let lines = reads.iter().cloned().collect();
        let hash = answers.hash(&lines, &suite.snapshot_file(&fixture.name));
        reach.record(&fixture.name, Reads { lines, hash });
    }
}
