//! The result of a check as annotations of GitHub's workflows.

use super::case::State;
use super::report::CheckReport;
use crate::report::{annotation, cut};

/// GitHub shows no more annotations of a step.
const MOST: usize = 10;
/// Columns of a value.
const WIDTH: usize = 200;

/// The result of a check as workflow commands: an annotation for each change, at the place that it comes from, and for each
/// fixture that fails; then the counts.
pub fn check_github(report: &CheckReport) -> String {
    let mut all = Vec::new();
    for case in report.cases.iter().filter(|case| case.state.is_bad()) {
        for problem in &case.problems {
            all.push(annotation("error", None, &case.name, problem));
        }
        if case.state == State::New {
            all.push(annotation("error", None, &case.name, "the fixture has no snapshot"));
        }
    }
    for shared in report.shared_changes() {
        let change = shared.change;
        let value = |value: &Option<String>| {
            value.as_ref().map_or_else(|| "nothing".to_owned(), |value| cut(value, WIDTH))
        };
        let message =
            format!("{} -> {}\nin {}", value(&change.old), value(&change.new), shared.fixtures.join(", "));
        let place = shared.places.iter().find_map(|place| place.strip_prefix("./"));
        let place = place.map(|place| format!("{}{place}", report.folder));
        all.push(annotation("error", place.as_deref(), &change.name, &message));
    }
    let more = all.len().saturating_sub(MOST);
    let mut text: String = all.into_iter().take(MOST).collect();
    if more > 0 {
        text.push_str(&annotation("notice", None, "nival check", &format!("{more} more are in the log")));
    }
    let counts: Vec<String> = report.counts().iter().map(|(count, word)| format!("{count} {word}")).collect();
    text.push_str(&format!("{}\n", counts.join(", ")));
    text
}
