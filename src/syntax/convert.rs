//! From rnix's tree to the checked syntax tree.

use rnix::{NixLanguage, SyntaxKind, SyntaxKind::*};
use rowan::{GreenNodeData, Language, NodeOrToken};

use super::ast::{Ast, Attr, AttrDef, AttrKind, Bindings, Expr, Formal, Formals, Id, Lambda, Op, PathBase};
use super::floats::{float_literal, integer_literal};
use super::lex::{Lexed, Token, tokenize};
use super::names::Name;
use super::strings::{Part, indented_part, strip_indentation, unescape};
use super::{ParseError, ParseOptions, wording};
use crate::source::{self, Pos};

/// A node of rnix's tree with the offset of its first byte in the skeleton.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) green: &'a GreenNodeData,
    pub(super) start: usize,
}

#[derive(Clone, Copy)]
enum Child<'a> {
    Node(SyntaxKind, Node<'a>),
    Token(SyntaxKind, usize),
}

impl<'a> Node<'a> {
    pub(super) fn kind(self) -> SyntaxKind {
        NixLanguage::kind_from_raw(self.green.kind())
    }

    /// Children but white space.
    fn children(self) -> impl Iterator<Item = Child<'a>> {
        let mut at = self.start;
        self.green.children().filter_map(move |child| {
            let start = at;
            let kind = NixLanguage::kind_from_raw(child.kind());
            match child {
                NodeOrToken::Node(green) => {
                    at += usize::from(green.text_len());
                    Some(Child::Node(kind, Node { green, start }))
                }
                NodeOrToken::Token(token) => {
                    at += usize::from(token.text_len());
                    (kind != TOKEN_WHITESPACE).then_some(Child::Token(kind, start))
                }
            }
        })
    }

    fn nodes(self) -> impl Iterator<Item = Node<'a>> {
        self.children().filter_map(|c| match c {
            Child::Node(_, node) => Some(node),
            Child::Token(..) => None,
        })
    }
}

pub(super) type R<T> = Result<T, ParseError>;

/// A part of a string or path literal.
enum Piece {
    Text(Token),
    Expr(Pos, Id),
}

fn is_path(kind: SyntaxKind) -> bool {
    matches!(kind, TOKEN_PATH_ABS | TOKEN_PATH_REL | TOKEN_PATH_HOME)
}

pub(super) struct Converter<'a> {
    pub(super) text: &'a [u8],
    origin: &'a str,
    lexed: &'a Lexed,
    pub(super) options: ParseOptions,
    pub(super) ast: Ast,
}

/// The relative position of a byte offset.
pub(super) fn relative(offset: usize) -> Pos {
    Pos(offset as u32 + 1)
}

/// Lexes, parses and converts a source text.
pub(super) fn convert(text: &[u8], origin: &str, options: ParseOptions) -> R<Ast> {
    let lexed = tokenize(text, options.pipes);
    let parsed = rnix::Root::parse(&lexed.skeleton);
    if let Some(error) = wording::first_error(text, &lexed, parsed.errors()) {
        return Err(error);
    }
    let tree = parsed.syntax();
    let green = tree.green();
    let mut converter = Converter { text, origin, lexed: &lexed, options, ast: Ast::default() };
    let root = Node { green, start: 0 };
    converter.ast.root = match root.nodes().next() {
        Some(node) => converter.expr(node)?,
        None => return Err(converter.error_at(text.len(), "syntax error, unexpected end of file")),
    };
    Ok(converter.ast)
}

impl<'a> Converter<'a> {
    fn error_at(&self, offset: usize, message: impl Into<String>) -> ParseError {
        ParseError { message: message.into(), pos: relative(offset) }
    }

    /// An error at a place of the skeleton.
    fn error(&self, at: usize, message: impl Into<String>) -> ParseError {
        self.error_at(self.token(at).start as usize, message)
    }

    /// The number of the token that a place of the skeleton stands for.
    fn token_index(&self, at: usize) -> usize {
        self.lexed.token_at.get(at).map_or(0, |i| *i as usize)
    }

    pub(super) fn token(&self, at: usize) -> Token {
        const NONE: Token = Token { kind: TOKEN_ERROR, start: 0, end: 0 };
        self.lexed.tokens.get(self.token_index(at)).copied().unwrap_or(NONE)
    }

    fn pos_at(&self, at: usize) -> Pos {
        relative(self.token(at).start as usize)
    }

    fn pos(&self, node: Node<'_>) -> Pos {
        self.pos_at(node.start)
    }

    pub(super) fn text_of(&self, token: Token) -> &'a [u8] {
        &self.text[token.start as usize..token.end as usize]
    }

    fn intern(&mut self, name: &[u8]) -> Name {
        self.ast.names.intern(name)
    }

    /// Where a definition is, as messages name it.
    pub(super) fn place(&self, pos: Pos) -> String {
        let (line, column) = source::line_column(self.text, pos.0 - relative(0).0);
        format!("{}:{line}:{column}", self.origin)
    }

    fn expr(&mut self, node: Node<'_>) -> R<Id> {
        match node.kind() {
            NODE_PAREN => match node.nodes().next() {
                Some(inner) => self.expr(inner),
                None => Err(self.error(node.start, "syntax error, unexpected ')'")),
            },
            NODE_IDENT => {
                let name = self.ident(node)?;
                Ok(self.ast.add(Expr::Var(self.pos(node), name)))
            }
            NODE_CUR_POS => Ok(self.ast.add(Expr::CurPos(self.pos(node)))),
            NODE_LITERAL => self.literal(node),
            NODE_STRING if is_path(self.token(node.start).kind) => self.path(node),
            NODE_STRING => {
                let string = self.string(node)?;
                Ok(self.ast.add(string))
            }
            NODE_APPLY => self.apply(node),
            NODE_SELECT => self.select(node),
            NODE_HAS_ATTR => self.has_attr(node),
            NODE_UNARY_OP => self.unary(node),
            NODE_BIN_OP => self.binary(node),
            NODE_LAMBDA => self.lambda(node),
            NODE_LET_IN => self.let_in(node),
            NODE_LEGACY_LET => {
                let set = self.set(node, true)?;
                let path = Box::new([Attr::Name(self.intern(b"body"))]);
                Ok(self.ast.add(Expr::Select { pos: self.pos(node), base: set, path, default: None }))
            }
            NODE_ATTR_SET => {
                let recursive =
                    node.children().next().is_some_and(|c| matches!(c, Child::Token(TOKEN_REC, ..)));
                self.set(node, recursive)
            }
            NODE_LIST => {
                let mut items = Vec::new();
                for item in node.nodes() {
                    items.push(self.select_operand(item)?);
                }
                Ok(self.ast.add(Expr::List(items.into())))
            }
            NODE_WITH => {
                let [attrs, body] = self.parts(node)?;
                Ok(self.ast.add(Expr::With { pos: self.pos(node), attrs, body }))
            }
            NODE_ASSERT => {
                let [cond, body] = self.parts(node)?;
                Ok(self.ast.add(Expr::Assert { pos: self.pos(node), cond, body }))
            }
            NODE_IF_ELSE => {
                let [cond, yes, no] = self.parts(node)?;
                Ok(self.ast.add(Expr::If { pos: self.pos(node), cond, yes, no }))
            }
            _ => Err(self.error(node.start, "syntax error")),
        }
    }

    /// The expressions that a node consists of.
    fn parts<const N: usize>(&mut self, node: Node<'_>) -> R<[Id; N]> {
        let mut out = [0; N];
        let mut nodes = node.nodes();
        for slot in &mut out {
            match nodes.next() {
                Some(part) => *slot = self.expr(part)?,
                None => return Err(self.error(node.start, "syntax error")),
            }
        }
        Ok(out)
    }

    /// An expression in a place where Nix allows no function; rnix does.
    pub(super) fn operand(&mut self, node: Node<'_>) -> R<Id> {
        if node.kind() == NODE_LAMBDA {
            let colon = node.children().find_map(|c| match c {
                Child::Token(TOKEN_COLON, start) => Some(start),
                _ => None,
            });
            return Err(self.error(colon.unwrap_or(node.start), "syntax error, unexpected ':'"));
        }
        self.expr(node)
    }

    fn ident(&mut self, node: Node<'_>) -> R<Name> {
        match node.children().next() {
            Some(Child::Token(_, start)) => {
                let text = self.text_of(self.token(start));
                Ok(self.intern(text))
            }
            _ => Err(self.error(node.start, "syntax error")),
        }
    }

    fn literal(&mut self, node: Node<'_>) -> R<Id> {
        let token = self.token(node.start);
        let text = String::from_utf8_lossy(self.text_of(token)).into_owned();
        let expr = match token.kind {
            TOKEN_INTEGER => match integer_literal(&text) {
                Some(n) => Expr::Int(n),
                None => return Err(self.error(node.start, format!("invalid integer '{text}'"))),
            },
            TOKEN_FLOAT => match float_literal(&text) {
                Some(n) => Expr::Float(n),
                None => return Err(self.error(node.start, format!("invalid float '{text}'"))),
            },
            TOKEN_PATH_SEARCH => return Ok(self.search_path(node)),
            kind if is_path(kind) => self.path_literal(token)?,
            _ => {
                self.lint_url(token, &text)?;
                Expr::Str(text.into_bytes().into())
            }
        };
        Ok(self.ast.add(expr))
    }

    /// `<name>` is `__findFile __nixPath "name"`.
    fn search_path(&mut self, node: Node<'_>) -> Id {
        let text = self.text_of(self.token(node.start));
        let name = text[1..text.len() - 1].into();
        let (find, path) = (self.intern(b"__findFile"), self.intern(b"__nixPath"));
        let find = self.ast.add(Expr::Var(Pos::NONE, find));
        let path = self.ast.add(Expr::Var(Pos::NONE, path));
        let name = self.ast.add(Expr::Str(name));
        self.ast.add(Expr::Call { pos: self.pos(node), fun: find, args: vec![path, name] })
    }

    /// The texts and interpolations of a string or interpolated path: tokens of text, and expressions with the
    /// position of their `${`.
    fn pieces(&mut self, node: Node<'_>) -> R<Vec<Piece>> {
        let mut pieces = Vec::new();
        let mut next = self.token_index(node.start);
        if !is_path(self.lexed.tokens[next].kind) {
            next += 1;
        }
        for child in node.nodes() {
            let start = self.token_index(child.start);
            pieces.extend(self.lexed.tokens[next..start].iter().map(|t| Piece::Text(*t)));
            let expr = self.interpolation(child)?;
            pieces.push(Piece::Expr(self.pos(child), expr));
            next = self.token_index(child.start + usize::from(child.green.text_len()) - 1) + 1;
        }
        let end = match self.token_index(node.start + usize::from(node.green.text_len()) - 1) {
            // The closing quote of a path stands for its last token.
            last if self.lexed.tokens[last].kind == TOKEN_STRING_END => last,
            last => last + 1,
        };
        if next < end {
            pieces.extend(self.lexed.tokens[next..end].iter().map(|t| Piece::Text(*t)));
        }
        Ok(pieces)
    }

    fn interpolation(&mut self, node: Node<'_>) -> R<Id> {
        match node.nodes().next() {
            Some(inner) => self.expr(inner),
            None => Err(self.error(node.start, "syntax error, unexpected '}'")),
        }
    }

    fn string(&mut self, node: Node<'_>) -> R<Expr> {
        let indented = self.text_of(self.token(node.start)) != b"\"";
        let pieces = self.pieces(node)?;
        let pos = match (indented, pieces.first()) {
            (false, Some(Piece::Text(t))) => relative(t.start as usize),
            (false, Some(Piece::Expr(pos, _))) => *pos,
            _ => self.pos(node),
        };
        let mut parts: Vec<Part<(Pos, Id)>> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            parts.push(match piece {
                Piece::Expr(pos, id) => Part::Expr((pos, id)),
                Piece::Text(token) => {
                    let text = self.text_of(token);
                    let part = if indented { indented_part(text) } else { Part::Text(unescape(text), false) };
                    self.refuse_null_bytes(&part, token)?;
                    part
                }
            });
        }
        if indented {
            parts = strip_indentation(parts);
        }
        let parts: Vec<(Pos, Id)> = parts
            .into_iter()
            .map(|part| match part {
                Part::Text(text, _) => (pos, self.ast.add(Expr::Str(text.into()))),
                Part::Expr(e) => e,
            })
            .collect();
        Ok(match parts.as_slice() {
            [] => Expr::Str(Box::default()),
            [(_, only)]
                if matches!(self.ast.get(*only), Expr::Str(_))
                    && (indented || node.nodes().next().is_none()) =>
            {
                std::mem::replace(self.ast.get_mut(*only), Expr::Int(0))
            }
            _ => Expr::Concat { pos, string: true, parts: parts.into() },
        })
    }

    fn refuse_null_bytes(&self, part: &Part<(Pos, Id)>, token: Token) -> R<()> {
        match part {
            Part::Text(text, _) if text.contains(&0) => {
                let shown = String::from_utf8_lossy(text).replace('\0', "␀");
                let message = format!(
                    "input string '{shown}' cannot be represented as Nix string because it contains null bytes"
                );
                Err(self.error_at(token.start as usize, message))
            }
            _ => Ok(()),
        }
    }

    /// A path with interpolations.
    fn path(&mut self, node: Node<'_>) -> R<Id> {
        let pieces = self.pieces(node)?;
        let mut parts: Vec<(Pos, Id)> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            parts.push(match piece {
                Piece::Expr(pos, id) => (pos, id),
                Piece::Text(token) => {
                    let expr = match parts.is_empty() {
                        true => self.path_literal(token)?,
                        false => Expr::Str(self.text_of(token).into()),
                    };
                    (relative(token.start as usize), self.ast.add(expr))
                }
            });
        }
        Ok(self.ast.add(Expr::Concat { pos: self.pos(node), string: false, parts: parts.into() }))
    }

    /// A path literal, or the first part of one with interpolations. A last slash stays: an interpolation follows it.
    fn path_literal(&mut self, token: Token) -> R<Expr> {
        self.lint_path(token)?;
        let text = self.text_of(token);
        match text {
            [b'/', ..] => Ok(Expr::Path(PathBase::Root, normalise_literal(text).into())),
            [b'~', rest @ ..] if self.options.home => Ok(Expr::Path(PathBase::Home, rest.into())),
            [b'~', ..] => {
                let text = String::from_utf8_lossy(text);
                let message = format!("the path '{text}' can not be resolved in pure mode");
                Err(ParseError { message, pos: Pos::NONE })
            }
            _ => Ok(Expr::Path(PathBase::Folder, text.into())),
        }
    }

    /// `f a b`: applications nest to the left, so the spine is walked in a loop.
    fn apply(&mut self, node: Node<'_>) -> R<Id> {
        let mut spine = Vec::new();
        let mut fun = node;
        while fun.kind() == NODE_APPLY {
            let mut nodes = fun.nodes();
            let (Some(inner), Some(arg)) = (nodes.next(), nodes.next()) else {
                return Err(self.error(fun.start, "syntax error"));
            };
            spine.push(arg);
            fun = inner;
        }
        let fun_id = self.operand(fun)?;
        let mut args = Vec::with_capacity(spine.len());
        for arg in spine.into_iter().rev() {
            args.push(match self.is_or(arg) {
                // Nix takes it for a variable that stands where the function does.
                true => {
                    let name = self.intern(b"or");
                    self.ast.add(Expr::Var(self.pos(fun), name))
                }
                false => self.select_operand(arg)?,
            });
        }
        // A call in parentheses takes the further arguments itself, as in Nix.
        if let Expr::Call { args: inner, .. } = self.ast.get_mut(fun_id) {
            inner.append(&mut args);
            return Ok(fun_id);
        }
        Ok(self.ast.add(Expr::Call { pos: self.pos(fun), fun: fun_id, args }))
    }

    fn select(&mut self, node: Node<'_>) -> R<Id> {
        let mut nodes = node.nodes();
        let (Some(base), Some(path)) = (nodes.next(), nodes.next()) else {
            return Err(self.error(node.start, "syntax error"));
        };
        let pos = self.pos(base);
        let base = self.operand(base)?;
        let path = self.attr_path(path)?.into();
        let default = nodes.next().map(|d| self.select_operand(d)).transpose()?;
        Ok(self.ast.add(Expr::Select { pos, base, path, default }))
    }

    fn has_attr(&mut self, node: Node<'_>) -> R<Id> {
        let mut nodes = node.nodes();
        let (Some(base), Some(path)) = (nodes.next(), nodes.next()) else {
            return Err(self.error(node.start, "syntax error"));
        };
        if base.kind() == NODE_HAS_ATTR {
            let question = node.children().find_map(|c| match c {
                Child::Token(TOKEN_QUESTION, start) => Some(start),
                _ => None,
            });
            return Err(self.error(question.unwrap_or(node.start), "syntax error, unexpected '?'"));
        }
        let base = self.operand(base)?;
        let path = self.attr_path(path)?.into();
        Ok(self.ast.add(Expr::HasAttr { base, path }))
    }

    fn attr_path(&mut self, node: Node<'_>) -> R<Vec<Attr>> {
        let mut path = Vec::new();
        for attr in node.nodes() {
            path.push(self.attr(attr)?);
        }
        if path.is_empty() {
            return Err(self.error(node.start, "syntax error"));
        }
        Ok(path)
    }

    fn attr(&mut self, node: Node<'_>) -> R<Attr> {
        match node.kind() {
            NODE_IDENT => Ok(Attr::Name(self.ident(node)?)),
            NODE_STRING if is_path(self.token(node.start).kind) => {
                Err(self.error(node.start, "syntax error, unexpected path"))
            }
            NODE_STRING if self.text_of(self.token(node.start)) != b"\"" => {
                let message = "syntax error, unexpected start of an indented string, \
                               expecting identifier or 'or' or '${' or '\"'";
                Err(self.error(node.start, message))
            }
            NODE_STRING => match self.string(node)? {
                Expr::Str(name) => Ok(Attr::Name(self.intern(&name))),
                dynamic => Ok(Attr::Dynamic(self.ast.add(dynamic))),
            },
            NODE_DYNAMIC => {
                let inner = self.interpolation(node)?;
                // `${"a"}` is as good as `a`.
                let Expr::Str(name) = self.ast.get(inner) else {
                    return Ok(Attr::Dynamic(inner));
                };
                let name = name.clone();
                Ok(Attr::Name(self.intern(&name)))
            }
            _ => Err(self.error(node.start, "syntax error")),
        }
    }

    fn call(&mut self, pos: Pos, name: &str, args: Vec<Id>) -> Id {
        let name = self.intern(name.as_bytes());
        let fun = self.ast.add(Expr::Var(Pos::NONE, name));
        self.ast.add(Expr::Call { pos, fun, args })
    }

    fn unary(&mut self, node: Node<'_>) -> R<Id> {
        let negate = matches!(node.children().next(), Some(Child::Token(TOKEN_SUB, _)));
        let Some(inner) = node.nodes().next() else {
            return Err(self.error(node.start, "syntax error"));
        };
        let inner = self.operand(inner)?;
        if negate {
            let zero = self.ast.add(Expr::Int(0));
            return Ok(self.call(self.pos(node), "__sub", vec![zero, inner]));
        }
        Ok(self.ast.add(Expr::Not(inner)))
    }

    /// Operators; chains that nest to the left are walked in a loop.
    fn binary(&mut self, node: Node<'_>) -> R<Id> {
        let mut spine = Vec::new();
        let mut left = node;
        while left.kind() == NODE_BIN_OP {
            let mut operator = None;
            let mut operands = [None, None];
            for child in left.children() {
                match child {
                    Child::Token(kind, start) => operator = Some((kind, start)),
                    Child::Node(_, n) if operator.is_none() => operands[0] = Some(n),
                    Child::Node(_, n) => operands[1] = Some(n),
                }
            }
            let (Some((kind, at)), [Some(l), Some(r)]) = (operator, operands) else {
                return Err(self.error(left.start, "syntax error"));
            };
            spine.push((kind, at, r));
            left = l;
        }
        let start = self.pos(left);
        let mut id = self.operand(left)?;
        for (kind, at, right) in spine.into_iter().rev() {
            let pos = self.pos_at(at);
            let right_pos = self.pos(right);
            let right = self.operand(right)?;
            id = self.operator(kind, pos, (start, id), (right_pos, right));
        }
        Ok(id)
    }

    fn operator(&mut self, kind: SyntaxKind, pos: Pos, left: (Pos, Id), right: (Pos, Id)) -> Id {
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
                let parts = Box::new([left, right]);
                return self.ast.add(Expr::Concat { pos, string: false, parts });
            }
            TOKEN_SUB => return self.call(pos, "__sub", vec![l, r]),
            TOKEN_MUL => return self.call(pos, "__mul", vec![l, r]),
            TOKEN_DIV => return self.call(pos, "__div", vec![l, r]),
            TOKEN_LESS => return self.call(pos, "__lessThan", vec![l, r]),
            TOKEN_MORE => return self.call(pos, "__lessThan", vec![r, l]),
            TOKEN_LESS_OR_EQ | TOKEN_MORE_OR_EQ => {
                let args = if kind == TOKEN_LESS_OR_EQ { vec![r, l] } else { vec![l, r] };
                let less = self.call(pos, "__lessThan", args);
                return self.ast.add(Expr::Not(less));
            }
            TOKEN_PIPE_LEFT => return self.pipe(pos, l, r),
            _ => return self.pipe(pos, r, l),
        };
        self.ast.add(Expr::Binary { op, pos, left: l, right: r })
    }

    fn pipe(&mut self, pos: Pos, fun: Id, arg: Id) -> Id {
        if let Expr::Call { args, .. } = self.ast.get_mut(fun) {
            args.push(arg);
            return fun;
        }
        self.ast.add(Expr::Call { pos, fun, args: vec![arg] })
    }

    fn lambda(&mut self, node: Node<'_>) -> R<Id> {
        let mut nodes = node.nodes();
        let (Some(param), Some(body)) = (nodes.next(), nodes.next()) else {
            return Err(self.error(node.start, "syntax error"));
        };
        let pos = self.pos(node);
        let (arg, formals) = match param.kind() {
            NODE_IDENT_PARAM => match param.nodes().next() {
                Some(ident) => (Some(self.ident(ident)?), None),
                None => return Err(self.error(param.start, "syntax error")),
            },
            _ => {
                let (arg, formals) = self.pattern(param)?;
                self.check_formals(&formals.list, arg, pos)?;
                (arg, Some(formals))
            }
        };
        let body = self.expr(body)?;
        Ok(self.ast.add(Expr::Lambda(Box::new(Lambda { pos, name: None, arg, formals, body }))))
    }

    fn pattern(&mut self, node: Node<'_>) -> R<(Option<Name>, Formals)> {
        let mut arg = None;
        let mut formals = Formals { list: Vec::new(), ellipsis: false };
        for child in node.children() {
            match child {
                Child::Token(TOKEN_ELLIPSIS, ..) => formals.ellipsis = true,
                Child::Token(..) => {}
                Child::Node(NODE_PAT_BIND, bind) => match bind.nodes().next() {
                    Some(ident) => arg = Some(self.ident(ident)?),
                    None => return Err(self.error(bind.start, "syntax error")),
                },
                Child::Node(_, entry) => {
                    let mut nodes = entry.nodes();
                    let Some(ident) = nodes.next() else {
                        return Err(self.error(entry.start, "syntax error"));
                    };
                    let name = self.ident(ident)?;
                    let default = nodes.next().map(|d| self.expr(d)).transpose()?;
                    formals.list.push(Formal { pos: self.pos(entry), name, default });
                }
            }
        }
        Ok((arg, formals))
    }

    fn let_in(&mut self, node: Node<'_>) -> R<Id> {
        let set = self.set(node, true)?;
        let Expr::Attrs(bindings) = std::mem::replace(self.ast.get_mut(set), Expr::Int(0)) else {
            return Err(self.error(node.start, "syntax error"));
        };
        if !bindings.dynamic.is_empty() {
            return Err(self.error(node.start, "dynamic attributes not allowed in let"));
        }
        let Some(body) = node.nodes().last() else {
            return Err(self.error(node.start, "syntax error"));
        };
        let body = self.expr(body)?;
        Ok(self.ast.add(Expr::Let { bindings, body }))
    }

    /// The definitions among a node's children, as a set expression.
    fn set(&mut self, node: Node<'_>, recursive: bool) -> R<Id> {
        let pos = self.pos(node);
        let set = self.ast.add(Expr::Attrs(Box::new(Bindings::new(recursive, pos))));
        for child in node.nodes() {
            match child.kind() {
                NODE_ATTRPATH_VALUE => {
                    let mut nodes = child.nodes();
                    let (Some(path), Some(value)) = (nodes.next(), nodes.next()) else {
                        return Err(self.error(child.start, "syntax error"));
                    };
                    let pos = self.pos(path);
                    let path = self.attr_path(path)?;
                    let value = self.expr(value)?;
                    self.define(set, &path, pos, value)?;
                }
                NODE_INHERIT => self.inherits(set, child)?,
                _ => {}
            }
        }
        Ok(set)
    }

    fn inherits(&mut self, set: Id, node: Node<'_>) -> R<()> {
        let mut from = None;
        for child in node.nodes() {
            if child.kind() == NODE_INHERIT_FROM {
                let Some(inner) = child.nodes().next() else {
                    return Err(self.error(child.start, "syntax error"));
                };
                let pos = self.pos(inner);
                let source = self.expr(inner)?;
                let bindings = self.bindings(set);
                bindings.from.push(source);
                let index = bindings.from.len() - 1;
                from = Some((pos, index));
                continue;
            }
            let pos = self.pos(child);
            let Attr::Name(name) = self.attr(child)? else {
                return Err(self.error(child.start, "dynamic attributes not allowed in inherit"));
            };
            let (value, kind) = match from {
                None => (Expr::Var(pos, name), AttrKind::Inherited),
                Some((from_pos, index)) => {
                    let base = self.ast.add(Expr::InheritFrom(from_pos, index));
                    let path = Box::new([Attr::Name(name)]);
                    (Expr::Select { pos, base, path, default: None }, AttrKind::InheritedFrom)
                }
            };
            let value = self.ast.add(value);
            self.inherit(set, AttrDef { name, pos, value, kind })?;
        }
        Ok(())
    }
}

/// [Normalises](normalise) an absolute path; a slash at its end stays.
pub(crate) fn normalise_literal(text: &[u8]) -> Vec<u8> {
    let mut path = normalise(text);
    if text.len() > 1 && text.ends_with(b"/") {
        path.push(b'/');
    }
    path
}

/// Removes `.`, `..` and empty parts from an absolute path.
pub(crate) fn normalise(path: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(path.len());
    for part in path.split(|&c| c == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                let parent = out.iter().rposition(|&c| c == b'/').unwrap_or(0);
                out.truncate(parent);
            }
            _ => {
                out.push(b'/');
                out.extend_from_slice(part);
            }
        }
    }
    if out.is_empty() {
        out.push(b'/');
    }
    out
}
