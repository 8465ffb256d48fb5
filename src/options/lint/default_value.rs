//! A definition that gives an option the value that it has anyway.

use super::draft::Draft;
use super::judged::Judged;
use super::rule::{Level, Rule};
use crate::options::about::Outcome;

pub static RULE: Rule = Rule {
    name: "default-value",
    level: Level::Warn,
    summary: "A definition gives an option its default.",
    judge,
};

/// Beside other definitions it may be what keeps them from counting.
fn judge(option: &Judged<'_, '_>, found: &mut Vec<Draft>) {
    let definitions = &option.about.definitions;
    let numbered = || definitions.iter().enumerate();
    let Some((default, _)) = numbered().find(|(_, d)| d.is_default && d.value.is_some()) else {
        return;
    };
    let on = |outcome: &Outcome| !matches!(outcome, Outcome::Off(_));
    let mut others = numbered().filter(|(_, d)| !d.is_default && on(&d.outcome));
    let (Some((number, only)), None) = (others.next(), others.next()) else {
        return;
    };
    if only.outcome == Outcome::Wins && option.judges(&only.place) && option.agree(number, default) {
        let message = "this is the default".to_owned();
        let draft = Draft { definition: number, place: only.place.clone(), message, related: Vec::new() };
        found.push(draft.with(&definitions[default].place, "the default"));
    }
}
