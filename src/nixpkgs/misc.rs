//! `lib.misc`: old helper functions, mostly of packages, that nixpkgs keeps for compatibility. Merging of attributes is in
//! `misc_merge`.

use super::entry::{Entry, Table, computed, function, pattern};
use super::fetchers::{FAKE_DIGITS, FAKE_HASH};
use super::function_args::is_function;
use super::lists::imap;
use super::lists_members::elem;
use super::misc_merge as merge;
use super::support::{
    apply, boolean, call_builtin, delay_select, get, holds, items, list, name, select, set_of, share, truth,
};
use crate::eval::{Builtin, Evaluator, Formals, Res};
use crate::heap::{Slot, Sym};
use crate::source::Pos;
use crate::value::{Type, Value, slot};

/// `lib.misc`
pub static TABLE: Table = Table { namespace: "misc", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    function("maybeEnv", &["name", "default"], maybe_env).top(),
    function("defaultMergeArg", &["x", "y"], merge::default_merge_arg).top(),
    function("defaultMerge", &["x", "y"], merge::default_merge).top(),
    function("foldArgs", &["merger", "f", "init", "x"], merge::fold_args).top(),
    function("maybeAttrNullable", &["name", "default", "attrs"], maybe_attr).top(),
    function("maybeAttr", &["name", "default", "attrs"], maybe_attr).top(),
    function("ifEnable", &["cond", "val"], if_enable).top(),
    function("checkFlag", &["attrSet", "name"], check_flag).top(),
    function("getValue", &["attrSet", "argList", "name"], get_value).top(),
    function("checkReqs", &["attrSet", "argList", "condList"], check_reqs).top(),
    pattern("uniqList", &["args"], &[UNIQUE], uniq_list).top(),
    pattern("uniqListExt", &["args"], &[UNIQUE_EXT], uniq_list_ext).top(),
    function("condConcat", &["name", "list", "checker"], cond_concat).top(),
    pattern("lazyGenericClosure", &["args"], &[CLOSURE], lazy_generic_closure).top(),
    function("innerModifySumArgs", &["f", "x", "a", "b"], merge::inner_modify_sum_args).top(),
    function("modifySumArgs", &["f", "x"], merge::modify_sum_args).top(),
    function("innerClosePropagation", &["acc", "xs"], inner_close_propagation).top(),
    function("closePropagationSlow", &["list"], close_propagation_slow),
    function("closePropagationFast", &["list"], close_propagation),
    function("closePropagation", &["list"], close_propagation).top(),
    function("nvs", &["name", "value"], merge::nvs).top(),
    function("setAttr", &["set", "name", "v"], merge::set_attr).top(),
    function("setAttrMerge", &["name", "default", "attrs", "f"], merge::set_attr_merge).top(),
    function("mergeAttrsWithFunc", &["f", "set1", "set2"], merge::merge_attrs_with_func).top(),
    function("mergeAttrsConcatenateValues", &["set1", "set2"], merge::merge_attrs_concatenate_values).top(),
    pattern("mergeAttrsNoOverride", &["args", "attrs1", "attrs2"], &[merge::NO_OVERRIDE], merge::no_override)
        .top(),
    function("mergeAttrByFunc", &["x", "y"], merge::merge_attr_by_func).top(),
    function("mergeAttrsByFuncDefaults", &["list"], merge::merge_attrs_by_func_defaults).top(),
    function("mergeAttrsByFuncDefaultsClean", &["list"], merge::merge_attrs_by_func_defaults_clean).top(),
    computed("mergeAttrBy", merge::merge_attr_by).top(),
    function("nixType", &["x"], nix_type).top(),
    function("imap", &["f", "list"], |ev, a, _| imap(ev, &a[0], &a[1], 1)).top(),
    computed("fakeHash", |ev| Ok(ev.mem.str(FAKE_HASH)?)).top(),
    computed("fakeSha256", |ev| Ok(ev.mem.str(&"0".repeat(FAKE_DIGITS[0].1))?)).top(),
    computed("fakeSha512", |ev| Ok(ev.mem.str(&"0".repeat(FAKE_DIGITS[1].1))?)).top(),
];

/// `lib.misc.maybeEnv`: an environment variable, or a default where it is empty.
fn maybe_env(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let value = call_builtin(ev, "getEnv", &[share(ev, &a[0])?])?;
    if ev.mem.text(value).is_empty() { ev.force(&a[1]) } else { Ok(value) }
}

/// `lib.misc.maybeAttr`, `maybeAttrNullable`: an attribute, or a default.
fn maybe_attr(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let set = ev.force(&a[2])?;
    let of = name(ev, &a[0])?;
    match set.is_attrs().then(|| ev.mem.get(set, of)).flatten() {
        Some(found) => ev.force(found),
        None => ev.force(&a[1]),
    }
}

/// `lib.misc.ifEnable`: a value if a condition holds, else the empty one of its type.
fn if_enable(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let enabled = boolean(ev, &a[0])?;
    let v = ev.force(&a[1])?;
    Ok(match v.type_of() {
        _ if enabled => v,
        Type::List => Value::EMPTY_LIST,
        Type::Attrs => Value::EMPTY_SET,
        Type::Bool => Value::FALSE,
        _ => Value::NULL,
    })
}

/// The attribute of a set with the name in a slot.
fn attribute<'a>(ev: &'a Evaluator, set: &Slot, of: &Slot) -> Res<Option<&'a Slot>> {
    let set = ev.force(set)?;
    let of: Sym = name(ev, of)?;
    Ok(set.is_attrs().then(|| ev.mem.get(set, of)).flatten())
}

/// `lib.misc.checkFlag`: whether a flag is on: by name, in `flags`, or as an attribute.
fn check_flag(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    flag(ev, &a[0], &a[1])
}

fn flag(ev: &Evaluator, set: &Slot, of: &Slot) -> Res<Value> {
    let v = ev.force(of)?;
    if v.is_string() {
        match ev.mem.text(v) {
            b"true" => return Ok(Value::TRUE),
            b"false" => return Ok(Value::FALSE),
            _ => {}
        }
    }
    let flags = match get(ev, ev.force(set)?, "flags") {
        Some(flags) => list(ev, flags)?,
        None => Value::EMPTY_LIST,
    };
    if elem(ev, of, flags)? {
        return Ok(Value::TRUE);
    }
    attribute(ev, set, of)?.map_or(Ok(Value::FALSE), |s| ev.force(s))
}

/// `lib.misc.getValue`: an attribute, or what flags and a list of pairs say.
fn get_value(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    value_of(ev, &a[0], &a[1], &a[2])
}

fn value_of(ev: &Evaluator, set: &Slot, pairs: &Slot, of: &Slot) -> Res<Value> {
    if let Some(found) = attribute(ev, set, of)? {
        return ev.force(found);
    }
    if truth(ev, flag(ev, set, of)?)? {
        return Ok(Value::TRUE);
    }
    for pair in items(ev, pairs)? {
        let pair = list(ev, pair)?;
        let key = call_builtin(ev, "head", &[pair])?;
        if ev.equal(&slot(key), of, Pos::NONE)? {
            return call_builtin(ev, "elemAt", &[pair, ev.mem.int(1)?]);
        }
    }
    Ok(Value::NULL)
}

/// `lib.misc.checkReqs`: whether all that is required by flags is there.
fn check_reqs(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    for condition in items(ev, &a[2])? {
        let parts = list(ev, condition)?;
        let of = slot(call_builtin(ev, "head", &[parts])?);
        if !truth(ev, flag(ev, &a[0], &of)?)? {
            continue;
        }
        for required in &ev.mem.items(parts)[1..] {
            let value = value_of(ev, &a[0], &a[1], required)?;
            if value == Value::NULL || value == Value::FALSE {
                return Ok(Value::FALSE);
            }
        }
    }
    Ok(Value::TRUE)
}

const UNIQUE: Formals = Formals { arg: 0, names: &[("inputList", false), ("acc", true)], ellipsis: false };

/// The elements that equal none before them and none of `seen`, newest first as nixpkgs compares them.
fn unique(ev: &Evaluator, from: &[Slot], seen: Value) -> Res<Vec<Value>> {
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

/// `lib.misc.uniqList`: a list without repetitions, and without what is in another one.
fn uniq_list(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let args = ev.force_formals("uniqList", &a[0], &UNIQUE, pos)?;
    let input = items(ev, select(ev, args, "inputList")?)?;
    let seen = get(ev, args, "acc").map_or(Ok(Value::EMPTY_LIST), |s| list(ev, s))?;
    Ok(ev.mem.list(&unique(ev, input, seen)?)?)
}

const UNIQUE_EXT: Formals = Formals {
    arg: 0,
    names: &[("inputList", false), ("outputList", true), ("getter", true), ("compare", true)],
    ellipsis: false,
};

/// `lib.misc.uniqListExt`: the same with a comparison of one's own, of what a function makes of the elements.
fn uniq_list_ext(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let args = ev.force_formals("uniqListExt", &a[0], &UNIQUE_EXT, pos)?;
    let getter = get(ev, args, "getter");
    let key = |x: Value| match getter {
        Some(f) => ev.delay_call(share(ev, f)?, &[x]),
        None => Ok(x),
    };
    let mut output = match get(ev, args, "outputList") {
        Some(output) => ev.mem.share_all(items(ev, output)?)?,
        None => Vec::new(),
    };
    for item in items(ev, select(ev, args, "inputList")?)? {
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

/// `lib.misc.condConcat`: a name with the second of each pair whose first one a function accepts.
fn cond_concat(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut made = share(ev, &a[0])?;
    for pair in items(ev, &a[1])?.chunks(2) {
        let accepted = holds(ev, &a[2], &[share(ev, &pair[0])?])?;
        match pair.get(1) {
            Some(second) if accepted => made = ev.plus(ev.force_value(made)?, second)?,
            Some(_) => {}
            None => return call_builtin(ev, "tail", &[Value::EMPTY_LIST]),
        }
    }
    ev.force_value(made)
}

const CLOSURE: Formals =
    Formals { arg: 0, names: &[("startSet", false), ("operator", false)], ellipsis: false };

/// `lib.misc.lazyGenericClosure`: `builtins.genericClosure` in the order of nixpkgs' own, the last one first.
fn lazy_generic_closure(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let args = ev.force_formals("lazyGenericClosure", &a[0], &CLOSURE, pos)?;
    let mut todo: std::collections::VecDeque<Value> =
        ev.mem.share_all(items(ev, select(ev, args, "startSet")?)?)?.into();
    let mut keys: Vec<Value> = Vec::new();
    let mut result = Vec::new();
    while let Some(x) = todo.pop_front() {
        // The first one's key is compared with none.
        let key = delay_select(ev, x, ev.intern("key")?)?;
        let mut known = false;
        for other in keys.iter().rev() {
            if ev.equal(&slot(key), &slot(*other), pos)? {
                known = true;
                break;
            }
        }
        if !known {
            let next = slot(apply(ev, select(ev, args, "operator")?, &[x])?);
            todo.extend(ev.mem.share_all(items(ev, &next)?)?);
            keys.push(key);
            result.push(x);
        }
    }
    result.reverse();
    Ok(ev.mem.list(&result)?)
}

/// The lists of packages that a package passes on.
fn propagated(ev: &Evaluator, package: Value) -> Res<Vec<Value>> {
    let mut lists = Vec::new();
    for of in ["propagatedBuildInputs", "propagatedNativeBuildInputs"] {
        if let Some(found) = get(ev, package, of) {
            lists.push(list(ev, found)?);
        }
    }
    Ok(lists)
}

/// `lib.misc.innerClosePropagation`: some packages and what others pass on, in front of them.
fn inner_close_propagation(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut found = ev.mem.share_all(items(ev, &a[0])?)?;
    let mut todo = list(ev, &a[1])?;
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

/// `lib.misc.closePropagationSlow`: packages with all that they pass on.
fn close_propagation_slow(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let args = [slot(Value::EMPTY_LIST), slot(share(ev, &a[0])?)];
    let found = inner_close_propagation(ev, &args, pos)?;
    Ok(ev.mem.list(&unique(ev, ev.mem.items(found), Value::EMPTY_LIST)?)?)
}

/// Elements for `genericClosure`: packages by their paths.
fn keyed(ev: &Evaluator, packages: &[Slot]) -> Res<Vec<Value>> {
    let mut all = Vec::with_capacity(packages.len());
    for package in packages {
        if ev.force(package)? != Value::NULL {
            let package = share(ev, package)?;
            let key = delay_select(ev, package, ev.intern("outPath")?)?;
            all.push(set_of(ev, &[("key", key), ("val", package)])?);
        }
    }
    Ok(all)
}

/// `lib.misc.closePropagation`, `closePropagationFast`: packages with all that they pass on, by path.
fn close_propagation(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static OPERATOR: Builtin = Builtin::hidden("operator", &["item"], |ev, a, _| {
        let package = ev.force(select(ev, ev.force(&a[0])?, "val")?)?;
        if !package.is_attrs() {
            return Ok(Value::EMPTY_LIST);
        }
        let all = ev.mem.concat_lists(&propagated(ev, package)?)?;
        Ok(ev.mem.list(&keyed(ev, ev.mem.items(all))?)?)
    });
    let start = ev.mem.list(&keyed(ev, items(ev, &a[0])?)?)?;
    let args = set_of(ev, &[("startSet", start), ("operator", ev.builtin(&OPERATOR))])?;
    let closure = call_builtin(ev, "genericClosure", &[args])?;
    let mut packages = Vec::with_capacity(closure.list_len());
    for item in ev.mem.items(closure) {
        packages.push(share(ev, select(ev, ev.force(item)?, "val")?)?);
    }
    Ok(ev.mem.list(&packages)?)
}

/// `lib.misc.nixType`: the name of a value's type, where packages and functions are told apart from sets.
fn nix_type(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let v = ev.force(&a[0])?;
    Ok(ev.mem.str(match v.type_of() {
        Type::Attrs if get(ev, v, "outPath").is_some() => "derivation",
        Type::Attrs => "attrs",
        _ if is_function(ev, v)? => "function",
        Type::List => "list",
        Type::Bool => "bool",
        Type::Null => "null",
        Type::Int => "int",
        _ => "string",
    })?)
}
