//! `builtins.getFlake`.

use std::rc::Rc;

use super::call::call;
use super::flags::LockFlags;
use super::lock::lock;
use crate::builtins::flake_refs::flake_ref;
use crate::eval::{Builtin, Error, Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::host::shown;
use crate::source::Pos;
use crate::store::Feature;
use crate::value::Value;

/// The built-ins of this topic.
pub static TABLE: &[Builtin] =
    &[Builtin::new("getFlake", &["args"], "The outputs of a flake, and what is known about it.", get_flake)];

fn get_flake(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [args] = exactly(args);
    let doing = "while evaluating the argument passed to builtins.getFlake";
    let text = ev.force_plain_string(args, Pos::NONE, doing)?;
    let reference = flake_ref(ev, text)?;
    let pure = ev.settings.pure;
    if pure && !reference.input.is_locked().map_err(|e| ev.store_error(&e))? {
        let text = shown(ev.mem.text(text)).into_owned();
        return Err(Error::eval(format!(
            "cannot call 'getFlake' on unlocked flake reference '{text}', at «none»:0 (use --impure to override)"
        )));
    }
    ev.settings.store_features.require(Feature::Flakes).map_err(|e| ev.store_error(&e))?;
    let flags = LockFlags { registries: !pure, allow_unlocked: !pure, ..LockFlags::default() };
    call(ev, &Rc::new(lock(ev, &reference, &flags)?))
}
