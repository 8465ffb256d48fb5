//! Names of packages, and comparing versions: `getName`, `versionOlder` and the like.

use super::splitting::split_string;
use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{assert, call_builtin, get, select, share, shared};
use crate::source::Pos;
use crate::value::{Value, slot};

/// `compareVersions v2 v1 == 1`
pub(in crate::nixpkgs) fn is_older(ev: &Evaluator, v1: &Slot, v2: &Slot) -> Res<bool> {
    let order = call_builtin(ev, "compareVersions", &[share(ev, v2)?, share(ev, v1)?])?;
    Ok(ev.mem.integer(order) == 1)
}

/// `lib.strings.versionOlder`: whether the first version comes before the second.
pub(super) fn version_older(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [v1, v2] = exactly(args);
    Ok(Value::bool(is_older(ev, v1, v2)?))
}

/// `lib.strings.versionAtLeast`: whether the first version does not come before the second.
pub(super) fn version_at_least(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [v1, v2] = exactly(args);
    Ok(Value::bool(!is_older(ev, v1, v2)?))
}

/// `(parseDrvName name).${part}`
fn parsed(ev: &Evaluator, name: Value, part: &str) -> Res<Value> {
    let set = call_builtin(ev, "parseDrvName", &[name])?;
    select(ev, set, part)
}

/// `if isString x then (parseDrvName x).${part} else x.${attribute} or (parseDrvName x.name).${part}`
fn name_part(ev: &Evaluator, x: &Slot, attribute: &str, part: &str) -> Res<Value> {
    let v = ev.force(x)?;
    if v.is_string() {
        return parsed(ev, v, part);
    }
    match get(ev, v, attribute) {
        Some(found) => ev.force(found),
        None => parsed(ev, shared(ev, v, "name")?, part),
    }
}

/// `lib.strings.getName`: a package's name without its version.
pub(super) fn get_name_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    get_name(ev, x)
}

/// `getName x`
pub(in crate::nixpkgs) fn get_name(ev: &Evaluator, x: &Slot) -> Res<Value> {
    name_part(ev, x, "pname", "name")
}

/// `lib.strings.getVersion`: a package's version.
pub(super) fn get_version(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    name_part(ev, x, "version", "version")
}

/// `lib.strings.nameFromURL`: the last part of a URL up to a separator.
pub(super) fn name_from_url(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [url, separator] = exactly(args);
    let slash = slot(ev.mem.str("/")?);
    let components = split_string(ev, &slash, url)?;
    let last = ev.mem.items(components).last();
    let file = slot(last.map_or(Ok(Value::NULL), |last| share(ev, last))?);
    let parts = split_string(ev, separator, &file)?;
    let name = ev.mem.items(parts).first().map_or(Ok(Value::NULL), |first| ev.force(first))?;
    assert(!ev.slot_equals(&file, name)?, "(name != filename)")?;
    Ok(name)
}
