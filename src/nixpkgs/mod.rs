//! nixpkgs' `lib`, natively: the functions of nixpkgs 26.11 in Rust, one file for each file of its `lib/` (large ones in
//! parts), and names that older modules use. Types, options and the module system are in `modules`.
//!
//! Functions have the same results, laziness and messages as nixpkgs' own. What differs on purpose: they call each other
//! directly, so replacing one with `lib.extend` does not change the others; and errors have no positions inside of
//! `lib`.

mod assembly;
mod asserts;
mod attrsets;
mod attrsets_nested;
mod cli;
mod customisation;
mod debug;
mod derivations;
mod fetchers;
mod filesystem;
mod fixed_points;
mod function_args;
mod generators;
mod gvariant;
mod kernel;
mod legacy;
mod licenses;
mod lists;
mod lists_members;
mod lists_order;
mod meta;
mod misc;
mod misc_merge;
mod network;
mod path;
mod root;
mod sources;
mod strings;
mod strings_with_deps;
mod systems;
mod trivial;
mod versions;

pub use assembly::{assemble, assemble_in};

pub use fixed_points::extend;
pub use trivial::RELEASE;

use crate::eval::{Evaluator, Res};
use crate::native::Table;
use crate::value::Value;

/// All tables of this folder.
pub static TABLES: &[&Table] = &[
    &asserts::TABLE,
    &attrsets::TABLE,
    &cli::TABLE,
    &customisation::TABLE,
    &debug::TABLE,
    &derivations::TABLE,
    &fetchers::TABLE,
    &filesystem::TABLE,
    &fixed_points::TABLE,
    &generators::TABLE,
    &gvariant::TABLE,
    &gvariant::TYPES,
    &kernel::TABLE,
    &legacy::TABLE,
    &licenses::TABLE,
    &lists::TABLE,
    &meta::TABLE,
    &misc::TABLE,
    &network::TABLE,
    &path::SUBPATH,
    &path::TABLE,
    &root::FLAKES,
    &root::SOURCE_TYPES,
    &root::TABLE,
    &sources::TABLE,
    &strings::TABLE,
    &strings_with_deps::TABLE,
    &systems::TABLE,
    &trivial::TABLE,
    &versions::TABLE,
];

/// What this folder has of the set `lib`.
///
/// # Errors
/// When the heap is full.
pub fn names(ev: &Evaluator) -> Res<Value> {
    assemble(ev, TABLES)
}

/// The same in `this`, an extended `lib` (suspended, or a cell).
///
/// # Errors
/// When the heap is full.
pub fn names_in(ev: &Evaluator, this: Value) -> Res<Value> {
    assemble_in(ev, TABLES, this)
}

/// The names of the namespaces.
pub fn namespaces() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|t| t.namespace).filter(|n| !n.is_empty() && !n.contains('.'))
}
