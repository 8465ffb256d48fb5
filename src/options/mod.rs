//! Configurations: modules and fixtures, opened once and then queried for the values of their options.

mod about;
pub mod attr_path;
mod changed;
mod configuration;
mod definitions;
mod dependencies;
mod docs;
mod embedded;
mod evaluations;
mod imports;
mod module_files;
mod modules;
mod opened;
mod opening;
mod plain;
mod reads;
mod related;
mod tree;
mod variants;

pub use about::{About, AboutDefinition, Default, Outcome, Place};
pub use configuration::Configuration;
pub use definitions::{Definition, Fate};
pub use dependencies::{Dependencies, Node};
pub use docs::{OptionDoc, document};
pub use embedded::{files as embedded_files, over as with_embedded};
pub use imports::Importer;
pub use module_files::{STDIN, find, tree_modules};
pub use modules::{Argument, Modules, Undeclared};
pub use opened::Opened;
pub use opening::{Opening, nixos_folder};
pub use plain::{Bounds, Failure, Plain};
pub use tree::{Found, Item, step};
