//! Functions that the types of modules share.

use super::paths::is_path;
use crate::eval::{Evaluator, Formals, Res};
use crate::heap::Slot;
use crate::native::is_function;
use crate::source::Pos;
use crate::value::{Value, slot};

/// `isAttrs x || isFunction x || path.check x`: whether a value can be a module.
pub fn is_module(ev: &Evaluator, x: &Slot) -> Res<bool> {
    let v = ev.force(x)?;
    Ok(v.is_attrs() || is_function(ev, v)? || is_path(ev, x, None, Some(true))?)
}

/// Rejects a definition with more than a value and a file. A definition inside `mkOrder` also has a priority,
/// and nixpkgs' functions with the pattern `{ value, file }` reject it.
pub fn plain_definition(ev: &Evaluator, def: Value) -> Res<()> {
    const NAMES: Formals = Formals { arg: 0, names: &[("value", false), ("file", false)], ellipsis: false };
    if ev.mem.attrs_len(def) > NAMES.names.len() {
        ev.force_formals("anonymous lambda", &slot(def), &NAMES, Pos::NONE)?;
    }
    Ok(())
}
