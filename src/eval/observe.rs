//! Observing evaluations of modules: see [`ObservedModules`].

use super::{Evaluator, ObservedModules, Res};
use crate::heap::{CodeRef, Ref};
use crate::ir::code::{ELABORATE, EVAL_OPTION_VALUE, PACKAGES};
use crate::value::{Value, peek};

impl Evaluator {
    /// Observes evaluations of modules from now on.
    pub fn observe(&self) {
        self.observed.get_or_init(Box::default);
    }

    /// Whether evaluations of modules are observed.
    pub fn is_observing(&self) -> bool {
        self.observed.get().is_some()
    }

    /// The evaluations of modules observed from the `from`th on, in the order in which they began to merge.
    pub fn observed_modules(&self, from: usize) -> Vec<ObservedModules> {
        let all = self.observed.get().map(|observed| observed.modules.borrow());
        all.and_then(|all| all.get(from..).map(<[_]>::to_vec)).unwrap_or_default()
    }

    /// Forgets what has been observed.
    pub fn forget_observed(&self) {
        if let Some(observed) = self.observed.get() {
            observed.modules.borrow_mut().clear();
        }
    }

    /// Evaluates the body of a marked function in its frame.
    #[cold]
    #[inline(never)]
    pub(super) fn observed_body(&self, function: usize, body: CodeRef, frame: Ref) -> Res<Value> {
        if matches!(function, PACKAGES | ELABORATE) {
            return self.shared_body(function, body, frame);
        }
        let result = self.eval(body, frame)?;
        if function == EVAL_OPTION_VALUE {
            return match self.reads.get() {
                Some(reads) => self.with_boundaries(reads, self.mem.share(self.var(frame, 0, 0))?, result),
                None => Ok(result),
            };
        }
        if let Some(observed) = self.observed.get() {
            let [prefix, modules] = [0, 1].map(|slot| peek(self.var(frame, 0, slot)));
            observed.modules.borrow_mut().push(ObservedModules { prefix, modules, result });
        }
        Ok(result)
    }
}
