//! Interned names: a symbol is the address of its text in the code area.

use std::cell::RefCell;
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::{CodeRef, Heap, HeapFull};

/// An interned name: the code-area address of its text, so that a symbol is also a constant string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sym(pub CodeRef);

/// In the tag of a text in the code area: it is an interned name, and the other bits are its hash.
const INTERNED: u32 = 1 << 31;

/// Names that the evaluator itself asks for; they have the same number in every heap.
pub const FIXED: &[&str] = &[
    "",
    // Those that Nix numbers first, in its order, which is the order in which a set's attributes are forced.
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
    // And others.
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
];

/// The number of a [`FIXED`] name, at compile time: `const TYPE: Sym = sym("type");`.
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

/// The code-area address behind the fixed symbols; see [`EMPTY_SHAPE`].
const FIXED_END: CodeRef = {
    let mut at = 1;
    let mut i = 0;
    while i < FIXED.len() {
        at += (8 + FIXED[i].len()).div_ceil(16) as u32;
        i += 1;
    }
    at
};

/// The shape of the empty set, the same in every heap.
pub const EMPTY_SHAPE: CodeRef = FIXED_END;
/// Stands in the place of a shape in sets that bring their own sorted keys.
pub const RUN_SHAPE: CodeRef = FIXED_END + 1;
/// Stands in the place of a shape in sets that consist of layers.
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

/// The table from texts to symbols. The hash of each text is in its tag: the table grows without reading the texts
/// again, and hardly ever compares one that is not looked for.
pub struct Symbols {
    table: RefCell<HashTable<Sym>>,
    hasher: DefaultHashBuilder,
}

impl Symbols {
    fn tag(&self, name: &[u8]) -> u32 {
        self.hasher.hash_one(name) as u32 | INTERNED
    }
}

/// The number that the table goes by.
fn spread(tag: u32) -> u64 {
    u64::from(tag).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

impl Symbols {
    pub(super) fn new() -> Symbols {
        Symbols { table: RefCell::new(HashTable::with_capacity(4096)), hasher: DefaultHashBuilder::default() }
    }
}

impl Heap {
    /// The symbol for `name`, made on first use.
    ///
    /// # Errors
    /// [`HeapFull`] when the code area is used up.
    pub fn intern(&self, name: &[u8]) -> Result<Sym, HeapFull> {
        let tag = self.symbols.tag(name);
        let mut table = self.symbols.table.borrow_mut();
        if let Some(found) = table.find(spread(tag), |s| self.code_text(s.0) == (tag, name)) {
            return Ok(*found);
        }
        let new = Sym(self.push_code_text(tag, name)?);
        table.insert_unique(spread(tag), new, |s| spread(self.code_text(s.0).0));
        Ok(new)
    }

    /// The symbol for `name` if it has been interned before; looking up an attribute that no code ever named then
    /// costs no memory.
    pub fn interned(&self, name: &[u8]) -> Option<Sym> {
        let tag = self.symbols.tag(name);
        let table = self.symbols.table.borrow();
        table.find(spread(tag), |s| self.code_text(s.0) == (tag, name)).copied()
    }

    /// The text of a symbol.
    #[inline]
    pub fn name(&self, sym: Sym) -> &[u8] {
        self.code_text(sym.0).1
    }

    /// Whether a constant string in the code area is an interned name.
    #[inline]
    pub fn is_symbol(&self, at: CodeRef) -> bool {
        self.code_text(at).0 & INTERNED != 0
    }
}

pub(super) fn intern_fixed(heap: &Heap) -> Result<(), HeapFull> {
    for name in FIXED {
        heap.intern(name.as_bytes())?;
    }
    for _ in [EMPTY_SHAPE, RUN_SHAPE, LAYERS_SHAPE] {
        heap.push_code(&[0; 4])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_symbols_have_their_compile_time_numbers() {
        let heap = Heap::new().expect("address space");
        for name in FIXED {
            assert_eq!(heap.intern(name.as_bytes()), Ok(sym(name)), "{name}");
        }
        assert_eq!(heap.interned(b"never seen"), None);
        let new = heap.intern(b"never seen").expect("room");
        assert_eq!(heap.name(new), b"never seen");
        assert_eq!(heap.interned(b"never seen"), Some(new));
    }
}
