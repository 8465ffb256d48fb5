//! Differences as a comment on a pull request: a section for each cause, folded, and cut where it would be too long.

use super::rows::{Row, rows};
use super::words::{changed_lines, count, fraction, subject, summary, what};
use crate::options::compare::{Cause, Change, ChangeKind, Comparison, Group};

/// GitHub accepts 65,536 characters; other tools put a few around it.
const MOST: usize = 60_000;
/// What is kept free for saying what was left out.
const REST: usize = 400;
/// Lines of a changed text.
const LINES: usize = 20;
/// Rows of changes below one cause.
const CHANGES: usize = 100;

/// The differences as Markdown, in at most 60,000 bytes.
pub fn diff_markdown(comparison: &Comparison) -> String {
    let mut out = format!("### nival: {}\n", summary(comparison));
    let groups = comparison.groups();
    let mut left_out = (0, 0);
    for group in &groups {
        let section = section(comparison, group);
        if section.is_empty() {
            continue;
        }
        match out.len() + section.len() + REST <= MOST && left_out.0 == 0 {
            true => out.push_str(&section),
            false => {
                left_out.0 += 1;
                left_out.1 += group.direct.len() + group.following.len();
            }
        }
    }
    if left_out.0 > 0 {
        let (causes, changes) =
            (count(left_out.0, "cause", "causes"), count(left_out.1, "change", "changes"));
        out.push_str(&format!("\n_{causes} with {changes} more did not fit here._\n"));
    }
    let of =
        |kind: ChangeKind| comparison.changes.iter().filter(|change| change.difference.kind == kind).count();
    let (definitions, hashes) = (of(ChangeKind::Definitions), of(ChangeKind::Hash));
    if definitions > 0 {
        let values = count(definitions, "value is", "values are");
        out.push_str(&format!("\n{values} the same by other definitions.\n"));
    }
    if hashes > 0 {
        let values = count(hashes, "value differs", "values differ");
        out.push_str(&format!("\n{values} in hashes of store paths only.\n"));
    }
    out
}

/// The changes that a cause makes.
fn section(comparison: &Comparison, group: &Group) -> String {
    let shown = |numbers: &[usize]| -> Vec<&Change> {
        let all = numbers.iter().map(|number| &comparison.changes[*number]);
        all.filter(|change| change.difference.is_visible && change.difference.kind != ChangeKind::Definitions)
            .collect()
    };
    let (direct, following) = (shown(&group.direct), shown(&group.following));
    let Some(first) = direct.first().or(following.first()) else {
        return String::new();
    };
    let title = match group.causes.first() {
        None => "no visible cause".to_owned(),
        Some(cause) => format!("<code>{}</code> {}", escaped(&cause.place.to_string()), what(cause)),
    };
    let share =
        fraction(comparison, group.fixtures.len()).map(|it| format!(" in {it} fixtures")).unwrap_or_default();
    let number = direct.len() + following.len();
    let changes = match number {
        1 => format!("<code>{}</code>", escaped(subject(first))),
        number => count(number, "change", "changes"),
    };
    let mut out = format!("\n<details><summary>{title}: {changes}{share}</summary>\n");
    for (i, cause) in group.causes.iter().enumerate() {
        if i > 0 {
            out.push_str(&format!("\n`{}` {}\n", cause.place, what(cause)));
        }
        out.push_str(&texts(cause));
    }
    let (mut lines, mut left_out) = (0, 0);
    let mut list = |changes: &[&Change], title: &str, out: &mut String| {
        if changes.is_empty() {
            return;
        }
        out.push_str(title);
        out.push('\n');
        for row in rows(changes) {
            match lines < CHANGES {
                true => out.push_str(&line(comparison, group, &row)),
                false => left_out += row.changes.len(),
            }
            lines += 1;
        }
    };
    list(&direct, "", &mut out);
    list(&following, if direct.is_empty() { "" } else { "\nFrom that follow:\n" }, &mut out);
    if left_out > 0 {
        out.push_str(&format!("- _{}_\n", count(left_out, "more change", "more changes")));
    }
    out.push_str("\n</details>\n");
    out
}

fn line(comparison: &Comparison, group: &Group, row: &Row<'_>) -> String {
    let share = match fraction(comparison, row.fixtures()) {
        Some(share) if row.fixtures() != group.fixtures.len() => format!(" ({share})"),
        _ => String::new(),
    };
    let sign = match row.mark {
        '!' => "❗ ",
        '✓' => "✅ ",
        _ => "",
    };
    let name = |name: &str| format!("`{}`", name.replace('`', "'"));
    format!("- {sign}{} {}{share}\n", row.subject(&name), code(&row.how))
}

/// A text on one line as code, whatever backticks it has.
pub fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    match text.starts_with('`') || text.ends_with('`') {
        true => format!("{fence} {text} {fence}"),
        false => format!("{fence}{text}{fence}"),
    }
}

/// The text of a cause before and after.
fn texts(cause: &Cause) -> String {
    let mut lines = Vec::new();
    for (sign, all) in changed_lines(cause) {
        lines.extend(all.iter().take(LINES).map(|line| format!("{sign} {line}")));
        if all.len() > LINES {
            lines.push(format!("{sign} …"));
        }
    }
    let longest = lines.iter().flat_map(|line| line.split(|c| c != '`')).map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    format!("\n{fence}diff\n{}\n{fence}\n", lines.join("\n"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backticks_stay_in_code() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a `b` c"), "``a `b` c``");
        assert_eq!(code("`b`"), "`` `b` ``");
    }
}
