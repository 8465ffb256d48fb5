//! Lowering of set literals and `let`.

use std::ops::Range;

use smallvec::SmallVec;

use super::code::{self, OUTER};
use super::lower::{Lowering, R, Units};
use crate::heap::{CodeRef, Heap, HeapFull, Sym};
use crate::source::Pos;
use crate::syntax::ast::{Attr, AttrDef, AttrKind, Bindings, Expr, Id};

/// The location of the set of an `inherit (e) …`.
enum From {
    /// `e` is a variable, which is simply referred to again.
    Variable(Id),
    /// A hidden slot of the frame at `depth`.
    Slot { depth: u32, slot: u32 },
}

/// Appends a shape that no code refers to: names in ascending order, with their positions.
pub(crate) fn push_shape(heap: &Heap, attrs: &[(Sym, Pos)]) -> Result<CodeRef, HeapFull> {
    heap.push_scratch(&shape_units(attrs, Pos::NONE))
}

/// The units of a shape. `pos` is where its literal is, for the sets that are made of that.
fn shape_units(attrs: &[(Sym, Pos)], pos: Pos) -> SmallVec<[u32; 32]> {
    let mut units = SmallVec::with_capacity(code::SHAPE_KEYS + 2 * attrs.len());
    units.extend([attrs.len() as u32, pos.0, 0, 0]);
    units.extend(attrs.iter().map(|a| a.0.0));
    units.extend(attrs.iter().map(|a| a.1.0));
    units
}

impl Lowering<'_> {
    /// The definitions in the order of their symbols, and their shape.
    fn shape(&self, bindings: &Bindings) -> R<(SmallVec<[AttrDef; 8]>, CodeRef)> {
        let mut defs: SmallVec<[AttrDef; 8]> = SmallVec::from_slice(&bindings.attrs);
        defs.sort_by_key(|a| self.sym(a.name));
        self.count(defs.len(), bindings.pos)?;
        let keys: SmallVec<[(Sym, Pos); 16]> =
            defs.iter().map(|a| (self.sym(a.name), Pos(self.at(a.pos)))).collect();
        let units = shape_units(&keys, Pos(self.at(bindings.pos)));
        let shape = self.heap.push_code(&units).map_err(|_| self.too_large(bindings.pos))?;
        Ok((defs, shape))
    }

    /// Whether the set of an `inherit (e) …` is a variable, which must be defined even if no name is
    /// inherited.
    fn is_variable(&mut self, source: Id) -> R<bool> {
        match self.ast.get(source) {
            Expr::Var(pos, name) => self.check_defined(*pos, *name).map(|()| true),
            _ => Ok(false),
        }
    }

    fn all_variables(&mut self, sources: &[Id]) -> R<bool> {
        for source in sources {
            if !self.is_variable(*source)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Decides where the sets of `inherit (e) …` live, and reserves hidden slots for them in the current
    /// frame. Returns the code that fills the slots.
    fn sources(&mut self, bindings: &Bindings) -> R<(Vec<From>, Vec<CodeRef>)> {
        let mut from = Vec::with_capacity(bindings.from.len());
        let mut codes = Vec::new();
        for source in &bindings.from {
            if self.is_variable(*source)? {
                from.push(From::Variable(*source));
                continue;
            }
            codes.push(self.expr(*source, false)?);
            let slot = self.reserve(1);
            from.push(From::Slot { depth: self.depth(), slot });
        }
        Ok((from, codes))
    }

    /// `inherit (e) name`.
    fn inherited_from(&mut self, def: &AttrDef, from: &[From]) -> R<CodeRef> {
        let Expr::Select { base, path, .. } = self.ast.get(def.value) else {
            return Err(self.too_large(def.pos));
        };
        let (Expr::InheritFrom(pos, index), [Attr::Name(name)]) = (self.ast.get(*base), self.ast.path(*path))
        else {
            return Err(self.too_large(def.pos));
        };
        let base = match from.get(*index) {
            Some(From::Variable(id)) => self.expr(*id, false)?,
            Some(From::Slot { depth, slot }) => self.local(*depth, *slot, *pos)?,
            None => return Err(self.too_large(def.pos)),
        };
        self.push(&[code::head(code::SELECT, 0), base, self.sym(*name).0, self.at(def.pos)])
    }

    pub(super) fn attrs(&mut self, bindings: &Bindings) -> R<CodeRef> {
        let (defs, shape) = self.shape(bindings)?;
        let overrides = bindings.recursive && defs.iter().any(|d| self.sym(d.name) == sym!("__overrides"));
        if bindings.dynamic.is_empty() && !overrides {
            if bindings.recursive {
                return self.rec_set(bindings, &defs, shape);
            }
            return self.plain_set(bindings, &defs, shape);
        }
        self.general_set(bindings, &defs, shape, overrides)
    }

    fn plain_set(&mut self, bindings: &Bindings, defs: &[AttrDef], shape: CodeRef) -> R<CodeRef> {
        let needs_frame = !self.all_variables(&bindings.from)?;
        let mut units = Units::with_capacity(4 + defs.len());
        units.extend([0, shape, self.at(bindings.pos), 0]);
        if !needs_frame {
            units[0] = code::head(code::ATTRS, defs.len());
            let from: Vec<_> = bindings.from.iter().map(|f| From::Variable(*f)).collect();
            for def in defs {
                units.push(self.set_value(def, &from, 0..0)?);
            }
            return self.push(&units);
        }
        units[0] = code::head(code::ATTRS_FROM, defs.len());
        // Plain values belong to the outer scope; lower them before the new frame exists.
        let mut values = vec![0; defs.len()];
        for (value, def) in values.iter_mut().zip(defs) {
            if def.kind != AttrKind::InheritedFrom {
                *value = self.expr(def.value, false)? | OUTER;
            }
        }
        // The sources see only the outer scope as well.
        let mut codes = Vec::new();
        for source in &bindings.from {
            codes.push(self.expr(*source, false)?);
        }
        self.frames.push(codes.len() as u32);
        let depth = self.depth();
        let from: Vec<_> = (0..codes.len()).map(|i| From::Slot { depth, slot: i as u32 }).collect();
        let mut result = Ok(());
        for (value, def) in values.iter_mut().zip(defs) {
            if def.kind == AttrKind::InheritedFrom {
                match self.inherited_from(def, &from) {
                    Ok(code) => *value = code,
                    Err(e) => result = Err(e),
                }
            }
        }
        self.frames.pop();
        result?;
        units[3] = codes.len() as u32;
        units.extend(codes);
        units.extend(values);
        self.push(&units)
    }

    /// `slots` of the current frame are the variables defined together with this one.
    fn set_value(&mut self, def: &AttrDef, from: &[From], slots: Range<u32>) -> R<CodeRef> {
        match def.kind {
            AttrKind::InheritedFrom => self.inherited_from(def, from),
            _ => match self.sibling(def.name, def.value, slots)? {
                Some(code) => Ok(code),
                None => self.expr(def.value, false),
            },
        }
    }

    /// Lowers `inherit name;` values in the scope around a recursive set.
    fn outer_values(&mut self, defs: &[AttrDef]) -> R<Vec<u32>> {
        defs.iter()
            .map(|def| match def.kind {
                AttrKind::Inherited => Ok(self.expr(def.value, false)? | OUTER),
                _ => Ok(0),
            })
            .collect()
    }

    /// Opens a frame whose first slots are the attributes, and lowers what sees them.
    fn in_new_frame<T>(&mut self, defs: &[AttrDef], f: impl FnOnce(&mut Self) -> R<T>) -> R<T> {
        self.frames.push(defs.len() as u32);
        for (slot, def) in defs.iter().enumerate() {
            self.bind(def.name, slot as u32);
        }
        let result = f(self);
        for def in defs.iter().rev() {
            self.unbind(def.name);
        }
        self.frames.pop();
        result
    }

    fn rec_set(&mut self, bindings: &Bindings, defs: &[AttrDef], shape: CodeRef) -> R<CodeRef> {
        if bindings.from.iter().any(|f| !matches!(self.ast.get(*f), Expr::Var(..))) {
            return self.general_set(bindings, defs, shape, false);
        }
        let mut values = self.outer_values(defs)?;
        self.in_new_frame(defs, |this| {
            this.all_variables(&bindings.from)?;
            let from: Vec<_> = bindings.from.iter().map(|f| From::Variable(*f)).collect();
            for (value, def) in values.iter_mut().zip(defs) {
                if def.kind != AttrKind::Inherited {
                    *value = this.set_value(def, &from, 0..defs.len() as u32)?;
                }
            }
            Ok(())
        })?;
        let mut units = Units::with_capacity(4 + defs.len());
        units.extend([code::head(code::REC, defs.len()), shape, self.at(bindings.pos), 0]);
        units.extend(values);
        self.push(&units)
    }

    fn general_set(
        &mut self,
        bindings: &Bindings,
        defs: &[AttrDef],
        shape: CodeRef,
        overrides: bool,
    ) -> R<CodeRef> {
        let n_dynamic = self.count(bindings.dynamic.len(), bindings.pos)?;
        let mut flags = if bindings.recursive { code::FLAG_RECURSIVE } else { 0 };
        if overrides {
            flags |= code::FLAG_OVERRIDES;
        }
        let mut units =
            vec![code::head(code::ATTRS_GENERAL, defs.len()), shape, self.at(bindings.pos), flags];
        let body = |this: &mut Self, mut values: Vec<u32>| -> R<Vec<u32>> {
            let (from, codes) = this.sources(bindings)?;
            let mut rest = vec![codes.len() as u32, n_dynamic as u32];
            for (value, def) in values.iter_mut().zip(defs) {
                if *value == 0 {
                    let siblings = if bindings.recursive { defs.len() } else { 0 };
                    *value = this.set_value(def, &from, 0..siblings as u32)?;
                }
            }
            rest.extend(codes);
            rest.extend(values);
            for def in &bindings.dynamic {
                let name = this.expr(def.name, false)?;
                let value = this.expr(def.value, false)?;
                rest.extend([name, value, this.at(def.pos)]);
            }
            Ok(rest)
        };
        let rest = if bindings.recursive {
            let values = self.outer_values(defs)?;
            self.in_new_frame(defs, |this| body(this, values))?
        } else {
            // The frame holds only hidden slots. The attributes' slots before them stay empty.
            self.frames.push(defs.len() as u32);
            let result = body(self, vec![0; defs.len()]);
            self.frames.pop();
            result?
        };
        units.extend(rest);
        self.push(&units)
    }

    pub(super) fn let_in(&mut self, bindings: &Bindings, body: Id, once: bool) -> R<CodeRef> {
        let defs = &bindings.attrs;
        let n = self.count(defs.len() + bindings.from.len(), bindings.pos)?;
        let mut values = self.outer_values(defs)?;
        if !once {
            self.frames.push(0);
        }
        let first = self.reserve(defs.len());
        for (i, def) in defs.iter().enumerate() {
            self.bind(def.name, first + i as u32);
        }
        let result = self.let_values(bindings, &mut values, first).and_then(|sources| {
            let body = self.expr(body, true)?;
            Ok((sources, body))
        });
        for def in defs.iter().rev() {
            self.unbind(def.name);
        }
        let size = if once { 0 } else { self.frames.pop().unwrap_or(0) };
        let (sources, body) = result?;
        values.extend(sources);
        debug_assert!(values.len() <= n);
        let op = if once { code::LET_HERE } else { code::LET };
        let mut units = Units::with_capacity(4 + values.len());
        units.extend([code::head(op, values.len()), body, size, first]);
        // In a merged frame the outer scope is the same frame.
        let mask = if once { !OUTER } else { u32::MAX };
        units.extend(values.iter().map(|v| v & mask));
        self.push(&units)
    }

    /// Lowers the values of a `let`. The hidden slots of `inherit (e)` directly follow those of the
    /// variables.
    fn let_values(&mut self, bindings: &Bindings, values: &mut [u32], first: u32) -> R<Vec<CodeRef>> {
        let (from, codes) = self.sources(bindings)?;
        let slots = first..first + values.len() as u32;
        for (value, def) in values.iter_mut().zip(&bindings.attrs) {
            if def.kind != AttrKind::Inherited {
                *value = self.set_value(def, &from, slots.clone())?;
            }
        }
        Ok(codes)
    }
}
