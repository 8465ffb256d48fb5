//! Definitions of sets. As in Nix's parser, nested attribute paths merge into one set, and duplicates are
//! errors.

use smallvec::SmallVec;

use super::ast::{Attr, AttrDef, AttrKind, Bindings, DynamicDef, Expr, Id};
use super::build::{Builder, R};
use super::error::ParseError;
use super::names::Name;
use crate::host::shown;
use crate::source::Pos;

impl Builder<'_> {
    /// Adds `path = value;` to the set `attrs`.
    pub(super) fn define(&mut self, attrs: Id, path: &[Attr], pos: Pos, value: Id) -> R<()> {
        let mut set = attrs;
        let Some((last, outer)) = path.split_last() else {
            return Ok(());
        };
        for (depth, attr) in outer.iter().enumerate() {
            set = match attr {
                Attr::Name(name) => match self.bindings(set).find(*name) {
                    Some(i) => {
                        let old = self.bindings(set).attrs[i];
                        if !matches!(self.ast.get(old.value), Expr::Attrs(_)) {
                            return Err(self.duplicate(&path[..=depth], pos, old.pos));
                        }
                        old.value
                    }
                    None => {
                        let nested = self.empty_set();
                        let def = AttrDef { name: *name, pos, value: nested, kind: AttrKind::Plain };
                        self.bindings(set).insert(def);
                        nested
                    }
                },
                Attr::Dynamic(name) => {
                    let nested = self.empty_set();
                    self.bindings(set).dynamic.push(DynamicDef { name: *name, value: nested, pos });
                    nested
                }
            };
        }
        match last {
            Attr::Name(name) => {
                let def = AttrDef { name: *name, pos, value, kind: AttrKind::Plain };
                self.add(set, &mut SmallVec::from_slice(path), def)
            }
            Attr::Dynamic(name) => {
                self.bindings(set).dynamic.push(DynamicDef { name: *name, value, pos });
                Ok(())
            }
        }
    }

    /// Adds one definition. If both the old and the new value are set literals, merges them. `path` names the
    /// attribute in messages.
    fn add(&mut self, set: Id, path: &mut SmallVec<[Attr; 8]>, def: AttrDef) -> R<()> {
        let Some(i) = self.bindings(set).find(def.name) else {
            self.bindings(set).insert(def);
            self.ast.set_name(def.value, def.name);
            return Ok(());
        };
        let old = self.bindings(set).attrs[i];
        let both_sets = matches!(self.ast.get(old.value), Expr::Attrs(_))
            && matches!(self.ast.get(def.value), Expr::Attrs(_));
        if !both_sets {
            return Err(self.duplicate(path, def.pos, old.pos));
        }
        let (attrs, dynamic, from) = self.bindings(def.value).take();
        let shift = self.bindings(old.value).from.len();
        for attr in attrs {
            if attr.kind == AttrKind::InheritedFrom {
                self.shift_source(attr.value, shift);
            }
            path.push(Attr::Name(attr.name));
            self.add(old.value, path, attr)?;
            path.pop();
        }
        let target = self.bindings(old.value);
        target.dynamic.extend(dynamic);
        target.from.extend(from);
        Ok(())
    }

    /// `inherit (e) a` refers to `e` by number; merging two sets renumbers those of the second.
    fn shift_source(&mut self, select: Id, by: usize) {
        if let Expr::Select { base, .. } = *self.ast.get(select)
            && let Expr::InheritFrom(_, index) = self.ast.get_mut(base)
        {
            *index += by;
        }
    }

    /// Adds `inherit name;`, or `inherit (e) name;` if `from` is the result of
    /// [`inherit_from`](Self::inherit_from).
    pub(super) fn inherit(&mut self, set: Id, name: Name, pos: Pos, from: Option<(Pos, usize)>) -> R<()> {
        let (value, kind) = match from {
            None => (Expr::Var(pos, name), AttrKind::Inherited),
            Some((from_pos, index)) => {
                let base = self.ast.add(Expr::InheritFrom(from_pos, index));
                let path = self.ast.add_path(&[Attr::Name(name)]);
                (Expr::Select { pos, base, path, default: None }, AttrKind::InheritedFrom)
            }
        };
        let value = self.ast.add(value);
        if let Some(i) = self.bindings(set).find(name) {
            let old = self.bindings(set).attrs[i].pos;
            return Err(self.duplicate(&[Attr::Name(name)], pos, old));
        }
        self.bindings(set).insert(AttrDef { name, pos, value, kind });
        Ok(())
    }

    /// Adds the set of `inherit (source) …`, which begins at `pos`.
    pub(super) fn inherit_from(&mut self, set: Id, pos: Pos, source: Id) -> (Pos, usize) {
        let bindings = self.bindings(set);
        bindings.from.push(source);
        (pos, bindings.from.len() - 1)
    }

    /// A set without definitions, which begins at `pos`.
    pub(super) fn set(&mut self, recursive: bool, pos: Pos) -> Id {
        self.ast.add(Expr::Attrs(Box::new(Bindings::new(recursive, pos))))
    }

    /// Takes the definitions of a `let` out of the set that collected them; `None` if some are dynamic.
    pub(super) fn let_bindings(&mut self, set: Id) -> Option<Box<Bindings>> {
        let bindings = match self.ast.get_mut(set) {
            Expr::Attrs(bindings) => std::mem::take(bindings),
            other => unreachable!("not a set literal: {other:?}"),
        };
        bindings.dynamic.is_empty().then_some(bindings)
    }

    pub(super) fn bindings(&mut self, set: Id) -> &mut Bindings {
        match self.ast.get_mut(set) {
            Expr::Attrs(bindings) => bindings,
            other => unreachable!("not a set literal: {other:?}"),
        }
    }

    pub(super) fn empty_set(&mut self) -> Id {
        self.ast.add(Expr::Attrs(Box::default()))
    }

    fn duplicate(&self, path: &[Attr], pos: Pos, old: Pos) -> ParseError {
        let name = super::show::show_path(&self.ast, path);
        ParseError::new(format!("attribute '{name}' already defined at {}", self.place(old)), pos)
    }

    /// Checks `{ a, b }@c:` for names that occur twice.
    pub(super) fn check_formals(&self, formals: &[super::ast::Formal], arg: Option<Name>, pos: Pos) -> R<()> {
        let mut sorted: Vec<_> = formals.iter().map(|f| (f.name, f.pos)).collect();
        sorted.sort_unstable();
        let twice = sorted.windows(2).find(|w| w[0].0 == w[1].0).map(|w| w[1]);
        let twice = twice.or(arg.filter(|a| formals.iter().any(|f| f.name == *a)).map(|a| (a, pos)));
        match twice {
            None => Ok(()),
            Some((name, pos)) => {
                let name = shown(self.ast.names.get(name)).into_owned();
                Err(ParseError::new(format!("duplicate formal function argument '{name}'"), pos))
            }
        }
    }
}
