//! An option as text: its value, how it came about, and its definitions with their fates.

use super::option_rows::{Detail, definitions_text};
use super::paths::Roots;
use super::plain::{cut, on_lines, on_one_line, one_line};
use crate::options::{DefaultValue, Line, Moved, OptionInfo, Plain};

/// Columns of a line, as far as values are broken to fit.
const WIDTH: usize = 100;

/// An option in full.
pub fn option_text(about: &OptionInfo, roots: &Roots, detail: Detail) -> String {
    let mut out = String::new();
    let indent = about.name.chars().count() + 3;
    let value = match &about.value {
        Plain::Failed(failure) => {
            let at = failure.at.as_ref().map(|at| format!(" at {}", roots.link(at))).unwrap_or_default();
            let message = roots.text(&failure.message);
            format!("«error{at}»\n  {}", message.trim_end().replace('\n', "\n  "))
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

fn facts(about: &OptionInfo, roots: &Roots) -> Vec<String> {
    let mut facts = Vec::new();
    match &about.moved {
        Some(Moved::Alias(to)) => facts.push(format!("an alias of {to}")),
        Some(Moved::To(to)) => facts.push(format!("renamed to {}", to.join(", "))),
        Some(Moved::Removed(reason)) => {
            facts
                .push(format!("removed: {}", one_line(reason, usize::MAX)).trim_end_matches(": ").to_owned());
        }
        None => {}
    }
    if let Some(kind) = &about.type_description {
        facts.push(match joins(about) {
            Some(how) => format!("{kind}, {how}"),
            None => kind.clone(),
        });
    }
    match &about.default {
        Some(DefaultValue::Text(text)) => facts.push(format!("default {}", one_line(text, WIDTH))),
        Some(DefaultValue::Value(value)) => {
            facts.push(format!("default {}", cut(&on_one_line(value), WIDTH)))
        }
        None if about.type_description.is_some() => facts.push("no default".to_owned()),
        None => {}
    }
    if about.read_only {
        facts.push("read-only".to_owned());
    }
    facts.extend(about.declarations.iter().map(|place| roots.link(&place.to_string())));
    facts
}

/// How the definitions of a type become one value, where that is not obvious.
fn joins(about: &OptionInfo) -> Option<&'static str> {
    Some(match about.type_name.as_deref()? {
        "listOf" | "nonEmptyListOf" => "concatenated",
        "attrsOf" | "lazyAttrsOf" | "attrs" => "merged by name",
        "submodule" => "merged option by option",
        "separatedString" | "lines" | "commas" | "envVar" => "joined",
        _ => return None,
    })
}

/// A value on one line, or why it cannot be evaluated, with the place as `show` writes it.
pub fn value_line(value: &Plain, roots: &Roots, show: impl Fn(&str) -> String) -> String {
    match value {
        Plain::Failed(failure) => {
            let at = failure.at.as_ref().map(|at| format!(" at {}", show(at))).unwrap_or_default();
            format!("«error{at}: {}»", one_line(&roots.text(&failure.message), WIDTH))
        }
        value => cut(&on_one_line(value), WIDTH),
    }
}

/// An option in one line of a list.
pub fn option_line(line: &Line, roots: &Roots) -> String {
    let value = value_line(&line.value, roots, |at| roots.link(at));
    let name = &line.name;
    // Without a type, nothing is known of the option but its failure.
    let Some(kind) = &line.kind else {
        return format!("{name} = {value}");
    };
    let set = if line.is_set { "" } else { "  (default)" };
    format!("{name} = {value}  # {kind}{set}")
}
