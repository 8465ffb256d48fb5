//! What is only in `lib` itself, and the small namespaces without a file of their own worth speaking of.

use super::entry::{Entry, Table, builtin, computed};
use super::support::set_of;
use crate::eval::{Evaluator, Res};
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
    // Who maintains what is data of nixpkgs.
    computed("maintainers", |_| Ok(Value::EMPTY_SET)),
    computed("teams", |_| Ok(Value::EMPTY_SET)),
];

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
