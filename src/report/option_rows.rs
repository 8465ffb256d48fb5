//! The definitions of an option as a table: what each gives, where it is, and why it counts or does not.

use super::paths::Roots;
use super::plain::{argument, cut, on_one_line, one_line, shown_name};
use crate::options::{DefinitionInfo, Excerpt, ItemInfo, OptionInfo, Outcome, Place, Plain, ReadValue};

/// Columns of a value.
const VALUE: usize = 40;
/// At most this many columns are kept free for a place.
const PLACE: usize = 64;
/// Columns of the value of an option that a definition was computed from.
const FROM: usize = 40;
/// Columns of a reason.
const REASON: usize = 160;
/// At most this many rows of a value's parts are shown; otherwise one row is a whole definition.
const PARTS: usize = 40;
/// At most this many definitions in the user's own files are shown although they are switched off.
const OFF: usize = 8;
/// At most this many lines of a definition's text are shown.
const TEXT: usize = 30;

/// How an option is shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Detail {
    /// Also all definitions that are switched off or give nothing, the default where it gives way, and each part of a
    /// large value.
    pub all: bool,
    /// The text of each definition, with the comment about it.
    pub source: bool,
    /// Marks are coloured.
    pub colour: bool,
}

/// A row of the table.
struct Row<'a> {
    mark: &'static str,
    value: String,
    place: &'a Place,
    because: String,
    /// Lines below it.
    text: Vec<String>,
}

/// The table of an option's definitions.
pub(super) fn definitions_text(about: &OptionInfo, roots: &Roots, detail: Detail) -> String {
    let is_off = |d: &DefinitionInfo| matches!(d.outcome, Outcome::Off(_));
    let own_off = about.definitions.iter().filter(|d| is_off(d) && roots.is_own(&d.place.file)).count();
    let hidden =
        |d: &DefinitionInfo| !detail.all && is_off(d) && (own_off > OFF || !roots.is_own(&d.place.file));
    let gives = |d: &DefinitionInfo| d.outcome == Outcome::Wins && !is_nothing(d);
    let is_joined = !matches!(about.value, Plain::Failed(_)) && about.definitions.iter().any(gives);
    let empty = |d: &DefinitionInfo| !detail.all && is_joined && is_nothing(d);
    // That the default gives way to definitions goes without saying; the line of facts shows it.
    let defaulted = |d: &DefinitionInfo| !detail.all && d.is_default && matches!(d.outcome, Outcome::Lost(_));
    let shown: Vec<&DefinitionInfo> =
        about.definitions.iter().filter(|d| !hidden(d) && !empty(d) && !defaulted(d)).collect();
    let parts: usize = shown.iter().map(|definition| definition.items.len()).sum();
    let in_parts = detail.all || parts <= PARTS;
    let mut rows: Vec<Row<'_>> = Vec::new();
    for definition in shown {
        let first = rows.len();
        match in_parts && !definition.is_default && !definition.items.is_empty() {
            true => rows.extend(definition.items.iter().map(|item| part_row(definition, item, roots))),
            false => rows.push(row(definition, roots)),
        }
        if let (true, Some(excerpt), Some(last)) =
            (detail.source, &definition.excerpt, rows[first..].last_mut())
        {
            last.text = source(excerpt);
        }
    }
    let mut out = table(&rows, roots, detail.colour);
    let files = |of: &dyn Fn(&DefinitionInfo) -> bool| -> Vec<&str> {
        let names = about.definitions.iter().filter(|d| of(d)).map(|d| d.place.file.as_str());
        names.map(|file| file.rsplit('/').next().unwrap_or(file)).collect()
    };
    out.push_str(&hidden_text(&files(&empty), ["gave nothing", "gave nothing"]));
    out.push_str(&hidden_text(&files(&hidden), ["is switched off by mkIf", "are switched off by mkIf"]));
    out
}

/// Whether a definition that counts adds nothing to those of others.
fn is_nothing(definition: &DefinitionInfo) -> bool {
    let is_empty = match &definition.value {
        Some(Plain::List(items)) => items.is_empty(),
        Some(Plain::Set(entries)) => entries.is_empty(),
        Some(Plain::String(text)) => text.is_empty(),
        _ => false,
    };
    is_empty && definition.outcome == Outcome::Wins
}

/// Rows with aligned columns.
fn table(rows: &[Row<'_>], roots: &Roots, colour: bool) -> String {
    let widest = |widths: &[usize], most: usize| {
        widths.iter().copied().filter(|width| *width <= most).max().unwrap_or(0)
    };
    let values: Vec<usize> = rows.iter().map(|row| row.value.chars().count()).collect();
    let places: Vec<usize> =
        rows.iter().map(|row| roots.show(&row.place.to_string()).chars().count()).collect();
    let (value, place) = (widest(&values, VALUE), widest(&places, PLACE));
    let mut out = String::new();
    if !rows.is_empty() {
        out.push('\n');
    }
    for (row, width) in rows.iter().zip(places) {
        let mark = match (colour, row.mark) {
            (true, "✓") => "\x1b[32m✓\x1b[0m".to_owned(),
            (true, mark) => format!("\x1b[31m{mark}\x1b[0m"),
            (false, mark) => mark.to_owned(),
        };
        // A link is wider than what it shows.
        let blank = " ".repeat(place.saturating_sub(width));
        let at = roots.link(&row.place.to_string());
        let line = format!("  {mark} {:value$}   {at}{blank}   {}", row.value, row.because);
        out.push_str(line.trim_end());
        out.push('\n');
        for line in &row.text {
            out.push_str(format!("      {line}").trim_end());
            out.push('\n');
        }
    }
    out
}

/// What is said of definitions in these files, which are not shown. `what` is for one and for several.
fn hidden_text(files: &[&str], what: [&str; 2]) -> String {
    const LISTED: usize = 5;
    let what = match files.len() {
        0 => return String::new(),
        1 => format!("1 definition {}", what[0]),
        several => format!("{several} definitions {}", what[1]),
    };
    let mut names = files.to_vec();
    names.dedup();
    let more = if names.len() > LISTED { ", …" } else { "" };
    names.truncate(LISTED);
    format!(
        "  {what} ({}{more}); --all shows {}\n",
        names.join(", "),
        if files.len() == 1 { "it" } else { "them" }
    )
}

fn mark(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Wins => "✓",
        Outcome::Failed(_) => "!",
        Outcome::Lost(_) | Outcome::Off(_) => "✗",
    }
}

fn row<'a>(definition: &'a DefinitionInfo, roots: &Roots) -> Row<'a> {
    let written = definition.excerpt.as_ref().and_then(|excerpt| excerpt.value.as_ref());
    let value = match (&definition.value, written) {
        (Some(value), _) => cut(&on_one_line(value), VALUE),
        (None, Some(text)) => one_line(text, VALUE),
        (None, None) => "-".to_owned(),
    };
    let because = |show: &Shown<'_>| joined(definition.because(show), &definition.from);
    Row {
        mark: mark(&definition.outcome),
        value,
        place: &definition.place,
        because: reason(&because, roots),
        text: Vec::new(),
    }
}

/// An element or an attribute of a definition's value.
fn part_row<'a>(definition: &DefinitionInfo, item: &'a ItemInfo, roots: &Roots) -> Row<'a> {
    let value = match (&item.name, &item.value) {
        (None, value) => value.as_ref().map(argument).unwrap_or_default(),
        (Some(name), None) => format!("{} = -", shown_name(name)),
        (Some(name), Some(value)) => format!("{} = {}", shown_name(name), on_one_line(value)),
    };
    let because =
        |show: &Shown<'_>| joined(definition.because(show).into_iter().chain(item.because(show)), &item.from);
    let outcome = match definition.outcome {
        Outcome::Wins => &item.outcome,
        _ => &definition.outcome,
    };
    Row {
        mark: mark(outcome),
        value: cut(&value, VALUE),
        place: &item.place,
        because: reason(&because, roots),
        text: Vec::new(),
    }
}

/// Reasons, and what a value was computed from.
fn joined(because: impl IntoIterator<Item = String>, from: &[ReadValue]) -> String {
    let read = |read: &ReadValue| format!("{} = {}", read.name, cut(&on_one_line(&read.value), FROM));
    let from: Vec<String> = from.iter().map(read).collect();
    let from = (!from.is_empty()).then(|| format!("from {}", from.join(", ")));
    because.into_iter().chain(from).collect::<Vec<_>>().join(", ")
}

/// How places are written.
type Shown<'a> = dyn Fn(&Place) -> String + 'a;

/// A reason on one line, with links where it is not too long.
fn reason(because: &dyn Fn(&Shown<'_>) -> String, roots: &Roots) -> String {
    let plain = because(&|place| roots.show(&place.to_string()));
    match one_line(&plain, REASON) {
        whole if whole == plain => because(&|place| roots.link(&place.to_string())),
        shortened => shortened,
    }
}

/// The text of a definition with the comment about it, without the indentation that it has in the file.
fn source(excerpt: &Excerpt) -> Vec<String> {
    let comment = excerpt.comment.iter().flat_map(|text| text.lines()).map(|line| format!("# {line}"));
    let mut lines = excerpt.text.lines();
    let first = lines.next().unwrap_or_default().to_owned();
    let rest: Vec<&str> = lines.collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let common = rest.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let rest = rest.iter().map(|line| line.get(common..).unwrap_or_default().to_owned());
    let mut all: Vec<String> = comment.chain([first]).chain(rest).collect();
    if all.len() > TEXT {
        all.truncate(TEXT);
        all.push("…".to_owned());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_lose_the_indentation_of_their_file() {
        let excerpt = Excerpt {
            text: "a = [\n      1\n        2\n    ];".to_owned(),
            value: None,
            start: (3, 5),
            end: (6, 7),
            comment: Some("why\n\nindeed".to_owned()),
        };
        assert_eq!(source(&excerpt), ["# why", "# ", "# indeed", "a = [", "  1", "    2", "];"]);
    }
}
