//! The tree of options: sets of options, at whose leaves are the options.

use crate::eval::{Evaluator, Res, best_matches};
use crate::heap::Sym;
use crate::native::is_type;
use crate::value::{Entry, Value};

/// Where a path leads.
pub enum Found {
    /// To an option: this many names of the path lead to it, the others lead into its value.
    Option {
        /// The option, a set with `_type = "option"`.
        option: Value,
        /// How many of the path's names lead to it.
        names: usize,
    },
    /// To a set of options.
    Set(Value),
    /// Nowhere.
    Missing {
        /// The names that exist, before the first one that does not.
        names: usize,
        /// Names in its place that look like it.
        near: Vec<String>,
    },
}

/// Follows a path through a tree of options.
pub fn find(ev: &Evaluator, options: Value, path: &[Sym]) -> Res<Found> {
    let mut level = options;
    for (i, name) in path.iter().enumerate() {
        let Some(slot) = level.is_attrs().then(|| ev.mem.get(level, *name)).flatten() else {
            let entries = if level.is_attrs() { ev.mem.entries(level) } else { Vec::new() };
            let names = entries.iter().map(|entry| ev.mem.heap.name(entry.name));
            return Ok(Found::Missing { names: i, near: best_matches(names, ev.mem.heap.name(*name)) });
        };
        level = ev.force(slot)?;
        if is_type(ev, level, b"option")? {
            return Ok(Found::Option { option: level, names: i + 1 });
        }
    }
    Ok(Found::Set(level))
}

/// Receives the path of an option, and the option or why its declaration cannot be evaluated.
pub type Visit<'a> = &'a mut dyn FnMut(&[Sym], Res<Value>) -> Res<()>;

/// Visits every option of a tree, in the order of the names' texts. `path` is where the tree is; it is as before
/// afterwards. A level or an option that cannot be evaluated is visited as an error.
pub fn each(ev: &Evaluator, tree: Value, path: &mut Vec<Sym>, visit: Visit<'_>) -> Res<()> {
    let _depth = ev.enter(crate::source::Pos::NONE)?;
    for Entry { name, slot, .. } in ev.mem.entries_by_name(tree) {
        // nixpkgs up to 20.03 keeps the names of all definitions among the options.
        if name == sym!("_module") || ev.mem.heap.name(name) == b"_definedNames" {
            continue;
        }
        path.push(name);
        let below = ev.force(slot).and_then(|v| Ok((v, is_type(ev, v, b"option")?)));
        match below {
            Ok((option, true)) => visit(path, Ok(option))?,
            Ok((level, false)) if level.is_attrs() => each(ev, level, path, visit)?,
            Ok(_) => {}
            Err(e) => visit(path, Err(e))?,
        }
        path.pop();
    }
    Ok(())
}
