//! `lib.meta`: the metadata of packages.

use super::attrsets::{matches_pattern, output_of};
use super::derivations::override_attrs;
use super::licenses;
use super::strings::get_name;
use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{
    Entry, Table, Text, apply, attr, attrs, call_builtin, cell, computed, delay_select, entry_at, function,
    get, has, interpolate, items, map_set, nix_identifier, set_of, share, shared_args, text, text_of, throw,
    warn_text, with_attr,
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
    function("mapDerivationAttrset", &["f", "set"], map_derivation_attrset).top(),
    computed("defaultPriority", |ev| Ok(ev.mem.int(5)?)),
    function("setPrio", &["priority", "drv"], set_prio).top(),
    function("lowPrio", &["drv"], low_prio).top(),
    function("lowPrioSet", &["set"], low_prio_set).top(),
    function("hiPrio", &["drv"], hi_prio).top(),
    function("hiPrioSet", &["set"], hi_prio_set).top(),
    function("platformMatch", &["platform", "elem"], platform_match),
    function("availableOn", &["platform", "pkg"], available_on),
    computed("licensesSpdx", licenses::by_spdx_id).top(),
    function("getLicenseFromSpdxId", &["licstr"], licenses::get_license_from_spdx_id).top(),
    function("getLicenseFromSpdxIdOr", &["licstr", "default"], licenses::get_license_from_spdx_id_or).top(),
    function("getExe", &["x"], get_exe).top(),
    function("getExe'", &["x", "y"], get_exe_prime).top(),
    function("cpeFullVersionWithVendor", &["vendor", "version"], cpe_full_version_with_vendor),
];

suspended! {
    /// `old.meta or { } // new`
    struct Meta { old, new }
}

impl Meta<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let new = attrs(ev, self.new)?;
        match get(ev, ev.force(self.old)?, "meta") {
            Some(meta) => Ok(ev.mem.update(attrs(ev, meta)?, new)?),
            None => Ok(new),
        }
    }
}

/// `lib.meta.addMetaAttrs`: a package with additional attributes in its `meta`.
fn add_meta_attrs(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [new, drv] = exactly(args);
    add(ev, share(ev, new)?, drv)
}

/// `addMetaAttrs new drv`
fn add(ev: &Evaluator, new: Value, drv: &Slot) -> Res<Value> {
    /// `old: { meta = old.meta or { } // new; }`
    static OVERRIDE: Builtin = Builtin::hidden("addMetaAttrs", &["newAttrs", "old"], |ev, args, _| {
        let [new, old] = shared_args(ev, args)?;
        set_of(ev, &[("meta", ev.delay(Meta { old, new })?)])
    });
    let package = ev.force(drv)?;
    if has(ev, package, "overrideAttrs") {
        return override_attrs(ev, package, ev.partial(&OVERRIDE, &[new])?);
    }
    let package = attrs(ev, drv)?;
    with_attr(ev, package, "meta", ev.delay(Meta { old: package, new })?)
}

/// `lib.meta.dontDistribute`: a package that is not built for distribution.
fn dont_distribute(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [drv] = exactly(args);
    add(ev, set_of(ev, &[("hydraPlatforms", Value::EMPTY_LIST)])?, drv)
}

/// `lib.meta.setName`: a package under another name.
fn set_name(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [name, drv] = exactly(args);
    with_attr(ev, attrs(ev, drv)?, "name", share(ev, name)?)
}

/// `lib.meta.updateName`: a package whose name a function changes.
fn update_name(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [updater, drv] = exactly(args);
    renamed(ev, share(ev, updater)?, drv)
}

/// `updateName updater drv`
fn renamed(ev: &Evaluator, updater: Value, drv: &Slot) -> Res<Value> {
    let package = attrs(ev, drv)?;
    let old = delay_select(ev, package, sym!("name"))?;
    with_attr(ev, package, "name", ev.delay_call(updater, &[old])?)
}

/// `lib.meta.appendToName`: a package with a suffix between its name and its version.
fn append_to_name(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    /// `name: "${(parseDrvName name).name}-${suffix}-${(parseDrvName name).version}"`
    static APPEND: Builtin = Builtin::hidden("appendToName", &["suffix", "name"], |ev, args, _| {
        let [suffix, name] = exactly(args);
        let parsed = call_builtin(ev, "parseDrvName", &[share(ev, name)?])?;
        let mut text = Text::new();
        text.interpolate(ev, attr(ev, parsed, "name")?)?.put("-").interpolate(ev, suffix)?;
        text.put("-").interpolate(ev, attr(ev, parsed, "version")?)?;
        text.finish(ev)
    });
    let [suffix, drv] = exactly(args);
    renamed(ev, ev.partial(&APPEND, &[share(ev, suffix)?])?, drv)
}

suspended! {
    /// `if isDerivation pkg then f pkg else pkg`, by attribute.
    struct Mapped { set, f } []
}

impl Mapped<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let package = ev.force(entry_at(ev, self.set, index)?.slot)?;
        if ev.is_derivation(package)? { apply(ev, self.f, &[package]) } else { Ok(package) }
    }
}

/// `lib.meta.mapDerivationAttrset`: a function applied to the packages in a set.
fn map_derivation_attrset(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [f, set] = exactly(args);
    map_derivations(ev, share(ev, f)?, set)
}

/// `mapDerivationAttrset f set`
fn map_derivations(ev: &Evaluator, f: Value, set: &Slot) -> Res<Value> {
    map_set(ev, attrs(ev, set)?, |set| Mapped { set, f })
}

/// `lib.meta.setPrio`: a package with another priority in a profile.
fn set_prio(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [priority, drv] = exactly(args);
    set_priority(ev, share(ev, priority)?, drv)
}

/// `setPrio priority drv`
fn set_priority(ev: &Evaluator, priority: Value, drv: &Slot) -> Res<Value> {
    add(ev, set_of(ev, &[("priority", priority)])?, drv)
}

/// `lib.meta.lowPrio`: a package with low priority.
fn low_prio(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [drv] = exactly(args);
    set_priority(ev, ev.mem.int(10)?, drv)
}

/// `lib.meta.lowPrioSet`: `lowPrio` of all packages in a set.
fn low_prio_set(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    static LOW: Builtin = Builtin::hidden("lowPrio", &["drv"], low_prio);
    let [set] = exactly(args);
    map_derivations(ev, ev.builtin(&LOW), set)
}

/// `lib.meta.hiPrio`: a package with high priority.
fn hi_prio(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [drv] = exactly(args);
    set_priority(ev, ev.mem.int(-10)?, drv)
}

/// `lib.meta.hiPrioSet`: `hiPrio` of all packages in a set.
fn hi_prio_set(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    static HIGH: Builtin = Builtin::hidden("hiPrio", &["drv"], hi_prio);
    let [set] = exactly(args);
    map_derivations(ev, ev.builtin(&HIGH), set)
}

/// `lib.meta.platformMatch`: whether a platform matches one that a package names.
fn platform_match(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [platform, elem] = exactly(args);
    Ok(Value::bool(matches_platform(ev, platform, elem)?))
}

/// `platformMatch platform elem`
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
fn available_on(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [platform, pkg] = exactly(args);
    let meta = match get(ev, ev.force(pkg)?, "meta") {
        Some(meta) => ev.force(meta)?,
        None => Value::EMPTY_SET,
    };
    let any = |platforms: &Slot| -> Res<bool> {
        for elem in items(ev, platforms)? {
            if matches_platform(ev, platform, elem)? {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let good = get(ev, meta, "platforms").map_or(Ok(true), any)?;
    Ok(Value::bool(good && !get(ev, meta, "badPlatforms").map_or(Ok(false), any)?))
}

suspended! {
    /// `x.meta.mainProgram or (warn … (getName x))`
    struct MainProgram { x }
}

impl MainProgram<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let package = ev.force(self.x)?;
        let meta = get(ev, package, "meta").map(|m| ev.force(m)).transpose()?;
        if let Some(program) = meta.and_then(|m| get(ev, m, "mainProgram")) {
            return ev.force(program);
        }
        let named = meta.and_then(|m| get(ev, m, "name")).or_else(|| get(ev, package, "pname"));
        let named = named.map_or_else(|| attr(ev, package, "name"), Ok)?;
        let shown = text(ev, nix_identifier(ev, named)?);
        warn_text(ev, &no_main_program(&shown), Value::NULL)?;
        get_name(ev, self.x)
    }
}

/// `lib.meta.getExe`: the path of a package's main program.
fn get_exe(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x] = exactly(args);
    let program = cell(ev, ev.delay(MainProgram { x: share(ev, x)? })?)?;
    executable(ev, x, &slot(program))
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
fn get_exe_prime(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [x, y] = exactly(args);
    executable(ev, x, y)
}

/// `getExe' x y`
fn executable(ev: &Evaluator, x: &Slot, y: &Slot) -> Res<Value> {
    let package = ev.force(x)?;
    if !ev.is_derivation(package)? {
        return Err(throw(format!(
            "lib.meta.getExe': The first argument is of type {}, but it should be a derivation instead.",
            package.type_of().name()
        )));
    }
    let program = ev.force(y)?;
    if !program.is_string() {
        return Err(throw(format!(
            "lib.meta.getExe': The second argument is of type {}, but it should be a string instead.",
            program.type_of().name()
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

/// `lib.meta.cpeFullVersionWithVendor`: parts of a CPE, the identifier in vulnerability databases.
fn cpe_full_version_with_vendor(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [vendor, version] = shared_args(ev, args)?;
    set_of(ev, &[("vendor", vendor), ("version", version), ("update", ev.mem.str("*")?)])
}
