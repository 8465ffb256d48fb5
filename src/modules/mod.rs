//! The NixOS module system in native code: `lib.evalModules`, `lib.types`, `lib.options` and `lib.modules` of
//! nixpkgs 26.11.
//!
//! There is a folder for each stage, and each uses only those before it (`tests/architecture.rs`):
//!
//! ```text
//!     messages ─ definitions ─ loading ─ types ─ declarations ─ tree ─ evaluation ─ library
//!     paths,     conditions,   what a    kinds   options, of    levels evalModules, lib.modules,
//!     files in   priorities,   module    of      one or more    of     submodules,  lib.options,
//!     errors     order, merge  is, all   values  declarations   names  config       lib.types
//! ```
//!
//! Everything is as lazy as in nixpkgs. An evaluation, a level of options and the merge of an option's
//! definitions are heap objects with suspended fields, through which options see each other.

mod declarations;
mod definitions;
mod evaluation;
mod library;
mod loading;
mod messages;
mod names;
mod tree;
mod types;

pub use definitions::{
    AFTER, BEFORE, DEFAULT, DEFAULT_ORDER, DEFAULT_PRIORITY, FORCE, OPTION_DEFAULT, Prop, Property, Raw,
    holds, inside, property, props, push_down, wrapped,
};
pub use evaluation::{Evaluation, Kept, Undeclared, Where};
pub use library::{native_lib, provide_native_lib};
pub use loading::Origins;
pub use messages::show_option;
pub use names::NAMES;
pub use types::NAMES as TYPE_NAMES;
