//! The result of a check as annotations of GitHub's workflows.

use std::collections::BTreeMap;

use super::case::State;
use super::report::CheckReport;
use crate::options::Place;
use crate::options::compare::Cause;
use crate::report::{annotation, cut, what_changed};

/// GitHub shows no more annotations of a step.
const MOST: usize = 10;
/// Columns of a value.
const WIDTH: usize = 200;
/// The most changes that are listed in an annotation.
const LISTED: usize = 5;

/// The result of a check as workflow commands: an annotation for each text that was changed, with what differs because of it;
/// for each other change, at the place that it comes from; and for each fixture that fails; then the counts. `file` gives the
/// path of a file in the repository.
pub fn check_github(report: &CheckReport, file: &dyn Fn(&str) -> Option<String>) -> String {
    let mut all = Vec::new();
    for case in report.cases.iter().filter(|case| case.state.is_bad()) {
        for problem in &case.problems {
            all.push(annotation("error", None, &case.name, problem));
        }
        if case.state == State::New {
            all.push(annotation("error", None, &case.name, "the fixture has no snapshot"));
        }
    }
    let mut by_cause: BTreeMap<&Cause, Vec<(&str, String)>> = BTreeMap::new();
    let mut others = Vec::new();
    for shared in report.shared_changes() {
        let change = shared.change;
        let value = |value: &Option<String>| {
            value.as_ref().map_or_else(|| "nothing".to_owned(), |value| cut(value, WIDTH))
        };
        let message =
            format!("{} -> {}\nin {}", value(&change.old), value(&change.new), shared.fixtures.join(", "));
        let causes = report.shared_causes(&shared);
        if let Some(cause) = causes.into_iter().find(|cause| file(&cause.place.file).is_some()) {
            by_cause.entry(cause).or_default().push((&change.name, message));
            continue;
        }
        let place = shared.places.iter().find_map(|place| place.strip_prefix("./"));
        let place = place.map(|place| format!("{}{place}", report.folder));
        others.push(annotation("error", place.as_deref(), &change.name, &message));
    }
    all.extend(by_cause.into_iter().map(|(cause, changes)| of_cause(cause, &changes, file)));
    all.extend(others);
    let more = all.len().saturating_sub(MOST);
    let mut text: String = all.into_iter().take(MOST).collect();
    if more > 0 {
        text.push_str(&annotation("notice", None, "nival check", &format!("{more} more are in the log")));
    }
    let counts: Vec<String> = report.counts().iter().map(|(count, word)| format!("{count} {word}")).collect();
    text.push_str(&format!("{}\n", counts.join(", ")));
    text
}

/// An annotation at a changed text, with the options that differ because of it.
fn of_cause(cause: &Cause, changes: &[(&str, String)], file: &dyn Fn(&str) -> Option<String>) -> String {
    // What is gone has no place in the new file.
    let at = cause.place.at.filter(|_| !cause.is_gone);
    let place = file(&cause.place.file).map(|file| Place { file, at }.to_string());
    let (title, text) = match changes {
        [(name, message)] => ((*name).to_owned(), message.clone()),
        several => {
            let mut lines: Vec<String> =
                several.iter().take(LISTED).map(|(name, message)| format!("{name}: {message}")).collect();
            if let Some(more) = several.len().checked_sub(LISTED).filter(|more| *more > 0) {
                lines.push(format!("and {more} more options"));
            }
            (format!("{} options", several.len()), lines.join("\n"))
        }
    };
    annotation("error", place.as_deref(), &title, &format!("{}\n{text}", what_changed(cause)))
}
