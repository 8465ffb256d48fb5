//! Coercion to strings, string contexts, and store path names.

use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{interpolate, is_convertible, is_store_path, is_string_like, sanitized_name};
use crate::source::Pos;
use crate::value::Value;

/// `lib.strings.isStringLike`: whether a value is a string, or a path or set that coerces to one.
pub(super) fn is_string_like_value(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    Ok(Value::bool(is_string_like(ev, ev.force(x)?)))
}

/// `lib.strings.isConvertibleWithToString`: whether `toString` accepts a value.
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

/// `lib.strings.isStorePath`: whether a value is the path of an entry directly in the store.
pub(super) fn is_store_path_value(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    Ok(Value::bool(is_store_path(ev, ev.force(x)?)?))
}

/// `lib.strings.sanitizeDerivationName`: a string turned into a valid name for a store path.
pub(super) fn sanitize_derivation_name(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [s] = exactly(args);
    sanitized_name(ev, s)
}
