//! Evaluations of modules as commands ask for them: the values of all options, definitions without option included.

use super::conditionals::{Discharged, Prop, Raw, discharge, holds, props, push_down};
use super::definitions::is_option;
use super::evaluate::{CONFIGURATION, OPTIONS, arguments, config_with_undeclared, evaluation, tree_of};
use super::show;
use super::support::field;
use super::tree::{self, Named};
use crate::eval::{Error, Evaluator, Res};
use crate::heap::Sym;
use crate::native::{get, interpolate, text};
use crate::source::Pos;
use crate::value::{Value, slot};

/// An evaluation of modules.
#[derive(Debug, Clone, Copy)]
pub struct Evaluation(Value);

impl Evaluation {
    /// The evaluation that `evalModules` begins when it is called with this set; modules get `lib`.
    ///
    /// # Errors
    /// When the heap is full.
    pub fn new(ev: &Evaluator, lib: Value, all: Value) -> Res<Evaluation> {
        super::for_types::register(ev);
        Ok(Evaluation(evaluation(ev, arguments(ev, lib, all)?)?))
    }

    /// The values of all options, and of definitions that have no option, as far as these are asked for
    /// (by their path or a part of it).
    ///
    /// # Errors
    /// What keeps the modules from being evaluated at all; a definition in a fixture that has no option.
    pub fn config(self, ev: &Evaluator, asked: &dyn Fn(&[&[u8]]) -> bool) -> Res<Value> {
        config_with_undeclared(ev, self.0, asked)
    }

    /// Where the value at the end of a path (of an option, perhaps into its value) is defined: `file:line:column`, or the file
    /// alone. Of several definitions that whose file the message names.
    pub fn definition(self, ev: &Evaluator, path: &[&[u8]], message: &str) -> Option<String> {
        let mut best = Place::default();
        let mut find = || -> Res<()> {
            let mut level = tree_of(ev, self.0)?;
            for (i, name) in path.iter().enumerate() {
                match tree::named(ev, level, ev.mem.heap.intern(name)?)? {
                    Named::Below(below) => level = below,
                    Named::Definitions(words) => {
                        for raw in Raw::all(ev, words) {
                            // What fails in one definition says nothing about the others.
                            let _ = follow(ev, raw?, &path[i + 1..], message, &mut best);
                        }
                        return Ok(());
                    }
                }
            }
            Ok(())
        };
        find().ok()?;
        match (best.depth, ev.sources.place(best.pos)) {
            (0, _) => None,
            (_, Some(_)) => Some(ev.place_text(best.pos)),
            (_, None) => Some(best.file),
        }
    }

    /// Whether anything defines the option that a path leads to or into; a definition that cannot be looked at counts.
    pub fn is_defined(self, ev: &Evaluator, path: &[&[u8]]) -> bool {
        let find = || -> Res<bool> {
            let mut level = tree_of(ev, self.0)?;
            for name in path {
                match tree::named(ev, level, ev.mem.heap.intern(name)?)? {
                    Named::Below(below) => level = below,
                    Named::Definitions(words) => {
                        for raw in Raw::all(ev, words) {
                            if counts(ev, raw?)? {
                                return Ok(true);
                            }
                        }
                        return Ok(false);
                    }
                }
            }
            Ok(true)
        };
        find().unwrap_or(true)
    }

    /// The path of the option that an error is about because something reads it from `config` and it is declared
    /// nowhere.
    pub fn undeclared_read(self, ev: &Evaluator, e: &Error) -> Option<String> {
        let (set, name) = e.data().missing?;
        let mut path = Vec::new();
        let find = |path: &mut Vec<Sym>| -> Res<bool> {
            let options = ev.force(field(ev, self.0, OPTIONS))?;
            level_path(ev, options, ev.force(field(ev, self.0, CONFIGURATION))?, set, path)
        };
        if !find(&mut path).ok()? {
            return None;
        }
        let shown = |name: &[u8]| String::from_utf8_lossy(&show::escape_identifier(name)).into_owned();
        let mut names: Vec<String> = path.iter().map(|name| shown(ev.mem.heap.name(*name))).collect();
        names.push(shown(ev.mem.heap.name(name)));
        names.extend(names_behind(ev, e, ev.mem.heap.name(name)));
        Some(names.join("."))
    }
}

/// How deep a definition reaches into a value, and where it is in the source.
#[derive(Default)]
struct Place {
    depth: usize,
    named: bool,
    pos: Pos,
    file: String,
}

/// Whether no condition switches a definition off.
fn counts(ev: &Evaluator, raw: Raw) -> Res<bool> {
    for prop in props(ev, raw.props)? {
        if let Prop::If(condition, _) = prop
            && !holds(ev, &slot(condition))?
        {
            return Ok(false);
        }
    }
    let mut on = false;
    discharge(ev, ev.force_value(raw.value)?, &mut |found| {
        on |= matches!(found, Discharged::Value(_));
        Ok(())
    })?;
    Ok(on)
}

/// Follows a path into the value of a definition, as far as there are attributes.
fn follow(ev: &Evaluator, raw: Raw, path: &[&[u8]], message: &str, best: &mut Place) -> Res<()> {
    let file = text(ev, interpolate(ev, &slot(raw.file))?);
    let mut found =
        Place { named: message.contains(&format!("- In `{file}'")), pos: raw.pos, file, depth: 1 };
    let mut sets = Vec::new();
    push_down(ev, ev.force_value(raw.value)?, Value::EMPTY_LIST, &mut |set, _| {
        sets.push(set);
        Ok(())
    })?;
    for mut value in sets {
        for (i, name) in path.iter().enumerate() {
            let name = ev.mem.heap.intern(name)?;
            let Some(entry) = value.is_attrs().then(|| ev.mem.get_entry(value, name)).flatten() else {
                break;
            };
            if entry.pos.is_some() && i + 2 > found.depth {
                (found.depth, found.pos) = (i + 2, entry.pos);
            }
            value = ev.force(entry.slot)?;
        }
    }
    if (found.named, found.depth) > (best.named, best.depth) {
        *best = found;
    }
    Ok(())
}

/// Finds a level of a tree of option values by its identity; whether it is there.
fn level_path(
    ev: &Evaluator,
    options: Value,
    config: Value,
    wanted: Value,
    path: &mut Vec<Sym>,
) -> Res<bool> {
    if config == wanted {
        return Ok(true);
    }
    for entry in ev.mem.entries(options) {
        let (Some(below), Some(slot)) = (ev.forced(entry.slot), get(ev, config, entry.name)) else {
            continue;
        };
        let Some(values) = ev.forced(slot).filter(|v| v.is_attrs()) else {
            continue;
        };
        if below.is_attrs() && !is_option(ev, below)? {
            path.push(entry.name);
            if level_path(ev, below, values, wanted, path)? {
                return Ok(true);
            }
            path.pop();
        }
    }
    Ok(false)
}

/// The names that an expression selects behind the one that is missing, as far as they are plain names.
fn names_behind(ev: &Evaluator, e: &Error, name: &[u8]) -> Vec<String> {
    names_at(ev, e.data().pos).skip_while(|part| part.as_bytes() != name).skip(1).collect()
}

/// The names of a variable and what is selected from it at a place in a source text, as far as they are plain names.
pub(super) fn names_at(ev: &Evaluator, pos: Pos) -> impl Iterator<Item = String> + use<> {
    let source = ev.sources.source_of(pos).and_then(|source| {
        let begin = (pos.0 - source.pos(0).0) as usize;
        Some(source.text()?.get(begin..)?.to_vec())
    });
    let mut text = source.unwrap_or_default();
    let is_part = |c: &u8| c.is_ascii_alphanumeric() || b"_-'.".contains(c);
    text.truncate(text.iter().position(|c| !is_part(c)).unwrap_or(text.len()));
    let parts: Vec<String> = text
        .split(|c| *c == b'.')
        .map(|part| String::from_utf8_lossy(part).into_owned())
        .filter(|part| !part.is_empty())
        .collect();
    parts.into_iter()
}
