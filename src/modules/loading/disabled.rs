//! `disabledModules`: finds the module that an item denotes.

use crate::eval::{Error, Evaluator, Res};
use crate::heap::Slot;
use crate::modules::messages;
use crate::native::{get, is_convertible, list, text, text_of, throw, to_string};
use crate::source::Pos;
use crate::value::{Value, slot};

/// The keys of the disabled modules; `disabled` has the file and the `disabledModules` of each module that has any.
pub(super) fn disabled_keys(
    ev: &Evaluator,
    special: Value,
    disabled: Vec<(Value, Value)>,
) -> Res<Vec<Value>> {
    let mut keys = Vec::new();
    if disabled.is_empty() {
        return Ok(keys);
    }
    let none = slot(Value::symbol(sym!("")));
    let modules_path = get(ev, ev.force_value(special)?, sym!("modulesPath")).unwrap_or(&none);
    for (file, items) in disabled {
        for item in ev.mem.items(list(ev, &slot(items))?) {
            let key = disabled_key(ev, modules_path, file, item)?;
            // Only a string can equal a module's key.
            if key.is_string() {
                keys.push(key);
            }
        }
    }
    Ok(keys)
}

/// The key that an item of `disabledModules` denotes.
fn disabled_key(ev: &Evaluator, modules_path: &Slot, file: Value, item: &Slot) -> Res<Value> {
    let m = ev.force(item)?;
    if m.is_string() {
        return below_modules_path(ev, modules_path, m);
    }
    let own = get(ev, m, sym!("key"));
    if is_convertible(ev, m, Pos::NONE)? {
        let name = to_string(ev, item)?;
        if let Some(own) = own
            && !ev.equal_values(ev.force(own)?, name, Pos::NONE)?
        {
            let own = text_of(ev, own)?;
            let file = messages::file(ev, file)?;
            return Err(throw(format!(
                "Module `{file}` contains a disabledModules item that is an attribute set that can be converted to \
                 a string ({}) but also has a `.key` attribute ({own}) with a different value. This makes it \
                 ambiguous which module should be disabled.",
                text(ev, name)
            )));
        }
        return Ok(name);
    }
    if let Some(own) = own {
        return ev.force(own);
    }
    Err(no_key(ev, file, m)?)
}

fn below_modules_path(ev: &Evaluator, modules_path: &Slot, name: Value) -> Res<Value> {
    if ev.mem.text(name).starts_with(b"/") {
        return Ok(name);
    }
    let base = to_string(ev, modules_path)?;
    let context = ev.mem.contexts.union(ev.mem.context(base), ev.mem.context(name));
    Ok(ev.mem.concat(&[ev.mem.text(base), b"/", ev.mem.text(name)], context)?)
}

#[cold]
fn no_key(ev: &Evaluator, file: Value, m: Value) -> Res<Error> {
    if m.is_attrs() {
        let file = messages::file(ev, file)?;
        return Ok(throw(format!(
            "Module `{file}` contains a disabledModules item that is an attribute set, presumably a module, that \
             does not have a `key` attribute. This means that the module system doesn't have any means to identify \
             the module that should be disabled. Make sure that you've put the correct value in disabledModules: a \
             string path relative to modulesPath, a path value, or an attribute set with a `key` attribute."
        )));
    }
    let file = text(ev, to_string(ev, &slot(file))?);
    Ok(throw(format!(
        "Each disabledModules item must be a path, string, or a attribute set with a key attribute, or a value \
         supported by toString. However, one of the disabledModules items in `{file}` is none of that, but is of \
         type {}.",
        m.type_of().name()
    )))
}
