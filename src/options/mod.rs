//! Configurations: modules and fixtures, opened once and then queried for the values of their options.

mod about;
mod aliases;
mod asked;
pub mod attr_path;
mod changed;
pub mod compare;
mod computed_from;
mod configuration;
mod definitions;
mod dependencies;
mod docs;
mod elements;
mod embedded;
mod evaluations;
mod flakes;
mod forget;
mod imports;
mod inside;
mod line;
pub mod lint;
mod module_files;
mod modules;
mod moved;
mod named_paths;
mod notices;
mod opened;
mod opening;
mod origins;
mod plain;
mod reads;
mod related;
mod sources;
mod texts;
mod trail;
mod tree;
mod variants;

pub use about::{
    Condition, DefaultValue, DefaultValue as Default, DefinitionInfo, Excerpt, ItemInfo, Moved, OptionInfo,
    OptionInfo as About, Outcome, Place, ReadValue,
};
pub use configuration::Configuration;
pub use definitions::Definition;
pub use dependencies::{Dependencies, DependencyNode};
pub use docs::{OptionDoc, document};
pub use embedded::{ROOT as EMBEDDED, files as embedded_files, over as with_embedded};
pub use evaluations::options_at;
pub use flakes::{FlakeName, flake_folders, in_flakes};
pub use forget::forget_evaluations;
pub use imports::Importer;
pub use line::Line;
pub use module_files::{STDIN, find, tree_modules};
pub use modules::{Argument, Modules, Undeclared};
pub use named_paths::{NamedPaths, ended, store_path};
pub use notices::assertion;
pub use opened::Opened;
pub use opening::{Opening, nixos, nixos_folder};
pub use plain::{Bounds, Failure, Plain};
pub use tree::{Found, Item, step};
