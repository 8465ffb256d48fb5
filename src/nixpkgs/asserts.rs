//! `lib.asserts`: conditions with messages.

use super::lists::Members;
use super::trivial::warn_all;
use crate::eval::{Error, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{Entry, Table, Text, attr, boolean, function, items, pretty, throw_slot};
use crate::source::Pos;
use crate::value::{Value, slot};

/// `lib.asserts`
pub static TABLE: Table = Table { namespace: "asserts", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    function("assertMsg", &["pred", "msg"], assert_msg).top(),
    function("assertOneOf", &["name", "val", "xs"], assert_one_of).top(),
    function("assertEachOneOf", &["name", "vals", "xs"], assert_each_one_of),
    function("checkAssertWarn", &["assertions", "warnings", "val"], check_assert_warn),
];

/// `lib.asserts.assertMsg`: true, or an error with the message.
fn assert_msg(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [pred, msg] = exactly(args);
    if boolean(ev, pred)? { Ok(Value::TRUE) } else { Err(throw_slot(ev, msg)) }
}

/// `throw "${start}${name} must be one of ${toPretty { } xs}, but is: ${toPretty { } value}"`
#[cold]
fn none_of(ev: &Evaluator, start: &str, name: &Slot, value: &Slot, xs: &Slot) -> Res<Error> {
    let mut text = Text::new();
    text.put(start).interpolate(ev, name)?.put(" must be one of ");
    text.add(ev, pretty(ev, xs)?).put(", but is: ").add(ev, pretty(ev, value)?);
    Ok(throw_slot(ev, &slot(text.finish(ev)?)))
}

/// `lib.asserts.assertOneOf`: true if a value is in a list; otherwise an error that shows the list.
fn assert_one_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [name, val, xs] = exactly(args);
    match Members::new(items(ev, xs)?).contains(ev, val)? {
        true => Ok(Value::TRUE),
        false => Err(none_of(ev, "", name, val, xs)?),
    }
}

/// `lib.asserts.assertEachOneOf`: the same for each value in a list.
fn assert_each_one_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [name, vals, xs] = exactly(args);
    let values = items(ev, vals)?;
    if values.is_empty() {
        return Ok(Value::TRUE);
    }
    let mut allowed = Members::new(items(ev, xs)?);
    for value in values {
        if !allowed.contains(ev, value)? {
            return Err(none_of(ev, "each element in ", name, vals, xs)?);
        }
    }
    Ok(Value::TRUE)
}

/// `lib.asserts.checkAssertWarn`: a value; fails first if assertions do not hold, and prints warnings.
fn check_assert_warn(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [assertions, warnings, val] = exactly(args);
    let mut failed = Vec::new();
    for assertion in items(ev, assertions)? {
        let set = ev.force(assertion)?;
        if !boolean(ev, attr(ev, set, "assertion")?)? {
            failed.push(set);
        }
    }
    if failed.is_empty() {
        return warn_all(ev, warnings, val);
    }
    let mut text = Text::new();
    text.put("\nFailed assertions:");
    for set in failed {
        text.put("\n- ").interpolate(ev, attr(ev, set, "message")?)?;
    }
    Err(throw_slot(ev, &slot(text.finish(ev)?)))
}
