//! The rows of `nival option` where a name leads to several options.

use super::args::{OptionArgs, OptionFormat};
use super::isolated::{MakeRows, RowMaker};
use crate::eval::{Error, Res};
use crate::heap::Sym;
use crate::options::{Bounds, Item, Line, Opened, OptionInfo};
use crate::report::{Roots, level_json, option_json, option_line};
use crate::value::Value;

/// What is below a level, as far as the flags ask for it: with a filter, options on all levels. Each row is a line of text or
/// JSON, as the flags say.
pub fn list(
    opened: &Opened<'_>,
    args: &OptionArgs,
    roots: &Roots,
    level: Value,
    path: &[Sym],
    make_rows: MakeRows<'_>,
) -> Res<Vec<String>> {
    let mut items: Vec<(Vec<Sym>, Item)> = Vec::new();
    opened.each(level, path, args.recursive || is_filtered(args), &mut |at, item| {
        let is_shown = match &item {
            Item::Option(option) => args.all || opened.is_visible(*option),
            Item::Level | Item::Failed(_) => true,
        };
        if is_shown {
            items.push((at.to_vec(), item));
        }
        Ok(())
    })?;
    let row_of = |n: usize| {
        let (at, item) = &items[n];
        match item {
            Item::Level => Some(level_row(opened, args, at)),
            Item::Option(option) => row(opened, args, roots, at, *option),
            Item::Failed(e) => Some(failed_row(opened, args, roots, at, e)),
        }
    };
    let died = |n: usize, why: &str| failed_row(opened, args, roots, &items[n].0, &Error::eval(why));
    make_rows(&RowMaker { len: items.len(), row: &row_of, died: &died })
}

/// Whether flags choose among the options of a list.
pub fn is_filtered(args: &OptionArgs) -> bool {
    args.set || args.changed || args.kind.is_some()
}

/// Whether the flags ask for an option.
pub fn is_wanted(opened: &Opened<'_>, args: &OptionArgs, at: &[Sym]) -> bool {
    !matches!(in_full(opened, args, at), Ok(None))
}

fn is_json(args: &OptionArgs) -> bool {
    args.json || args.format != OptionFormat::Text
}

fn level_row(opened: &Opened<'_>, args: &OptionArgs, at: &[Sym]) -> String {
    let name = opened.show(at);
    if !is_json(args) {
        return format!("{name}  # more options");
    }
    let loc: Vec<String> = at.iter().map(|name| opened.ev.name(*name)).collect();
    level_json(&loc, &name).to_string()
}

fn failed_row(opened: &Opened<'_>, args: &OptionArgs, roots: &Roots, at: &[Sym], e: &Error) -> String {
    match is_json(args) {
        true => option_json(&opened.failed(at, e)).to_string(),
        false => option_line(&opened.failed_line(at, e), roots),
    }
}

/// An option's row, if the flags ask for it.
fn row(opened: &Opened<'_>, args: &OptionArgs, roots: &Roots, at: &[Sym], option: Value) -> Option<String> {
    if !is_json(args) && !args.changed {
        let wanted =
            |line: &Line| (!args.set || line.is_set) && is_of_type(args, &line.kind, &line.type_name);
        return opened.line(at, option, wanted).map(|line| option_line(&line, roots));
    }
    match in_full(opened, args, at) {
        Ok(about) if is_json(args) => about.map(|about| option_json(&about).to_string()),
        Ok(about) => about.map(|about| option_line(&about.into_line(), roots)),
        Err(e) => Some(failed_row(opened, args, roots, at, &e)),
    }
}

/// Everything about an option, if the flags ask for it.
fn in_full(opened: &Opened<'_>, args: &OptionArgs, at: &[Sym]) -> Res<Option<OptionInfo>> {
    let found = opened.definitions(at)?;
    // Values are evaluated only where they are shown.
    if (args.set || args.changed) && !found.is_set() {
        return Ok(None);
    }
    let about = opened.about(at, &found, Bounds::LISTED);
    let wanted = (!args.changed || about.differs_from_default())
        && is_of_type(args, &about.type_description, &about.type_name);
    Ok(wanted.then_some(about))
}

fn is_of_type(args: &OptionArgs, kind: &Option<String>, type_name: &Option<String>) -> bool {
    args.kind.as_ref().is_none_or(|wanted| {
        [kind, type_name].iter().any(|text| text.as_ref().is_some_and(|text| text.contains(wanted.as_str())))
    })
}
