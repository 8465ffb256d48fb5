//! Dhall: `toDhall`.

use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{EMPTY_PATTERN, Text, abort, to_json, to_string};
use crate::source::Pos;
use crate::value::{Type, Value};

/// `lib.generators.toDhall`: a value in Dhall.
pub(super) fn to_dhall(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [options, v] = exactly(args);
    ev.force_formals("toDhall", options, &EMPTY_PATTERN, pos)?;
    let mut text = Text::new();
    dhall(ev, &mut text, v)?;
    text.finish(ev)
}

fn dhall(ev: &Evaluator, text: &mut Text, of: &Slot) -> Res<()> {
    let _depth = ev.enter(Pos::NONE)?;
    let v = ev.force(of)?;
    match v.type_of() {
        Type::Attrs => {
            text.put("{ ");
            for (i, e) in ev.mem.entries_by_name(v).into_iter().enumerate() {
                text.put(if i > 0 { ", " } else { "" }).put(ev.mem.heap.name(e.name)).put(" = ");
                dhall(ev, text, e.slot)?;
            }
            text.put(" }");
        }
        Type::List => {
            text.put("[ ");
            for (i, item) in ev.mem.items(v).iter().enumerate() {
                text.put(if i > 0 { ", " } else { "" });
                dhall(ev, text, item)?;
            }
            text.put(" ]");
        }
        Type::Int => {
            let sign = if ev.mem.integer(v) < 0 { "" } else { "+" };
            text.put(sign).add(ev, to_string(ev, of)?);
        }
        Type::Bool => _ = text.put(if v == Value::TRUE { "True" } else { "False" }),
        Type::Function => return Err(abort("generators.toDhall: cannot convert a function to Dhall")),
        Type::Null => return Err(abort("generators.toDhall: cannot convert a null to Dhall")),
        _ => _ = text.add(ev, to_json(ev, of)?),
    }
    Ok(())
}
