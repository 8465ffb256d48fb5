//! Builds syntax trees for both parsers: literals, operators, calls.

use rnix::SyntaxKind::{self, *};

use smallvec::SmallVec;

use super::ast::{Ast, Attr, Expr, Id, Op, PathBase};
use super::error::ParseError;
use super::floats::{float_literal, integer_literal};
use super::lex::Token;
use super::names::Name;
use super::options::ParseOptions;
use super::paths::normalise_literal;
use super::strings::{Part, indented_part, strip_indentation, unescape};
use crate::host::shown;
use crate::source::{self, Pos};

pub(super) type R<T> = Result<T, ParseError>;

/// A part of a string or path literal.
pub(super) enum Piece {
    Text(Token),
    Expr(Pos, Id),
}

/// A syntax tree under construction.
pub(super) struct Builder<'a> {
    pub(super) text: &'a [u8],
    origin: &'a str,
    pub(super) options: ParseOptions,
    pub(super) ast: Ast,
}

/// The relative position of a byte offset.
pub(super) fn relative(offset: usize) -> Pos {
    Pos(offset as u32 + 1)
}

pub(super) fn is_path(kind: SyntaxKind) -> bool {
    matches!(kind, TOKEN_PATH_ABS | TOKEN_PATH_REL | TOKEN_PATH_HOME)
}

impl<'a> Builder<'a> {
    pub(super) fn new(text: &'a [u8], tokens: usize, origin: &'a str, options: ParseOptions) -> Builder<'a> {
        Builder { text, origin, options, ast: Ast::with_room(tokens) }
    }

    pub(super) fn error_at(&self, offset: usize, message: impl Into<String>) -> ParseError {
        ParseError::new(message, relative(offset))
    }

    pub(super) fn text_of(&self, token: Token) -> &'a [u8] {
        &self.text[token.start as usize..token.end as usize]
    }

    pub(super) fn intern(&mut self, name: &[u8]) -> Name {
        self.ast.names.intern(name)
    }

    /// The position of a definition, as messages show it.
    pub(super) fn place(&self, pos: Pos) -> String {
        let (line, column) = source::line_column(self.text, pos.0 - relative(0).0);
        format!("{}:{line}:{column}", self.origin)
    }

    /// A number, path, search path or URL.
    pub(super) fn literal(&mut self, token: Token) -> R<Id> {
        let at = token.start as usize;
        let text = self.text_of(token);
        let shown = || shown(text);
        let expr = match token.kind {
            TOKEN_INTEGER => match integer_literal(&shown()) {
                Some(n) => Expr::Int(n),
                None => return Err(self.error_at(at, format!("invalid integer '{}'", shown()))),
            },
            TOKEN_FLOAT => match float_literal(&shown()) {
                Some(n) => Expr::Float(n),
                None => return Err(self.error_at(at, format!("invalid float '{}'", shown()))),
            },
            TOKEN_PATH_SEARCH => return Ok(self.search_path(token)),
            kind if is_path(kind) => self.path_literal(token)?,
            _ => {
                self.lint_url(token, &shown())?;
                Expr::Str(self.ast.add_text(text))
            }
        };
        Ok(self.ast.add(expr))
    }

    /// `<name>` is `__findFile __nixPath "name"`.
    fn search_path(&mut self, token: Token) -> Id {
        let text = self.text_of(token);
        let (find, path) = (self.intern(b"__findFile"), self.intern(b"__nixPath"));
        let find = self.ast.add(Expr::Var(Pos::NONE, find));
        let path = self.ast.add(Expr::Var(Pos::NONE, path));
        let name = self.ast.add_text(&text[1..text.len() - 1]);
        let name = self.ast.add(Expr::Str(name));
        let args = self.ast.add_ids(&[path, name]);
        self.ast.add(Expr::Call { pos: relative(token.start as usize), fun: find, args })
    }

    /// A string that begins with the token `start`.
    pub(super) fn string(&mut self, start: Token, pieces: &[Piece]) -> Expr {
        let indented = self.text_of(start) != b"\"";
        match pieces {
            [] => return Expr::Str(self.ast.add_text(b"")),
            // Most strings are like this.
            [Piece::Text(token)] if !indented => {
                let text = unescape(self.text_of(*token));
                return Expr::Str(self.ast.add_text(&text));
            }
            _ => {}
        }
        let only_text = pieces.iter().all(|p| matches!(p, Piece::Text(_)));
        let pos = match (indented, pieces.first()) {
            (false, Some(Piece::Text(t))) => relative(t.start as usize),
            (false, Some(Piece::Expr(pos, _))) => *pos,
            _ => relative(start.start as usize),
        };
        let mut parts: Vec<Part<'_, (Pos, Id)>> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            parts.push(match piece {
                Piece::Expr(pos, id) => Part::Expr((*pos, *id)),
                Piece::Text(token) => {
                    let text = self.text_of(*token);
                    if indented { indented_part(text) } else { Part::Text(unescape(text), false) }
                }
            });
        }
        if indented {
            parts = strip_indentation(parts);
        }
        match parts.as_slice() {
            [] => return Expr::Str(self.ast.add_text(b"")),
            [Part::Text(text, _)] if indented || only_text => {
                return Expr::Str(self.ast.add_text(text));
            }
            [Part::Expr((_, only))] if indented && matches!(self.ast.get(*only), Expr::Str(_)) => {
                return std::mem::replace(self.ast.get_mut(*only), Expr::Int(0));
            }
            _ => {}
        }
        let parts = parts.into_iter().map(|part| match part {
            Part::Text(text, _) => {
                let text = self.ast.add_text(&text);
                (pos, self.ast.add(Expr::Str(text)))
            }
            Part::Expr(e) => e,
        });
        let parts: SmallVec<[(Pos, Id); 8]> = parts.collect();
        let parts = self.ast.add_parts(&parts);
        Expr::Concat { pos, string: true, parts }
    }

    /// A path with interpolations, which begins at `pos`.
    pub(super) fn path(&mut self, pos: Pos, pieces: &[Piece]) -> R<Id> {
        let mut parts: SmallVec<[(Pos, Id); 8]> = SmallVec::new();
        for piece in pieces {
            parts.push(match piece {
                Piece::Expr(pos, id) => (*pos, *id),
                Piece::Text(token) => {
                    let expr = match parts.is_empty() {
                        true => self.path_literal(*token)?,
                        false => Expr::Str(self.ast.add_text(self.text_of(*token))),
                    };
                    (relative(token.start as usize), self.ast.add(expr))
                }
            });
        }
        let parts = self.ast.add_parts(&parts);
        Ok(self.ast.add(Expr::Concat { pos, string: false, parts }))
    }

    /// A path literal, or the first part of one with interpolations, which keeps its last slash.
    fn path_literal(&mut self, token: Token) -> R<Expr> {
        self.lint_path(token)?;
        let text = self.text_of(token);
        match text {
            [b'/', ..] => Ok(Expr::Path(PathBase::Root, self.ast.add_text(&normalise_literal(text)))),
            [b'~', rest @ ..] if self.options.home => Ok(Expr::Path(PathBase::Home, self.ast.add_text(rest))),
            [b'~', ..] => {
                let text = shown(text);
                let message = format!("the path '{text}' can not be resolved in pure mode");
                Err(ParseError::new(message, Pos::NONE))
            }
            _ => Ok(Expr::Path(PathBase::Folder, self.ast.add_text(text))),
        }
    }

    /// A call of a global function.
    fn call(&mut self, pos: Pos, name: &str, args: [Id; 2]) -> Id {
        let name = self.intern(name.as_bytes());
        let fun = self.ast.add(Expr::Var(Pos::NONE, name));
        let args = self.ast.add_ids(&args);
        self.ast.add(Expr::Call { pos, fun, args })
    }

    /// The expression of an operator and its operands.
    pub(super) fn operator(&mut self, kind: SyntaxKind, pos: Pos, left: (Pos, Id), right: (Pos, Id)) -> Id {
        let (l, r) = (left.1, right.1);
        let op = match kind {
            TOKEN_EQUAL => Op::Eq,
            TOKEN_NOT_EQUAL => Op::Ne,
            TOKEN_AND_AND => Op::And,
            TOKEN_OR_OR => Op::Or,
            TOKEN_IMPLICATION => Op::Impl,
            TOKEN_UPDATE => Op::Update,
            TOKEN_CONCAT => Op::Concat,
            TOKEN_ADD => {
                let parts = self.ast.add_parts(&[left, right]);
                return self.ast.add(Expr::Concat { pos, string: false, parts });
            }
            TOKEN_SUB => return self.call(pos, "__sub", [l, r]),
            TOKEN_MUL => return self.call(pos, "__mul", [l, r]),
            TOKEN_DIV => return self.call(pos, "__div", [l, r]),
            TOKEN_LESS => return self.call(pos, "__lessThan", [l, r]),
            TOKEN_MORE => return self.call(pos, "__lessThan", [r, l]),
            TOKEN_LESS_OR_EQ | TOKEN_MORE_OR_EQ => {
                let args = if kind == TOKEN_LESS_OR_EQ { [r, l] } else { [l, r] };
                let less = self.call(pos, "__lessThan", args);
                return self.ast.add(Expr::Not(less));
            }
            TOKEN_PIPE_LEFT => return self.pipe(pos, l, r),
            _ => return self.pipe(pos, r, l),
        };
        self.ast.add(Expr::Binary { op, pos, left: l, right: r })
    }

    fn pipe(&mut self, pos: Pos, fun: Id, arg: Id) -> Id {
        self.apply(pos, fun, &[arg])
    }

    /// `fun args…`, where `fun` begins at `pos`. As in Nix, a call in parentheses is extended by the
    /// arguments.
    pub(super) fn apply(&mut self, pos: Pos, fun: Id, args: &[Id]) -> Id {
        if self.ast.add_args(fun, args) {
            return fun;
        }
        let args = self.ast.add_ids(args);
        self.ast.add(Expr::Call { pos, fun, args })
    }

    /// `fun or`, where `or` is a variable. Unlike in `apply`, a call in parentheses is not extended.
    pub(super) fn call_with_or(&mut self, pos: Pos, fun: Id, or: Id) -> Id {
        let args = self.ast.add_ids(&[or]);
        self.ast.add(Expr::Call { pos, fun, args })
    }

    /// Whether an expression is a call.
    pub(super) fn is_call(&self, e: Id) -> bool {
        matches!(self.ast.get(e), Expr::Call { .. })
    }

    /// `- e`.
    pub(super) fn negate(&mut self, pos: Pos, e: Id) -> Id {
        let zero = self.ast.add(Expr::Int(0));
        self.call(pos, "__sub", [zero, e])
    }

    /// The old form `let { … }`, with its set. Nix gives it no position.
    pub(super) fn legacy_let(&mut self, set: Id) -> Id {
        let body = self.intern(b"body");
        let path = self.ast.add_path(&[Attr::Name(body)]);
        self.ast.add(Expr::Select { pos: Pos::NONE, base: set, path, default: None })
    }

    /// A string or `${…}` as an attribute name.
    pub(super) fn name_of(&mut self, string: Expr) -> Attr {
        match string {
            Expr::Str(name) => Attr::Name(self.ast.intern_text(name)),
            dynamic => Attr::Dynamic(self.ast.add(dynamic)),
        }
    }

    /// `${e}` as an attribute name: `${"a"}` is the same as `a`.
    pub(super) fn computed_name(&mut self, e: Id) -> Attr {
        let Expr::Str(name) = self.ast.get(e) else {
            return Attr::Dynamic(e);
        };
        let name = *name;
        Attr::Name(self.ast.intern_text(name))
    }
}
