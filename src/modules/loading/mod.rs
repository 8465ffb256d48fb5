//! What a module is, and which modules an evaluation has.
//!
//! | file | for |
//! |---|---|
//! | `module` | a module in canonical form: `unifyModuleSyntax` |
//! | `key` | the keys that distinguish modules |
//! | `arguments` | calls modules that are functions |
//! | `loader` | loads the elements of `imports`: `loadModule` |
//! | `not_a_module` | the message about values in `imports` that are not modules |
//! | `class` | the class of modules |
//! | `disabled` | the modules in `disabledModules` |
//! | `origins` | base modules, fixtures, and the files of other modules |
//! | `hints` | hints for errors |
//! | `collect` | all modules of an evaluation: `collectModules` |
//! | `graph` | which module imports which |

mod arguments;
mod class;
mod collect;
mod disabled;
mod graph;
mod hints;
mod key;
mod loader;
mod module;
mod not_a_module;
mod origins;

pub use arguments::apply_args;
pub use collect::{Collected, Module};
pub use graph::graph;
pub use hints::names_at;
pub use loader::Loader;
pub use module::{INTERNAL, as_set, located_module, unify};
pub use origins::{Origins, is_base};
