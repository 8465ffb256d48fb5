//! `lib.trivial`: small functions about values, numbers and functions.

use super::lists;
use crate::eval::{Builtin, Error, Evaluator, Res};
use crate::heap::Slot;
use crate::native::{
    Entry, Table, Text, apply, assert, boolean, builtin, call_builtin, computed, function, get, integer,
    interpolate, is_function, items, share, string, throw, to_string, truth,
};
use crate::source::Pos;
use crate::value::{Type, Value, peek, slot};

/// The release of nixpkgs that the native library mirrors.
pub const RELEASE: &str = "26.11";
/// What a checkout of it adds to the release.
const VERSION_SUFFIX: &str = "pre-git";
/// The oldest release that is still maintained then.
const OLDEST_SUPPORTED: i64 = 2605;

/// `lib.trivial`
pub static TABLE: Table = Table { namespace: "trivial", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    builtin("pathExists").top(),
    builtin("readFile").top(),
    builtin("isBool").top(),
    builtin("isInt").top(),
    builtin("isFloat").top(),
    builtin("add").top(),
    builtin("sub").top(),
    builtin("mul").top(),
    builtin("div").top(),
    builtin("lessThan").top(),
    builtin("seq").top(),
    builtin("deepSeq").top(),
    builtin("genericClosure").top(),
    builtin("bitAnd").top(),
    builtin("bitOr").top(),
    builtin("bitXor").top(),
    builtin("ceil").top(),
    builtin("floor").top(),
    function("id", &["x"], id).top(),
    function("const", &["x", "y"], id).top(),
    function("pipe", &["x", "f"], pipe).top(),
    function("concat", &["x", "y"], concat).top(),
    function("or", &["x", "y"], or).top(),
    function("and", &["x", "y"], and).top(),
    function("xor", &["x", "y"], xor).top(),
    computed("bitNot", bit_not).top(),
    function("boolToString", &["b"], bool_to_string).top(),
    function("boolToYesNo", &["b"], bool_to_yes_no).top(),
    function("mergeAttrs", &["x", "y"], merge_attrs).top(),
    function("flip", &["f", "a", "b"], flip).top(),
    function("defaultTo", &["default", "maybeValue"], default_to).top(),
    function("mapNullable", &["f", "a"], map_nullable).top(),
    computed("version", version).top(),
    computed("release", |ev| Ok(ev.mem.str(RELEASE)?)),
    computed("oldestSupportedRelease", |ev| Ok(ev.mem.int(OLDEST_SUPPORTED)?)),
    computed("isInOldestRelease", is_in_oldest_release).top(),
    function("oldestSupportedReleaseIsAtLeast", &["release"], oldest_supported_release_is_at_least).top(),
    computed("codeName", |ev| Ok(ev.mem.str("Zokor")?)),
    computed("versionSuffix", |ev| Ok(ev.mem.str(VERSION_SUFFIX)?)),
    function("revisionWithDefault", &["default"], id),
    computed("nixpkgsVersion", nixpkgs_version).top(),
    computed("inNixShell", in_nix_shell).top(),
    computed("inPureEvalMode", |ev| Ok(Value::bool(ev.settings.pure))).top(),
    function("min", &["x", "y"], min).top(),
    function("max", &["x", "y"], max).top(),
    function("mod", &["base", "int"], modulo).top(),
    function("compare", &["a", "b"], compare).top(),
    function("splitByAndCompare", &["p", "yes", "no", "a", "b"], split_by_and_compare).top(),
    function("importJSON", &["path"], import_json).top(),
    function("importTOML", &["path"], import_toml).top(),
    builtin("warn").top(),
    function("warnIf", &["cond", "msg"], warn_if).top(),
    function("warnIfNot", &["cond", "msg"], warn_if_not).top(),
    function("throwIfNot", &["cond", "msg"], throw_if_not).top(),
    function("throwIf", &["cond", "msg"], throw_if).top(),
    function("checkListOfEnum", &["msg", "valid", "given"], check_list_of_enum).top(),
    function("info", &["msg"], info).top(),
    function("showWarnings", &["warnings", "res"], show_warnings).top(),
    function("setFunctionArgs", &["f", "args"], super::function_args::set_function_args).top(),
    function("functionArgs", &["f"], super::function_args::function_args_of).top(),
    function("isFunction", &["f"], super::function_args::is_function_value).top(),
    function("mirrorFunctionArgs", &["f"], super::function_args::mirror_function_args).top(),
    function("toFunction", &["v"], to_function).top(),
    function("fromHexString", &["str"], from_hex_string).top(),
    function("toHexString", &["i"], to_hex_string).top(),
    function("toBaseDigits", &["base", "i"], to_base_digits).top(),
];

/// The function `lib.id`, for those that return it.
pub(super) static ID: Builtin = Builtin::hidden("id", &["x"], id);

/// `lib.trivial.id`: the argument. Also `const` and `revisionWithDefault`, which return their first one.
fn id(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    ev.force(&a[0])
}

/// `lib.trivial.pipe`: a value put through functions one after the other.
fn pipe(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut value = share(ev, &a[0])?;
    for f in items(ev, &a[1])? {
        value = apply(ev, f, &[value])?;
    }
    ev.force_value(value)
}

/// `lib.trivial.concat`: `x ++ y`.
fn concat(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let (x, y) = (ev.force(&a[0])?, ev.force(&a[1])?);
    for v in [x, y] {
        crate::native::list(ev, &slot(v))?;
    }
    Ok(ev.mem.concat_lists(&[x, y])?)
}

/// `lib.trivial.or`: `x || y`.
fn or(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    Ok(Value::bool(boolean(ev, &a[0])? || boolean(ev, &a[1])?))
}

/// `lib.trivial.and`: `x && y`.
fn and(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    Ok(Value::bool(boolean(ev, &a[0])? && boolean(ev, &a[1])?))
}

/// `lib.trivial.xor`: exactly one of the two.
fn xor(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    Ok(Value::bool(boolean(ev, &a[0])? != boolean(ev, &a[1])?))
}

/// `lib.trivial.bitNot`: all bits inverted; nixpkgs makes it of `builtins.sub`.
fn bit_not(ev: &Evaluator) -> Res<Value> {
    match crate::builtins::find("sub") {
        Some(sub) => ev.partial(sub, &[ev.mem.int(-1)?]),
        None => Ok(Value::NULL),
    }
}

fn choose(ev: &Evaluator, cond: &Slot, yes: &str, no: &str) -> Res<Value> {
    Ok(ev.mem.str(if boolean(ev, cond)? { yes } else { no })?)
}

/// `lib.trivial.boolToString`: `"true"` or `"false"`.
fn bool_to_string(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    choose(ev, &a[0], "true", "false")
}

/// `lib.trivial.boolToYesNo`: `"yes"` or `"no"`.
fn bool_to_yes_no(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    choose(ev, &a[0], "yes", "no")
}

/// `lib.trivial.mergeAttrs`: `x // y`, which looks at its right operand first.
pub(super) fn merge_attrs(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let y = crate::native::attrs(ev, &a[1])?;
    Ok(ev.mem.update(crate::native::attrs(ev, &a[0])?, y)?)
}

/// `lib.trivial.flip`: a function called with its two arguments the other way round.
fn flip(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    apply(ev, &a[0], &[share(ev, &a[2])?, share(ev, &a[1])?])
}

/// `lib.trivial.defaultTo`: a value, or a default in place of null.
fn default_to(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    match ev.force(&a[1])? {
        Value::NULL => ev.force(&a[0]),
        v => Ok(v),
    }
}

/// `lib.trivial.mapNullable`: a function applied to anything but null.
fn map_nullable(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    match ev.force(&a[1])? {
        Value::NULL => Ok(Value::NULL),
        v => apply(ev, &a[0], &[v]),
    }
}

/// `lib.trivial.version`: the release and what follows it.
fn version(ev: &Evaluator) -> Res<Value> {
    Ok(ev.mem.str(&format!("{RELEASE}{VERSION_SUFFIX}"))?)
}

/// `lib.trivial.isInOldestRelease`: deprecated name of `oldestSupportedReleaseIsAtLeast`.
fn is_in_oldest_release(ev: &Evaluator) -> Res<Value> {
    static NEW: Builtin = Builtin::hidden(
        "oldestSupportedReleaseIsAtLeast",
        &["release"],
        oldest_supported_release_is_at_least,
    );
    let message = "lib.isInOldestRelease is deprecated. Use lib.oldestSupportedReleaseIsAtLeast instead.";
    warn(ev, message, ev.builtin(&NEW))
}

/// `lib.trivial.oldestSupportedReleaseIsAtLeast`: whether all maintained releases are that new.
fn oldest_supported_release_is_at_least(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let oldest = slot(ev.mem.int(OLDEST_SUPPORTED)?);
    Ok(Value::bool(!ev.less_than(&oldest, &a[0], pos, "")?))
}

/// Prints a warning, as `lib.warn` does.
pub(super) fn warn(ev: &Evaluator, message: &str, value: Value) -> Res<Value> {
    call_builtin(ev, "warn", &[ev.mem.str(message)?, value])
}

/// `lib.trivial.nixpkgsVersion`: deprecated name of `version`.
fn nixpkgs_version(ev: &Evaluator) -> Res<Value> {
    warn(ev, "lib.nixpkgsVersion is a deprecated alias of lib.version.", version(ev)?)
}

/// `lib.trivial.inNixShell`: whether `nix-shell` started the evaluation.
fn in_nix_shell(ev: &Evaluator) -> Res<Value> {
    let set = !ev.settings.pure && ev.host.env(b"IN_NIX_SHELL").is_some_and(|v| !v.is_empty());
    Ok(Value::bool(set))
}

/// `lib.trivial.min`: the smaller of two values.
fn min(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let first = ev.less_than(&a[0], &a[1], pos, "")?;
    ev.force(&a[usize::from(!first)])
}

/// `lib.trivial.max`: the larger of two values.
fn max(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let first = ev.less_than(&a[1], &a[0], pos, "")?;
    ev.force(&a[usize::from(!first)])
}

/// `lib.trivial.mod`: the remainder of a division, with the sign of the dividend.
fn modulo(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let base = ev.force(&a[0])?;
    let int = ev.force(&a[1])?;
    let quotient = ev.divide(base, int)?;
    ev.subtract(base, ev.multiply(int, quotient)?)
}

/// -1, 0 or 1 as `lib.compare` finds two values.
pub(super) fn compare_slots(ev: &Evaluator, a: &Slot, b: &Slot) -> Res<i64> {
    if ev.less_than(a, b, Pos::NONE, "")? {
        return Ok(-1);
    }
    Ok(i64::from(ev.less_than(b, a, Pos::NONE, "")?))
}

/// `lib.trivial.compare`: -1, 0 or 1.
fn compare(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    Ok(ev.mem.int(compare_slots(ev, &a[0], &a[1])?)?)
}

/// `lib.trivial.splitByAndCompare`: those that fulfil a predicate come first, each kind is compared in its own way.
fn split_by_and_compare(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let (a, b) = (share(ev, &args[3])?, share(ev, &args[4])?);
    let p = |v| truth(ev, apply(ev, &args[0], &[v])?);
    match (p(a)?, p(b)?) {
        (true, true) => apply(ev, &args[1], &[a, b]),
        (true, false) => Ok(ev.mem.int(-1)?),
        (false, true) => Ok(ev.mem.int(1)?),
        (false, false) => apply(ev, &args[2], &[a, b]),
    }
}

fn import_as(ev: &Evaluator, path: &Slot, reader: &'static str) -> Res<Value> {
    let text = call_builtin(ev, "readFile", &[share(ev, path)?])?;
    call_builtin(ev, reader, &[text])
}

/// `lib.trivial.importJSON`: the value in a JSON file.
pub(super) fn import_json(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    import_as(ev, &a[0], "fromJSON")
}

/// `lib.trivial.importTOML`: the value in a TOML file.
pub(super) fn import_toml(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    import_as(ev, &a[0], "fromTOML")
}

fn warning(ev: &Evaluator, print: bool, message: &Slot) -> Res<Value> {
    match crate::builtins::find("warn") {
        Some(warn) if print => ev.partial(warn, &[share(ev, message)?]),
        _ => Ok(ev.builtin(&ID)),
    }
}

/// `lib.trivial.warnIf`: a function that warns if the condition holds.
fn warn_if(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    warning(ev, boolean(ev, &a[0])?, &a[1])
}

/// `lib.trivial.warnIfNot`: a function that warns unless the condition holds.
fn warn_if_not(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    warning(ev, !boolean(ev, &a[0])?, &a[1])
}

/// What `throw e` does.
pub(super) fn throw_slot(ev: &Evaluator, message: &Slot) -> Error {
    match interpolate(ev, message) {
        Ok(text) => throw(crate::native::lossy(ev.mem.text(text))),
        Err(e) => e,
    }
}

/// `lib.trivial.throwIfNot`: a function that fails unless the condition holds.
fn throw_if_not(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    match boolean(ev, &a[0])? {
        true => Ok(ev.builtin(&ID)),
        false => Err(throw_slot(ev, &a[1])),
    }
}

/// `lib.trivial.throwIf`: a function that fails if the condition holds.
fn throw_if(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    match boolean(ev, &a[0])? {
        false => Ok(ev.builtin(&ID)),
        true => Err(throw_slot(ev, &a[1])),
    }
}

/// `lib.trivial.checkListOfEnum`: a function that fails if a list has elements that are not allowed.
fn check_list_of_enum(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let unexpected = lists::subtract(ev, &a[1], &a[2])?;
    if unexpected.list_len() == 0 {
        return Ok(ev.builtin(&ID));
    }
    let mut text = Text::new();
    text.interpolate(ev, &a[0])?.put(": ");
    let join = |text: &mut Text, of: &[Slot]| -> Res<()> {
        for (i, item) in of.iter().enumerate() {
            text.put(if i > 0 { ", " } else { "" }).add(ev, to_string(ev, item)?);
        }
        Ok(())
    };
    join(&mut text, ev.mem.items(unexpected))?;
    text.put(" unexpected; valid ones: ");
    join(&mut text, items(ev, &a[1])?)?;
    Err(throw_slot(ev, &slot(text.finish(ev)?)))
}

/// `lib.trivial.info`: a function that prints a message.
fn info(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    // The message is put together only when the function is called.
    static INFO: Builtin = Builtin::hidden("trace", &["msg", "x"], |ev, a, _| {
        let mut text = Text::new();
        text.put("INFO: ").interpolate(ev, &a[0])?;
        call_builtin(ev, "trace", &[text.finish(ev)?, share(ev, &a[1])?])
    });
    ev.partial(&INFO, &[share(ev, &a[0])?])
}

/// Prints warnings one after the other, then gives the value.
pub(super) fn warn_all(ev: &Evaluator, warnings: &Slot, value: &Slot) -> Res<Value> {
    for message in items(ev, warnings)? {
        call_builtin(ev, "warn", &[share(ev, message)?, Value::NULL])?;
    }
    ev.force(value)
}

/// `lib.trivial.showWarnings`: a value, after printing some warnings.
fn show_warnings(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    warn_all(ev, &a[0], &a[1])
}

/// `lib.trivial.toFunction`: functions as they are, other values as constant functions.
fn to_function(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static CONSTANT: Builtin = Builtin::hidden("toFunction", &["v", "k"], id);
    let v = ev.force(&a[0])?;
    match is_function(ev, v)? {
        true => Ok(v),
        false => ev.partial(&CONSTANT, &[v]),
    }
}

/// `lib.trivial.fromHexString`: the number that hexadecimal digits mean.
fn from_hex_string(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    from_hex(ev, &a[0])
}

/// `lib.fromHexString s`
pub(super) fn from_hex(ev: &Evaluator, s: &Slot) -> Res<Value> {
    let text = ev.mem.text(string(ev, s)?);
    match hex_number(text) {
        Some(n) => Ok(ev.mem.int(n)?),
        None => odd_hex(ev, s),
    }
}

/// What the pattern `(0x)?([0-7]?[0-9A-Fa-f]{1,15})` matches.
pub(super) fn hex_number(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"0x").unwrap_or(text);
    let fits = matches!(digits.len(), 1..=15) || digits.len() == 16 && matches!(digits[0], b'0'..=b'7');
    if !fits || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    i64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Texts that are no such number get a warning and go to the TOML parser, as in nixpkgs.
fn odd_hex(ev: &Evaluator, arg: &Slot) -> Res<Value> {
    let pretty = crate::native::pretty(ev, arg)?;
    let mut message = Text::new();
    message.put("fromHexString: ").add(ev, pretty).put(" is not a valid input and will be rejected in 26.05");
    call_builtin(ev, "warn", &[message.finish(ev)?, Value::TRUE])?;
    let lower = ev.mem.text(string(ev, arg)?).to_ascii_lowercase();
    let digits = lower.strip_prefix(b"0x").unwrap_or(&lower);
    let toml = ev.mem.concat(&[b"v=0x", digits], ev.mem.context(peek(arg)))?;
    let parsed = call_builtin(ev, "fromTOML", &[toml])?;
    match get(ev, parsed, "v") {
        Some(v) => ev.force(v),
        None => Ok(Value::NULL),
    }
}

/// `lib.trivial.toHexString`: a number in hexadecimal digits.
fn to_hex_string(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    Ok(ev.mem.str(&hex_text(ev, &a[0])?)?)
}

/// The hexadecimal digits of a number, which must not be negative.
pub(super) fn hex_text(ev: &Evaluator, arg: &Slot) -> Res<String> {
    Ok(format!("{:X}", natural(ev, arg)?))
}

fn natural(ev: &Evaluator, arg: &Slot) -> Res<i64> {
    assert(ev.force(arg)?.type_of() == Type::Int, "(isInt i)")?;
    let i = integer(ev, arg)?;
    assert(i >= 0, "(! (__lessThan i 0))")?;
    Ok(i)
}

/// `lib.trivial.toBaseDigits`: the digits of a number to a base, as numbers.
fn to_base_digits(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    assert(ev.force(&a[0])?.type_of() == Type::Int, "(isInt base)")?;
    assert(ev.force(&a[1])?.type_of() == Type::Int, "(isInt i)")?;
    let base = integer(ev, &a[0])?;
    assert(base >= 2, "(! (__lessThan base 2))")?;
    let mut i = natural(ev, &a[1])?;
    let mut digits = Vec::new();
    loop {
        digits.push(ev.mem.int(i % base)?);
        i /= base;
        if i == 0 {
            break;
        }
    }
    digits.reverse();
    Ok(ev.mem.list(&digits)?)
}
