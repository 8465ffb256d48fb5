//! Folders for tests, in the system's place for temporary files.

use std::ops::Deref;
use std::path::{Path, PathBuf};

/// A new folder; it is removed when this is dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    /// An empty folder that no other test has: `name` must be its own.
    pub fn new(name: &str) -> Scratch {
        let path = std::env::temp_dir().join(format!("nival-test-{name}-{}", std::process::id()));
        // Left over from a process with the same number, if it is there at all.
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder");
        Scratch(path.canonicalize().expect("its real path"))
    }
}

impl Deref for Scratch {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is left behind.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
