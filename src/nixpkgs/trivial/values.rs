//! Operators as functions, defaults, and values read from files.

use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{apply, boolean, call_builtin, list, share, update};
use crate::source::Pos;
use crate::value::{Value, slot};

/// `lib.trivial.concat`: `x ++ y`.
pub(super) fn concat(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    let (x, y) = (ev.force(x)?, ev.force(y)?);
    for v in [x, y] {
        list(ev, &slot(v))?;
    }
    Ok(ev.mem.concat_lists(&[x, y])?)
}

/// `lib.trivial.or`: `x || y`.
pub(super) fn or(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    Ok(Value::bool(boolean(ev, x)? || boolean(ev, y)?))
}

/// `lib.trivial.and`: `x && y`.
pub(super) fn and(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    Ok(Value::bool(boolean(ev, x)? && boolean(ev, y)?))
}

/// `lib.trivial.xor`: exactly one of the two.
pub(super) fn xor(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    Ok(Value::bool(boolean(ev, x)? != boolean(ev, y)?))
}

fn choose(ev: &Evaluator, cond: &Slot, yes: &str, no: &str) -> Res<Value> {
    Ok(ev.mem.str(if boolean(ev, cond)? { yes } else { no })?)
}

/// `lib.trivial.boolToString`: `"true"` or `"false"`.
pub(super) fn bool_to_string(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [b] = exactly(args);
    choose(ev, b, "true", "false")
}

/// `lib.trivial.boolToYesNo`: `"yes"` or `"no"`.
pub(super) fn bool_to_yes_no(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [b] = exactly(args);
    choose(ev, b, "yes", "no")
}

/// `lib.trivial.mergeAttrs`: `x // y`.
pub(in crate::nixpkgs) fn merge_attrs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    update(ev, x, y)
}

/// `lib.trivial.defaultTo`: a value, or a default if it is null.
pub(super) fn default_to(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [default, value] = exactly(args);
    match ev.force(value)? {
        Value::NULL => ev.force(default),
        v => Ok(v),
    }
}

/// `lib.trivial.mapNullable`: applies a function to any value but null.
pub(super) fn map_nullable(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, a] = exactly(args);
    match ev.force(a)? {
        Value::NULL => Ok(Value::NULL),
        v => apply(ev, f, &[v]),
    }
}

fn import_as(ev: &Evaluator, path: &Slot, reader: &'static str) -> Res<Value> {
    let text = call_builtin(ev, "readFile", &[share(ev, path)?])?;
    call_builtin(ev, reader, &[text])
}

/// `lib.trivial.importJSON`: the value in a JSON file.
pub(super) fn import_json(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [path] = exactly(args);
    import_as(ev, path, "fromJSON")
}

/// `lib.trivial.importTOML`: the value in a TOML file.
pub(super) fn import_toml(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [path] = exactly(args);
    import_as(ev, path, "fromTOML")
}
