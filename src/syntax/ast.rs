//! The checked syntax tree: what Nix's own parser makes of a source text, with the same desugaring.
//!
//! `a - b` is a call of `__sub`, `a.b = 1; a.c = 2;` is one nested set, and indented strings are stripped.
//! Variables are not resolved yet.
//!
//! A tree is independent of the evaluation it is for: its names are numbers of its own, and its positions are
//! relative ([`Source::absolute`](crate::source::Source::absolute)). So any thread can make it ahead of time.

use std::fmt;
use std::marker::PhantomData;

use hashbrown::HashMap;

use super::names::{Name, Names};
use crate::source::Pos;

/// Index of an expression in its [`Ast`].
pub type Id = u32;

/// A range of one of the lists in an [`Ast`].
pub struct Span<T> {
    start: u32,
    len: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Span<T> {
    fn clone(&self) -> Span<T> {
        *self
    }
}

impl<T> Copy for Span<T> {}

impl<T> fmt::Debug for Span<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}", self.start, self.len)
    }
}

impl<T: Copy> Span<T> {
    /// Adds `items` to a list.
    fn of(list: &mut Vec<T>, items: &[T]) -> Span<T> {
        let start = list.len() as u32;
        list.extend_from_slice(items);
        Span { start, len: items.len() as u32, of: PhantomData }
    }

    fn get(self, list: &[T]) -> &[T] {
        &list[self.start as usize..][..self.len as usize]
    }
}

/// The expressions of one source text.
#[derive(Debug, Default)]
pub struct Ast {
    exprs: Vec<Expr>,
    /// The contents of expressions, in one list for each kind.
    texts: Vec<u8>,
    ids: Vec<Id>,
    attrs: Vec<Attr>,
    parts: Vec<(Pos, Id)>,
    /// The names in it.
    pub names: Names,
    /// The whole text's expression.
    pub root: Id,
    /// Nix's warnings.
    pub warnings: Vec<Warning>,
}

/// A warning about a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The message.
    pub message: String,
    /// The position, relative to the text.
    pub pos: Pos,
    /// Whether the lines around the position are shown.
    pub lines: bool,
}

/// What a path literal is relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathBase {
    /// Nothing: the path is absolute and normalised.
    Root,
    /// The folder of the text; the path is as written.
    Folder,
    /// The user's home directory; the path is what follows the tilde.
    Home,
}

/// An expression.
#[derive(Debug)]
pub enum Expr {
    /// An integer literal.
    Int(i64),
    /// A float literal.
    Float(f64),
    /// A string without interpolations, or a URI.
    Str(Span<u8>),
    /// A path. May end in a slash when an interpolation follows.
    Path(PathBase, Span<u8>),
    /// A variable.
    Var(Pos, Name),
    /// `__curPos`.
    CurPos(Pos),
    /// `base.a.b or default`.
    Select {
        /// Start of `base`.
        pos: Pos,
        /// The set.
        base: Id,
        /// At least one name.
        path: Span<Attr>,
        /// The expression after `or`.
        default: Option<Id>,
    },
    /// `base ? a.b`.
    HasAttr {
        /// The set.
        base: Id,
        /// At least one name.
        path: Span<Attr>,
    },
    /// `{ … }` or `rec { … }`.
    Attrs(Box<Bindings>),
    /// `[ … ]`.
    List(Span<Id>),
    /// A function.
    Lambda(Box<Lambda>),
    /// `fun args…`.
    Call {
        /// Start of the application, or the operator.
        pos: Pos,
        /// The function.
        fun: Id,
        /// At least one argument.
        args: Span<Id>,
    },
    /// `let … in body`.
    Let {
        /// Never with dynamic attributes.
        bindings: Box<Bindings>,
        /// The body.
        body: Id,
    },
    /// `with attrs; body`.
    With {
        /// Start of the expression.
        pos: Pos,
        /// The set.
        attrs: Id,
        /// The body.
        body: Id,
    },
    /// `if cond then yes else no`.
    If {
        /// Start of the expression.
        pos: Pos,
        /// The condition.
        cond: Id,
        /// The value if it holds.
        yes: Id,
        /// The value if it does not hold.
        no: Id,
    },
    /// `assert cond; body`.
    Assert {
        /// Start of the expression.
        pos: Pos,
        /// The condition.
        cond: Id,
        /// The body.
        body: Id,
    },
    /// `! e`.
    Not(Id),
    /// Operators that are not calls.
    Binary {
        /// The operator.
        op: Op,
        /// The operator's position.
        pos: Pos,
        /// Left operand.
        left: Id,
        /// Right operand.
        right: Id,
    },
    /// `"…${e}…"`, `a + b`, paths with interpolations.
    Concat {
        /// First part, or the operator of `+`.
        pos: Pos,
        /// Whether the result must be a string.
        string: bool,
        /// The parts with their positions.
        parts: Span<(Pos, Id)>,
    },
    /// The set after `inherit`, by its index in [`Bindings::from`].
    InheritFrom(Pos, usize),
}

/// Binary operators that have nodes of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `->`
    Impl,
    /// `//`
    Update,
    /// `++`
    Concat,
}

/// A name in an attribute path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Attr {
    /// `a` or `"a"`.
    Name(Name),
    /// `${e}` or `"…${e}…"`.
    Dynamic(Id),
}

/// How an attribute was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttrKind {
    /// `a = e;`
    Plain,
    /// `inherit a;`
    Inherited,
    /// `inherit (e) a;`
    InheritedFrom,
}

/// The definition of an attribute with a constant name.
#[derive(Debug, Clone, Copy)]
pub struct AttrDef {
    /// Its name.
    pub name: Name,
    /// Where it is defined.
    pub pos: Pos,
    /// Its value.
    pub value: Id,
    /// How it was written.
    pub kind: AttrKind,
}

/// The definition of an attribute whose name is computed.
#[derive(Debug, Clone, Copy)]
pub struct DynamicDef {
    /// The name.
    pub name: Id,
    /// The value.
    pub value: Id,
    /// Where it is defined.
    pub pos: Pos,
}

/// The definitions of a set or `let`.
#[derive(Debug, Default)]
pub struct Bindings {
    /// Whether the attributes see each other (`rec`, `let`).
    pub recursive: bool,
    /// Start of the set.
    pub pos: Pos,
    /// Attributes with constant names, in order of definition.
    pub attrs: Vec<AttrDef>,
    /// Attributes with computed names.
    pub dynamic: Vec<DynamicDef>,
    /// The sets of `inherit (e) …`.
    pub from: Vec<Id>,
    /// The index of each name in `attrs`, built once there are many.
    index: Index,
}

/// The index for [`Bindings::find`]; all its information is in `attrs` as well.
#[derive(Default)]
struct Index(Option<HashMap<Name, usize>>);

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_")
    }
}

impl Bindings {
    /// Starts without definitions.
    pub fn new(recursive: bool, pos: Pos) -> Bindings {
        Bindings { recursive, pos, ..Bindings::default() }
    }

    /// The index of the attribute called `name` in `attrs`.
    pub fn find(&self, name: Name) -> Option<usize> {
        match &self.index.0 {
            Some(index) => index.get(&name).copied(),
            None => self.attrs.iter().position(|a| a.name == name),
        }
    }

    /// Adds a definition; its name must be new.
    pub fn insert(&mut self, def: AttrDef) {
        const INDEX_FROM: usize = 16;
        self.attrs.push(def);
        let last = self.attrs.len() - 1;
        match &mut self.index.0 {
            Some(index) => {
                index.insert(def.name, last);
            }
            None if last >= INDEX_FROM => {
                self.index.0 = Some(self.attrs.iter().enumerate().map(|(i, a)| (a.name, i)).collect());
            }
            None => {}
        }
    }

    /// Takes out all definitions.
    pub fn take(&mut self) -> (Vec<AttrDef>, Vec<DynamicDef>, Vec<Id>) {
        self.index.0 = None;
        (std::mem::take(&mut self.attrs), std::mem::take(&mut self.dynamic), std::mem::take(&mut self.from))
    }
}

/// A function.
#[derive(Debug)]
pub struct Lambda {
    /// Start of the function.
    pub pos: Pos,
    /// The attribute or variable it was bound to, for messages.
    pub name: Option<Name>,
    /// `x` of `x: …` or `x@{ … }: …`.
    pub arg: Option<Name>,
    /// `{ a, b ? c, ... }`.
    pub formals: Option<Formals>,
    /// The body.
    pub body: Id,
}

/// A set pattern.
#[derive(Debug)]
pub struct Formals {
    /// The names, in the order of the text.
    pub list: Vec<Formal>,
    /// Whether further attributes are allowed.
    pub ellipsis: bool,
}

/// A name in a set pattern.
#[derive(Debug, Clone, Copy)]
pub struct Formal {
    /// Where it is.
    pub pos: Pos,
    /// The name.
    pub name: Name,
    /// The expression after `?`.
    pub default: Option<Id>,
}

impl Ast {
    /// An empty tree with room for a text of `tokens` tokens.
    pub(super) fn with_room(tokens: usize) -> Ast {
        Ast {
            exprs: Vec::with_capacity(tokens / 2 + 2),
            texts: Vec::with_capacity(2 * tokens),
            ids: Vec::with_capacity(tokens / 6),
            attrs: Vec::with_capacity(tokens / 6),
            parts: Vec::with_capacity(tokens / 16),
            names: Names::with_capacity(tokens / 6),
            ..Ast::default()
        }
    }

    /// Adds a text.
    pub fn add_text(&mut self, text: &[u8]) -> Span<u8> {
        Span::of(&mut self.texts, text)
    }

    /// Interns a text as a name.
    pub fn intern_text(&mut self, text: Span<u8>) -> Name {
        self.names.intern(text.get(&self.texts))
    }

    /// Adds items of a list or arguments.
    pub fn add_ids(&mut self, ids: &[Id]) -> Span<Id> {
        Span::of(&mut self.ids, ids)
    }

    /// Adds an attribute path.
    pub fn add_path(&mut self, path: &[Attr]) -> Span<Attr> {
        Span::of(&mut self.attrs, path)
    }

    /// Adds the parts of a concatenation.
    pub fn add_parts(&mut self, parts: &[(Pos, Id)]) -> Span<(Pos, Id)> {
        Span::of(&mut self.parts, parts)
    }

    /// A text.
    pub fn text(&self, span: Span<u8>) -> &[u8] {
        span.get(&self.texts)
    }

    /// Items of a list, or arguments.
    pub fn ids(&self, span: Span<Id>) -> &[Id] {
        span.get(&self.ids)
    }

    /// The names of an attribute path.
    pub fn path(&self, span: Span<Attr>) -> &[Attr] {
        span.get(&self.attrs)
    }

    /// The parts of a concatenation.
    pub fn parts(&self, span: Span<(Pos, Id)>) -> &[(Pos, Id)] {
        span.get(&self.parts)
    }

    /// Adds arguments to a call; returns false if the expression is not a call.
    pub fn add_args(&mut self, call: Id, more: &[Id]) -> bool {
        let Expr::Call { args, .. } = &mut self.exprs[call as usize] else {
            return false;
        };
        let start = self.ids.len() as u32;
        self.ids.extend_from_within(args.start as usize..(args.start + args.len) as usize);
        self.ids.extend_from_slice(more);
        *args = Span { start, len: args.len + more.len() as u32, of: PhantomData };
        true
    }

    /// Adds an expression.
    pub fn add(&mut self, expr: Expr) -> Id {
        self.exprs.push(expr);
        (self.exprs.len() - 1) as Id
    }

    /// All expressions, inner ones before outer ones.
    pub fn exprs(&self) -> &[Expr] {
        &self.exprs
    }

    /// An expression.
    pub fn get(&self, id: Id) -> &Expr {
        &self.exprs[id as usize]
    }

    /// An expression, for changes.
    pub fn get_mut(&mut self, id: Id) -> &mut Expr {
        &mut self.exprs[id as usize]
    }

    /// The position of an expression in messages, as in Nix's `Expr::getPos`.
    pub fn pos(&self, mut id: Id) -> Pos {
        loop {
            match self.get(id) {
                Expr::Var(pos, _) | Expr::CurPos(pos) | Expr::InheritFrom(pos, _) => return *pos,
                Expr::Select { pos, .. }
                | Expr::Call { pos, .. }
                | Expr::With { pos, .. }
                | Expr::If { pos, .. }
                | Expr::Assert { pos, .. }
                | Expr::Binary { pos, .. }
                | Expr::Concat { pos, .. } => return *pos,
                Expr::Attrs(bindings) => return bindings.pos,
                Expr::Lambda(lambda) => return lambda.pos,
                Expr::Int(_) | Expr::Float(_) | Expr::Str(_) | Expr::Path(..) | Expr::Let { .. } => {
                    return Pos::NONE;
                }
                Expr::HasAttr { base, .. } => id = *base,
                Expr::Not(e) => id = *e,
                Expr::List(items) => match self.ids(*items).first() {
                    Some(first) => id = *first,
                    None => return Pos::NONE,
                },
            }
        }
    }

    /// Names a function after the attribute it is bound to; curried functions pass the name on.
    pub fn set_name(&mut self, mut id: Id, name: Name) {
        while let Expr::Lambda(lambda) = self.get_mut(id) {
            lambda.name = Some(name);
            id = lambda.body;
        }
    }
}
