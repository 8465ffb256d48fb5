//! Configurations: modules and fixtures, opened once and then queried for the values of their options.

mod about;
mod aliases;
pub mod attr_path;
mod configuration;
mod definitions;
mod embedded;
mod evaluations;
pub mod lint;
mod module_files;
mod modules;
mod moved;
mod opened;
mod opening;
mod origins;
mod plain;
mod sources;
mod texts;
mod trail;
mod tree;

pub use about::{About, AboutDefinition, AboutItem, Default, Excerpt, Moved, Outcome, Place};
pub use configuration::Configuration;
pub use embedded::{ROOT as EMBEDDED, files as embedded_files, over as with_embedded};
pub use module_files::{STDIN, find, tree_modules};
pub use modules::{Argument, Modules, Undeclared};
pub use opened::Opened;
pub use opening::Opening;
pub use plain::{Bounds, Failure, Plain};
pub use tree::{Found, Item, step};
