//! Order: `<` and `builtins.lessThan`.

use super::print::type_name;
use super::{Error, Evaluator, Res};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{Type, Value};

impl Evaluator {
    /// Forces both operands and tells whether `a` sorts before `b` (`builtins.lessThan`).
    ///
    /// # Errors
    /// When values of these types cannot be compared. `doing`, if not empty, becomes a line of its trace.
    pub fn less_than(&self, a: &Slot, b: &Slot, pos: Pos, doing: &'static str) -> Res<bool> {
        let (va, vb) = (self.force_at(a, pos)?, self.force_at(b, pos)?);
        self.less_values(va, vb, doing)
    }

    pub(super) fn less_values(&self, a: Value, b: Value, doing: &'static str) -> Res<bool> {
        if let (Some(x), Some(y)) = (self.mem.as_int(a), self.mem.as_int(b)) {
            return Ok(x < y);
        }
        let number = |v| self.mem.as_int(v).map(|n| n as f64).or_else(|| self.mem.as_float(v));
        if let (Some(x), Some(y)) = (number(a), number(b)) {
            return Ok(x < y);
        }
        let (ta, tb) = (a.type_of(), b.type_of());
        match (ta, tb) {
            (Type::String, Type::String) | (Type::Path, Type::Path) => {
                Ok(self.mem.text(a) < self.mem.text(b))
            }
            (Type::List, Type::List) => self.less_lists(a, b),
            _ => {
                let (na, nb) = (type_name(self, a), type_name(self, b));
                let (sa, sb) = (self.shown(a), self.shown(b));
                let why = if ta == tb {
                    format!("values of that type are incomparable (values are {sa} and {sb})")
                } else {
                    format!("values are {sa} and {sb}")
                };
                Err(Error::eval(format!("cannot compare {na} with {nb}; {why}")))
            }
        }
        .map_err(|e| if doing.is_empty() { e } else { e.trace(Pos::NONE, doing) })
    }

    fn less_lists(&self, a: Value, b: Value) -> Res<bool> {
        let (xs, ys) = (self.mem.items(a), self.mem.items(b));
        for (x, y) in xs.iter().zip(ys) {
            // The elements have no position in Nix.
            if !self.equal(x, y, Pos::NONE)? {
                self.check_stack()?;
                return self.less_than(x, y, Pos::NONE, "while comparing two list elements");
            }
        }
        Ok(xs.len() < ys.len())
    }
}
