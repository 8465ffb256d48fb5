//! Observes the evaluations of modules that an interpreted `lib` makes.
//!
//! nixpkgs' `mergeModules prefix modules` receives the modules of an evaluation after they have been collected: the
//! same values that the evaluation goes on to merge. The lowering marks the bodies of functions with this name and
//! arity (`OBSERVE`). While nothing is observed, the mark does nothing, and no other code is affected.

use std::cell::RefCell;

use super::{Evaluator, Res};
use crate::heap::{CodeRef, Ref};
use crate::value::{Value, peek};

/// A call of `mergeModules`.
#[derive(Debug, Clone, Copy)]
pub struct ObservedModules {
    /// The path of the submodule that the modules belong to: a list of strings, or its suspension.
    pub prefix: Value,
    /// The collected modules: a list of sets with `options`, `config`, `key`, `imports` and `_file` (in old releases
    /// `file`), or its suspension.
    pub modules: Value,
    /// The options, either themselves (releases up to 15.09) or as `matchedOptions`.
    pub result: Value,
}

/// What has been observed.
#[derive(Default)]
pub(super) struct Observed {
    modules: RefCell<Vec<ObservedModules>>,
}

impl Evaluator {
    /// Observes evaluations of modules from now on.
    pub fn observe(&mut self) {
        self.observed.get_or_insert_default();
    }

    /// Whether evaluations of modules are observed.
    pub fn is_observing(&self) -> bool {
        self.observed.is_some()
    }

    /// The evaluations of modules observed from the `from`th on, in the order in which they began to merge.
    pub fn observed_modules(&self, from: usize) -> Vec<ObservedModules> {
        let all = self.observed.as_ref().map(|observed| observed.modules.borrow());
        all.and_then(|all| all.get(from..).map(<[_]>::to_vec)).unwrap_or_default()
    }

    /// Evaluates the body of a marked function in its frame.
    #[cold]
    #[inline(never)]
    pub(super) fn observed_body(&self, body: CodeRef, frame: Ref) -> Res<Value> {
        let result = self.eval(body, frame)?;
        if let Some(observed) = &self.observed {
            let [prefix, modules] = [0, 1].map(|slot| peek(self.var(frame, 0, slot)));
            observed.modules.borrow_mut().push(ObservedModules { prefix, modules, result });
        }
        Ok(result)
    }
}
