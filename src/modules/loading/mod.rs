//! What a module is, and which modules an evaluation has.
//!
//! | file | for |
//! |---|---|
//! | `module` | a module in canonical form: `unifyModuleSyntax` |
//! | `key` | the keys that tell modules apart |
//! | `arguments` | calling modules that are functions |
//! | `loader` | loading whatever `imports` contains: `loadModule` |
//! | `not_a_module` | the message for what is no module |
//! | `class` | the class that modules must have |
//! | `disabled` | what `disabledModules` names |
//! | `origins` | base modules, fixtures, and the files of other modules |
//! | `hints` | what errors say beside their message |
//! | `collect` | all modules of an evaluation: `collectModules` |

mod arguments;
mod class;
mod collect;
mod disabled;
mod hints;
mod key;
mod loader;
mod module;
mod not_a_module;
mod origins;

pub use arguments::apply_args;
pub use collect::{Collected, Module};
pub use hints::names_at;
pub use loader::Loader;
pub use module::{INTERNAL, as_set, located_module, unify};
pub use origins::{Origins, is_base};
