//! Names that the evaluator itself looks up.

use super::references::{CodeRef, Sym};

/// Names that the evaluator itself looks up; each has the same symbol in every heap.
pub const FIXED: &[&str] = &[
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
    "__curPos",
    "_type",
    "_module",
    "_file",
    "allOutputs",
    "assertion",
    "builtins",
    "check",
    "class",
    "condition",
    "config",
    "content",
    "contents",
    "default",
    "false",
    "true",
    "null",
    "definition",
    "derivation",
    "drvAttrs",
    "freeformType",
    "from",
    "hash",
    "id",
    "if",
    "imports",
    "include",
    "left",
    "loc",
    "merge",
    "message",
    "options",
    "out",
    "priority",
    "success",
    "toString",
    "url",
    "values",
    "version",
    "definitions",
    "definitionsWithLocations",
    "files",
    "isDefined",
    "highestPrio",
    "declarations",
    "declarationPositions",
    "valueMeta",
    "apply",
    "readOnly",
    "internal",
    "visible",
    "defaultText",
    "example",
    "relatedPackages",
    "disabledModules",
    "require",
    "specialArgs",
    "modules",
    "lib",
    "_class",
    "_prefix",
    "modulesPath",
    "extendModules",
    "moduleType",
    "graph",
    "disabled",
    "override",
    "order",
    "functor",
    "payload",
    "binOp",
    "typeMerge",
    "getSubOptions",
    "getSubModules",
    "substSubModules",
    "emptyValue",
    "nestedTypes",
    "deprecationMessage",
    "descriptionClass",
    "elemType",
    "headError",
    "v2",
    "isV2MergeCoherent",
    "defsFinal",
    "defsFinal'",
    "mergedValue",
    "checkedAndMerged",
    "optionalValue",
    "matchedOptions",
    "unmatchedDefns",
    "text",
    "lazy",
    "placeholder",
    "tags",
    "pattern",
    "sep",
    "inStore",
    "absolute",
    "asAttrs",
    "mergeAttrValues",
    "shorthandOnlyDefinesConfig",
    "coercedType",
    "finalType",
    "_freeformOptions",
    "staticModules",
    "defs",
    "error",
    "list",
    "attrs",
    "attrList",
    "attrListValue",
    "_internal",
    "configuration",
    "pos",
    "typeName",
    "nullable",
    "assertions",
    "warnings",
    "sinceRelease",
    "use",
    "warn",
    "withPriority",
    "to",
    "module",
    "option",
    "option-type",
    "bool",
    "int",
    "str",
    "enable",
    "__pretty",
    "val",
    "extraDescription",
    "pkgsText",
    "sub",
    "nestedType",
    "_args",
    "__missing",
];

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
