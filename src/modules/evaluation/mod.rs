//! Evaluations of modules, and the type whose values are evaluations.
//!
//! | file | for |
//! |---|---|
//! | `eval_modules` | an evaluation, an object with suspended fields |
//! | `begun` | the evaluations that have begun, for those who observe them |
//! | `own_module` | the module that declares `_module` |
//! | `configuration` | the values of options, and those of definitions without an option |
//! | `undeclared_error` | the error for definitions without an option |
//! | `undeclared_values` | the values of such definitions where they are not an error |
//! | `result` | the results of `evalModules` and `extendModules` |
//! | `submodule` | a submodule, an object with suspended fields |
//! | `submodule_modules` | the modules that a submodule has besides its own |
//! | `submodule_values` | the values of submodules |
//! | `submodule_payload` | merging submodule types |
//! | `submodule_type` | the types whose values are evaluations |
//! | `tree_lib` | the `lib` that the native one replaces |
//! | `lookup` | lookups in an evaluation, for commands |

mod begun;
mod configuration;
mod eval_modules;
mod lookup;
mod own_module;
mod result;
mod submodule;
mod submodule_modules;
mod submodule_payload;
mod submodule_type;
mod submodule_values;
mod tree_lib;
mod undeclared_error;
mod undeclared_values;

pub use eval_modules::{Arguments, Evaluation};
pub use submodule_type::{SUBMODULE_TYPES, submodule_with};
pub use tree_lib::{keep_tree_lib, tree_lib};
pub use undeclared_values::{Kept, Undeclared, Where};
