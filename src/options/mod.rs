//! Configurations: modules and fixtures, opened once and then queried for the values of their options.

pub mod attr_path;
mod configuration;
mod embedded;
mod module_files;
mod modules;

pub use configuration::Configuration;
pub use embedded::{files as embedded_files, over as with_embedded};
pub use module_files::{STDIN, find, tree_modules};
pub use modules::{Argument, Modules, Undeclared};
