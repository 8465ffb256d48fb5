//! A system for the tree of nixpkgs 26.11.

use crate::tree_folder::trees;

/// The tree of nixpkgs 26.11, and a minimal configuration for it. Without trees, says that the test is skipped.
pub fn minimal_system() -> Option<(String, String)> {
    let trees = trees()?;
    let inside = |name: &str| trees.join(name).to_string_lossy().into_owned();
    Some((inside("nixpkgs-26.11"), inside("conf/minimal.nix")))
}
