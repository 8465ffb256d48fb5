//! Inputs: the things that flakes and fetchers fetch, written as URLs or as attributes.

mod attrs;
mod flake_ref;
mod git_names;
mod grammar;
mod input;
mod schemes;
pub mod url;

pub use attrs::{Attr, Attrs};
pub use flake_ref::{FlakeRef, PathRef, Reading};
pub use git_names::fix_git_url;
pub use grammar::is_id;
pub use input::Input;
pub use schemes::Scheme;
