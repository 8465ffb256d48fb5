//! The part of `lib.attrsets` that goes through nested sets and attribute paths.

use super::attrsets::{map_set, own_entry, path_text};
use crate::eval::{Evaluator, Lazy, Res};
use crate::heap::{Slot, Sym};
use crate::native::{
    abort, apply, attr, attrs, delay_select, entries, holds, items, list, lossy, name, share, throw, truth,
};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek, slot};

/// Follows a path: the slot it leads to, or how many names of it could be followed. A name is looked at only when
/// the value before it is known.
fn follow<'a>(ev: &'a Evaluator, path: &Slot, start: &'a Slot) -> Res<Result<&'a Slot, usize>> {
    follow_in(ev, path, start, Evaluator::scope_attribute)
}

/// The same, with another way to ask open sets for what they lack.
fn follow_in<'a>(
    ev: &'a Evaluator,
    path: &Slot,
    start: &'a Slot,
    lacks: fn(&'a Evaluator, Value, Sym) -> Res<Option<&'a Slot>>,
) -> Res<Result<&'a Slot, usize>> {
    let mut at = start;
    for (i, step) in items(ev, path)?.iter().enumerate() {
        let set = ev.force(at)?;
        let of = name(ev, step)?;
        match set.is_attrs().then(|| ev.mem.get(set, of)).flatten() {
            Some(next) => at = next,
            None => match lacks(ev, set, of)? {
                Some(answer) => at = answer,
                None => return Ok(Err(i)),
            },
        }
    }
    Ok(Ok(at))
}

/// `lib.attrsets.attrByPath`: the value that a path leads to, or a default.
pub(super) fn attr_by_path(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    match follow(ev, &a[0], &a[2])? {
        Ok(found) => ev.force(found),
        Err(_) => ev.force(&a[1]),
    }
}

/// `lib.attrsets.hasAttrByPath`: whether a path leads somewhere.
pub(super) fn has_attr_by_path(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    Ok(Value::bool(follow(ev, &a[0], &a[1])?.is_ok()))
}

/// `lib.attrsets.longestValidPathPrefix`: as much of a path as can be followed.
pub(super) fn longest_valid_path_prefix(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let followed = follow(ev, &a[0], &a[1])?;
    let path = list(ev, &a[0])?;
    Ok(match followed {
        Ok(_) => path,
        Err(n) => Value::list(path.at(), n),
    })
}

/// `lib.attrsets.getAttrFromPath`: the value that a path leads to; aborts when there is none.
pub(super) fn get_attr_from_path(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    match follow_in(ev, &a[0], &a[1], Evaluator::open_attribute)? {
        Ok(found) => ev.force(found),
        Err(_) => {
            let mut shown = Vec::new();
            for step in items(ev, &a[0])? {
                shown.push(lossy(ev.mem.text(crate::native::interpolate(ev, step)?)));
            }
            Err(abort(format!("cannot find attribute '{}'", shown.join("."))))
        }
    }
}

/// The rest of a path from an index on, around a value.
static AT_DEPTH: Lazy = Lazy {
    name: "lib.setAttrByPath",
    run: |ev, captures, depth| set_at_depth(ev, &captures[0], &captures[1], depth),
};

fn set_at_depth(ev: &Evaluator, path: &Slot, value: &Slot, depth: usize) -> Res<Value> {
    let path = list(ev, path)?;
    let Some(step) = ev.mem.items(path).get(depth) else {
        return ev.force(value);
    };
    let mut set = AttrsBuilder::with_capacity(1);
    // As in any set with computed names, null stands for no attribute.
    if ev.force(step)? != Value::NULL {
        let inner = ev.delays_raw(&AT_DEPTH, &[path, share(ev, value)?])?;
        set.push(name(ev, step)?, Value::native(depth + 1, inner));
    }
    Ok(ev.mem.attrs(set)?)
}

/// `lib.attrsets.setAttrByPath`: nested sets in which a path leads to a value.
pub(super) fn set_attr_by_path(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    set_at_depth(ev, &a[0], &a[1], 0)
}

/// `lib.attrsets.updateManyAttrsByPath`: a value with the values that some paths lead to replaced.
pub(super) fn update_many_attrs_by_path(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    update_level(ev, list(ev, &a[0])?, 0, Some(share(ev, &a[1])?))
}

/// One level deeper: captures are the set of the level's name's updates, and the value if there is one.
static UPDATE_LEVEL: Lazy = Lazy {
    name: "lib.updateManyAttrsByPath",
    run: |ev, captures, depth| {
        let value = captures.get(1).map(|v| share(ev, v)).transpose()?;
        update_level(ev, peek(&captures[0]), depth, value)
    },
};

fn update_level(ev: &Evaluator, updates: Value, depth: usize, value: Option<Value>) -> Res<Value> {
    let (mut here, mut inside) = (Vec::new(), Vec::new());
    for update in ev.mem.items(updates) {
        let set = ev.force(update)?;
        let path = list(ev, attr(ev, set, "path")?)?;
        if path.list_len() == depth { here.push(set) } else { inside.push(set) }
    }
    let mut result = match (inside.is_empty(), value) {
        (true, Some(value)) => value,
        (true, None) => no_value(ev, here[0])?,
        (false, value) => {
            let mut captures = vec![ev.mem.list(&inside)?];
            captures.extend(value);
            Value::native(depth, ev.delays_raw(&UPDATE_INSIDE, &captures)?)
        }
    };
    for update in here {
        result = ev.delay_call(delay_select(ev, update, ev.intern("update")?)?, &[result])?;
    }
    ev.force_value(result)
}

/// The value with the updates that lead further inside it: captures are those, and the value if there is one.
static UPDATE_INSIDE: Lazy = Lazy {
    name: "lib.updateManyAttrsByPath.nested",
    run: |ev, captures, depth| {
        let updates = ev.mem.items(peek(&captures[0]));
        let mut nested: Vec<(Sym, Vec<Value>)> = Vec::new();
        for update in updates {
            let update = peek(update);
            let path = ev.mem.items(list(ev, attr(ev, update, "path")?)?);
            let of = match path.get(depth) {
                Some(step) => name(ev, step)?,
                None => continue,
            };
            match nested.iter_mut().find(|(n, _)| *n == of) {
                Some((_, all)) => all.push(update),
                None => nested.push((of, vec![update])),
            }
        }
        let base = match captures.get(1) {
            Some(value) => ev.force(value)?,
            None => Value::EMPTY_SET,
        };
        if !base.is_attrs() {
            return not_a_set(ev, peek(&updates[0]), depth);
        }
        let mut made = AttrsBuilder::with_capacity(nested.len());
        for (of, all) in nested {
            let mut inner = vec![ev.mem.list(&all)?];
            if let Some(old) = ev.mem.get(base, of) {
                inner.push(share(ev, old)?);
            }
            made.push(of, Value::native(depth + 1, ev.delays_raw(&UPDATE_LEVEL, &inner)?));
        }
        Ok(ev.mem.update(base, ev.mem.attrs(made)?)?)
    },
};

/// The value of a path that leads nowhere: an error when it is looked at.
fn no_value(ev: &Evaluator, update: Value) -> Res<Value> {
    static MISSING: Lazy = Lazy {
        name: "lib.updateManyAttrsByPath.missing",
        run: |ev, captures, _| {
            let path = path_text(ev, attr(ev, peek(&captures[0]), "path")?)?;
            let path = lossy(ev.mem.text(path));
            Err(throw(format!(
                "updateManyAttrsByPath: Path '{path}' does not exist in the given value, but the first update to this \
                 path tries to access the existing value."
            )))
        },
    };
    ev.delay_raw(&MISSING, &[update])
}

#[cold]
fn not_a_set(ev: &Evaluator, update: Value, depth: usize) -> Res<Value> {
    let path = list(ev, attr(ev, update, "path")?)?;
    let shown = |path| -> Res<String> { Ok(lossy(ev.mem.text(path_text(ev, &slot(path))?))) };
    let (whole, start) = (shown(path)?, shown(Value::list(path.at(), depth))?);
    Err(throw(format!(
        "updateManyAttrsByPath: Path '{whole}' needs to be updated, but path '{start}' of the given value is not an \
         attribute set, so we can't update an attribute inside of it."
    )))
}

/// `lib.attrsets.filterAttrsRecursive`: the attributes for which a predicate holds, also in the sets inside.
pub(super) fn filter_attrs_recursive(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    filter_level(ev, &a[0], &a[1])
}

fn filter_level(ev: &Evaluator, pred: &Slot, set: &Slot) -> Res<Value> {
    static INSIDE: Lazy = Lazy {
        name: "lib.filterAttrsRecursive",
        run: |ev, captures, _| match ev.force(&captures[1])? {
            v if v.is_attrs() => filter_level(ev, &captures[0], &captures[1]),
            v => Ok(v),
        },
    };
    let mut kept = AttrsBuilder::new();
    for e in entries(ev, set)? {
        let value = share(ev, e.slot)?;
        if holds(ev, pred, &[Value::symbol(e.name), value])? {
            let value = match peek(e.slot) {
                v if v.is_value() && !v.is_attrs() => v,
                _ => ev.delay_raw(&INSIDE, &[share(ev, pred)?, value])?,
            };
            kept.push(e.name, value);
        }
    }
    Ok(ev.mem.attrs(kept)?)
}

/// `lib.attrsets.collect`: the values inside nested sets for which a predicate holds.
pub(super) fn collect(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut found = Vec::new();
    collect_level(ev, &a[0], &a[1], &mut found)?;
    Ok(ev.mem.list(&found)?)
}

fn collect_level(ev: &Evaluator, pred: &Slot, value: &Slot, found: &mut Vec<Value>) -> Res<()> {
    let _depth = ev.enter(Pos::NONE)?;
    if holds(ev, pred, &[share(ev, value)?])? {
        found.push(share(ev, value)?);
    } else if ev.force(value)?.is_attrs() {
        for e in entries(ev, value)? {
            collect_level(ev, pred, e.slot, found)?;
        }
    }
    Ok(())
}

/// `path ++ [ name ]`
fn extended(ev: &Evaluator, path: &Slot, of: Sym) -> Res<Value> {
    let mut longer: Vec<Value> = ev.mem.items(peek(path)).iter().map(peek).collect();
    longer.push(Value::symbol(of));
    Ok(ev.mem.list(&longer)?)
}

/// An element of `mapAttrsRecursiveCond`: captures are the set, the path to it, `f`, and `cond` if there is one.
static RECURSE: Lazy = Lazy {
    name: "lib.mapAttrsRecursive",
    run: |ev, captures, i| {
        let e = own_entry(ev, captures, i)?;
        let path = extended(ev, &captures[1], e.name)?;
        let value = ev.force(e.slot)?;
        let inside = value.is_attrs()
            && match captures.get(3) {
                Some(cond) => holds(ev, cond, &[value])?,
                None => true,
            };
        if !inside {
            return apply(ev, &captures[2], &[path, value]);
        }
        let mut inner = vec![path];
        for capture in &captures[2..] {
            inner.push(share(ev, capture)?);
        }
        map_set(ev, &RECURSE, value, &inner)
    },
};

/// `lib.attrsets.mapAttrsRecursive`: a function of path and value applied to all leaves.
pub(super) fn map_attrs_recursive(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let set = attrs(ev, &a[1])?;
    map_set(ev, &RECURSE, set, &[Value::EMPTY_LIST, share(ev, &a[0])?])
}

/// `lib.attrsets.mapAttrsRecursiveCond`: the same, where sets that fail a condition are leaves too.
pub(super) fn map_attrs_recursive_cond(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let set = attrs(ev, &a[2])?;
    map_set(ev, &RECURSE, set, &[Value::EMPTY_LIST, share(ev, &a[1])?, share(ev, &a[0])?])
}

/// `lib.attrsets.mapAttrsToListRecursive`: a function of path and value applied to all leaves, as a list.
pub(super) fn map_attrs_to_list_recursive(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut made = Vec::new();
    leaves(ev, None, share(ev, &a[0])?, &slot(Value::EMPTY_LIST), &a[1], &mut made)?;
    Ok(ev.mem.list(&made)?)
}

/// `lib.attrsets.mapAttrsToListRecursiveCond`: the same, where sets that fail a condition are leaves too.
pub(super) fn map_attrs_to_list_recursive_cond(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut made = Vec::new();
    leaves(ev, Some(&a[0]), share(ev, &a[1])?, &slot(Value::EMPTY_LIST), &a[2], &mut made)?;
    Ok(ev.mem.list(&made)?)
}

fn leaves(
    ev: &Evaluator,
    pred: Option<&Slot>,
    f: Value,
    path: &Slot,
    set: &Slot,
    made: &mut Vec<Value>,
) -> Res<()> {
    let _depth = ev.enter(Pos::NONE)?;
    for e in entries(ev, set)? {
        let longer = extended(ev, path, e.name)?;
        let value = ev.force(e.slot)?;
        let inside = value.is_attrs() && pred.map_or(Ok(true), |p| holds(ev, p, &[longer, value]))?;
        if inside {
            leaves(ev, pred, f, &slot(longer), e.slot, made)?;
        } else {
            made.push(ev.delay_call(f, &[longer, value])?);
        }
    }
    Ok(())
}

/// Two sets as `zipAttrsWith` sees them: what only one has is as it is; `both` makes the value of what both have.
fn zip_two(
    ev: &Evaluator,
    lhs: Value,
    rhs: Value,
    mut both: impl FnMut(Sym, Value, Value) -> Res<Value>,
) -> Res<Value> {
    let (left, right) = (ev.mem.entries(lhs), ev.mem.entries(rhs));
    let mut made = AttrsBuilder::with_capacity(left.len() + right.len());
    let mut rest = left.iter().peekable();
    for r in &right {
        while let Some(l) = rest.next_if(|l| l.name < r.name) {
            made.push(l.name, ev.copy(l.slot)?);
        }
        let right = ev.copy(r.slot)?;
        match rest.next_if(|l| l.name == r.name) {
            Some(l) => made.push(r.name, both(r.name, share(ev, l.slot)?, right)?),
            None => made.push(r.name, right),
        }
    }
    for l in rest {
        made.push(l.name, ev.copy(l.slot)?);
    }
    Ok(ev.mem.attrs(made)?)
}

/// `lib.attrsets.recursiveUpdateUntil`: `//` that goes into sets until a predicate of path and values holds.
pub(super) fn recursive_update_until(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let rhs = attrs(ev, &a[2])?;
    let lhs = attrs(ev, &a[1])?;
    update_until(ev, share(ev, &a[0])?, Value::EMPTY_LIST, lhs, rhs)
}

fn update_until(ev: &Evaluator, pred: Value, path: Value, lhs: Value, rhs: Value) -> Res<Value> {
    static BOTH: Lazy = Lazy {
        name: "lib.recursiveUpdateUntil",
        run: |ev, c, _| {
            let args = ev.mem.share_all(&c[1..4])?;
            if truth(ev, apply(ev, &c[0], &args)?)? {
                return ev.force(&c[3]);
            }
            let rhs = attrs(ev, &c[3])?;
            let lhs = attrs(ev, &c[2])?;
            update_until(ev, share(ev, &c[0])?, peek(&c[1]), lhs, rhs)
        },
    };
    zip_two(ev, lhs, rhs, |of, l, r| ev.delay_raw(&BOTH, &[pred, extended(ev, &slot(path), of)?, l, r]))
}

/// `lib.attrsets.recursiveUpdate`: `//` that goes into sets.
pub(super) fn recursive_update(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let rhs = attrs(ev, &a[1])?;
    let lhs = attrs(ev, &a[0])?;
    update_deep(ev, lhs, rhs)
}

/// `lib.recursiveUpdate lhs rhs` of two forced sets.
pub(super) fn update_deep(ev: &Evaluator, lhs: Value, rhs: Value) -> Res<Value> {
    static BOTH: Lazy = Lazy {
        name: "lib.recursiveUpdate",
        run: |ev, c, _| {
            let lhs = ev.force(&c[0])?;
            let rhs = ev.force(&c[1])?;
            if lhs.is_attrs() && rhs.is_attrs() { update_deep(ev, lhs, rhs) } else { Ok(rhs) }
        },
    };
    zip_two(ev, lhs, rhs, |_, l, r| match (l, r) {
        (l, r) if l.is_value() && !l.is_attrs() => Ok(r),
        (_, r) if r.is_value() && !r.is_attrs() && l.is_value() => Ok(r),
        (l, r) => ev.delay_raw(&BOTH, &[l, r]),
    })
}
