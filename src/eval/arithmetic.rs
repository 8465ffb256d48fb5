//! Arithmetic: operators and the built-ins behind them.

use super::print::found;
use super::{Error, Evaluator, Res};
use crate::heap::{CodeRef, Ref};
use crate::ir::code;
use crate::source::Pos;
use crate::value::{Type, Value};

impl Evaluator {
    /// `-`, `*`, `/` and `<`, unless their built-ins are shadowed.
    #[inline(never)]
    pub(super) fn arithmetic(&self, unit: &[u32; 4], frame: Ref) -> Res<Value> {
        match self.is_watched_call() {
            false => self.number_operation(unit, frame),
            true => self.watched_operation(unit, frame),
        }
    }

    #[inline]
    pub(super) fn number_operation(&self, unit: &[u32; 4], frame: Ref) -> Res<Value> {
        let op = unit[0] as u8;
        let pos = Pos(unit[3]);
        let failed = |e: Error| e.trace(pos, format!("while calling the '{}' builtin", operation_name(op)));
        let a = self.number(unit[1], frame).map_err(failed)?;
        let b = self.number(unit[2], frame).map_err(failed)?;
        // The fast path: two integers.
        if let (Some(x), Some(y)) = (self.mem.as_int(a), self.mem.as_int(b)) {
            let result = match op {
                code::SUB => x.checked_sub(y),
                code::MUL => x.checked_mul(y),
                code::LESS => return Ok(Value::bool(x < y)),
                _ if y != 0 => x.checked_div(y),
                _ => None,
            };
            if let Some(n) = result {
                return Ok(self.mem.int(n)?);
            }
        }
        let _depth = self.deeper().map_err(|e| e.at(pos))?;
        match op {
            code::SUB => self.subtract(a, b),
            code::MUL => self.multiply(a, b),
            code::DIV => self.divide(a, b),
            _ => self.less_values(a, b, "").map(Value::bool),
        }
        .map_err(failed)
    }

    /// An operand. In Nix it is an argument, so forcing a variable has no position.
    #[inline]
    fn number(&self, code: CodeRef, frame: Ref) -> Res<Value> {
        let unit = self.mem.heap.code4(code);
        match unit[0] as u8 {
            code::VAR => self.force_at(self.var(frame, unit[0] >> 8, unit[1]), Pos::NONE),
            _ => self.eval(code, frame),
        }
    }

    /// `builtins.add`, for forced values.
    ///
    /// # Errors
    /// When an operand is not a number, or on integer overflow.
    pub fn add(&self, a: Value, b: Value) -> Res<Value> {
        self.number_op(a, b, ["addition", "adding", "+"], i64::checked_add, |x, y| x + y)
    }

    /// `builtins.sub`, for forced values.
    ///
    /// # Errors
    /// When an operand is not a number, or on integer overflow.
    pub fn subtract(&self, a: Value, b: Value) -> Res<Value> {
        self.number_op(a, b, ["subtraction", "subtracting", "-"], i64::checked_sub, |x, y| x - y)
    }

    /// `builtins.mul`, for forced values.
    ///
    /// # Errors
    /// When an operand is not a number, or on integer overflow.
    pub fn multiply(&self, a: Value, b: Value) -> Res<Value> {
        self.number_op(a, b, ["multiplication", "multiplying", "*"], i64::checked_mul, |x, y| x * y)
    }

    fn number_op(
        &self,
        a: Value,
        b: Value,
        words: [&str; 3],
        ints: fn(i64, i64) -> Option<i64>,
        floats: fn(f64, f64) -> f64,
    ) -> Res<Value> {
        let [noun, verb, sign] = words;
        if a.type_of() == Type::Float || b.type_of() == Type::Float {
            // Nix words it this way.
            let first = if sign == "*" { "first" } else { "first argument" };
            let x = self.operand(a, Type::Float, first, noun)?;
            let y = self.operand(b, Type::Float, "second argument", noun)?;
            return Ok(self.mem.float(floats(x.1, y.1))?);
        }
        let x = self.operand(a, Type::Int, "first argument", noun)?.0;
        let y = self.operand(b, Type::Int, "second argument", noun)?.0;
        match ints(x, y) {
            Some(n) => Ok(self.mem.int(n)?),
            None => Err(Error::eval(format!("integer overflow in {verb} {x} {sign} {y}"))),
        }
    }

    /// `builtins.div`, for forced values.
    ///
    /// # Errors
    /// When an operand is not a number, on division by zero, or on integer overflow.
    pub fn divide(&self, a: Value, b: Value) -> Res<Value> {
        let divisor = self.operand(b, Type::Float, "second operand", "division")?;
        if divisor.1 == 0.0 {
            return Err(Error::eval("division by zero"));
        }
        if a.type_of() == Type::Float || b.type_of() == Type::Float {
            let dividend = self.operand(a, Type::Float, "first operand", "division")?;
            return Ok(self.mem.float(dividend.1 / divisor.1)?);
        }
        let dividend = self.operand(a, Type::Int, "first operand", "division")?.0;
        match dividend.checked_div(divisor.0) {
            Some(n) => Ok(self.mem.int(n)?),
            None => Err(Error::eval(format!("integer overflow in dividing {dividend} / {}", divisor.0))),
        }
    }

    /// An operand as an integer and as a float. `want` is the type that an error names.
    fn operand(&self, v: Value, want: Type, which: &str, noun: &str) -> Res<(i64, f64)> {
        match (self.mem.as_int(v), self.mem.as_float(v)) {
            (Some(n), _) => Ok((n, n as f64)),
            (_, Some(n)) => Ok((n as i64, n)),
            _ => {
                let kind = if want == Type::Float { "a float" } else { "an integer" };
                Err(Error::type_error(format!("expected {kind} but found {}", found(self, v)))
                    .trace(Pos::NONE, format!("while evaluating the {which} of the {noun}")))
            }
        }
    }
}

/// The built-in behind an operator.
pub(super) fn operation_name(op: u8) -> &'static str {
    match op {
        code::SUB => "sub",
        code::MUL => "mul",
        code::DIV => "div",
        _ => "lessThan",
    }
}
