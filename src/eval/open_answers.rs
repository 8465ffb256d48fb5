//! What open sets have been asked for.

use std::cell::{Cell, RefCell};

use hashbrown::HashMap;

use crate::heap::Sym;
use crate::value::Value;

type Answered = HashMap<(u64, Sym), (Value, Option<Value>)>;

/// What open sets have been asked for.
#[derive(Default)]
pub(super) struct OpenAnswers {
    /// Whether there is any.
    pub(super) any: Cell<bool>,
    /// The slots of answers, by the set's answer function and the name: each name is answered once. Functions and slots are
    /// whole words: the collector finds those here, and keeps what they refer to.
    pub(super) answered: RefCell<Answered>,
}
