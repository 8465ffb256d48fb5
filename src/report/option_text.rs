//! An option as text: its value, how it came about, and its definitions with their fates.

use super::paths::Roots;
use super::plain::{on_lines, on_one_line};
use crate::options::{About, AboutDefinition, Default, Outcome, Plain};

/// Columns of a line, as far as values are broken to fit.
const WIDTH: usize = 100;
/// Columns of a definition's value.
const VALUE: usize = 40;
/// At most this many columns are kept free for the place of a definition.
const PLACE: usize = 64;

/// How an option is shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Detail {
    /// Also definitions that are switched off, one line each, and the default where it gives way.
    pub all: bool,
    /// Marks are coloured.
    pub colour: bool,
}

/// An option in full.
pub fn option_text(about: &About, roots: &Roots, detail: Detail) -> String {
    let mut out = String::new();
    let indent = about.name.chars().count() + 3;
    let value = match &about.value {
        Plain::Failed(failure) => {
            let at = failure.at.as_ref().map(|at| format!(" at {}", roots.link(at))).unwrap_or_default();
            format!("«error{at}»\n  {}", failure.message.trim_end().replace('\n', "\n  "))
        }
        value => on_lines(value, WIDTH.saturating_sub(indent), 0),
    };
    out.push_str(&format!("{} = {value}\n", about.name));
    let facts = facts(about, roots);
    if !facts.is_empty() {
        out.push_str(&format!("  {}\n", facts.join(" · ")));
    }
    if let Some(description) = &about.description {
        out.push('\n');
        for line in description.trim().lines() {
            out.push_str(format!("  {line}").trim_end());
            out.push('\n');
        }
    }
    out.push_str(&definitions_text(about, roots, detail));
    out
}

fn facts(about: &About, roots: &Roots) -> Vec<String> {
    let mut facts = Vec::new();
    if let Some(kind) = &about.kind {
        facts.push(match joins(about) {
            Some(how) => format!("{kind}, {how}"),
            None => kind.clone(),
        });
    }
    match &about.default {
        Some(Default::Text(text)) => facts.push(format!("default {}", one_line(text))),
        Some(Default::Value(value)) => facts.push(format!("default {}", cut(&on_one_line(value), WIDTH))),
        None if about.kind.is_some() => facts.push("no default".to_owned()),
        None => {}
    }
    if about.read_only {
        facts.push("read-only".to_owned());
    }
    facts.extend(about.declarations.iter().map(|place| roots.link(&place.to_string())));
    facts
}

/// How the definitions of a type become one value, where that is not obvious.
fn joins(about: &About) -> Option<&'static str> {
    Some(match about.type_name.as_deref()? {
        "listOf" | "nonEmptyListOf" => "concatenated",
        "attrsOf" | "lazyAttrsOf" | "attrs" => "merged by name",
        "submodule" => "merged option by option",
        "separatedString" | "lines" | "commas" | "envVar" => "joined",
        _ => return None,
    })
}

fn definitions_text(about: &About, roots: &Roots, detail: Detail) -> String {
    let hidden = |d: &&AboutDefinition| !detail.all && matches!(d.outcome, Outcome::Off(_));
    // That the default gives way to definitions goes without saying; the facts above show it.
    let defaulted =
        |d: &&AboutDefinition| !detail.all && d.is_default && matches!(d.outcome, Outcome::Lost(_));
    let shown: Vec<&AboutDefinition> =
        about.definitions.iter().filter(|d| !hidden(d) && !defaulted(d)).collect();
    let rows: Vec<[String; 4]> = shown.iter().map(|definition| row(definition, roots)).collect();
    let width = |column: usize, most: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.filter(|width| *width <= most).max().unwrap_or(0)
    };
    let (value, place) = (width(1, VALUE), width(2, PLACE));
    let mut out = String::new();
    if !rows.is_empty() {
        out.push('\n');
    }
    for ([mark, shown, at, because], definition) in rows.iter().zip(&shown) {
        let mark = match (detail.colour, mark.as_str()) {
            (true, "✓") => "\x1b[32m✓\x1b[0m".to_owned(),
            (true, mark) => format!("\x1b[31m{mark}\x1b[0m"),
            (false, mark) => mark.to_owned(),
        };
        // A link is wider than what it shows.
        let blank = " ".repeat(place.saturating_sub(at.chars().count()));
        let at = roots.link(&definition.place.to_string());
        let line = format!("  {mark} {shown:value$}   {at}{blank}   {because}");
        out.push_str(line.trim_end());
        out.push('\n');
    }
    let off: Vec<&AboutDefinition> = about.definitions.iter().filter(|d| hidden(d)).collect();
    if !off.is_empty() {
        let mut files: Vec<&str> =
            off.iter().map(|d| d.place.file.rsplit('/').next().unwrap_or_default()).collect();
        files.dedup();
        let (noun, verb) = if off.len() == 1 { ("definition", "gives") } else { ("definitions", "give") };
        let more = if files.len() > 5 { ", …" } else { "" };
        files.truncate(5);
        out.push_str(&format!(
            "  {} {noun} {verb} nothing, switched off by mkIf ({}{more}); --all shows them\n",
            off.len(),
            files.join(", ")
        ));
    }
    out
}

fn row(definition: &AboutDefinition, roots: &Roots) -> [String; 4] {
    let mark = match definition.outcome {
        Outcome::Wins => "✓",
        Outcome::Failed(_) => "!",
        Outcome::Lost(_) | Outcome::Off(_) => "✗",
    };
    let value = match &definition.value {
        Some(value) => cut(&on_one_line(value), VALUE),
        None => "-".to_owned(),
    };
    let plain = definition.because(|place| roots.show(&place.to_string())).unwrap_or_default();
    let because = match one_line(&plain) {
        whole if whole == plain => {
            definition.because(|place| roots.link(&place.to_string())).unwrap_or_default()
        }
        shortened => shortened,
    };
    [mark.to_owned(), value, roots.show(&definition.place.to_string()), because]
}

/// A text on one line.
fn one_line(text: &str) -> String {
    cut(&text.split_whitespace().collect::<Vec<_>>().join(" "), WIDTH)
}

/// The beginning of a line, if it is longer than `most` columns.
fn cut(line: &str, most: usize) -> String {
    if line.chars().count() <= most {
        return line.to_owned();
    }
    let begin: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{begin}…")
}

/// A value on one line.
pub fn value_line(value: &Plain) -> String {
    match value {
        Plain::Failed(failure) => format!("«error: {}»", one_line(&failure.message)),
        value => cut(&on_one_line(value), WIDTH),
    }
}

/// An option in one line of a list.
pub fn option_line(about: &About) -> String {
    let kind = about.kind.as_deref().unwrap_or_default();
    let value = value_line(&about.value);
    let set = if about.is_set { "" } else { "  (default)" };
    format!("{} = {value}  # {kind}{set}", about.name)
}
