//! The trees that NIVAL_TREES names.

use std::path::Path;

/// The tree of nixpkgs 26.11, and a minimal configuration for it. Without trees, says that the test is skipped.
pub fn minimal_system() -> Option<(String, String)> {
    let Some(trees) = std::env::var_os("NIVAL_TREES") else {
        println!("skipped: NIVAL_TREES names no folder with trees");
        return None;
    };
    let inside = |name: &str| Path::new(&trees).join(name).to_string_lossy().into_owned();
    Some((inside("nixpkgs-26.11"), inside("conf/minimal.nix")))
}
