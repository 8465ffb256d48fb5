//! What is only in `lib` itself, and the small namespaces without a file of their own worth speaking of.

use crate::eval::{Builtin, Evaluator, Res};
use crate::native::{Entry, Table, builtin, bytes, computed, lossy, set_of, share};
use crate::value::Value;

/// Built-in functions that `lib` itself offers.
pub static TABLE: Table = Table { namespace: "", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
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
    computed("maintainers", |ev| people(ev, "maintainers", &MAINTAINER)),
    computed("teams", |ev| people(ev, "teams", &TEAM)),
];

/// Who maintains what is data of nixpkgs: whoever is asked for is there, by name.
static MAINTAINER: Builtin = Builtin::hidden("maintainer", &["name"], |ev, args, _| {
    let name = share(ev, &args[0])?;
    set_of(ev, &[("name", name), ("github", name)])
});
static TEAM: Builtin = Builtin::hidden("team", &["name"], |ev, args, _| {
    let name = share(ev, &args[0])?;
    let scope = ev.mem.str(&format!("The packages of the team {}.", lossy(bytes(ev, &args[0])?)))?;
    set_of(ev, &[("shortName", name), ("members", Value::EMPTY_LIST), ("scope", scope)])
});

fn people(ev: &Evaluator, of: &str, answer: &'static Builtin) -> Res<Value> {
    ev.open_set(true, ev.mem.str(&format!("lib.{of}"))?, Value::EMPTY_SET, ev.builtin(answer))
}

/// `lib.flakes`
pub static FLAKES: Table = Table {
    namespace: "flakes",
    entries: &[builtin("parseFlakeRef").top(), builtin("flakeRefToString").top()],
};

/// `lib.sourceTypes`
pub static SOURCE_TYPES: Table = Table {
    namespace: "sourceTypes",
    entries: &[
        computed("fromSource", |ev| source_type(ev, "fromSource", true)),
        computed("binaryNativeCode", |ev| source_type(ev, "binaryNativeCode", false)),
        computed("binaryBytecode", |ev| source_type(ev, "binaryBytecode", false)),
        computed("binaryFirmware", |ev| source_type(ev, "binaryFirmware", false)),
        computed("obfuscatedCode", |ev| source_type(ev, "obfuscatedCode", false)),
    ],
};

/// `lib.sourceTypes`: what a package is made of.
fn source_type(ev: &Evaluator, name: &str, is_source: bool) -> Res<Value> {
    set_of(ev, &[("shortName", ev.mem.str(name)?), ("isSource", Value::bool(is_source))])
}
