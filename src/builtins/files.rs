//! Files: importing and reading.

use super::import_derivation::import_derivation;
use super::reading::{self, exists, kind_of};
use super::realise::{real_path, references_in};
use crate::eval::{Builtin, Error, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::host::shown;
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new("import", &["path"], "The value of the Nix expression in a file.", |ev, args, pos| {
        let [path] = exactly(args);
        let path = real_path(ev, path, pos)?;
        match import_derivation(ev, &path)? {
            Some(set) => Ok(set),
            None => ev.import(&path),
        }
    }),
    Builtin::new(
        "scopedImport",
        &["scope", "path"],
        "Like import, with the attributes of a set in scope.",
        |ev, args, pos| {
            let [scope, path] = exactly(args);
            let path = real_path(ev, path, pos)?;
            if let Some(set) = import_derivation(ev, &path)? {
                return Ok(set);
            }
            let doing = "while evaluating the first argument passed to builtins.scopedImport";
            let scope = ev.force_attrs(scope, pos, doing)?;
            ev.scoped_import(scope, &path)
        },
    ),
    Builtin::new("readFile", &["path"], "The contents of a file.", read_file),
    Builtin::new("readDir", &["path"], "The entries of a directory and their types.", read_dir),
    Builtin::new("readFileType", &["p"], "The type of the file at a path.", |ev, args, pos| {
        let [p] = exactly(args);
        let kind = kind_of(ev, &real_path(ev, p, pos)?)?;
        Ok(Value::symbol(ev.intern(kind.name())?))
    }),
    Builtin::new("pathExists", &["path"], "Whether something is at a path.", path_exists),
];

fn read_file(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [path] = exactly(args);
    let path = real_path(ev, path, pos)?;
    let text = reading::read_file(ev, &path)?;
    if text.contains(&0) {
        let path = shown(&path);
        let message = format!("the contents of the file '{path}' cannot be represented as a Nix string");
        return Err(Error::eval(message));
    }
    let context = references_in(ev, &path, &text)?;
    Ok(ev.mem.string(&text, context)?)
}

fn read_dir(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [path] = exactly(args);
    let path = real_path(ev, path, pos)?;
    let entries = reading::read_dir(ev, &path)?;
    let mut set = AttrsBuilder::with_capacity(entries.len());
    for (name, kind) in entries {
        set.push(ev.mem.heap.intern(&name)?, Value::symbol(ev.intern(kind.name())?));
    }
    Ok(ev.mem.attrs(set)?)
}

fn path_exists(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [path] = exactly(args);
    let v = ev.force_at(path, pos)?;
    // A string that ends in `/` or `/.` must name a directory. Paths are normalised and never end that way.
    let directory = v.is_string() && {
        let text = ev.mem.text(v);
        text.ends_with(b"/") || text.ends_with(b"/.")
    };
    let path = real_path(ev, path, pos)?;
    Ok(Value::bool(exists(ev, &path, directory)?))
}
