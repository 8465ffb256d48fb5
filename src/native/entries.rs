//! The types of the tables that list the contents of the native library.

use crate::eval::{Builtin, BuiltinFn, Evaluator, Formals, Res};
use crate::value::Value;

/// The names of one namespace of `lib`.
pub struct Table {
    /// The namespace: `strings` for `lib.strings`, `path.subpath` for a nested one; empty for names that are only in
    /// `lib` itself.
    pub namespace: &'static str,
    /// Its names.
    pub entries: &'static [Entry],
}

/// A name in `lib`.
pub struct Entry {
    /// The name.
    pub name: &'static str,
    /// Whether it is also in `lib` itself.
    pub top: bool,
    /// Its meaning.
    pub kind: Kind,
}

/// The meaning of a name.
pub enum Kind {
    /// A function written in Rust.
    Native(Builtin),
    /// A function written in Rust that other native code passes around.
    Function(&'static Builtin),
    /// A function whose first argument is the `lib` in which the name is looked up.
    WithLib(&'static Builtin),
    /// The built-in function of this name.
    Builtin(&'static str),
    /// Any other value, computed on first use.
    Computed(fn(&Evaluator) -> Res<Value>),
    /// The same for values that depend on `lib`.
    ComputedWithLib(fn(&Evaluator, Value) -> Res<Value>),
}

impl Entry {
    /// The function written in Rust for which the name stands, if any.
    pub fn builtin(&'static self) -> Option<&'static Builtin> {
        match &self.kind {
            Kind::Native(builtin) => Some(builtin),
            Kind::Function(builtin) | Kind::WithLib(builtin) => Some(builtin),
            Kind::Builtin(_) | Kind::Computed(_) | Kind::ComputedWithLib(_) => None,
        }
    }

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

/// A function that other native code passes around.
pub const fn native(name: &'static str, builtin: &'static Builtin) -> Entry {
    Entry { name, top: false, kind: Kind::Function(builtin) }
}

/// A function whose first argument is `lib`.
pub const fn with_lib(name: &'static str, builtin: &'static Builtin) -> Entry {
    Entry { name, top: false, kind: Kind::WithLib(builtin) }
}

/// The built-in function of this name.
pub const fn builtin(name: &'static str) -> Entry {
    Entry { name, top: false, kind: Kind::Builtin(name) }
}

/// The built-in function `of` under another name.
pub const fn alias(name: &'static str, of: &'static str) -> Entry {
    Entry { name, top: false, kind: Kind::Builtin(of) }
}

/// A value that is computed on first use.
pub const fn computed(name: &'static str, run: fn(&Evaluator) -> Res<Value>) -> Entry {
    Entry { name, top: false, kind: Kind::Computed(run) }
}

/// A value that depends on `lib`.
pub const fn computed_with_lib(name: &'static str, run: fn(&Evaluator, Value) -> Res<Value>) -> Entry {
    Entry { name, top: false, kind: Kind::ComputedWithLib(run) }
}

/// `{ }:`, the pattern of a first argument without attributes.
pub const EMPTY_PATTERN: Formals = Formals { arg: 0, names: &[], ellipsis: false };
