//! The values of options as one JSON text: a tree cut down to what was asked for, with marks where values failed.

use std::collections::BTreeMap;

use crate::builtins::{Problem, quote_json, to_json_with_gaps};
use crate::eval::{Error, Evaluator, PrintOptions, Res, best_matches, print_value};
use crate::heap::Slot;
use crate::host::printable;
use crate::source::Pos;
use crate::syntax::show_name;
use crate::value::{Value, slot};

/// Which part of a tree is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All of it.
    All,
    /// Only these attributes (or list elements, by number).
    Some(BTreeMap<Vec<u8>, Selection>),
}

impl Selection {
    /// The selection of some paths; no paths at all mean everything. A path includes what lies below it.
    pub fn of(paths: &[Vec<Vec<u8>>]) -> Selection {
        let mut all = Selection::Some(BTreeMap::new());
        for path in paths {
            all.add(path);
        }
        if paths.is_empty() { Selection::All } else { all }
    }

    fn add(&mut self, path: &[Vec<u8>]) {
        let Selection::Some(children) = self else {
            return;
        };
        match path {
            [] => *self = Selection::All,
            [first, rest @ ..] => {
                children.entry(first.clone()).or_insert_with(|| Selection::Some(BTreeMap::new())).add(rest);
            }
        }
    }
}

/// How values are printed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// The first failure ends it all.
    pub strict: bool,
}

/// The text, and how many values failed.
#[derive(Debug)]
pub struct Written {
    /// JSON on one line.
    pub json: Vec<u8>,
    /// Number of values whose evaluation failed.
    pub failures: usize,
}

/// Prints the selected part of a tree. A value that fails, or is a function, becomes
/// `{"_nival": …, "message": …, "at": …}`.
///
/// # Errors
/// A selected attribute that does not exist; with [`Options::strict`] the first failure.
pub fn write_options(ev: &Evaluator, tree: Value, selection: &Selection, options: Options) -> Res<Written> {
    let mut writer = Writer { ev, options, failures: 0, path: Vec::new() };
    let mut json = Vec::new();
    writer.part(&slot(tree), selection, Pos::NONE, &mut json)?;
    Ok(Written { json, failures: writer.failures })
}

struct Writer<'a> {
    ev: &'a Evaluator,
    options: Options,
    failures: usize,
    path: Vec<Vec<u8>>,
}

impl<'a> Writer<'a> {
    fn part(&mut self, value: &Slot, selection: &Selection, pos: Pos, out: &mut Vec<u8>) -> Res<()> {
        let children = match selection {
            Selection::All => return self.whole(value, pos, out),
            Selection::Some(children) => children,
        };
        let forced = match self.ev.force_at(value, pos) {
            Ok(v) => v,
            // `whole` meets the same error and marks it.
            Err(_) => return self.whole(value, pos, out),
        };
        out.push(b'{');
        for (i, (name, below)) in children.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            quote_json(out, name)?;
            out.push(b':');
            self.path.push(name.clone());
            let (child, pos) = self.step(forced, name)?;
            self.part(child, below, pos, out)?;
            self.path.pop();
        }
        out.push(b'}');
        Ok(())
    }

    fn step(&self, v: Value, name: &[u8]) -> Res<(&'a Slot, Pos)> {
        let ev = self.ev;
        if v.is_list()
            && let Some(i) = std::str::from_utf8(name).ok().and_then(|n| n.parse::<usize>().ok())
            && let Some(item) = ev.mem.items(v).get(i)
        {
            return Ok((item, Pos::NONE));
        }
        if v.is_attrs()
            && let Some(name) = ev.mem.heap.interned(name)
            && let Some(entry) = ev.mem.get_entry(v, name)
        {
            return Ok((entry.slot, entry.pos));
        }
        let path: Vec<_> = self.path.iter().map(|p| String::from_utf8_lossy(p)).collect();
        Err(Error::eval(format!("there is no option '{}'", path.join("."))).suggest(self.near(v, name)))
    }

    /// The paths of options beside the current one whose names are like its own.
    fn near(&self, v: Value, name: &[u8]) -> Vec<String> {
        let ev = self.ev;
        let entries = if v.is_attrs() { ev.mem.entries(v) } else { Vec::new() };
        let names = best_matches(entries.iter().map(|e| ev.mem.heap.name(e.name)), name);
        let parents = &self.path[..self.path.len().saturating_sub(1)];
        let path = |name: String| {
            let names = parents.iter().map(Vec::as_slice).chain(std::iter::once(name.as_bytes()));
            let shown: Vec<Vec<u8>> = names.map(show_name).collect();
            String::from_utf8_lossy(&shown.join(&b'.')).into_owned()
        };
        names.into_iter().map(path).collect()
    }

    fn whole(&mut self, value: &Slot, pos: Pos, out: &mut Vec<u8>) -> Res<()> {
        let (ev, strict) = (self.ev, self.options.strict);
        let failures = &mut self.failures;
        to_json_with_gaps(ev, value, pos, out, &mut |problem, pos| match problem {
            Problem::Error(e) if strict => Err(e.clone()),
            Problem::Error(e) => {
                *failures += 1;
                error_mark(ev, e, pos)
            }
            Problem::Function(f) => {
                let (function, held) = ev.underlying_function(f);
                let at = ev.function_pos(function, held);
                if strict {
                    return Err(Error::type_error("cannot convert a function to JSON").at(at));
                }
                mark(ev, "function", &print_value(ev, f, &PrintOptions::ERROR), at)
            }
            Problem::Cycle(levels) => {
                let noun = if levels == 1 { "level" } else { "levels" };
                let message = format!("the value contains itself: it is the one {levels} {noun} further up");
                if strict {
                    return Err(Error::eval(message).at(pos));
                }
                *failures += 1;
                mark(ev, "cycle", &message, pos)
            }
        })
    }
}

fn error_mark(ev: &Evaluator, e: &Error, pos: Pos) -> Res<Vec<u8>> {
    let data = e.data();
    let traced = data.traces.iter().map(|t| t.pos).find(|p| p.is_some());
    let at = if data.pos.is_some() { data.pos } else { traced.unwrap_or(pos) };
    mark(ev, "error", &printable(&data.message), at)
}

fn mark(ev: &Evaluator, kind: &str, message: &str, at: Pos) -> Res<Vec<u8>> {
    let mut out = b"{\"_nival\":".to_vec();
    quote_json(&mut out, kind.as_bytes())?;
    out.extend_from_slice(b",\"at\":");
    match ev.sources.place(at) {
        Some(_) => quote_json(&mut out, ev.place_text(at).as_bytes())?,
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(b",\"message\":");
    quote_json(&mut out, message.as_bytes())?;
    out.push(b'}');
    Ok(out)
}
