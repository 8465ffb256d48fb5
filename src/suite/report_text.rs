//! The result of a check for people.

use super::case::{Case, State};
use super::report::{CheckReport, SharedChange};
use super::snapshot::Change;
use crate::report::{DiffDetail, Palette, cut, diff_text};

/// The most names of fixtures that are listed.
const LISTED: usize = 4;
/// Columns of a value.
const WIDTH: usize = 160;

/// The result of a check as text.
pub fn check_text(report: &CheckReport, colour: bool) -> String {
    let palette = Palette::new(colour);
    let mut text = String::new();
    if let Some(causes) = report.causes.as_ref().filter(|causes| !causes.changes.is_empty()) {
        text.push_str(&diff_text(causes, DiffDetail { all: false, colour }));
        text.push('\n');
    }
    let changes: Vec<_> =
        report.shared_changes().into_iter().filter(|shared| !report.is_explained(shared)).collect();
    for (places, changes) in by_places(&changes) {
        text.push_str(&places_text(places, &changes, report.compared(), palette));
    }
    for case in &report.cases {
        text.push_str(&case_text(case, palette));
    }
    for path in &report.unreferenced {
        let what = if report.removed_unreferenced { "removed" } else { "no fixture has this snapshot" };
        text.push_str(&format!("{} {path}: {what}\n", palette.faint("unreferenced")));
    }
    let counts = report.counts();
    let counts = counts.iter().map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>();
    text.push_str(&format!("{}\n", counts.join(", ")));
    let undecided = report.cases.iter().any(|case| matches!(case.state, State::Changed | State::New));
    if undecided {
        text.push_str("nival check --accept writes the new snapshots; nival check --review asks for each\n");
    }
    text
}

/// A case that somebody decides about: what differs from the snapshot.
pub fn review_text(case: &Case, colour: bool) -> String {
    const LINES: usize = 20;
    let palette = Palette::new(colour);
    let mut text = case_text(case, palette);
    for change in &case.changes {
        text.push_str(&format!("{}\n{}", palette.strong(&change.name), values_text(change, "  ", palette)));
        for place in case.places.get(&change.name).into_iter().flatten() {
            text.push_str(&format!("    {}\n", palette.faint(place)));
        }
    }
    if let (State::New, Some(lines)) = (&case.state, &case.lines) {
        for (name, value) in lines.iter().take(LINES) {
            text.push_str(&palette.good(&format!("  + {}\n", cut(&format!("{name} = {value}"), WIDTH))));
        }
        if let Some(more) = lines.len().checked_sub(LINES).filter(|more| *more > 0) {
            text.push_str(&format!("  and {more} more\n"));
        }
    }
    text
}

/// Changes of options that are set at the same places.
type AtPlaces<'c> = (&'c [&'c str], Vec<&'c SharedChange<'c>>);

/// The changes by the places that make them.
fn by_places<'c>(changes: &'c [SharedChange<'c>]) -> Vec<AtPlaces<'c>> {
    let mut groups: Vec<AtPlaces<'c>> = Vec::new();
    for shared in changes {
        match groups.iter_mut().find(|(places, _)| *places == shared.places) {
            Some((_, changes)) => changes.push(shared),
            None => groups.push((shared.places.as_slice(), vec![shared])),
        }
    }
    groups
}

/// The changes that some places make, each with the fixtures that have it.
fn places_text(places: &[&str], changes: &[&SharedChange<'_>], of: usize, palette: Palette) -> String {
    let mut text: String = places.iter().map(|place| format!("{place}\n")).collect();
    if places.is_empty() {
        text.push_str("not set any more\n");
    }
    for SharedChange { change, fixtures, .. } in changes {
        let fixtures = match &fixtures[..] {
            [only] if of == 1 => (*only).to_owned(),
            names => format!("{}/{of}: {}", names.len(), listed(names)),
        };
        text.push_str(&format!("  {}  {}\n", palette.strong(&change.name), palette.faint(&fixtures)));
        text.push_str(&values_text(change, "    ", palette));
    }
    text.push('\n');
    text
}

/// The old and the new value.
fn values_text(change: &Change, indent: &str, palette: Palette) -> String {
    let around = common(change);
    let line = |mark: &str, value: &str| format!("{indent}{mark} {}\n", windowed(value, around));
    let old = change.old.as_ref().map(|value| palette.bad(&line("-", value)));
    let new = change.new.as_ref().map(|value| palette.good(&line("+", value)));
    old.into_iter().chain(new).collect()
}

/// How many characters at the beginning of both values are the same.
fn common(change: &Change) -> usize {
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => old.chars().zip(new.chars()).take_while(|(a, b)| a == b).count(),
        _ => 0,
    }
}

/// A value, cut to the part where the difference begins if it is long.
fn windowed(value: &str, common: usize) -> String {
    const BEFORE: usize = 40;
    let skipped = if value.chars().count() > WIDTH { common.saturating_sub(BEFORE) } else { 0 };
    match skipped {
        0 => cut(value, WIDTH),
        _ => format!("…{}", cut(&value.chars().skip(skipped).collect::<String>(), WIDTH - 1)),
    }
}

fn listed(names: &[&str]) -> String {
    match names.len() > LISTED {
        true => format!("{}, …", names[..LISTED].join(", ")),
        false => names.join(", "),
    }
}

/// A case, unless all is as it should be.
fn case_text(case: &Case, palette: Palette) -> String {
    let mut text = String::new();
    let mut line = |word: &str, rest: &str| text.push_str(&format!("{word} {}{rest}\n", case.name));
    match &case.state {
        State::Same | State::Passed => {}
        State::New => line(&palette.bad("new"), ": it has no snapshot"),
        State::Changed => line(&palette.bad("changed"), &number(case.changes.len())),
        State::Failed => line(&palette.bad("failed"), ""),
        State::Written => line(&palette.good("written"), &number(case.changes.len())),
        State::Skipped(why) => line(&palette.faint("skipped"), &format!(": {why}")),
    }
    for message in &case.messages {
        text.push_str(&format!("  {}\n", indented(message)));
    }
    if let Some(line) = case.damaged.filter(|_| case.state == State::Changed) {
        text.push_str(&format!("  line {line} of its snapshot is not NAME = VALUE\n"));
    }
    for problem in &case.problems {
        text.push_str(&format!("  {}\n", indented(problem)));
    }
    text
}

fn number(changes: usize) -> String {
    match changes {
        0 => String::new(),
        1 => ": 1 difference".to_owned(),
        more => format!(": {more} differences"),
    }
}

/// A message with its further lines indented.
fn indented(text: &str) -> String {
    text.lines().collect::<Vec<_>>().join("\n  ")
}
