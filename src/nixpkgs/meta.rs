//! `lib.meta`: what packages say about themselves.

use super::attrsets::{map_set, matches_pattern, output_of, own_entry};
use super::derivations::override_attrs;
use super::licenses;
use super::strings::get_name;
use crate::eval::{Builtin, Evaluator, Lazy, Res};
use crate::heap::Slot;
use crate::native::{
    Entry, Table, Text, apply, attr, attrs, call_builtin, cell, computed, delay_select, function, get,
    interpolate, items, lossy, nix_identifier, set_of, share, text_of, throw, with_attr,
};
use crate::source::Pos;
use crate::value::{Value, slot};

/// `lib.meta`
pub static TABLE: Table = Table { namespace: "meta", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    function("addMetaAttrs", &["newAttrs", "drv"], add_meta_attrs).top(),
    function("dontDistribute", &["drv"], dont_distribute).top(),
    function("setName", &["name", "drv"], set_name).top(),
    function("updateName", &["updater", "drv"], update_name).top(),
    function("appendToName", &["suffix", "drv"], append_to_name).top(),
    function("mapDerivationAttrset", &["f", "set"], |ev, a, _| map_derivations(ev, share(ev, &a[0])?, &a[1]))
        .top(),
    computed("defaultPriority", |ev| Ok(ev.mem.int(5)?)),
    function("setPrio", &["priority", "drv"], |ev, a, _| set_priority(ev, share(ev, &a[0])?, &a[1])).top(),
    function("lowPrio", &["drv"], low_prio).top(),
    function("lowPrioSet", &["set"], |ev, a, _| map_derivations(ev, ev.builtin(&LOW), &a[0])).top(),
    function("hiPrio", &["drv"], hi_prio).top(),
    function("hiPrioSet", &["set"], |ev, a, _| map_derivations(ev, ev.builtin(&HIGH), &a[0])).top(),
    function("platformMatch", &["platform", "elem"], platform_match),
    function("availableOn", &["platform", "pkg"], available_on),
    computed("licensesSpdx", licenses::by_spdx_id).top(),
    function("getLicenseFromSpdxId", &["licstr"], licenses::get_license_from_spdx_id).top(),
    function("getLicenseFromSpdxIdOr", &["licstr", "default"], licenses::get_license_from_spdx_id_or).top(),
    function("getExe", &["x"], get_exe).top(),
    function("getExe'", &["x", "y"], |ev, a, _| executable(ev, &a[0], &a[1])).top(),
    function("cpeFullVersionWithVendor", &["vendor", "version"], cpe_full_version_with_vendor),
];

/// `(old.meta or { }) // new`, suspended: captures are the set with `meta` and what is new.
static META: Lazy = Lazy {
    name: "lib.addMetaAttrs",
    run: |ev, c, _| {
        let new = attrs(ev, &c[1])?;
        match get(ev, ev.force(&c[0])?, "meta") {
            Some(old) => Ok(ev.mem.update(attrs(ev, old)?, new)?),
            None => Ok(new),
        }
    },
};

/// `lib.meta.addMetaAttrs`: a package with more attributes in its `meta`.
fn add_meta_attrs(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    add(ev, share(ev, &a[0])?, &a[1])
}

fn add(ev: &Evaluator, new: Value, drv: &Slot) -> Res<Value> {
    static OVERRIDE: Builtin = Builtin::hidden("addMetaAttrs", &["newAttrs", "old"], |ev, a, _| {
        set_of(ev, &[("meta", ev.delay_raw(&META, &[share(ev, &a[1])?, share(ev, &a[0])?])?)])
    });
    let package = ev.force(drv)?;
    if get(ev, package, "overrideAttrs").is_some() {
        return override_attrs(ev, package, ev.partial(&OVERRIDE, &[new])?);
    }
    let package = attrs(ev, drv)?;
    with_attr(ev, package, "meta", ev.delay_raw(&META, &[package, new])?)
}

/// `lib.meta.dontDistribute`: a package that is not built for distribution.
fn dont_distribute(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    add(ev, set_of(ev, &[("hydraPlatforms", Value::EMPTY_LIST)])?, &a[0])
}

/// `lib.meta.setName`: a package under another name.
fn set_name(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    with_attr(ev, attrs(ev, &a[1])?, "name", share(ev, &a[0])?)
}

fn renamed(ev: &Evaluator, updater: Value, drv: &Slot) -> Res<Value> {
    let package = attrs(ev, drv)?;
    let old = delay_select(ev, package, sym!("name"))?;
    with_attr(ev, package, "name", ev.delay_call(updater, &[old])?)
}

/// `lib.meta.updateName`: a package whose name a function changes.
fn update_name(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    renamed(ev, share(ev, &a[0])?, &a[1])
}

/// `lib.meta.appendToName`: a package with something between its name and its version.
fn append_to_name(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static APPEND: Builtin = Builtin::hidden("appendToName", &["suffix", "name"], |ev, a, _| {
        let parsed = call_builtin(ev, "parseDrvName", &[share(ev, &a[1])?])?;
        let mut text = Text::new();
        text.interpolate(ev, attr(ev, parsed, "name")?)?.put("-").interpolate(ev, &a[0])?;
        text.put("-").interpolate(ev, attr(ev, parsed, "version")?)?;
        text.finish(ev)
    });
    renamed(ev, ev.partial(&APPEND, &[share(ev, &a[0])?])?, &a[1])
}

/// `lib.meta.mapDerivationAttrset`: a function applied to the packages in a set.
fn map_derivations(ev: &Evaluator, f: Value, set: &Slot) -> Res<Value> {
    static MAPPED: Lazy = Lazy {
        name: "lib.mapDerivationAttrset",
        run: |ev, c, i| {
            let package = ev.force(own_entry(ev, c, i)?.slot)?;
            if ev.is_derivation(package)? { apply(ev, &c[1], &[package]) } else { Ok(package) }
        },
    };
    map_set(ev, &MAPPED, attrs(ev, set)?, &[f])
}

/// `lib.meta.setPrio`: a package with another priority in a profile.
fn set_priority(ev: &Evaluator, priority: Value, drv: &Slot) -> Res<Value> {
    add(ev, set_of(ev, &[("priority", priority)])?, drv)
}

static LOW: Builtin = Builtin::hidden("lowPrio", &["drv"], low_prio);
static HIGH: Builtin = Builtin::hidden("hiPrio", &["drv"], hi_prio);

/// `lib.meta.lowPrio`: a package that others are preferred to.
fn low_prio(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    set_priority(ev, ev.mem.int(10)?, &a[0])
}

/// `lib.meta.hiPrio`: a package that is preferred to others.
fn hi_prio(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    set_priority(ev, ev.mem.int(-10)?, &a[0])
}

/// `lib.meta.platformMatch`: whether a platform is one that a package names.
fn platform_match(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    Ok(Value::bool(matches_platform(ev, &a[0], &a[1])?))
}

fn matches_platform(ev: &Evaluator, platform: &Slot, elem: &Slot) -> Res<bool> {
    let wanted = ev.force(elem)?;
    if wanted.is_string() {
        return match get(ev, ev.force(platform)?, "system") {
            Some(system) => ev.equal(elem, system, Pos::NONE),
            None => Ok(false),
        };
    }
    let pattern = match get(ev, wanted, "parsed") {
        Some(_) => wanted,
        None => set_of(ev, &[("parsed", wanted)])?,
    };
    matches_pattern(ev, &slot(pattern), platform)
}

/// `lib.meta.availableOn`: whether a package can be used on a platform.
fn available_on(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let meta = match get(ev, ev.force(&a[1])?, "meta") {
        Some(meta) => ev.force(meta)?,
        None => Value::EMPTY_SET,
    };
    let any = |platforms: &Slot| -> Res<bool> {
        for elem in items(ev, platforms)? {
            if matches_platform(ev, &a[0], elem)? {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let good = get(ev, meta, "platforms").map_or(Ok(true), any)?;
    Ok(Value::bool(good && !get(ev, meta, "badPlatforms").map_or(Ok(false), any)?))
}

/// `lib.meta.getExe`: the path of a package's main program.
fn get_exe(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static NAME: Lazy = Lazy {
        name: "lib.getExe",
        run: |ev, c, _| {
            let package = ev.force(&c[0])?;
            let meta = get(ev, package, "meta").map(|m| ev.force(m)).transpose()?;
            if let Some(program) = meta.and_then(|m| get(ev, m, "mainProgram")) {
                return ev.force(program);
            }
            let named = meta.and_then(|m| get(ev, m, "name")).or_else(|| get(ev, package, "pname"));
            let named = named.map_or_else(|| attr(ev, package, "name"), Ok)?;
            let shown = lossy(ev.mem.text(nix_identifier(ev, named)?));
            super::trivial::warn(ev, &no_main_program(&shown), Value::NULL)?;
            get_name(ev, &c[0])
        },
    };
    let program = cell(ev, ev.delay_raw(&NAME, &[share(ev, &a[0])?])?)?;
    executable(ev, &a[0], &slot(program))
}

#[cold]
fn no_main_program(package: &str) -> String {
    format!(
        "getExe: Package {package} does not have the meta.mainProgram attribute. We'll assume that the main program has \
         the same name for now, but this behavior is deprecated, because it leads to surprising errors when the \
         assumption does not hold. If the package has a main program, please set `meta.mainProgram` in its definition to \
         make this warning go away. Otherwise, if the package does not have a main program, or if you don't control its \
         definition, use getExe' to specify the name to the program, such as lib.getExe' foo \"bar\"."
    )
}

/// `lib.meta.getExe'`: the path of one of a package's programs.
fn executable(ev: &Evaluator, x: &Slot, y: &Slot) -> Res<Value> {
    let package = ev.force(x)?;
    if !ev.is_derivation(package)? {
        return Err(throw(format!(
            "lib.meta.getExe': The first argument is of type {}, but it should be a derivation instead.",
            package.type_of().word()
        )));
    }
    let program = ev.force(y)?;
    if !program.is_string() {
        return Err(throw(format!(
            "lib.meta.getExe': The second argument is of type {}, but it should be a string instead.",
            program.type_of().word()
        )));
    }
    if ev.mem.text(program).contains(&b'/') {
        return Err(throw(format!(
            "lib.meta.getExe': The second argument \"{}\" is a nested path with a \"/\" character, but it should just be \
             the name of the executable instead.",
            text_of(ev, y)?
        )));
    }
    let bin = slot(output_of(ev, "bin", x)?);
    let mut text = Text::new();
    text.add(ev, interpolate(ev, &bin)?).put("/bin/").add(ev, program);
    text.finish(ev)
}

/// `lib.meta.cpeFullVersionWithVendor`: parts of an identifier in vulnerability databases.
fn cpe_full_version_with_vendor(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    set_of(ev, &[("vendor", share(ev, &a[0])?), ("version", share(ev, &a[1])?), ("update", ev.mem.str("*")?)])
}
