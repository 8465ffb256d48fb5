//! `lib.flakes`: flake references.

use crate::native::{Table, builtin};

/// `lib.flakes`
pub static TABLE: Table = Table {
    namespace: "flakes",
    entries: &[builtin("parseFlakeRef").top(), builtin("flakeRefToString").top()],
};
