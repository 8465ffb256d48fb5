//! The verdict on a fixture: what it gives against what is recorded and expected.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::outcome::{Outcome, Snapshot, TestResult};
use super::snapshot::{Change, Lines};
use super::suite_file::Expect;
use crate::host::{CopyEnd, CopyLimits};

/// The verdict on a fixture, or on one of the tests in a file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Case {
    /// The fixture's name.
    pub name: String,
    /// The verdict.
    pub state: State,
    /// How long the evaluation took.
    pub spent: Duration,
    /// Why it fails besides its snapshot.
    pub problems: Vec<String>,
    /// The options that differ from the snapshot.
    pub changes: Vec<Change>,
    /// Where these options are set, by their names.
    pub places: BTreeMap<String, Vec<String>>,
    /// The new snapshot, where it is not the recorded one.
    pub lines: Option<Lines>,
    /// The line of the recorded snapshot that cannot be read.
    pub damaged: Option<usize>,
    /// What the evaluation printed.
    pub messages: Vec<String>,
}

/// What is found out about a fixture.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Checked {
    /// The verdict; for a file with tests, one for each.
    pub cases: Vec<Case>,
    /// What its evaluation has read, if that is recorded.
    pub reads: Vec<String>,
    /// The files and folders that its evaluation has read, if that is asked for: see [`bytes_of`](crate::host::bytes_of).
    pub files: Vec<String>,
}

/// A verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// All is as expected.
    Same,
    /// A test that passes.
    Passed,
    /// There is no snapshot yet.
    New,
    /// The snapshot is another one, or what is recorded cannot be read.
    Changed,
    /// It is not as expected.
    Failed,
    /// The snapshot was new or another one, and has been written.
    Written,
    /// It was not evaluated, for this reason.
    Skipped(String),
}

impl State {
    /// A word for it.
    pub fn word(&self) -> &'static str {
        match self {
            State::Same => "same",
            State::Passed => "passed",
            State::New => "new",
            State::Changed => "changed",
            State::Failed => "failed",
            State::Written => "written",
            State::Skipped(_) => "skipped",
        }
    }

    /// Whether the check fails because of it.
    pub fn is_bad(&self) -> bool {
        matches!(self, State::New | State::Changed | State::Failed)
    }
}

impl Case {
    /// A verdict about which nothing else is known.
    pub fn new(name: &str, state: State) -> Case {
        Case {
            name: name.to_owned(),
            state,
            spent: Duration::ZERO,
            problems: Vec::new(),
            changes: Vec::new(),
            places: BTreeMap::new(),
            lines: None,
            damaged: None,
            messages: Vec::new(),
        }
    }

    /// A failure.
    fn failed(name: &str, problem: String) -> Case {
        Case { problems: vec![problem], ..Case::new(name, State::Failed) }
    }
}

/// What is found out about a fixture whose evaluation has ended.
pub fn judge(name: &str, end: CopyEnd, expect: &Expect, limits: CopyLimits, spent: Duration) -> Checked {
    let (mut reads, mut files) = (Vec::new(), Vec::new());
    let mut cases = match end {
        CopyEnd::Output(bytes) => match serde_json::from_slice::<Outcome>(&bytes) {
            Ok(mut outcome) => {
                reads = std::mem::take(&mut outcome.reads);
                files = std::mem::take(&mut outcome.files);
                judge_outcome(name, outcome, expect)
            }
            Err(e) => vec![Case::failed(name, format!("its result cannot be read: {e}"))],
        },
        end => vec![Case::failed(name, end.reason(limits))],
    };
    if let [case] = &mut cases[..] {
        case.spent = spent;
    }
    Checked { cases, reads, files }
}

fn judge_outcome(name: &str, outcome: Outcome, expect: &Expect) -> Vec<Case> {
    let problems = problems(&outcome, expect);
    let mut case = Case { problems, messages: outcome.messages, ..Case::new(name, State::Same) };
    match outcome.snapshot {
        None | Some(Snapshot::Same) => {}
        Some(Snapshot::Missing(lines)) => {
            case.state = State::New;
            case.lines = Some(lines);
        }
        Some(Snapshot::Differs { lines, changes, places }) => {
            case.state = State::Changed;
            (case.lines, case.changes, case.places) = (Some(lines), changes, places);
        }
        Some(Snapshot::Damaged { lines, line }) => {
            case.state = State::Changed;
            case.lines = Some(lines);
            case.damaged = Some(line);
        }
    }
    if !case.problems.is_empty() && case.state == State::Same {
        case.state = State::Failed;
    }
    let of_test = |test: TestResult| match test.problem {
        None => Case::new(&format!("{name}:{}", test.name), State::Passed),
        Some(problem) => Case::failed(&format!("{name}:{}", test.name), problem),
    };
    let tests: Vec<Case> = outcome.tests.into_iter().map(of_test).collect();
    match tests.is_empty() || case.state != State::Same {
        true => std::iter::once(case).chain(tests).collect(),
        false => tests,
    }
}

/// What is not as expected, besides the snapshot.
fn problems(outcome: &Outcome, expect: &Expect) -> Vec<String> {
    let mut problems = Vec::new();
    match (&expect.error, &outcome.error) {
        (None, None) => {}
        (None, Some(error)) => problems.push(format!("error: {error}")),
        (Some(expected), error) => {
            let mut all = error.iter().chain(&outcome.failures);
            if !all.any(|message| message.contains(expected.as_str())) {
                problems.push(match error {
                    Some(error) => format!("expected the error '{expected}', but this is: {error}"),
                    None => format!("expected the error '{expected}', but there is none"),
                });
            }
        }
    }
    let mut compare = |what: &str, found: &[String], expected: &[String]| {
        for message in found {
            if !expected.iter().any(|text| message.contains(text.as_str())) {
                problems.push(format!("unexpected {what}: {message}"));
            }
        }
        for text in expected {
            if !found.iter().any(|message| message.contains(text.as_str())) {
                problems.push(format!("expected the {what} '{text}', but there is none like it"));
            }
        }
    };
    compare("warning", &outcome.warnings, &expect.warnings);
    compare("failing assertion", &outcome.assertions, &expect.assertions);
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome() -> Outcome {
        Outcome {
            warnings: vec!["a is old".to_owned()],
            assertions: vec!["b must be set".to_owned()],
            failures: vec!["x is missing".to_owned()],
            ..Outcome::default()
        }
    }

    #[test]
    fn what_is_not_expected_is_a_problem() {
        let expect = Expect::default();
        assert_eq!(
            problems(&outcome(), &expect),
            ["unexpected warning: a is old", "unexpected failing assertion: b must be set"]
        );
        let expect = Expect {
            warnings: vec!["old".to_owned()],
            assertions: vec!["b must".to_owned(), "c".to_owned()],
            error: Some("x is".to_owned()),
        };
        let missing = "expected the failing assertion 'c', but there is none like it";
        assert_eq!(problems(&outcome(), &expect), [missing]);
    }

    #[test]
    fn a_copy_that_dies_fails() {
        let end = CopyEnd::Died("signal 11".to_owned());
        let Checked { cases, .. } =
            judge("a", end, &Expect::default(), CopyLimits::default(), Duration::ZERO);
        assert_eq!(cases[0].state, State::Failed);
        assert_eq!(cases[0].problems, ["the evaluation ended by signal 11"]);
    }
}
