//! Built-ins on lists.

use super::sorting::merge_sort;
use crate::eval::{Builtin, Error, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{AttrsBuilder, Tag, Value, peek, slot};

/// The built-ins of this topic.
pub static TABLE: &[Builtin] = &[
    Builtin::new("length", &["e"], "The number of elements of a list.", |ev, args, pos| {
        let [e] = exactly(args);
        let list = ev.force_list(e, pos, "while evaluating the first argument passed to builtins.length")?;
        Ok(ev.mem.int(list.list_len() as i64)?)
    }),
    Builtin::new("head", &["list"], "The first element of a list.", |ev, args, pos| {
        let [list] = exactly(args);
        let list =
            ev.force_list(list, pos, "while evaluating the first argument passed to 'builtins.head'")?;
        match ev.mem.items(list).first() {
            Some(first) => ev.force_at(first, pos),
            None => Err(Error::eval("'builtins.head' called on an empty list")),
        }
    }),
    Builtin::new("tail", &["list"], "A list without its first element.", |ev, args, pos| {
        let [list] = exactly(args);
        let list =
            ev.force_list(list, pos, "while evaluating the first argument passed to 'builtins.tail'")?;
        match list.list_len() {
            0 => Err(Error::eval("'builtins.tail' called on an empty list")),
            n => Ok(Value::list(list.at() + 1, n - 1)),
        }
    }),
    Builtin::new("elemAt", &["xs", "n"], "Element n of a list, counting from 0.", elem_at),
    Builtin::new("elem", &["x", "xs"], "Whether a value is in a list.", |ev, args, pos| {
        let [x, xs] = exactly(args);
        let list = ev.force_list(xs, pos, "while evaluating the second argument passed to builtins.elem")?;
        for item in ev.mem.items(list) {
            if ev.equal(x, item, pos)? {
                return Ok(Value::TRUE);
            }
        }
        Ok(Value::FALSE)
    }),
    Builtin::new("map", &["f", "list"], "The results of a function for each element.", map),
    Builtin::new("filter", &["f", "list"], "The elements for which a predicate holds.", filter),
    Builtin::new("foldl'", &["op", "nul", "list"], "Folds a list from the left, strictly.", foldl),
    Builtin::new("any", &["pred", "list"], "Whether a predicate holds for some element.", |ev, args, pos| {
        any_all(ev, args, pos, true)
    }),
    Builtin::new("all", &["pred", "list"], "Whether a predicate holds for all elements.", |ev, args, pos| {
        any_all(ev, args, pos, false)
    }),
    Builtin::new("genList", &["generator", "length"], "The results of a function for 0, 1, ….", gen_list),
    Builtin::new("concatLists", &["lists"], "The concatenation of several lists.", concat_lists),
    Builtin::new("concatMap", &["f", "list"], "The lists that a function returns, joined.", concat_map),
    Builtin::new("sort", &["comparator", "list"], "A sorted list; equal elements keep their order.", sort),
    Builtin::new(
        "partition",
        &["pred", "list"],
        "The elements for which a predicate holds, and the others.",
        partition,
    ),
    Builtin::new("groupBy", &["f", "list"], "The elements, grouped by a function.", group_by),
];

fn elem_at(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [xs, n] = exactly(args);
    let n = ev.force_int(n, pos, "while evaluating the second argument passed to 'builtins.elemAt'")?;
    let list = ev.force_list(xs, pos, "while evaluating the first argument passed to 'builtins.elemAt'")?;
    match usize::try_from(n).ok().and_then(|i| ev.mem.items(list).get(i)) {
        Some(item) => ev.force_at(item, pos),
        None => {
            let size = list.list_len();
            Err(Error::eval(format!("'builtins.elemAt' called with index {n} on a list of size {size}")))
        }
    }
}

suspended! {
    /// `map f list`
    struct Map { f, list } []
}

impl Map<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let pos = ev.asked_at();
        let f = ev.force_at(self.f, pos)?;
        ev.call1(f, &ev.mem.items(peek(self.list))[index], pos)
    }
}

/// A list whose element `i` is `f` of element `i`, computed on demand.
pub fn map_list(ev: &Evaluator, f: Value, list: Value) -> Res<Value> {
    let n = list.list_len();
    if n == 0 {
        return Ok(Value::EMPTY_LIST);
    }
    let at = ev.applications(Map { f, list })?;
    Ok(ev.mem.list_from(n, (0..n).map(|i| Value::native(i, at)))?)
}

fn map(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [f, list] = exactly(args);
    let list = ev.force_list(list, pos, "while evaluating the second argument passed to builtins.map")?;
    if list.list_len() == 0 {
        return Ok(list);
    }
    let f = ev.force_function(f, pos, "while evaluating the first argument passed to builtins.map")?;
    map_list(ev, f, list)
}

fn filter(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [f, list] = exactly(args);
    let list = ev.force_list(list, pos, "while evaluating the second argument passed to builtins.filter")?;
    if list.list_len() == 0 {
        return Ok(list);
    }
    let f = ev.force_function(f, pos, "while evaluating the first argument passed to builtins.filter")?;
    let doing = "while evaluating the return value of the filtering function passed to builtins.filter";
    let items = ev.mem.items(list);
    let mut kept = Vec::with_capacity(items.len());
    for item in items {
        let keep = slot(ev.call1(f, item, pos)?);
        if ev.force_bool(&keep, pos, doing)? {
            kept.push(ev.mem.share(item)?);
        }
    }
    if kept.len() == items.len() {
        return Ok(list);
    }
    Ok(ev.mem.list(&kept)?)
}

fn foldl(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [op, nul, list] = exactly(args);
    let f =
        ev.force_function(op, pos, "while evaluating the first argument passed to builtins.foldlStrict")?;
    let list =
        ev.force_list(list, pos, "while evaluating the third argument passed to builtins.foldlStrict")?;
    let items = ev.mem.items(list);
    let Some((first, rest)) = items.split_first() else {
        return ev.force_at(nul, pos);
    };
    let mut acc = ev.call(f, &[ev.mem.share(nul)?, ev.mem.share(first)?], pos)?;
    for item in rest {
        if acc.is_function() {
            acc = ev.mem.own(acc)?;
        }
        acc = ev.call(f, &[acc, ev.mem.share(item)?], pos)?;
    }
    Ok(acc)
}

fn any_all(ev: &Evaluator, args: &[Slot], pos: Pos, any: bool) -> Res<Value> {
    let doing = match any {
        true => [
            "while evaluating the first argument passed to builtins.any",
            "while evaluating the second argument passed to builtins.any",
            "while evaluating the return value of the function passed to builtins.any",
        ],
        false => [
            "while evaluating the first argument passed to builtins.all",
            "while evaluating the second argument passed to builtins.all",
            "while evaluating the return value of the function passed to builtins.all",
        ],
    };
    let [doing_f, doing_list, doing_call] = doing;
    let [f, list] = exactly(args);
    let f = ev.force_function(f, pos, doing_f)?;
    let list = ev.force_list(list, pos, doing_list)?;
    for item in ev.mem.items(list) {
        let holds = slot(ev.call1(f, item, pos)?);
        if ev.force_bool(&holds, pos, doing_call)? == any {
            return Ok(Value::bool(any));
        }
    }
    Ok(Value::bool(!any))
}

suspended! {
    /// `genList f`
    struct Generated { f } []
}

impl Generated<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let pos = ev.asked_at();
        let f = ev.force_at(self.f, pos)?;
        ev.call(f, &[ev.mem.int(index as i64)?], pos)
    }
}

fn gen_list(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [generator, length] = exactly(args);
    let n = ev.force_int(length, pos, "while evaluating the second argument passed to builtins.genList")?;
    let too_long = || Error::eval(format!("cannot create list of size {n}"));
    if n < 0 {
        return Err(too_long());
    }
    let f =
        ev.force_function(generator, pos, "while evaluating the first argument passed to builtins.genList")?;
    let len = usize::try_from(n).ok().filter(|n| *n <= crate::heap::MAX_28).ok_or_else(too_long)?;
    if len == 0 {
        return Ok(Value::EMPTY_LIST);
    }
    let at = ev.applications(Generated { f })?;
    Ok(ev.mem.list_from(len, (0..len).map(|i| Value::native(i, at)))?)
}

fn concat_lists(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [lists] = exactly(args);
    let lists =
        ev.force_list(lists, pos, "while evaluating the first argument passed to builtins.concatLists")?;
    let doing = "while evaluating a value of the list passed to builtins.concatLists";
    let lists = ev.mem.items(lists).iter().map(|l| ev.force_list(l, pos, doing));
    Ok(ev.mem.concat_lists(&lists.collect::<Res<Vec<_>>>()?)?)
}

fn concat_map(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [f, list] = exactly(args);
    let f = ev.force_function(f, pos, "while evaluating the first argument passed to builtins.concatMap")?;
    let list =
        ev.force_list(list, pos, "while evaluating the second argument passed to builtins.concatMap")?;
    let doing = "while evaluating the return value of the function passed to builtins.concatMap";
    let lists = ev.mem.items(list).iter().map(|item| {
        let made = slot(ev.call1(f, item, pos)?);
        let natural = ev.natural_pos(peek(&made));
        let has_none = !natural.is_some() && !peek(&made).is_attrs();
        ev.force_list(&made, if has_none { ev.natural_pos(f) } else { natural }, doing)
    });
    Ok(ev.mem.concat_lists(&lists.collect::<Res<Vec<_>>>()?)?)
}

fn sort(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [comparator, list] = exactly(args);
    let list = ev.force_list(list, pos, "while evaluating the second argument passed to builtins.sort")?;
    if list.list_len() == 0 {
        return Ok(list);
    }
    let f =
        ev.force_function(comparator, pos, "while evaluating the first argument passed to builtins.sort")?;
    let mut items = Vec::with_capacity(list.list_len());
    for item in ev.mem.items(list) {
        ev.force_at(item, pos)?;
        items.push(peek(item));
    }
    let f = ev.mem.bare(f);
    let is_less_than = f.tag() == Tag::Builtin && ev.builtin_of(f).name == "lessThan";
    let sorted = if is_less_than {
        if let Some(sorted) = sort_small_ints(&items) {
            sorted
        } else {
            let doing = "while evaluating the ordering function passed to builtins.sort";
            merge_sort(items, &mut |a, b| ev.less_than(&slot(a), &slot(b), pos, doing))?
        }
    } else {
        let doing = "while evaluating the return value of the sorting function passed to builtins.sort";
        merge_sort(items, &mut |a, b| {
            let less = slot(ev.call(f, &[a, b], pos)?);
            ev.force_bool(&less, pos, doing)
        })?
    };
    Ok(ev.mem.list(&sorted)?)
}

/// Sorts integers that fit a word by their words, which have the same order.
fn sort_small_ints(items: &[Value]) -> Option<Vec<Value>> {
    let ints = items.iter().all(|v| v.tag() == Tag::Int);
    ints.then(|| {
        let mut items = items.to_vec();
        items.sort_by_key(|v| v.as_small_int());
        items
    })
}

fn partition(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [pred, list] = exactly(args);
    let f =
        ev.force_function(pred, pos, "while evaluating the first argument passed to builtins.partition")?;
    let list =
        ev.force_list(list, pos, "while evaluating the second argument passed to builtins.partition")?;
    let doing = "while evaluating the return value of the partition function passed to builtins.partition";
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    for item in ev.mem.items(list) {
        ev.force_at(item, pos)?;
        let holds = slot(ev.call1(f, item, pos)?);
        if ev.force_bool(&holds, pos, doing)? { &mut right } else { &mut wrong }.push(peek(item));
    }
    let mut set = AttrsBuilder::with_capacity(2);
    set.push(sym!("right"), ev.mem.list(&right)?);
    set.push(sym!("wrong"), ev.mem.list(&wrong)?);
    Ok(ev.mem.attrs(set)?)
}

fn group_by(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [f, list] = exactly(args);
    let f = ev.force_function(f, pos, "while evaluating the first argument passed to builtins.groupBy")?;
    let list = ev.force_list(list, pos, "while evaluating the second argument passed to builtins.groupBy")?;
    let doing = "while evaluating the return value of the grouping function passed to builtins.groupBy";
    let mut groups: hashbrown::HashMap<crate::heap::Sym, Vec<Value>> = hashbrown::HashMap::new();
    for item in ev.mem.items(list) {
        let name = slot(ev.call1(f, item, pos)?);
        let name = ev.force_name(&name, pos, doing)?;
        groups.entry(name).or_default().push(ev.mem.share(item)?);
    }
    let mut set = AttrsBuilder::with_capacity(groups.len());
    for (name, items) in groups {
        set.push(name, ev.mem.list(&items)?);
    }
    Ok(ev.mem.attrs(set)?)
}
