//! The keys that distinguish modules.

use crate::eval::{Evaluator, Res, Row as _, row};
use crate::value::Value;

row! {
    /// The key of a module that does not define one.
    struct Anonymous { parent, number }
}

/// The key of a module that does not define one: the key of the module that imports it, and its place in the
/// imports. Its text is rarely needed; until then, the key is a list of the importer's key and the number.
pub fn anonymous(ev: &Evaluator, parent: Value, number: usize) -> Res<Value> {
    Ok(ev.mem.list(&Anonymous { parent, number: ev.mem.int(number as i64)? }.words())?)
}

/// The text of a key.
pub fn key_text(ev: &Evaluator, key: Value) -> Res<Value> {
    let mut key = ev.force_value(key)?;
    let mut numbers = Vec::new();
    while key.is_list() && key.list_len() == Anonymous::<Value>::WIDTH {
        let outer = Anonymous::of(ev.mem.items(key));
        // A module may define any list as its key.
        let Some(number) = ev.mem.as_int(ev.force(outer.number)?) else { break };
        numbers.push(number);
        key = ev.force(outer.parent)?;
    }
    if numbers.is_empty() {
        return Ok(key);
    }
    let mut out = ev.mem.text(key).to_vec();
    for number in numbers.iter().rev() {
        out.extend_from_slice(format!(":anon-{number}").as_bytes());
    }
    Ok(ev.mem.string(&out, ev.mem.context(key))?)
}
