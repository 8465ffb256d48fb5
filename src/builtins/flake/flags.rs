//! How a flake is locked.

use crate::store::inputs::FlakeRef;
use crate::store::lock_file::InputPath;

/// How a flake is locked.
#[derive(Debug, Clone)]
pub struct LockFlags {
    /// Inputs by their paths, and what they are instead.
    pub overrides: Vec<(InputPath, FlakeRef)>,
    /// Inputs by their paths, and the folders that have their files.
    pub given: Vec<(InputPath, Vec<u8>)>,
    /// The lock file in place of the flake's own.
    pub lock_file: Option<Vec<u8>>,
    /// Whether names are looked up in registries.
    pub registries: bool,
    /// Whether inputs may be added that are not locked.
    pub allow_unlocked: bool,
}

impl Default for LockFlags {
    fn default() -> LockFlags {
        LockFlags {
            overrides: Vec::new(),
            given: Vec::new(),
            lock_file: None,
            registries: true,
            allow_unlocked: true,
        }
    }
}
