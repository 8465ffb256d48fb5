//! `lib.path`: path values, and subpaths.

use crate::eval::{Error, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{Entry, Table, function, items, lossy, set_of, string, strings, throw};
use crate::source::Pos;
use crate::value::{Context, Type, Value, slot};

/// `lib.path`
pub static TABLE: Table = Table { namespace: "path", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    function("append", &["path", "subpath"], append),
    function("hasPrefix", &["path1", "path2"], has_prefix),
    function("removePrefix", &["path1", "path2"], remove_prefix),
    function("splitRoot", &["path"], split_root),
    function("hasStorePathPrefix", &["path"], has_store_path_prefix),
];

/// `lib.path.subpath`
pub static SUBPATH: Table = Table { namespace: "path.subpath", entries: SUBPATH_ENTRIES };

const SUBPATH_ENTRIES: &[Entry] = &[
    function("isValid", &["value"], is_valid),
    function("join", &["subpaths"], join),
    function("components", &["subpath"], components),
    function("normalise", &["subpath"], normalise),
];

/// `subpathInvalidReason v`: why a value is not a subpath.
fn invalid_reason(ev: &Evaluator, v: Value) -> Option<String> {
    if !v.is_string() {
        return Some(format!("The given value is of type {}, but a string was expected", v.type_of().name()));
    }
    let text = ev.mem.text(v);
    if text.is_empty() {
        return Some("The given string is empty".to_owned());
    }
    let shown = lossy(text);
    if text.starts_with(b"/") {
        return Some(format!(
            "The given string \"{shown}\" starts with a `/`, representing an absolute path"
        ));
    }
    text.split(|c| *c == b'/').any(|part| part == b"..").then(|| {
        format!("The given string \"{shown}\" contains a `..` component, which is not allowed in subpaths")
    })
}

/// The components of a path.
fn names(path: &[u8]) -> Vec<&[u8]> {
    path.split(|c| *c == b'/').filter(|part| !matches!(*part, b"" | b".")).collect()
}

/// A subpath of these components, in normal form.
fn joined(ev: &Evaluator, names: &[&[u8]]) -> Res<Value> {
    let joined = if names.is_empty() { b".".to_vec() } else { names.join(&b'/') };
    Ok(ev.mem.concat(&[b"./", &joined], Context::EMPTY)?)
}

/// An argument that must be a path; `which` begins the message, `end` ends it.
fn path<'a>(ev: &'a Evaluator, of: &Slot, which: &str, end: &str) -> Res<&'a [u8]> {
    let v = ev.force(of)?;
    match v.type_of() {
        Type::Path => Ok(ev.mem.text(v)),
        _ => Err(throw(format!("{which} is of type {}, but a path was expected{end}", v.type_of().name()))),
    }
}

#[cold]
fn not_a_subpath(which: &str, reason: &str) -> Error {
    throw(format!("{which} is not a valid subpath string:\n    {reason}"))
}

/// `lib.path.append`: a path with a subpath appended.
fn append(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [root, subpath] = exactly(args);
    path(ev, root, "lib.path.append: The first argument", "")?;
    let subpath = ev.force(subpath)?;
    if let Some(reason) = invalid_reason(ev, subpath) {
        return Err(not_a_subpath("lib.path.append: Second argument", &reason));
    }
    let below = slot(ev.mem.concat(&[b"/", ev.mem.text(subpath)], ev.mem.context(subpath))?);
    ev.plus(ev.force(root)?, &below)
}

/// `lib.path.hasPrefix`: whether a path equals another or is inside it.
fn has_prefix(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [outer, inner] = exactly(args);
    let outer = path(ev, outer, "lib.path.hasPrefix: First argument", "")?;
    let inner = path(ev, inner, "lib.path.hasPrefix: Second argument", "")?;
    Ok(Value::bool(names(inner).starts_with(&names(outer))))
}

/// `lib.path.removePrefix`: the subpath that leads from one path to another.
fn remove_prefix(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [outer, inner] = exactly(args);
    let outer = path(ev, outer, "lib.path.removePrefix: First argument", ".")?;
    let inner = path(ev, inner, "lib.path.removePrefix: Second argument", ".")?;
    let inside = names(inner);
    match inside.strip_prefix(&names(outer)[..]) {
        Some(rest) => joined(ev, rest),
        None => Err(throw(format!(
            "lib.path.removePrefix: The first path argument \"{}\" is not a component-wise prefix of the second path \
             argument \"{}\".",
            lossy(outer),
            lossy(inner)
        ))),
    }
}

/// `lib.path.splitRoot`: the filesystem root of a path, and the subpath from there.
fn split_root(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [whole] = exactly(args);
    let whole = path(ev, whole, "lib.path.splitRoot: Argument", "")?;
    set_of(ev, &[("root", ev.path_value(b"/")?), ("subpath", joined(ev, &names(whole))?)])
}

/// `lib.path.hasStorePathPrefix`: whether a path is a store path or inside one.
fn has_store_path_prefix(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [whole] = exactly(args);
    let whole = path(ev, whole, "lib.path.hasStorePathPrefix: Argument", "")?;
    let parts = names(whole);
    let store = names(ev.settings.store_dir.as_bytes());
    let in_store = parts
        .strip_prefix(&store[..])
        .and_then(|rest| rest.first())
        .is_some_and(|name| name.len() > 33 && name[32] == b'-');
    let hash = |c: &u8| c.is_ascii_digit() || c.is_ascii_lowercase();
    let placeholder = parts.first().is_some_and(|first| first.len() == 52 && first.iter().all(hash));
    Ok(Value::bool(in_store || placeholder))
}

/// `lib.path.subpath.isValid`: whether a value is a subpath.
fn is_valid(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [v] = exactly(args);
    Ok(Value::bool(invalid_reason(ev, ev.force(v)?).is_none()))
}

/// `lib.path.subpath.join`: several subpaths joined.
fn join(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [subpaths] = exactly(args);
    let mut all = Vec::new();
    for (i, subpath) in items(ev, subpaths)?.iter().enumerate() {
        let v = ev.force(subpath)?;
        if let Some(reason) = invalid_reason(ev, v) {
            return Err(not_a_subpath(&format!("lib.path.subpath.join: Element at index {i}"), &reason));
        }
        all.extend(names(ev.mem.text(v)));
    }
    joined(ev, &all)
}

/// The components of an argument that must be a subpath.
fn subpath<'a>(ev: &'a Evaluator, of: &Slot, function: &str) -> Res<Vec<&'a [u8]>> {
    match invalid_reason(ev, ev.force(of)?) {
        Some(reason) => Err(not_a_subpath(&format!("lib.path.subpath.{function}: Argument"), &reason)),
        None => Ok(names(ev.mem.text(string(ev, of)?))),
    }
}

/// `lib.path.subpath.components`: the components of a subpath.
fn components(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [of] = exactly(args);
    strings(ev, &subpath(ev, of, "components")?, Context::EMPTY)
}

/// `lib.path.subpath.normalise`: a subpath in normal form.
fn normalise(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [of] = exactly(args);
    joined(ev, &subpath(ev, of, "normalise")?)
}
