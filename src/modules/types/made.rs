//! A cache of types, so that each is made once.

use std::cell::RefCell;

use hashbrown::HashMap;

use crate::eval::{Evaluator, Res};
use crate::value::Value;

#[derive(Default)]
struct Made {
    types: RefCell<HashMap<&'static str, Value>>,
}

/// The type with this name in `lib.types`; `make` makes it on first use.
pub fn made(ev: &Evaluator, name: &'static str, make: impl FnOnce(&Evaluator) -> Res<Value>) -> Res<Value> {
    let made = ev.extension::<Made>();
    let known = made.types.borrow().get(name).copied();
    if let Some(ty) = known {
        return Ok(ty);
    }
    let ty = make(ev)?;
    made.types.borrow_mut().insert(name, ty);
    Ok(ty)
}
