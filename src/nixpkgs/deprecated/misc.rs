//! `lib.misc`: attributes with defaults, flags and requirements, and type names.

use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{boolean, call_builtin, get, has, holds, is_function, items, list, name, share, truth};
use crate::nixpkgs::lists::elem;
use crate::source::Pos;
use crate::value::{Type, Value, slot};

/// `lib.misc.maybeEnv`: an environment variable, or a default if it is empty.
pub(super) fn maybe_env(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [name, default] = exactly(args);
    let value = call_builtin(ev, "getEnv", &[share(ev, name)?])?;
    if ev.mem.text(value).is_empty() { ev.force(default) } else { Ok(value) }
}

/// `lib.misc.maybeAttr`, `maybeAttrNullable`: an attribute, or a default.
pub(super) fn maybe_attr(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [name, default, set] = exactly(args);
    match attribute(ev, set, name)? {
        Some(found) => ev.force(found),
        None => ev.force(default),
    }
}

/// `lib.misc.ifEnable`: a value if a condition holds, else the empty one of its type.
pub(super) fn if_enable(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [cond, val] = exactly(args);
    let enabled = boolean(ev, cond)?;
    let v = ev.force(val)?;
    Ok(match v.type_of() {
        _ if enabled => v,
        Type::List => Value::EMPTY_LIST,
        Type::Attrs => Value::EMPTY_SET,
        Type::Bool => Value::FALSE,
        _ => Value::NULL,
    })
}

/// The attribute of a set with the name in a slot.
fn attribute<'a>(ev: &'a Evaluator, set: &Slot, of: &Slot) -> Res<Option<&'a Slot>> {
    let set = ev.force(set)?;
    let of = name(ev, of)?;
    Ok(get(ev, set, of))
}

/// `lib.misc.checkFlag`: whether a flag is set: by name, in `flags`, or as an attribute.
pub(super) fn check_flag(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [set, name] = exactly(args);
    flag(ev, set, name)
}

/// `checkFlag set of`
fn flag(ev: &Evaluator, set: &Slot, of: &Slot) -> Res<Value> {
    let v = ev.force(of)?;
    if v.is_string() {
        match ev.mem.text(v) {
            b"true" => return Ok(Value::TRUE),
            b"false" => return Ok(Value::FALSE),
            _ => {}
        }
    }
    let flags = match get(ev, ev.force(set)?, "flags") {
        Some(flags) => list(ev, flags)?,
        None => Value::EMPTY_LIST,
    };
    if elem(ev, of, flags)? {
        return Ok(Value::TRUE);
    }
    attribute(ev, set, of)?.map_or(Ok(Value::FALSE), |s| ev.force(s))
}

/// `lib.misc.getValue`: an attribute, or the value that flags select from a list of pairs.
pub(super) fn get_value(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [set, pairs, name] = exactly(args);
    value_of(ev, set, pairs, name)
}

/// `getValue set pairs of`
fn value_of(ev: &Evaluator, set: &Slot, pairs: &Slot, of: &Slot) -> Res<Value> {
    if let Some(found) = attribute(ev, set, of)? {
        return ev.force(found);
    }
    if truth(ev, flag(ev, set, of)?)? {
        return Ok(Value::TRUE);
    }
    for pair in items(ev, pairs)? {
        let pair = list(ev, pair)?;
        let key = call_builtin(ev, "head", &[pair])?;
        if ev.equal(&slot(key), of, Pos::NONE)? {
            return call_builtin(ev, "elemAt", &[pair, ev.mem.int(1)?]);
        }
    }
    Ok(Value::NULL)
}

/// `lib.misc.checkReqs`: whether everything that the flags require is present.
pub(super) fn check_reqs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [set, pairs, conditions] = exactly(args);
    for condition in items(ev, conditions)? {
        let parts = list(ev, condition)?;
        let of = slot(call_builtin(ev, "head", &[parts])?);
        if !truth(ev, flag(ev, set, &of)?)? {
            continue;
        }
        for required in &ev.mem.items(parts)[1..] {
            let value = value_of(ev, set, pairs, required)?;
            if value == Value::NULL || value == Value::FALSE {
                return Ok(Value::FALSE);
            }
        }
    }
    Ok(Value::TRUE)
}

/// `lib.misc.condConcat`: a name, followed by the second of each pair whose first a function accepts.
pub(super) fn cond_concat(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [name, list, checker] = exactly(args);
    let mut made = share(ev, name)?;
    let mut rest = items(ev, list)?.iter();
    while let Some(condition) = rest.next() {
        let accepted = holds(ev, checker, &[share(ev, condition)?])?;
        match rest.next() {
            Some(added) if accepted => made = ev.plus(ev.force_value(made)?, added)?,
            Some(_) => {}
            None => return call_builtin(ev, "tail", &[Value::EMPTY_LIST]),
        }
    }
    ev.force_value(made)
}

/// `lib.misc.nixType`: the name of a value's type; distinguishes packages and functions from other sets.
pub(super) fn nix_type(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    let v = ev.force(x)?;
    Ok(ev.mem.str(match v.type_of() {
        Type::Attrs if has(ev, v, sym!("outPath")) => "derivation",
        Type::Attrs => "attrs",
        _ if is_function(ev, v)? => "function",
        Type::List => "list",
        Type::Bool => "bool",
        Type::Null => "null",
        Type::Int => "int",
        _ => "string",
    })?)
}
