//! Warnings and errors: `warnIf`, `throwIf`, `showWarnings`.

use crate::eval::{Builtin, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{ID, Text, boolean, items, share, throw_slot, to_string, trace, warn};
use crate::nixpkgs::lists;
use crate::source::Pos;
use crate::value::{Value, slot};

/// `if print then warn message else id`
fn warning(ev: &Evaluator, print: bool, message: &Slot) -> Res<Value> {
    match crate::builtins::find("warn") {
        Some(warn) if print => ev.partial(warn, &[share(ev, message)?]),
        _ => Ok(ev.builtin(&ID)),
    }
}

/// `lib.trivial.warnIf`: a function that warns if the condition holds.
pub(super) fn warn_if(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [cond, msg] = exactly(args);
    warning(ev, boolean(ev, cond)?, msg)
}

/// `lib.trivial.warnIfNot`: a function that warns unless the condition holds.
pub(super) fn warn_if_not(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [cond, msg] = exactly(args);
    warning(ev, !boolean(ev, cond)?, msg)
}

/// `lib.trivial.throwIfNot`: a function that fails unless the condition holds.
pub(super) fn throw_if_not(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [cond, msg] = exactly(args);
    if boolean(ev, cond)? { Ok(ev.builtin(&ID)) } else { Err(throw_slot(ev, msg)) }
}

/// `lib.trivial.throwIf`: a function that fails if the condition holds.
pub(super) fn throw_if(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [cond, msg] = exactly(args);
    if boolean(ev, cond)? { Err(throw_slot(ev, msg)) } else { Ok(ev.builtin(&ID)) }
}

/// `lib.trivial.checkListOfEnum`: a function that fails if a list has elements that are not allowed.
pub(super) fn check_list_of_enum(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [msg, valid, given] = exactly(args);
    let unexpected = lists::subtract(ev, valid, given)?;
    if unexpected.list_len() == 0 {
        return Ok(ev.builtin(&ID));
    }
    let mut text = Text::new();
    text.interpolate(ev, msg)?.put(": ");
    let join = |text: &mut Text, of: &[Slot]| -> Res<()> {
        for (i, item) in of.iter().enumerate() {
            text.put(if i > 0 { ", " } else { "" }).add(ev, to_string(ev, item)?);
        }
        Ok(())
    };
    join(&mut text, ev.mem.items(unexpected))?;
    text.put(" unexpected; valid ones: ");
    join(&mut text, items(ev, valid)?)?;
    Err(throw_slot(ev, &slot(text.finish(ev)?)))
}

/// `lib.trivial.info`: a function that prints a message.
pub(super) fn info(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    /// `trace "INFO: ${msg}"`; the message is built only when the function is called.
    static INFO: Builtin = Builtin::hidden("trace", &["msg", "x"], |ev, args, _| {
        let [msg, x] = exactly(args);
        let mut text = Text::new();
        text.put("INFO: ").interpolate(ev, msg)?;
        trace(ev, text.finish(ev)?, share(ev, x)?)
    });
    let [msg] = exactly(args);
    ev.partial(&INFO, &[share(ev, msg)?])
}

/// `lib.trivial.showWarnings`: a value, after printing some warnings.
pub(super) fn show_warnings(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [warnings, res] = exactly(args);
    warn_all(ev, warnings, res)
}

/// `showWarnings warnings res`
pub(in crate::nixpkgs) fn warn_all(ev: &Evaluator, warnings: &Slot, res: &Slot) -> Res<Value> {
    for message in items(ev, warnings)? {
        warn(ev, share(ev, message)?, Value::NULL)?;
    }
    ev.force(res)
}
