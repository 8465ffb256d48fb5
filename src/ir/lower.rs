//! Lowers the syntax tree to code: resolves variables, fuses curried functions, merges scopes into frames.

use std::ops::Range;

use hashbrown::HashMap;
use smallvec::{SmallVec, smallvec};

use super::code;
use super::undefined::Search;
use crate::heap::{CodeRef, Heap, HeapFull, Sym, stack_for_a_text};
use crate::host::shown;
use crate::source::{Pos, Source};
use crate::syntax::ParseError;
use crate::syntax::ast::{Ast, Attr, Expr, Id, Lambda, Op, PathBase};
use crate::syntax::{Name, TOO_DEEP, show_name, show_short};

/// Names that are in scope everywhere, each with the index of its global slot.
pub type Globals = HashMap<Sym, u32>;

/// The code of a source text.
#[derive(Debug, Clone, Copy)]
pub struct Lowered {
    /// Its expression.
    pub code: CodeRef,
    /// The size of the frame that the expression needs. The names given to [`lower`] as `scope` come first.
    pub frame: u32,
}

/// The error for a number that does not fit the layout, or a full heap.
const TOO_LARGE: &str = "the expression is too large";
/// The text of an assertion's condition is kept up to this length. The texts of nested assertions would add
/// up to too much.
const KEPT_ASSERTION: usize = 4096;
const MAX_COUNT: usize = (1 << 24) - 1;
/// The relative position of a text's first byte.
const FIRST: Pos = Pos(1);

pub(super) type R<T> = Result<T, ParseError>;

/// Lowers the syntax tree of a text. `scope` names the first slots of the outermost frame (for
/// `scopedImport`), which hide globals. Also returns the names in the text, in the order of their first
/// occurrence.
///
/// # Errors
/// Undefined variables, and code that is larger than the layout allows.
pub fn lower(
    heap: &Heap,
    source: &Source,
    ast: &Ast,
    globals: &Globals,
    scope: &[Sym],
) -> Result<(Lowered, Vec<Sym>), ParseError> {
    let syms: Result<Vec<Sym>, HeapFull> = ast.names.iter().map(|name| heap.intern(name)).collect();
    let syms = syms.map_err(full)?;
    let here = 0u8;
    let mut lowering = Lowering {
        heap,
        source,
        ast,
        globals,
        bindings: vec![SmallVec::new(); syms.len()],
        syms,
        withs: Vec::new(),
        undefined: false,
        frames: vec![scope.len() as u32],
        stack_end: (&raw const here as usize).saturating_sub(stack_for_a_text()),
    };
    if !scope.is_empty() {
        let slots: HashMap<Sym, u32> = scope.iter().copied().zip(0..).collect();
        for name in 0..lowering.syms.len() {
            if let Some(slot) = slots.get(&lowering.syms[name]) {
                lowering.bind(Name(name as u32), *slot);
            }
        }
    }
    let lowered = lowering.expr(ast.root, true);
    let code = lowered
        .map_err(|e| if lowering.undefined { lowering.first_undefined(scope) } else { None }.unwrap_or(e))?;
    Ok((Lowered { code, frame: lowering.frames[0] }, lowering.syms))
}

fn full(e: HeapFull) -> ParseError {
    ParseError::new(e.to_string(), Pos::NONE)
}

#[derive(Clone, Copy)]
struct Binding {
    depth: u32,
    slot: u32,
}

#[derive(Clone, Copy)]
struct With {
    depth: u32,
    slot: u32,
    pos: Pos,
}

/// A code object under construction.
pub(super) type Units = SmallVec<[u32; 16]>;

pub(super) struct Lowering<'a> {
    pub(super) heap: &'a Heap,
    source: &'a Source,
    pub(super) ast: &'a Ast,
    globals: &'a Globals,
    /// The symbol of each name.
    syms: Vec<Sym>,
    /// For each name, its bindings in scope, innermost last.
    bindings: Vec<SmallVec<[Binding; 2]>>,
    withs: Vec<With>,
    /// Whether a variable is undefined.
    undefined: bool,
    /// Sizes of the enclosing frames, innermost last.
    pub(super) frames: Vec<u32>,
    /// The lowest address that the stack may reach.
    stack_end: usize,
}

impl Lowering<'_> {
    pub(super) fn too_large(&self, pos: Pos) -> ParseError {
        ParseError::new(TOO_LARGE, pos)
    }

    pub(super) fn push(&self, units: &[u32]) -> R<CodeRef> {
        self.heap.push_code(units).map_err(full)
    }

    pub(super) fn count(&self, n: usize, pos: Pos) -> R<usize> {
        if n > MAX_COUNT { Err(self.too_large(pos)) } else { Ok(n) }
    }

    fn text(&self, op: u8, text: &[u8]) -> R<CodeRef> {
        // Short texts are often attribute names elsewhere. As symbols, they are looked up without hashing.
        const INTERN_BELOW: usize = 48;
        let at = match text.len() < INTERN_BELOW {
            true => self.heap.intern_text(text).map(|s| s.0),
            false => self.heap.push_code_text(0, text),
        };
        let at = at.map_err(full)?;
        self.push(&[code::head(op, 0), at])
    }

    fn push_text(&self, text: &[u8]) -> R<CodeRef> {
        self.heap.push_code_text(0, text).map_err(full)
    }

    pub(super) fn depth(&self) -> u32 {
        (self.frames.len() - 1) as u32
    }

    /// Reserves slots in the current frame.
    pub(super) fn reserve(&mut self, n: usize) -> u32 {
        let frame = self.frames.last_mut().expect("there is always an outermost frame");
        let first = *frame;
        *frame += n as u32;
        first
    }

    /// The symbol of a name.
    pub(super) fn sym(&self, name: Name) -> Sym {
        self.syms[name.0 as usize]
    }

    /// The unit for a position.
    pub(super) fn at(&self, pos: Pos) -> u32 {
        self.source.absolute(pos).0
    }

    pub(super) fn bind(&mut self, name: Name, slot: u32) {
        let depth = self.depth();
        self.bindings[name.0 as usize].push(Binding { depth, slot });
    }

    pub(super) fn unbind(&mut self, name: Name) {
        self.bindings[name.0 as usize].pop();
    }

    pub(super) fn local(&self, depth: u32, slot: u32, pos: Pos) -> R<CodeRef> {
        let level = self.depth() - depth;
        self.push(&[code::head(code::VAR, level as usize), slot, self.at(pos)])
    }

    /// The error about the undefined variable that Nix meets first.
    #[cold]
    fn first_undefined(&self, scope: &[Sym]) -> Option<ParseError> {
        let is_bound = |sym: &Sym| self.globals.contains_key(sym) || scope.contains(sym);
        let bound = self.syms.iter().map(|sym| u32::from(is_bound(sym))).collect();
        let mut search = Search { heap: self.heap, ast: self.ast, syms: &self.syms, bound };
        let (name, pos) = search.expr(self.ast.root).err()?;
        Some(self.undefined_variable(name, pos))
    }

    fn undefined_variable(&self, name: Name, pos: Pos) -> ParseError {
        let name = show_name(self.heap.name(self.sym(name)));
        let name = shown(&name);
        ParseError::new(format!("undefined variable '{name}'"), pos)
    }

    /// Rejects a variable that nothing binds and no `with` can provide.
    pub(super) fn check_defined(&mut self, pos: Pos, name: Name) -> R<()> {
        if self.withs.is_empty()
            && self.bindings[name.0 as usize].is_empty()
            && !self.globals.contains_key(&self.sym(name))
        {
            self.undefined = true;
            return Err(self.undefined_variable(name, pos));
        }
        Ok(())
    }

    fn var(&mut self, pos: Pos, name: Name) -> R<CodeRef> {
        if let Some(Binding { depth, slot }) = self.bindings[name.0 as usize].last().copied() {
            return self.local(depth, slot, pos);
        }
        let written = name;
        let name = self.sym(name);
        if let Some(global) = self.globals.get(&name) {
            if let Some(constant) = constant(name) {
                return self.push(&[code::head(code::CONST, constant as usize), self.at(pos)]);
            }
            return self.push(&[code::head(code::GLOBAL, 0), *global, self.at(pos)]);
        }
        self.check_defined(pos, written)?;
        let depth = self.depth();
        let n = self.count(self.withs.len(), pos)?;
        let mut units: Units = smallvec![code::head(code::WITH_VAR, n), name.0, self.at(pos), 0];
        for with in self.withs.iter().rev() {
            units.extend([depth - with.depth, with.slot, self.at(with.pos)]);
        }
        self.push(&units)
    }

    /// The code of the value in `name = other;` or `name ? other`, if `other` is the variable in one of these
    /// slots of the current frame.
    pub(super) fn sibling(&self, name: Name, value: Id, slots: Range<u32>) -> R<Option<CodeRef>> {
        let Expr::Var(pos, other) = self.ast.get(value) else {
            return Ok(None);
        };
        match self.bindings[other.0 as usize].last() {
            Some(Binding { depth, slot }) if *depth == self.depth() && slots.contains(slot) => {
                let [own, other] = [self.sym(name).0, self.sym(*other).0];
                self.push(&[code::head(code::SIBLING, 0), *slot, self.at(*pos), own, other]).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Whether a name refers to the global, not to a local variable.
    fn is_global(&self, name: Name) -> bool {
        self.bindings[name.0 as usize].is_empty() && self.globals.contains_key(&self.sym(name))
    }

    /// Lowers an expression. `once` says that it is evaluated at most once for each instance of the current
    /// frame, as part of that frame's own evaluation. Then its variables may live in that frame.
    pub(super) fn expr(&mut self, id: Id, once: bool) -> R<CodeRef> {
        let here = 0u8;
        if (&raw const here as usize) < self.stack_end {
            return Err(ParseError::new(TOO_DEEP, Pos::NONE));
        }
        let ast = self.ast;
        match ast.get(id) {
            Expr::Int(n) => self.push(&[code::head(code::INT, 0), *n as u32, (*n >> 32) as u32]),
            Expr::Float(n) => {
                let bits = n.to_bits();
                self.push(&[code::head(code::FLOAT, 0), bits as u32, (bits >> 32) as u32])
            }
            Expr::Str(text) => self.text(code::STR, ast.text(*text)),
            Expr::Path(PathBase::Root, text) => self.text(code::PATH, ast.text(*text)),
            Expr::Path(base, text) => {
                let text = self.push_text(ast.text(*text))?;
                let home = usize::from(*base == PathBase::Home);
                self.push(&[code::head(code::PATH_FROM, home), text, self.at(FIRST)])
            }
            Expr::Var(pos, name) => self.var(*pos, *name),
            Expr::CurPos(pos) => self.push(&[code::head(code::CUR_POS, 0), self.at(*pos)]),
            Expr::InheritFrom(pos, _) => Err(self.too_large(*pos)),
            Expr::Select { pos, base, path, default } => {
                self.select(*pos, *base, ast.path(*path), *default, once)
            }
            Expr::HasAttr { base, path } => {
                let path = ast.path(*path);
                let n = self.count(path.len(), ast.pos(*base))?;
                let base_code = self.expr(*base, once)?;
                let mut units: Units =
                    smallvec![code::head(code::HAS_ATTR, n), base_code, self.at(ast.pos(*base)), 0];
                self.attr_path(path, &mut units)?;
                self.push(&units)
            }
            Expr::Attrs(bindings) => self.attrs(bindings),
            Expr::List(items) => {
                let items = ast.ids(*items);
                let n = self.count(items.len(), Pos::NONE)?;
                let mut units = Units::with_capacity(n + 1);
                units.push(code::head(code::LIST, n));
                for item in items {
                    units.push(self.expr(*item, false)?);
                }
                self.push(&units)
            }
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::Call { pos, fun, args } => self.call(*pos, *fun, ast.ids(*args), once),
            Expr::Let { bindings, body } => self.let_in(bindings, *body, once),
            Expr::With { pos, attrs, body } => self.with(*pos, *attrs, *body, once),
            Expr::If { pos, cond, yes, no } => {
                let cond = self.expr(*cond, once)?;
                let yes = self.expr(*yes, false)?;
                let no = self.expr(*no, false)?;
                self.push(&[code::head(code::IF, 0), cond, yes, no, self.at(*pos)])
            }
            Expr::Assert { pos, cond, body } => {
                let text = match show_short(ast, *cond, KEPT_ASSERTION) {
                    Some(text) => self.push_text(&text)?,
                    None => 0,
                };
                let cond = self.expr(*cond, once)?;
                let body = self.expr(*body, once)?;
                self.push(&[code::head(code::ASSERT, 0), cond, body, self.at(*pos), text])
            }
            Expr::Not(e) => {
                let e = self.expr(*e, once)?;
                self.push(&[code::head(code::NOT, 0), e])
            }
            Expr::Binary { op, pos, left, right } => {
                let (op, right_once) = match op {
                    Op::Eq => (code::EQ, once),
                    Op::Ne => (code::NE, once),
                    Op::And => (code::AND, false),
                    Op::Or => (code::OR, false),
                    Op::Impl => (code::IMPL, false),
                    Op::Update => (code::UPDATE, once),
                    Op::Concat => (code::CONCAT_LISTS, once),
                };
                let left = self.expr(*left, once)?;
                let right = self.expr(*right, right_once)?;
                self.push(&[code::head(op, 0), left, right, self.at(*pos)])
            }
            Expr::Concat { pos, string, parts } => {
                let parts = ast.parts(*parts);
                let n = self.count(parts.len(), *pos)?;
                let mut units: Units =
                    smallvec![code::head(code::CONCAT, n), self.at(*pos), u32::from(*string)];
                for (pos, part) in parts {
                    units.push(self.at(*pos));
                    units.push(self.expr(*part, once)?);
                }
                self.push(&units)
            }
        }
    }

    fn attr_path(&mut self, path: &[Attr], units: &mut Units) -> R<()> {
        for attr in path {
            match attr {
                Attr::Name(name) => units.extend([0, self.sym(*name).0]),
                Attr::Dynamic(e) => {
                    let e = self.expr(*e, false)?;
                    units.extend([1, e]);
                }
            }
        }
        Ok(())
    }

    fn select(&mut self, pos: Pos, base: Id, path: &[Attr], default: Option<Id>, once: bool) -> R<CodeRef> {
        let base = self.expr(base, once)?;
        if let ([Attr::Name(name)], None) = (path, default) {
            return self.push(&[code::head(code::SELECT, 0), base, self.sym(*name).0, self.at(pos)]);
        }
        let n = self.count(path.len(), pos)?;
        let default = default.map(|d| self.expr(d, false)).transpose()?.unwrap_or(0);
        let mut units: Units = smallvec![code::head(code::SELECT_PATH, n), base, default, self.at(pos)];
        self.attr_path(path, &mut units)?;
        self.push(&units)
    }

    fn call(&mut self, pos: Pos, fun: Id, args: &[Id], once: bool) -> R<CodeRef> {
        if let (Expr::Var(var_pos, name), [left, right]) = (self.ast.get(fun), args)
            && !var_pos.is_some()
            && let Some(op) = arithmetic(self.sym(*name))
            && self.is_global(*name)
        {
            let left = self.expr(*left, once)?;
            let right = self.expr(*right, once)?;
            return self.push(&[code::head(op, 0), left, right, self.at(pos)]);
        }
        let n = self.count(args.len(), pos)?;
        let fun = self.expr(fun, once)?;
        let mut units = Units::with_capacity(n + 3);
        units.extend([code::head(code::CALL, n), fun, self.at(pos)]);
        for arg in args {
            units.push(self.expr(*arg, false)?);
        }
        self.push(&units)
    }

    fn with(&mut self, pos: Pos, attrs: Id, body: Id, once: bool) -> R<CodeRef> {
        let attrs = self.expr(attrs, false)?;
        if once {
            let slot = self.reserve(1);
            let n = self.count(slot as usize, pos)?;
            let body = self.with_body(slot, pos, body)?;
            return self.push(&[code::head(code::WITH_HERE, n), attrs, body, self.at(pos)]);
        }
        self.frames.push(1);
        let body = self.with_body(0, pos, body);
        let size = self.frames.pop().unwrap_or(1);
        let n = self.count(size as usize, pos)?;
        self.push(&[code::head(code::WITH, n), attrs, body?, self.at(pos)])
    }

    fn with_body(&mut self, slot: u32, pos: Pos, body: Id) -> R<CodeRef> {
        let depth = self.depth();
        self.withs.push(With { depth, slot, pos });
        let body = self.expr(body, true);
        self.withs.pop();
        body
    }

    fn lambda(&mut self, lambda: &Lambda) -> R<CodeRef> {
        if lambda.formals.is_some() {
            return self.lambda_set(lambda);
        }
        // `a: b: body` is one function of two arguments.
        let ast = self.ast;
        let mut args: SmallVec<[(Name, Pos); 4]> = SmallVec::new();
        let mut inner = lambda;
        loop {
            args.extend(inner.arg.map(|a| (a, inner.pos)));
            match ast.get(inner.body) {
                Expr::Lambda(next) if next.formals.is_none() && args.len() < code::MAX_FUSED => inner = next,
                _ => break,
            }
        }
        self.frames.push(args.len() as u32);
        for (slot, (name, _)) in args.iter().enumerate() {
            self.bind(*name, slot as u32);
        }
        let body = self.expr(inner.body, true).and_then(|body| self.observed(lambda, args.len(), body));
        for (name, _) in args.iter().rev() {
            self.unbind(*name);
        }
        let size = self.frames.pop().unwrap_or(0);
        let name = lambda.name.map_or(0, |n| self.sym(n).0);
        let mut units: SmallVec<[u32; 12]> = SmallVec::new();
        units.extend([code::head(code::LAMBDA, args.len()), body?, size, name]);
        for (name, pos) in args {
            units.extend([self.sym(name).0, self.at(pos)]);
        }
        self.push(&units)
    }

    /// Marks the body of a function through which evaluations are observed.
    fn observed(&mut self, lambda: &Lambda, arity: usize, body: CodeRef) -> R<CodeRef> {
        let name = lambda.name.map_or(&b""[..], |n| self.ast.names.get(n));
        let function = match (name, arity) {
            (b"mergeModules", 2) => code::MERGE_MODULES,
            (b"evalOptionValue", 3) => code::EVAL_OPTION_VALUE,
            (b"elaborate", 1) => code::ELABORATE,
            _ => return Ok(body),
        };
        self.push(&[code::head(code::OBSERVE, function), body, 0, 0])
    }

    fn lambda_set(&mut self, lambda: &Lambda) -> R<CodeRef> {
        let Some(formals) = &lambda.formals else {
            return Err(self.too_large(lambda.pos));
        };
        let list = &formals.list;
        let n = self.count(list.len(), lambda.pos)?;
        let first = usize::from(lambda.arg.is_some());
        self.frames.push((first + n) as u32);
        if let Some(arg) = lambda.arg {
            self.bind(arg, 0);
        }
        for (i, formal) in list.iter().enumerate() {
            self.bind(formal.name, (first + i) as u32);
        }
        let name = lambda.name.map_or(0, |n| self.sym(n).0);
        let arg = lambda.arg.map_or(0, |a| self.sym(a).0);
        let mut units = Vec::with_capacity(7 + 3 * n);
        units.extend([code::head(code::LAMBDA_SET, n), 0, 0, name]);
        units.extend([self.at(lambda.pos), arg, u32::from(formals.ellipsis)]);
        let mut result = Ok(());
        for formal in list {
            let slots = first as u32..(first + n) as u32;
            let default = formal.default.map(|d| match self.sibling(formal.name, d, slots)? {
                Some(code) => Ok(code),
                None => self.expr(d, false),
            });
            let default = match default.transpose() {
                Ok(default) => default.unwrap_or(0),
                Err(e) => {
                    result = Err(e);
                    break;
                }
            };
            units.extend([self.sym(formal.name).0, default, self.at(formal.pos)]);
        }
        let mut body = result.and_then(|()| self.expr(lambda.body, true));
        // The function in nixpkgs' pkgs/top-level/default.nix.
        let has = |wanted: &[u8]| list.iter().any(|formal| self.ast.names.get(formal.name) == wanted);
        let makes_packages = [&b"localSystem"[..], b"crossSystem", b"config", b"overlays", b"stdenvStages"];
        if lambda.arg.is_some() && makes_packages.into_iter().all(has) {
            body = body.and_then(|body| self.push(&[code::head(code::OBSERVE, code::PACKAGES), body, 0, 0]));
        }
        for formal in list.iter().rev() {
            self.unbind(formal.name);
        }
        if let Some(arg) = lambda.arg {
            self.unbind(arg);
        }
        let size = self.frames.pop().unwrap_or(0);
        units[1] = body?;
        units[2] = size;
        self.push(&units)
    }
}

fn arithmetic(name: Sym) -> Option<u8> {
    const SUB: Sym = sym!("__sub");
    const MUL: Sym = sym!("__mul");
    const DIV: Sym = sym!("__div");
    const LESS: Sym = sym!("__lessThan");
    match name {
        SUB => Some(code::SUB),
        MUL => Some(code::MUL),
        DIV => Some(code::DIV),
        LESS => Some(code::LESS),
        _ => None,
    }
}

fn constant(name: Sym) -> Option<u32> {
    const NULL: Sym = sym!("null");
    const FALSE: Sym = sym!("false");
    const TRUE: Sym = sym!("true");
    match name {
        NULL => Some(code::NULL),
        FALSE => Some(code::FALSE),
        TRUE => Some(code::TRUE),
        _ => None,
    }
}
