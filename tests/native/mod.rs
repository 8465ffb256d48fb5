//! Compiles C programs for the library.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The library as `NIVAL_LIBRARY` names it; if nothing does, says so.
pub fn library() -> Option<PathBuf> {
    let named = std::env::var_os("NIVAL_LIBRARY").filter(|named| !named.is_empty());
    if named.is_none() {
        println!("skipped: NIVAL_LIBRARY does not name the library; tools/c-library does");
    }
    named.map(PathBuf::from)
}

/// Compiles C with flags. Says so if there is no compiler.
pub fn compile(flags: &str, sources: &[&str], link: &str, out: &Path) -> bool {
    let mut gcc = Command::new("gcc");
    gcc.args(flags.split_whitespace()).args(sources).arg("-o").arg(out).args(link.split_whitespace());
    match gcc.output() {
        Ok(done) => {
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            true
        }
        Err(_) => {
            println!("skipped: there is no gcc");
            false
        }
    }
}
