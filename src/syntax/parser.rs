//! Parses tokens to a syntax tree.
//!
//! The parser follows the rules of Nix's own grammar, and gives the messages of Nix's parser about everything
//! else. Tests compare its trees with those made with rnix.

mod operators;

use rnix::SyntaxKind::{self, *};

use super::ast::{Ast, Attr, Expr, Formal, Formals, Id, Lambda, Span};
use super::build::{Builder, Piece, is_path, relative};
use super::error::{ParseError, TOO_DEEP};
use super::lex::{Lexed, Token};
use super::wording;
use crate::heap::stack_for_a_text;
use crate::source::Pos;

/// The text is not an expression; see `Parser::error`.
struct Stumbled;

type P<T> = Result<T, Stumbled>;

/// What Nix expects in an attribute path.
const NAME: &str = "identifier or 'or' or '${' or '\"'";

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    /// Where messages put the end of the text.
    end: usize,
    build: Builder<'a>,
    /// The lowest address that the stack may reach.
    stack_end: usize,
    /// Items of the lists and calls around this point.
    items: Vec<Id>,
    /// Names of the attribute paths around this point.
    path: Vec<Attr>,
    /// Parts of the strings around this point.
    pieces: Vec<Piece>,
    /// The error in the text.
    error: Option<ParseError>,
}

/// Parses a text.
pub(super) fn parse(lexed: &Lexed, build: Builder<'_>) -> Result<Ast, ParseError> {
    let tokens = &lexed.tokens[..];
    let here = 0u8;
    let mut parser = Parser {
        tokens,
        at: 0,
        end: lexed.end,
        build,
        stack_end: (&raw const here as usize).saturating_sub(stack_for_a_text()),
        items: Vec::new(),
        path: Vec::new(),
        pieces: Vec::new(),
        error: None,
    };
    let root = parser.root();
    let warnings = std::mem::take(&mut parser.build.ast.warnings);
    let with_warnings = |e| ParseError { warnings: warnings.clone(), ..e };
    // An error of the lexer stops the parser when it needs more tokens.
    if let Some(e) = lexed.error.as_ref().filter(|_| parser.at == tokens.len()) {
        return Err(with_warnings(ParseError::new(e.message.clone(), relative(e.at))));
    }
    match (root, parser.error) {
        (Ok(root), _) => {
            parser.build.ast.root = root;
            parser.build.ast.warnings = warnings;
            Ok(parser.build.ast)
        }
        (Err(Stumbled), e) => {
            Err(with_warnings(e.unwrap_or_else(|| ParseError::new("syntax error", Pos::NONE))))
        }
    }
}

impl<'a> Parser<'a> {
    fn peek(&self) -> SyntaxKind {
        self.peek_at(0)
    }

    /// The kind of a token ahead; at the end, one that fits nowhere.
    fn peek_at(&self, ahead: usize) -> SyntaxKind {
        self.tokens.get(self.at + ahead).map_or(TOKEN_ERROR, |t| t.kind)
    }

    fn root(&mut self) -> P<Id> {
        let root = self.expr()?;
        if self.at < self.tokens.len() {
            return self.unexpected("end of file");
        }
        Ok(root)
    }

    /// Refuses the next token: it is none of those that Nix's parser lists as `expected` (at most four).
    #[cold]
    fn unexpected<T>(&mut self, expected: &str) -> P<T> {
        let token = self.tokens.get(self.at).copied();
        let what =
            token.map_or("end of file".to_owned(), |t| wording::token_name(t.kind, self.build.text_of(t)));
        let before = if expected.is_empty() { "" } else { ", expecting " };
        let at = token.map_or(self.end, |t| t.start as usize);
        // A number that is too large stops Nix's lexer, whatever the parser expects there.
        if let Some(token @ Token { kind: TOKEN_INTEGER | TOKEN_FLOAT, .. }) = token
            && let Err(e) = self.build.literal(token)
        {
            return self.refuse(e);
        }
        let message = format!("syntax error, unexpected {what}{before}{expected}");
        self.refuse(self.build.error_at(at, message))
    }

    #[cold]
    fn refuse<T>(&mut self, error: ParseError) -> P<T> {
        self.error = Some(error);
        Err(Stumbled)
    }

    /// Takes over the error of a builder.
    fn made<T>(&mut self, made: Result<T, ParseError>) -> P<T> {
        match made {
            Ok(made) => Ok(made),
            Err(e) => self.refuse(e),
        }
    }

    fn expect(&mut self, kind: SyntaxKind, expected: &str) -> P<()> {
        if self.accept(kind) { Ok(()) } else { self.unexpected(expected) }
    }

    fn accept(&mut self, kind: SyntaxKind) -> bool {
        let found = self.peek() == kind;
        self.at += usize::from(found);
        found
    }

    /// Where the next token begins.
    fn pos(&self) -> Pos {
        self.tokens.get(self.at).map_or(Pos::NONE, |t| relative(t.start as usize))
    }

    fn add(&mut self, expr: Expr) -> Id {
        self.build.ast.add(expr)
    }

    fn deeper<T>(&mut self, f: impl FnOnce(&mut Self) -> P<T>) -> P<T> {
        let here = 0u8;
        if (&raw const here as usize) < self.stack_end {
            return self.refuse(ParseError::new(TOO_DEEP, Pos::NONE));
        }
        f(self)
    }

    fn expr(&mut self) -> P<Id> {
        self.deeper(Self::function)
    }

    fn function(&mut self) -> P<Id> {
        let pos = self.pos();
        match self.peek() {
            TOKEN_IDENT => match self.peek_at(1) {
                TOKEN_COLON => {
                    let arg = self.word("identifier")?;
                    self.at += 1;
                    self.lambda(pos, Some(arg), None)
                }
                TOKEN_AT => {
                    let arg = self.word("identifier")?;
                    self.at += 1;
                    let formals = self.formals()?;
                    self.expect(TOKEN_COLON, "':'")?;
                    self.lambda(pos, Some(arg), Some(formals))
                }
                _ => self.pipe(),
            },
            TOKEN_L_BRACE if self.is_pattern() => {
                let formals = self.formals()?;
                let arg = if self.accept(TOKEN_AT) { Some(self.word("identifier")?) } else { None };
                self.expect(TOKEN_COLON, if arg.is_some() { "':'" } else { "':' or '@'" })?;
                self.lambda(pos, arg, Some(formals))
            }
            TOKEN_LET if self.peek_at(1) != TOKEN_L_BRACE => {
                self.at += 1;
                let set = self.build.set(true, pos);
                self.bindings(set, TOKEN_IN, "'in' or 'inherit'")?;
                let body = self.expr()?;
                let Some(bindings) = self.build.let_bindings(set) else {
                    let message = "dynamic attributes not allowed in let".to_owned();
                    return self.refuse(ParseError::new(message, pos));
                };
                Ok(self.add(Expr::Let { bindings, body }))
            }
            TOKEN_WITH => {
                self.at += 1;
                let attrs = self.expr()?;
                self.expect(TOKEN_SEMICOLON, "';'")?;
                let body = self.expr()?;
                Ok(self.add(Expr::With { pos, attrs, body }))
            }
            TOKEN_ASSERT => {
                self.at += 1;
                let cond = self.expr()?;
                self.expect(TOKEN_SEMICOLON, "';'")?;
                let body = self.expr()?;
                Ok(self.add(Expr::Assert { pos, cond, body }))
            }
            TOKEN_IF => {
                self.at += 1;
                let cond = self.expr()?;
                self.expect(TOKEN_THEN, "'then'")?;
                let yes = self.expr()?;
                self.expect(TOKEN_ELSE, "'else'")?;
                let no = self.expr()?;
                Ok(self.add(Expr::If { pos, cond, yes, no }))
            }
            _ => self.pipe(),
        }
    }

    fn lambda(&mut self, pos: Pos, arg: Option<&'a [u8]>, formals: Option<Formals>) -> P<Id> {
        let body = self.expr()?;
        // Nix's parser meets the argument's name after the whole function.
        let arg = arg.map(|name| self.build.intern(name));
        if let Some(formals) = &formals {
            let checked = self.build.check_formals(&formals.list, arg, pos);
            self.made(checked)?;
        }
        Ok(self.add(Expr::Lambda(Box::new(Lambda { pos, name: None, arg, formals, body }))))
    }

    /// Whether the next brace opens a set pattern.
    fn is_pattern(&self) -> bool {
        match self.peek_at(1) {
            TOKEN_R_BRACE => matches!(self.peek_at(2), TOKEN_COLON | TOKEN_AT),
            TOKEN_ELLIPSIS => true,
            TOKEN_IDENT => matches!(self.peek_at(2), TOKEN_COMMA | TOKEN_QUESTION | TOKEN_R_BRACE),
            _ => false,
        }
    }

    fn formals(&mut self) -> P<Formals> {
        self.expect(TOKEN_L_BRACE, "'{'")?;
        let mut formals = Formals { list: Vec::new(), ellipsis: false };
        while !self.accept(TOKEN_R_BRACE) {
            if self.accept(TOKEN_ELLIPSIS) {
                formals.ellipsis = true;
                self.expect(TOKEN_R_BRACE, "'}'")?;
                break;
            }
            let pos = self.pos();
            let name = self.word("identifier or '...' or '}'")?;
            let default = if self.accept(TOKEN_QUESTION) { Some(self.expr()?) } else { None };
            let name = self.build.intern(name);
            formals.list.push(Formal { pos, name, default });
            if self.peek() != TOKEN_R_BRACE {
                self.expect(TOKEN_COMMA, "'}' or ','")?;
            }
        }
        Ok(formals)
    }

    /// The text of a plain name.
    fn word(&mut self, expected: &str) -> P<&'a [u8]> {
        let Some(token) = self.tokens.get(self.at).filter(|t| t.kind == TOKEN_IDENT) else {
            return self.unexpected(expected);
        };
        let text = self.build.text_of(*token);
        self.at += 1;
        Ok(text)
    }

    /// A function and its arguments.
    fn application(&mut self) -> P<Id> {
        let pos = self.pos();
        let (mut fun, or) = self.selection()?;
        let first = self.items.len();
        match or {
            Some(or) if self.build.is_call(fun) => fun = self.build.call_with_or(pos, fun, or),
            or => self.items.extend(or),
        }
        while begins_operand(self.peek()) {
            let arg = self.operand()?;
            self.items.push(arg);
        }
        if self.items.len() == first {
            return Ok(fun);
        }
        let call = self.build.apply(pos, fun, &self.items[first..]);
        self.items.truncate(first);
        Ok(call)
    }

    /// An argument, an element of a list or a default.
    fn operand(&mut self) -> P<Id> {
        let (pos, first) = (self.pos(), self.at);
        let (operand, or) = self.selection()?;
        let Some(or) = or else {
            return Ok(operand);
        };
        let [start, end] = [self.tokens[first].start, self.tokens[self.at - 1].end];
        self.build.warn_of_or(start as usize, end as usize);
        Ok(self.build.call_with_or(pos, operand, or))
    }

    /// `a.b or c`, or a function and the variable `or` after it, which is its first argument.
    fn selection(&mut self) -> P<(Id, Option<Id>)> {
        let pos = self.pos();
        let base = self.simple()?;
        match self.peek() {
            TOKEN_OR => {
                self.at += 1;
                let name = self.build.intern(b"or");
                // Its position is that of the function.
                return Ok((base, Some(self.add(Expr::Var(pos, name)))));
            }
            TOKEN_DOT => self.at += 1,
            _ => return Ok((base, None)),
        }
        let path = self.attr_path()?;
        let default = if self.accept(TOKEN_OR) { Some(self.deeper(Self::operand)?) } else { None };
        Ok((self.add(Expr::Select { pos, base, path, default }), None))
    }

    fn simple(&mut self) -> P<Id> {
        let pos = self.pos();
        let Some(token) = self.tokens.get(self.at).copied() else {
            return self.unexpected("");
        };
        self.at += 1;
        match token.kind {
            TOKEN_IDENT => {
                let text = self.build.text_of(token);
                if text == b"__curPos" {
                    return Ok(self.add(Expr::CurPos(pos)));
                }
                let name = self.build.intern(text);
                Ok(self.add(Expr::Var(pos, name)))
            }
            TOKEN_INTEGER | TOKEN_FLOAT | TOKEN_URI | TOKEN_PATH_SEARCH => self.literal(token),
            kind if is_path(kind) => {
                let first = self.pieces.len();
                self.pieces.push(Piece::Text(token));
                while self.continues_path() {
                    match self.peek() {
                        TOKEN_INTERPOL_START => self.interpolation()?,
                        // The lexer gives the parts of one path this kind.
                        part if part == kind => {
                            self.pieces.push(Piece::Text(self.tokens[self.at]));
                            self.at += 1;
                        }
                        _ => break,
                    }
                }
                if self.pieces.len() == first + 1 {
                    self.pieces.truncate(first);
                    return self.literal(token);
                }
                let pieces = self.pieces.split_off(first);
                let path = self.build.path(pos, &pieces);
                self.made(path)
            }
            TOKEN_STRING_START => {
                let string = self.string(token)?;
                Ok(self.add(string))
            }
            TOKEN_L_PAREN => {
                let inner = self.expr()?;
                self.expect(TOKEN_R_PAREN, "')'")?;
                Ok(inner)
            }
            TOKEN_L_BRACK => {
                let first = self.items.len();
                while !self.accept(TOKEN_R_BRACK) {
                    let item = self.deeper(Self::operand)?;
                    self.items.push(item);
                }
                let items = self.build.ast.add_ids(&self.items[first..]);
                self.items.truncate(first);
                Ok(self.add(Expr::List(items)))
            }
            TOKEN_L_BRACE => self.set(false, pos),
            TOKEN_REC => {
                self.expect(TOKEN_L_BRACE, "'{'")?;
                self.set(true, pos)
            }
            TOKEN_LET => {
                self.expect(TOKEN_L_BRACE, "'{'")?;
                let set = self.set(true, pos)?;
                Ok(self.build.legacy_let(set))
            }
            _ => {
                self.at -= 1;
                self.unexpected("")
            }
        }
    }

    fn literal(&mut self, token: Token) -> P<Id> {
        let made = self.build.literal(token);
        self.made(made)
    }

    /// Whether the next token begins where the last one ended, and is not a path in the home folder.
    fn continues_path(&self) -> bool {
        let (Some(last), Some(next)) = (self.tokens.get(self.at - 1), self.tokens.get(self.at)) else {
            return false;
        };
        last.end == next.start && self.build.text[next.start as usize] != b'~'
    }

    /// `${e}` of a string or path.
    fn interpolation(&mut self) -> P<()> {
        let pos = self.pos();
        self.at += 1;
        let inner = self.expr()?;
        self.expect(TOKEN_INTERPOL_END, "'}'")?;
        self.pieces.push(Piece::Expr(pos, inner));
        Ok(())
    }

    /// A string whose first token was consumed.
    fn string(&mut self, start: Token) -> P<Expr> {
        let first = self.pieces.len();
        loop {
            match self.peek() {
                TOKEN_STRING_END => break,
                TOKEN_STRING_CONTENT => {
                    self.pieces.push(Piece::Text(self.tokens[self.at]));
                    self.at += 1;
                }
                TOKEN_INTERPOL_START => self.interpolation()?,
                _ if self.build.text_of(start) == b"\"" => return self.unexpected("'\"'"),
                _ => {
                    return self.unexpected("indented string or '${' or end of an indented string");
                }
            }
        }
        self.at += 1;
        let string = self.build.string(start, &self.pieces[first..]);
        self.pieces.truncate(first);
        Ok(string)
    }

    fn attr(&mut self, expected: &str) -> P<Attr> {
        let Some(token) = self.tokens.get(self.at).copied() else {
            return self.unexpected(expected);
        };
        self.at += 1;
        match token.kind {
            TOKEN_IDENT | TOKEN_OR => {
                let text = self.build.text_of(token);
                Ok(Attr::Name(self.build.intern(text)))
            }
            TOKEN_STRING_START if self.build.text_of(token) == b"\"" => {
                let string = self.string(token)?;
                Ok(self.build.name_of(string))
            }
            TOKEN_INTERPOL_START => {
                let inner = self.expr()?;
                self.expect(TOKEN_INTERPOL_END, "'}'")?;
                Ok(self.build.computed_name(inner))
            }
            _ => {
                self.at -= 1;
                self.unexpected(expected)
            }
        }
    }

    fn attr_path(&mut self) -> P<Span<Attr>> {
        let first = self.attr_path_from(NAME)?;
        let path = self.build.ast.add_path(&self.path[first..]);
        self.path.truncate(first);
        Ok(path)
    }

    /// Appends the names of an attribute path to `path`; returns where they begin.
    fn attr_path_from(&mut self, mut expected: &str) -> P<usize> {
        let first = self.path.len();
        loop {
            let attr = self.attr(expected)?;
            expected = NAME;
            self.path.push(attr);
            if !self.accept(TOKEN_DOT) {
                return Ok(first);
            }
        }
    }

    /// A set whose opening brace was consumed.
    fn set(&mut self, recursive: bool, pos: Pos) -> P<Id> {
        let set = self.build.set(recursive, pos);
        self.bindings(set, TOKEN_R_BRACE, if recursive { "'inherit' or '}'" } else { "'inherit'" })?;
        Ok(set)
    }

    /// Definitions up to `end`. Nix's parser lists what may follow from the rules that it has not yet decided
    /// between.
    fn bindings(&mut self, set: Id, end: SyntaxKind, expected: &str) -> P<()> {
        loop {
            let pos = self.pos();
            match self.peek() {
                kind if kind == end => {
                    self.at += 1;
                    return Ok(());
                }
                TOKEN_INHERIT => {
                    self.at += 1;
                    self.inherit(set)?;
                }
                _ => {
                    let first = self.attr_path_from(expected)?;
                    self.expect(TOKEN_ASSIGN, "'.' or '='")?;
                    let value = self.expr()?;
                    self.expect(TOKEN_SEMICOLON, "';'")?;
                    let defined = self.build.define(set, &self.path[first..], pos, value);
                    self.made(defined)?;
                    self.path.truncate(first);
                }
            }
        }
    }

    /// The part after `inherit`.
    fn inherit(&mut self, set: Id) -> P<()> {
        let mut from = None;
        if self.accept(TOKEN_L_PAREN) {
            let pos = self.pos();
            let source = self.expr()?;
            self.expect(TOKEN_R_PAREN, "')'")?;
            from = Some(self.build.inherit_from(set, pos, source));
        }
        while !self.accept(TOKEN_SEMICOLON) {
            let pos = self.pos();
            let Attr::Name(name) = self.attr("")? else {
                let message = "dynamic attributes not allowed in inherit".to_owned();
                return self.refuse(ParseError::new(message, pos));
            };
            let inherited = self.build.inherit(set, name, pos, from);
            self.made(inherited)?;
        }
        Ok(())
    }
}

/// Whether a token begins an argument.
fn begins_operand(kind: SyntaxKind) -> bool {
    match kind {
        TOKEN_IDENT | TOKEN_STRING_START | TOKEN_L_PAREN | TOKEN_L_BRACE | TOKEN_L_BRACK | TOKEN_REC
        | TOKEN_INTEGER | TOKEN_FLOAT | TOKEN_URI | TOKEN_PATH_SEARCH | TOKEN_LET => true,
        kind => is_path(kind),
    }
}
