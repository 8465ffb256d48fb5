//! Types that check and merge in one step (`merge.v2`).

use super::option_type::OptionType;
use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::modules::definitions::{Coherence, call_v2, has_v2, head_error};
use crate::native::record;
use crate::native::{get, list, select, share, shared};
use crate::source::Pos;
use crate::value::{Value, peek, slot};

record! {
    /// A `check` that belongs to a `merge.v2`.
    struct CoherentCheck {
        functor: "__functor",
        coherent: "isV2MergeCoherent",
    }
}

record! {
    /// A `merge` that also checks.
    struct CheckedMerge {
        functor: "__functor",
        v2: "v2",
    }
}

record! {
    /// The arguments of `merge.v2`.
    struct Arguments {
        loc: "loc",
        defs: "defs",
    }
}

record! {
    /// The result of `merge.v2`.
    pub struct Checked {
        /// Null, or a set with a `message` about the error.
        head_error: "headError",
        value: "value",
        value_meta: "valueMeta",
    }
}

/// A `check` that belongs to a `merge.v2`. `check` is called with the set itself and the value.
pub fn coherent_check(ev: &Evaluator, check: Value) -> Res<Value> {
    CoherentCheck { functor: check, coherent: Value::TRUE }.set(ev)
}

/// A `merge` that also checks. `v2` is called with a set of `loc` and `defs`.
pub fn checked_merge(ev: &Evaluator, v2: Value) -> Res<Value> {
    CheckedMerge { functor: ev.builtin(&MERGE), v2 }.set(ev)
}

/// `self: loc: defs: (self.v2 { inherit loc defs; }).value`
static MERGE: Builtin = Builtin::hidden("merge", &["self", "loc", "defs"], |ev, args, _| {
    let [this, loc, defs] = exactly(args);
    let this = ev.force(this)?;
    let set = Arguments { loc: share(ev, loc)?, defs: share(ev, defs)? }.set(ev)?;
    let result = ev.call(select(ev, this, sym!("v2"))?, &[set], Pos::NONE)?;
    select(ev, result, sym!("value"))
});

/// The path and the definitions in the arguments of a `merge.v2`. The definitions may be suspended.
pub fn loc_and_defs(ev: &Evaluator, arg: &Slot) -> Res<[Value; 2]> {
    let set = ev.force_attrs(arg, Pos::NONE, "while evaluating the value passed for the lambda argument")?;
    let (loc, defs) = (get(ev, set, sym!("loc")), get(ev, set, sym!("defs")));
    if let (Some(loc), Some(defs), 2) = (loc, defs, ev.mem.attrs_len(set)) {
        return Ok([share(ev, loc)?, share(ev, defs)?]);
    }
    const NAMES: Formals = Formals { arg: 0, names: &[("loc", false), ("defs", false)], ellipsis: false };
    ev.force_formals("v2", &slot(set), &NAMES, Pos::NONE)?;
    Ok([shared(ev, set, sym!("loc"))?, shared(ev, set, sym!("defs"))?])
}

suspended! {
    /// The `headError` and the value of a type without `merge.v2`.
    struct Unchecked { ty, loc, defs } => struct UncheckedParts { head_error, value }
}

impl Unchecked<&Slot> {
    fn ty(self) -> OptionType {
        OptionType::of(peek(self.ty))
    }

    fn head_error(self, ev: &Evaluator) -> Res<Value> {
        let check = self.ty().check(ev)?;
        head_error(ev, check, list(ev, self.defs)?)
    }

    fn value(self, ev: &Evaluator) -> Res<Value> {
        let [loc, defs] = [share(ev, self.loc)?, share(ev, self.defs)?];
        self.ty().merged(ev, loc, defs)
    }
}

/// Checks and merges definitions with any type: with its `merge.v2`, if it has one.
pub(super) fn checked_by(ev: &Evaluator, ty: OptionType, loc: Value, defs: Value) -> Res<Value> {
    if has_v2(ev, ty.word())? {
        return call_v2(ev, loc, ty.word(), defs, Coherence::Short);
    }
    let parts = Unchecked { ty: ty.word(), loc, defs }.parts(ev)?;
    Checked { head_error: parts.head_error, value: parts.value, value_meta: Value::EMPTY_SET }.set(ev)
}
