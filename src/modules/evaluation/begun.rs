//! The native evaluations of modules that have begun while evaluations are observed.

use std::cell::RefCell;

use super::eval_modules::Evaluation;
use crate::eval::{Evaluator, Object as _};
use crate::value::Value;

/// The words of the evaluations, in the order in which they began.
#[derive(Default)]
struct Begun(RefCell<Vec<Value>>);

impl Evaluation {
    /// Notes an evaluation that begins, if evaluations are observed.
    pub(super) fn noted(self, ev: &Evaluator) -> Evaluation {
        if ev.is_observing() {
            ev.extension::<Begun>().0.borrow_mut().push(self.word());
        }
        self
    }

    /// Forgets the evaluations that have begun.
    pub fn forget_begun(ev: &Evaluator) {
        ev.extension::<Begun>().0.borrow_mut().clear();
    }

    /// The evaluations that began while evaluations were observed, from the `from`th on.
    pub fn begun(ev: &Evaluator, from: usize) -> Vec<Evaluation> {
        let begun = ev.extension::<Begun>();
        let words = begun.0.borrow();
        words.iter().skip(from).map(|word| Evaluation::of(*word)).collect()
    }
}
