//! Finds the undefined variable that Nix reports, if there are several.
//!
//! Lowering visits a text in an order that suits its own work. It notices that a variable is undefined, but
//! not which one Nix would have met first.

use crate::heap::{Heap, Sym};
use crate::source::Pos;
use crate::syntax::Name;
use crate::syntax::ast::{Ast, Attr, AttrDef, AttrKind, Bindings, Expr, Id, Lambda};

/// A search for the first undefined variable of a text.
pub(super) struct Search<'a> {
    pub(super) heap: &'a Heap,
    pub(super) ast: &'a Ast,
    /// The symbol of each name.
    pub(super) syms: &'a [Sym],
    /// For each name, how often it is bound around this point; initially, whether it is bound from outside.
    pub(super) bound: Vec<u32>,
}

/// A variable and its position.
type Undefined = (Name, Pos);

impl Search<'_> {
    /// Fails with the first undefined variable that Nix meets in an expression. Below a `with` there are
    /// none.
    pub(super) fn expr(&mut self, id: Id) -> Result<(), Undefined> {
        let ast = self.ast;
        match ast.get(id) {
            Expr::Var(pos, name) => match self.bound[name.0 as usize] {
                0 => Err((*name, *pos)),
                _ => Ok(()),
            },
            Expr::Select { base, path, default, .. } => {
                self.expr(*base)?;
                if let Some(default) = default {
                    self.expr(*default)?;
                }
                self.names(ast.path(*path))
            }
            Expr::HasAttr { base, path } => {
                self.expr(*base)?;
                self.names(ast.path(*path))
            }
            Expr::Attrs(bindings) => self.bindings(bindings, None),
            Expr::Let { bindings, body } => self.bindings(bindings, Some(*body)),
            Expr::List(items) => self.all(ast.ids(*items)),
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::Call { fun, args, .. } => {
                self.expr(*fun)?;
                self.all(ast.ids(*args))
            }
            // The set may provide any variable that the body does not define, so the body is not searched.
            Expr::With { attrs, .. } => self.expr(*attrs),
            Expr::If { cond, yes, no, .. } => self.all(&[*cond, *yes, *no]),
            Expr::Assert { cond, body, .. } => self.all(&[*cond, *body]),
            Expr::Not(e) => self.expr(*e),
            Expr::Binary { left, right, .. } => self.all(&[*left, *right]),
            Expr::Concat { parts, .. } => ast.parts(*parts).iter().try_for_each(|(_, part)| self.expr(*part)),
            Expr::Int(_)
            | Expr::Float(_)
            | Expr::Str(_)
            | Expr::Path(..)
            | Expr::CurPos(_)
            | Expr::InheritFrom(..) => Ok(()),
        }
    }

    fn all(&mut self, ids: &[Id]) -> Result<(), Undefined> {
        ids.iter().try_for_each(|id| self.expr(*id))
    }

    fn names(&mut self, path: &[Attr]) -> Result<(), Undefined> {
        path.iter().try_for_each(|name| match name {
            Attr::Name(_) => Ok(()),
            Attr::Dynamic(e) => self.expr(*e),
        })
    }

    fn order(&self, name: Name) -> u32 {
        self.heap.symbols.order(self.syms[name.0 as usize])
    }

    fn bind(&mut self, name: Name) {
        self.bound[name.0 as usize] += 1;
    }

    fn unbind(&mut self, name: Name) {
        self.bound[name.0 as usize] -= 1;
    }

    /// A set, or a `let` with its body.
    fn bindings(&mut self, bindings: &Bindings, body: Option<Id>) -> Result<(), Undefined> {
        let mut defs: Vec<&AttrDef> = bindings.attrs.iter().collect();
        defs.sort_by_key(|def| self.order(def.name));
        let inner = bindings.recursive || body.is_some();
        if inner {
            defs.iter().for_each(|def| self.bind(def.name));
        }
        self.all(&bindings.from)?;
        for def in &defs {
            match def.kind {
                AttrKind::Plain => self.expr(def.value)?,
                AttrKind::InheritedFrom => {}
                // Its value is looked up in the outer scope.
                AttrKind::Inherited if inner => {
                    self.unbind(def.name);
                    self.expr(def.value)?;
                    self.bind(def.name);
                }
                AttrKind::Inherited => self.expr(def.value)?,
            }
        }
        for def in &bindings.dynamic {
            self.all(&[def.name, def.value])?;
        }
        if let Some(body) = body {
            self.expr(body)?;
        }
        if inner {
            defs.iter().for_each(|def| self.unbind(def.name));
        }
        Ok(())
    }

    fn lambda(&mut self, lambda: &Lambda) -> Result<(), Undefined> {
        let mut formals: Vec<_> = lambda.formals.iter().flat_map(|f| &f.list).collect();
        formals.sort_by_key(|formal| self.order(formal.name));
        let names: Vec<Name> = lambda.arg.into_iter().chain(formals.iter().map(|f| f.name)).collect();
        names.iter().for_each(|name| self.bind(*name));
        for formal in formals {
            if let Some(default) = formal.default {
                self.expr(default)?;
            }
        }
        self.expr(lambda.body)?;
        names.iter().for_each(|name| self.unbind(*name));
        Ok(())
    }
}
