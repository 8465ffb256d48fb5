//! `lib.sourceTypes`: the kinds of source that packages are built from.

use crate::eval::{Evaluator, Res};
use crate::native::{Table, computed, set_of};
use crate::value::Value;

/// `lib.sourceTypes`
pub static TABLE: Table = Table {
    namespace: "sourceTypes",
    entries: &[
        computed("fromSource", |ev| source_type(ev, "fromSource", true)),
        computed("binaryNativeCode", |ev| source_type(ev, "binaryNativeCode", false)),
        computed("binaryBytecode", |ev| source_type(ev, "binaryBytecode", false)),
        computed("binaryFirmware", |ev| source_type(ev, "binaryFirmware", false)),
        computed("obfuscatedCode", |ev| source_type(ev, "obfuscatedCode", false)),
    ],
};

/// `{ shortName = name; isSource = is_source; }`
fn source_type(ev: &Evaluator, name: &str, is_source: bool) -> Res<Value> {
    set_of(ev, &[("shortName", ev.mem.str(name)?), ("isSource", Value::bool(is_source))])
}
