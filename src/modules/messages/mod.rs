//! The parts of messages about options: paths, files, definitions and values.

mod definitions;
mod names;
mod options;

pub use definitions::{definition_text, definitions, words};
pub use names::{identifier, plain_path, string_literal};
pub use options::{file, files, files_of, option, path_text, show_option, with_option};

/// The file of a definition whose file is unknown.
pub const UNKNOWN: &str = "<unknown-file>";

/// The suggestion in messages about conflicting definitions.
pub const PRIORITY_HINT: &str =
    "Use `lib.mkForce value` or `lib.mkDefault value` to change the priority on any of these definitions.\n";
