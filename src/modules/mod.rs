//! The NixOS module system, natively: `lib.evalModules`, `lib.types`, `lib.options` and `lib.modules` of nixpkgs 26.11.
//!
//! ```text
//!     load, module_args ─ collect ─ tree ─ declare ─ option_value ─ definitions ─ types/
//!     one module          all of    levels  what is    an option's    conditions,   what definitions
//!                         them      of names declared   attributes     priorities    become
//! ```
//!
//! Everything is as lazy as in nixpkgs: an evaluation, a level of options and the merge of an option's definitions are
//! objects on the heap whose fields are suspended, and options see each other through them.

mod collect;
mod conditionals;
mod declare;
mod definitions;
mod docs;
mod entries;
mod evaluate;
mod for_types;
mod helpers;
mod internal;
mod kept;
mod library;
mod load;
mod merging;
mod messages;
mod module_args;
mod option_value;
mod options;
mod origins;
mod places;
mod priorities;
mod provenance;
mod renames;
mod show;
mod standalone;
mod support;
mod table;
mod tree;
mod types;
mod undeclared;

pub use kept::{Kept, Undeclared, Where};
pub use library::{native_lib, provide_native_lib};
pub use origins::Origins;
pub use provenance::{Definition, Fate, Provenance};
pub use standalone::Evaluation;
