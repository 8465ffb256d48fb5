//! Paths as the evaluator has them.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

/// The bytes of a path.
pub fn bytes(path: impl AsRef<Path>) -> Vec<u8> {
    path.as_ref().as_os_str().as_bytes().to_vec()
}
