//! Lists without duplicates: `uniqList` and `uniqListExt`.

use crate::eval::{Evaluator, Formals, Res, exactly};
use crate::heap::Slot;
use crate::native::{attr, get, holds, items, list, share};
use crate::source::Pos;
use crate::value::{Value, slot};

/// The pattern of `uniqList`.
pub(super) const UNIQUE: Formals =
    Formals { arg: 0, names: &[("inputList", false), ("acc", true)], ellipsis: false };

/// The elements that equal no earlier one and none of `seen`; compared newest first, as in nixpkgs.
pub(super) fn unique(ev: &Evaluator, from: &[Slot], seen: Value) -> Res<Vec<Value>> {
    let mut seen = ev.mem.share_all(ev.mem.items(seen))?;
    seen.reverse();
    let mut kept = Vec::new();
    for item in from {
        let mut known = false;
        for other in seen.iter().rev() {
            if ev.equal(item, &slot(*other), Pos::NONE)? {
                known = true;
                break;
            }
        }
        if !known {
            let item = share(ev, item)?;
            seen.push(item);
            kept.push(item);
        }
    }
    Ok(kept)
}

/// `lib.misc.uniqList`: a list without duplicates and without the elements of another.
pub(super) fn uniq_list(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [args] = exactly(args);
    let args = ev.force_formals("uniqList", args, &UNIQUE, pos)?;
    let input = items(ev, attr(ev, args, "inputList")?)?;
    let seen = get(ev, args, "acc").map_or(Ok(Value::EMPTY_LIST), |s| list(ev, s))?;
    Ok(ev.mem.list(&unique(ev, input, seen)?)?)
}

/// The pattern of `uniqListExt`.
pub(super) const UNIQUE_EXT: Formals = Formals {
    arg: 0,
    names: &[("inputList", false), ("outputList", true), ("getter", true), ("compare", true)],
    ellipsis: false,
};

/// `lib.misc.uniqListExt`: the same with a custom comparison of a function of the elements.
pub(super) fn uniq_list_ext(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [args] = exactly(args);
    let args = ev.force_formals("uniqListExt", args, &UNIQUE_EXT, pos)?;
    let getter = get(ev, args, "getter");
    let key = |x: Value| match getter {
        Some(f) => ev.delay_call(share(ev, f)?, &[x]),
        None => Ok(x),
    };
    let mut output = match get(ev, args, "outputList") {
        Some(output) => ev.mem.share_all(items(ev, output)?)?,
        None => Vec::new(),
    };
    for item in items(ev, attr(ev, args, "inputList")?)? {
        let x = share(ev, item)?;
        let mut known = false;
        for y in &output {
            let same = match get(ev, args, "compare") {
                Some(compare) => holds(ev, compare, &[key(*y)?, key(x)?])?,
                None => ev.equal(&slot(key(*y)?), &slot(key(x)?), Pos::NONE)?,
            };
            if same {
                known = true;
                break;
            }
        }
        if !known {
            output.push(x);
        }
    }
    Ok(ev.mem.list(&output)?)
}
