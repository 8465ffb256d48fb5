//! Source texts: parsed, lowered, and evaluated or suspended.

use std::rc::Rc;

use super::{Error, ErrorKind, Evaluator, Res, render_warning};
use crate::heap::Sym;
use crate::host::bytes_of;
use crate::ir::{Lowered, lower};
use crate::source::{NewSource, Origin, Source, Text};
use crate::syntax::ast::Ast;
use crate::syntax::{ParseError, ParseOptions, parse};
use crate::value::Value;

impl Evaluator {
    pub(super) fn parse_options(&self) -> ParseOptions {
        let home = !self.settings.pure && self.host.home().is_some();
        ParseOptions { home, pipes: self.settings.pipe_operators, lints: self.settings.lints }
    }

    /// Parses a text whose relative paths are relative to `base`.
    pub fn parse_text(&self, origin: Origin, text: &[u8], base: &[u8]) -> Res<(Rc<Source>, Ast)> {
        let new = NewSource { origin, text: Text::Held(Rc::from(text)), folder: Rc::from(base) };
        self.parse_source(self.sources.add(new)?)
    }

    pub(super) fn parse_source(&self, source: Rc<Source>) -> Res<(Rc<Source>, Ast)> {
        let text = source.text().ok_or_else(|| changed(&source))?;
        let options = self.parse_options();
        let parsed = self.timed(&self.load_counters.parsing, || parse(&text, &source.shown_name(), options));
        let ast = self.checked(&source, parsed)?;
        Ok((source, ast))
    }

    /// The tree of a parsed text. Prints its warnings and turns a syntax error into an evaluation error.
    pub(super) fn checked(&self, source: &Source, parsed: Result<Ast, ParseError>) -> Res<Ast> {
        let warnings = match &parsed {
            Ok(ast) => &ast.warnings,
            Err(e) => &e.warnings,
        };
        for warning in warnings {
            let pos = source.absolute(warning.pos);
            let text = render_warning(&self.sources, &warning.message, pos, warning.lines);
            self.host.message(&bytes_of(&text));
        }
        let ast = parsed.map_err(|e| syntax_error(source, e))?;
        self.load_counters.parsed.add(1);
        self.load_counters.exprs.add(ast.exprs().len());
        Ok(ast)
    }

    /// Evaluates a text whose relative paths are relative to `base`.
    pub fn eval_text(&self, origin: Origin, text: &[u8], base: &[u8]) -> Res<Value> {
        let (source, ast) = self.parse_text(origin, text, base)?;
        self.eval_ast(&source, &ast)
    }

    /// Evaluates a parsed text.
    pub fn eval_ast(&self, source: &Source, ast: &Ast) -> Res<Value> {
        let (lowered, _) = self.lower(source, ast, &[])?;
        self.eval_lowered(lowered)
    }

    pub(super) fn lower(&self, source: &Source, ast: &Ast, scope: &[Sym]) -> Res<(Lowered, Vec<Sym>)> {
        let lowered = self
            .timed(&self.load_counters.lowering, || lower(&self.mem.heap, source, ast, &self.globals, scope));
        lowered.map_err(|e| syntax_error(source, e))
    }

    pub(super) fn eval_lowered(&self, lowered: Lowered) -> Res<Value> {
        let frame = self.frame(0, lowered.frame)?;
        self.eval(lowered.code, frame)
    }

    /// Suspends the evaluation of a text.
    ///
    /// # Errors
    /// When it is not an expression, or has an undefined variable.
    pub fn delay_text(&self, origin: Origin, text: &[u8], base: &[u8]) -> Res<Value> {
        let (source, ast) = self.parse_text(origin, text, base)?;
        self.delay_ast(&source, &ast)
    }

    /// Suspends the evaluation of a parsed text.
    ///
    /// # Errors
    /// An undefined variable.
    pub fn delay_ast(&self, source: &Source, ast: &Ast) -> Res<Value> {
        let (lowered, _) = self.lower(source, ast, &[])?;
        Ok(Value::thunk(lowered.code, self.frame(0, lowered.frame)?))
    }
}

/// The error for a file that changed while it was read.
#[cold]
fn changed(source: &Source) -> Error {
    Error::new(ErrorKind::System, format!("file '{}' changed while it was read", source.origin_name()))
}

/// A syntax error, whose position is relative to the text, as an evaluation error.
fn syntax_error(source: &Source, e: ParseError) -> Error {
    Error::from(ParseError { pos: source.absolute(e.pos), ..e })
}
