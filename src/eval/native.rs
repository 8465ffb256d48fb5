//! Functions and suspensions implemented in Rust.

use std::cell::Cell;

use super::{Builtin, BuiltinFn, Error, Evaluator, Formals, Lazy, Res, Suspended};
use crate::heap::{Ref, SUSPENSION, SUSPENSION_MASK, Slot};
use crate::source::Pos;
use crate::value::{Tag, Value, peek, put};

/// Finds the Nix function that a native one replaces.
type Counterpart = fn(&Evaluator, &'static Builtin) -> Option<Value>;

/// Finds the Nix functions that the native library replaces, so that messages can name where they are
/// defined.
#[derive(Default)]
pub struct Counterparts {
    find: Cell<Option<Counterpart>>,
}

impl Counterparts {
    /// Sets how functions are found.
    pub fn find_with(&self, find: Counterpart) {
        self.find.set(Some(find));
    }

    /// The function that a native one still missing `missing` arguments replaces, and how many arguments that
    /// holds.
    pub(super) fn find(
        &self,
        ev: &Evaluator,
        native: &'static Builtin,
        missing: usize,
    ) -> Option<(Value, usize)> {
        let (function, held) = ev.underlying_function(self.find.get()?(ev, native)?);
        let arity = ev.lambda_arity(function)?;
        Some((function, held.max(arity.saturating_sub(missing))))
    }
}

impl Builtin {
    /// A built-in that users see.
    pub const fn new(
        name: &'static str,
        args: &'static [&'static str],
        doc: &'static str,
        run: BuiltinFn,
    ) -> Builtin {
        Builtin { name, args, doc, run, traced: true, library: false, formals: &[] }
    }

    /// A function of the native library: traces do not mention it.
    pub const fn hidden(name: &'static str, args: &'static [&'static str], run: BuiltinFn) -> Builtin {
        Builtin { name, args, doc: "", run, traced: false, library: true, formals: &[] }
    }

    /// The same function, but traces do not mention it.
    #[must_use]
    pub const fn untraced(mut self) -> Builtin {
        self.traced = false;
        self
    }

    /// The same function, with the set patterns of its arguments.
    #[must_use]
    pub const fn with_formals(mut self, formals: &'static [Formals]) -> Builtin {
        self.formals = formals;
        self
    }
}

/// A flag in the first word of a suspension's object, next to the number of its [`Lazy`]: it is a suspended
/// call.
const APPLICATION: u32 = 1 << 31;
/// A further flag: Nix has not yet looked at the function, so it does not know where it is defined.
const UNKNOWN: u32 = 1 << 30;
const FLAGS: u32 = APPLICATION | UNKNOWN;
/// The bits of the number.
const NUMBER: u32 = !(FLAGS | SUSPENSION_MASK);

/// A word names something that was never registered: the heap or the table is corrupt.
#[cold]
fn unknown(what: &str, number: u32) -> ! {
    panic!("there is no {what} with the number {number}")
}

impl Evaluator {
    /// A built-in as a function value.
    pub fn builtin(&self, builtin: &'static Builtin) -> Value {
        Value::builtin(self.builtins.number(builtin))
    }

    /// The built-in behind a [`Tag::Builtin`] word.
    #[inline(always)]
    pub fn builtin_of(&self, v: Value) -> &'static Builtin {
        match self.builtins.get(v.hi()) {
            Some(builtin) => builtin,
            None => unknown("built-in", v.hi()),
        }
    }

    /// A built-in with its first arguments applied, as a function value. [Share](crate::value::Memory::share)
    /// values that other slots hold before passing them.
    pub fn partial(&self, builtin: &'static Builtin, args: &[Value]) -> Res<Value> {
        self.partial_of(self.builtin(builtin), args)
    }

    pub(super) fn partial_of(&self, function: Value, args: &[Value]) -> Res<Value> {
        if args.is_empty() {
            return Ok(function);
        }
        let (at, slots) = self.mem.alloc(1 + args.len())?;
        put(&slots[0], function);
        for (slot, arg) in slots[1..].iter().zip(args) {
            put(slot, *arg);
        }
        Ok(Value::partial(at, args.len()))
    }

    /// The object behind suspensions `Value::native(0, at)`, `Value::native(1, at)`, …
    pub(super) fn delays_raw(&self, lazy: &'static Lazy, captures: &[Value]) -> Res<Ref> {
        self.suspended(lazy, captures, 0)
    }

    /// Like [`delays`](Self::delays), for what Nix represents as suspended calls (`map`, `mapAttrs`) of the
    /// function that is the first capture. One that needs itself is called again until the call depth is
    /// exceeded, as in Nix. Its code should pass [`asked_at`](Self::asked_at) as the position of the call.
    pub fn applications<S: Suspended>(&self, of: S) -> Res<Ref> {
        self.suspended(S::kind(), of.words().as_ref(), APPLICATION)
    }

    /// Like [`applications`](Self::applications), where Nix looks at the function only when the first result
    /// is forced (`mapAttrs`).
    pub fn applications_of_unknown<S: Suspended>(&self, of: S) -> Res<Ref> {
        self.suspended(S::kind(), of.words().as_ref(), APPLICATION | UNKNOWN)
    }

    fn suspended(&self, lazy: &'static Lazy, captures: &[Value], flag: u32) -> Res<Ref> {
        let (at, slots) = self.mem.alloc(1 + captures.len())?;
        let number = self.lazies.number(lazy) | SUSPENSION | flag;
        slots[0].set(u64::from(number) | (captures.len() as u64) << 32);
        for (slot, capture) in slots[1..].iter().zip(captures) {
            put(slot, *capture);
        }
        Ok(at)
    }

    /// Runs the native suspension `v` of a slot.
    pub(super) fn run_native(&self, v: Value, slot: &Slot, pos: Pos) -> Res<Value> {
        self.check_stack()?;
        self.mem.counts.natives_forced.add(1);
        let object = self.mem.heap.slot(v.at());
        let header = object.get();
        if header as u32 & APPLICATION == 0 {
            put(slot, Value::HOLE);
        } else {
            object.set(header & !u64::from(UNKNOWN));
        }
        let captures = self.mem.heap.slots(v.at() + 1, (header >> 32) as usize);
        self.asked_at.set(pos);
        match self.lazies.get(header as u32 & NUMBER) {
            Some(lazy) => (lazy.run)(self, captures, v.hi() as usize),
            None => unknown("suspension", header as u32 & NUMBER),
        }
    }

    /// Where the native suspension that has just begun to run was forced.
    pub fn asked_at(&self) -> Pos {
        self.asked_at.get()
    }

    /// The position that Nix reports for a value when it has no other: that of a function or of a set's literal, or for a
    /// suspended call that of the called function. Empty sets and those with computed names have none here.
    pub fn natural_pos(&self, v: Value) -> Pos {
        let mut v = v;
        loop {
            match v.tag() {
                Tag::Lambda => return self.lambda_pos(v, 0),
                Tag::Partial => {
                    let (function, held) = self.underlying_function(v);
                    return self.function_pos(function, held);
                }
                Tag::Attrs => return self.mem.literal_pos(v),
                Tag::Forward => v = peek(self.mem.heap.slot(v.at())),
                Tag::Native if self.mem.heap.slot(v.at()).get() as u32 & FLAGS == APPLICATION => {
                    v = peek(self.mem.heap.slot(v.at() + 1));
                }
                _ => return Pos::NONE,
            }
        }
    }

    /// A suspended call `function(args…)`.
    pub fn delay_call(&self, function: Value, args: &[Value]) -> Res<Value> {
        static CALL: Lazy = Lazy {
            run: |ev, captures, _| {
                // As many arguments as there are: no row has that.
                let [function, args @ ..] = captures else {
                    return Err(Error::eval("a suspended call has no function"));
                };
                ev.call(ev.force(function)?, &ev.mem.share_all(args)?, Pos::NONE)
            },
        };
        let mut captures = smallvec::SmallVec::<[Value; 4]>::new();
        captures.push(function);
        captures.extend_from_slice(args);
        Ok(Value::native(0, self.delays_raw(&CALL, &captures)?))
    }
}
