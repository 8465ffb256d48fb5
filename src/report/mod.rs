//! What a person or a program reads: option values as JSON.

mod nix;
mod options;
mod pretty;

pub use nix::nix_from_json;
pub use options::{Mark, Options, Selection, Written, write_options};
pub use pretty::indent_json;
