//! The calls that have been recorded: see [`replay`](super::replay).

use std::cell::{Cell, RefCell};

use crate::value::Value;

/// Tells how many messages the evaluation has printed.
pub type CountMessages = Box<dyn Fn() -> usize>;

/// Recorded calls.
pub(super) struct Replay {
    pub(super) mode: Cell<Mode>,
    /// A marked function is being called.
    pub(super) inside: Cell<bool>,
    pub(super) spoiled: Cell<bool>,
    /// An error has depended on what was evaluated first.
    pub(super) worn: Cell<bool>,
    pub(super) calls: RefCell<Vec<RecordedCall>>,
    pub(super) messages: CountMessages,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Calls are recorded.
    Records,
    /// Recorded calls are used.
    Replays,
    /// Neither.
    Rests,
}

/// A recorded call.
pub(super) struct RecordedCall {
    /// The body of the function and the frame of the call, as a suspension. It keeps the frames around the function alive, so
    /// that no other function can have the same ones.
    pub(super) call: Value,
    pub(super) arg: Value,
    pub(super) result: Value,
    pub(super) used: Cell<bool>,
}
