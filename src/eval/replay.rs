//! Calls whose results several evaluations can share: those that make a package set, and elaborate its platforms.
//!
//! A process that evaluates one configuration after the other, each in a copy of itself, records such calls in an evaluation
//! that it makes beforehand. In a copy, a call of the same function with the same argument then returns the recorded result,
//! with all packages that have been evaluated in it. The lowering marks these functions (`OBSERVE`); no other code changes.
//!
//! A recorded result is as good as a new one, since Nix is pure, with these conditions:
//!
//! - The function is the same closure, and the arguments have the same contents: the same words, or data that is evaluated in
//!   both, with attributes at the same positions. Functions are the same only if their words are.
//! - A new result has functions that are unlike all others. So each recorded call is used once. Inside a recorded call nothing
//!   is recorded, or its functions could appear twice; and after the package set nothing is, because its parts are
//!   evaluated later.
//! - Comparing forces parts of the argument that the function may never ask for. If that fails or prints anything, the
//!   evaluation [is spoiled](Evaluator::is_spoiled), and has to be made again without recorded calls.

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
                calls: RefCell::default(),
                messages,
            })
        });
    }

    /// Uses the calls that have been recorded, if `on`, and records no more.
    pub fn replay_calls(&self, on: bool) {
        if let Some(replay) = self.replay.get() {
            replay.mode.set(if on { Mode::Replays } else { Mode::Rests });
        }
    }

    /// Whether comparing the arguments of calls has failed or printed anything: without recorded calls, the evaluation might
    /// have another result.
    pub fn is_spoiled(&self) -> bool {
        self.replay.get().is_some_and(|replay| replay.spoiled.get())
    }

    /// Evaluates the body of a marked function, or finds the recorded result.
    pub(super) fn shared_body(&self, function: usize, body: CodeRef, frame: Ref) -> Res<Value> {
        let Some(replay) = self.replay.get().filter(|replay| !replay.inside.get()) else {
            return self.eval(body, frame);
        };
        let around = self.mem.heap.slot(frame).get();
        let arg = self.var(frame, 0, 0);
        match replay.mode.get() {
            Mode::Rests => self.eval(body, frame),
            Mode::Records => {
                if function == PACKAGES {
                    self.force_parts(arg)?;
                }
                let arg = self.mem.share(arg)?;
                let result = self.inside(replay, body, frame)?;
                replay.calls.borrow_mut().push(RecordedCall {
                    body,
                    around,
                    arg,
                    result,
                    used: Cell::new(false),
                });
                if function == PACKAGES {
                    replay.mode.set(Mode::Rests);
                }
                Ok(result)
            }
            Mode::Replays => {
                let calls = replay.calls.borrow();
                let found = calls.iter().find(|call| {
                    let same = call.body == body && call.around == around && !call.used.get();
                    same && self.is_same(replay, arg, &slot(call.arg))
                });
                match found {
                    Some(call) => {
                        call.used.set(true);
                        Ok(call.result)
                    }
                    None => self.inside(replay, body, frame),
                }
            }
        }
    }

    /// Forces what the function that makes the package set will ask for, so that calls in there are recorded on their own.
    fn force_parts(&self, arg: &Slot) -> Res<()> {
        let set = self.force(arg)?;
        for name in ["localSystem", "crossSystem", "config", "overlays"] {
            if let Some(part) = self.mem.get(set, self.intern(name)?) {
                // The function will find the same error.
                let _ = self.force(part);
            }
        }
        Ok(())
    }

    fn inside(&self, replay: &Replay, body: CodeRef, frame: Ref) -> Res<Value> {
        replay.inside.set(true);
        let result = self.eval(body, frame);
        replay.inside.set(false);
        result
    }

    /// Whether an argument has the same contents as a recorded one.
    fn is_same(&self, replay: &Replay, arg: &Slot, recorded: &Slot) -> bool {
        let before = (replay.messages)();
        let same = self.same(arg, recorded, &mut { MOST });
        if same.is_err() || (replay.messages)() != before {
            replay.spoiled.set(true);
        }
        same.unwrap_or(false)
    }

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
            Type::Float => self.mem.real(va).to_bits() == self.mem.real(vb).to_bits(),
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
