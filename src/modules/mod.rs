//! The NixOS module system, natively: `lib.evalModules`, `lib.types`, `lib.options` and `lib.modules` of nixpkgs 26.11.
//!
//! A folder for each stage, which uses only those before it (`tests/architecture.rs`):
//!
//! ```text
//!     messages ─ definitions ─ loading ─ types ─ declarations ─ tree ─ evaluation ─ library
//!     paths,     conditions,   what a    what    options, of    levels evalModules, lib.modules,
//!     files in   priorities,   module    they    one or more    of     submodules,  lib.options,
//!     errors     order, merge  is, all   become  declarations   names  config       lib.types
//! ```
//!
//! Everything is as lazy as in nixpkgs: an evaluation, a level of options and the merge of an option's definitions are
//! objects on the heap whose fields are suspended, and options see each other through them.

mod declarations;
mod definitions;
mod evaluation;
mod library;
mod loading;
mod messages;
mod names;
mod tree;
mod types;

pub use definitions::{Definition, Fate, Provenance};
pub use evaluation::{Evaluation, Kept, Undeclared, Where};
pub use library::{native_lib, provide_native_lib};
pub use loading::Origins;
pub use names::NAMES;
pub use types::NAMES as TYPE_NAMES;
