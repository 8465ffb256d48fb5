//! Compares the native library with nixpkgs' own: every expression of testdata/lib/*.txt and every module set of
//! testdata/modsets/*.txt gives the recorded value or fails with the recorded message, and prints the recorded
//! warnings.

#![allow(clippy::disallowed_methods, reason = "the test reads its corpora")]

mod corpus;

use std::collections::HashSet;
use std::sync::LazyLock;

use corpus::{Corpus, Row, folder};
use nival::Error;
use nival::internal::Settings;

static LIB: Corpus = Corpus {
    name: "lib",
    settings: |_, _| Settings::default(),
    text: |expression| [b"lib:\n", expression].concat(),
    finish: |session, function| function.call(&[&session.lib()?]),
    message,
    compared,
};

static MODSETS: Corpus = Corpus { name: "modsets", text: in_prelude, ..LIB };

/// An expression with the names that prelude.nix takes from `lib` in scope.
fn in_prelude(expression: &[u8]) -> Vec<u8> {
    static PRELUDE: LazyLock<Vec<u8>> =
        LazyLock::new(|| std::fs::read(folder("modsets").join("prelude.nix")).expect("the prelude"));
    [b"lib: with (", &PRELUDE[..], b") lib;\n", expression].concat()
}

fn message(_: &Settings, error: &Error) -> Vec<u8> {
    error.message().trim_end().as_bytes().to_vec()
}

/// An answer without the empty lines between warnings, which are not recorded.
fn compared(answer: &[Vec<u8>]) -> Vec<&[u8]> {
    answer.iter().map(|line| &line[..]).filter(|line| *line != b"~").collect()
}

#[test]
fn the_native_library_is_nixpkgs_own() {
    LIB.run();
}

#[test]
fn native_modules_are_nixpkgs_own() {
    MODSETS.run();
}

/// The namespaces of `lib`; the empty one is `lib` itself.
const NAMESPACES: &[&str] = &[
    "",
    "asserts",
    "attrsets",
    "cli",
    "customisation",
    "debug",
    "derivations",
    "fetchers",
    "filesystem",
    "fixedPoints",
    "flakes",
    "generators",
    "gvariant",
    "gvariant.type",
    "kernel",
    "lists",
    "meta",
    "misc",
    "modules",
    "network",
    "network.ipv6",
    "options",
    "path",
    "path.subpath",
    "sourceTypes",
    "sources",
    "strings",
    "stringsWithDeps",
    "systems",
    "trivial",
    "types",
    "types.ints",
    "types.numbers",
    "versions",
];

/// Sets in `lib` itself that are data and count as one name each.
const DATA: &[&str] = &["licenses", "licensesSpdx", "maintainers", "mergeAttrBy", "platforms", "teams"];

/// Names without rows. The maintainers are data of nixpkgs, which nival does not have: it accepts any name
/// (testdata/config_cli shows that).
const NOT_RECORDED: &[&str] = &["maintainers", "teams"];

/// A name of the native library.
struct Name {
    namespace: &'static str,
    name: String,
    /// Whether it is in `lib` itself.
    top: bool,
}

/// The attribute names of the set that an expression denotes.
fn attr_names(set: &str) -> Vec<String> {
    let expression = format!("builtins.concatStringsSep \" \" (builtins.attrNames {set})").into_bytes();
    let answer = LIB.alone(&Row { expression, ..Row::default() });
    // The lines before are warnings about deprecated names.
    let answer = answer.last().map(|line| String::from_utf8_lossy(line).into_owned()).unwrap_or_default();
    let list = answer.strip_prefix("= \"").and_then(|list| list.strip_suffix('"'));
    list.unwrap_or_else(|| panic!("{set}: {answer}")).split(' ').map(str::to_owned).collect()
}

/// The names of the native library. A name in both `lib` itself and a namespace counts once.
fn names() -> Vec<Name> {
    let is_namespace = |path: &str| NAMESPACES.contains(&path);
    let tops = attr_names("lib");
    let mut all = Vec::new();
    for namespace in NAMESPACES.iter().copied().filter(|n| !n.is_empty()) {
        for name in attr_names(&format!("lib.{namespace}")) {
            let path = format!("{namespace}.{name}");
            // `lib.types.types` is `lib.types` again.
            if !is_namespace(&path) && path != "types.types" {
                all.push(Name { namespace, top: tops.contains(&name), name });
            }
        }
    }
    let elsewhere: HashSet<String> = all.iter().filter(|n| n.top).map(|n| n.name.clone()).collect();
    let own = tops.into_iter().filter(|name| !elsewhere.contains(name) && !is_namespace(name));
    all.extend(own.map(|name| Name { namespace: "", name, top: true }));
    all.retain(|n| !NOT_RECORDED.contains(&&n.name[..]));
    all
}

/// The words of an expression with the dots in and before them (`lib.lists.head`, `.head`); with `code_only`, without
/// the contents of strings.
fn words(expression: &str, code_only: bool) -> HashSet<String> {
    let is_part = |c: char| c.is_alphanumeric() || "_'-.".contains(c);
    let mut words = HashSet::new();
    for (i, part) in expression.split('"').enumerate() {
        if !code_only || i % 2 == 0 {
            words.extend(part.split(|c| !is_part(c)).map(str::to_owned));
        }
    }
    words
}

impl Name {
    /// Whether a word is this name or a part of it.
    fn is(&self, word: &str, in_scope: bool) -> bool {
        let Name { namespace, name, top } = self;
        let starts =
            |path: &str| word.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let in_types = match namespace.strip_prefix("types") {
            Some("") => starts(name),
            Some(below) => starts(&format!("{}.{name}", &below[1..])),
            None => false,
        };
        in_scope && (in_types || *top && starts(name))
            || *top && starts(&format!("lib.{name}"))
            || !namespace.is_empty()
                && (starts(&format!("lib.{namespace}.{name}")) || starts(&format!("{namespace}.{name}")))
    }
}

/// Whether a row tests an unusual case: an error, a warning, laziness, or an edge case that the comment before it
/// names: `# edge: WHY`.
fn is_unusual(row: &Row) -> bool {
    let expression = String::from_utf8_lossy(&row.expression);
    let said = row.recorded.iter().any(|line| line.starts_with(b"!") || line.starts_with(b"~"));
    said || expression.contains("throw") || row.comment.starts_with("edge: ")
}

/// Each name of the native library has at least two rows that use it, one of them unusual.
#[test]
fn every_name_has_rows() {
    let names = names();
    let mut counts = vec![(0, 0); names.len()];
    for (corpus, in_scope) in [("lib", false), ("modsets", true)] {
        for row in corpus::rows(corpus).iter().filter(|row| !row.recorded.is_empty()) {
            let expression = String::from_utf8_lossy(&row.expression);
            let words = words(&expression, in_scope);
            for (name, count) in names.iter().zip(&mut counts) {
                if words.iter().any(|word| name.is(word, in_scope)) {
                    count.0 += 1;
                    count.1 += usize::from(is_unusual(row));
                }
            }
        }
    }
    let few = |(name, (all, unusual)): (&Name, (usize, usize))| {
        let path = [name.namespace, &name.name].join(".");
        (all < 2 || unusual < 1).then(|| format!("{path}: {all} rows, {unusual} unusual"))
    };
    let missing: Vec<String> = names.iter().zip(counts).filter_map(few).collect();
    assert!(names.len() > 400, "only {} names", names.len());
    assert!(missing.is_empty(), "{} of {} names:\n{}", missing.len(), names.len(), missing.join("\n"));
}

/// All namespaces are listed above, so that no names are missed.
#[test]
fn every_set_of_the_library_is_known() {
    let is_set = "(n: builtins.isAttrs lib.${n} && !(lib.${n} ? _type || lib.${n} ? __functor))";
    for set in
        attr_names(&format!("(lib.genAttrs (builtins.filter {is_set} (builtins.attrNames lib)) (n: n))"))
    {
        assert!(NAMESPACES.contains(&&set[..]) || DATA.contains(&&set[..]), "{set}");
    }
}
