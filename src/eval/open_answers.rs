//! The names that open sets have been asked for.

use std::cell::{Cell, RefCell};

use hashbrown::HashMap;

use crate::heap::Sym;
use crate::value::Value;

type Answered = HashMap<(u64, Sym), (Value, Option<Value>)>;

/// The names that open sets have been asked for.
#[derive(Default)]
pub(super) struct OpenAnswers {
    /// Whether any set is open.
    pub(super) any: Cell<bool>,
    /// The slots of answers, by the set's answer function and the name: each name is answered once. Functions
    /// and slots are whole words, so that the collector finds them here and keeps what they refer to.
    pub(super) answered: RefCell<Answered>,
}
