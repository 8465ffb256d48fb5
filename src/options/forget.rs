//! Forgetting the evaluations of a configuration before another one is opened with the same evaluator.

use crate::eval::Evaluator;
use crate::modules::Evaluation;

/// Forgets the evaluations of modules that have been observed.
pub fn forget_evaluations(ev: &Evaluator) {
    ev.forget_observed();
    Evaluation::forget_begun(ev);
}
