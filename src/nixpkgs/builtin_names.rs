//! Built-in functions that `lib` itself offers, but none of its namespaces.

use crate::native::{Table, builtin};

/// Top-level names only.
pub static TABLE: Table = Table {
    namespace: "",
    entries: &[
        builtin("getContext"),
        builtin("hasContext"),
        builtin("convertHash"),
        builtin("hashString"),
        builtin("parseDrvName"),
        builtin("placeholder"),
        builtin("fromJSON"),
        builtin("fromTOML"),
        builtin("toFile"),
        builtin("toJSON"),
        builtin("toString"),
        builtin("toXML"),
        builtin("tryEval"),
    ],
};
