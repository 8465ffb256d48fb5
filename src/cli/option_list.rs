//! The rows of `nival option` where a name leads to several options.

use serde_json::Value as Json;

use super::args::{OptionArgs, OptionFormat};
use super::console::Console;
use super::progress::say;
use crate::eval::Res;
use crate::heap::Sym;
use crate::options::{About, Bounds, Item, Opened};
use crate::report::{level_json, option_json, option_line};
use crate::value::Value;

/// A row of a list.
pub enum Row {
    /// An option.
    Option(Box<About>),
    /// A level with further options: its names, and its path as it is shown.
    Level(Vec<String>, String),
}

impl Row {
    /// The row as a line.
    pub fn line(&self) -> String {
        match self {
            Row::Option(about) => option_line(about) + "\n",
            Row::Level(_, name) => format!("{name}  # more options\n"),
        }
    }

    /// The row as JSON.
    pub fn json(&self) -> Json {
        match self {
            Row::Option(about) => option_json(about),
            Row::Level(loc, name) => level_json(loc, name),
        }
    }
}

/// What is below a level, as far as the flags ask for it: with a filter, options on all levels.
pub fn list(
    console: &Console,
    opened: &Opened<'_>,
    args: &OptionArgs,
    level: Value,
    path: &[Sym],
) -> Res<Vec<Row>> {
    let text = args.format == OptionFormat::Text && !args.json && !args.changed;
    let bounds = if text { Bounds::LINE } else { Bounds::LISTED };
    let mut rows = Vec::new();
    opened.each(level, path, args.recursive || is_filtered(args), &mut |at, item| {
        match item {
            Item::Level => {
                rows.push(Row::Level(at.iter().map(|name| opened.ev.name(*name)).collect(), opened.show(at)))
            }
            Item::Option(option) if !args.all && !opened.is_visible(option) => {}
            Item::Option(_) => {
                say(console, &opened.show(at));
                rows.extend(row(opened, args, at, bounds));
            }
            Item::Failed(e) => rows.push(Row::Option(Box::new(opened.failed(at, &e)))),
        }
        Ok(())
    })?;
    Ok(rows)
}

/// Whether flags choose among the options of a list.
pub fn is_filtered(args: &OptionArgs) -> bool {
    args.set || args.changed || args.kind.is_some()
}

/// An option's row, if the flags ask for it.
pub fn row(opened: &Opened<'_>, args: &OptionArgs, at: &[Sym], bounds: Bounds) -> Option<Row> {
    let about = match opened.definitions(at) {
        // Values are evaluated only where they are shown.
        Ok(found) if (args.set || args.changed) && !found.is_set() => return None,
        Ok(found) => opened.about(at, &found, bounds),
        Err(e) => return Some(Row::Option(Box::new(opened.failed(at, &e)))),
    };
    wanted(args, &about).then(|| Row::Option(Box::new(about)))
}

/// Whether the flags that look at a value or a type ask for an option.
fn wanted(args: &OptionArgs, about: &About) -> bool {
    let of_type = |kind: &String| {
        let has = |text: &Option<String>| text.as_ref().is_some_and(|text| text.contains(kind.as_str()));
        has(&about.kind) || has(&about.type_name)
    };
    (!args.changed || about.differs_from_default()) && args.kind.as_ref().is_none_or(of_type)
}
