//! Warnings and assertions, as nixpkgs' modules collect them.

use super::difference::Difference;
use super::kind::ChangeKind;
use crate::options::{OptionInfo, Plain, assertion};

/// If the options are `warnings` or `assertions`, adds the messages that only one of them has. Returns whether they are.
///
/// An assertion counts if it does not hold, or if that cannot be determined. The messages of others do not matter.
pub fn differences(old: &OptionInfo, new: &OptionInfo, found: &mut Vec<Difference>) -> bool {
    let kind = match (&old.loc[..], &old.value, &new.value) {
        ([name], Plain::List(_), Plain::List(_)) if name == "warnings" => ChangeKind::Warning,
        ([name], Plain::List(_), Plain::List(_)) if name == "assertions" => ChangeKind::Assertion,
        _ => return false,
    };
    let (before, after) = (messages(kind, &old.value), messages(kind, &new.value));
    let mut add = |old: Option<&Plain>, new: Option<&Plain>, about: &OptionInfo| {
        let (old, new) = (old.cloned(), new.cloned());
        found.push(Difference { old, new, ..Difference::at(about, kind) });
    };
    for message in &before {
        if !after.contains(message) {
            add(Some(message), None, old);
        }
    }
    for message in &after {
        if !before.contains(message) {
            add(None, Some(message), new);
        }
    }
    true
}

fn messages(kind: ChangeKind, value: &Plain) -> Vec<Plain> {
    let Plain::List(items) = value else {
        return Vec::new();
    };
    if kind == ChangeKind::Warning {
        return items.clone();
    }
    let failed = |item| assertion(item).map(|says| says.unwrap_or_else(|open| open).clone());
    items.iter().filter_map(failed).collect()
}
