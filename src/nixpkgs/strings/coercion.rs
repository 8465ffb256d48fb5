//! Values that can be strings, what strings refer to, and strings that can be names in the store.

use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{interpolate, is_convertible, is_store_path, is_string_like, sanitized_name};
use crate::source::Pos;
use crate::value::Value;

/// `lib.strings.isStringLike`: whether a value is a string, or a path or set that can be one.
pub(super) fn is_string_like_value(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    Ok(Value::bool(is_string_like(ev, ev.force(x)?)))
}

/// `lib.strings.isConvertibleWithToString`: whether `toString` takes a value.
pub(super) fn is_convertible_with_to_string(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [x] = exactly(args);
    Ok(Value::bool(is_convertible(ev, ev.force(x)?, pos)?))
}

/// `lib.strings.addContextFrom`: a string that also has the context of another.
pub(super) fn add_context_from(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [src, target] = exactly(args);
    let context = ev.mem.context(interpolate(ev, src)?);
    let target = interpolate(ev, target)?;
    let context = ev.mem.contexts.union(context, ev.mem.context(target));
    Ok(ev.mem.string(ev.mem.text(target), context)?)
}

/// `lib.strings.isStorePath`: whether a value is the path of something directly in the store.
pub(super) fn is_store_path_value(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    Ok(Value::bool(is_store_path(ev, ev.force(x)?)?))
}

/// `lib.strings.sanitizeDerivationName`: a string made fit to be the name of a store path.
pub(super) fn sanitize_derivation_name(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [s] = exactly(args);
    sanitized_name(ev, s)
}
