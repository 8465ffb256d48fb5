//! Expressions as Nix prints them (`--parse`, failed assertions).

use super::ast::{Ast, Attr, AttrKind, Bindings, Expr, Id, Op, PathBase};
use super::floats::print_float;
use super::names::Name;
use crate::host::shown;
use crate::source::Pos;

/// Prints an expression the way `nix-instantiate --parse` does; paths that are not absolute stay [marked](resolve).
pub fn show(ast: &Ast, id: Id) -> Vec<u8> {
    let mut shower = Shower { ast, out: Vec::new(), most: usize::MAX };
    shower.expr(id);
    shower.out
}

/// Like [`show`], but `None` if the result has more than `most` bytes.
pub fn show_short(ast: &Ast, id: Id, most: usize) -> Option<Vec<u8>> {
    let mut shower = Shower { ast, out: Vec::new(), most };
    shower.expr(id);
    (shower.out.len() <= most).then_some(shower.out)
}

/// The condition of the assertion at `pos`.
pub fn show_assertion(ast: &Ast, pos: Pos) -> Option<Vec<u8>> {
    ast.exprs().iter().find_map(|e| match e {
        Expr::Assert { pos: at, cond, .. } if *at == pos => Some(show(ast, *cond)),
        _ => None,
    })
}

/// Surrounds a path that is still to be resolved. No expression contains this byte.
const MARK: u8 = 0;

/// Fills in the marked paths in a result of [`show`].
pub fn resolve(text: &[u8], mut path: impl FnMut(PathBase, &[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for (i, part) in text.split(|c| *c == MARK).enumerate() {
        match part {
            _ if i % 2 == 0 => out.extend_from_slice(part),
            [b'~', rest @ ..] => out.extend(path(PathBase::Home, rest)),
            _ => out.extend(path(PathBase::Folder, part)),
        }
    }
    out
}

/// An attribute path as messages show it.
pub(super) fn show_path(ast: &Ast, path: &[Attr]) -> String {
    let mut shower = Shower { ast, out: Vec::new(), most: usize::MAX };
    shower.path(path);
    shown(&shower.out).into_owned()
}

/// The computed name at `index` in the path of `n` names that is selected at `pos`.
pub fn show_computed_name(ast: &Ast, pos: Pos, n: usize, index: usize) -> Option<String> {
    ast.exprs().iter().find_map(|e| match e {
        Expr::Select { pos: at, path, .. } if *at == pos && ast.path(*path).len() == n => {
            match &ast.path(*path)[index] {
                name @ Attr::Dynamic(_) => Some(show_path(ast, std::slice::from_ref(name))),
                Attr::Name(_) => None,
            }
        }
        _ => None,
    })
}

/// Whether a text is an identifier, not a keyword.
pub fn is_identifier(text: &[u8]) -> bool {
    const KEYWORDS: &[&[u8]] =
        &[b"if", b"then", b"else", b"assert", b"with", b"let", b"in", b"rec", b"inherit"];
    let mut chars = text.iter();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || *c == b'_')
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'\'' | b'-'))
        && !KEYWORDS.contains(&text)
}

/// A name, quoted if it is not an identifier.
pub fn show_name(name: &[u8]) -> Vec<u8> {
    if is_identifier(name) { name.to_vec() } else { quote(name) }
}

/// A string literal.
pub(crate) fn quote(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 2);
    out.push(b'"');
    for (i, &c) in text.iter().enumerate() {
        match c {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', c]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'$' if text.get(i + 1) == Some(&b'{') => out.extend_from_slice(b"\\$"),
            c => out.push(c),
        }
    }
    out.push(b'"');
    out
}

struct Shower<'a> {
    ast: &'a Ast,
    out: Vec<u8>,
    /// The length of result that is still of use.
    most: usize,
}

impl Shower<'_> {
    fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn name(&mut self, name: Name) {
        let name = show_name(self.ast.names.get(name));
        self.out.extend(name);
    }

    fn path(&mut self, path: &[Attr]) {
        for (i, attr) in path.iter().enumerate() {
            if i > 0 {
                self.put(".");
            }
            match attr {
                Attr::Name(name) => self.name(*name),
                Attr::Dynamic(e) => self.wrap("\"${", *e, "}\""),
            }
        }
    }

    fn wrap(&mut self, before: &str, id: Id, after: &str) {
        self.put(before);
        self.expr(id);
        self.put(after);
    }

    fn binary(&mut self, left: Id, op: &str, right: Id) {
        self.wrap("(", left, " ");
        self.put(op);
        self.wrap(" ", right, ")");
    }

    fn expr(&mut self, id: Id) {
        if self.out.len() > self.most {
            return;
        }
        let ast = self.ast;
        match ast.get(id) {
            Expr::Int(n) => self.put(&n.to_string()),
            Expr::Float(n) => self.put(&print_float(*n)),
            Expr::Str(s) => self.out.extend(quote(ast.text(*s))),
            Expr::Path(PathBase::Root, path) => self.out.extend_from_slice(ast.text(*path)),
            Expr::Path(base, path) => {
                self.out.push(MARK);
                if *base == PathBase::Home {
                    self.out.push(b'~');
                }
                self.out.extend_from_slice(ast.text(*path));
                self.out.push(MARK);
            }
            Expr::Var(_, name) => self.name(*name),
            Expr::CurPos(_) => self.put("__curPos"),
            Expr::InheritFrom(..) => self.put("(/* expanded inherit (expr) */)"),
            Expr::Select { base, path, default, .. } => {
                self.wrap("(", *base, ").");
                self.path(ast.path(*path));
                if let Some(default) = default {
                    self.wrap(" or (", *default, ")");
                }
            }
            Expr::HasAttr { base, path } => {
                self.wrap("((", *base, ") ? ");
                self.path(ast.path(*path));
                self.put(")");
            }
            Expr::Attrs(bindings) => {
                self.put(if bindings.recursive { "rec { " } else { "{ " });
                self.bindings(bindings);
                self.put("}");
            }
            Expr::List(items) => {
                self.put("[ ");
                for item in ast.ids(*items) {
                    self.wrap("(", *item, ") ");
                }
                self.put("]");
            }
            Expr::Lambda(lambda) => {
                self.put("(");
                if let Some(formals) = &lambda.formals {
                    self.put("{ ");
                    let mut list: Vec<_> = formals.list.iter().collect();
                    list.sort_by_key(|f| self.ast.names.get(f.name));
                    for (i, formal) in list.iter().enumerate() {
                        if i > 0 {
                            self.put(", ");
                        }
                        self.name(formal.name);
                        if let Some(default) = formal.default {
                            self.wrap(" ? ", default, "");
                        }
                    }
                    if formals.ellipsis {
                        self.put(if list.is_empty() { "..." } else { ", ..." });
                    }
                    self.put(" }");
                    if lambda.arg.is_some() {
                        self.put(" @ ");
                    }
                }
                if let Some(arg) = lambda.arg {
                    self.name(arg);
                }
                self.wrap(": ", lambda.body, ")");
            }
            Expr::Call { fun, args, .. } => {
                self.wrap("(", *fun, "");
                for arg in ast.ids(*args) {
                    self.wrap(" ", *arg, "");
                }
                self.put(")");
            }
            Expr::Let { bindings, body } => {
                self.put("(let ");
                self.bindings(bindings);
                self.wrap("in ", *body, ")");
            }
            Expr::With { attrs, body, .. } => {
                self.wrap("(with ", *attrs, "; ");
                self.wrap("", *body, ")");
            }
            Expr::If { cond, yes, no, .. } => {
                self.wrap("(if ", *cond, " then ");
                self.wrap("", *yes, " else ");
                self.wrap("", *no, ")");
            }
            Expr::Assert { cond, body, .. } => {
                self.wrap("assert ", *cond, "; ");
                self.expr(*body);
            }
            Expr::Not(e) => self.wrap("(! ", *e, ")"),
            Expr::Binary { op, left, right, .. } => {
                let op = match op {
                    Op::Eq => "==",
                    Op::Ne => "!=",
                    Op::And => "&&",
                    Op::Or => "||",
                    Op::Impl => "->",
                    Op::Update => "//",
                    Op::Concat => "++",
                };
                self.binary(*left, op, *right);
            }
            Expr::Concat { parts, .. } => {
                self.put("(");
                for (i, (_, part)) in ast.parts(*parts).iter().enumerate() {
                    self.wrap(if i > 0 { " + " } else { "" }, *part, "");
                }
                self.put(")");
            }
        }
    }

    fn bindings(&mut self, bindings: &Bindings) {
        let mut sorted: Vec<_> = bindings.attrs.iter().collect();
        sorted.sort_by_key(|a| self.ast.names.get(a.name));
        let inherited: Vec<_> = sorted.iter().filter(|a| a.kind == AttrKind::Inherited).collect();
        if !inherited.is_empty() {
            self.put("inherit");
            for attr in inherited {
                self.put(" ");
                self.name(attr.name);
            }
            self.put("; ");
        }
        for (i, from) in bindings.from.iter().enumerate() {
            let names: Vec<_> = sorted.iter().filter(|a| self.source_of(a.value) == Some(i)).collect();
            if names.is_empty() {
                continue;
            }
            self.wrap("inherit (", *from, ")");
            for attr in names {
                self.put(" ");
                self.name(attr.name);
            }
            self.put("; ");
        }
        for attr in sorted.iter().filter(|a| a.kind == AttrKind::Plain) {
            self.name(attr.name);
            self.wrap(" = ", attr.value, "; ");
        }
        for attr in &bindings.dynamic {
            self.wrap("\"${", attr.name, "}\" = ");
            self.wrap("", attr.value, "; ");
        }
    }

    /// Which set an `inherit (e) name` takes its value from.
    fn source_of(&self, value: Id) -> Option<usize> {
        match self.ast.get(value) {
            Expr::Select { base, .. } => match self.ast.get(*base) {
                Expr::InheritFrom(_, index) => Some(*index),
                _ => None,
            },
            _ => None,
        }
    }
}
