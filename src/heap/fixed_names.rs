//! Names with fixed symbols.

use super::references::{CodeRef, Sym};
use crate::fixed_names::TABLES;

/// Names that the evaluator, built-in functions and nixpkgs' `lib` look up; each has the same symbol in every heap.
pub const LANGUAGE_NAMES: &[&str] = &[
    "",
    // Those that Nix interns first, in its order, which determines the order in which a set's attributes are
    // forced.
    "outPath",
    "drvPath",
    "type",
    "meta",
    "name",
    "value",
    "system",
    "__overrides",
    "outputs",
    "outputName",
    "__ignoreNulls",
    "file",
    "line",
    "column",
    "__functor",
    "__toString",
    "right",
    "wrong",
    "__structuredAttrs",
    "__json",
    "allowedReferences",
    "allowedRequisites",
    "disallowedReferences",
    "disallowedRequisites",
    "maxSize",
    "maxClosureSize",
    "builder",
    "args",
    "__contentAddressed",
    "__impure",
    "outputHash",
    "outputHashAlgo",
    "outputHashMode",
    "recurseForDerivations",
    "description",
    "self",
    "startSet",
    "operator",
    "key",
    "path",
    "prefix",
    "outputSpecified",
    "requiredSystemFeatures",
    "__sub",
    "__lessThan",
    "__mul",
    "__div",
    "or",
    "__findFile",
    "__nixPath",
    "body",
    // The others, which Nix interns when it first meets them.
    "__functionArgs",
    "_type",
    "allOutputs",
    "false",
    "true",
    "null",
    "derivation",
    "hash",
    "if",
    "out",
    "success",
    "version",
    "override",
    "__pretty",
    "val",
    "__missing",
];

const COUNT: usize = {
    let mut count = 0;
    let mut table = 0;
    while table < TABLES.len() {
        count += TABLES[table].len();
        table += 1;
    }
    count
};

/// All names with fixed symbols.
pub const FIXED: [&str; COUNT] = {
    let mut all = [""; COUNT];
    let (mut next, mut table) = (0, 0);
    while table < TABLES.len() {
        let mut i = 0;
        while i < TABLES[table].len() {
            all[next] = TABLES[table][i];
            next += 1;
            i += 1;
        }
        table += 1;
    }
    all
};

/// The symbol of a [`FIXED`] name, at compile time: `const TYPE: Sym = sym("type");`.
///
/// # Panics
/// At compile time, when the name is not in the table.
pub const fn sym(name: &str) -> Sym {
    let name = name.as_bytes();
    let mut at = 1;
    let mut i = 0;
    while i < FIXED.len() {
        let other = FIXED[i].as_bytes();
        if same(name, other) {
            return Sym(at);
        }
        at += (8 + other.len()).div_ceil(16) as u32;
        i += 1;
    }
    panic!("not a fixed symbol")
}

/// The code-area reference just after the fixed symbols; see [`EMPTY_SHAPE`].
const FIXED_END: CodeRef = {
    let mut at = 1;
    let mut i = 0;
    while i < FIXED.len() {
        at += (8 + FIXED[i].len()).div_ceil(16) as u32;
        i += 1;
    }
    at
};

/// The first of the fixed symbols that have no fixed place in Nix's order.
pub(super) const UNORDERED: CodeRef = sym("__functionArgs").0;

/// The shape of the empty set, the same in every heap.
pub const EMPTY_SHAPE: CodeRef = FIXED_END;
/// Stands for the shape of sets that have their own sorted keys.
pub const RUN_SHAPE: CodeRef = FIXED_END + 1;
/// Stands for the shape of sets that consist of layers.
pub const LAYERS_SHAPE: CodeRef = FIXED_END + 2;

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}
