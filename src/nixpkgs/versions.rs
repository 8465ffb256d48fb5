//! `lib.versions`: parts of version numbers.

use super::lists::list_size;
use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{
    Entry, Table, Text, builtin, call_builtin, function, integer, interpolate, items, share, to_string,
};
use crate::source::Pos;
use crate::value::{Value, slot};

/// `lib.versions`
pub static TABLE: Table = Table { namespace: "versions", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    builtin("compareVersions").top(),
    builtin("splitVersion").top(),
    function("major", &["v"], major),
    function("minor", &["v"], minor),
    function("patch", &["v"], patch),
    function("majorMinor", &["v"], major_minor),
    function("pad", &["n", "version"], pad),
];

fn split(ev: &Evaluator, version: Value) -> Res<Value> {
    call_builtin(ev, "splitVersion", &[version])
}

/// `lib.versions.major`: the first part of a version.
fn major(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [v] = exactly(args);
    part(ev, v, 0)
}

/// `lib.versions.minor`: the second part of a version.
fn minor(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [v] = exactly(args);
    part(ev, v, 1)
}

/// `lib.versions.patch`: the third part of a version.
fn patch(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [v] = exactly(args);
    part(ev, v, 2)
}

/// `elemAt (splitVersion version) index`
fn part(ev: &Evaluator, version: &Slot, index: i64) -> Res<Value> {
    call_builtin(ev, "elemAt", &[split(ev, share(ev, version)?)?, ev.mem.int(index)?])
}

/// `concatStringsSep "." parts`
fn dotted(ev: &Evaluator, text: &mut Text, parts: &[Slot]) -> Res<()> {
    for (i, part) in parts.iter().enumerate() {
        text.put(if i > 0 { "." } else { "" }).interpolate(ev, part)?;
    }
    Ok(())
}

/// `lib.versions.majorMinor`: the first two parts of a version.
fn major_minor(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [v] = exactly(args);
    let parts = slot(split(ev, share(ev, v)?)?);
    let parts = items(ev, &parts)?;
    let mut text = Text::new();
    dotted(ev, &mut text, &parts[..parts.len().min(2)])?;
    text.finish(ev)
}

/// `lib.versions.pad`: a version cut, or padded with zeros, to a number of parts; the part after a `-` stays.
fn pad(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [n, of] = exactly(args);
    let version = to_string(ev, of)?;
    let context = ev.mem.context(interpolate(ev, of)?);
    let whole = ev.mem.text(version);
    let numeric = crate::native::cut(whole, b"-")[0];
    let parts = split(ev, ev.mem.string(numeric, context)?)?;
    let n = list_size(integer(ev, n)?)?;
    let mut text = Text::new();
    let parts = ev.mem.items(parts);
    dotted(ev, &mut text, &parts[..parts.len().min(n)])?;
    for i in parts.len()..n {
        text.put(if i > 0 { ".0" } else { "0" });
    }
    text.put(&whole[numeric.len()..]).add_context(ev, version);
    text.finish(ev)
}
