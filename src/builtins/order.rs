//! The order in which Nix interns the names of its built-ins, which determines the order of attributes with them.

/// The names. Each name but those of plain globals follows its own form with the prefix `__`.
#[rustfmt::skip]
pub const ORDER: &[&str] = &[
    "builtins", "true", "false", "null", "currentTime", "currentSystem", "nixVersion", "storeDir",
    "langVersion", "traceVerbose", "nixPath", "scopedImport", "import", "typeOf", "isNull", "isFunction",
    "isInt", "isFloat", "isString", "isBool", "isPath", "genericClosure", "break", "abort", "throw",
    "addErrorContext", "ceil", "floor", "tryEval", "getEnv", "seq", "deepSeq", "trace", "warn",
    "derivationStrict", "placeholder", "toPath", "storePath", "pathExists", "baseNameOf", "dirOf",
    "readFile", "findFile", "hashFile", "readFileType", "readDir", "outputOf", "toXML", "toJSON",
    "fromJSON", "toFile", "filterSource", "path", "attrNames", "attrValues", "getAttr",
    "unsafeGetAttrPos", "hasAttr", "isAttrs", "removeAttrs", "listToAttrs", "intersectAttrs", "catAttrs",
    "functionArgs", "mapAttrs", "zipAttrsWith", "isList", "elemAt", "head", "tail", "map", "filter",
    "elem", "concatLists", "length", "foldl'", "any", "all", "genList", "sort", "partition", "groupBy",
    "concatMap", "add", "sub", "mul", "div", "bitAnd", "bitOr", "bitXor", "lessThan", "toString",
    "substring", "stringLength", "hashString", "convertHash", "match", "split", "concatStringsSep",
    "replaceStrings", "parseDrvName", "compareVersions", "splitVersion", "unsafeDiscardStringContext",
    "hasContext", "unsafeDiscardOutputDependency", "addDrvOutputDependencies", "getContext",
    "appendContext", "fetchClosure", "fetchMercurial", "fetchTree", "fetchurl", "fetchTarball",
    "fetchGit", "fromTOML", "getFlake", "parseFlakeRef", "flakeRefToString", "derivation",
];

/// The names that Nix interns next, from its source of `derivation`.
pub const DERIVATION: &[&str] = &[
    "outputs",
    "strict",
    "drvAttrs",
    "commonAttrs",
    "outputsList",
    "x",
    "value",
    "outputToAttrListElement",
    "name",
    "outputName",
    "outPath",
    "drvPath",
    "type",
];

#[cfg(test)]
mod tests {
    use super::ORDER;
    use crate::builtins::{EXPERIMENTAL, TABLES};

    #[test]
    fn every_built_in_has_its_place() {
        let all = TABLES.iter().flat_map(|t| t.iter()).chain(EXPERIMENTAL.iter().map(|(_, b)| *b));
        let lacking: Vec<_> = all.map(|b| b.name).filter(|name| !ORDER.contains(name)).collect();
        assert!(lacking.is_empty(), "{lacking:?}");
    }
}
