//! Several definitions of one value that happen to agree.

use super::draft::Draft;
use super::judged::Judged;
use super::rule::{Level, Rule};
use crate::options::about::Outcome;
use crate::options::plain::Plain;

pub static RULE: Rule = Rule {
    name: "equal-by-luck",
    level: Level::Warn,
    summary: "Several definitions with one priority agree; if one of them changes, it is an error.",
    judge,
};

/// A type that merges these definitions instead of comparing them.
const MERGED: &str = "boolByOr";

fn judge(option: &Judged<'_, '_>, found: &mut Vec<Draft>) {
    let value = &option.about.value;
    if matches!(value, Plain::List(_) | Plain::Set(_) | Plain::Failed(_))
        || option.about.type_name.as_deref().is_none_or(|name| name == MERGED)
    {
        return;
    }
    let definitions = option.about.definitions.iter().enumerate();
    let winners: Vec<_> = definitions.filter(|(_, d)| d.outcome == Outcome::Wins && !d.is_default).collect();
    let Some(((first_number, first), rest)) = winners.split_first() else {
        return;
    };
    // Texts that are joined differ from their parts, as long as those are not empty.
    let joined = |value: &Plain| matches!(value, Plain::String(text) if text.is_empty());
    if first.value.as_ref().is_none_or(joined) {
        return;
    }
    let agrees = rest.iter().all(|(number, _)| option.agree(*number, *first_number));
    if rest.is_empty() || !agrees {
        return;
    }
    let Some((number, own)) = winners.iter().rev().find(|(_, d)| option.judges(&d.place)) else {
        return;
    };
    let message = "this only works because all definitions with this priority agree".to_owned();
    let mut draft = Draft { definition: *number, place: own.place.clone(), message, related: Vec::new() };
    for (_, other) in winners.iter().filter(|(other, _)| other != number) {
        draft = draft.with(&other.place, "the same value");
    }
    found.push(draft);
}
