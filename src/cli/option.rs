//! `nival option`: what options are set to, by which definitions, and where.

use hashbrown::HashSet;
use serde_json::Value as Json;

use super::args::{OptionArgs, OptionFormat};
use super::console::{Console, Exit};
use super::{asking, modules, opening, output};
use crate::eval::{Error, ErrorKind, Evaluator, Res, best_matches};
use crate::heap::Sym;
use crate::options::{About, Bounds, Found, Item, Opened, Plain};
use crate::report::{Detail, Roots, indent_json, level_json, option_json, option_line, option_text};
use crate::value::Value;

/// The answer to a command.
enum Answer {
    /// One option.
    Option(Box<About>),
    /// The names below a name.
    List(Vec<Row>),
}

/// A row of a list.
enum Row {
    /// An option.
    Option(Box<About>),
    /// A level with further options: its names, and its path as it is shown.
    Level(Vec<String>, String),
}

impl Row {
    fn line(&self) -> String {
        match self {
            Row::Option(about) => option_line(about) + "\n",
            Row::Level(_, name) => format!("{name}  # more options\n"),
        }
    }

    fn json(&self) -> Json {
        match self {
            Row::Option(about) => option_json(about),
            Row::Level(loc, name) => level_json(loc, name),
        }
    }
}

/// Runs the command.
pub fn run(console: &Console, args: &OptionArgs) -> Exit {
    let evaluator = &args.open.evaluator;
    let work = |ev: &Evaluator| answer(console, ev, args);
    modules::run(console, evaluator, true, work, |ev, found| {
        match found.and_then(|(answer, roots)| show(console, ev, args, &answer, &roots)) {
            Ok(exit) => exit,
            Err(e) if e.data().kind == ErrorKind::Usage => console.misused(&e, "nival option"),
            Err(e) => console.report(ev, &e, evaluator.show_trace),
        }
    })
}

fn answer(console: &Console, ev: &Evaluator, args: &OptionArgs) -> Res<(Answer, Roots)> {
    let (name, modules) = asking::names(&args.names);
    let root = args.open.root.as_ref().or(args.attr.as_ref());
    let opening = opening::of(console, ev, modules, &args.open, root)?;
    let opened = Opened::new(ev, opening.open(ev)?)?;
    let path = name.map(|name| asking::option_path(ev, name)).transpose()?.unwrap_or_default();
    let roots = asking::roots(ev, &opening);
    Ok((ask(&opened, args, &path)?, roots))
}

fn ask(opened: &Opened<'_>, args: &OptionArgs, path: &[Sym]) -> Res<Answer> {
    match opened.find(path)? {
        Found::Option { names, .. } => {
            let about = opened.about(path, &opened.definitions(path)?, Bounds::FULL);
            if names < path.len()
                && let Plain::Failed(_) = about.value
                && about.definitions.is_empty()
            {
                // There is no such part of the value, and nothing defines it: the error of the lookup says so.
                opened.value(path).and_then(|slot| opened.ev.force(slot))?;
            }
            Ok(Answer::Option(Box::new(about)))
        }
        Found::Set(level) => Ok(Answer::List(list(opened, args, level, path)?)),
        Found::Missing { names, near } => match undeclared(opened, path)? {
            Some(about) => Ok(Answer::Option(Box::new(about))),
            None => Err(missing(opened, path, names, near)),
        },
    }
}

/// A value that no option declares: a part of `config` that is kept all the same.
fn undeclared(opened: &Opened<'_>, path: &[Sym]) -> Res<Option<About>> {
    let Ok(slot) = opened.value(path) else {
        return Ok(None);
    };
    opened.ev.force(slot)?;
    Ok(Some(opened.about(path, &opened.definitions(path)?, Bounds::FULL)))
}

/// The names below a level that the flags select: with a filter, options on all levels.
fn list(opened: &Opened<'_>, args: &OptionArgs, level: Value, path: &[Sym]) -> Res<Vec<Row>> {
    let filtered = args.set || args.changed || args.kind.is_some();
    let text = args.format == OptionFormat::Text && !args.json && !args.changed;
    let bounds = if text { Bounds::LINE } else { Bounds::LISTED };
    let mut rows = Vec::new();
    opened.each(level, path, args.recursive || filtered, &mut |at, item| {
        match item {
            Item::Level => {
                rows.push(Row::Level(at.iter().map(|name| opened.ev.name(*name)).collect(), opened.show(at)))
            }
            Item::Option(option) if !args.all && !opened.is_visible(option) => {}
            Item::Option(_) => match opened.definitions(at) {
                // Values are evaluated only where they are shown.
                Ok(found) if (args.set || args.changed) && !found.is_set() => {}
                Ok(found) => {
                    let about = opened.about(at, &found, bounds);
                    if wanted(args, &about) {
                        rows.push(Row::Option(Box::new(about)));
                    }
                }
                Err(e) => rows.push(Row::Option(Box::new(opened.failed(at, &e)))),
            },
            Item::Failed(e) => rows.push(Row::Option(Box::new(opened.failed(at, &e)))),
        }
        Ok(())
    })?;
    Ok(rows)
}

/// Whether the flags that look at a value or a type ask for an option.
fn wanted(args: &OptionArgs, about: &About) -> bool {
    let of_type = |kind: &String| {
        let has = |text: &Option<String>| text.as_ref().is_some_and(|text| text.contains(kind.as_str()));
        has(&about.kind) || has(&about.type_name)
    };
    (!args.changed || about.differs_from_default()) && args.kind.as_ref().is_none_or(of_type)
}

/// The error for a path that leads nowhere, with options that may have been meant.
pub fn missing(opened: &Opened<'_>, path: &[Sym], names: usize, near: Vec<String>) -> Error {
    let shown = opened.show(path);
    let mut suggestions: Vec<String> = near
        .iter()
        .map(|name| match names {
            0 => name.clone(),
            _ => format!("{}.{name}", opened.show(&path[..names])),
        })
        .collect();
    if suggestions.is_empty() {
        suggestions = elsewhere(opened, path);
    }
    Error::eval(format!("there is no option '{shown}'")).suggest(suggestions)
}

/// Options anywhere whose last name is like the path's.
fn elsewhere(opened: &Opened<'_>, path: &[Sym]) -> Vec<String> {
    const MOST: usize = 5;
    let ev = opened.ev;
    let Some(last) = path.last() else {
        return Vec::new();
    };
    let mut all: Vec<(Sym, String)> = Vec::new();
    // Parts that cannot be evaluated give no suggestions.
    let _ = opened.each(opened.options, &[], true, &mut |at, item| {
        if let (Some(name), Item::Option(option)) = (at.last(), item)
            && opened.is_visible(option)
        {
            all.push((*name, opened.show(at)));
        }
        Ok(())
    });
    let names: HashSet<Sym> = all.iter().map(|(name, _)| *name).collect();
    let near = best_matches(names.into_iter().map(|name| ev.mem.heap.name(name)), ev.mem.heap.name(*last));
    let is_near = |name: Sym| near.iter().any(|near| near.as_bytes() == ev.mem.heap.name(name));
    all.into_iter().filter(|(name, _)| is_near(*name)).map(|(_, path)| path).take(MOST).collect()
}

fn show(console: &Console, ev: &Evaluator, args: &OptionArgs, answer: &Answer, roots: &Roots) -> Res<Exit> {
    let colour = output::in_colour(console, &args.output);
    let format = if args.json { OptionFormat::Json } else { args.format };
    let mut text = match (format, answer) {
        (OptionFormat::Text, Answer::Option(about)) => {
            option_text(about, roots, Detail { all: args.all, colour }).into_bytes()
        }
        (OptionFormat::Text, Answer::List(rows)) => {
            rows.iter().map(Row::line).collect::<String>().into_bytes()
        }
        (OptionFormat::Json, Answer::Option(about)) => indent_json(option_json(about).to_string().as_bytes()),
        (OptionFormat::Json, Answer::List(rows)) => {
            let list: Json = rows.iter().map(Row::json).collect();
            indent_json(list.to_string().as_bytes())
        }
        (OptionFormat::Jsonl, Answer::Option(about)) => format!("{}\n", option_json(about)).into_bytes(),
        (OptionFormat::Jsonl, Answer::List(rows)) => {
            rows.iter().map(|row| format!("{}\n", row.json())).collect::<String>().into_bytes()
        }
    };
    if format == OptionFormat::Json {
        text.push(b'\n');
    }
    output::write(console, ev, &args.output, &text)?;
    let failed = matches!(answer, Answer::Option(about) if about.value.has_failure());
    Ok(if failed { Exit::FAILED } else { Exit::OK })
}
