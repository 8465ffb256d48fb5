//! Finds where the tree's `lib` defines the functions that native ones replace. Messages that print a
//! function name that position, as in Nix. Nothing here runs before a message is printed.

use super::namespaces;
use crate::eval::{Builtin, Evaluator};
use crate::modules::evaluation::tree_lib;
use crate::modules::types::Services;
use crate::native::{Entry, ID, Kind, Table, set_of};
use crate::nixpkgs;
use crate::source::Pos;
use crate::value::{Tag, Value};

/// A sample argument for a function that makes types, used to get a type for inspection.
enum Sample {
    Int,
    Text,
    NoList,
    NoSet,
    Function,
    /// `{ message = ""; }`
    Message,
    /// `{ modules = [ ]; }`
    NoModules,
}

/// Functions that make types, with sample arguments.
const MAKERS: &[(&str, &[Sample])] = &[
    ("addCheck", &[Sample::Int, Sample::Function]),
    ("attrListOf", &[Sample::Int]),
    ("attrTag", &[Sample::NoSet]),
    ("attrsOf", &[Sample::Int]),
    ("coercedTo", &[Sample::Int, Sample::Function, Sample::Int]),
    ("deferredModuleWith", &[Sample::NoSet]),
    ("either", &[Sample::Int, Sample::Int]),
    ("enum", &[Sample::NoList]),
    ("functionTo", &[Sample::Int]),
    ("listOf", &[Sample::Int]),
    ("nonEmptyListOf", &[Sample::Int]),
    ("nullOr", &[Sample::Int]),
    ("pathWith", &[Sample::NoSet]),
    ("separatedString", &[Sample::Text]),
    ("strMatching", &[Sample::Text]),
    ("submoduleWith", &[Sample::NoModules]),
    ("uniq", &[Sample::Int]),
    ("unique", &[Sample::Message, Sample::Int]),
];

/// The tree's own function that a native one replaces, if there is a tree and the function can be found.
pub(super) fn counterpart(ev: &Evaluator, builtin: &'static Builtin) -> Option<Value> {
    let own = tree_lib(ev)?;
    match nixpkgs::TABLES.iter().chain(&namespaces::TABLES).find_map(|table| place_in(table, builtin)) {
        Some((namespace, name)) => {
            let space = namespace.split('.').filter(|name| !name.is_empty());
            below(ev, own, space.chain([name]))
        }
        None => in_types(ev, below(ev, own, ["types"].into_iter())?, builtin),
    }
}

/// The namespace and the name of a function, if a table has it.
fn place_in(table: &Table, builtin: &'static Builtin) -> Option<(&'static str, &'static str)> {
    let is = |own: &&'static Builtin| std::ptr::eq(*own, builtin);
    let entry = table.entries.iter().find(|entry| entry.builtin().filter(is).is_some())?;
    Some((table.namespace, entry.name))
}

/// `set.a.b…`; `None` if that fails.
fn below<'a>(ev: &Evaluator, set: Value, path: impl Iterator<Item = &'a str>) -> Option<Value> {
    let mut value = set;
    for name in path {
        if !value.is_attrs() {
            return None;
        }
        value = ev.force(ev.attribute(value, ev.intern(name).ok()?, Pos::NONE).ok()?).ok()?;
    }
    Some(value)
}

/// The names of the types that are not functions.
fn plain_names() -> impl Iterator<Item = &'static str> {
    let plain = |entry: &&Entry| {
        matches!(entry.kind, Kind::Computed(_) | Kind::ComputedWithLib(_))
            && !matches!(entry.name, "fileset" | "ints" | "noCheckForDocsModule" | "numbers" | "types")
    };
    namespaces::types().filter(plain).map(|entry| entry.name)
}

/// A native type, or a function that makes types.
fn native_type(ev: &Evaluator, name: &str) -> Option<Value> {
    (Services::of(ev).ok()?.lookup)(ev, name).ok()?
}

/// Searches the types for a function: compares each native type with the tree's type of the same name.
fn in_types(ev: &Evaluator, own: Value, builtin: &'static Builtin) -> Option<Value> {
    let plain = plain_names().find_map(|name| {
        let native = native_type(ev, name)?;
        in_type(ev, native, below(ev, own, [name].into_iter())?, builtin)
    });
    plain.or_else(|| {
        MAKERS.iter().find_map(|(name, samples)| {
            let native = native_type(ev, name)?;
            let theirs = below(ev, own, [*name].into_iter())?;
            let int = below(ev, own, ["int"].into_iter())?;
            let native = made(ev, native, samples, native_type(ev, "int")?)?;
            in_type(ev, native, made(ev, theirs, samples, int)?, builtin)
        })
    })
}

/// The type that a function makes from sample arguments.
fn made(ev: &Evaluator, function: Value, samples: &[Sample], int: Value) -> Option<Value> {
    let set = |name, value| set_of(ev, &[(name, value)]).ok();
    let mut args = Vec::with_capacity(samples.len());
    for sample in samples {
        args.push(match sample {
            Sample::Int => int,
            Sample::Text => Value::symbol(sym!("")),
            Sample::NoList => Value::EMPTY_LIST,
            Sample::NoSet => Value::EMPTY_SET,
            Sample::Function => ev.builtin(&ID),
            Sample::Message => set("message", Value::symbol(sym!("")))?,
            Sample::NoModules => set("modules", Value::EMPTY_LIST)?,
        });
    }
    ev.call(function, &args, Pos::NONE).ok()
}

/// The tree's function at the path where the native type has this one.
fn in_type(ev: &Evaluator, native: Value, own: Value, builtin: &'static Builtin) -> Option<Value> {
    const PATHS: [&[&str]; 10] = [
        &["check"],
        &["merge"],
        &["getSubOptions"],
        &["substSubModules"],
        &["typeMerge"],
        &["check", "__functor"],
        &["merge", "__functor"],
        &["merge", "v2"],
        &["functor", "type"],
        &["functor", "binOp"],
    ];
    PATHS.iter().find_map(|path| {
        let (function, _) = ev.underlying_function(below(ev, native, path.iter().copied())?);
        let same = function.tag() == Tag::Builtin && std::ptr::eq(ev.builtin_of(function), builtin);
        if same { below(ev, own, path.iter().copied()) } else { None }
    })
}
