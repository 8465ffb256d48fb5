//! How the tables of the native library describe what it consists of.

use crate::eval::{Builtin, BuiltinFn, Evaluator, Formals, Res};
use crate::value::Value;

/// The names of one namespace of `lib`.
pub struct Table {
    /// The namespace: `strings` for `lib.strings`, `path.subpath` for one inside another; empty for names that are
    /// only in `lib` itself.
    pub namespace: &'static str,
    /// What is in it.
    pub entries: &'static [Entry],
}

/// A name in `lib`.
pub struct Entry {
    /// The name.
    pub name: &'static str,
    /// Whether it is also in `lib` itself.
    pub top: bool,
    /// What it is.
    pub kind: Kind,
}

/// What a name stands for.
pub enum Kind {
    /// A function written in Rust.
    Native(Builtin),
    /// The built-in function of this name.
    Builtin(&'static str),
    /// Anything else, computed when it is first looked at.
    Computed(fn(&Evaluator) -> Res<Value>),
}

impl Entry {
    /// The same, also in `lib` itself.
    pub const fn top(mut self) -> Entry {
        self.top = true;
        self
    }
}

/// A function that takes these arguments.
pub const fn function(name: &'static str, args: &'static [&'static str], run: BuiltinFn) -> Entry {
    Entry { name, top: false, kind: Kind::Native(Builtin::hidden(name, args, run)) }
}

/// A function that takes some of its arguments with set patterns.
pub const fn pattern(
    name: &'static str,
    args: &'static [&'static str],
    formals: &'static [Formals],
    run: BuiltinFn,
) -> Entry {
    Entry { name, top: false, kind: Kind::Native(Builtin::hidden(name, args, run).with_formals(formals)) }
}

/// The built-in function of this name.
pub const fn builtin(name: &'static str) -> Entry {
    Entry { name, top: false, kind: Kind::Builtin(name) }
}

/// The built-in function `of` under another name.
pub const fn alias(name: &'static str, of: &'static str) -> Entry {
    Entry { name, top: false, kind: Kind::Builtin(of) }
}

/// A value that is computed when it is first looked at.
pub const fn computed(name: &'static str, run: fn(&Evaluator) -> Res<Value>) -> Entry {
    Entry { name, top: false, kind: Kind::Computed(run) }
}

/// `{ }:`, the pattern of a first argument that has no attributes.
pub const EMPTY_PATTERN: Formals = Formals { arg: 0, names: &[], ellipsis: false };
