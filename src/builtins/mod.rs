//! Nix's built-in functions: one file per topic, each a table.

mod arithmetic;
mod attrs;
mod closure;
mod context;
mod control;
mod derivation;
mod fetch;
mod files;
pub mod flake;
mod flake_refs;
mod formats;
mod hashing;
mod import_derivation;
pub mod json;
mod lists;
mod order;
mod ordered;
mod output_of;
mod paths;
mod reading;
mod realise;
pub mod regex;
mod search_path;
mod sorting;
mod store_paths;
mod strings;
mod to_json;
mod to_xml;
pub mod toml;
mod types;
mod value_maker;
mod versions;

use crate::eval::{Builtin, Evaluator, InternalFile, Res};
use crate::heap::Sym;
use crate::source::INTERNAL_DERIVATION;
use crate::store::Feature;
use crate::value::{AttrsBuilder, Value, put};

pub use derivation::{derivation_text, hash_modulo, read_derivation};
pub use formats::from_json;
pub use lists::map_list;
pub use realise::real_path;
pub use search_path::{allow_search_path, find_file};
pub use sorting::merge_sort;
pub use to_json::{
    Problem, Whole, quote_json, to_json, to_json_in_place, to_json_with_context, to_json_with_gaps,
};
pub use to_xml::to_xml;

/// The tables of all topics.
static TABLES: &[&[Builtin]] = &[
    arithmetic::TABLE,
    attrs::TABLE,
    closure::TABLE,
    context::TABLE,
    control::TABLE,
    derivation::TABLE,
    fetch::TABLE,
    files::TABLE,
    flake::TABLE,
    flake_refs::TABLE,
    formats::TABLE,
    hashing::TABLE,
    lists::TABLE,
    paths::TABLE,
    search_path::TABLE,
    store_paths::TABLE,
    strings::TABLE,
    types::TABLE,
    versions::TABLE,
];

/// Built-ins that exist only with an experimental feature.
static EXPERIMENTAL: &[(Feature, &Builtin)] = &[
    (Feature::DynamicDerivations, &output_of::OUTPUT_OF),
    (Feature::FetchClosure, &fetch::FETCH_CLOSURE),
    (Feature::FetchTree, &fetch::FETCH_TREE),
];

/// Built-ins that are in scope under their plain name. The others are in scope only as `__name`.
const PLAIN_GLOBALS: &[&str] = &[
    "abort",
    "baseNameOf",
    "break",
    "derivation",
    "derivationStrict",
    "dirOf",
    "fetchGit",
    "fetchMercurial",
    "fetchTarball",
    "fetchTree",
    "fromTOML",
    "import",
    "isNull",
    "map",
    "placeholder",
    "removeAttrs",
    "scopedImport",
    "throw",
    "toString",
];

/// The archive hash of the file `<nix/fetchurl.nix>` of Nix 2.34.
const FETCHURL_NAR_HASH: [u8; 32] = [
    0xc2, 0x65, 0x94, 0x38, 0x26, 0x7d, 0x3e, 0x8f, 0xd4, 0x08, 0x69, 0x76, 0x08, 0xd5, 0xbf, 0xa0, 0xa2,
    0x63, 0x8c, 0x7f, 0xc6, 0x99, 0xbd, 0x59, 0xab, 0xff, 0x90, 0xec, 0x74, 0xe2, 0x84, 0x49,
];

/// Puts all built-ins into scope: plain globals, `__name`s and the set `builtins`.
pub fn install(ev: &mut Evaluator) -> Res<()> {
    let mut set = AttrsBuilder::new();
    let mut globals: Vec<(String, Value)> = Vec::new();
    let features = ev.settings.store_features;
    let missing = |name: &str| EXPERIMENTAL.iter().any(|(f, b)| b.name == name && !features.has(*f));
    for name in order::ORDER.iter().filter(|name| !missing(name)) {
        let plain = PLAIN_GLOBALS.contains(name) || matches!(*name, "true" | "false" | "null" | "builtins");
        if !plain {
            ev.intern(&format!("__{name}"))?;
        }
        ev.intern(name)?;
    }
    for name in order::DERIVATION {
        ev.intern(name)?;
    }
    let experimental = EXPERIMENTAL.iter().filter(|(feature, _)| features.has(*feature)).map(|(_, b)| *b);
    for builtin in TABLES.iter().flat_map(|t| t.iter()).chain(experimental) {
        let value = ev.builtin(builtin);
        let plain = PLAIN_GLOBALS.contains(&builtin.name);
        globals.push((if plain { builtin.name.to_owned() } else { format!("__{}", builtin.name) }, value));
        set.push(ev.intern(builtin.name)?, value);
    }
    for (name, value) in constants(ev)? {
        if matches!(name, "true" | "false" | "null") {
            globals.push((name.to_owned(), value));
        } else {
            globals.push((format!("__{name}"), value));
        }
        set.push(ev.intern(name)?, value);
    }
    let derivation_at = ev.mem.heap.alloc(1)?;
    set.push(sym!("derivation"), Value::forward(derivation_at));
    let at = ev.mem.heap.alloc(1)?;
    let builtins = Value::forward(at);
    set.push(ev.intern("builtins")?, builtins);
    let set = ev.mem.attrs(set)?;
    put(ev.mem.heap.slot(at), set);
    globals.push(("builtins".to_owned(), set));
    for (name, value) in globals {
        ev.define_global(&name, value)?;
    }
    ev.define_internal_file(InternalFile {
        path: "<nix/fetchurl.nix>",
        text: include_bytes!("fetchurl.nix"),
        name: "fetchurl.nix",
        nar_hash: FETCHURL_NAR_HASH,
    });
    // `derivation` is written in Nix and needs the others in scope.
    let derivation = ev.delay_internal(INTERNAL_DERIVATION, derivation::DERIVATION)?;
    put(ev.mem.heap.slot(derivation_at), derivation);
    ev.define_global("derivation", Value::forward(derivation_at))?;
    ev.force(ev.mem.heap.slot(derivation_at))?;
    Ok(())
}

/// All built-in functions that need no experimental feature.
pub fn all() -> impl Iterator<Item = &'static Builtin> {
    TABLES.iter().copied().flatten()
}

/// The built-in function `builtins.name`.
pub fn find(name: &str) -> Option<&'static Builtin> {
    all().find(|b| b.name == name)
}

/// The built-in values that are not functions.
fn constants(ev: &Evaluator) -> Res<Vec<(&'static str, Value)>> {
    let mut all = vec![
        ("true", Value::TRUE),
        ("false", Value::FALSE),
        ("null", Value::NULL),
        ("langVersion", ev.mem.int(6)?),
        ("nixVersion", ev.mem.str(NIX_VERSION)?),
        ("storeDir", ev.mem.str(&ev.settings.store_dir)?),
        ("nixPath", nix_path(ev)?),
    ];
    if !ev.settings.pure {
        all.push(("currentSystem", ev.mem.str(&ev.settings.system)?));
        all.push(("currentTime", ev.mem.int(ev.host.now())?));
    }
    Ok(all)
}

/// The release of Nix whose behaviour nival follows (`builtins.nixVersion`).
pub const NIX_VERSION: &str = "2.34.8";

/// `builtins.nixPath`: the search path as a list of `{ prefix, path }`.
fn nix_path(ev: &Evaluator) -> Res<Value> {
    let (prefix, path): (Sym, Sym) = (sym!("prefix"), sym!("path"));
    let mut items = Vec::new();
    for (p, to) in &ev.settings.nix_path {
        let mut entry = AttrsBuilder::with_capacity(2);
        entry.push(prefix, ev.mem.str(p)?);
        entry.push(path, ev.mem.str(to)?);
        items.push(ev.mem.attrs(entry)?);
    }
    Ok(ev.mem.list(&items)?)
}
