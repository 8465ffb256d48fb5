//! The part of `lib.misc` that merges sets attribute by attribute.

use super::attrsets::{map_set, own_entry};
use super::lists::as_list;
use super::lists_members::elem;
use crate::eval::{Builtin, Evaluator, Formals, Lazy, Res};
use crate::heap::{Slot, Sym};
use crate::native::{Text, apply, attrs, cell, get, items, list, lossy, name, set_of, share, strings, throw};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek, slot};

/// `lib.misc.defaultMergeArg`: a set, or what a function makes of the old set.
pub(super) fn default_merge_arg(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let y = ev.force(&a[1])?;
    if y.is_attrs() { Ok(y) } else { ev.call(y, &[share(ev, &a[0])?], Pos::NONE) }
}

/// `lib.misc.defaultMerge`: a set with that on top.
pub(super) fn default_merge(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let new = slot(default_merge_arg(ev, a, pos)?);
    let new = attrs(ev, &new)?;
    Ok(ev.mem.update(attrs(ev, &a[0])?, new)?)
}

/// `lib.misc.foldArgs`: a function whose results can be made again with more arguments.
pub(super) fn fold_args(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    /// The arguments so far: captures are the merging function, those before, and the new ones.
    static MERGED: Lazy = Lazy {
        name: "lib.foldArgs.arg",
        run: |ev, c, _| {
            static NEW: Builtin = Builtin::hidden("defaultMergeArg", &["x", "y"], default_merge_arg);
            let before = share(ev, &c[1])?;
            let new = ev.delay_call(ev.builtin(&NEW), &[before, share(ev, &c[2])?])?;
            apply(ev, &c[0], &[before, new])
        },
    };
    /// `passthru` of the result: captures are that of the function's result, the merging function, the function, the
    /// arguments so far, and the new ones.
    static PASSTHRU: Lazy = Lazy {
        name: "lib.foldArgs.passthru",
        run: |ev, c, _| {
            static AGAIN: Builtin = Builtin::hidden("foldArgs", &["merger", "f", "init", "x"], fold_args);
            let old = attrs(ev, &c[0])?;
            let f = ev.partial(&AGAIN, &ev.mem.share_all(&c[1..4])?)?;
            let args = ev.delay_raw(&ARGS, &[old, share(ev, &c[4])?])?;
            Ok(ev.mem.update(old, set_of(ev, &[("function", f), ("args", args)])?)?)
        },
    };
    static ARGS: Lazy = Lazy {
        name: "lib.foldArgs.args",
        run: |ev, c, _| {
            let new = attrs(ev, &c[1])?;
            let old = match get(ev, peek(&c[0]), "passthru").map(|p| ev.force(p)).transpose()? {
                Some(inner) => get(ev, inner, "args"),
                None => None,
            };
            match old {
                Some(old) => Ok(ev.mem.update(attrs(ev, old)?, new)?),
                None => Ok(new),
            }
        },
    };
    let [merger, f, init, x] = [share(ev, &a[0])?, share(ev, &a[1])?, share(ev, &a[2])?, share(ev, &a[3])?];
    let arg = cell(ev, ev.delay_raw(&MERGED, &[merger, init, x])?)?;
    let made = slot(apply(ev, &a[1], &[arg])?);
    let made = attrs(ev, &made)?;
    let old = get(ev, made, "passthru").map_or(Ok(Value::EMPTY_SET), |p| share(ev, p))?;
    let passthru = cell(ev, ev.delay_raw(&PASSTHRU, &[old, merger, f, arg, x])?)?;
    let function = crate::native::delay_select(ev, passthru, ev.intern("function")?)?;
    Ok(ev.mem.update(made, set_of(ev, &[("passthru", passthru), ("override", function)])?)?)
}

/// `lib.misc.innerModifySumArgs`: collects arguments until one is null, then calls a function.
pub(super) fn inner_modify_sum_args(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static INNER: Builtin =
        Builtin::hidden("innerModifySumArgs", &["f", "x", "a", "b"], inner_modify_sum_args);
    static UPDATE: Lazy = Lazy {
        name: "lib.innerModifySumArgs",
        run: |ev, c, _| {
            let b = attrs(ev, &c[1])?;
            Ok(ev.mem.update(attrs(ev, &c[0])?, b)?)
        },
    };
    if ev.force(&a[3])? == Value::NULL {
        let x = attrs(ev, &a[1])?;
        let made = slot(apply(ev, &a[0], &[share(ev, &a[2])?, Value::NULL])?);
        return Ok(ev.mem.update(attrs(ev, &made)?, x)?);
    }
    let sum = cell(ev, ev.delay_raw(&UPDATE, &[share(ev, &a[2])?, share(ev, &a[3])?])?)?;
    ev.partial(&INNER, &[share(ev, &a[0])?, share(ev, &a[1])?, sum])
}

/// `lib.misc.modifySumArgs`: the same from nothing on.
pub(super) fn modify_sum_args(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static INNER: Builtin =
        Builtin::hidden("innerModifySumArgs", &["f", "x", "a", "b"], inner_modify_sum_args);
    ev.partial(&INNER, &[share(ev, &a[0])?, share(ev, &a[1])?, Value::EMPTY_SET])
}

fn one(ev: &Evaluator, of: Sym, value: Value) -> Res<Value> {
    let mut set = AttrsBuilder::with_capacity(1);
    set.push(of, value);
    Ok(ev.mem.attrs(set)?)
}

/// `lib.misc.nvs`: the set of one attribute.
pub(super) fn nvs(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    one(ev, name(ev, &a[0])?, share(ev, &a[1])?)
}

/// `lib.misc.setAttr`: a set with one attribute more.
pub(super) fn set_attr(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let new = nvs(ev, &a[1..], pos)?;
    Ok(ev.mem.update(attrs(ev, &a[0])?, new)?)
}

/// `lib.misc.setAttrMerge`: a set with one attribute changed by a function.
pub(super) fn set_attr_merge(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    static OLD: Lazy = Lazy {
        name: "lib.setAttrMerge",
        run: |ev, c, _| {
            let set = ev.force(&c[2])?;
            let of = name(ev, &c[0])?;
            ev.force(set.is_attrs().then(|| ev.mem.get(set, of)).flatten().unwrap_or(&c[1]))
        },
    };
    let (of, set) = (share(ev, &a[0])?, share(ev, &a[2])?);
    let old = ev.delay_raw(&OLD, &[of, share(ev, &a[1])?, set])?;
    let new = ev.delay_call(share(ev, &a[3])?, &[old])?;
    set_attr(ev, &[slot(set), slot(of), slot(new)], pos)
}

/// Values that `f` makes of the attributes of two sets; those of the second set are all in it.
static WITH_FUNCTION: Lazy = Lazy {
    name: "lib.mergeAttrsWithFunc",
    run: |ev, c, i| {
        // The first set counts where both have an attribute.
        let e = own_entry(ev, c, i)?;
        let second = share(ev, e.slot)?;
        let first = ev.mem.get(peek(&c[2]), e.name).map_or(Ok(second), |s| share(ev, s))?;
        apply(ev, &c[1], &[first, second])
    },
};

fn merged_with(ev: &Evaluator, f: Value, set1: &Slot, set2: &Slot) -> Res<Value> {
    let second = attrs(ev, set2)?;
    let first = attrs(ev, set1)?;
    Ok(ev.mem.update(first, map_set(ev, &WITH_FUNCTION, second, &[f, first])?)?)
}

/// `lib.misc.mergeAttrsWithFunc`: two sets merged by a function of both values.
pub(super) fn merge_attrs_with_func(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    merged_with(ev, share(ev, &a[0])?, &a[1], &a[2])
}

/// `lib.misc.mergeAttrsConcatenateValues`: two sets merged, values of the same name in one list.
pub(super) fn merge_attrs_concatenate_values(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static BOTH: Builtin = Builtin::hidden("concatenate", &["a", "b"], |ev, a, _| {
        let (x, y) = (as_list(ev, &a[0])?, as_list(ev, &a[1])?);
        Ok(ev.mem.concat_lists(&[x, y])?)
    });
    merged_with(ev, ev.builtin(&BOTH), &a[0], &a[1])
}

pub(super) const NO_OVERRIDE: Formals =
    Formals { arg: 0, names: &[("mergeLists", true), ("overrideSnd", true)], ellipsis: false };

/// `lib.misc.mergeAttrsNoOverride`: two sets merged, where only some attributes may be in both.
pub(super) fn no_override(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    /// Captures: the second set, the first one, and the options.
    static MERGED: Lazy = Lazy {
        name: "lib.mergeAttrsNoOverride",
        run: |ev, c, i| {
            let e = own_entry(ev, c, i)?;
            let Some(first) = ev.mem.get(peek(&c[1]), e.name) else {
                return ev.force(e.slot);
            };
            let of = slot(Value::symbol(e.name));
            let among = |option: &str, default: &[&str]| match get(ev, peek(&c[2]), option) {
                Some(names) => elem(ev, &of, list(ev, names)?),
                None => elem(ev, &of, strings(ev, default, Default::default())?),
            };
            if among("mergeLists", &["buildInputs", "propagatedBuildInputs"])? {
                let (x, y) = (list(ev, e.slot)?, list(ev, first)?);
                return Ok(ev.mem.concat_lists(&[x, y])?);
            }
            if among("overrideSnd", &["buildPhase"])? {
                return ev.force(first);
            }
            let of = lossy(ev.mem.heap.name(e.name));
            Err(throw(format!(
                "error mergeAttrsNoOverride, attribute {of} given in both attributes - no merge func defined"
            )))
        },
    };
    let options = ev.force_formals("mergeAttrsNoOverride", &a[0], &NO_OVERRIDE, pos)?;
    let second = attrs(ev, &a[2])?;
    let first = attrs(ev, &a[1])?;
    Ok(ev.mem.update(first, map_set(ev, &MERGED, second, &[first, options])?)?)
}

static CONCAT: Builtin = Builtin::hidden("concat", &["x", "y"], |ev, a, _| {
    let (x, y) = (list(ev, &a[0])?, list(ev, &a[1])?);
    Ok(ev.mem.concat_lists(&[x, y])?)
});
static MERGE: Builtin = Builtin::hidden("mergeAttrs", &["x", "y"], super::trivial::merge_attrs);
static LINES: Builtin = Builtin::hidden("lines", &["a", "b"], |ev, a, _| {
    let mut text = Text::new();
    text.interpolate(ev, &a[0])?.put("\n").interpolate(ev, &a[1])?;
    text.finish(ev)
});

/// `lib.misc.mergeAttrBy`: how the attributes of packages are merged.
pub(super) fn merge_attr_by(ev: &Evaluator) -> Res<Value> {
    let mut set = AttrsBuilder::new();
    let groups: [(&[&str], &'static Builtin); 3] = [
        (
            &[
                "nativeBuildInputs",
                "buildInputs",
                "propagatedBuildInputs",
                "configureFlags",
                "prePhases",
                "postAll",
                "patches",
            ],
            &CONCAT,
        ),
        (&["passthru", "meta", "cfg", "flags"], &MERGE),
        (&["preConfigure", "postInstall"], &LINES),
    ];
    for (names, f) in groups {
        for of in names {
            set.push(ev.intern(of)?, ev.builtin(f));
        }
    }
    Ok(ev.mem.attrs(set)?)
}

/// `lib.misc.mergeAttrByFunc`: two sets merged by the functions in their `mergeAttrBy`.
pub(super) fn merge_attr_by_func(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    by_func(ev, &a[0], &a[1])
}

fn by_func(ev: &Evaluator, x: &Slot, y: &Slot) -> Res<Value> {
    /// Captures: the functions, and the two sets.
    static MERGED: Lazy = Lazy {
        name: "lib.mergeAttrByFunc",
        run: |ev, c, i| {
            let e = own_entry(ev, c, i)?;
            let of = |set: &Slot| ev.mem.get(peek(set), e.name);
            match (of(&c[1]), of(&c[2])) {
                (Some(x), Some(y)) => apply(ev, e.slot, &[share(ev, x)?, share(ev, y)?]),
                (Some(only), None) | (None, Some(only)) => ev.force(only),
                (None, None) => Ok(Value::NULL),
            }
        },
    };
    let functions = |set: Value| get(ev, set, "mergeAttrBy").map_or(Ok(Value::EMPTY_SET), |s| attrs(ev, s));
    let own = one(ev, ev.intern("mergeAttrBy")?, ev.builtin(&MERGE))?;
    let theirs = functions(ev.force(y)?)?;
    let all = ev.mem.update(own, ev.mem.update(functions(ev.force(x)?)?, theirs)?)?;
    let (x, y) = (attrs(ev, x)?, attrs(ev, y)?);
    let used =
        ev.mem.filtered(all, |e| ev.mem.get(x, e.name).is_some() || ev.mem.get(y, e.name).is_some())?;
    let merged = map_set(ev, &MERGED, used, &[x, y])?;
    Ok(ev.mem.update(ev.mem.update(x, y)?, merged)?)
}

/// `lib.misc.mergeAttrsByFuncDefaults`: many sets merged by such functions, with those for packages.
pub(super) fn merge_attrs_by_func_defaults(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut merged = one(ev, ev.intern("mergeAttrBy")?, merge_attr_by(ev)?)?;
    for set in items(ev, &a[0])? {
        merged = by_func(ev, &slot(merged), set)?;
    }
    Ok(merged)
}

/// `lib.misc.mergeAttrsByFuncDefaultsClean`: the same without the functions.
pub(super) fn merge_attrs_by_func_defaults_clean(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let merged = merge_attrs_by_func_defaults(ev, a, pos)?;
    Ok(ev.mem.filtered(merged, |e| ev.mem.heap.name(e.name) != b"mergeAttrBy")?)
}
