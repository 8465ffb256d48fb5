//! Functions that accumulate their arguments: `foldArgs` and `modifySumArgs`.

use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{
    apply, attrs, cell, delay_select, delay_update, get, set_of, share, shared_args, shared_or, update,
};
use crate::source::Pos;
use crate::value::{Value, peek, slot};

/// `lib.misc.defaultMergeArg`: a set, or the result of a function of the old set.
pub(super) fn default_merge_arg(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    merge_arg(ev, x, y)
}

/// `defaultMergeArg x y`
fn merge_arg(ev: &Evaluator, x: &Slot, y: &Slot) -> Res<Value> {
    let y = ev.force(y)?;
    if y.is_attrs() { Ok(y) } else { ev.call(y, &[share(ev, x)?], Pos::NONE) }
}

/// `lib.misc.defaultMerge`: a set updated with that.
pub(super) fn default_merge(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    let new = slot(merge_arg(ev, x, y)?);
    update(ev, x, &new)
}

suspended! {
    /// `merger init (defaultMergeArg init x)`
    struct MergedArgs { merger, init, x }
}

impl MergedArgs<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        static NEW: Builtin = Builtin::hidden("defaultMergeArg", &["x", "y"], default_merge_arg);
        let init = share(ev, self.init)?;
        let new = ev.delay_call(ev.builtin(&NEW), &[init, share(ev, self.x)?])?;
        apply(ev, self.merger, &[init, new])
    }
}

suspended! {
    /// `old // { function = foldArgs merger f arg; args = …; }`, where `old` is the result's own `passthru`.
    struct Passthru { old, merger, f, arg, x }
}

impl Passthru<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let old = attrs(ev, self.old)?;
        let again = [share(ev, self.merger)?, share(ev, self.f)?, share(ev, self.arg)?];
        let function = ev.partial(&FOLD_ARGS, &again)?;
        let args = ev.delay(AllArgs { passthru: old, x: share(ev, self.x)? })?;
        Ok(ev.mem.update(old, set_of(ev, &[("function", function), ("args", args)])?)?)
    }
}

suspended! {
    /// `passthru.passthru.args or { } // x`
    struct AllArgs { passthru, x }
}

impl AllArgs<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let new = attrs(ev, self.x)?;
        let inner = get(ev, peek(self.passthru), "passthru").map(|p| ev.force(p)).transpose()?;
        match inner.and_then(|inner| get(ev, inner, "args")) {
            Some(old) => Ok(ev.mem.update(attrs(ev, old)?, new)?),
            None => Ok(new),
        }
    }
}

/// `foldArgs`
pub(super) static FOLD_ARGS: Builtin = Builtin::hidden("foldArgs", &["merger", "f", "init", "x"], fold_args);

/// `lib.misc.foldArgs`: a function whose results can be overridden with more arguments.
pub(super) fn fold_args(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [merger, f, init, x] = shared_args(ev, args)?;
    let arg = cell(ev, ev.delay(MergedArgs { merger, init, x })?)?;
    let made = slot(ev.call(ev.force_value(f)?, &[arg], Pos::NONE)?);
    let made = attrs(ev, &made)?;
    let old = shared_or(ev, made, "passthru", Value::EMPTY_SET)?;
    let passthru = cell(ev, ev.delay(Passthru { old, merger, f, arg, x })?)?;
    let function = delay_select(ev, passthru, "function")?;
    Ok(ev.mem.update(made, set_of(ev, &[("passthru", passthru), ("override", function)])?)?)
}

/// `innerModifySumArgs`
static INNER: Builtin = Builtin::hidden("innerModifySumArgs", &["f", "x", "a", "b"], inner_modify_sum_args);

/// `lib.misc.innerModifySumArgs`: collects arguments until one is null, then calls a function.
pub(super) fn inner_modify_sum_args(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, x, a, b] = exactly(args);
    if ev.force(b)? == Value::NULL {
        let x = attrs(ev, x)?;
        let made = slot(apply(ev, f, &[share(ev, a)?, Value::NULL])?);
        return Ok(ev.mem.update(attrs(ev, &made)?, x)?);
    }
    let sum = cell(ev, delay_update(ev, share(ev, a)?, share(ev, b)?)?)?;
    ev.partial(&INNER, &[share(ev, f)?, share(ev, x)?, sum])
}

/// `lib.misc.modifySumArgs`: the same, starting from the empty set.
pub(super) fn modify_sum_args(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, x] = shared_args(ev, args)?;
    ev.partial(&INNER, &[f, x, Value::EMPTY_SET])
}
