//! Compiles C programs for the library.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The library: the one that `NIVAL_LIBRARY` names, or the one that is built for the tests with all features. Says so if
/// there is none.
pub fn library() -> Option<PathBuf> {
    let named = std::env::var_os("NIVAL_LIBRARY").filter(|named| !named.is_empty());
    let library = named.map(PathBuf::from).or_else(built);
    if library.is_none() {
        println!("skipped: the library is built with --all-features, or NIVAL_LIBRARY names it");
    }
    library
}

/// The library that cargo has built as an example, beside the folder of this test.
fn built() -> Option<PathBuf> {
    if cfg!(not(all(feature = "capi", feature = "plugin"))) {
        return None;
    }
    let test = std::env::current_exe().ok()?;
    let library = test.parent()?.parent()?.join("examples/libnival_c.so");
    // cargo makes it with all tests, but not with one of them.
    assert!(library.exists(), "build the library first: cargo build --all-features --example nival_c");
    Some(library)
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
