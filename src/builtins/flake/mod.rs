//! Flakes without network access: references, `flake.nix`, locking in memory, and calling the outputs. Nothing is copied,
//! and no lock file is written.

mod call;
mod compute;
mod flags;
mod flake_file;
mod given;
mod input;
mod lock;
mod lock_text;
mod locked;
mod missing;
mod primitive;
mod reading;
mod reference;
mod registry;
mod source;
mod trivial;

pub use call::call;
pub use flags::LockFlags;
pub use lock::lock;
pub use locked::Locked;
pub use missing::folders;
pub use primitive::TABLE;
pub use reading::{override_of, reading};
pub use reference::from_command_line;
