//! The result of a check as Markdown: the summary of a step in GitHub's workflows.

use super::case::State;
use super::report::CheckReport;
use crate::report::{code, cut};

/// GitHub accepts more from a step; other tools do not.
const MOST: usize = 60_000;
/// Columns of a value.
const WIDTH: usize = 200;
/// The most fixtures that are named for a change.
const LISTED: usize = 10;

/// The result of a check as Markdown, in at most some 60,000 bytes: a line for each change, with the fixtures that have it, and
/// for each thing that is not as expected.
pub fn check_markdown(report: &CheckReport) -> String {
    let counts: Vec<String> = report.counts().iter().map(|(count, word)| format!("{count} {word}")).collect();
    let mut text = format!("### nival check: {}\n\n", counts.join(", "));
    let mut left_out = 0;
    for line in lines(report) {
        match text.len() + line.len() <= MOST && left_out == 0 {
            true => text.push_str(&line),
            false => left_out += 1,
        }
    }
    if left_out > 0 {
        text.push_str(&format!("\n_{left_out} more did not fit here._\n"));
    }
    text
}

fn lines(report: &CheckReport) -> Vec<String> {
    let mut lines = Vec::new();
    for case in &report.cases {
        for problem in &case.problems {
            lines.push(format!("- {}: {}\n", code(&case.name), on_one_line(problem)));
        }
        if case.state == State::New {
            lines.push(format!("- {}: the fixture has no snapshot\n", code(&case.name)));
        }
    }
    let value = |value: &Option<String>| value.as_deref().map_or_else(|| "nothing".to_owned(), on_one_line);
    for shared in report.shared_changes() {
        let change = shared.change;
        let places: Vec<String> = shared.places.iter().map(|place| code(place)).collect();
        let places =
            if places.is_empty() { String::new() } else { format!(", set at {}", places.join(", ")) };
        let mut names: Vec<String> = shared.fixtures.iter().take(LISTED).map(|name| code(name)).collect();
        if let Some(more) = shared.fixtures.len().checked_sub(LISTED).filter(|more| *more > 0) {
            names.push(format!("{more} more"));
        }
        let causes = report.shared_causes(&shared);
        let causes: Vec<String> = causes.iter().map(|cause| code(&cause.place.to_string())).collect();
        let places = if causes.is_empty() { places } else { format!(", changed by {}", causes.join(", ")) };
        let (old, new) = (value(&change.old), value(&change.new));
        let share = format!("{}/{}: {}", shared.fixtures.len(), report.compared(), names.join(", "));
        lines.push(format!("- {} from {old} to {new}{places} ({share})\n", code(&change.name)));
    }
    for path in report.unreferenced.iter().filter(|_| !report.removed_unreferenced) {
        lines.push(format!("- {}: no fixture has this snapshot\n", code(path)));
    }
    lines
}

fn on_one_line(text: &str) -> String {
    code(&cut(&text.split_whitespace().collect::<Vec<_>>().join(" "), WIDTH))
}
