//! Sets closed under a function: `lazyGenericClosure` and `closePropagation`.

use std::collections::VecDeque;

use super::unique::unique;
use crate::eval::{Builtin, Evaluator, Formals, Res, exactly};
use crate::heap::Slot;
use crate::native::{
    apply, attr, call_builtin, cell, delay_select, get, items, list, select, set_of, share, shared,
};
use crate::source::Pos;
use crate::value::{Value, slot};

/// The pattern of `lazyGenericClosure`.
pub(super) const CLOSURE: Formals =
    Formals { arg: 0, names: &[("startSet", false), ("operator", false)], ellipsis: false };

/// `lib.misc.lazyGenericClosure`: `builtins.genericClosure` in the order of the nixpkgs function: newest first.
pub(super) fn lazy_generic_closure(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [args] = exactly(args);
    let args = ev.force_formals("lazyGenericClosure", args, &CLOSURE, pos)?;
    let mut todo: VecDeque<Value> = ev.mem.share_all(items(ev, attr(ev, args, "startSet")?)?)?.into();
    let mut keys: Vec<Value> = Vec::new();
    let mut result = Vec::new();
    while let Some(x) = todo.pop_front() {
        // The key of the first element is not compared with any other.
        let key = cell(ev, delay_select(ev, x, "key")?)?;
        let mut known = false;
        for other in keys.iter().rev() {
            if ev.equal(&slot(key), &slot(*other), pos)? {
                known = true;
                break;
            }
        }
        if !known {
            let next = slot(apply(ev, attr(ev, args, "operator")?, &[x])?);
            todo.extend(ev.mem.share_all(items(ev, &next)?)?);
            keys.push(key);
            result.push(x);
        }
    }
    result.reverse();
    Ok(ev.mem.list(&result)?)
}

/// The lists of packages that a package propagates.
fn propagated(ev: &Evaluator, package: Value) -> Res<Vec<Value>> {
    let mut lists = Vec::new();
    for of in ["propagatedBuildInputs", "propagatedNativeBuildInputs"] {
        if let Some(found) = get(ev, package, of) {
            lists.push(list(ev, found)?);
        }
    }
    Ok(lists)
}

/// `lib.misc.innerClosePropagation`: prepends packages, and those they propagate, to a list.
pub(super) fn inner_close_propagation(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [acc, xs] = exactly(args);
    let found = ev.mem.share_all(items(ev, acc)?)?;
    close(ev, found, list(ev, xs)?)
}

/// `innerClosePropagation found todo`
fn close(ev: &Evaluator, mut found: Vec<Value>, mut todo: Value) -> Res<Value> {
    while let [first, rest @ ..] = ev.mem.items(todo) {
        let package = ev.force(first)?;
        let rest = ev.mem.list(&ev.mem.share_all(rest)?)?;
        if !package.is_attrs() {
            todo = rest;
            continue;
        }
        found.insert(0, package);
        let mut lists = propagated(ev, package)?;
        lists.push(rest);
        let next = ev.mem.concat_lists(&lists)?;
        todo = ev.mem.list(&unique(ev, ev.mem.items(next), ev.mem.list(&found)?)?)?;
    }
    Ok(ev.mem.list(&found)?)
}

/// `lib.misc.closePropagationSlow`: packages with all that they propagate.
pub(super) fn close_propagation_slow(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [packages] = exactly(args);
    let found = close(ev, Vec::new(), list(ev, packages)?)?;
    Ok(ev.mem.list(&unique(ev, ev.mem.items(found), Value::EMPTY_LIST)?)?)
}

/// Elements for `genericClosure`: packages, keyed by path.
fn keyed(ev: &Evaluator, packages: &[Slot]) -> Res<Vec<Value>> {
    let mut all = Vec::with_capacity(packages.len());
    for package in packages {
        if ev.force(package)? != Value::NULL {
            let package = share(ev, package)?;
            let key = delay_select(ev, package, sym!("outPath"))?;
            all.push(set_of(ev, &[("key", key), ("val", package)])?);
        }
    }
    Ok(all)
}

/// `lib.misc.closePropagation`, `closePropagationFast`: packages with all that they propagate, compared by path.
pub(super) fn close_propagation(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    /// The packages that `item.val` propagates.
    static OPERATOR: Builtin = Builtin::hidden("operator", &["item"], |ev, args, _| {
        let [item] = exactly(args);
        let package = select(ev, ev.force(item)?, "val")?;
        if !package.is_attrs() {
            return Ok(Value::EMPTY_LIST);
        }
        let all = ev.mem.concat_lists(&propagated(ev, package)?)?;
        Ok(ev.mem.list(&keyed(ev, ev.mem.items(all))?)?)
    });
    let [packages] = exactly(args);
    let start = ev.mem.list(&keyed(ev, items(ev, packages)?)?)?;
    let args = set_of(ev, &[("startSet", start), ("operator", ev.builtin(&OPERATOR))])?;
    let closure = call_builtin(ev, "genericClosure", &[args])?;
    let mut packages = Vec::with_capacity(closure.list_len());
    for item in ev.mem.items(closure) {
        packages.push(shared(ev, ev.force(item)?, "val")?);
    }
    Ok(ev.mem.list(&packages)?)
}
