//! Values that are written out, so that `flake.nix` can be read without evaluating anything.

use crate::source::{Pos, Source};
use crate::syntax::ast::{Ast, Bindings, Expr, Formals, Id, PathBase};

/// A value, as far as its text says it.
pub enum Written<'a> {
    /// A string.
    Text(&'a [u8]),
    /// A Boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A path: what it is relative to, and its text.
    Path(PathBase, &'a [u8]),
    /// A set without computed names.
    Set(&'a Bindings),
    /// A function, and its set pattern.
    Function(Option<&'a Formals>),
    /// A list.
    List(&'a [Id]),
    /// A float.
    Float,
    /// `null`.
    Null,
    /// Something that has to be evaluated.
    Thunk,
}

/// A parsed file.
pub struct File<'a> {
    /// Its text.
    pub source: &'a Source,
    /// Its tree.
    pub ast: &'a Ast,
}

impl<'a> File<'a> {
    /// What is written at a place of the tree.
    pub fn written(&self, id: Id) -> Written<'a> {
        let ast = self.ast;
        match ast.get(id) {
            Expr::Str(text) => Written::Text(ast.text(*text)),
            Expr::Int(n) => Written::Int(*n),
            Expr::Float(_) => Written::Float,
            Expr::Path(base @ (PathBase::Root | PathBase::Folder), text) => {
                Written::Path(*base, ast.text(*text))
            }
            Expr::Attrs(bindings) if bindings.dynamic.is_empty() => Written::Set(bindings),
            Expr::Lambda(lambda) => Written::Function(lambda.formals.as_ref()),
            Expr::List(items) => Written::List(ast.ids(*items)),
            Expr::Var(_, name) => match ast.names.get(*name) {
                b"true" => Written::Bool(true),
                b"false" => Written::Bool(false),
                b"null" => Written::Null,
                _ => Written::Thunk,
            },
            _ => Written::Thunk,
        }
    }

    /// The position of an attribute.
    pub fn pos(&self, relative: Pos) -> Pos {
        self.source.absolute(relative)
    }
}

impl Written<'_> {
    /// The type in messages. Sets, lists and functions count as evaluated only where Nix looks at them.
    pub fn type_name(&self) -> &'static str {
        match self {
            Written::Text(_) => "a string",
            Written::Bool(_) => "a Boolean",
            Written::Int(_) => "an integer",
            Written::Path(..) => "a path",
            Written::Set(_) => "a set",
            Written::Function(_) => "a function",
            Written::List(_) => "a list",
            Written::Float => "a float",
            Written::Null => "null",
            Written::Thunk => "a thunk",
        }
    }

    /// The same where Nix does not evaluate anything.
    pub fn unforced_type_name(&self) -> &'static str {
        match self {
            Written::Set(_) => "a thunk",
            Written::List(items) if !items.is_empty() => "a thunk",
            other => other.type_name(),
        }
    }
}
