//! The calls that have been recorded: see [`replay`](super::replay).

use std::cell::{Cell, RefCell};

use crate::heap::CodeRef;
use crate::value::Value;

/// Tells how many messages the evaluation has printed.
pub type CountMessages = Box<dyn Fn() -> usize>;

/// Recorded calls.
pub(super) struct Replay {
    pub(super) mode: Cell<Mode>,
    /// A marked function is being called.
    pub(super) inside: Cell<bool>,
    pub(super) spoiled: Cell<bool>,
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
    pub(super) body: CodeRef,
    /// The first word of the frame: it refers to the frame around the function.
    pub(super) around: u64,
    pub(super) arg: Value,
    pub(super) result: Value,
    pub(super) used: Cell<bool>,
}
