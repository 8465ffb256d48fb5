//! Evaluations of modules, and the type of values that are evaluations themselves.
//!
//! | file | for |
//! |---|---|
//! | `eval_modules` | an evaluation, an object with suspended fields |
//! | `own_module` | the module that declares `_module` |
//! | `configuration` | the values of options, and of definitions without option |
//! | `undeclared_error` | the error for definitions without option |
//! | `undeclared_values` | where they are no error: their values |
//! | `result` | what `evalModules` returns, and `extendModules` |
//! | `submodule` | the types whose values are evaluations |
//! | `tree_lib` | the `lib` that the native one stands in for |
//! | `lookup` | what commands ask of an evaluation |

mod configuration;
mod eval_modules;
mod lookup;
mod own_module;
mod result;
mod submodule;
mod tree_lib;
mod undeclared_error;
mod undeclared_values;

pub use eval_modules::{Arguments, Evaluation};
pub use submodule::{SUBMODULE_TYPES, submodule_with};
pub use tree_lib::{keep_tree_lib, tree_lib};
pub use undeclared_values::{Kept, Undeclared, Where};
