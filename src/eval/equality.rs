//! Equality: `==` and `!=`.

use super::{Evaluator, Res};
use crate::heap::{Ref, Slot};
use crate::ir::code;
use crate::source::Pos;
use crate::value::{Entry, Tag, Type, Value, peek, slot};

impl Evaluator {
    #[inline(never)]
    pub(super) fn eval_equal(&self, unit: &[u32; 4], frame: Ref) -> Res<Value> {
        let left = self.eval(unit[1], frame)?;
        let right = self.eval(unit[2], frame)?;
        let equal = self.equal_values(left, right, Pos::NONE)?;
        Ok(Value::bool(equal == (unit[0] as u8 == code::EQ)))
    }

    /// Whether two values are equal. Forces both as far as necessary.
    pub fn equal(&self, a: &Slot, b: &Slot, pos: Pos) -> Res<bool> {
        // Every comparison counts as a call, and an error about its depth has no position.
        let _depth = self.deeper()?;
        if std::ptr::eq(a, b) {
            self.force_at(a, pos)?;
            return Ok(true);
        }
        let (wa, wb) = (peek(a), peek(b));
        let apart = !(wa.is_value() && wb.is_value()) && self.suspended_apart(a, b);
        let (va, vb) = (self.force_at(a, pos)?, self.force_at(b, pos)?);
        // Nix compares pointers first, so a value equals itself even if it contains functions.
        if !apart && self.mem.same_object(va, vb) {
            return Ok(true);
        }
        self.equal_forced(va, vb, pos)
    }

    /// Whether two slots will hold two distinct values even if both evaluate to the same set: at least one is
    /// suspended, and they do not share a suspension.
    fn suspended_apart(&self, a: &Slot, b: &Slot) -> bool {
        let home = |slot: &Slot| {
            let (mut v, mut home) = (peek(slot), None);
            while v.tag() == Tag::Forward {
                (v, home) = (peek(self.mem.heap.slot(v.at())), Some(v.at()));
            }
            (v, home)
        };
        let ((va, ha), (vb, hb)) = (home(a), home(b));
        !(va.is_value() && vb.is_value() || ha.is_some() && ha == hb)
    }

    /// Whether two forced values are equal.
    pub fn equal_values(&self, a: Value, b: Value, pos: Pos) -> Res<bool> {
        let _depth = self.deeper()?;
        self.equal_forced(a, b, pos)
    }

    fn equal_forced(&self, a: Value, b: Value, pos: Pos) -> Res<bool> {
        let (ta, tb) = (a.type_of(), b.type_of());
        if ta != tb {
            return Ok(match (ta, tb) {
                (Type::Int, Type::Float) => self.mem.as_int(a).map(|n| n as f64) == self.mem.as_float(b),
                (Type::Float, Type::Int) => self.mem.as_float(a) == self.mem.as_int(b).map(|n| n as f64),
                _ => false,
            });
        }
        Ok(match ta {
            Type::Int => self.mem.as_int(a) == self.mem.as_int(b),
            Type::Float => self.mem.as_float(a) == self.mem.as_float(b),
            Type::String | Type::Path => a == b || self.mem.text(a) == self.mem.text(b),
            Type::Bool | Type::Null => a == b,
            Type::List => return self.equal_lists(a, b, pos),
            Type::Attrs => return self.equal_sets(a, b, pos),
            Type::Function | Type::Thunk => false,
        })
    }

    fn equal_lists(&self, a: Value, b: Value, pos: Pos) -> Res<bool> {
        if a.list_len() != b.list_len() {
            return Ok(false);
        }
        for (x, y) in self.mem.items(a).iter().zip(self.mem.items(b)) {
            if !self.equal(x, y, pos)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn equal_sets(&self, a: Value, b: Value, pos: Pos) -> Res<bool> {
        if let (Some(x), Some(y)) = (self.derivations.out_path(a), self.derivations.out_path(b)) {
            let _depth = self.deeper()?;
            return Ok(x == y || self.mem.text(x) == self.mem.text(y));
        }
        if self.is_derivation(a)?
            && self.is_derivation(b)?
            && let (Some(x), Some(y)) = (self.mem.get(a, sym!("outPath")), self.mem.get(b, sym!("outPath")))
        {
            let equal = self.equal(x, y, pos)?;
            self.derivations.remember(a, self.force(x)?);
            self.derivations.remember(b, self.force(y)?);
            return Ok(equal);
        }
        if self.mem.attrs_len(a) != self.mem.attrs_len(b) {
            return Ok(false);
        }
        let (ea, eb) = (self.mem.entries(a), self.mem.entries(b));
        let order = |entries: &[Entry<'_>]| self.mem.heap.symbols.sorted(entries.iter().map(|e| e.name));
        let left = order(&ea);
        let same_names = ea.iter().zip(&eb).all(|(x, y)| x.name == y.name);
        let right = if same_names { None } else { Some(order(&eb)) };
        for (i, x) in left.iter().enumerate() {
            let (x, y) = (&ea[*x], &eb[right.as_ref().map_or(*x, |right| right[i])]);
            if x.name != y.name || !self.equal(x.slot, y.slot, pos)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a slot's value equals another value. Forces the slot.
    pub fn slot_equals(&self, a: &Slot, b: Value) -> Res<bool> {
        self.force(a)?;
        self.equal(a, &slot(b), Pos::NONE)
    }
}
