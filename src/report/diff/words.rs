//! Changes, causes and numbers in words.

use crate::options::Plain;
use crate::options::compare::{Cause, CauseKind, Change, ChangeKind, Comparison, lost_and_got};
use crate::report::plain::{argument, cut, on_one_line, one_line};

/// Columns of a value.
const VALUE: usize = 60;

/// What marks a change in a list.
pub fn mark(change: &Change) -> char {
    let difference = &change.difference;
    match difference.kind {
        ChangeKind::Error => '!',
        ChangeKind::Assertion | ChangeKind::Warning if difference.new.is_some() => '!',
        ChangeKind::Assertion | ChangeKind::Warning | ChangeKind::Fixed => '✓',
        ChangeKind::Removed => '-',
        ChangeKind::Added => '+',
        ChangeKind::Value if difference.old.is_none() => '+',
        ChangeKind::Value if difference.new.is_none() => '-',
        ChangeKind::Renamed
        | ChangeKind::Value
        | ChangeKind::Type
        | ChangeKind::Default
        | ChangeKind::Definitions
        | ChangeKind::Description
        | ChangeKind::Hash => '~',
    }
}

/// What a change is about: the option, or the configuration as a whole.
pub fn subject(change: &Change) -> &str {
    match change.difference.name.as_str() {
        "" => "the whole configuration",
        name => name,
    }
}

/// How it changed, on one line, to stand behind the option's name.
pub fn how(change: &Change) -> String {
    let difference = &change.difference;
    let (old, new) = (difference.old.as_ref(), difference.new.as_ref());
    let text = |value: Option<&Plain>| value.map(short).unwrap_or_default();
    let also: String = difference.also.iter().map(|kind| format!(" (also its {})", kind.word())).collect();
    let how = match difference.kind {
        ChangeKind::Error if old.is_some_and(Plain::has_failure) => {
            format!("fails: {} (before: {})", failure(new), failure(old))
        }
        ChangeKind::Error => format!("fails: {}", failure(new)),
        ChangeKind::Fixed if difference.loc.is_empty() => {
            format!("can be evaluated; before: {}", failure(old))
        }
        ChangeKind::Fixed => format!("= {} (failed before: {})", text(new), failure(old)),
        ChangeKind::Assertion if new.is_some() => format!("fail: {}", message(new)),
        ChangeKind::Assertion => format!("hold again: {}", message(old)),
        ChangeKind::Warning if new.is_some() => format!("have one more: {}", message(new)),
        ChangeKind::Warning => format!("have one fewer: {}", message(old)),
        ChangeKind::Removed => "is gone".to_owned(),
        ChangeKind::Renamed => format!("is renamed to {}", difference.to.as_deref().unwrap_or_default()),
        ChangeKind::Added => format!("is new, = {}", text(new)),
        ChangeKind::Value => match (old, new) {
            (Some(Plain::List(old)), Some(Plain::List(new))) => lists(old, new),
            (Some(Plain::String(old)), Some(Plain::String(new)))
                if old.contains('\n') || new.contains('\n') =>
            {
                let lines = |text: &str| -> Vec<Plain> {
                    text.split('\n').map(|line| Plain::String(line.to_owned())).collect()
                };
                format!("in lines: {}", lists(&lines(old), &lines(new)))
            }
            (None, _) => format!("= {}", text(new)),
            (_, None) => format!("was {}", text(old)),
            (Some(old), Some(new)) => contrast(old, new),
        },
        ChangeKind::Type => format!("has another type: {} → {}", message(old), message(new)),
        ChangeKind::Default => match (old, new) {
            (None, _) => format!("has a default now: {}", text(new)),
            (_, None) => format!("has no default any more; it was {}", text(old)),
            (Some(old), Some(new)) => format!("has another default: {}", contrast(old, new)),
        },
        ChangeKind::Definitions => format!("= {} as before, by other definitions", text(new)),
        ChangeKind::Description => "has another description".to_owned(),
        ChangeKind::Hash => "differs in hashes of store paths".to_owned(),
    };
    let follows = match (change.is_direct, &change.follows[..]) {
        (true, follows @ [_, ..]) => format!(" (also from {})", names(follows)),
        _ => String::new(),
    };
    how + &also + &follows
}

/// How several options changed in the same way: of errors, only what they are now.
pub fn how_together(change: &Change) -> String {
    match change.difference.kind {
        ChangeKind::Error => format!("fails: {}", failure(change.difference.new.as_ref())),
        _ => how(change),
    }
}

/// A few names.
fn names(all: &[String]) -> String {
    const MOST: usize = 3;
    let more = if all.len() > MOST { ", …" } else { "" };
    format!("{}{more}", all[..all.len().min(MOST)].join(", "))
}

/// A value on a short line; of an error, its message.
pub fn short(value: &Plain) -> String {
    match value {
        Plain::Failed(failure) => {
            let at = failure.at.as_ref().map(|at| format!(" at {at}")).unwrap_or_default();
            format!("{}{at}", one_line(&failure.message, 2 * VALUE))
        }
        value => cut(&on_one_line(value), VALUE),
    }
}

/// A value that became another one, on a line.
fn contrast(old: &Plain, new: &Plain) -> String {
    let [old, new] = match (old, new) {
        (Plain::Failed(_), _) | (_, Plain::Failed(_)) => [short(old), short(new)],
        _ => where_they_differ(on_one_line(old), on_one_line(new)),
    };
    format!("{old} → {new}")
}

/// The beginnings of two lines or, where those are the same, what is around the first character in which the lines differ.
fn where_they_differ(old: String, new: String) -> [String; 2] {
    /// Columns that are shown before and behind that character, at least.
    const AROUND: usize = 20;
    let shared = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).count();
    [old, new].map(|line| match line.chars().count() > VALUE && shared + AROUND > VALUE {
        true => {
            let rest: String = line.chars().skip(shared - AROUND).collect();
            cut(&format!("…{rest}"), VALUE)
        }
        false => cut(&line, VALUE),
    })
}

/// The error in a value, or the value if there is none.
fn failure(value: Option<&Plain>) -> String {
    value.map(|value| short(value.first_failure().unwrap_or(value))).unwrap_or_default()
}

/// A text that is a value.
fn message(value: Option<&Plain>) -> String {
    match value {
        Some(Plain::String(text)) => one_line(text, 2 * VALUE),
        Some(value) => failure(Some(value)),
        None => String::new(),
    }
}

/// The elements that a list lost and got; if it only has another order, both lists.
fn lists(old: &[Plain], new: &[Plain]) -> String {
    let (gone, added) = lost_and_got(old, new);
    let written = |list: &[&Plain], sign: char| -> String {
        list.iter().map(|item| format!(" {sign} {}", cut(&argument(item), VALUE))).collect()
    };
    match (&gone[..], &added[..]) {
        ([], []) => {
            let all = |items: &[Plain]| Plain::List(items.to_vec());
            format!("has another order: {}", contrast(&all(old), &all(new)))
        }
        ([gone], [added]) => {
            let [gone, added] = where_they_differ(argument(gone), argument(added));
            format!("- {gone} + {added}")
        }
        _ => cut(format!("{}{}", written(&gone, '-'), written(&added, '+')).trim_start(), 3 * VALUE),
    }
}

/// What was done to a text that is a cause.
pub fn what(cause: &Cause) -> &'static str {
    match (cause.kind, &cause.old, &cause.new) {
        (CauseKind::Definition, _, _) if cause.is_gone => "definition removed",
        (CauseKind::Definition, None, _) => "definition added",
        (CauseKind::Definition, _, _) => "definition changed",
        (CauseKind::Condition, Some(_), None) => "condition removed",
        (CauseKind::Condition, None, Some(_)) => "condition added",
        (CauseKind::Condition, _, _) => "condition changed",
        (CauseKind::Declaration, _, _) if cause.is_gone => "declaration removed",
        (CauseKind::Declaration, None, _) => "declaration added",
        (CauseKind::Declaration, _, _) => "declaration changed",
        (CauseKind::Lines, Some(_), None) => "lines removed",
        (CauseKind::Lines, None, Some(_)) => "lines added",
        (CauseKind::Lines, _, _) => "lines changed",
    }
}

/// The lines that a cause took away, and those that it put there. Lines that both have at their ends are no news.
pub fn changed_lines(cause: &Cause) -> [(char, Vec<String>); 2] {
    let (mut old, mut new) = (lines(cause.old.as_deref()), lines(cause.new.as_deref()));
    let begin = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - begin;
    let end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    old.truncate(old.len() - end);
    new.truncate(new.len() - end);
    [('-', old.split_off(begin)), ('+', new.split_off(begin))]
}

/// The lines of a text, without the indentation that all but the first have.
fn lines(text: Option<&str>) -> Vec<String> {
    let Some(text) = text else {
        return Vec::new();
    };
    let rest = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let common = rest.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let cut = |(i, line): (usize, &str)| match i {
        0 => line.trim_start().to_owned(),
        _ => line.get(common..).unwrap_or_default().to_owned(),
    };
    text.lines().enumerate().map(cut).collect()
}

/// A number with the noun that it counts.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// The whole comparison in a line.
pub fn summary(comparison: &Comparison) -> String {
    let shown = comparison.changes.iter().filter(|change| change.difference.kind != ChangeKind::Hash);
    let number = shown.clone().count();
    if number == 0 {
        return match comparison.hashes() {
            0 => "no differences".to_owned(),
            hashes => format!("no differences but in hashes of store paths ({hashes})"),
        };
    }
    let of = |kind: ChangeKind, one: &str, many: &str| {
        let is_new = |change: &&Change| change.difference.kind == kind && change.difference.new.is_some();
        let found = shown.clone().filter(is_new).count();
        (found > 0).then(|| count(found, one, many))
    };
    let bad = [
        of(ChangeKind::Error, "new error", "new errors"),
        of(ChangeKind::Assertion, "failed assertion", "failed assertions"),
        of(ChangeKind::Warning, "new warning", "new warnings"),
    ];
    let bad: Vec<String> = bad.into_iter().flatten().collect();
    let causes = comparison.groups().iter().filter(|group| !group.causes.is_empty()).count();
    let affected = comparison.affected();
    let mut text =
        format!("{} from {}", count(number, "change", "changes"), count(causes, "cause", "causes"));
    if comparison.fixtures.len() > 1 {
        text.push_str(&format!(", in {} of {} fixtures", affected, comparison.fixtures.len()));
    }
    if !bad.is_empty() {
        text.push_str(&format!(": {}", bad.join(", ")));
    }
    text
}

/// In how many of the fixtures something is: `18/20`, or nothing if there is only one fixture.
pub fn fraction(comparison: &Comparison, fixtures: usize) -> Option<String> {
    let all = comparison.fixtures.len();
    (all > 1).then(|| format!("{fixtures}/{all}"))
}
