//! A definition below a condition that never holds.

use super::draft::Draft;
use super::judged::Judged;
use super::rule::{Level, Rule};
use crate::options::about::Outcome;
use crate::syntax::is_constant;

pub static RULE: Rule = Rule {
    name: "never-holds",
    level: Level::Warn,
    summary: "A definition is below a condition that can never hold.",
    judge,
};

fn judge(option: &Judged<'_, '_>, found: &mut Vec<Draft>) {
    for (number, definition) in option.own() {
        let Outcome::Off(Some(condition)) = &definition.outcome else {
            continue;
        };
        let draft = |message: String| Draft {
            definition: number,
            place: definition.place.clone(),
            message,
            related: Vec::new(),
        };
        let text = plain(&condition.text);
        if is_constant(condition.text.as_bytes()) {
            let draft =
                draft(format!("this definition never counts: the condition '{text}' depends on nothing"));
            found.push(draft.with(&condition.place, "the condition"));
            continue;
        }
        let around = option.opened.conditions(&option.found.all[number]);
        let opposite = around.iter().find(|other| negates(&plain(&other.text), &text));
        if let Some(other) = opposite {
            let message = format!(
                "this definition never counts: the condition '{text}' excludes another one around it"
            );
            found.push(
                draft(message).with(&condition.place, "the condition").with(&other.place, "the other one"),
            );
        }
    }
}

/// A condition on one line.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether one of two conditions is the other one with `!`.
fn negates(a: &str, b: &str) -> bool {
    let of = |a: &str, b: &str| {
        a.strip_prefix('!').map(str::trim_start).is_some_and(|inner| {
            let bare = inner.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
            inner == b && is_name(b) || bare == Some(b)
        })
    };
    of(a, b) || of(b, a)
}

/// Whether `!` before a condition is about all of it.
fn is_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-'\"".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::negates;

    #[test]
    fn a_condition_excludes_its_negation() {
        assert!(negates("!cfg.enable", "cfg.enable") && negates("a && b", "!(a && b)"));
        assert!(!negates("!a && b", "a && b") && !negates("a", "a") && !negates("!a || b", "a || b"));
    }
}
