//! Evaluations of modules as commands ask for them: the values of all options, definitions without option included.

use super::definitions::is_option;
use super::evaluate::{CONFIGURATION, OPTIONS, arguments, config_with_undeclared, evaluation};
use super::show;
use super::support::{field, get};
use crate::eval::{Error, Evaluator, Res};
use crate::heap::Sym;
use crate::source::Pos;
use crate::value::Value;

/// An evaluation of modules.
#[derive(Debug, Clone, Copy)]
pub struct Evaluation(Value);

impl Evaluation {
    /// The evaluation that `evalModules` begins when it is called with this set; modules get `lib`.
    ///
    /// # Errors
    /// When the heap is full.
    pub fn new(ev: &Evaluator, lib: Value, all: Value) -> Res<Evaluation> {
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

/// Finds a level of a tree of option values by its identity; whether it is there.
fn level_path(ev: &Evaluator, options: Value, config: Value, wanted: Value, path: &mut Vec<Sym>) -> Res<bool> {
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
    let text = ev.sources.source_of(pos).and_then(|source| {
        let begin = (pos.0 - source.pos(0).0) as usize;
        Some(source.text()?.get(begin..)?.to_vec())
    });
    let mut text = text.unwrap_or_default();
    let is_part = |c: &u8| c.is_ascii_alphanumeric() || b"_-'.".contains(c);
    text.truncate(text.iter().position(|c| !is_part(c)).unwrap_or(text.len()));
    let parts: Vec<String> = text
        .split(|c| *c == b'.')
        .map(|part| String::from_utf8_lossy(part).into_owned())
        .filter(|part| !part.is_empty())
        .collect();
    parts.into_iter()
}
