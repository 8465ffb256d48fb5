//! The order of values.

use crate::eval::{Evaluator, Res};
use crate::heap::Slot;
use crate::source::Pos;

/// `lib.compare a b`: -1, 0 or 1.
pub fn compare(ev: &Evaluator, a: &Slot, b: &Slot) -> Res<i64> {
    if ev.less_than(a, b, Pos::NONE, "")? {
        return Ok(-1);
    }
    Ok(i64::from(ev.less_than(b, a, Pos::NONE, "")?))
}
