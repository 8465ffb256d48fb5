//! JSON, which is also YAML: `toJSON` and `toYAML`.

use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{EMPTY_PATTERN, to_json};
use crate::source::Pos;
use crate::value::Value;

/// `lib.generators.toJSON`, `toYAML`: JSON.
pub(super) fn to_json_of(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [options, v] = exactly(args);
    ev.force_formals("toJSON", options, &EMPTY_PATTERN, pos)?;
    to_json(ev, v)
}
