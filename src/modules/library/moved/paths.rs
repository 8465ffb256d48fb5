//! Option paths in the module arguments `config` and `options`.

use crate::eval::{Builtin, Error, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::modules::messages;
use crate::native::{abort, get, items, list, share};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Record, Value};

/// `lib.setAttrByPath`: a value in nested sets.
pub(super) fn at_path(ev: &Evaluator, path: Value, value: Value) -> Res<Value> {
    let mut value = value;
    for name in ev.mem.items(path).iter().rev() {
        let mut set = AttrsBuilder::with_capacity(1);
        set.push(ev.force_name(name, Pos::NONE, "while evaluating the name of a dynamic attribute")?, value);
        value = ev.mem.attrs(set)?;
    }
    Ok(value)
}

/// `setAttrByPath path` as a function.
pub(super) static SET_AT: Builtin = Builtin::hidden("setAttrByPath", &["path", "value"], |ev, args, _| {
    let [path, value] = exactly(args);
    ev.force_value(at_path(ev, list(ev, path)?, share(ev, value)?)?)
});

/// `lib.attrByPath`: the value at a path in nested sets, if it exists.
pub(super) fn find<'a>(ev: &'a Evaluator, path: &Slot, set: &'a Slot) -> Res<Option<&'a Slot>> {
    let mut found = set;
    for name in items(ev, path)? {
        let name = ev.force_name(name, Pos::NONE, "while evaluating an attribute name")?;
        match get(ev, ev.force(found)?, name) {
            Some(inner) => found = inner,
            None => return Ok(None),
        }
    }
    Ok(Some(found))
}

/// `lib.getAttrFromPath`
pub(super) fn must_find(ev: &Evaluator, path: &Slot, set: &Slot) -> Res<Value> {
    if let Some(found) = find(ev, path, set)? {
        return ev.force(found);
    }
    let names: Res<Vec<String>> =
        items(ev, path)?.iter().map(|name| Ok(messages::identifier(ev.mem.text(ev.force(name)?)))).collect();
    Err(abort(format!("cannot find attribute '{}'", names?.join("."))))
}

/// The path of an option for a message.
pub(super) fn path_text(ev: &Evaluator, path: &Slot) -> Res<String> {
    messages::option(ev, list(ev, path)?)
}

/// A module with these options and definitions.
pub(super) fn module(ev: &Evaluator, options: Value, config: Value) -> Res<Value> {
    static MODULE: Record<2> = Record::new(["options", "config"]);
    Ok(ev.mem.record(&MODULE, [options, config])?)
}

/// A module argument: `config` or `options`.
pub(super) fn module_arg<'a>(ev: &'a Evaluator, args: &Slot, name: &str) -> Res<&'a Slot> {
    let set = ev.force_attrs(args, Pos::NONE, "while evaluating the value passed for the lambda argument")?;
    match get(ev, set, name) {
        Some(slot) => Ok(slot),
        None => {
            let message = format!("function 'anonymous lambda' called without required argument '{name}'");
            Err(Error::type_error(message))
        }
    }
}
