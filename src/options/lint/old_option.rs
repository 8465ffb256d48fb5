//! A definition of an option that was renamed or removed.

use super::draft::Draft;
use super::judged::Judged;
use super::rule::{Level, Rule};
use crate::options::about::{Moved, Outcome};

pub static RULE: Rule = Rule {
    name: "old-option",
    level: Level::Warn,
    summary: "A definition is for an option that was renamed or removed.",
    judge,
};

fn judge(option: &Judged<'_, '_>, found: &mut Vec<Draft>) {
    let message = match &option.about.moved {
        Some(Moved::To(to)) => format!("this option was renamed to {}", to.join(", ")),
        Some(Moved::Removed(reason)) => format!("this option was removed: {reason}"),
        Some(Moved::Alias(_)) | None => return,
    };
    for (number, definition) in option.own().filter(|(_, d)| !matches!(d.outcome, Outcome::Off(_))) {
        let (place, message) = (definition.place.clone(), message.trim_end_matches(": ").to_owned());
        found.push(Draft { definition: number, place, message, related: Vec::new() });
    }
}
