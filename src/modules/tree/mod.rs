//! The tree of options: merges the declarations and definitions of all modules, level by level
//! (`mergeModules'`).
//!
//! | file | for |
//! |---|---|
//! | `level` | a level of the tree, an object with suspended fields |
//! | `declared` | the declared names of a level, and the options they denote |
//! | `defined` | the definitions of each name, and those without an option |
//! | `base` | where base modules yield to other modules that declare the same names |

mod base;
mod declared;
mod defined;
mod level;

pub use defined::{Configs, Found, Stray, StrayPart};
pub use level::{Context, Level, LevelParts};
