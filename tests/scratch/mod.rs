//! Folders for tests, in the system's directory for temporary files.

use std::ops::Deref;
use std::path::{Path, PathBuf};

/// A new folder, removed on drop.
pub struct Scratch(PathBuf);

impl Scratch {
    /// Creates an empty folder; `name` must be unique to the test.
    pub fn new(name: &str) -> Scratch {
        let path = std::env::temp_dir().join(format!("nival-test-{name}-{}", std::process::id()));
        // A leftover of a process with the same number, if it exists.
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
        // A folder that cannot be removed is left behind.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
