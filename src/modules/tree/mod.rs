//! The tree of options: declarations and definitions of all modules brought together, level by level
//! (`mergeModules'`).
//!
//! | file | for |
//! |---|---|
//! | `level` | a level of the tree, an object with suspended fields |
//! | `declared` | which names a level has, and the options that they stand for |
//! | `defined` | which definitions belong to which name, and which to none |
//! | `base` | base modules step back where other modules declare the same |

mod base;
mod declared;
mod defined;
mod level;

pub use defined::{Configs, Found, Stray, StrayPart};
pub use level::{Context, Level, LevelParts};
