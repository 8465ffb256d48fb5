//! Calls whose results several evaluations can share: the one that makes a package set, and the one that describes its platform.
//!
//! A process that evaluates one configuration after the other, in copies of itself or in the same evaluator, records these
//! calls in the first evaluation. In a later one, a call of the same function with the same argument then returns the recorded
//! result, with all packages that have been evaluated in it. The lowering marks these functions (`OBSERVE`); no other code
//! changes.
//!
//! A recorded result is as good as a new one, since Nix is pure, with these conditions:
//!
//! - The function is the same closure, and the arguments have the same contents: the same words, or data that is evaluated in
//!   both, with attributes at the same positions. Functions are the same only if their words are.
//! - A new result has functions that are unlike all others. So an evaluation uses each recorded call once, and only two are recorded, of which
//!   neither is part of the other: the package set, and the platform that is its argument. Platforms are described before, by
//!   other functions of that name as well; such a result could be part of another one, and is not kept.
//! - The evaluation that is recorded must not have done anything that happens only once: printed a message, or failed where the
//!   error depends on what was evaluated first (an infinite recursion, calls nested too deep).
//! - Comparing forces parts of the argument that the function may never ask for. If that fails or prints anything, the
//!   evaluation [is spoiled](Evaluator::is_spoiled), and has to be made again without recorded calls. So it is if calls are nested
//!   too deep, since it may have been at another depth.

use std::cell::{Cell, RefCell};

use super::recorded_calls::{CountMessages, Mode, RecordedCall, Replay};
use super::{Evaluator, Res};
use crate::heap::{CodeRef, Ref, Slot};
use crate::ir::code::PACKAGES;
use crate::value::{Type, Value, peek, slot};

/// The most values of an argument that are compared.
const MOST: usize = 10_000;

impl Evaluator {
    /// Records calls from now on. `messages` tells how many messages have been printed.
    pub fn record_calls(&self, messages: CountMessages) {
        self.replay.get_or_init(|| {
            Box::new(Replay {
                mode: Cell::new(Mode::Records),
                inside: Cell::new(false),
                spoiled: Cell::new(false),
                worn: Cell::new(false),
                calls: RefCell::default(),
                messages,
            })
        });
    }

    /// Uses the calls that have been recorded, if `on` and if there is a package set among them. Records no more.
    pub fn replay_calls(&self, on: bool) {
        if let Some(replay) = self.replay.get() {
            if replay.mode.get() == Mode::Records {
                // Without a package set, one of the platforms may be part of another one.
                replay.calls.borrow_mut().clear();
            }
            replay.mode.set(if on { Mode::Replays } else { Mode::Rests });
            replay.spoiled.set(false);
            replay.calls.borrow().iter().for_each(|call| call.used.set(false));
        }
    }

    /// Whether the evaluation might have another result without recorded calls, or cannot be what others begin with.
    pub fn is_spoiled(&self) -> bool {
        self.replay.get().is_some_and(|replay| replay.spoiled.get())
    }

    /// Whether the evaluations so far have come upon an error that depends on what was evaluated first. What is evaluated
    /// next in this process could be told the error of another evaluation.
    pub fn is_worn(&self) -> bool {
        self.replay.get().is_some_and(|replay| replay.worn.get())
    }

    /// Calls are nested too deep.
    pub(super) fn spoil_by_depth(&self) {
        if let Some(replay) = self.replay.get() {
            replay.worn.set(true);
            replay.spoiled.set(true);
        }
    }

    /// A value depends on itself. The values of such a circle have other errors if another one is evaluated first.
    pub(super) fn spoil_by_recursion(&self) {
        if let Some(replay) = self.replay.get() {
            replay.worn.set(true);
            if replay.mode.get() != Mode::Replays {
                replay.spoiled.set(true);
            }
        }
    }

    /// Evaluates the body of a marked function, or finds the recorded result.
    pub(super) fn shared_body(&self, function: usize, body: CodeRef, frame: Ref) -> Res<Value> {
        let replay = self.replay.get().filter(|replay| !replay.inside.get() && self.reads.get().is_none());
        let Some(replay) = replay else {
            return self.eval(body, frame);
        };
        match replay.mode.get() {
            Mode::Rests => self.eval(body, frame),
            Mode::Records => self.recorded(replay, function, body, frame),
            Mode::Replays => match self.find_recorded(replay, body, frame) {
                Some(result) => Ok(result),
                None => self.inside(replay, body, frame),
            },
        }
    }

    /// Records a call. The package set is the last one: what is called later may be called by parts of it.
    fn recorded(&self, replay: &Replay, function: usize, body: CodeRef, frame: Ref) -> Res<Value> {
        let arg = self.var(frame, 0, 0);
        let mut platform = None;
        if function == PACKAGES {
            platform = self.spoiling(replay, || self.force_parts(arg)).unwrap_or_default();
        }
        let arg = self.mem.share(arg)?;
        let result = self.inside(replay, body, frame)?;
        let mut calls = replay.calls.borrow_mut();
        if function == PACKAGES {
            calls.retain(|call| Some(call.result) == platform);
            calls.truncate(1);
            replay.mode.set(Mode::Rests);
        }
        calls.push(RecordedCall { call: Value::thunk(body, frame), arg, result, used: Cell::new(false) });
        Ok(result)
    }

    /// Forces what the function that makes the package set will ask for, so that the platform is described outside of it, and
    /// is recorded on its own. Returns the platform.
    fn force_parts(&self, arg: &Slot) -> Res<Option<Value>> {
        let set = self.force(arg)?;
        let mut platform = None;
        for name in ["crossSystem", "config", "overlays", "localSystem"] {
            platform = match self.mem.get(set, self.intern(name)?) {
                Some(part) => Some(self.force(part)?),
                None => None,
            };
        }
        Ok(platform)
    }

    /// Evaluates the body of a marked function. Calls in there are neither recorded nor found.
    fn inside(&self, replay: &Replay, body: CodeRef, frame: Ref) -> Res<Value> {
        replay.inside.set(true);
        let result = self.eval(body, frame);
        replay.inside.set(false);
        result
    }

    fn find_recorded(&self, replay: &Replay, body: CodeRef, frame: Ref) -> Option<Value> {
        let around = |frame| self.mem.heap.slot(frame).get();
        let arg = self.var(frame, 0, 0);
        let calls = replay.calls.borrow();
        let mut same = calls.iter().filter(|recorded| {
            recorded.call.hi() == body && around(recorded.call.at()) == around(frame) && !recorded.used.get()
        });
        let found = same.find(|recorded| {
            let same = || self.same(arg, &slot(recorded.arg), &mut { MOST });
            self.spoiling(replay, same).unwrap_or(false)
        })?;
        // Comparing may have called the function as well.
        (!found.used.replace(true)).then_some(found.result)
    }

    /// Evaluates what a plain evaluation might not: that must neither fail nor print anything.
    fn spoiling<T>(&self, replay: &Replay, work: impl FnOnce() -> Res<T>) -> Res<T> {
        let before = (replay.messages)();
        let result = work();
        if result.is_err() || (replay.messages)() != before {
            replay.spoiled.set(true);
        }
        result
    }

    /// Whether an argument has the same contents as a recorded one.
    fn same(&self, a: &Slot, recorded: &Slot, left: &mut usize) -> Res<bool> {
        let (wa, wb) = (self.behind(peek(a)), self.behind(peek(recorded)));
        if wa == wb {
            return Ok(true);
        }
        if !wb.is_value() || *left == 0 {
            return Ok(false);
        }
        *left -= 1;
        let _depth = self.deeper()?;
        let va = self.force(a)?;
        let vb = self.force(recorded)?;
        if va.type_of() != vb.type_of() {
            return Ok(false);
        }
        Ok(match va.type_of() {
            Type::Null => true,
            Type::Bool => va == vb,
            Type::Int => self.mem.integer(va) == self.mem.integer(vb),
            Type::Float => {
                let (a, b) = (self.mem.real(va), self.mem.real(vb));
                // What is not a number equals itself only as a part of the same value.
                a.to_bits() == b.to_bits() && !a.is_nan()
            }
            Type::String | Type::Path => {
                self.mem.text(va) == self.mem.text(vb) && self.mem.context(va) == self.mem.context(vb)
            }
            Type::Function | Type::Thunk => va == vb,
            Type::List => {
                let (a, b) = (self.mem.items(va), self.mem.items(vb));
                if a.len() != b.len() {
                    return Ok(false);
                }
                for (a, b) in a.iter().zip(b) {
                    if !self.same(a, b, left)? {
                        return Ok(false);
                    }
                }
                true
            }
            Type::Attrs => {
                let (a, b) = (self.mem.entries(va), self.mem.entries(vb));
                if a.len() != b.len() {
                    return Ok(false);
                }
                for (a, b) in a.iter().zip(&b) {
                    if a.name != b.name || a.pos != b.pos || !self.same(a.slot, b.slot, left)? {
                        return Ok(false);
                    }
                }
                true
            }
        })
    }
}
