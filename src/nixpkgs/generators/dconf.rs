//! The dconf database format: `toDconfINI` and `mkDconfKeyValue`.

use super::ini::{escaped_section, sections};
use super::key_values::key_value;
use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::to_string;
use crate::nixpkgs::gvariant;
use crate::source::Pos;
use crate::value::{Value, slot};

/// `mkKeyValueDefault { mkValueString = v: toString (gvariant.mkValue v); } "=" key value`
fn dconf_line(ev: &Evaluator, key: &Slot, value: &Slot) -> Res<Value> {
    key_value(ev, &slot(ev.mem.str("=")?), key, || to_string(ev, &slot(gvariant::value_of(ev, value)?)))
}

/// `lib.generators.mkDconfKeyValue`: a key and a value as GVariant text.
pub(super) fn mk_dconf_key_value(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [key, value] = exactly(args);
    dconf_line(ev, key, value)
}

/// `lib.generators.toDconfINI`: the dconf database format.
pub(super) fn to_dconf_ini(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [of] = exactly(args);
    let line = |key: Value, value: Value| dconf_line(ev, &slot(key), &slot(value));
    sections(ev, &|name| escaped_section(ev, name), &line, None, of)
}
