//! Frames (the slots of variables), and how expressions are delayed.
//!
//! A frame is a word that refers to the enclosing frame, followed by the slots of the variables.

use super::{Error, ErrorKind, Evaluator, Res, best_matches};
use crate::heap::{CodeRef, Ref, Slot, Sym};
use crate::ir::code;
use crate::source::Pos;
use crate::value::{Value, peek};

impl Evaluator {
    /// A new frame with `size` empty slots inside the frame `up`.
    #[inline]
    pub(super) fn frame(&self, up: Ref, size: u32) -> Res<Ref> {
        let at = self.mem.heap.alloc(1 + size as usize)?;
        // In the upper half, where every word of the heap keeps its reference.
        self.mem.heap.slot(at).set(u64::from(up) << 32);
        Ok(at)
    }

    /// A new frame for the variables of a `let`, a `with` or a set.
    #[inline]
    pub(super) fn scope(&self, up: Ref, size: u32) -> Res<Ref> {
        if self.counting {
            self.mem.counts.envs.one(size as usize);
        }
        self.frame(up, size)
    }

    /// The frame `level` levels up.
    #[inline]
    pub(super) fn outer(&self, mut frame: Ref, level: u32) -> Ref {
        for _ in 0..level {
            frame = (self.mem.heap.slot(frame).get() >> 32) as Ref;
        }
        frame
    }

    /// The slot of a variable.
    #[inline]
    pub(super) fn var(&self, frame: Ref, level: u32, slot: u32) -> &Slot {
        self.mem.heap.slot(self.outer(frame, level) + 1 + slot)
    }

    #[inline]
    pub(super) fn global(&self, index: u32) -> &Slot {
        self.mem.heap.slot(self.globals_at + index)
    }

    /// A variable that some enclosing `with` must provide.
    #[inline(never)]
    pub(super) fn with_var(&self, code: CodeRef, frame: Ref) -> Res<&Slot> {
        let n = (self.mem.heap.code4(code)[0] >> 8) as usize;
        let units = self.mem.heap.code(code, 4 + 3 * n);
        let (name, pos) = (Sym(units[1]), Pos(units[2]));
        for with in units[4..].chunks_exact(3) {
            let slot = self.var(frame, with[0], with[1]);
            let set = self.force_at(slot, Pos(with[2]))?;
            if !set.is_attrs() {
                let doing = "while evaluating the first subexpression of a with expression";
                return Err(self.expected("a set", set).trace(Pos(with[2]), doing));
            }
            if let Some(found) = self.mem.get(set, name) {
                if self.counting {
                    self.count_attribute(set, name);
                }
                return Ok(found);
            }
        }
        if let Some(answer) = self.open_with_var(code, frame)? {
            return Ok(answer);
        }
        Err(Error::new(ErrorKind::Eval, format!("undefined variable '{}'", self.quoted(name))).at(pos))
    }

    /// An expression as an argument, attribute or element. It is evaluated right away only where Nix does so,
    /// because messages show the difference.
    #[inline]
    pub(super) fn lazy(&self, code: CodeRef, frame: Ref) -> Res<Value> {
        let unit = self.mem.heap.code4(code);
        Ok(match unit[0] as u8 {
            code::VAR => {
                let slot = self.var(frame, unit[0] >> 8, unit[1]);
                let v = peek(slot);
                if v == Value::UNSET {
                    // A `let` refers to a later variable whose slot is not filled yet.
                    return Ok(Value::thunk(code, frame));
                }
                return Ok(self.mem.share(slot)?);
            }
            code::SIBLING => return self.sibling(code, frame),
            code::STR => Value::const_string(unit[1]),
            code::CONST => constant(unit[0] >> 8),
            code::GLOBAL => return Ok(self.mem.share(self.global(unit[1]))?),
            code::INT => return Ok(self.mem.int(int(unit))?),
            code::PATH => Value::const_path(unit[1]),
            code::PATH_FROM => return self.path_from(code),
            code::LIST if unit[0] >> 8 == 0 => Value::EMPTY_LIST,
            code::FLOAT => return Ok(self.mem.float(f64::from_bits(int(unit) as u64))?),
            _ => Value::thunk(code, frame),
        })
    }

    /// A variable as the value of a sibling in the same set or `let`. Nix binds siblings in the order in
    /// which it first met their names: it passes on the value of one that is already bound, and suspends the
    /// others.
    #[cold]
    fn sibling(&self, code: CodeRef, frame: Ref) -> Res<Value> {
        let heap = &self.mem.heap;
        let units = heap.code(code, 5);
        let order = |unit: usize| heap.symbols.order(Sym(units[unit]));
        if order(4) >= order(3) {
            return Ok(Value::thunk(code, frame));
        }
        let at = frame + 1 + units[1];
        match peek(heap.slot(at)) {
            // Nival binds in a different order.
            Value::UNSET => Ok(Value::forward(at)),
            _ => Ok(self.mem.share(heap.slot(at))?),
        }
    }

    /// Suggestions for a name that a set lacks.
    #[cold]
    pub(super) fn suggestions(&self, set: Value, wanted: Sym) -> Vec<String> {
        let entries = self.mem.entries(set);
        best_matches(entries.iter().map(|e| self.mem.heap.name(e.name)), self.mem.heap.name(wanted))
    }
}

/// The value of a `CONST`.
#[inline]
pub(super) fn constant(x: u32) -> Value {
    match x {
        code::TRUE => Value::TRUE,
        code::FALSE => Value::FALSE,
        _ => Value::NULL,
    }
}

/// The number of an `INT`.
#[inline]
pub(super) fn int(unit: &[u32; 4]) -> i64 {
    (u64::from(unit[1]) | u64::from(unit[2]) << 32) as i64
}
