//! Flags of build tools: `cmakeBool`, `mesonOption`, `enableFeature` and the like.

use crate::eval::{Evaluator, Res, exactly};
use crate::heap::Slot;
use crate::native::{Text, assert, boolean, lossy, string};
use crate::source::Pos;
use crate::value::{Type, Value, slot};

fn expect(ev: &Evaluator, s: &Slot, kind: Type, text: &str) -> Res<()> {
    assert(ev.force(s)?.type_of() == kind, text)
}

/// The concatenation of texts and strings in slots.
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

/// `lib.strings.cmakeOptionType`: a CMake flag that sets an option of a type.
pub(super) fn cmake_option_type(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [kind, feature, value] = exactly(args);
    const TYPES: [&str; 6] = ["BOOL", "FILEPATH", "PATH", "STRING", "INTERNAL", "LIST"];
    let kind = lossy(ev.mem.text(string(ev, kind)?)).to_ascii_uppercase();
    assert(TYPES.contains(&&kind[..]), "(elem (toUpper type) types)")?;
    cmake(ev, &kind, feature, value)
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

/// `lib.strings.cmakeBool`: a CMake flag with a Boolean.
pub(super) fn cmake_bool(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [feature, flag] = exactly(args);
    cmake(ev, "BOOL", feature, &choice(ev, flag, "TRUE", "FALSE")?)
}

/// `lib.strings.cmakeFeature`: a CMake flag with a string.
pub(super) fn cmake_feature(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [feature, value] = exactly(args);
    cmake(ev, "STRING", feature, value)
}

fn meson(ev: &Evaluator, feature: &Slot, value: &Slot) -> Res<Value> {
    expect(ev, feature, Type::String, "((lib).isString feature)")?;
    expect(ev, value, Type::String, "((lib).isString value)")?;
    flag(ev, &[T("-D"), S(feature), T("="), S(value)])
}

/// `lib.strings.mesonOption`: a Meson flag with a string.
pub(super) fn meson_option(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [feature, value] = exactly(args);
    meson(ev, feature, value)
}

/// `lib.strings.mesonBool`: a Meson flag with a Boolean.
pub(super) fn meson_bool(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [feature, flag] = exactly(args);
    meson(ev, feature, &choice(ev, flag, "true", "false")?)
}

/// `lib.strings.mesonEnable`: a Meson flag that enables or disables a feature.
pub(super) fn meson_enable(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [feature, flag] = exactly(args);
    meson(ev, feature, &choice(ev, flag, "enabled", "disabled")?)
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
pub(super) fn enable_feature(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [on, feature] = exactly(args);
    enable(ev, on, feature)
}

/// `lib.strings.enableFeatureAs`: `--enable-…=value` or `--disable-…`.
pub(super) fn enable_feature_as(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [on, feature, value] = exactly(args);
    valued(ev, enable(ev, on, feature)?, on, value)
}

/// `lib.strings.withFeature`: `--with-…` or `--without-…`.
pub(super) fn with_feature(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [on, feature] = exactly(args);
    with(ev, on, feature)
}

/// `lib.strings.withFeatureAs`: `--with-…=value` or `--without-…`.
pub(super) fn with_feature_as(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [on, feature, value] = exactly(args);
    valued(ev, with(ev, on, feature)?, on, value)
}
