//! Equality, order and arithmetic.

use std::cell::Cell;
use std::rc::Rc;

use super::print::{found, type_name};
use super::{Error, ErrorKind, Evaluator, PrintOptions, Res, print_value};
use crate::heap::{CodeRef, Ref, Slot};
use crate::ir::code;
use crate::source::Pos;
use crate::value::{Entry, Tag, Type, Value, peek, slot};

/// Derivations that have been compared, and their output paths: lists of packages are compared with each other's elements
/// again and again.
#[derive(Clone)]
pub(super) struct Derivations(Rc<[Cell<(u64, Value)>]>);

impl Derivations {
    const SLOTS: usize = 1 << Derivations::BITS;
    const BITS: u32 = 11;

    pub(super) fn new() -> Derivations {
        Derivations(vec![Cell::new((0, Value::NULL)); Derivations::SLOTS].into())
    }

    /// Forgets all of them: the places of sets may be used for others.
    pub(super) fn forget(&self) {
        self.0.iter().for_each(|known| known.set((0, Value::NULL)));
    }

    fn slot(&self, derivation: Value) -> &Cell<(u64, Value)> {
        &self.0[(derivation.bits().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - Derivations::BITS)) as usize]
    }

    /// The output path of a set that is known to be a derivation.
    fn out_path(&self, set: Value) -> Option<Value> {
        let (known, path) = self.slot(set).get();
        (known == set.bits()).then_some(path)
    }

    /// Remembers a derivation, if its output path is a string.
    fn remember(&self, derivation: Value, path: Value) {
        if path.is_string() {
            self.slot(derivation).set((derivation.bits(), path));
        }
    }
}

impl Evaluator {
    #[inline(never)]
    pub(super) fn eval_equal(&self, unit: &[u32; 4], frame: Ref) -> Res<Value> {
        let left = self.eval(unit[1], frame)?;
        let right = self.eval(unit[2], frame)?;
        let equal = self.equal_values(left, right, Pos::NONE)?;
        Ok(Value::bool(equal == (unit[0] as u8 == code::EQ)))
    }

    /// Whether two values are equal. Both are forced as far as that takes.
    ///
    /// # Errors
    /// Whatever an evaluation gives.
    pub fn equal(&self, a: &Slot, b: &Slot, pos: Pos) -> Res<bool> {
        // Every comparison counts as a call, and an error about that has no position.
        let _depth = self.deeper()?;
        if std::ptr::eq(a, b) {
            self.force_at(a, pos)?;
            return Ok(true);
        }
        let (wa, wb) = (peek(a), peek(b));
        let apart = !(wa.is_value() && wb.is_value()) && self.suspended_apart(a, b);
        let (va, vb) = (self.force_at(a, pos)?, self.force_at(b, pos)?);
        // A value is equal to itself, whatever is in it. That is how Nix compares functions inside sets and lists.
        if !apart && self.mem.same_object(va, vb) {
            return Ok(true);
        }
        self.equal_forced(va, vb, pos)
    }

    /// Whether the values of two slots will be two values, even if both turn out to be the same set: at least one is
    /// suspended, and not with the other.
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
    ///
    /// # Errors
    /// Whatever an evaluation gives.
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

    fn shown(&self, v: Value) -> String {
        print_value(self, v, &PrintOptions::ERROR)
    }

    fn unequal(&self, message: String) -> Error {
        Error::new(ErrorKind::Assertion, message)
    }

    /// Says in an error what makes two values unequal; nothing if they are equal.
    ///
    /// # Errors
    /// The difference, as an assertion error.
    pub(super) fn assert_equal(&self, a: &Slot, b: &Slot, pos: Pos) -> Res<()> {
        let _depth = self.deeper().map_err(|e| e.at(pos))?;
        let (va, vb) = (self.force_at(a, pos)?, self.force_at(b, pos)?);
        let (ta, tb) = (va.type_of(), vb.type_of());
        let numeric = |t| matches!(t, Type::Int | Type::Float);
        if std::ptr::eq(a, b) {
            return Ok(());
        }
        if numeric(ta) && numeric(tb) {
            if self.equal_values(va, vb, pos)? {
                return Ok(());
            }
            let (na, nb) = (type_name(self, va), type_name(self, vb));
            let (sa, sb) = (self.shown(va), self.shown(vb));
            return Err(
                self.unequal(format!("{na} with value '{sa}' is not equal to {nb} with value '{sb}'"))
            );
        }
        if ta != tb {
            let (na, nb) = (type_name(self, va), type_name(self, vb));
            let (sa, sb) = (self.shown(va), self.shown(vb));
            return Err(self.unequal(format!("{na} of value '{sa}' is not equal to {nb} of value '{sb}'")));
        }
        let simple = |word: &str| {
            if self.equal_values(va, vb, pos)? {
                return Ok(());
            }
            let (sa, sb) = (self.shown(va), self.shown(vb));
            Err(self.unequal(format!("{word} '{sa}' is not equal to {word} '{sb}'")))
        };
        match ta {
            Type::Bool => simple("boolean"),
            Type::String => simple("string"),
            Type::Path => simple("path"),
            Type::List => self.assert_equal_lists(va, vb, pos),
            Type::Attrs => self.assert_equal_sets(va, vb, pos),
            Type::Function => Err(self.unequal(
                "distinct functions and immediate comparisons of identical functions compare as unequal"
                    .to_owned(),
            )),
            _ => Ok(()),
        }
    }

    fn assert_equal_lists(&self, a: Value, b: Value, pos: Pos) -> Res<()> {
        let (na, nb) = (a.list_len(), b.list_len());
        if na != nb {
            let (sa, sb) = (self.shown(a), self.shown(b));
            return Err(self.unequal(format!(
                "list of size '{na}' is not equal to list of size '{nb}', left hand side is '{sa}', right hand side is '{sb}'"
            )));
        }
        for (i, (x, y)) in self.mem.items(a).iter().zip(self.mem.items(b)).enumerate() {
            self.assert_equal(x, y, pos)
                .map_err(|e| e.trace(Pos::NONE, format!("while comparing list element {i}")))?;
        }
        Ok(())
    }

    fn assert_equal_sets(&self, a: Value, b: Value, pos: Pos) -> Res<()> {
        if self.is_derivation(a)?
            && self.is_derivation(b)?
            && let (Some(x), Some(y)) = (self.mem.get(a, sym!("outPath")), self.mem.get(b, sym!("outPath")))
        {
            let doing = "while comparing a derivation by its 'outPath' attribute";
            return self.assert_equal(x, y, pos).map_err(|e| e.trace(Pos::NONE, doing));
        }
        let (ea, eb) = (self.mem.entries_in_order(a), self.mem.entries_in_order(b));
        let both = || (self.shown(a), self.shown(b));
        if ea.len() != eb.len() {
            let (sa, sb) = both();
            return Err(self.unequal(format!(
                "attribute names of attribute set '{sa}' differs from attribute set '{sb}'"
            )));
        }
        for (x, y) in ea.iter().zip(&eb) {
            if x.name != y.name {
                let (sa, sb) = both();
                if self.mem.get(b, x.name).is_none() {
                    let name = self.quoted(x.name);
                    return Err(self.unequal(format!(
                        "attribute name '{name}' is contained in '{sa}', but not in '{sb}'"
                    )));
                }
                let name = self.quoted(y.name);
                return Err(self.unequal(format!(
                    "attribute name '{name}' is missing in '{sa}', but is contained in '{sb}'"
                )));
            }
            self.assert_equal(x.slot, y.slot, pos).map_err(|mut e| {
                if y.pos.is_some() {
                    e = e.trace(y.pos, "where right hand side is");
                }
                if x.pos.is_some() {
                    e = e.trace(x.pos, "where left hand side is");
                }
                e.trace(Pos::NONE, format!("while comparing attribute '{}'", self.quoted(x.name)))
            })?;
        }
        Ok(())
    }

    /// Whether `a` sorts before `b` (`builtins.lessThan`). Both are forced.
    ///
    /// # Errors
    /// When the types have no order. `doing` is a trace line for that, if not empty.
    pub fn less_than(&self, a: &Slot, b: &Slot, pos: Pos, doing: &'static str) -> Res<bool> {
        let (va, vb) = (self.force_at(a, pos)?, self.force_at(b, pos)?);
        self.less_values(va, vb, pos, doing)
    }

    fn less_values(&self, a: Value, b: Value, pos: Pos, doing: &'static str) -> Res<bool> {
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
            (Type::List, Type::List) => self.less_lists(a, b, pos),
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

    fn less_lists(&self, a: Value, b: Value, pos: Pos) -> Res<bool> {
        let (xs, ys) = (self.mem.items(a), self.mem.items(b));
        for (x, y) in xs.iter().zip(ys) {
            if !self.equal(x, y, pos)? {
                self.check_stack()?;
                return self.less_than(x, y, pos, "while comparing two list elements");
            }
        }
        Ok(xs.len() < ys.len())
    }

    /// `-`, `*`, `/` and `<` where they mean the built-ins.
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
        // The fast path: two small integers.
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
            _ => self.less_values(a, b, pos, "").map(Value::bool),
        }
        .map_err(failed)
    }

    /// An operand. To Nix it is an argument, so that forcing a variable has no position.
    #[inline]
    fn number(&self, code: CodeRef, frame: Ref) -> Res<Value> {
        let unit = self.mem.heap.code4(code);
        match unit[0] as u8 {
            code::VAR => self.force_at(self.var(frame, unit[0] >> 8, unit[1]), Pos::NONE),
            _ => self.eval(code, frame),
        }
    }

    /// `builtins.add`, of forced values.
    ///
    /// # Errors
    /// When they are no numbers, or the sum does not fit.
    pub fn add(&self, a: Value, b: Value) -> Res<Value> {
        self.number_op(a, b, ["addition", "adding", "+"], i64::checked_add, |x, y| x + y)
    }

    /// `builtins.sub`, of forced values.
    ///
    /// # Errors
    /// When they are no numbers, or the difference does not fit.
    pub fn subtract(&self, a: Value, b: Value) -> Res<Value> {
        self.number_op(a, b, ["subtraction", "subtracting", "-"], i64::checked_sub, |x, y| x - y)
    }

    /// `builtins.mul`, of forced values.
    ///
    /// # Errors
    /// When they are no numbers, or the product does not fit.
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
            // Nix says it this way.
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

    /// `builtins.div`, of forced values.
    ///
    /// # Errors
    /// When they are no numbers, the divisor is zero, or the quotient does not fit.
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

    /// An operand as both kinds of number; `want` says which one an error names.
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

    /// Whether a slot's forced value equals a value; a convenience for native code.
    ///
    /// # Errors
    /// Whatever an evaluation gives.
    pub fn slot_equals(&self, a: &Slot, b: Value) -> Res<bool> {
        self.force(a)?;
        self.equal(a, &slot(b), Pos::NONE)
    }

    /// The value in a slot if it is forced already.
    pub fn forced(&self, s: &Slot) -> Option<Value> {
        let v = peek(s);
        v.is_value().then_some(v)
    }
}

/// The built-in that an operator stands for.
pub(super) fn operation_name(op: u8) -> &'static str {
    match op {
        code::SUB => "sub",
        code::MUL => "mul",
        code::DIV => "div",
        _ => "lessThan",
    }
}
