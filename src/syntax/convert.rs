//! Converts rnix's tree to the checked syntax tree.

use rnix::SyntaxKind::*;

use super::ast::{Ast, Attr, Expr, Formal, Formals, Id, Lambda};
use super::build::{Builder, Piece, R, is_path, relative};
use super::error::ParseError;
use super::green::{Child, Node};
use super::lex::{Token, tokenize_for_rnix};
use super::names::Name;
use super::wording;
use crate::source::Pos;

struct Converter<'a> {
    build: Builder<'a>,
    tokens: &'a [Token],
    token_at: &'a [u32],
}

/// Parses a text with rnix and converts its tree.
pub(super) fn convert(build: Builder<'_>) -> R<Ast> {
    let text = build.text;
    let (lexed, skeleton) = tokenize_for_rnix(text, build.options.pipes);
    let parsed = rnix::Root::parse(&skeleton.text);
    if let Some(error) = wording::first_error(text, &lexed, &skeleton, parsed.errors()) {
        return Err(error);
    }
    let tree = parsed.syntax();
    let mut converter = Converter { build, tokens: &lexed.tokens, token_at: &skeleton.token_at };
    let root = Node { green: tree.green(), start: 0 };
    converter.build.ast.root = match root.nodes().next() {
        Some(node) => converter.expr(node)?,
        None => return Err(converter.build.error_at(lexed.end, "syntax error, unexpected end of file")),
    };
    Ok(converter.build.ast)
}

impl<'a> Converter<'a> {
    /// An error at an offset in the skeleton.
    fn error(&self, at: usize, message: impl Into<String>) -> ParseError {
        self.build.error_at(self.token(at).start as usize, message)
    }

    /// The number of the token at an offset in the skeleton.
    fn token_index(&self, at: usize) -> usize {
        self.token_at.get(at).map_or(0, |i| *i as usize)
    }

    fn token(&self, at: usize) -> Token {
        const NONE: Token = Token { kind: TOKEN_ERROR, start: 0, end: 0 };
        self.tokens.get(self.token_index(at)).copied().unwrap_or(NONE)
    }

    fn pos_at(&self, at: usize) -> Pos {
        relative(self.token(at).start as usize)
    }

    fn pos(&self, node: Node<'_>) -> Pos {
        self.pos_at(node.start)
    }

    fn expr(&mut self, node: Node<'_>) -> R<Id> {
        match node.kind() {
            NODE_PAREN => match node.nodes().next() {
                Some(inner) => self.expr(inner),
                None => Err(self.error(node.start, "syntax error, unexpected ')'")),
            },
            NODE_IDENT => {
                let name = self.ident(node)?;
                Ok(self.build.ast.add(Expr::Var(self.pos(node), name)))
            }
            NODE_CUR_POS => Ok(self.build.ast.add(Expr::CurPos(self.pos(node)))),
            NODE_LITERAL => self.build.literal(self.token(node.start)),
            NODE_STRING if is_path(self.token(node.start).kind) => {
                let pieces = self.pieces(node)?;
                self.build.path(self.pos(node), &pieces)
            }
            NODE_STRING => {
                let string = self.string(node)?;
                Ok(self.build.ast.add(string))
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
                Ok(self.build.legacy_let(set))
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
                let items = self.build.ast.add_ids(&items);
                Ok(self.build.ast.add(Expr::List(items)))
            }
            NODE_WITH => {
                let [attrs, body] = self.parts(node)?;
                Ok(self.build.ast.add(Expr::With { pos: self.pos(node), attrs, body }))
            }
            NODE_ASSERT => {
                let [cond, body] = self.parts(node)?;
                Ok(self.build.ast.add(Expr::Assert { pos: self.pos(node), cond, body }))
            }
            NODE_IF_ELSE => {
                let [cond, yes, no] = self.parts(node)?;
                Ok(self.build.ast.add(Expr::If { pos: self.pos(node), cond, yes, no }))
            }
            _ => Err(self.error(node.start, "syntax error")),
        }
    }

    /// The expressions that make up a node.
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

    /// An expression in a place where Nix, unlike rnix, allows no function.
    fn operand(&mut self, node: Node<'_>) -> R<Id> {
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
                let text = self.build.text_of(self.token(start));
                Ok(self.build.intern(text))
            }
            _ => Err(self.error(node.start, "syntax error")),
        }
    }

    fn string(&mut self, node: Node<'_>) -> R<Expr> {
        let pieces = self.pieces(node)?;
        Ok(self.build.string(self.token(node.start), &pieces))
    }

    /// The texts and interpolations of a string or interpolated path: tokens of text, and expressions with the
    /// position of their `${`.
    fn pieces(&mut self, node: Node<'_>) -> R<Vec<Piece>> {
        let mut pieces = Vec::new();
        let mut next = self.token_index(node.start);
        if !is_path(self.tokens[next].kind) {
            next += 1;
        }
        for child in node.nodes() {
            let start = self.token_index(child.start);
            pieces.extend(self.tokens[next..start].iter().map(|t| Piece::Text(*t)));
            let expr = self.interpolation(child)?;
            pieces.push(Piece::Expr(self.pos(child), expr));
            next = self.token_index(child.start + usize::from(child.green.text_len()) - 1) + 1;
        }
        let end = match self.token_index(node.start + usize::from(node.green.text_len()) - 1) {
            // The closing quote of a path stands for its last token.
            last if self.tokens[last].kind == TOKEN_STRING_END => last,
            last => last + 1,
        };
        if next < end {
            pieces.extend(self.tokens[next..end].iter().map(|t| Piece::Text(*t)));
        }
        Ok(pieces)
    }

    fn interpolation(&mut self, node: Node<'_>) -> R<Id> {
        match node.nodes().next() {
            Some(inner) => self.expr(inner),
            None => Err(self.error(node.start, "syntax error, unexpected '}'")),
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
                // Nix takes it for a variable at the position of the function.
                true => {
                    let name = self.build.intern(b"or");
                    self.build.ast.add(Expr::Var(self.pos(fun), name))
                }
                false => self.select_operand(arg)?,
            });
        }
        Ok(self.build.apply(self.pos(fun), fun_id, &args))
    }

    /// Whether a node is the word `or`, used as a name.
    fn is_or(&self, node: Node<'_>) -> bool {
        node.kind() == NODE_IDENT && self.token(node.start).kind == TOKEN_OR
    }

    /// An argument, an element of a list or a default.
    fn select_operand(&mut self, node: Node<'_>) -> R<Id> {
        if node.kind() == NODE_APPLY {
            let start = self.token(node.start).start as usize;
            let end = self.token(node.start + usize::from(node.green.text_len()) - 1).end as usize;
            self.build.warn_of_or(start, end);
        }
        self.operand(node)
    }

    fn select(&mut self, node: Node<'_>) -> R<Id> {
        let mut nodes = node.nodes();
        let (Some(base), Some(path)) = (nodes.next(), nodes.next()) else {
            return Err(self.error(node.start, "syntax error"));
        };
        let pos = self.pos(base);
        let base = self.operand(base)?;
        let path = self.attr_path(path)?;
        let path = self.build.ast.add_path(&path);
        let default = nodes.next().map(|d| self.select_operand(d)).transpose()?;
        Ok(self.build.ast.add(Expr::Select { pos, base, path, default }))
    }

    fn has_attr(&mut self, node: Node<'_>) -> R<Id> {
        let mut nodes = node.nodes();
        let (Some(base), Some(path)) = (nodes.next(), nodes.next()) else {
            return Err(self.error(node.start, "syntax error"));
        };
        let base = self.operand(base)?;
        let path = self.attr_path(path)?;
        let path = self.build.ast.add_path(&path);
        Ok(self.build.ast.add(Expr::HasAttr { base, path }))
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
            NODE_STRING if self.build.text_of(self.token(node.start)) != b"\"" => {
                let message = "syntax error, unexpected start of an indented string, \
                               expecting identifier or 'or' or '${' or '\"'";
                Err(self.error(node.start, message))
            }
            NODE_STRING => {
                let string = self.string(node)?;
                Ok(self.build.name_of(string))
            }
            NODE_DYNAMIC => {
                let inner = self.interpolation(node)?;
                Ok(self.build.computed_name(inner))
            }
            _ => Err(self.error(node.start, "syntax error")),
        }
    }

    fn unary(&mut self, node: Node<'_>) -> R<Id> {
        let negate = matches!(node.children().next(), Some(Child::Token(TOKEN_SUB, _)));
        let Some(inner) = node.nodes().next() else {
            return Err(self.error(node.start, "syntax error"));
        };
        let inner = self.operand(inner)?;
        if negate {
            return Ok(self.build.negate(self.pos(node), inner));
        }
        Ok(self.build.ast.add(Expr::Not(inner)))
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
            id = self.build.operator(kind, pos, (start, id), (right_pos, right));
        }
        Ok(id)
    }

    fn lambda(&mut self, node: Node<'_>) -> R<Id> {
        let mut nodes = node.nodes();
        let (Some(param), Some(body)) = (nodes.next(), nodes.next()) else {
            return Err(self.error(node.start, "syntax error"));
        };
        let pos = self.pos(node);
        let (arg, formals) = match param.kind() {
            NODE_IDENT_PARAM => match param.nodes().next() {
                Some(ident) => (Some(ident), None),
                None => return Err(self.error(param.start, "syntax error")),
            },
            _ => {
                let (arg, formals) = self.pattern(param)?;
                (arg, Some(formals))
            }
        };
        let body = self.expr(body)?;
        // Nix's parser meets the argument's name after the whole function.
        let arg = arg.map(|ident| self.ident(ident)).transpose()?;
        if let Some(formals) = &formals {
            self.build.check_formals(&formals.list, arg, pos)?;
        }
        Ok(self.build.ast.add(Expr::Lambda(Box::new(Lambda { pos, name: None, arg, formals, body }))))
    }

    /// The name before or after the `@`, and the rest.
    fn pattern<'n>(&mut self, node: Node<'n>) -> R<(Option<Node<'n>>, Formals)> {
        let mut arg = None;
        let mut formals = Formals { list: Vec::new(), ellipsis: false };
        for child in node.children() {
            match child {
                Child::Token(TOKEN_ELLIPSIS, ..) => formals.ellipsis = true,
                Child::Token(..) => {}
                Child::Node(NODE_PAT_BIND, bind) => match bind.nodes().next() {
                    Some(ident) => arg = Some(ident),
                    None => return Err(self.error(bind.start, "syntax error")),
                },
                Child::Node(_, entry) => {
                    let mut nodes = entry.nodes();
                    let Some(ident) = nodes.next() else {
                        return Err(self.error(entry.start, "syntax error"));
                    };
                    let default = nodes.next().map(|d| self.expr(d)).transpose()?;
                    let name = self.ident(ident)?;
                    formals.list.push(Formal { pos: self.pos(entry), name, default });
                }
            }
        }
        Ok((arg, formals))
    }

    fn let_in(&mut self, node: Node<'_>) -> R<Id> {
        let set = self.set(node, true)?;
        let Some(bindings) = self.build.let_bindings(set) else {
            return Err(self.error(node.start, "dynamic attributes not allowed in let"));
        };
        let Some(body) = node.nodes().last() else {
            return Err(self.error(node.start, "syntax error"));
        };
        let body = self.expr(body)?;
        Ok(self.build.ast.add(Expr::Let { bindings, body }))
    }

    /// The definitions among a node's children, as a set expression.
    fn set(&mut self, node: Node<'_>, recursive: bool) -> R<Id> {
        let set = self.build.set(recursive, self.pos(node));
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
                    self.build.define(set, &path, pos, value)?;
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
                from = Some(self.build.inherit_from(set, pos, source));
                continue;
            }
            let pos = self.pos(child);
            let Attr::Name(name) = self.attr(child)? else {
                return Err(self.error(child.start, "dynamic attributes not allowed in inherit"));
            };
            self.build.inherit(set, name, pos, from)?;
        }
        Ok(())
    }
}
