//! A definition whose conditions hold.

use smallvec::SmallVec;

use super::sets::definition;
use crate::eval::{Error, Evaluator, Res};
use crate::native::{context, text, to_string};
use crate::source::Pos;
use crate::value::{Record, Value, slot};

/// A definition whose conditions hold.
#[derive(Debug, Clone, Copy)]
pub struct Live {
    /// The module's file.
    pub file: Value,
    /// The value: forced, or a suspension that may be stored.
    pub value: Value,
    /// The definition as a set, if it was given as one (`mkDefinition`).
    pub set: Option<Value>,
    /// The priority of `mkOverride`.
    pub priority: Option<Value>,
    /// The priority of `mkOrder`.
    pub order: Option<Value>,
    /// Where it is written.
    pub pos: Pos,
}

/// The definitions of one value whose conditions hold.
pub type Lives = SmallVec<[Live; 2]>;

impl Live {
    /// The definition as the set that is passed to merge functions.
    pub fn definition(&self, ev: &Evaluator) -> Res<Value> {
        let set = match self.set {
            Some(set) => set,
            None => definition(ev, self.file, self.value)?,
        };
        match self.order {
            None => Ok(set),
            Some(order) => {
                static ORDERED: Record<2> = Record::new(["value", "priority"]);
                Ok(ev.mem.update(set, ev.mem.record(&ORDERED, [self.value, order])?)?)
            }
        }
    }
}

/// Adds the file to the trace of an error in one of its definitions.
#[cold]
pub fn from_file(ev: &Evaluator, file: Res<Value>, e: Error) -> Error {
    match file.and_then(|file| to_string(ev, &slot(file))) {
        Ok(file) => context(e, format!("while evaluating definitions from `{}':", text(ev, file))),
        Err(failed) => failed,
    }
}
