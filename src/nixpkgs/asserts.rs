//! `lib.asserts`: conditions with messages.

use super::lists_members::Members;
use super::trivial::{throw_slot, warn_all};
use crate::eval::{Evaluator, Res};
use crate::heap::Slot;
use crate::native::{Entry, Table, Text, attr, boolean, function, items, lossy, pretty, throw};
use crate::source::Pos;
use crate::value::Value;

/// `lib.asserts`
pub static TABLE: Table = Table { namespace: "asserts", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    function("assertMsg", &["pred", "msg"], assert_msg).top(),
    function("assertOneOf", &["name", "val", "xs"], assert_one_of).top(),
    function("assertEachOneOf", &["name", "vals", "xs"], assert_each_one_of),
    function("checkAssertWarn", &["assertions", "warnings", "val"], check_assert_warn),
];

/// `lib.asserts.assertMsg`: true, or an error with a message.
fn assert_msg(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    if boolean(ev, &a[0])? { Ok(Value::TRUE) } else { Err(throw_slot(ev, &a[1])) }
}

/// The error for a value that is not one of some others.
fn none_of(ev: &Evaluator, a: &[Slot], words: [&str; 2]) -> Res<Value> {
    let mut text = Text::new();
    text.put(words[0]).interpolate(ev, &a[0])?.put(" must be one of ");
    text.add(ev, pretty(ev, &a[2])?).put(words[1]).add(ev, pretty(ev, &a[1])?);
    let text = text.finish(ev)?;
    Err(throw(lossy(ev.mem.text(text))))
}

/// `lib.asserts.assertOneOf`: true if a value is in a list, else an error that says what is.
fn assert_one_of(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    match Members::new(items(ev, &a[2])?).contains(ev, &a[1])? {
        true => Ok(Value::TRUE),
        false => none_of(ev, a, ["", ", but is: "]),
    }
}

/// `lib.asserts.assertEachOneOf`: the same for all values in a list.
fn assert_each_one_of(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let values = items(ev, &a[1])?;
    if values.is_empty() {
        return Ok(Value::TRUE);
    }
    let mut allowed = Members::new(items(ev, &a[2])?);
    for value in values {
        if !allowed.contains(ev, value)? {
            return none_of(ev, a, ["each element in ", ", but is: "]);
        }
    }
    Ok(Value::TRUE)
}

/// `lib.asserts.checkAssertWarn`: a value, after failing for assertions that do not hold and printing warnings.
fn check_assert_warn(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut failed = Vec::new();
    for assertion in items(ev, &a[0])? {
        let set = ev.force(assertion)?;
        if !boolean(ev, attr(ev, set, "assertion")?)? {
            failed.push(set);
        }
    }
    if failed.is_empty() {
        return warn_all(ev, &a[1], &a[2]);
    }
    let mut text = Text::new();
    text.put("\nFailed assertions:");
    for set in failed {
        text.put("\n- ").interpolate(ev, attr(ev, set, "message")?)?;
    }
    let text = text.finish(ev)?;
    Err(throw(lossy(ev.mem.text(text))))
}
