//! `+` and string interpolation.

use smallvec::SmallVec;

use super::coerce::Coerce;
use super::print::type_name;
use super::{Error, Evaluator, Res};
use crate::heap::{CodeRef, Ref, Slot};
use crate::source::Pos;
use crate::value::{Context, Type, Value};

impl Evaluator {
    /// `"…${e}…"`, `a + b` and paths with interpolations. The type of the first part decides the result's
    /// type.
    #[inline(never)]
    pub(super) fn concat(&self, code: CodeRef, n: usize, frame: Ref) -> Res<Value> {
        let units = self.mem.heap.code(code, 3 + 2 * n);
        let (pos, must_be_string) = (Pos(units[1]), units[2] != 0);
        let parts = &units[3..];
        let first = self.eval(parts[1], frame)?;
        let first_type = if must_be_string { Type::String } else { first.type_of() };
        if matches!(first_type, Type::Int | Type::Float) {
            return self.add_numbers(first, Pos(parts[0]), &parts[2..], frame);
        }
        let copy = first_type == Type::String;
        let mut context = Context::EMPTY;
        let mut pieces: SmallVec<[Value; 4]> = SmallVec::with_capacity(n);
        for (i, part) in parts.chunks_exact(2).enumerate() {
            let v = if i == 0 { first } else { self.eval(part[1], frame)? };
            let how = Coerce { more: false, copy, canonicalise: i > 0 || must_be_string };
            let v = if v.is_string() {
                self.check_depth(Pos(part[0]))?;
                v
            } else {
                self.coerce_value(v, Pos(part[0]), how, "while evaluating a path segment")?
            };
            context = self.mem.contexts.union(context, self.mem.context(v));
            pieces.push(v);
        }
        if first_type == Type::Path {
            let texts: SmallVec<[&[u8]; 4]> = pieces.iter().map(|p| self.mem.text(*p)).collect();
            if !context.is_empty() {
                let message = "a string that refers to a store path cannot be appended to a path";
                return Err(Error::eval(message).at(pos));
            }
            return self.path_value(&texts.concat());
        }
        if let [only] = pieces[..] {
            return Ok(only);
        }
        Ok(self.mem.concat_values(&pieces, context)?)
    }

    /// `a + b`, for a forced value and a slot.
    pub fn plus(&self, a: Value, b: &Slot) -> Res<Value> {
        match a.type_of() {
            Type::Int | Type::Float => self.add_two(a, self.force(b)?, Pos::NONE),
            Type::Path => {
                let how = Coerce { more: false, copy: false, canonicalise: true };
                let b = self.coerce(b, Pos::NONE, how, "while evaluating a path segment")?;
                if !self.mem.context(b).is_empty() {
                    let message = "a string that refers to a store path cannot be appended to a path";
                    return Err(Error::eval(message));
                }
                self.path_value(&[self.mem.text(a), self.mem.text(b)].concat())
            }
            _ => {
                let how = Coerce { canonicalise: false, ..Coerce::INTERPOLATE };
                let a = self.coerce_value(a, Pos::NONE, how, "while evaluating a path segment")?;
                let b = self.coerce(b, Pos::NONE, Coerce::INTERPOLATE, "while evaluating a path segment")?;
                let context = self.mem.contexts.union(self.mem.context(a), self.mem.context(b));
                Ok(self.mem.concat_values(&[a, b], context)?)
            }
        }
    }

    /// Normalises an absolute path and makes it a path value.
    pub fn path_value(&self, path: &[u8]) -> Res<Value> {
        Ok(self.mem.path(&crate::syntax::normalise(path))?)
    }

    fn add_numbers(&self, first: Value, first_pos: Pos, rest: &[u32], frame: Ref) -> Res<Value> {
        let mut sum = first;
        let _ = first_pos;
        for part in rest.chunks_exact(2) {
            let v = self.eval(part[1], frame)?;
            sum = self.add_two(sum, v, Pos(part[0]))?;
        }
        Ok(sum)
    }

    fn add_two(&self, a: Value, b: Value, pos: Pos) -> Res<Value> {
        match (self.mem.as_int(a), self.mem.as_int(b)) {
            (Some(x), Some(y)) => match x.checked_add(y) {
                Some(sum) => Ok(self.mem.int(sum)?),
                None => Err(Error::eval(format!("integer overflow in adding {x} + {y}")).at(pos)),
            },
            (int, other) => {
                let number = |i: Option<i64>, v| i.map(|n| n as f64).or_else(|| self.mem.as_float(v));
                match (number(int, a), number(other, b)) {
                    (Some(x), Some(y)) => Ok(self.mem.float(x + y)?),
                    _ => {
                        let to = if int.is_some() { "an integer" } else { "a float" };
                        Err(Error::type_error(format!("cannot add {} to {to}", type_name(self, b))).at(pos))
                    }
                }
            }
        }
    }
}
