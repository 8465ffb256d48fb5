//! The formats of the Nix store as pure functions: hashes, store paths, archives and derivations.
//!
//! Nothing here touches a file. Names follow snix's `nix-compat` where it has the same item. Errors carry the
//! text that Nix 2.34 prints. Functions that need an experimental feature take the set of enabled ones.

pub mod base;
pub mod build_path;
pub mod ca_hash;
pub mod date;
pub mod derivation;
pub mod error;
pub mod features;
pub mod hash_text;
pub mod inputs;
pub mod lock_file;
pub mod nar;
pub mod nixbase32;
pub mod nixhash;
pub mod placeholder;
pub mod store_path;
pub mod tree;

pub use ca_hash::{CAHash, HashMode};
#[cfg(any(test, fuzzing))]
pub use derivation::InputOutputs;
pub use derivation::{Derivation, HashModulo, HashModulos, Output};
pub use error::{Error, ErrorKind};
pub use features::{Feature, Features};
pub use hash_text::{BASE32_WARNING, HashFormat};
pub use nixhash::{HashAlgo, NixHash, hash_bytes};
pub use placeholder::hash_placeholder;
pub use store_path::{StoreDir, StorePath};
