//! The part of `lib.strings` about packages: names, versions, store paths, and flags of build tools.

use super::strings::is_string_like;
use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{Text, assert, attr, boolean, call_builtin, get, lossy, share, string, to_string};
use crate::source::Pos;
use crate::value::{Type, Value, slot};

/// `lib.strings.isStorePath`: whether a value is the path of something directly in the store.
pub(super) fn is_store_path(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    if !is_string_like(ev, ev.force(&a[0])?) {
        return Ok(Value::FALSE);
    }
    let path = ev.mem.text(to_string(ev, &a[0])?);
    let Some(slash) = path.iter().rposition(|c| *c == b'/').filter(|_| path.starts_with(b"/")) else {
        return Ok(Value::FALSE);
    };
    let dir = if slash == 0 { b"/" } else { &path[..slash] };
    // A floating output's placeholder looks like a path at the top.
    let hash = |c: &u8| c.is_ascii_digit() || c.is_ascii_lowercase();
    let placeholder = slash == 0 && path.len() == 53 && path[1..].iter().all(hash);
    Ok(Value::bool(dir == ev.settings.store_dir.as_bytes() || placeholder))
}

/// `compareVersions v2 v1 == 1`
pub(super) fn is_older(ev: &Evaluator, v1: &Slot, v2: &Slot) -> Res<bool> {
    let order = call_builtin(ev, "compareVersions", &[share(ev, v2)?, share(ev, v1)?])?;
    Ok(ev.mem.integer(order) == 1)
}

/// `lib.strings.versionOlder`: whether the first version comes before the second.
pub(super) fn version_older(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [v1, v2] = exactly(args);
    Ok(Value::bool(is_older(ev, v1, v2)?))
}

/// `lib.strings.versionAtLeast`: whether the first version does not come before the second.
pub(super) fn version_at_least(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [v1, v2] = exactly(args);
    Ok(Value::bool(!is_older(ev, v1, v2)?))
}

/// A part of what `builtins.parseDrvName` makes of a name.
fn parsed(ev: &Evaluator, name: Value, part: &str) -> Res<Value> {
    let set = call_builtin(ev, "parseDrvName", &[name])?;
    ev.force(attr(ev, set, part)?)
}

/// `part` of a name, or an attribute of a package, or `part` of the package's name.
fn name_part(ev: &Evaluator, x: &Slot, attribute: &str, part: &str) -> Res<Value> {
    let v = ev.force(x)?;
    if v.is_string() {
        return parsed(ev, v, part);
    }
    match get(ev, v, attribute) {
        Some(found) => ev.force(found),
        None => {
            let name = share(ev, attr(ev, v, "name")?)?;
            parsed(ev, name, part)
        }
    }
}

/// `lib.strings.getName`: a package's name without version.
pub(super) fn get_name(ev: &Evaluator, x: &Slot) -> Res<Value> {
    name_part(ev, x, "pname", "name")
}

/// `lib.strings.getVersion`: a package's version.
pub(super) fn get_version(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    name_part(ev, &a[0], "version", "version")
}

/// `lib.strings.nameFromURL`: the last part of a URL up to a separator.
pub(super) fn name_from_url(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let slash = slot(ev.mem.str("/")?);
    let parts = super::strings_split::split_string(ev, &[slash, slot(share(ev, &a[0])?)], pos)?;
    let file = share(ev, &ev.mem.items(parts)[parts.list_len() - 1])?;
    let parts = super::strings_split::split_string(ev, &[slot(share(ev, &a[1])?), slot(file)], pos)?;
    let first = ev.force(&ev.mem.items(parts)[0])?;
    assert(!ev.slot_equals(&slot(file), first)?, "(name != filename)")?;
    Ok(first)
}

fn expect(ev: &Evaluator, s: &Slot, kind: Type, text: &str) -> Res<()> {
    assert(ev.force(s)?.type_of() == kind, text)
}

/// A flag put together from texts and the strings in slots.
fn flag(ev: &Evaluator, parts: &[Part<'_>]) -> Res<Value> {
    let mut text = Text::new();
    for part in parts {
        match part {
            Part::Text(t) => _ = text.put(t),
            Part::Slot(s) => _ = text.interpolate(ev, s)?,
        }
    }
    text.finish(ev)
}

enum Part<'a> {
    Text(&'a str),
    Slot(&'a Slot),
}

use Part::{Slot as S, Text as T};

/// `lib.strings.cmakeOptionType`: a flag of CMake that sets an option of some type.
pub(super) fn cmake_option_type(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    const TYPES: [&str; 6] = ["BOOL", "FILEPATH", "PATH", "STRING", "INTERNAL", "LIST"];
    let kind = lossy(ev.mem.text(string(ev, &a[0])?)).to_ascii_uppercase();
    assert(TYPES.contains(&&kind[..]), "(elem (toUpper type) types)")?;
    cmake(ev, &kind, &a[1], &a[2])
}

fn cmake(ev: &Evaluator, kind: &str, feature: &Slot, value: &Slot) -> Res<Value> {
    expect(ev, feature, Type::String, "(isString feature)")?;
    expect(ev, value, Type::String, "(isString value)")?;
    flag(ev, &[T("-D"), S(feature), T(":"), T(kind), T("="), S(value)])
}

fn is_bool(ev: &Evaluator, flag: &Slot) -> Res<bool> {
    expect(ev, flag, Type::Bool, "((lib).isBool flag)")?;
    boolean(ev, flag)
}

/// A slot with one of two texts.
fn choice(ev: &Evaluator, flag: &Slot, yes: &str, no: &str) -> Res<Slot> {
    let text = if is_bool(ev, flag)? { yes } else { no };
    Ok(slot(ev.mem.str(text)?))
}

/// `lib.strings.cmakeBool`: a flag of CMake that switches something.
pub(super) fn cmake_bool(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    cmake(ev, "BOOL", &a[0], &choice(ev, &a[1], "TRUE", "FALSE")?)
}

/// `lib.strings.cmakeFeature`: a flag of CMake with a string.
pub(super) fn cmake_feature(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    cmake(ev, "STRING", &a[0], &a[1])
}

fn meson(ev: &Evaluator, feature: &Slot, value: &Slot) -> Res<Value> {
    expect(ev, feature, Type::String, "((lib).isString feature)")?;
    expect(ev, value, Type::String, "((lib).isString value)")?;
    flag(ev, &[T("-D"), S(feature), T("="), S(value)])
}

/// `lib.strings.mesonOption`: a flag of Meson with a string.
pub(super) fn meson_option(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    meson(ev, &a[0], &a[1])
}

/// `lib.strings.mesonBool`: a flag of Meson that is true or false.
pub(super) fn meson_bool(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    meson(ev, &a[0], &choice(ev, &a[1], "true", "false")?)
}

/// `lib.strings.mesonEnable`: a flag of Meson that enables or disables.
pub(super) fn meson_enable(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    meson(ev, &a[0], &choice(ev, &a[1], "enabled", "disabled")?)
}

fn enable(ev: &Evaluator, on: &Slot, feature: &Slot) -> Res<Value> {
    let word = if is_bool(ev, on)? { "--enable-" } else { "--disable-" };
    expect(ev, feature, Type::String, "((lib).isString feature)")?;
    flag(ev, &[T(word), S(feature)])
}

fn with(ev: &Evaluator, on: &Slot, feature: &Slot) -> Res<Value> {
    expect(ev, feature, Type::String, "(isString feature)")?;
    let word = if boolean(ev, on)? { "--with-" } else { "--without-" };
    flag(ev, &[T(word), S(feature)])
}

/// A flag followed by a value if it is on.
fn valued(ev: &Evaluator, made: Value, on: &Slot, value: &Slot) -> Res<Value> {
    match boolean(ev, on)? {
        true => flag(ev, &[S(&slot(made)), T("="), S(value)]),
        false => Ok(made),
    }
}

/// `lib.strings.enableFeature`: `--enable-…` or `--disable-…`.
pub(super) fn enable_feature(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    enable(ev, &a[0], &a[1])
}

/// `lib.strings.enableFeatureAs`: `--enable-…=value` or `--disable-…`.
pub(super) fn enable_feature_as(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    valued(ev, enable(ev, &a[0], &a[1])?, &a[0], &a[2])
}

/// `lib.strings.withFeature`: `--with-…` or `--without-…`.
pub(super) fn with_feature(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    with(ev, &a[0], &a[1])
}

/// `lib.strings.withFeatureAs`: `--with-…=value` or `--without-…`.
pub(super) fn with_feature_as(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    valued(ev, with(ev, &a[0], &a[1])?, &a[0], &a[2])
}
