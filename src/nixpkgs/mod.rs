//! The native `lib`: the functions of nixpkgs 26.11 in Rust, with a file or a folder for each file of its `lib/`.
//! `deprecated` also has names that older modules use. Types, options and the module system are in `modules`.
//!
//! Functions have the same results, laziness and messages as those of nixpkgs. Two things differ on purpose: they
//! call each other directly, so replacing one with `lib.extend` does not change the others; and errors have no
//! positions inside `lib`.

mod assembly;
mod asserts;
mod attrsets;
mod builtin_names;
mod cli;
mod customisation;
mod debug;
mod deprecated;
mod derivations;
mod fetchers;
mod filesystem;
mod fixed_points;
mod flakes;
mod generators;
mod gvariant;
mod kernel;
mod licenses;
mod lists;
mod maintainers;
mod meta;
mod network;
mod path;
mod source_types;
mod sources;
mod strings;
mod strings_with_deps;
mod systems;
mod trivial;
mod versions;

pub use attrsets::{paths, recursive_update, to_derivation};
pub use fixed_points::extend;

use crate::eval::{Evaluator, Res};
use crate::native::Table;
use crate::value::Value;

/// All tables of this folder.
pub static TABLES: &[&Table] = &[
    &asserts::TABLE,
    &attrsets::TABLE,
    &builtin_names::TABLE,
    &cli::TABLE,
    &customisation::TABLE,
    &debug::TABLE,
    &deprecated::MISC,
    &deprecated::REMOVED,
    &derivations::TABLE,
    &fetchers::TABLE,
    &filesystem::TABLE,
    &fixed_points::TABLE,
    &flakes::TABLE,
    &generators::TABLE,
    &gvariant::TABLE,
    &gvariant::TYPES,
    &kernel::TABLE,
    &licenses::TABLE,
    &lists::TABLE,
    &maintainers::TABLE,
    &meta::TABLE,
    &network::TABLE,
    &path::SUBPATH,
    &path::TABLE,
    &source_types::TABLE,
    &sources::TABLE,
    &strings::TABLE,
    &strings_with_deps::TABLE,
    &systems::TABLE,
    &trivial::TABLE,
    &versions::TABLE,
];

/// The part of the set `lib` that this folder defines.
pub fn names(ev: &Evaluator) -> Res<Value> {
    assembly::assemble(ev, TABLES)
}

/// The same in `this`, an extended `lib` (a suspension or a cell).
pub fn names_in(ev: &Evaluator, this: Value) -> Res<Value> {
    assembly::assemble_in(ev, TABLES, this)
}

/// The names of the namespaces.
pub fn namespaces() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|t| t.namespace).filter(|n| !n.is_empty() && !n.contains('.'))
}
