//! `mkForce` where nothing has to be forced.

use super::draft::Draft;
use super::judged::{Judged, function};
use super::rule::{Level, Rule};
use crate::modules::DEFAULT_PRIORITY;
use crate::options::about::Outcome;

pub static RULE: Rule = Rule {
    name: "needless-force",
    level: Level::Warn,
    summary: "A definition has a better priority than usual, but no other definition needs to be beaten.",
    judge,
};

/// A definition that is switched off may count in another configuration, and `mkDefault` loses anyway.
fn judge(option: &Judged<'_, '_>, found: &mut Vec<Draft>) {
    for (name, entries) in option.competitions() {
        let mut rivals = entries.iter().filter(|entry| entry.priority <= DEFAULT_PRIORITY);
        let (Some(only), None) = (rivals.next(), rivals.next()) else {
            continue;
        };
        if *only.outcome == Outcome::Wins && only.priority < DEFAULT_PRIORITY && option.judges(only.place) {
            let what = name.map_or("this option".to_owned(), |name| format!("'{name}'"));
            let function = function(only.priority);
            let message = format!("{function} has nothing to force: nothing else defines {what}");
            let losers = entries.iter().filter(|entry| matches!(entry.outcome, Outcome::Lost(_)));
            let draft = losers.fold(option.draft(only, message), |draft, loser| {
                draft.with(loser.place, format!("{} loses anyway", super::judged::function(loser.priority)))
            });
            found.push(draft);
        }
    }
}
