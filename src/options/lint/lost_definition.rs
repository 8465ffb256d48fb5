//! A definition that loses to one with a better priority.

use super::draft::Draft;
use super::judged::{Judged, function};
use super::rule::{Level, Rule};
use crate::modules::DEFAULT_PRIORITY;
use crate::options::about::Outcome;

pub static RULE: Rule = Rule {
    name: "lost-definition",
    level: Level::Warn,
    summary: "A definition has no effect, because another one has a better priority.",
    judge,
};

/// `mkDefault` is there to lose.
fn judge(option: &Judged<'_, '_>, found: &mut Vec<Draft>) {
    for (name, entries) in option.competitions() {
        let winner = entries.iter().find(|entry| *entry.outcome == Outcome::Wins);
        for entry in entries.iter().filter(|entry| entry.priority <= DEFAULT_PRIORITY) {
            let (Outcome::Lost(to), true) = (entry.outcome, option.judges(entry.place)) else {
                continue;
            };
            let what =
                name.map_or("this definition".to_owned(), |name| format!("this definition of '{name}'"));
            let draft = option.draft(entry, format!("{what} has no effect: it loses to {}", function(*to)));
            found.push(match winner {
                Some(winner) => draft.with(winner.place, "this one counts"),
                None => draft,
            });
        }
    }
}
