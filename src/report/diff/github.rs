//! Differences as annotations of GitHub's workflows: at most ten, at the causes of the most severe changes.

use super::words::{count, how, subject, what};
use crate::options::Place;
use crate::options::compare::{ChangeKind, Comparison, Group};
use crate::report::workflow::annotation;

/// GitHub shows ten annotations of a step.
const MOST: usize = 10;
/// Changes in an annotation.
const CHANGES: usize = 5;

/// The path of a file in the repository, if it is there.
type InRepository<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The differences as workflow commands. Causes outside of the repository have no annotation.
pub fn diff_github(comparison: &Comparison, file: InRepository<'_>) -> String {
    let groups = comparison.groups();
    let commands = groups.iter().filter_map(|group| of_group(comparison, group, file));
    commands.take(MOST).collect()
}

/// The annotation for a group of changes.
fn of_group(comparison: &Comparison, group: &Group, file: InRepository<'_>) -> Option<String> {
    let mut causes = group.causes.iter();
    let (cause, path) = causes.find_map(|cause| Some((cause, file(&cause.place.file)?)))?;
    let changes = || group.direct.iter().chain(&group.following).map(|number| &comparison.changes[*number]);
    let is_shown = |kind: ChangeKind| {
        !matches!(kind, ChangeKind::Definitions | ChangeKind::Hash | ChangeKind::Description)
    };
    let shown = || changes().filter(|change| is_shown(change.difference.kind));
    let worst = shown().map(|change| change.difference.kind).min()?;
    let is_bad = matches!(worst, ChangeKind::Error)
        || shown()
            .any(|change| change.difference.kind == ChangeKind::Assertion && change.difference.new.is_some());
    let level = if is_bad { "error" } else { "notice" };
    let number = shown().count();
    let lines = shown().take(CHANGES).map(|change| format!("{} {}", subject(change), how(change)));
    let mut text: Vec<String> = lines.collect();
    if number > CHANGES {
        text.push(format!("… {}", count(number - CHANGES, "more", "more")));
    }
    let at = cause.place.at.filter(|_| !cause.is_gone);
    let place = Place { file: path, at }.to_string();
    let title = format!("{}: {}", what(cause), count(number, "change", "changes"));
    Some(annotation(level, Some(&place), &title, &text.join("\n")))
}
