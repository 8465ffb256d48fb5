//! Differences for people.

use super::rows::{Row, rows};
use super::words::{changed_lines, count, fraction, summary, what};
use crate::options::compare::{Cause, Change, ChangeKind, Comparison, Group};
use crate::report::palette::Palette;

/// How many lines of a changed text are shown.
const LINES: usize = 8;
/// How many rows of changes are shown that a text makes, and of those that follow.
const ROWS: usize = 12;

/// How differences are shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct DiffDetail {
    /// All changes, also those in options that users do not see, and in hashes of store paths.
    pub all: bool,
    /// Marks are coloured.
    pub colour: bool,
}

/// The differences as text.
pub fn diff_text(comparison: &Comparison, detail: DiffDetail) -> String {
    let mut out = format!("{}\n", summary(comparison));
    let writer = Writer { comparison, detail };
    let mut hidden = 0;
    for group in comparison.groups() {
        hidden += writer.group(&group, &mut out);
    }
    if hidden > 0 {
        let options = count(hidden, "change", "changes");
        out.push_str(&format!("\n{options} in options that users do not see; --all shows them\n"));
    }
    writer.hidden_line(
        ChangeKind::Definitions,
        ["value is", "values are"],
        "the same by other definitions",
        &mut out,
    );
    writer.hidden_line(
        ChangeKind::Hash,
        ["value differs", "values differ"],
        "in hashes of store paths only",
        &mut out,
    );
    out
}

struct Writer<'a> {
    comparison: &'a Comparison,
    detail: DiffDetail,
}

impl Writer<'_> {
    /// Writes the changes with a cause. Returns how many are not shown because users do not see their options.
    fn group(&self, group: &Group, out: &mut String) -> usize {
        let change = |number: &usize| &self.comparison.changes[*number];
        let shown = |numbers: &[usize]| -> Vec<&Change> {
            let seen = |change: &&Change| {
                self.detail.all
                    || change.difference.is_visible && change.difference.kind != ChangeKind::Definitions
            };
            numbers.iter().map(change).filter(seen).collect()
        };
        let (direct, following) = (shown(&group.direct), shown(&group.following));
        let all = group.direct.iter().chain(&group.following).map(change);
        let hidden = all.filter(|change| !change.difference.is_visible).count();
        let hidden = if self.detail.all { 0 } else { hidden };
        if direct.is_empty() && following.is_empty() {
            return hidden;
        }
        out.push('\n');
        let share =
            fraction(self.comparison, group.fixtures.len()).map(|it| format!("   {it}")).unwrap_or_default();
        for (i, cause) in group.causes.iter().enumerate() {
            let share = if i == 0 { share.as_str() } else { "" };
            out.push_str(&format!("{}  {}{share}\n", cause.place, what(cause)));
            self.texts(cause, out);
        }
        if group.causes.is_empty() {
            out.push_str(&format!("no visible cause{share}\n"));
        }
        self.rows(&direct, group, out);
        if !following.is_empty() && !direct.is_empty() {
            out.push_str("  from that follow:\n");
        }
        self.rows(&following, group, out);
        hidden
    }

    fn rows(&self, changes: &[&Change], group: &Group, out: &mut String) {
        let rows = match self.detail.all {
            true => changes.iter().map(|change| Row::of(change)).collect(),
            false => rows(changes),
        };
        let most = if self.detail.all { usize::MAX } else { ROWS };
        for row in rows.iter().take(most) {
            let share = match fraction(self.comparison, row.fixtures()) {
                Some(share) if row.fixtures() != group.fixtures.len() => format!("   {share}"),
                _ => String::new(),
            };
            let mark = self.marked(row.mark, &row.mark.to_string());
            out.push_str(&format!("  {mark} {} {}{share}\n", row.subject(&str::to_owned), row.how));
        }
        let more: usize = rows.iter().skip(most).map(|row| row.changes.len()).sum();
        if more > 0 {
            out.push_str(&format!("    … {}; --all shows them\n", count(more, "more", "more")));
        }
    }

    /// The lines of a cause.
    fn texts(&self, cause: &Cause, out: &mut String) {
        for (sign, lines) in changed_lines(cause) {
            for line in lines.iter().take(LINES) {
                out.push_str(&format!("    {}\n", self.marked(sign, &format!("{sign} {line}"))));
            }
            if let Some(more) = lines.len().checked_sub(LINES).filter(|more| *more > 0) {
                out.push_str(&format!("    {sign} … {}\n", count(more, "more line", "more lines")));
            }
        }
    }

    /// A text in the colour of its mark.
    fn marked(&self, mark: char, text: &str) -> String {
        let palette = Palette::new(self.detail.colour);
        match mark {
            '-' | '!' => palette.bad(text),
            '+' | '✓' => palette.good(text),
            _ => palette.other(text),
        }
    }

    /// Says how many changes there are of a kind that is not shown one by one.
    fn hidden_line(&self, kind: ChangeKind, values: [&str; 2], what: &str, out: &mut String) {
        let number = self.comparison.changes.iter().filter(|change| change.difference.kind == kind).count();
        if number == 0 || self.detail.all && kind != ChangeKind::Hash {
            return;
        }
        out.push_str(&format!("\n{} {what}", count(number, values[0], values[1])));
        match self.detail.all {
            true => {
                out.push_str(":\n");
                let all = self.comparison.changes.iter().filter(|change| change.difference.kind == kind);
                all.for_each(|change| out.push_str(&format!("  {}\n", change.difference.name)));
            }
            false => out.push_str("; --all shows them\n"),
        }
    }
}
