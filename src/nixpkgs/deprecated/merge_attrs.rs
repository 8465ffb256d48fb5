//! Merging sets attribute by attribute with functions: `mergeAttrByFunc` and the like.

use crate::eval::{Builtin, Evaluator, Formals, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{
    Text, apply, attrs, entry_at, get, items, list, map_set, name, one_attr, share, shared_args, strings,
    throw,
};
use crate::nixpkgs::lists::{as_list, elem};
use crate::nixpkgs::trivial::merge_attrs;
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek, slot};

/// `lib.misc.nvs`: a set with a single attribute.
pub(super) fn nvs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [of, value] = exactly(args);
    one_attr(ev, name(ev, of)?, share(ev, value)?)
}

/// `lib.misc.setAttr`: a set with one more attribute.
pub(super) fn set_attr(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [set, of, value] = exactly(args);
    with(ev, set, of, share(ev, value)?)
}

/// `setAttr set of value`
fn with(ev: &Evaluator, set: &Slot, of: &Slot, value: Value) -> Res<Value> {
    let new = one_attr(ev, name(ev, of)?, value)?;
    Ok(ev.mem.update(attrs(ev, set)?, new)?)
}

suspended! {
    /// `maybeAttr name default attrs`
    struct MaybeAttr { name, default, attrs }
}

impl MaybeAttr<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let set = ev.force(self.attrs)?;
        ev.force(get(ev, set, name(ev, self.name)?).unwrap_or(self.default))
    }
}

/// `lib.misc.setAttrMerge`: a set with one attribute changed by a function.
pub(super) fn set_attr_merge(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [name, default, attrs, f] = shared_args(ev, args)?;
    let old = ev.delay(MaybeAttr { name, default, attrs })?;
    with(ev, &slot(attrs), &slot(name), ev.delay_call(f, &[old])?)
}

suspended! {
    /// `f (set1.${name} or set2.${name}) set2.${name}`, by attribute of `set2`.
    struct WithFunction { set2, set1, f } []
}

impl WithFunction<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let e = entry_at(ev, self.set2, index)?;
        let second = share(ev, e.slot)?;
        // The first set counts where both have an attribute.
        let first = get(ev, peek(self.set1), e.name).map_or(Ok(second), |s| share(ev, s))?;
        apply(ev, self.f, &[first, second])
    }
}

/// `mergeAttrsWithFunc f set1 set2`
fn merged_with(ev: &Evaluator, f: Value, set1: &Slot, set2: &Slot) -> Res<Value> {
    let set2 = attrs(ev, set2)?;
    let set1 = attrs(ev, set1)?;
    Ok(ev.mem.update(set1, map_set(ev, set2, |set2| WithFunction { set2, set1, f })?)?)
}

/// `lib.misc.mergeAttrsWithFunc`: two sets merged by a function of both values.
pub(super) fn merge_attrs_with_func(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, set1, set2] = exactly(args);
    merged_with(ev, share(ev, f)?, set1, set2)
}

/// `lib.misc.mergeAttrsConcatenateValues`: two sets merged; values with the same name are concatenated to a list.
pub(super) fn merge_attrs_concatenate_values(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    /// `a: b: toList a ++ toList b`
    static BOTH: Builtin = Builtin::hidden("concatenate", &["a", "b"], |ev, args, _| {
        let [a, b] = exactly(args);
        let (a, b) = (as_list(ev, a)?, as_list(ev, b)?);
        Ok(ev.mem.concat_lists(&[a, b])?)
    });
    let [set1, set2] = exactly(args);
    merged_with(ev, ev.builtin(&BOTH), set1, set2)
}

/// The pattern of `mergeAttrsNoOverride`.
pub(super) const NO_OVERRIDE: Formals =
    Formals { arg: 0, names: &[("mergeLists", true), ("overrideSnd", true)], ellipsis: false };

suspended! {
    /// The value of an attribute of `attrs2` in `mergeAttrsNoOverride options attrs1 attrs2`, by attribute.
    struct NoOverride { attrs2, attrs1, options } []
}

impl NoOverride<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let e = entry_at(ev, self.attrs2, index)?;
        let Some(first) = get(ev, peek(self.attrs1), e.name) else {
            return ev.force(e.slot);
        };
        let of = slot(Value::symbol(e.name));
        let among = |option: &str, default: &[&str]| match get(ev, peek(self.options), option) {
            Some(names) => elem(ev, &of, list(ev, names)?),
            None => elem(ev, &of, strings(ev, default, Default::default())?),
        };
        if among("mergeLists", &["buildInputs", "propagatedBuildInputs"])? {
            let (second, first) = (list(ev, e.slot)?, list(ev, first)?);
            return Ok(ev.mem.concat_lists(&[second, first])?);
        }
        if among("overrideSnd", &["buildPhase"])? {
            return ev.force(first);
        }
        let of = ev.name(e.name);
        Err(throw(format!(
            "error mergeAttrsNoOverride, attribute {of} given in both attributes - no merge func defined"
        )))
    }
}

/// `lib.misc.mergeAttrsNoOverride`: two sets merged; only some attributes may be in both.
pub(super) fn merge_attrs_no_override(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [options, attrs1, attrs2] = exactly(args);
    let options = ev.force_formals("mergeAttrsNoOverride", options, &NO_OVERRIDE, pos)?;
    let attrs2 = attrs(ev, attrs2)?;
    let attrs1 = attrs(ev, attrs1)?;
    Ok(ev.mem.update(attrs1, map_set(ev, attrs2, |attrs2| NoOverride { attrs2, attrs1, options })?)?)
}

suspended! {
    /// The value of a special name in `mergeAttrByFunc x y`, by attribute of the functions.
    struct ByFunction { functions, x, y } []
}

impl ByFunction<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let e = entry_at(ev, self.functions, index)?;
        match (get(ev, peek(self.x), e.name), get(ev, peek(self.y), e.name)) {
            (Some(x), Some(y)) => apply(ev, e.slot, &[share(ev, x)?, share(ev, y)?]),
            (Some(only), None) | (None, Some(only)) => ev.force(only),
            (None, None) => Ok(Value::NULL),
        }
    }
}

/// `lib.misc.mergeAttrByFunc`: two sets merged by the functions in their `mergeAttrBy`.
pub(super) fn merge_attr_by_func(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    by_func(ev, x, y)
}

/// `mergeAttrByFunc x y`
fn by_func(ev: &Evaluator, x: &Slot, y: &Slot) -> Res<Value> {
    let functions = |set: Value| get(ev, set, "mergeAttrBy").map_or(Ok(Value::EMPTY_SET), |s| attrs(ev, s));
    let own = one_attr(ev, "mergeAttrBy", ev.builtin(&MERGE))?;
    let theirs = functions(ev.force(y)?)?;
    let all = ev.mem.update(own, ev.mem.update(functions(ev.force(x)?)?, theirs)?)?;
    let (x, y) = (attrs(ev, x)?, attrs(ev, y)?);
    let used =
        ev.mem.filtered(all, |e| ev.mem.get(x, e.name).is_some() || ev.mem.get(y, e.name).is_some())?;
    let merged = map_set(ev, used, |functions| ByFunction { functions, x, y })?;
    Ok(ev.mem.update(ev.mem.update(x, y)?, merged)?)
}

/// `lib.misc.mergeAttrsByFuncDefaults`: many sets merged by such functions, including the defaults for packages.
pub(super) fn merge_attrs_by_func_defaults(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [sets] = exactly(args);
    by_func_defaults(ev, sets)
}

/// `mergeAttrsByFuncDefaults list`
fn by_func_defaults(ev: &Evaluator, sets: &Slot) -> Res<Value> {
    let mut merged = one_attr(ev, "mergeAttrBy", merge_attr_by(ev)?)?;
    for set in items(ev, sets)? {
        merged = by_func(ev, &slot(merged), set)?;
    }
    Ok(merged)
}

/// `lib.misc.mergeAttrsByFuncDefaultsClean`: the same without the functions.
pub(super) fn merge_attrs_by_func_defaults_clean(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [sets] = exactly(args);
    by_func_defaults_clean(ev, sets)
}

/// `mergeAttrsByFuncDefaultsClean list`
pub(super) fn by_func_defaults_clean(ev: &Evaluator, sets: &Slot) -> Res<Value> {
    let merged = by_func_defaults(ev, sets)?;
    Ok(ev.mem.filtered(merged, |e| ev.mem.heap.name(e.name) != b"mergeAttrBy")?)
}

/// `concat`
static CONCAT: Builtin = Builtin::hidden("concat", &["x", "y"], |ev, args, _| {
    let [x, y] = exactly(args);
    let (x, y) = (list(ev, x)?, list(ev, y)?);
    Ok(ev.mem.concat_lists(&[x, y])?)
});

/// `mergeAttrs`
static MERGE: Builtin = Builtin::hidden("mergeAttrs", &["x", "y"], merge_attrs);

/// `a: b: "${a}\n${b}"`
static LINES: Builtin = Builtin::hidden("lines", &["a", "b"], |ev, args, _| {
    let [a, b] = exactly(args);
    let mut text = Text::new();
    text.interpolate(ev, a)?.put("\n").interpolate(ev, b)?;
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
