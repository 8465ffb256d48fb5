//! Folds: `foldr`, `foldl`, `foldl'`, and `groupBy'`, which folds groups.

use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{call_builtin, callable, entry_at, items, list, map_set, share, shared_args, warn_text};
use crate::source::Pos;
use crate::value::{Value, peek};

suspended! {
    /// `foldr op nul (drop n list)`, by index.
    struct FoldRight { op, nul, list } []
}

impl FoldRight<&Slot> {
    fn element(self, ev: &Evaluator, from: usize) -> Res<Value> {
        let _depth = ev.enter(Pos::NONE)?;
        let rest = FoldRight { op: share(ev, self.op)?, nul: share(ev, self.nul)?, list: peek(self.list) };
        rest.fold(ev, from)
    }
}

impl FoldRight {
    /// The fold of the elements from `from` on.
    fn fold(self, ev: &Evaluator, from: usize) -> Res<Value> {
        let Some(item) = ev.mem.items(self.list).get(from) else {
            return ev.force_value(self.nul);
        };
        let rest = Value::native(from + 1, ev.delays(self)?);
        ev.call(ev.force_value(self.op)?, &[ev.copy(item)?, rest], Pos::NONE)
    }
}

/// `lib.lists.foldr`: a lazy fold from the right.
pub(super) fn foldr(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [op, nul, of] = exactly(args);
    let list = list(ev, of)?;
    FoldRight { op: share(ev, op)?, nul: share(ev, nul)?, list }.fold(ev, 0)
}

/// `lib.lists.fold`: deprecated name of `foldr`.
pub(super) fn fold(ev: &Evaluator) -> Res<Value> {
    static FOLDR: Builtin = Builtin::hidden("foldr", &["op", "nul", "list"], foldr);
    warn_text(ev, "fold has been deprecated, use foldr instead", ev.builtin(&FOLDR))
}

suspended! {
    /// `foldl op nul (take n list)`, by index.
    struct FoldLeft { op, nul, list } []
}

impl FoldLeft<&Slot> {
    fn element(self, ev: &Evaluator, n: usize) -> Res<Value> {
        let _depth = ev.enter(Pos::NONE)?;
        let start = FoldLeft { op: share(ev, self.op)?, nul: share(ev, self.nul)?, list: peek(self.list) };
        start.fold(ev, n)
    }
}

impl FoldLeft {
    /// The fold of the first `n` elements.
    fn fold(self, ev: &Evaluator, n: usize) -> Res<Value> {
        let Some((last, _)) = ev.mem.items(self.list)[..n].split_last() else {
            return ev.force_value(self.nul);
        };
        let start = Value::native(n - 1, ev.delays(self)?);
        ev.call(ev.force_value(self.op)?, &[start, ev.copy(last)?], Pos::NONE)
    }
}

/// `lib.lists.foldl`: a lazy fold from the left.
pub(super) fn foldl(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [op, nul, of] = exactly(args);
    let list = list(ev, of)?;
    FoldLeft { op: share(ev, op)?, nul: share(ev, nul)?, list }.fold(ev, list.list_len())
}

/// `lib.lists.foldl'`: a strict fold from the left; the start value is also forced.
pub(super) fn foldl_prime(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [op, acc, list] = exactly(args);
    let mut value = ev.force(acc)?;
    let op = callable(ev, op)?;
    for item in items(ev, list)? {
        value = ev.call(op, &[value, share(ev, item)?], Pos::NONE)?;
    }
    Ok(value)
}

suspended! {
    /// `foldl op nul group`, by group.
    struct Group { groups, op, nul } []
}

impl Group<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let list = list(ev, entry_at(ev, self.groups, index)?.slot)?;
        FoldLeft { op: share(ev, self.op)?, nul: share(ev, self.nul)?, list }.fold(ev, list.list_len())
    }
}

/// `lib.lists.groupBy'`: folds the elements of each group.
pub(super) fn group_by_prime(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [op, nul, pred, list] = shared_args(ev, args)?;
    let groups = call_builtin(ev, "groupBy", &[pred, list])?;
    map_set(ev, groups, |groups| Group { groups, op, nul })
}
