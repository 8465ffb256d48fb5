//! `lib.customisation`: packages that can be overridden, and calling them with what they ask for. Package scopes are in
//! `scopes`.

use super::attrsets::{map_set, own_entry};
use super::derivations::override_attrs;
use super::entry::{Entry, Table, function, pattern};
use super::function_args::{delayed_args, function_args, is_function, with_args};
use super::lists::flat;
use super::scopes;
use super::strings_numbers::{at_most, distance};
use super::support::{
    abort, apply, assert, attrs, boolean, call_builtin, cell, delay_select, get, has, items, name, select,
    selected, set_of, share, text_of, throw, with_attr,
};
use crate::eval::{Builtin, Error, Evaluator, Lazy, Res};
use crate::heap::{Slot, Sym};
use crate::source::{Origin, Pos};
use crate::value::{AttrsBuilder, Value, peek, put, slot};

/// `lib.customisation`
pub static TABLE: Table = Table { namespace: "customisation", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    function("overrideDerivation", &["drv", "f"], override_derivation).top(),
    function("makeOverridable", &["f"], make_overridable).top(),
    function("callPackageWith", &["autoArgs", "fn", "args"], call_package_with).top(),
    function("callPackagesWith", &["autoArgs", "fn", "args"], call_packages_with).top(),
    function("extendDerivation", &["condition", "passthru", "drv"], extend_derivation).top(),
    function("hydraJob", &["drv"], hydra_job).top(),
    function("makeScope", &["newScope", "f"], scopes::make_scope).top(),
    function(
        "makeScopeWithSplicing",
        &["splicePackages", "newScope", "otherSplices", "keep", "extra", "f"],
        scopes::make_scope_with_splicing,
    )
    .top(),
    pattern(
        "makeScopeWithSplicing'",
        &["splicing", "scope"],
        &[scopes::SPLICING, scopes::SCOPE],
        scopes::make_scope_with_splicing_prime,
    )
    .top(),
    pattern("extendMkDerivation", &["args"], &[scopes::EXTENDING], scopes::extend_mk_derivation).top(),
    function("renameCrossIndexFrom", &["prefix", "x"], rename_cross_index_from).top(),
    function("renameCrossIndexTo", &["prefix", "x"], rename_cross_index_to).top(),
    pattern("mapCrossIndex", &["f", "x"], &[CROSS], map_cross_index).top(),
];

/// `a // b // …` of a value and sets of few attributes: a set of what an attribute may or may not be there for.
fn set_with(ev: &Evaluator, attributes: &[(&str, Option<Value>)]) -> Res<Value> {
    let mut set = AttrsBuilder::with_capacity(attributes.len());
    for (name, value) in attributes {
        if let Some(value) = value {
            set.push(ev.intern(name)?, *value);
        }
    }
    Ok(ev.mem.attrs(set)?)
}

/// `lib.customisation.overrideDerivation`: a derivation made again with other attributes.
fn override_derivation(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    /// Whether the original derivation can be made at all.
    static VALID: Lazy = Lazy {
        name: "lib.overrideDerivation.condition",
        run: |ev, captures, _| {
            selected(ev, ev.force(&captures[0])?, "drvPath")?;
            Ok(Value::TRUE)
        },
    };
    static PASSTHRU: Lazy = Lazy {
        name: "lib.overrideDerivation.passthru",
        run: |ev, captures, _| {
            let drv = ev.force(&captures[0])?;
            let or_empty = |name: &str| match get(ev, drv, name) {
                Some(found) => share(ev, found),
                None => Ok(Value::EMPTY_SET),
            };
            let spliced = match has(ev, drv, "__spliced") {
                true => Some(ev.delay(&SPLICED, &[drv, share(ev, &captures[1])?])?),
                false => None,
            };
            let passthru = or_empty("passthru")?;
            let own = set_of(ev, &[("meta", or_empty("meta")?), ("passthru", passthru)])?;
            let passthru = attrs(ev, &slot(passthru))?;
            let last = set_with(ev, &[("__spliced", spliced)])?;
            Ok(ev.mem.update(own, ev.mem.update(passthru, last)?)?)
        },
    };
    static SPLICED: Lazy = Lazy {
        name: "lib.overrideDerivation.spliced",
        run: |ev, captures, _| {
            let set = slot(selected(ev, peek(&captures[0]), "__spliced")?);
            map_set(ev, &SPLICED_ONE, attrs(ev, &set)?, &[share(ev, &captures[1])?])
        },
    };
    static SPLICED_ONE: Lazy = Lazy {
        name: "lib.overrideDerivation.spliced",
        run: |ev, c, i| {
            let drv = share(ev, own_entry(ev, c, i)?.slot)?;
            override_derivation(ev, &[slot(drv), slot(share(ev, &c[1])?)], Pos::NONE)
        },
    };
    static MADE: Lazy = Lazy {
        name: "lib.overrideDerivation.derivation",
        run: |ev, c, _| {
            let drv = share(ev, &c[0])?;
            let new = slot(apply(ev, &c[1], &[drv])?);
            let new = attrs(ev, &new)?;
            let old = attrs(ev, select(ev, ev.force(&c[0])?, "drvAttrs")?)?;
            let both = ev.mem.update(old, new)?;
            // This one is written in Nix.
            match ev.named_global("derivation")? {
                Some(derivation) => ev.call(derivation, &[both], Pos::NONE),
                None => Err(Error::eval("the built-in function 'derivation' is not available")),
            }
        },
    };
    let both = [share(ev, &a[0])?, share(ev, &a[1])?];
    let made = cell(ev, ev.delay(&MADE, &both)?)?;
    let condition = cell(ev, ev.delay(&VALID, &both[..1])?)?;
    extend_derivation(ev, &[slot(condition), slot(ev.delay(&PASSTHRU, &both)?), slot(made)], pos)
}

/// `lib.customisation.extendDerivation`: a derivation with more attributes, which fails when used unless a condition
/// holds.
pub(super) fn extend_derivation(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    /// `assert condition; drv.name` or `assert condition; drv.output.name`: captures are the condition, the derivation,
    /// the attribute's name and perhaps the output's.
    static CHECKED: Lazy = Lazy {
        name: "lib.extendDerivation.path",
        run: |ev, c, _| {
            assert(boolean(ev, &c[0])?, "condition")?;
            let mut set = ev.force(&c[1])?;
            if let Some(output) = c.get(3) {
                set = ev.force(ev.attribute(set, name(ev, output)?, Pos::NONE)?)?;
            }
            ev.force(ev.attribute(set, name(ev, &c[2])?, Pos::NONE)?)
        },
    };
    /// An output: captures are what all have in common, the condition, the derivation, the output's name, and perhaps
    /// `passthru` if that has `overrideAttrs`.
    static OUTPUT: Lazy = Lazy {
        name: "lib.extendDerivation.output",
        run: |ev, c, _| {
            let (condition, drv) = (share(ev, &c[1])?, share(ev, &c[2])?);
            let output = delay_output(ev, drv, peek(&c[3]))?;
            let of = |attribute: Sym| delay_select(ev, output, attribute);
            let checked = |of: Sym| ev.delay(&CHECKED, &[condition, drv, Value::symbol(of), peek(&c[3])]);
            let overridden = match c.get(4) {
                Some(passthru) => Some(ev.partial(&OVERRIDDEN_OUTPUT, &[peek(passthru), peek(&c[3])])?),
                None => None,
            };
            let own = set_with(
                ev,
                &[
                    ("type", Some(of(sym!("type"))?)),
                    ("outputName", Some(of(sym!("outputName"))?)),
                    ("outputSpecified", Some(Value::TRUE)),
                    ("drvPath", Some(checked(sym!("drvPath"))?)),
                    ("outPath", Some(checked(sym!("outPath"))?)),
                    ("overrideAttrs", overridden),
                ],
            )?;
            Ok(ev.mem.update(attrs(ev, &c[0])?, own)?)
        },
    };
    static OVERRIDDEN_OUTPUT: Builtin =
        Builtin::hidden("overrideAttrs", &["passthru", "outputName", "f"], |ev, a, _| {
            let drv = override_attrs(ev, peek(&a[0]), share(ev, &a[2])?)?;
            ev.force(ev.attribute(drv, name(ev, &a[1])?, Pos::NONE)?)
        });
    let (condition, drv) = (share(ev, &a[0])?, share(ev, &a[2])?);
    let passthru = attrs(ev, &a[1])?;
    let original = ev.force(&a[2])?;
    let outputs = match get(ev, original, "outputs") {
        Some(outputs) => ev.mem.share_all(items(ev, outputs)?)?,
        None => vec![Value::symbol(sym!("out"))],
    };
    let common = ev.mem.heap.alloc(1)?;
    let mut by_name = AttrsBuilder::with_capacity(outputs.len() + 1);
    let mut all = Vec::with_capacity(outputs.len());
    for output in &outputs {
        let mut captures = vec![Value::forward(common), condition, drv, *output];
        captures.extend(has(ev, passthru, "overrideAttrs").then_some(passthru));
        all.push(cell(ev, ev.delay(&OUTPUT, &captures)?)?);
    }
    by_name.push(ev.intern("all")?, ev.mem.list(&all)?);
    for (output, value) in outputs.iter().zip(&all).rev() {
        by_name.push(name(ev, &slot(*output))?, *value);
    }
    let checked = |of: Sym| ev.delay(&CHECKED, &[condition, drv, Value::symbol(of)]);
    let paths =
        set_of(ev, &[("drvPath", checked(sym!("drvPath"))?), ("outPath", checked(sym!("outPath"))?)])?;
    let added = ev.mem.update(ev.mem.attrs(by_name)?, ev.mem.update(passthru, paths)?)?;
    let made = ev.mem.update(attrs(ev, &a[2])?, added)?;
    put(ev.mem.heap.slot(common), made);
    Ok(made)
}

/// A suspended `drv.${output}`.
fn delay_output(ev: &Evaluator, drv: Value, output: Value) -> Res<Value> {
    static OUTPUT: Lazy = Lazy {
        name: "lib.output",
        run: |ev, c, _| {
            let drv = ev.force(&c[0])?;
            ev.force(ev.attribute(drv, name(ev, &c[1])?, Pos::NONE)?)
        },
    };
    cell(ev, ev.delay(&OUTPUT, &[drv, output])?)
}

/// `lib.customisation.makeOverridable`: a function whose results can be made again with other arguments.
fn make_overridable(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    overridable(ev, ev.force(&a[0])?)
}

/// `lib.makeOverridable f`
pub(super) fn overridable(ev: &Evaluator, f: Value) -> Res<Value> {
    /// The function that calls the original one: captures are that and the names of its arguments.
    static CALL: Builtin = Builtin::hidden("makeOverridable", &["f", "args", "origArgs"], |ev, a, _| {
        result(ev, share(ev, &a[0])?, share(ev, &a[1])?, share(ev, &a[2])?)
    });
    static OVERRIDE: Builtin = Builtin::hidden("override", &["f", "fdrv"], |ev, a, _| {
        let own = selected(ev, peek(&a[0]), "override")?;
        let new = ev.call(own, &[share(ev, &a[1])?], Pos::NONE)?;
        overridable(ev, new)
    });
    let args = delayed_args(ev, f)?;
    let made = with_args(ev, ev.partial(&CALL, &[f, args])?, args)?;
    if !f.is_attrs() {
        return Ok(made);
    }
    let made = ev.mem.update(f, made)?;
    match has(ev, f, "override") {
        true => with_attr(ev, made, "override", ev.partial(&OVERRIDE, &[f])?),
        false => Ok(made),
    }
}

/// A function that makes an overridable package again: captures are the function, its argument names, and the
/// arguments.
fn again(ev: &Evaluator, captures: [Value; 3]) -> Res<Value> {
    static AGAIN: Builtin = Builtin::hidden("override", &["f", "args", "origArgs", "newArgs"], |ev, a, _| {
        static NEW: Lazy = Lazy {
            name: "lib.override.args",
            run: |ev, c, _| {
                let new = ev.force(&c[1])?;
                let new = match is_function(ev, new)? {
                    true => ev.call(new, &[share(ev, &c[0])?], Pos::NONE)?,
                    false => new,
                };
                let new = attrs(ev, &slot(new))?;
                Ok(ev.mem.update(attrs(ev, &c[0])?, new)?)
            },
        };
        let merged = cell(ev, ev.delay(&NEW, &[share(ev, &a[2])?, share(ev, &a[3])?])?)?;
        result(ev, share(ev, &a[0])?, share(ev, &a[1])?, merged)
    });
    with_args(ev, ev.partial(&AGAIN, &captures)?, captures[1])
}

/// The functions `overrideDerivation` and `overrideAttrs` of an overridable package: `changed` makes of the original
/// function one whose results are changed.
fn changed_later(ev: &Evaluator, made: &'static Builtin, captures: [Value; 3]) -> Res<Value> {
    ev.partial(made, &captures)
}

/// What calling the overridable function `f` with `original` gives.
fn result(ev: &Evaluator, f: Value, args: Value, original: Value) -> Res<Value> {
    static DERIVATION: Builtin =
        Builtin::hidden("overrideDerivation", &["f", "args", "origArgs", "fdrv"], |ev, a, _| {
            static CHANGED: Builtin =
                Builtin::hidden("overrideDerivation", &["f", "fdrv", "args"], |ev, a, pos| {
                    let drv = ev.delay_call(share(ev, &a[0])?, &[share(ev, &a[2])?])?;
                    override_derivation(ev, &[slot(cell(ev, drv)?), slot(share(ev, &a[1])?)], pos)
                });
            call_changed(ev, &CHANGED, a)
        });
    static ATTRS: Builtin =
        Builtin::hidden("overrideAttrs", &["f", "args", "origArgs", "fdrv"], |ev, a, _| {
            static CHANGED: Builtin = Builtin::hidden("overrideAttrs", &["f", "fdrv", "args"], |ev, a, _| {
                let drv = apply(ev, &a[0], &[share(ev, &a[2])?])?;
                override_attrs(ev, drv, share(ev, &a[1])?)
            });
            call_changed(ev, &CHANGED, a)
        });
    let made = apply(ev, &slot(f), &[original])?;
    let captures = [f, args, original];
    if made.is_attrs() {
        let attrs = match has(ev, made, "overrideAttrs") {
            true => Some(changed_later(ev, &ATTRS, captures)?),
            false => None,
        };
        let added = set_with(
            ev,
            &[
                ("override", Some(again(ev, captures)?)),
                ("overrideDerivation", Some(changed_later(ev, &DERIVATION, captures)?)),
                ("overrideAttrs", attrs),
            ],
        )?;
        return Ok(ev.mem.update(made, added)?);
    }
    if is_function(ev, made)? {
        let set = with_args(ev, made, delayed_args(ev, made)?)?;
        return with_attr(ev, set, "override", again(ev, captures)?);
    }
    Ok(made)
}

/// `makeOverridable (mirrorArgs (args: changed (f args) fdrv)) origArgs`; `a` are `f`, its argument names, the original
/// arguments and `fdrv`.
fn call_changed(ev: &Evaluator, changed: &'static Builtin, a: &[Slot]) -> Res<Value> {
    let args = share(ev, &a[1])?;
    let inner = ev.partial(changed, &[share(ev, &a[0])?, share(ev, &a[3])?])?;
    let mirrored = with_args(ev, inner, args)?;
    result(ev, mirrored, args, share(ev, &a[2])?)
}

/// The function of a package: itself, or what its file has.
fn package_function(ev: &Evaluator, of: &Slot) -> Res<Value> {
    let f = ev.force(of)?;
    if is_function(ev, f)? { Ok(f) } else { call_builtin(ev, "import", &[f]) }
}

/// `intersectAttrs fargs autoArgs // args`
fn all_args(ev: &Evaluator, wanted: Value, auto: &Slot, args: &Slot) -> Res<Value> {
    let args = attrs(ev, args)?;
    let auto = attrs(ev, auto)?;
    let auto = call_builtin(ev, "intersectAttrs", &[wanted, auto])?;
    Ok(ev.mem.update(auto, args)?)
}

/// `lib.customisation.callPackageWith`: calls a package's function with what it asks for, out of a set.
fn call_package_with(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let f = package_function(ev, &a[1])?;
    let wanted = slot(function_args(ev, f)?);
    let wanted = attrs(ev, &wanted)?;
    let mut args = all_args(ev, wanted, &a[0], &a[2])?;
    for e in ev.mem.entries_by_name(wanted) {
        if ev.mem.get(args, e.name).is_none() && !boolean(ev, e.slot)? {
            if let Some(answer) = ev.open_attribute(attrs(ev, &a[0])?, e.name)? {
                let mut one = AttrsBuilder::with_capacity(1);
                one.push(e.name, share(ev, answer)?);
                args = ev.mem.update(args, ev.mem.attrs(one)?)?;
                continue;
            }
            return Err(abort(missing_argument(ev, &a[0], &a[2], e.name, e.pos)?));
        }
    }
    let names = cell(ev, wanted)?;
    result(ev, f, names, args)
}

#[cold]
fn missing_argument(ev: &Evaluator, auto: &Slot, args: &Slot, missing: Sym, pos: Pos) -> Res<String> {
    let place = match ev.sources.place(pos) {
        Some(p) if matches!(p.source.origin, Origin::File(_)) => {
            format!("{}:{}", p.source.origin_name(), p.line)
        }
        _ => "<unknown location>".to_owned(),
    };
    let wanted = ev.mem.heap.name(missing);
    let args = attrs(ev, args)?;
    let known = ev.mem.update(attrs(ev, auto)?, args)?;
    let names = ev.mem.entries_by_name(known).into_iter().map(|e| ev.mem.heap.name(e.name));
    let mut near: Vec<&[u8]> = names.filter(|n| at_most(2, wanted, n)).collect();
    near.sort_by_key(|n| distance(wanted, n));
    let near: Vec<String> =
        near.iter().take(3).map(|n| format!("\"{}\"", String::from_utf8_lossy(n))).collect();
    let suggestion = match &near[..] {
        [] => String::new(),
        [only] => format!(", did you mean {only}?"),
        [first @ .., last] => format!(", did you mean {} or {last}?", first.join(", ")),
    };
    let wanted = ev.name(missing);
    Ok(format!(
        "lib.customisation.callPackageWith: Function called without required argument \"{wanted}\" at \
         {place}{suggestion}"
    ))
}

/// `lib.customisation.callPackagesWith`: the same for a function that gives a set of packages.
fn call_packages_with(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    /// Captures: the packages, the function, its argument names, and the arguments.
    static PACKAGE: Lazy = Lazy {
        name: "lib.callPackagesWith",
        run: |ev, c, i| {
            static ONE: Builtin = Builtin::hidden("callPackages", &["f", "name", "newArgs"], |ev, a, _| {
                let packages = apply(ev, &a[0], &[share(ev, &a[2])?])?;
                ev.force(ev.attribute(packages, name(ev, &a[1])?, Pos::NONE)?)
            });
            let e = own_entry(ev, c, i)?;
            let args = share(ev, &c[2])?;
            let f = with_args(ev, ev.partial(&ONE, &[peek(&c[1]), Value::symbol(e.name)])?, args)?;
            result(ev, f, args, share(ev, &c[3])?)
        },
    };
    let f = package_function(ev, &a[1])?;
    let wanted = slot(function_args(ev, f)?);
    let wanted = attrs(ev, &wanted)?;
    let args = all_args(ev, wanted, &a[0], &a[2])?;
    let packages = slot(ev.call(f, &[args], Pos::NONE)?);
    let set = peek(&packages);
    if ev.is_derivation(set)? {
        let of = match get(ev, set, "name") {
            Some(name) => text_of(ev, name)?,
            None => "<unknown-name>".to_owned(),
        };
        return Err(throw(format!(
            "function `callPackages` was called on a *single* derivation \"{of}\"; did you mean to use `callPackage` \
             instead?"
        )));
    }
    map_set(ev, &PACKAGE, attrs(ev, &packages)?, &[f, wanted, args])
}

/// `lib.customisation.hydraJob`: what a continuous integration needs of a derivation, evaluated completely.
fn hydra_job(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    static CONSTITUENTS: Lazy = Lazy {
        name: "lib.hydraJob.constituents",
        run: |ev, captures, _| {
            static JOB: Builtin = Builtin::hidden("hydraJob", &["drv"], hydra_job);
            let all = flat(ev, select(ev, peek(&captures[0]), "constituents")?)?;
            super::support::map(ev, ev.builtin(&JOB), all)
        },
    };
    /// Captures: what all outputs have in common, the derivation, and the output's name.
    static OUTPUT: Lazy = Lazy {
        name: "lib.hydraJob.output",
        run: |ev, c, _| {
            let output = delay_output(ev, peek(&c[1]), peek(&c[2]))?;
            let own = set_of(
                ev,
                &[
                    ("outPath", delay_select(ev, output, sym!("outPath"))?),
                    ("drvPath", delay_select(ev, output, sym!("drvPath"))?),
                    ("type", Value::symbol(sym!("derivation"))),
                    ("outputName", peek(&c[2])),
                ],
            )?;
            Ok(ev.mem.update(attrs(ev, &c[0])?, own)?)
        },
    };
    let drv = ev.force(&a[0])?;
    if drv == Value::NULL {
        return Ok(drv);
    }
    let _depth = ev.enter(pos)?;
    let outputs = match get(ev, drv, "outputs") {
        Some(outputs) => share(ev, outputs)?,
        None => ev.mem.list(&[Value::symbol(sym!("out"))])?,
    };
    let names = items(ev, &slot(outputs))?;
    let common = ev.mem.heap.alloc(1)?;
    let mut by_name = AttrsBuilder::new();
    let mut first = None;
    let mut made = Vec::new();
    for output in names {
        let value = cell(ev, ev.delay(&OUTPUT, &[Value::forward(common), drv, share(ev, output)?])?)?;
        first = first.or(Some(value));
        made.push((output, value));
    }
    let Some(first) = first else {
        return call_builtin(ev, "head", &[Value::EMPTY_LIST]);
    };
    for (output, value) in made.into_iter().rev() {
        by_name.push(name(ev, output)?, value);
    }
    let of = |name: &str| -> Res<Value> { delay_select(ev, drv, ev.intern(name)?) };
    let mut set = set_of(
        ev,
        &[("name", of("name")?), ("system", of("system")?), ("meta", of("meta")?), ("outputs", outputs)],
    )?;
    if get(ev, drv, "_hydraAggregate").map_or(Ok(false), |s| boolean(ev, s))? {
        let constituents = ev.delay(&CONSTITUENTS, &[drv])?;
        let own = set_of(ev, &[("_hydraAggregate", Value::TRUE), ("constituents", constituents)])?;
        set = ev.mem.update(set, own)?;
    }
    put(ev.mem.heap.slot(common), ev.mem.update(set, ev.mem.attrs(by_name)?)?);
    let first = slot(first);
    ev.force_deep(&first)?;
    ev.force(&first)
}

/// The six kinds of packages in cross compilation: short names and the endings of long ones.
const KINDS: [(&str, &str); 6] = [
    ("buildBuild", "BuildBuild"),
    ("buildHost", "BuildHost"),
    ("buildTarget", "BuildTarget"),
    ("hostHost", "HostHost"),
    ("hostTarget", "HostTarget"),
    ("targetTarget", "TargetTarget"),
];

/// A suspended `x."${prefix}Kind"`: captures are the set, the prefix, and the number of the kind is the index.
static PREFIXED: Lazy = Lazy {
    name: "lib.renameCrossIndexFrom",
    run: |ev, c, i| {
        let prefix = text_of(ev, &c[1])?;
        let set = ev.force(&c[0])?;
        selected(ev, set, &format!("{prefix}{}", KINDS[i].1))
    },
};

/// `lib.customisation.renameCrossIndexFrom`: attributes of names with a prefix under their short names.
fn rename_cross_index_from(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let at = ev.delays(&PREFIXED, &[share(ev, &a[1])?, share(ev, &a[0])?])?;
    let mut set = AttrsBuilder::new();
    for (i, (short, _)) in KINDS.iter().enumerate() {
        set.push(ev.intern(short)?, Value::native(i, at));
    }
    Ok(ev.mem.attrs(set)?)
}

/// `lib.customisation.renameCrossIndexTo`: attributes of short names under names with a prefix.
fn rename_cross_index_to(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let prefix = text_of(ev, &a[0])?;
    let x = share(ev, &a[1])?;
    let mut set = AttrsBuilder::new();
    for (short, long) in KINDS {
        set.push(ev.intern(&format!("{prefix}{long}"))?, delay_select(ev, x, ev.intern(short)?)?);
    }
    Ok(ev.mem.attrs(set)?)
}

const CROSS: crate::eval::Formals = crate::eval::Formals {
    arg: 1,
    names: &[
        ("buildBuild", false),
        ("buildHost", false),
        ("buildTarget", false),
        ("hostHost", false),
        ("hostTarget", false),
        ("targetTarget", false),
    ],
    ellipsis: false,
};

/// `lib.customisation.mapCrossIndex`: a function applied to each of the six.
fn map_cross_index(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let set = ev.force_formals("mapCrossIndex", &a[1], &CROSS, pos)?;
    let f = share(ev, &a[0])?;
    let mut made = AttrsBuilder::new();
    for e in ev.mem.entries(set) {
        made.push(e.name, ev.delay_call(f, &[share(ev, e.slot)?])?);
    }
    Ok(ev.mem.attrs(made)?)
}
