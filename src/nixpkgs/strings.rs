//! `lib.strings`: functions about strings. Quoting is in `strings_escape`, taking apart in `strings_split`, numbers and
//! distances in `strings_numbers`, package names and flags in `strings_packages`.

use super::attrsets::{output, output_of};
use super::strings_escape as escape;
use super::strings_numbers as numbers;
use super::strings_packages as packages;
use super::strings_split as split;
use crate::eval::{Coerce, Error, ErrorKind, Evaluator, Formals, Res};
use crate::heap::Slot;
use crate::native::{
    Entry, Table, Text, alias, apply, boolean, builtin, bytes, call_builtin, callable, computed, entries,
    function, get, interpolate, items, list, lossy, pattern, share, string, throw,
};
use crate::source::Pos;
use crate::value::{Context, Type, Value, peek, slot};

/// `lib.strings`
pub static TABLE: Table = Table { namespace: "strings", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    builtin("appendContext").top(),
    builtin("compareVersions"),
    builtin("concatMap"),
    builtin("concatStringsSep").top(),
    builtin("elem"),
    builtin("elemAt"),
    builtin("filter"),
    builtin("fromJSON"),
    builtin("genList"),
    builtin("head"),
    builtin("isAttrs"),
    builtin("isInt"),
    builtin("isList"),
    builtin("isPath"),
    builtin("isString").top(),
    builtin("match").top(),
    builtin("parseDrvName"),
    builtin("readFile"),
    builtin("replaceStrings").top(),
    builtin("split").top(),
    builtin("stringLength").top(),
    builtin("substring").top(),
    builtin("tail"),
    builtin("toJSON"),
    builtin("typeOf").top(),
    builtin("unsafeDiscardStringContext").top(),
    alias("join", "concatStringsSep").top(),
    computed("storeDir", |ev| Ok(ev.mem.str(&ev.settings.store_dir)?)),
    function("concatStrings", &["list"], concat_strings).top(),
    function("concatMapStrings", &["f", "list"], |ev, a, _| map_join(ev, None, &a[0], &a[1])).top(),
    function("concatImapStrings", &["f", "list"], |ev, a, _| imap_join(ev, None, &a[0], &a[1])).top(),
    function("intersperse", &["separator", "list"], intersperse).top(),
    function("concatMapStringsSep", &["sep", "f", "list"], |ev, a, _| {
        map_join(ev, Some(&a[0]), &a[1], &a[2])
    })
    .top(),
    function("concatImapStringsSep", &["sep", "f", "list"], |ev, a, _| {
        imap_join(ev, Some(&a[0]), &a[1], &a[2])
    })
    .top(),
    function("concatMapAttrsStringSep", &["sep", "f", "attrs"], concat_map_attrs_string_sep).top(),
    function("concatLines", &["lines"], concat_lines).top(),
    function("replaceString", &["from", "to", "s"], replace_string).top(),
    function("replicate", &["n", "s"], replicate),
    function("trim", &["s"], |ev, a, _| trimmed(ev, &a[0], true, true)).top(),
    pattern("trimWith", &["options", "s"], &[TRIM], trim_with).top(),
    function("makeSearchPath", &["subDir", "paths"], make_search_path).top(),
    function("makeSearchPathOutput", &["output", "subDir", "pkgs"], make_search_path_output).top(),
    function("makeLibraryPath", &["pkgs"], |ev, a, _| search_path(ev, "lib", "lib", &a[0])).top(),
    function("makeIncludePath", &["pkgs"], |ev, a, _| search_path(ev, "dev", "include", &a[0])).top(),
    function("makeBinPath", &["pkgs"], |ev, a, _| search_path(ev, "bin", "bin", &a[0])).top(),
    function("normalizePath", &["s"], normalize_path),
    function("optionalString", &["cond", "string"], optional_string).top(),
    function("hasPrefix", &["pref", "str"], has_prefix).top(),
    function("hasSuffix", &["suffix", "content"], has_suffix).top(),
    function("hasInfix", &["infix", "content"], has_infix).top(),
    function("removePrefix", &["prefix", "str"], remove_prefix).top(),
    function("removeSuffix", &["suffix", "str"], remove_suffix).top(),
    computed("lowerChars", |ev| alphabet(ev, b'a')).top(),
    computed("upperChars", |ev| alphabet(ev, b'A')).top(),
    function("toLower", &["s"], |ev, a, _| changed(ev, string(ev, &a[0])?, <[u8]>::to_ascii_lowercase)).top(),
    function("toUpper", &["s"], |ev, a, _| changed(ev, string(ev, &a[0])?, <[u8]>::to_ascii_uppercase)).top(),
    function("toSentenceCase", &["str"], to_sentence_case).top(),
    function("toCamelCase", &["str"], split::to_camel_case).top(),
    function("addContextFrom", &["src", "target"], add_context_from).top(),
    function("isStringLike", &["x"], |ev, a, _| Ok(Value::bool(is_string_like(ev, ev.force(&a[0])?)))).top(),
    function("fileContents", &["file"], file_contents).top(),
    function("stringToCharacters", &["s"], split::string_to_characters).top(),
    function("stringAsChars", &["f", "s"], split::string_as_chars).top(),
    function("splitString", &["sep", "s"], split::split_string).top(),
    function("splitStringBy", &["predicate", "keepSplit", "str"], split::split_string_by).top(),
    function("escape", &["list", "string"], escape::escape).top(),
    function("escapeC", &["list", "string"], escape::escape_c),
    function("escapeURL", &["string"], escape::escape_url).top(),
    function("escapeShellArg", &["arg"], |ev, a, _| escape::shell_arg(ev, &a[0])).top(),
    function("escapeShellArgs", &["args"], |ev, a, _| escape::shell_args(ev, &a[0])).top(),
    function("isValidPosixName", &["name"], escape::is_valid_posix_name).top(),
    function("toShellVar", &["name", "value"], escape::to_shell_var).top(),
    function("toShellVars", &["vars"], escape::to_shell_vars).top(),
    function("escapeNixString", &["s"], |ev, a, _| escape::nix_string(ev, &a[0])),
    function("escapeRegex", &["string"], escape::escape_regex).top(),
    function("escapeNixIdentifier", &["s"], |ev, a, _| escape::nix_identifier(ev, &a[0])),
    function("escapeXML", &["string"], escape::escape_xml).top(),
    function("charToInt", &["c"], numbers::char_to_int),
    function("fixedWidthString", &["width", "filler", "str"], numbers::fixed_width_string).top(),
    function("fixedWidthNumber", &["width", "n"], numbers::fixed_width_number).top(),
    function("floatToString", &["float"], |ev, a, _| numbers::float_to_string(ev, &a[0])),
    function("toInt", &["str"], numbers::to_int).top(),
    function("toIntBase10", &["str"], numbers::to_int_base10).top(),
    function("levenshtein", &["a", "b"], numbers::levenshtein),
    function("levenshteinAtMost", &["k", "a", "b"], numbers::levenshtein_at_most),
    function("commonPrefixLength", &["a", "b"], numbers::common_prefix_length),
    function("commonSuffixLength", &["a", "b"], numbers::common_suffix_length),
    function("isConvertibleWithToString", &["x"], is_convertible_with_to_string),
    function("isStorePath", &["x"], packages::is_store_path).top(),
    function("versionOlder", &["v1", "v2"], packages::version_older).top(),
    function("versionAtLeast", &["v1", "v2"], packages::version_at_least).top(),
    function("getName", &["x"], |ev, a, _| packages::get_name(ev, &a[0])).top(),
    function("getVersion", &["x"], packages::get_version).top(),
    function("nameFromURL", &["url", "sep"], packages::name_from_url).top(),
    function("cmakeOptionType", &["type", "feature", "value"], packages::cmake_option_type).top(),
    function("cmakeBool", &["condition", "flag"], packages::cmake_bool).top(),
    function("cmakeFeature", &["feature", "value"], packages::cmake_feature).top(),
    function("mesonOption", &["feature", "value"], packages::meson_option).top(),
    function("mesonBool", &["condition", "flag"], packages::meson_bool).top(),
    function("mesonEnable", &["feature", "flag"], packages::meson_enable).top(),
    function("enableFeature", &["flag", "feature"], packages::enable_feature).top(),
    function("enableFeatureAs", &["flag", "feature", "value"], packages::enable_feature_as).top(),
    function("withFeature", &["flag", "feature"], packages::with_feature).top(),
    function("withFeatureAs", &["flag", "feature", "value"], packages::with_feature_as).top(),
    function("sanitizeDerivationName", &["string"], |ev, a, _| sanitize_derivation_name(ev, &a[0])),
];

/// Strings joined as `builtins.concatStringsSep` does: the separator comes first, then `parts` says what there is, and
/// `part` makes strings of it one after the other.
pub(super) fn join<I: IntoIterator>(
    ev: &Evaluator,
    separator: Option<&Slot>,
    parts: impl FnOnce() -> Res<I>,
    mut part: impl FnMut(usize, I::Item) -> Res<Value>,
) -> Res<Value> {
    let separator = separator.map(|s| string(ev, s)).transpose()?;
    let mut text = Text::new();
    for (i, item) in parts()?.into_iter().enumerate() {
        let made = slot(part(i, item)?);
        if let (Some(separator), true) = (separator, i > 0) {
            text.add(ev, separator);
        }
        text.interpolate(ev, &made)?;
    }
    // The separator's context counts also where there is nothing to separate.
    text.add_context(ev, separator.unwrap_or(Value::NULL));
    text.finish(ev)
}

/// `lib.strings.concatStrings`: strings one behind the other.
fn concat_strings(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    join(ev, None, || items(ev, &a[0]), |_, item| share(ev, item))
}

/// `lib.strings.concatMapStrings`, `concatMapStringsSep`: what a function makes of each element, joined.
pub(super) fn map_join(ev: &Evaluator, separator: Option<&Slot>, f: &Slot, of: &Slot) -> Res<Value> {
    let parts = || {
        let items = items(ev, of)?;
        if !items.is_empty() {
            callable(ev, f)?;
        }
        Ok(items)
    };
    join(ev, separator, parts, |_, item| ev.call1(peek(f), item, Pos::NONE))
}

/// `lib.strings.concatImapStrings`, `concatImapStringsSep`: the same with a function of number and element.
fn imap_join(ev: &Evaluator, separator: Option<&Slot>, f: &Slot, of: &Slot) -> Res<Value> {
    join(
        ev,
        separator,
        || items(ev, of),
        |i, item| apply(ev, f, &[ev.mem.int(i as i64 + 1)?, share(ev, item)?]),
    )
}

/// `lib.strings.intersperse`: a list with a separator between the elements.
fn intersperse(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let of = list(ev, &a[1])?;
    if of.list_len() < 2 {
        return Ok(of);
    }
    let separator = share(ev, &a[0])?;
    let mut made = Vec::with_capacity(2 * of.list_len());
    for (i, item) in ev.mem.items(of).iter().enumerate() {
        if i > 0 {
            made.push(separator);
        }
        made.push(share(ev, item)?);
    }
    Ok(ev.mem.list(&made)?)
}

/// `lib.strings.concatMapAttrsStringSep`: what a function makes of each attribute, joined.
fn concat_map_attrs_string_sep(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    join(
        ev,
        Some(&a[0]),
        || entries(ev, &a[2]),
        |_, e| apply(ev, &a[1], &[Value::symbol(e.name), share(ev, e.slot)?]),
    )
}

/// `lib.strings.concatLines`: strings, each ended by a line break.
fn concat_lines(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let mut text = Text::new();
    for line in items(ev, &a[0])? {
        text.interpolate(ev, line)?.put("\n");
    }
    text.finish(ev)
}

/// `lib.strings.replaceString`: one text replaced by another.
fn replace_string(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let one = |s| -> Res<Value> { Ok(ev.mem.list(&[share(ev, s)?])?) };
    call_builtin(ev, "replaceStrings", &[one(&a[0])?, one(&a[1])?, share(ev, &a[2])?])
}

/// `lib.strings.replicate`: a string many times.
fn replicate(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let n = super::lists::list_size(crate::native::integer(ev, &a[0])?)?;
    if n == 0 {
        return Ok(ev.mem.str("")?);
    }
    let s = interpolate(ev, &a[1])?;
    let bytes = ev.mem.text(s);
    if bytes.len().checked_mul(n).is_none_or(|total| total > u32::MAX as usize) {
        return Err(Error::new(ErrorKind::Limit, "the string would be larger than 4 GiB"));
    }
    Ok(ev.mem.string(&bytes.repeat(n), ev.mem.context(s))?)
}

/// A string with the letters changed; the context stays.
pub(super) fn changed(ev: &Evaluator, s: Value, change: impl Fn(&[u8]) -> Vec<u8>) -> Res<Value> {
    Ok(ev.mem.string(&change(ev.mem.text(s)), ev.mem.context(s))?)
}

const TRIM: Formals = Formals { arg: 0, names: &[("start", true), ("end", true)], ellipsis: false };

/// `lib.strings.trimWith`: a string without the blanks at its ends.
fn trim_with(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let options = ev.force_formals("trimWith", &a[0], &TRIM, pos)?;
    let flag = |name| get(ev, options, name).map_or(Ok(false), |s| boolean(ev, s));
    // The pattern is needed only for a string, but is put together first.
    let start = flag("start")?;
    let end = flag("end")?;
    trimmed(ev, &a[1], start, end)
}

/// `lib.strings.trim`, `trimWith`: through a pattern in nixpkgs, so the context is lost.
fn trimmed(ev: &Evaluator, s: &Slot, start: bool, end: bool) -> Res<Value> {
    let blank = |c: &u8| matches!(c, b' ' | b'\t' | b'\r' | b'\n');
    let mut text = bytes(ev, s)?;
    while let (true, [first, rest @ ..]) = (start, text) {
        if !blank(first) {
            break;
        }
        text = rest;
    }
    while let (true, [rest @ .., last]) = (end, text) {
        if !blank(last) {
            break;
        }
        text = rest;
    }
    Ok(ev.mem.string(text, Context::EMPTY)?)
}

/// Paths with a directory behind each, separated by colons; null is left out.
pub(super) fn search_path_of(
    ev: &Evaluator,
    paths: &Slot,
    sub_dir: &Slot,
    output: impl Fn(&Slot) -> Res<Value>,
) -> Res<Value> {
    let paths = items(ev, paths)?;
    for path in paths {
        ev.force(path)?;
    }
    let mut text = Text::new();
    let mut first = true;
    for path in paths.iter().filter(|p| peek(p) != Value::NULL) {
        let below = ev.plus(output(path)?, &slot(ev.mem.str("/")?))?;
        let whole = slot(ev.plus(below, sub_dir)?);
        if !std::mem::take(&mut first) {
            text.put(":");
        }
        text.interpolate(ev, &whole)?;
    }
    text.finish(ev)
}

fn search_path(ev: &Evaluator, output: &str, sub_dir: &str, paths: &Slot) -> Res<Value> {
    let sub_dir = slot(ev.mem.str(sub_dir)?);
    search_path_of(ev, paths, &sub_dir, |path| output_of(ev, output, path))
}

/// `lib.strings.makeSearchPath`: a directory below each of some paths, separated by colons.
fn make_search_path(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    search_path_of(ev, &a[1], &a[0], |path| ev.force(path))
}

/// `lib.strings.makeSearchPathOutput`: the same below an output of each package.
fn make_search_path_output(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    search_path_of(ev, &a[2], &a[1], |path| output(ev, share(ev, &a[0])?, share(ev, path)?))
}

/// The error of a function that takes strings but got a path; `advice` are the lines below.
#[cold]
fn path_given(ev: &Evaluator, function: &str, which: &str, path: Value, advice: &str) -> Error {
    let path = lossy(ev.mem.text(path));
    throw(format!(
        "lib.strings.{function}: {which} ({path}) is a path value, but only strings are supported.\n{advice}"
    ))
}

/// `lib.strings.normalizePath`: a path without repeated slashes.
fn normalize_path(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let v = ev.force(&a[0])?;
    if v.type_of() == Type::Path {
        let advice =
            "    Path values are always normalised in Nix, so there's no need to call this function on them.";
        return Err(path_given(ev, "normalizePath", "The argument", v, advice));
    }
    changed(ev, interpolate(ev, &a[0])?, |text| {
        let mut out = text.to_vec();
        out.dedup_by(|a, b| *a == b'/' && *b == b'/');
        out
    })
}

/// `lib.strings.optionalString`: a string if a condition holds, else the empty one.
fn optional_string(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    if boolean(ev, &a[0])? { ev.force(&a[1]) } else { Ok(ev.mem.str("")?) }
}

const COPIES: &str = "This function also copies the path to the Nix store, which may not be what you want.";

/// Two values coerced to strings as `stringLength` and `substring` do, the first one not a path. Whether the first one
/// is a string itself, which equality asks for. `second_first` is the order in which nixpkgs looks at them.
fn affix<'a>(
    ev: &'a Evaluator,
    affix: &Slot,
    of: &Slot,
    second_first: bool,
    refuse: impl Fn(Value) -> Error,
) -> Res<(&'a [u8], bool, Value)> {
    let v = ev.force(affix)?;
    if v.type_of() == Type::Path {
        return Err(refuse(v));
    }
    if second_first {
        interpolate(ev, of)?;
    }
    let text = ev.mem.text(interpolate(ev, affix)?);
    Ok((text, v.is_string(), interpolate(ev, of)?))
}

/// `lib.strings.hasPrefix`: whether a string starts with another.
fn has_prefix(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let advice = "    You might want to use `lib.path.hasPrefix` instead, which correctly supports paths.";
    let (prefix, is_string, of) =
        affix(ev, &a[0], &a[1], false, |v| path_given(ev, "hasPrefix", "The first argument", v, advice))?;
    Ok(Value::bool(is_string && ev.mem.text(of).starts_with(prefix)))
}

/// `lib.strings.hasSuffix`: whether a string ends with another.
fn has_suffix(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let (suffix, is_string, of) = affix(ev, &a[0], &a[1], true, |v| {
        let advice = format!(
            "There is almost certainly a bug in the calling code, since this function always returns `false` in such \
             a case.\n{COPIES}"
        );
        path_given(ev, "hasSuffix", "The first argument", v, &advice)
    })?;
    Ok(Value::bool(is_string && ev.mem.text(of).ends_with(suffix)))
}

/// `lib.strings.hasInfix`: whether a string contains another. In nixpkgs the latter becomes a pattern, which must be a
/// string without context.
fn has_infix(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let v = ev.force(&a[0])?;
    if v.type_of() == Type::Path {
        let advice = format!(
            "    There is almost certainly a bug in the calling code, since this function always returns `false` in \
             such a case.\n    {COPIES}"
        );
        return Err(path_given(ev, "hasInfix", "The first argument", v, &advice));
    }
    let infix = string(ev, &a[0])?;
    if !ev.mem.context(infix).is_empty() {
        let escaped = escape::regex_escaped(ev.mem.text(infix));
        let pattern = ev.mem.concat(&[b".*", &escaped, b".*"], ev.mem.context(infix))?;
        ev.force_plain_string(&slot(pattern), Pos::NONE, "")?;
    }
    let content = interpolate(ev, &a[1])?;
    Ok(Value::bool(find(ev.mem.text(content), ev.mem.text(infix)).is_some()))
}

/// Where `needle` first is in `text`.
pub(super) fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(0),
        [one] => text.iter().position(|c| c == one),
        [first, ..] => {
            let mut from = 0;
            while let Some(i) = text.get(from..)?.iter().position(|c| c == first) {
                if text[from + i..].starts_with(needle) {
                    return Some(from + i);
                }
                from += i + 1;
            }
            None
        }
    }
}

#[cold]
fn never_removes(ev: &Evaluator, function: &str, what: &str, v: Value) -> Error {
    let advice = format!(
        "    There is almost certainly a bug in the calling code, since this function never removes any {what} in such \
         a case.\n    {COPIES}"
    );
    path_given(ev, function, "The first argument", v, &advice)
}

/// `lib.strings.removePrefix`: a string without what it may start with.
fn remove_prefix(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let (prefix, is_string, of) =
        affix(ev, &a[0], &a[1], false, |v| never_removes(ev, "removePrefix", "prefix", v))?;
    match ev.mem.text(of).strip_prefix(prefix) {
        Some(rest) if is_string => Ok(ev.mem.string(rest, ev.mem.context(of))?),
        _ => ev.force(&a[1]),
    }
}

/// `lib.strings.removeSuffix`: a string without what it may end with.
fn remove_suffix(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let (suffix, is_string, of) =
        affix(ev, &a[0], &a[1], true, |v| never_removes(ev, "removeSuffix", "suffix", v))?;
    match ev.mem.text(of).strip_suffix(suffix) {
        Some(rest) if is_string => Ok(ev.mem.string(rest, ev.mem.context(of))?),
        _ => ev.force(&a[1]),
    }
}

fn alphabet(ev: &Evaluator, first: u8) -> Res<Value> {
    let letters: Vec<[u8; 1]> = (first..first + 26).map(|c| [c]).collect();
    crate::native::strings(ev, &letters, Context::EMPTY)
}

/// The first byte in upper case, the others in lower case.
pub(super) fn sentence_case(text: &[u8]) -> Vec<u8> {
    let mut out = text.to_ascii_lowercase();
    if let Some(first) = out.first_mut() {
        first.make_ascii_uppercase();
    }
    out
}

/// The string that a function which takes no other values got.
pub(super) fn only_string(ev: &Evaluator, function: &str, s: &Slot) -> Res<Value> {
    let v = ev.force(s)?;
    if v.is_string() {
        return Ok(v);
    }
    let kind = type_name(v);
    Err(throw(format!("{function} does only accepts string values, but got {kind}")))
}

/// `builtins.typeOf`
pub(super) fn type_name(v: Value) -> &'static str {
    match v.type_of() {
        Type::Int => "int",
        Type::Float => "float",
        Type::Bool => "bool",
        Type::String => "string",
        Type::Path => "path",
        Type::Null => "null",
        Type::Attrs => "set",
        Type::List => "list",
        Type::Function | Type::Thunk => "lambda",
    }
}

/// `lib.strings.toSentenceCase`: a string with a capital at the start and small letters behind it.
fn to_sentence_case(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    changed(ev, only_string(ev, "toSentenceCase", &a[0])?, sentence_case)
}

/// `lib.strings.addContextFrom`: a string that also has the context of another.
fn add_context_from(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let context = ev.mem.context(interpolate(ev, &a[0])?);
    let target = interpolate(ev, &a[1])?;
    let context = ev.mem.contexts.union(context, ev.mem.context(target));
    Ok(ev.mem.string(ev.mem.text(target), context)?)
}

/// Whether a value is a string, a path, or a set with `outPath` or `__toString`.
pub(super) fn is_string_like(ev: &Evaluator, v: Value) -> bool {
    matches!(v.type_of(), Type::String | Type::Path)
        || get(ev, v, "outPath").is_some()
        || get(ev, v, "__toString").is_some()
}

/// `lib.strings.isConvertibleWithToString`: whether `toString` takes a value.
fn is_convertible_with_to_string(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let v = ev.force(&a[0])?;
    if is_string_like(ev, v) || matches!(v.type_of(), Type::Null | Type::Int | Type::Float | Type::Bool) {
        return Ok(Value::TRUE);
    }
    let _depth = ev.enter(pos)?;
    for item in ev.mem.items(v) {
        if is_convertible_with_to_string(ev, std::slice::from_ref(item), pos)? == Value::FALSE {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::bool(v.is_list()))
}

/// `lib.strings.fileContents`: a file's text without its last line break.
fn file_contents(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    contents(ev, share(ev, &a[0])?)
}

/// `lib.fileContents file`
pub(super) fn contents(ev: &Evaluator, file: Value) -> Res<Value> {
    let text = call_builtin(ev, "readFile", &[file])?;
    match ev.mem.text(text).strip_suffix(b"\n") {
        Some(rest) => Ok(ev.mem.string(rest, ev.mem.context(text))?),
        None => Ok(text),
    }
}

/// `lib.strings.sanitizeDerivationName`: a string made fit to be the name of a store path.
pub(super) fn sanitize_derivation_name(ev: &Evaluator, s: &Slot) -> Res<Value> {
    const LONGEST: usize = 207;
    let allowed = |c: &u8| c.is_ascii_alphanumeric() || b"+._?=-".contains(c);
    let text = ev.mem.text(ev.coerce(s, Pos::NONE, Coerce::INTERPOLATE, "")?);
    if text.len() <= LONGEST {
        string(ev, s)?;
        if !text.is_empty() && text[0] != b'.' && text.iter().all(allowed) {
            return Ok(ev.mem.string(text, Context::EMPTY)?);
        }
    }
    let dots = text.iter().take_while(|c| **c == b'.').count();
    let mut name: Vec<u8> = Vec::new();
    for part in text[dots..].chunk_by(|a, b| allowed(a) == allowed(b)) {
        match allowed(&part[0]) {
            true => name.extend_from_slice(part),
            false => name.push(b'-'),
        }
    }
    let name = &name[name.len().saturating_sub(LONGEST)..];
    let name = if name.is_empty() { b"unknown" } else { name };
    Ok(ev.mem.string(name, Context::EMPTY)?)
}
