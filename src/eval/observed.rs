//! Observes the evaluations of modules that an interpreted `lib` makes.
//!
//! nixpkgs' `mergeModules prefix modules` receives the modules of an evaluation after they have been collected: the
//! same values that the evaluation goes on to merge. The lowering marks the bodies of functions with this name and
//! arity (`OBSERVE`). While nothing is observed, the mark does nothing, and no other code is affected.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use crate::value::Value;

/// A call of `mergeModules`.
#[derive(Debug, Clone, Copy)]
pub struct ObservedModules {
    /// The path of the submodule that the modules belong to: a list of strings, or its suspension.
    pub prefix: Value,
    /// The collected modules: a list of sets with `options`, `config`, `key`, `imports` and `_file` (in old releases
    /// `file`), or its suspension.
    pub modules: Value,
    /// The options, either themselves (releases up to 20.09) or as `matchedOptions`.
    pub result: Value,
}

/// What has been observed.
#[derive(Default)]
pub(super) struct Observed {
    pub(super) modules: RefCell<Vec<ObservedModules>>,
    /// The folder of the `lib`, with a slash at its end.
    pub(super) lib: OnceCell<Rc<[u8]>>,
}
