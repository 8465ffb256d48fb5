//! Option values as JSON: the selected part of a tree, with marks where values failed.

use std::collections::BTreeMap;

use super::marks::{Mark, Options, Place, mark};
use crate::builtins::{quote_json, to_json_with_gaps};
use crate::eval::{Error, Evaluator, Res, best_matches};
use crate::heap::Slot;
use crate::options::step;
use crate::source::Pos;
use crate::syntax::show_name;
use crate::value::{Value, slot};

/// The selected part of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All of it.
    All,
    /// Only these attributes (or list elements, by index).
    Some(BTreeMap<Vec<u8>, Selection>),
}

impl Selection {
    /// The selection of some paths and everything below them; without paths, everything.
    pub fn of(paths: &[Vec<Vec<u8>>]) -> Selection {
        if paths.is_empty() { Selection::All } else { Selection::only(paths) }
    }

    /// The selection of some paths and everything below them; without paths, nothing.
    pub fn only(paths: &[Vec<Vec<u8>>]) -> Selection {
        let mut all = Selection::Some(BTreeMap::new());
        for path in paths {
            all.add(path);
        }
        all
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

/// The JSON, and what to report about it.
#[derive(Debug)]
pub struct Written {
    /// JSON on one line.
    pub json: Vec<u8>,
    /// The marks in it.
    pub marks: Vec<Mark>,
    /// Selected attributes that do not exist, one message each.
    pub missing: Vec<Error>,
}

impl Written {
    /// The number of values whose evaluation failed.
    pub fn failures(&self) -> usize {
        self.marks.iter().filter(|mark| mark.is_failure()).count()
    }
}

/// Prints the selected part of a tree. A value that fails, or is a function, becomes `{"_nival": …,
/// "message": …, "at": …}`. A selected attribute that does not exist is omitted and reported.
///
/// # Errors
/// With [`Options::strict`], the first failure.
pub fn write_options(ev: &Evaluator, tree: Value, selection: &Selection, options: Options) -> Res<Written> {
    let mut writer = Writer { ev, options, marks: Vec::new(), missing: Vec::new(), path: Vec::new() };
    let mut json = Vec::new();
    writer.part(&slot(tree), selection, Pos::NONE, &mut json)?;
    Ok(Written { json, marks: writer.marks, missing: writer.missing })
}

struct Writer<'a> {
    ev: &'a Evaluator,
    options: Options,
    marks: Vec<Mark>,
    missing: Vec<Error>,
    path: Vec<Vec<u8>>,
}

impl<'a> Writer<'a> {
    /// Prints a part of the tree. Returns whether there was anything to print.
    fn part(&mut self, value: &Slot, selection: &Selection, pos: Pos, out: &mut Vec<u8>) -> Res<bool> {
        let children = match selection {
            Selection::All => return self.whole(value, pos, out).map(|()| true),
            Selection::Some(children) => children,
        };
        let forced = match self.ev.force_at(value, pos) {
            Ok(v) => v,
            // `whole` meets the same error and marks it.
            Err(_) => return self.whole(value, pos, out).map(|()| true),
        };
        out.push(b'{');
        let begin = out.len();
        for (name, below) in children {
            self.path.push(name.clone());
            match self.step(forced, name) {
                Ok((child, pos)) => {
                    let before = out.len();
                    if before > begin {
                        out.push(b',');
                    }
                    quote_json(out, name)?;
                    out.push(b':');
                    if !self.part(child, below, pos, out)? {
                        out.truncate(before);
                    }
                }
                Err(e) if self.options.strict => return Err(e),
                Err(e) => self.missing.push(e),
            }
            self.path.pop();
        }
        out.push(b'}');
        Ok(out.len() > begin + 1)
    }

    fn step(&self, v: Value, name: &[u8]) -> Res<(&'a Slot, Pos)> {
        let ev = self.ev;
        if let Some(found) = step(ev, v, name) {
            return Ok(found);
        }
        let path: Vec<_> = self.path.iter().map(|p| String::from_utf8_lossy(p)).collect();
        Err(Error::eval(format!("there is no option '{}'", path.join("."))).suggest(self.near(v, name)))
    }

    /// The paths of sibling options with similar names.
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
        let Writer { ev, options, marks, path, .. } = self;
        to_json_with_gaps(ev, value, pos, out, &mut |problem, pos, inner| {
            let mark = mark(ev, *options, &Place { outer: path, inner }, problem, pos)?;
            let text = mark.json()?;
            marks.push(mark);
            Ok(text)
        })
    }
}
