//! Forces thunks, and forces values to a type.

use super::print::found;
use super::{Error, ErrorKind, Evaluator, Res};
use crate::heap::{Slot, Sym};
use crate::host::shown;
use crate::ir::code;
use crate::source::Pos;
use crate::value::{Context, ContextElement, Tag, Value, peek, put};

impl Evaluator {
    /// The value in a slot if it is already forced.
    pub fn forced(&self, s: &Slot) -> Option<Value> {
        let v = peek(s);
        v.is_value().then_some(v)
    }

    /// Forces a slot to weak head normal form. The slot then holds the value.
    #[inline]
    pub fn force(&self, slot: &Slot) -> Res<Value> {
        self.force_at(slot, Pos::NONE)
    }

    /// Like [`force`](Self::force). `pos` is where an infinite recursion is reported, and the call site of a
    /// suspended call.
    #[inline]
    pub fn force_at(&self, slot: &Slot, pos: Pos) -> Res<Value> {
        let v = peek(slot);
        if v.is_value() { Ok(v) } else { self.force_slow(slot, v, pos) }
    }

    #[inline(never)]
    fn force_slow(&self, slot: &Slot, v: Value, pos: Pos) -> Res<Value> {
        match self.reads.get() {
            None => self.compute(slot, v, pos),
            Some(reads) => self.force_tracked(reads, slot, v, pos),
        }
    }

    /// Computes the value of a slot that holds none. The slot then holds the value.
    #[inline(always)]
    pub(super) fn compute(&self, slot: &Slot, v: Value, pos: Pos) -> Res<Value> {
        let result = match v.tag() {
            Tag::Thunk => {
                put(slot, Value::HOLE);
                self.mem.counts.forced.add(1);
                self.check_stack().and_then(|()| self.eval(v.hi(), v.at()))
            }
            Tag::Native => self.run_native(v, slot, pos),
            Tag::Forward => {
                let value = self.force_at(self.mem.heap.slot(v.at()), pos)?;
                // Nix's output depends on where a list was computed: see `print::Ambiguous`.
                if !value.is_list() {
                    put(slot, value);
                }
                return Ok(value);
            }
            _ => return Err(self.cannot_force(v, pos)),
        };
        // The slot may have been shared during the computation. Then its contents have moved to another slot.
        let now = peek(slot);
        match result {
            Ok(value) if value.is_function() || now.tag() == Tag::Forward => self.settle(slot, v, now, value),
            Ok(value) => {
                put(slot, value);
                Ok(value)
            }
            Err(e) => {
                let (e, failed) = self.record(e);
                match now.tag() {
                    Tag::Forward => put(self.mem.heap.slot(now.at()), failed),
                    _ => put(slot, failed),
                }
                Err(e)
            }
        }
    }

    /// Ends the computation of a slot that held `suspended` and now holds `now`, in the cases where
    /// overwriting the slot is not enough.
    #[inline(never)]
    fn settle(&self, slot: &Slot, suspended: Value, now: Value, value: Value) -> Res<Value> {
        let value = match value.is_function() {
            // A function that the thunk's own lambda expression has just made is already distinct.
            true if value == Value::lambda(suspended.hi(), suspended.at()) => value,
            true => self.mem.own(value)?,
            false => value,
        };
        if now.tag() == Tag::Forward {
            put(self.mem.heap.slot(now.at()), value);
        }
        if now.tag() != Tag::Forward || !value.is_list() {
            put(slot, value);
        }
        Ok(value)
    }

    /// The contents of a slot as a distinct value, for native code where nixpkgs' code suspends a selection:
    /// functions then compare as different. Suspensions stay shared.
    pub fn copy(&self, slot: &Slot) -> Res<Value> {
        let v = self.behind(peek(slot));
        let is_lambda = |unit: &[u32; 4]| matches!(unit[0] as u8, code::LAMBDA | code::LAMBDA_SET);
        if v.tag() == Tag::Thunk && is_lambda(self.mem.heap.code4(v.hi())) {
            self.force(slot)?;
        }
        match self.mem.share(slot)? {
            function if function.is_function() => Ok(self.mem.own(function)?),
            other => Ok(other),
        }
    }

    /// The error for a value whose computation is in progress or failed before.
    #[cold]
    fn cannot_force(&self, v: Value, pos: Pos) -> Error {
        let old = v.failure().and_then(|number| self.failures.get(number));
        match old {
            Some(mut e) => {
                e.set_record(None);
                e
            }
            None => {
                self.spoil_by_recursion();
                Error::new(ErrorKind::InfiniteRecursion, "infinite recursion encountered").at(pos)
            }
        }
    }

    /// Records an error for the slots whose computation it ends, so that they are not computed again. Returns
    /// the word for those slots.
    #[cold]
    fn record(&self, mut e: Error) -> (Error, Value) {
        let number = match e.data().record {
            Some(number) => number,
            None => {
                let number = self.failures.next(&self.mem.heap);
                e.set_record(Some(number));
                number
            }
        };
        self.failures.keep(number, &e);
        (e, Value::failed(number))
    }

    /// Call this with an error that is caught (`tryEval`): values that failed with it then keep its whole
    /// trace, as in Nix.
    pub fn caught(&self, e: &Error) {
        if let Some(number) = e.data().record {
            self.failures.replace(number, e);
        }
    }

    /// Forces a word outside any slot.
    #[inline]
    pub fn force_value(&self, v: Value) -> Res<Value> {
        if v.is_value() {
            return Ok(v);
        }
        match v.tag() {
            Tag::Forward if !v.is_read() => self.force(self.mem.heap.slot(v.at())),
            _ => self.force_slow(&crate::value::slot(v), v, Pos::NONE),
        }
    }

    /// Forces a value and everything reachable from it.
    pub fn force_deep(&self, slot: &Slot) -> Res<()> {
        let mut seen = hashbrown::HashSet::new();
        self.deep(slot, &mut seen)
    }

    fn deep(&self, slot: &Slot, seen: &mut hashbrown::HashSet<u64>) -> Res<()> {
        let _depth = self.deeper()?;
        let before = peek(slot);
        // A suspended value counts as not yet seen, even if it evaluates to a set that was.
        let new = !self.behind(before).is_value();
        let v = self.force_at(slot, self.natural_pos(before))?;
        if !(v.is_attrs() || v.is_list()) || !(seen.insert(v.bits()) || new) {
            return Ok(());
        }
        if v.is_attrs() {
            for entry in self.mem.entries_in_order(v) {
                self.deep(entry.slot, seen).map_err(|e| {
                    let name = self.quoted(entry.name);
                    e.trace(entry.pos, format!("while evaluating the attribute '{name}'"))
                })?;
            }
        } else {
            for (i, item) in self.mem.items(v).iter().enumerate() {
                self.deep(item, seen)
                    .map_err(|e| e.trace(Pos::NONE, format!("while evaluating list element at index {i}")))?;
            }
        }
        Ok(())
    }

    #[cold]
    pub(super) fn expected(&self, what: &str, v: Value) -> Error {
        Error::type_error(format!("expected {what} but found {}", found(self, v)))
    }

    /// Forces to an integer. `doing` is the trace line for failures, at `pos`.
    pub fn force_int(&self, slot: &Slot, pos: Pos, doing: &'static str) -> Res<i64> {
        let v = self.force_at(slot, pos).map_err(|e| e.trace(pos, doing))?;
        match self.mem.as_int(v) {
            Some(n) => Ok(n),
            None => Err(self.expected("an integer", v).at(pos).trace(pos, doing)),
        }
    }

    /// Forces to a number.
    pub fn force_float(&self, slot: &Slot, pos: Pos, doing: &'static str) -> Res<f64> {
        let v = self.force_at(slot, pos).map_err(|e| e.trace(pos, doing))?;
        match (self.mem.as_int(v), self.mem.as_float(v)) {
            (Some(n), _) => Ok(n as f64),
            (_, Some(n)) => Ok(n),
            _ => Err(self.expected("a float", v).at(pos).trace(pos, doing)),
        }
    }

    /// Forces to a Boolean.
    pub fn force_bool(&self, slot: &Slot, pos: Pos, doing: &'static str) -> Res<bool> {
        let v = self.force_at(slot, pos).map_err(|e| e.trace(pos, doing))?;
        if v == Value::TRUE || v == Value::FALSE {
            return Ok(v == Value::TRUE);
        }
        Err(self.expected("a Boolean", v).at(pos).trace(pos, doing))
    }

    /// Forces to a set.
    pub fn force_attrs(&self, slot: &Slot, pos: Pos, doing: &'static str) -> Res<Value> {
        let v = self.force_at(slot, pos)?;
        if v.is_attrs() {
            return Ok(v);
        }
        Err(self.expected("a set", v).trace(pos, doing))
    }

    /// Forces to a list.
    pub fn force_list(&self, slot: &Slot, pos: Pos, doing: &'static str) -> Res<Value> {
        let v = self.force_at(slot, pos)?;
        if v.is_list() {
            return Ok(v);
        }
        Err(self.expected("a list", v).trace(pos, doing))
    }

    /// Forces to something that can be called.
    pub fn force_function(&self, slot: &Slot, pos: Pos, doing: &'static str) -> Res<Value> {
        let v = self.force_at(slot, pos).map_err(|e| e.trace(pos, doing))?;
        if self.is_callable(v) {
            return Ok(v);
        }
        Err(self.expected("a function", v).at(pos).trace(pos, doing))
    }

    /// Whether a value is a function or a set with `__functor`.
    pub fn is_callable(&self, v: Value) -> bool {
        match v.tag() {
            Tag::Lambda | Tag::Builtin | Tag::Partial => true,
            Tag::Attrs => self.mem.get(v, sym!("__functor")).is_some(),
            _ => false,
        }
    }

    /// Forces to a string, whatever its context.
    pub fn force_string(&self, slot: &Slot, pos: Pos, doing: &'static str) -> Res<Value> {
        let v = self.force_at(slot, pos).map_err(|e| e.trace(pos, doing))?;
        if v.is_string() {
            return Ok(v);
        }
        Err(self.expected("a string", v).at(pos).trace(pos, doing))
    }

    /// Forces to a string without context.
    pub fn force_plain_string(&self, slot: &Slot, pos: Pos, doing: &'static str) -> Res<Value> {
        let v = self.force_string(slot, pos, doing)?;
        if self.mem.context(v) != Context::EMPTY {
            return Err(self.has_context(v).trace(pos, doing));
        }
        Ok(v)
    }

    #[cold]
    pub(super) fn has_context(&self, v: Value) -> Error {
        let elements = self.mem.contexts.elements(self.mem.context(v));
        let text = shown(self.mem.text(v));
        let path = elements.first().map(ContextElement::show).unwrap_or_default();
        Error::eval(format!("the string '{text}' is not allowed to refer to a store path (such as '{path}')"))
    }

    /// Forces to a string without context and returns its symbol.
    pub fn force_name(&self, slot: &Slot, pos: Pos, doing: &'static str) -> Res<Sym> {
        let v = self.force_plain_string(slot, pos, doing)?;
        Ok(self.mem.symbol_of(v)?)
    }

    /// A required attribute.
    pub fn need_attr(&self, set: Value, name: Sym, doing: &'static str) -> Res<&Slot> {
        self.mem.get(set, name).ok_or_else(|| self.missing_attr(name, doing))
    }

    /// The error for a missing required attribute.
    #[cold]
    pub fn missing_attr(&self, name: Sym, doing: &'static str) -> Error {
        Error::type_error(format!("attribute '{}' missing", self.quoted(name))).trace(Pos::NONE, doing)
    }
}
