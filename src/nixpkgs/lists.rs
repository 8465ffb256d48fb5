//! `lib.lists`: functions about lists. Sorting and ordering are in `lists_order`, what looks for equal elements in
//! `lists_members`.

use super::attrsets::map_set;
use super::lists_members as members;
use super::lists_order as order;
use super::trivial::warn;
use crate::eval::{Builtin, Error, Evaluator, Lazy, Res};
use crate::heap::Slot;
use crate::native::{
    Entry, Table, apply, boolean, builtin, call_builtin, callable, computed, concat_map, entries, filter,
    function, holds, integer, items, lazy_list, list, map_slots, set_of, share, throw,
};
use crate::source::Pos;
use crate::value::{Value, peek, slot};

pub(super) use super::lists_members::subtract;

/// `lib.lists`
pub static TABLE: Table = Table { namespace: "lists", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    builtin("all").top(),
    builtin("any").top(),
    builtin("concatLists").top(),
    builtin("concatMap").top(),
    builtin("elem").top(),
    builtin("elemAt").top(),
    builtin("filter").top(),
    builtin("genList").top(),
    builtin("groupBy").top(),
    builtin("head").top(),
    builtin("isList").top(),
    builtin("length").top(),
    builtin("map").top(),
    builtin("partition").top(),
    builtin("sort").top(),
    builtin("tail").top(),
    function("singleton", &["x"], singleton).top(),
    function("forEach", &["xs", "f"], |ev, a, _| map_slots(ev, &a[1], &a[0])).top(),
    function("foldr", &["op", "nul", "list"], foldr).top(),
    computed("fold", fold).top(),
    function("foldl", &["op", "nul", "list"], foldl).top(),
    function("foldl'", &["op", "acc", "list"], foldl_strict).top(),
    function("imap0", &["f", "list"], |ev, a, _| imap(ev, &a[0], &a[1], 0)).top(),
    function("imap1", &["f", "list"], |ev, a, _| imap(ev, &a[0], &a[1], 1)).top(),
    function("ifilter0", &["ipred", "input"], ifilter0).top(),
    function("flatten", &["x"], flatten).top(),
    function("remove", &["e", "list"], members::remove).top(),
    function("findSingle", &["pred", "default", "multiple", "list"], find_single).top(),
    function("findFirstIndex", &["pred", "default", "list"], find_first_index),
    function("findFirst", &["pred", "default", "list"], find_first).top(),
    function("count", &["pred", "list"], count).top(),
    function("optional", &["cond", "elem"], optional).top(),
    function("optionals", &["cond", "elems"], optionals).top(),
    function("toList", &["x"], to_list).top(),
    function("range", &["first", "last"], range).top(),
    function("replicate", &["n", "elem"], replicate).top(),
    function("groupBy'", &["op", "nul", "pred", "lst"], group_by_prime).top(),
    function("zipListsWith", &["f", "fst", "snd"], zip_lists_with).top(),
    function("zipLists", &["fst", "snd"], zip_lists).top(),
    function("reverseList", &["xs"], reverse_list).top(),
    function("listDfs", &["stopOnCycles", "before", "list"], order::list_dfs).top(),
    function("toposort", &["before", "list"], order::toposort).top(),
    function("sortOn", &["f", "list"], order::sort_on).top(),
    function("compareLists", &["cmp", "a", "b"], order::compare_lists).top(),
    function("naturalSort", &["lst"], order::natural_sort).top(),
    function("take", &["count", "list"], take).top(),
    function("takeEnd", &["count", "list"], take_end).top(),
    function("drop", &["count", "list"], drop).top(),
    function("dropEnd", &["n", "list"], drop_end).top(),
    function("hasPrefix", &["list1", "list2"], has_prefix),
    function("removePrefix", &["list1", "list2"], remove_prefix),
    function("sublist", &["start", "count", "list"], sublist).top(),
    function("commonPrefix", &["list1", "list2"], common_prefix),
    function("last", &["list"], last).top(),
    function("init", &["list"], init).top(),
    function("crossLists", &["f", "lists"], cross_lists).top(),
    function("unique", &["list"], members::unique).top(),
    function("uniqueStrings", &["list"], members::unique_strings).top(),
    function("allUnique", &["list"], members::all_unique).top(),
    function("intersectLists", &["e", "list"], members::intersect_lists).top(),
    function("subtractLists", &["e", "list"], members::subtract_lists).top(),
    function("mutuallyExclusive", &["a", "b"], members::mutually_exclusive).top(),
    function("concatAttrValues", &["set"], concat_attr_values).top(),
    function("replaceElemAt", &["list", "idx", "newElem"], replace_elem_at).top(),
];

/// `lib.lists.singleton`: the list of one element.
fn singleton(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    Ok(ev.mem.list(&[share(ev, &a[0])?])?)
}

/// `lib.lists.foldr`: a lazy fold from the right.
fn foldr(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let of = slot(list(ev, &a[2])?);
    fold_right(ev, &[slot(share(ev, &a[0])?), slot(share(ev, &a[1])?), of], 0)
}

/// The fold of the elements from `from` on; `c` holds the function, the end and the forced list.
fn fold_right(ev: &Evaluator, c: &[Slot], from: usize) -> Res<Value> {
    static REST: Lazy = Lazy {
        name: "lib.foldr",
        run: |ev, captures, i| {
            let _depth = ev.enter(Pos::NONE)?;
            fold_right(ev, captures, i)
        },
    };
    let Some(item) = ev.mem.items(peek(&c[2])).get(from) else {
        return ev.force(&c[1]);
    };
    let captures = ev.mem.share_all(c)?;
    let rest = Value::native(from + 1, ev.delays_raw(&REST, &captures)?);
    apply(ev, &c[0], &[ev.copy(item)?, rest])
}

/// `lib.lists.fold`: deprecated name of `foldr`.
fn fold(ev: &Evaluator) -> Res<Value> {
    static FOLDR: Builtin = Builtin::hidden("foldr", &["op", "nul", "list"], foldr);
    warn(ev, "fold has been deprecated, use foldr instead", ev.builtin(&FOLDR))
}

/// `lib.lists.foldl`: a lazy fold from the left.
fn foldl(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let of = list(ev, &a[2])?;
    let parts = [slot(share(ev, &a[0])?), slot(share(ev, &a[1])?), slot(of)];
    fold_left(ev, &parts, of.list_len())
}

/// The fold of the first `n` elements; `c` is as for [`fold_right`].
fn fold_left(ev: &Evaluator, c: &[Slot], n: usize) -> Res<Value> {
    static START: Lazy = Lazy {
        name: "lib.foldl",
        run: |ev, captures, i| {
            let _depth = ev.enter(Pos::NONE)?;
            fold_left(ev, captures, i)
        },
    };
    if n == 0 {
        return ev.force(&c[1]);
    }
    let captures = ev.mem.share_all(c)?;
    let start = Value::native(n - 1, ev.delays_raw(&START, &captures)?);
    apply(ev, &c[0], &[start, ev.copy(&ev.mem.items(peek(&c[2]))[n - 1])?])
}

/// `lib.lists.foldl'`: a strict fold from the left, of a start value that is forced too.
fn foldl_strict(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut value = ev.force(&a[1])?;
    let op = callable(ev, &a[0])?;
    for item in items(ev, &a[2])? {
        value = ev.call(op, &[value, share(ev, item)?], Pos::NONE)?;
    }
    Ok(value)
}

/// `lib.lists.imap0`, `imap1`: a function applied to each element and its number.
pub(super) fn imap(ev: &Evaluator, f: &Slot, of: &Slot, first: i64) -> Res<Value> {
    static ELEMENT: Lazy = Lazy {
        name: "lib.imap",
        run: |ev, c, i| {
            let number = ev.mem.int(i as i64 + peek(&c[2]).as_small_int())?;
            apply(ev, &c[0], &[number, share(ev, &ev.mem.items(peek(&c[1]))[i])?])
        },
    };
    let of = list(ev, of)?;
    lazy_list(ev, &ELEMENT, &[share(ev, f)?, of, ev.mem.int(first)?], of.list_len())
}

/// `lib.lists.ifilter0`: the elements for which a predicate of number and element holds.
fn ifilter0(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut i = 0;
    filter(ev, list(ev, &a[1])?, |item| {
        i += 1;
        holds(ev, &a[0], &[ev.mem.int(i - 1)?, share(ev, item)?])
    })
}

/// `lib.lists.flatten`: the elements of nested lists in one list.
fn flatten(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    flat(ev, &a[0])
}

/// `lib.flatten x`
pub(super) fn flat(ev: &Evaluator, x: &Slot) -> Res<Value> {
    fn collect(ev: &Evaluator, x: &Slot, found: &mut Vec<Value>) -> Res<()> {
        let _depth = ev.enter(Pos::NONE)?;
        let v = ev.force(x)?;
        if !v.is_list() {
            found.push(v);
            return Ok(());
        }
        ev.mem.items(v).iter().try_for_each(|item| collect(ev, item, found))
    }
    let mut found = Vec::new();
    collect(ev, x, &mut found)?;
    Ok(ev.mem.list(&found)?)
}

/// `lib.lists.findSingle`: the only element for which a predicate holds.
fn find_single(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut found = Vec::new();
    let all = items(ev, &a[3])?;
    if !all.is_empty() {
        callable(ev, &a[0])?;
    }
    for item in all {
        if holds(ev, &a[0], &[share(ev, item)?])? {
            found.push(item);
        }
    }
    match found[..] {
        [] => ev.force(&a[1]),
        [only] => ev.force(only),
        _ => ev.force(&a[2]),
    }
}

fn first_index(ev: &Evaluator, pred: &Slot, of: &Slot) -> Res<Option<usize>> {
    for (i, item) in items(ev, of)?.iter().enumerate() {
        if holds(ev, pred, &[share(ev, item)?])? {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

/// `lib.lists.findFirstIndex`: the number of the first element for which a predicate holds.
fn find_first_index(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    match first_index(ev, &a[0], &a[2])? {
        Some(i) => Ok(ev.mem.int(i as i64)?),
        None => ev.force(&a[1]),
    }
}

/// `lib.lists.findFirst`: the first element for which a predicate holds.
fn find_first(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    match first_index(ev, &a[0], &a[2])? {
        Some(i) => ev.force(&items(ev, &a[2])?[i]),
        None => ev.force(&a[1]),
    }
}

/// `lib.lists.count`: how many elements fulfil a predicate.
fn count(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut n = 0;
    for item in items(ev, &a[1])? {
        n += i64::from(holds(ev, &a[0], &[share(ev, item)?])?);
    }
    Ok(ev.mem.int(n)?)
}

/// `lib.lists.optional`: the list of one element if a condition holds, else the empty one.
fn optional(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    if boolean(ev, &a[0])? { singleton(ev, &a[1..], pos) } else { Ok(Value::EMPTY_LIST) }
}

/// `lib.lists.optionals`: a list if a condition holds, else the empty one.
fn optionals(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    if boolean(ev, &a[0])? { ev.force(&a[1]) } else { Ok(Value::EMPTY_LIST) }
}

/// `lib.lists.toList`: lists as they are, other values as lists of one element.
fn to_list(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    as_list(ev, &a[0])
}

/// `lib.toList x`
pub(super) fn as_list(ev: &Evaluator, x: &Slot) -> Res<Value> {
    let v = ev.force(x)?;
    if v.is_list() { Ok(v) } else { Ok(ev.mem.list(&[v])?) }
}

/// `lib.lists.range`: the numbers from one to another.
fn range(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    if ev.less_than(&a[1], &a[0], pos, "")? {
        return Ok(Value::EMPTY_LIST);
    }
    let (first, last) = (peek(&a[0]), peek(&a[1]));
    let len = ev.add(ev.subtract(last, first)?, ev.mem.int(1)?)?;
    let len = list_size(integer(ev, &slot(len))?)?;
    let numbers: Vec<Value> = (0..len).map(|i| ev.add(first, ev.mem.int(i as i64)?)).collect::<Res<_>>()?;
    Ok(ev.mem.list(&numbers)?)
}

/// The size of a list that `genList` is to make.
pub(super) fn list_size(n: i64) -> Res<usize> {
    usize::try_from(n).map_err(|_| Error::eval(format!("cannot create list of size {n}")))
}

/// `lib.lists.replicate`: a list of one value many times.
fn replicate(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let n = list_size(integer(ev, &a[0])?)?;
    let value = ev.copy(&a[1])?;
    if !value.is_function() {
        return Ok(ev.mem.list_from(n, std::iter::repeat_n(value, n))?);
    }
    let values: Vec<Value> = (0..n).map(|_| Ok(ev.mem.own(value)?)).collect::<Res<_>>()?;
    Ok(ev.mem.list(&values)?)
}

/// `lib.lists.groupBy'`: folds the elements of each group.
fn group_by_prime(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static GROUP: Lazy = Lazy {
        name: "lib.groupBy'",
        run: |ev, c, i| {
            let group = super::attrsets::own_entry(ev, c, i)?;
            let args = [slot(share(ev, &c[1])?), slot(share(ev, &c[2])?), slot(share(ev, group.slot)?)];
            foldl(ev, &args, Pos::NONE)
        },
    };
    let groups = call_builtin(ev, "groupBy", &ev.mem.share_all(&a[2..])?)?;
    map_set(ev, &GROUP, groups, &ev.mem.share_all(&a[..2])?)
}

/// `lib.lists.zipListsWith`: a function applied to the elements of two lists side by side.
fn zip_lists_with(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static ELEMENT: Lazy = Lazy {
        name: "lib.zipListsWith",
        run: |ev, c, i| {
            let element = |list: &Slot| ev.copy(&ev.mem.items(peek(list))[i]);
            apply(ev, &c[0], &[element(&c[1])?, element(&c[2])?])
        },
    };
    let (fst, snd) = (list(ev, &a[1])?, list(ev, &a[2])?);
    let len = fst.list_len().min(snd.list_len());
    lazy_list(ev, &ELEMENT, &[share(ev, &a[0])?, fst, snd], len)
}

/// `lib.lists.zipLists`: the elements of two lists side by side, in sets.
fn zip_lists(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut pairs = Vec::new();
    for (fst, snd) in items(ev, &a[0])?.iter().zip(items(ev, &a[1])?) {
        pairs.push(set_of(ev, &[("fst", ev.copy(fst)?), ("snd", ev.copy(snd)?)])?);
    }
    Ok(ev.mem.list(&pairs)?)
}

/// `lib.lists.reverseList`: a list the other way round.
fn reverse_list(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let reversed: Vec<Value> =
        items(ev, &a[0])?.iter().rev().map(|item| ev.copy(item)).collect::<Res<_>>()?;
    Ok(ev.mem.list(&reversed)?)
}

/// `genList (n: elemAt list (n + start)) len`: a part of a list, in which places outside of it are errors.
fn part(ev: &Evaluator, of: Value, start: i64, len: i64) -> Res<Value> {
    static ELEMENT: Lazy = Lazy {
        name: "lib.sublist",
        run: |ev, c, i| {
            let (list, at) = (peek(&c[0]), i as i64 + peek(&c[1]).as_small_int());
            match usize::try_from(at).ok().and_then(|at| ev.mem.items(list).get(at)) {
                Some(item) => ev.force(item),
                None => {
                    let size = list.list_len();
                    Err(Error::eval(format!(
                        "'builtins.elemAt' called with index {at} on a list of size {size}"
                    )))
                }
            }
        },
    };
    let len = list_size(len)?;
    match usize::try_from(start) {
        Ok(from) if from + len <= of.list_len() => Ok(Value::list(of.at() + from as u32, len)),
        _ => lazy_list(ev, &ELEMENT, &[of, ev.mem.int(start)?], len),
    }
}

/// Whether a number given by the user is greater than a length; it may be of any type that has an order.
fn exceeds(ev: &Evaluator, n: &Slot, len: usize) -> Res<bool> {
    ev.less_than(&slot(ev.mem.int(len as i64)?), n, Pos::NONE, "")
}

/// `len - n`, which must be an integer to be of use.
fn minus(ev: &Evaluator, len: usize, n: &Slot) -> Res<i64> {
    let difference = ev.subtract(ev.mem.int(len as i64)?, ev.force(n)?)?;
    integer(ev, &slot(difference))
}

/// `lib.lists.take`: the first elements.
fn take(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let of = list(ev, &a[1])?;
    match exceeds(ev, &a[0], of.list_len())? {
        true => Ok(of),
        false => part(ev, of, 0, integer(ev, &a[0])?),
    }
}

/// `lib.lists.takeEnd`: the last elements.
fn take_end(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let of = list(ev, &a[1])?;
    let len = of.list_len();
    if exceeds(ev, &a[0], len)? {
        return Ok(of);
    }
    let start = minus(ev, len, &a[0])?;
    if start > len as i64 { Ok(Value::EMPTY_LIST) } else { part(ev, of, start, len as i64 - start) }
}

/// `lib.lists.drop`: all but the first elements.
fn drop(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let of = list(ev, &a[1])?;
    let len = of.list_len();
    if exceeds(ev, &a[0], len)? {
        return Ok(Value::EMPTY_LIST);
    }
    let rest = minus(ev, len, &a[0])?;
    part(ev, of, integer(ev, &a[0])?, rest)
}

/// `lib.lists.dropEnd`: all but the last elements.
fn drop_end(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let of = list(ev, &a[1])?;
    let len = of.list_len();
    if exceeds(ev, &a[0], len)? {
        return Ok(Value::EMPTY_LIST);
    }
    if ev.less_than(&a[0], &slot(ev.mem.int(0)?), Pos::NONE, "")? {
        return Ok(of);
    }
    part(ev, of, 0, minus(ev, len, &a[0])?)
}

/// `lib.lists.hasPrefix`: whether a list starts with the elements of another.
fn has_prefix(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    Ok(Value::bool(starts_with(ev, &a[0], &a[1])?))
}

fn starts_with(ev: &Evaluator, prefix: &Slot, of: &Slot) -> Res<bool> {
    let of = list(ev, of)?;
    let prefix = list(ev, prefix)?;
    let n = prefix.list_len();
    let start = if n > of.list_len() { of } else { Value::list(of.at(), n) };
    ev.equal_values(start, prefix, Pos::NONE)
}

/// `lib.lists.removePrefix`: a list without the elements it must start with.
fn remove_prefix(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    if !starts_with(ev, &a[0], &a[1])? {
        let message = "lib.lists.removePrefix: First argument is not a list prefix of the second argument";
        return Err(throw(message));
    }
    let n = ev.mem.int(list(ev, &a[0])?.list_len() as i64)?;
    drop(ev, &[slot(n), slot(share(ev, &a[1])?)], pos)
}

/// `lib.lists.sublist`: some elements from a place on.
fn sublist(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let start = ev.force(&a[0])?;
    let of = list(ev, &a[2])?;
    let len = of.list_len();
    let all = slot(ev.mem.int(len as i64)?);
    if !ev.less_than(&a[0], &all, Pos::NONE, "")? {
        return Ok(Value::EMPTY_LIST);
    }
    let end = ev.plus(start, &a[1])?;
    let n = match ev.less_than(&all, &slot(end), Pos::NONE, "")? {
        true => minus(ev, len, &a[0])?,
        false => integer(ev, &a[1])?,
    };
    part(ev, of, integer(ev, &a[0])?, n)
}

/// `lib.lists.commonPrefix`: the elements that two lists start with.
fn common_prefix(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let (x, y) = (list(ev, &a[0])?, list(ev, &a[1])?);
    let mut n = 0;
    for (p, q) in ev.mem.items(x).iter().zip(ev.mem.items(y)) {
        if !ev.equal(p, q, Pos::NONE)? {
            break;
        }
        n += 1;
    }
    Ok(Value::list(x.at(), n))
}

fn not_empty(ev: &Evaluator, of: &Slot, name: &str) -> Res<Value> {
    let of = list(ev, of)?;
    match of.list_len() {
        0 => Err(throw(format!("lists.{name}: list must not be empty!"))),
        _ => Ok(of),
    }
}

/// `lib.lists.last`: the last element.
fn last(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let of = not_empty(ev, &a[0], "last")?;
    ev.force(&ev.mem.items(of)[of.list_len() - 1])
}

/// `lib.lists.init`: all but the last element.
fn init(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let of = not_empty(ev, &a[0], "init")?;
    Ok(Value::list(of.at(), of.list_len() - 1))
}

/// `lib.lists.crossLists`: a function applied to all combinations of the elements of several lists.
fn cross_lists(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut functions = ev.mem.list(&[share(ev, &a[0])?])?;
    for args in items(ev, &a[1])? {
        functions = concat_map(ev, ev.mem.items(functions), |f| map_slots(ev, f, args))?;
    }
    Ok(functions)
}

/// `lib.lists.concatAttrValues`: the elements of all lists in a set.
fn concat_attr_values(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let lists: Vec<Value> = entries(ev, &a[0])?.iter().map(|e| list(ev, e.slot)).collect::<Res<_>>()?;
    Ok(ev.mem.concat_lists(&lists)?)
}

/// `lib.lists.replaceElemAt`: a list with another element in one place.
fn replace_elem_at(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let zero = slot(ev.mem.int(0)?);
    let negative = ev.less_than(&a[1], &zero, pos, "")?;
    let of = list(ev, &a[0])?;
    let size = of.list_len();
    if negative || !ev.less_than(&a[1], &slot(ev.mem.int(size as i64)?), pos, "")? {
        let index = ev.mem.text(crate::native::to_string(ev, &a[1])?);
        let index = crate::native::lossy(index);
        return Err(throw(format!(
            "'lists.replaceElemAt' called with index {index} on a list of size {size}"
        )));
    }
    let (index, new) = (ev.mem.as_int(peek(&a[1])), share(ev, &a[2])?);
    let mut made = ev.mem.share_all(ev.mem.items(of))?;
    if let Some(place) = index.and_then(|i| made.get_mut(i as usize)) {
        *place = new;
    }
    Ok(ev.mem.list(&made)?)
}
