//! Evaluates code to weak head normal form.

use smallvec::SmallVec;

use super::frames::{constant, int};
use super::print::found;
use super::{Error, ErrorKind, Evaluator, Res};
use crate::heap::{CodeRef, Ref, Sym};
use crate::host::shown;
use crate::ir::code::{self, OUTER};
use crate::source::Pos;
use crate::syntax::show_assertion;
use crate::value::{AttrsBuilder, Value, put};

impl Evaluator {
    /// Evaluates code in a frame.
    pub(super) fn eval(&self, mut code: CodeRef, mut frame: Ref) -> Res<Value> {
        let heap = &self.mem.heap;
        loop {
            let unit = heap.code4(code);
            let x = unit[0] >> 8;
            match unit[0] as u8 {
                code::VAR | code::SIBLING => return self.force_at(self.var(frame, x, unit[1]), Pos(unit[2])),
                code::SELECT => return self.select(unit, frame),
                code::CALL => return self.eval_call(code, unit, frame),
                code::CONST => return Ok(constant(x)),
                code::STR => return Ok(Value::const_string(unit[1])),
                code::INT => return Ok(self.mem.int(int(unit))?),
                code::LAMBDA | code::LAMBDA_SET => return Ok(Value::lambda(code, frame)),
                code::GLOBAL => return self.force_at(self.global(unit[1]), Pos(unit[2])),
                code::ATTRS => return self.attrs(code, unit, frame),
                code::LIST => return self.list(code, x as usize, frame),
                code::IF => {
                    let yes = match self.eval(unit[1], frame) {
                        Ok(v) if v == Value::TRUE => true,
                        Ok(v) if v == Value::FALSE => false,
                        other => {
                            let pos = Pos(heap.code(code, 5)[4]);
                            return Err(self.not_bool(other, pos, "while evaluating a branch condition"));
                        }
                    };
                    code = if yes { unit[2] } else { unit[3] };
                }
                code::LET_HERE => {
                    self.let_values(code, x as usize, unit[3], frame, frame)?;
                    code = unit[1];
                }
                code::LET => {
                    let inner = self.scope(frame, unit[2])?;
                    self.let_values(code, x as usize, unit[3], frame, inner)?;
                    code = unit[1];
                    frame = inner;
                }
                code::WITH_HERE => {
                    put(self.var(frame, 0, x), self.counted(self.lazy(unit[1], frame)?));
                    code = unit[2];
                }
                code::WITH => {
                    let inner = self.scope(frame, x)?;
                    put(self.var(inner, 0, 0), self.counted(self.lazy(unit[1], frame)?));
                    code = unit[2];
                    frame = inner;
                }
                code::ASSERT => {
                    self.assert(code, frame)?;
                    code = unit[2];
                }
                code::NOT => {
                    return match self.eval(unit[1], frame) {
                        Ok(v) if v == Value::TRUE => Ok(Value::FALSE),
                        Ok(v) if v == Value::FALSE => Ok(Value::TRUE),
                        other => {
                            let pos = self.code_pos(unit[1]);
                            Err(self.not_bool(other, pos, "in the argument of the not operator"))
                        }
                    };
                }
                code::WITH_VAR => {
                    let slot = self.with_var(code, frame)?;
                    return self.force_at(slot, Pos(unit[2]));
                }
                code::PATH => return Ok(Value::const_path(unit[1])),
                code::PATH_FROM => return self.path_from(code),
                code::FLOAT => return Ok(self.mem.float(f64::from_bits(int(unit) as u64))?),
                code::SELECT_PATH => return self.select_path(code, unit, frame),
                code::HAS_ATTR => return self.has_attr(code, unit, frame),
                code::EQ | code::NE => return self.eval_equal(unit, frame),
                code::AND => {
                    let l = "in the left operand of the AND (&&) operator";
                    let r = "in the right operand of the AND (&&) operator";
                    return self.logic(unit, frame, [l, r], |a, b| Ok(a && b()?));
                }
                code::OR => {
                    let l = "in the left operand of the OR (||) operator";
                    let r = "in the right operand of the OR (||) operator";
                    return self.logic(unit, frame, [l, r], |a, b| Ok(a || b()?));
                }
                code::IMPL => {
                    let l = "in the left operand of the IMPL (->) operator";
                    let r = "in the right operand of the IMPL (->) operator";
                    return self.logic(unit, frame, [l, r], |a, b| Ok(!a || b()?));
                }
                code::UPDATE => return self.eval_update(unit, frame),
                code::CONCAT_LISTS => return self.eval_concat_lists(unit, frame),
                code::SUB | code::MUL | code::DIV | code::LESS => return self.arithmetic(unit, frame),
                code::CONCAT => return self.concat(code, x as usize, frame),
                code::REC => return self.rec_set(code, unit, frame),
                code::ATTRS_FROM => return self.attrs_from(code, unit, frame),
                code::ATTRS_GENERAL => return self.attrs_general(code, unit, frame),
                code::CUR_POS => return self.position_value(Pos(unit[1])),
                code::OBSERVE if self.is_observing() => {
                    return self.observed_body(x as usize, unit[1], frame);
                }
                code::OBSERVE => code = unit[1],
                op => return Err(Error::eval(format!("unknown operation {op} in code {code}"))),
            }
        }
    }

    /// The position of an expression in messages.
    #[cold]
    pub(super) fn code_pos(&self, mut code: CodeRef) -> Pos {
        let heap = &self.mem.heap;
        loop {
            let unit = heap.code4(code);
            return Pos(match unit[0] as u8 {
                code::VAR | code::SIBLING | code::GLOBAL | code::WITH_VAR | code::HAS_ATTR => unit[2],
                code::SELECT | code::SELECT_PATH | code::WITH | code::WITH_HERE => unit[3],
                code::CALL | code::ATTRS | code::REC | code::ATTRS_FROM | code::ATTRS_GENERAL => unit[2],
                code::ASSERT => unit[3],
                code::AND..=code::LESS => unit[3],
                code::CONCAT | code::CUR_POS | code::CONST => unit[1],
                code::IF => heap.code(code, 5)[4],
                code::LAMBDA => heap.code(code, 6)[5],
                code::LAMBDA_SET => heap.code(code, 5)[4],
                code::NOT | code::OBSERVE => {
                    code = unit[1];
                    continue;
                }
                code::LIST if unit[0] >> 8 > 0 => {
                    code = unit[1];
                    continue;
                }
                _ => 0,
            });
        }
    }

    /// The error for an operand that is not a Boolean, or that failed.
    #[cold]
    fn not_bool(&self, result: Res<Value>, pos: Pos, doing: &'static str) -> Error {
        match result {
            Ok(v) => self.expected("a Boolean", v).at(pos),
            Err(e) => e,
        }
        .trace(pos, doing)
    }

    #[inline(never)]
    fn logic(
        &self,
        unit: &[u32; 4],
        frame: Ref,
        doing: [&'static str; 2],
        op: impl FnOnce(bool, &dyn Fn() -> Res<bool>) -> Res<bool>,
    ) -> Res<Value> {
        let operand = |code, doing| match self.eval(code, frame) {
            Ok(v) if v == Value::TRUE => Ok(true),
            Ok(v) if v == Value::FALSE => Ok(false),
            other => Err(self.not_bool(other, Pos(unit[3]), doing)),
        };
        let left = operand(unit[1], doing[0])?;
        Ok(Value::bool(op(left, &|| operand(unit[2], doing[1]))?))
    }

    /// Fills the slots of a `let`, starting with slot `first`.
    #[inline]
    fn let_values(&self, code: CodeRef, n: usize, first: u32, outer: Ref, inner: Ref) -> Res<()> {
        let values = &self.mem.heap.code(code, 4 + n)[4..];
        let slots = self.mem.heap.slots(inner + 1 + first, n);
        for (slot, value) in slots.iter().zip(values) {
            let v = match value & OUTER {
                0 => self.lazy(*value, inner)?,
                _ => self.lazy(value & !OUTER, outer)?,
            };
            put(slot, v);
        }
        if self.counting {
            self.count_delayed(values, slots);
        }
        Ok(())
    }

    #[inline(never)]
    fn list(&self, code: CodeRef, n: usize, frame: Ref) -> Res<Value> {
        if n == 0 {
            return Ok(Value::EMPTY_LIST);
        }
        let (at, slots) = self.mem.alloc(n)?;
        let items = &self.mem.heap.code(code, 1 + n)[1..];
        for (slot, item) in slots.iter().zip(items) {
            put(slot, self.lazy(*item, frame)?);
        }
        if self.counting {
            self.mem.counts.lists.one(n);
            self.count_delayed(items, slots);
        }
        Ok(Value::list(at, n))
    }

    #[inline(never)]
    fn assert(&self, code: CodeRef, frame: Ref) -> Res<()> {
        let units = self.mem.heap.code(code, 5);
        let (cond, pos) = (units[1], Pos(units[3]));
        match self.eval(cond, frame) {
            Ok(v) if v == Value::TRUE => return Ok(()),
            Ok(v) if v == Value::FALSE => {}
            other => return Err(self.not_bool(other, pos, "in the condition of the assert statement")),
        }
        let text = self.assertion(units[4], pos);
        let equality = self.mem.heap.code4(cond);
        if equality[0] as u8 == code::EQ {
            let left = self.eval(equality[1], frame)?;
            let right = self.eval(equality[2], frame)?;
            let (left, right) = (crate::value::slot(left), crate::value::slot(right));
            self.assert_equal(&left, &right, Pos(equality[3])).map_err(|e| match e.data().kind {
                ErrorKind::Assertion => {
                    e.trace(pos, format!("while evaluating the condition of the assertion '{text}'"))
                }
                _ => e,
            })?;
        }
        Err(Error::new(ErrorKind::Assertion, format!("assertion '{text}' failed")).at(pos))
    }

    /// The condition of the assertion at `pos`. The code contains only short ones; for others the text is
    /// parsed again.
    #[cold]
    fn assertion(&self, kept: CodeRef, pos: Pos) -> String {
        if kept != 0 {
            return shown(&self.show_code(self.mem.heap.code_text(kept).1, pos)).into_owned();
        }
        let found = self.parse_again(pos, show_assertion);
        found.map_or_else(|| "…".to_owned(), |text| shown(&text).into_owned())
    }

    #[inline(never)]
    fn eval_update(&self, unit: &[u32; 4], frame: Ref) -> Res<Value> {
        const LEFT: &str = "in the left operand of the update (//) operator";
        const RIGHT: &str = "in the right operand of the update (//) operator";
        // Like Nix, evaluates all operands of `a // b // (c // d)` from last to first.
        let mut todo: SmallVec<[(CodeRef, &str); 4]> = SmallVec::new();
        todo.extend([(unit[1], LEFT), (unit[2], RIGHT)]);
        let mut result = None;
        while let Some((code, doing)) = todo.pop() {
            let unit = self.mem.heap.code4(code);
            if unit[0] as u8 == code::UPDATE {
                todo.extend([(unit[1], LEFT), (unit[2], RIGHT)]);
                continue;
            }
            let operand = match self.eval(code, frame) {
                Ok(v) if v.is_attrs() => v,
                other => {
                    let e = match other {
                        Ok(v) => Error::type_error(format!("expected a set but found {}", found(self, v))),
                        Err(e) => e,
                    };
                    return Err(e.trace(self.code_pos(code), doing));
                }
            };
            self.mem.counts.updates.add(1);
            result = Some(match result {
                None => operand,
                Some(above) => self.mem.update(operand, above)?,
            });
        }
        Ok(result.unwrap_or(Value::EMPTY_SET))
    }

    #[inline(never)]
    fn eval_concat_lists(&self, unit: &[u32; 4], frame: Ref) -> Res<Value> {
        // `a ++ b ++ c` nests to the right. Concatenating all lists at once takes linear instead of quadratic
        // time.
        let mut lists: SmallVec<[Value; 4]> = SmallVec::new();
        let mut places: SmallVec<[Pos; 4]> = SmallVec::new();
        let mut unit = unit;
        loop {
            lists.push(self.eval(unit[1], frame)?);
            places.push(Pos(unit[3]));
            let right = self.mem.heap.code4(unit[2]);
            if right[0] as u8 != code::CONCAT_LISTS {
                lists.push(self.eval(unit[2], frame)?);
                break;
            }
            unit = right;
        }
        // Nix checks both operands once both are evaluated, starting with the innermost operator.
        let last = lists.len() - 1;
        let inner_first =
            [(last - 1, last - 1), (last, last - 1)].into_iter().chain((0..last - 1).rev().map(|i| (i, i)));
        for (list, place) in inner_first {
            if !lists[list].is_list() {
                let doing = "while evaluating one of the elements to concatenate";
                return Err(self.expected("a list", lists[list]).trace(places[place], doing));
            }
        }
        self.mem.counts.concats.add(last);
        Ok(self.mem.concat_lists(&lists)?)
    }

    /// The value of `__curPos` and `unsafeGetAttrPos`: file, line and column, or null for text outside any
    /// file.
    pub fn position_value(&self, pos: Pos) -> Res<Value> {
        let Some(place) = self.sources.place(pos) else {
            return Ok(Value::NULL);
        };
        let Some(path) = place.source.position_path() else {
            return Ok(Value::NULL);
        };
        let mut set = AttrsBuilder::with_capacity(3);
        set.push(sym!("file"), self.mem.string(path, crate::value::Context::EMPTY)?);
        set.push(sym!("line"), self.mem.int(i64::from(place.line))?);
        set.push(sym!("column"), self.mem.int(i64::from(place.column))?);
        Ok(self.mem.attrs(set)?)
    }

    /// The name of an attribute in a path, constant or computed.
    pub(super) fn attr_name(&self, kind: u32, what: u32, frame: Ref) -> Res<Sym> {
        if kind == 0 {
            return Ok(Sym(what));
        }
        let name = crate::value::slot(self.eval(what, frame)?);
        let v = crate::value::peek(&name);
        if v.is_string() && self.is_plain(v) {
            return Ok(self.mem.symbol_of(v)?);
        }
        self.force_name(&name, self.code_pos(what), "while evaluating an attribute name")
    }
}
