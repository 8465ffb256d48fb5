//! Output for people and programs: option values as JSON.

mod marks;
mod nix;
mod options;
mod pretty;

pub use marks::Options;
pub use nix::nix_from_json;
pub use options::{Selection, Written, write_options};
pub use pretty::indent_json;
