//! Looks things up in an evaluation for commands: values, where they are defined, and which option an error is about.

use super::eval_modules::Evaluation;
use crate::eval::{Error, Evaluator, Res};
use crate::heap::{Slot, Sym};
use crate::modules::definitions::{Prop, Raw, discharge, holds, props, push_down};
use crate::modules::loading::{Module, names_at};
use crate::modules::messages;
use crate::modules::tree::Found;
use crate::native::{get, is_type, share};
use crate::source::Pos;
use crate::value::{Value, slot};

impl Evaluation {
    /// The definitions of the option that a path leads to or into, and how many of the path's names lead to
    /// it; `None` if the path ends at a set of options.
    fn definitions(self, ev: &Evaluator, path: &[&[u8]]) -> Res<Option<(usize, Vec<Res<Raw>>)>> {
        let mut level = self.root(ev)?;
        for (i, name) in path.iter().enumerate() {
            match level.find(ev, ev.mem.heap.intern(name)?)? {
                Found::Below(below) => level = below,
                Found::Definitions(words) => return Ok(Some((i + 1, Raw::all(ev, words).collect()))),
            }
        }
        Ok(None)
    }

    /// The path of the evaluation's submodule.
    pub fn path(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.prefix(ev))
    }

    /// The tree of options.
    pub fn option_tree(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.options(ev))
    }

    /// The values of the options, as modules see them.
    pub fn seen_config(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.configuration(ev))
    }

    /// The definitions of the option at a path, in the order in which they are merged.
    pub fn raw_definitions(self, ev: &Evaluator, path: &[Sym]) -> Res<Vec<Raw>> {
        let names: Vec<&[u8]> = path.iter().map(|name| ev.mem.heap.name(*name)).collect();
        match self.definitions(ev, &names)? {
            Some((_, raws)) => raws.into_iter().collect(),
            None => Ok(Vec::new()),
        }
    }

    /// The options that each module declares, the last module first.
    pub fn module_options(self, ev: &Evaluator) -> Res<Vec<Value>> {
        let modules = ev.force(self.collected(ev))?;
        Module::all(ev, modules).map(|module| share(ev, module.options)).collect()
    }

    /// The graph of imports: a list of sets with `key`, `file` and `imports`.
    pub fn import_graph(self, ev: &Evaluator) -> Res<Value> {
        ev.force(self.graph(ev))
    }

    /// The file, the options and the definitions of each module, the last module first.
    pub fn module_words(self, ev: &Evaluator) -> Res<Vec<[Value; 3]>> {
        let modules = ev.force(self.collected(ev))?;
        let words = |m: Module<&Slot>| Ok([share(ev, m.file)?, share(ev, m.options)?, share(ev, m.config)?]);
        Module::all(ev, modules).map(words).collect()
    }

    /// Where the value at the end of a path (of an option, or inside its value) is defined:
    /// `file:line:column`, or the file alone. Among several definitions, one in a file that the message names
    /// is preferred.
    pub fn definition(self, ev: &Evaluator, path: &[&[u8]], message: &str) -> Option<String> {
        let mut best = Place::default();
        if let Some((names, raws)) = self.definitions(ev, path).ok()? {
            for raw in raws {
                // A failure in one definition says nothing about the others.
                let _ = follow(ev, raw.ok()?, &path[names..], message, &mut best);
            }
        }
        match (best.depth, ev.sources.place(best.pos)) {
            (0, _) => None,
            (_, Some(_)) => Some(ev.place_text(best.pos)),
            (_, None) => Some(best.file),
        }
    }

    /// Whether anything defines the option that a path leads to or into; a definition whose evaluation fails
    /// counts.
    pub fn is_defined(self, ev: &Evaluator, path: &[&[u8]]) -> bool {
        let find = || -> Res<bool> {
            let Some((_, raws)) = self.definitions(ev, path)? else {
                return Ok(true);
            };
            for raw in raws {
                if counts(ev, raw?)? {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        find().unwrap_or(true)
    }

    /// The path of the undeclared option that an error is about because something reads it from `config`.
    pub fn undeclared_read(self, ev: &Evaluator, e: &Error) -> Option<String> {
        let (set, name) = e.data().missing?;
        let mut path = Vec::new();
        let find = |path: &mut Vec<Sym>| -> Res<bool> {
            let options = ev.force(self.options(ev))?;
            level_path(ev, options, ev.force(self.configuration(ev))?, set, path)
        };
        if !find(&mut path).ok()? {
            return None;
        }
        path.push(name);
        let mut names: Vec<String> =
            path.iter().map(|name| messages::identifier(ev.mem.heap.name(*name))).collect();
        names.extend(names_behind(ev, e, ev.mem.heap.name(name)));
        Some(names.join("."))
    }
}

/// How deep a definition reaches into a value, and where in the source it is written.
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
    discharge(ev, ev.force_value(raw.value)?, &mut |_| {
        on = true;
        Ok(())
    })?;
    Ok(on)
}

/// Follows a path into the value of a definition as far as there are attributes.
fn follow(ev: &Evaluator, raw: Raw, path: &[&[u8]], message: &str, best: &mut Place) -> Res<()> {
    let file = messages::file(ev, raw.file)?;
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

/// Searches a tree of option values for a level, by identity; returns whether it was found.
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
        if below.is_attrs() && !is_type(ev, below, b"option")? {
            path.push(entry.name);
            if level_path(ev, below, values, wanted, path)? {
                return Ok(true);
            }
            path.pop();
        }
    }
    Ok(false)
}

/// The names that an expression selects after the missing one, as far as they are plain names.
fn names_behind(ev: &Evaluator, e: &Error, name: &[u8]) -> Vec<String> {
    names_at(ev, e.data().pos).skip_while(|part| part.as_bytes() != name).skip(1).collect()
}
