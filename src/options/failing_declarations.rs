//! Configurations with declarations that cannot be evaluated. With them, the `lib` of nixpkgs fails to look for definitions that
//! nothing declares, and has no options and values at all. Here all others are there.

use super::evaluations::options_at;
use super::tree::{self, Item, Node};
use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::heap::Slot;
use crate::native::{attr, get, share};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value};

/// A value with `options` and `config` or, if those fail because of a declaration, a set with the options that its evaluation
/// has found, and with their values. The evaluator must [observe](Evaluator::observe) evaluations.
///
/// # Errors
/// When memory is exhausted, and calls nested too deep.
pub fn keep_others(ev: &Evaluator, value: Value) -> Res<Value> {
    let fails = |name: &str| attr(ev, value, name).and_then(|slot| ev.force(slot)).err();
    let Some(e) = fails("options").or_else(|| fails("config")) else {
        return Ok(value);
    };
    ev.caught(&e);
    if e.data().kind == ErrorKind::Limit {
        return Ok(value);
    }
    match options_at(ev, &[]) {
        Some(options) if is_of_declaration(ev, &e, options)? => {
            let mut both = AttrsBuilder::new();
            both.push(ev.intern("options")?, options);
            both.push(ev.intern("config")?, values(ev, options)?);
            Ok(ev.mem.update(value, ev.mem.attrs(both)?)?)
        }
        _ => Ok(value),
    }
}

/// Whether an error is that of a declaration.
fn is_of_declaration(ev: &Evaluator, e: &Error, options: Value) -> Res<bool> {
    let mut found = false;
    tree::each(ev, options, &mut Vec::new(), true, &mut |_, item| {
        found |= matches!(item, Item::Failed(own) if own.data().message == e.data().message);
        Ok(())
    })?;
    Ok(found)
}

/// The values of a tree of options.
fn values(ev: &Evaluator, level: Value) -> Res<Value> {
    let _depth = ev.enter(Pos::NONE)?;
    let mut values = AttrsBuilder::new();
    for entry in ev.mem.entries(level) {
        values.push(entry.name, value(ev, entry.slot)?);
    }
    Ok(ev.mem.attrs(values)?)
}

fn value(ev: &Evaluator, below: &Slot) -> Res<Value> {
    match Node::at(ev, below) {
        Ok(Node { value, is_option: true }) => match get(ev, value, "value") {
            Some(slot) => Ok(share(ev, slot)?),
            None => share(ev, below),
        },
        Ok(Node { value, .. }) if value.is_attrs() => values(ev, value),
        // Who asks for it gets the error.
        _ => share(ev, below),
    }
}
