//! `lib.generators`: configuration files from values: keys with values, and INI in its varieties. Values for people are
//! in `generators_pretty`, other formats in `generators_formats`.

use super::attrsets::recursive_update;
use super::generators_formats as formats;
use super::generators_pretty as pretty_printer;
use super::strings::{changed, find};
use super::strings_escape::backslashed;
use super::strings_numbers::float_to_string;
use super::strings_split::split_text;
use crate::builtins::to_json_with_context;
use crate::eval::{Error, Evaluator, Formals, Res};
use crate::heap::Slot;
use crate::native::{
    Entry, Table, Text, abort, apply, attrs, boolean, entries, function, get, lossy, pattern, set_of, share,
    string, to_string,
};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Context, Type, Value, slot};

pub(super) use pretty_printer::{pretty, pretty_line, pretty_values};

/// `lib.generators`
pub static TABLE: Table = Table { namespace: "generators", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    pattern("mkValueStringDefault", &["options", "v"], &[NOTHING], mk_value_string_default),
    pattern("mkKeyValueDefault", &["options", "sep", "k", "v"], &[MK_VALUE_STRING], mk_key_value_default),
    pattern("toKeyValue", &["options", "attrs"], &[KEY_VALUE], to_key_value),
    pattern("toINI", &["options", "attrsOfAttrs"], &[INI], to_ini),
    pattern("toINIWithGlobalSection", &["options", "sections"], &[INI, SECTIONS], to_ini_with_global_section),
    function("toGitINI", &["attrs"], to_git_ini),
    function("mkDconfKeyValue", &["k", "v"], mk_dconf_key_value),
    function("toDconfINI", &["attrsOfAttrs"], to_dconf_ini),
    pattern("withRecursion", &["options"], &[pretty_printer::RECURSION], pretty_printer::with_recursion),
    pattern("toPretty", &["options", "v"], &[pretty_printer::OPTIONS], pretty_printer::to_pretty),
    pattern("toPlist", &["options", "v"], &[formats::PLIST], formats::to_plist),
    pattern("toDhall", &["options", "v"], &[NOTHING], formats::to_dhall),
    pattern("toLua", &["options", "v"], &[formats::LUA], formats::to_lua),
    function("mkLuaInline", &["expr"], mk_lua_inline).top(),
    pattern("toJSON", &["options", "v"], &[NOTHING], to_json),
    pattern("toYAML", &["options", "v"], &[NOTHING], to_json),
];

/// `{ }:`
pub(super) const NOTHING: Formals = Formals { arg: 0, names: &[], ellipsis: false };
const MK_VALUE_STRING: Formals = Formals { arg: 0, names: &[("mkValueString", true)], ellipsis: false };
const KEY_VALUE: Formals = Formals {
    arg: 0,
    names: &[("mkKeyValue", true), ("listsAsDuplicateKeys", true), ("indent", true)],
    ellipsis: false,
};
const INI: Formals = Formals {
    arg: 0,
    names: &[("mkSectionName", true), ("mkKeyValue", true), ("listsAsDuplicateKeys", true)],
    ellipsis: false,
};
const SECTIONS: Formals =
    Formals { arg: 1, names: &[("globalSection", false), ("sections", true)], ellipsis: false };

/// `lib.generators.mkValueStringDefault`: a plain value as text.
fn mk_value_string_default(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    ev.force_formals("mkValueStringDefault", &a[0], &NOTHING, pos)?;
    value_string(ev, &a[1])
}

/// `lib.generators.mkValueStringDefault { } v`
pub(super) fn value_string(ev: &Evaluator, v: &Slot) -> Res<Value> {
    let unsupported = |what: &str, shown: &Slot| -> Error {
        match pretty(ev, shown) {
            Ok(shown) => {
                let shown = lossy(ev.mem.text(shown));
                abort(format!("generators.mkValueStringDefault: {what} not supported: {shown}"))
            }
            Err(e) => e,
        }
    };
    let value = ev.force(v)?;
    match value.type_of() {
        Type::Int => to_string(ev, v),
        Type::String => Ok(value),
        Type::Bool => Ok(ev.mem.str(if value == Value::TRUE { "true" } else { "false" })?),
        Type::Null => Ok(ev.mem.str("null")?),
        Type::List => Err(unsupported("lists", v)),
        Type::Attrs if ev.is_derivation(value)? => to_string(ev, v),
        Type::Attrs => Err(unsupported("attrsets", v)),
        Type::Function | Type::Thunk => Err(unsupported("functions", v)),
        Type::Float => float_to_string(ev, v),
        Type::Path => Err(unsupported("this value is", &slot(to_string(ev, v)?))),
    }
}

/// `lib.generators.mkKeyValueDefault`: a key, a separator and a value.
fn mk_key_value_default(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let options = ev.force_formals("mkKeyValueDefault", &a[0], &MK_VALUE_STRING, pos)?;
    key_value(ev, &a[1], &a[2], || match get(ev, options, "mkValueString") {
        Some(made) => apply(ev, made, &[share(ev, &a[3])?]),
        None => value_string(ev, &a[3]),
    })
}

/// A key in which the separator is escaped, the separator, and a value.
fn key_value(ev: &Evaluator, separator: &Slot, key: &Slot, value: impl FnOnce() -> Res<Value>) -> Res<Value> {
    let separator = string(ev, separator)?;
    let key = string(ev, key)?;
    let mut text = Text::new();
    text.put(escaped_once(ev.mem.text(key), ev.mem.text(separator))).add_context(ev, key).add(ev, separator);
    let value = slot(value()?);
    text.interpolate(ev, &value)?;
    text.finish(ev)
}

/// A text with a backslash before each place where `special` is; an empty one is everywhere.
fn escaped_once(text: &[u8], special: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    if special.is_empty() {
        text.iter().for_each(|c| out.extend_from_slice(&[b'\\', *c]));
        out.push(b'\\');
        return out;
    }
    let mut rest = text;
    while let Some(at) = find(rest, special) {
        out.extend_from_slice(&rest[..at]);
        out.push(b'\\');
        out.extend_from_slice(special);
        rest = &rest[at + special.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// Makes the text for a key and a value.
type MkKeyValue<'a> = &'a dyn Fn(Value, Value) -> Res<Value>;

/// Calls `f` with the function in `mkKeyValue`, or with the default one.
fn with_mk_key_value<T>(ev: &Evaluator, options: Value, f: impl FnOnce(MkKeyValue<'_>) -> Res<T>) -> Res<T> {
    match get(ev, options, "mkKeyValue") {
        Some(made) => f(&|k, v| apply(ev, made, &[k, v])),
        None => {
            let separator = slot(ev.mem.str("=")?);
            f(&|k, v| key_value(ev, &separator, &slot(k), || value_string(ev, &slot(v))))
        }
    }
}

/// Lines of keys and values.
fn lines(
    ev: &Evaluator,
    mk: MkKeyValue<'_>,
    duplicates: Option<&Slot>,
    indent: Option<&Slot>,
    of: &Slot,
) -> Res<Value> {
    let mut text = Text::new();
    let mut line = |key, value| -> Res<()> {
        let mut made = mk(key, value)?;
        if let Some(indent) = indent {
            made = ev.plus(ev.force(indent)?, &slot(made))?;
        }
        text.interpolate(ev, &slot(made))?.put("\n");
        Ok(())
    };
    for e in entries(ev, of)? {
        let key = Value::symbol(e.name);
        let repeated = duplicates.map_or(Ok(false), |d| boolean(ev, d))?;
        match if repeated { ev.force(e.slot)? } else { Value::NULL } {
            list if list.is_list() => {
                for item in ev.mem.items(list) {
                    line(key, share(ev, item)?)?;
                }
            }
            _ => line(key, share(ev, e.slot)?)?,
        }
    }
    text.finish(ev)
}

/// `lib.generators.toKeyValue`: a line for each attribute.
fn to_key_value(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let options = ev.force_formals("toKeyValue", &a[0], &KEY_VALUE, pos)?;
    let (duplicates, indent) = (get(ev, options, "listsAsDuplicateKeys"), get(ev, options, "indent"));
    with_mk_key_value(ev, options, |mk| lines(ev, mk, duplicates, indent, &a[1]))
}

/// Sections with their lines.
fn sections(
    ev: &Evaluator,
    section_name: &dyn Fn(Value) -> Res<Value>,
    mk: MkKeyValue<'_>,
    duplicates: Option<&Slot>,
    of: &Slot,
) -> Res<Value> {
    let mut text = Text::new();
    for (i, e) in entries(ev, of)?.into_iter().enumerate() {
        let name = slot(section_name(Value::symbol(e.name))?);
        text.put(if i > 0 { "\n[" } else { "[" }).interpolate(ev, &name)?.put("]\n");
        text.add(ev, lines(ev, mk, duplicates, None, e.slot)?);
    }
    text.finish(ev)
}

fn ini(ev: &Evaluator, options: Value, of: &Slot) -> Res<Value> {
    let section_name = |name: Value| match get(ev, options, "mkSectionName") {
        Some(made) => apply(ev, made, &[name]),
        None => changed(ev, name, |text| backslashed(text, b"[]")),
    };
    let duplicates = get(ev, options, "listsAsDuplicateKeys");
    with_mk_key_value(ev, options, |mk| sections(ev, &section_name, mk, duplicates, of))
}

/// `lib.generators.toINI`: a section for each attribute.
fn to_ini(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let options = ev.force_formals("toINI", &a[0], &INI, pos)?;
    ini(ev, options, &a[1])
}

/// `lib.generators.toINIWithGlobalSection`: the same behind lines that are in no section.
fn to_ini_with_global_section(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    let options = ev.force_formals("toINIWithGlobalSection", &a[0], &INI, pos)?;
    let parts = ev.force_formals("toINIWithGlobalSection", &a[1], &SECTIONS, pos)?;
    let mut text = Text::new();
    if let Some(global) = get(ev, parts, "globalSection")
        && !ev.slot_equals(global, Value::EMPTY_SET)?
    {
        let duplicates = get(ev, options, "listsAsDuplicateKeys");
        let made = with_mk_key_value(ev, options, |mk| lines(ev, mk, duplicates, None, global))?;
        text.add(ev, made).put("\n");
    }
    let none = slot(Value::EMPTY_SET);
    text.add(ev, ini(ev, options, get(ev, parts, "sections").unwrap_or(&none))?);
    text.finish(ev)
}

/// Whether a value is a set that Git's format writes as a section.
fn is_section(ev: &Evaluator, v: Value) -> Res<bool> {
    Ok(v.is_attrs() && !ev.is_derivation(v)?)
}

/// Sections inside sections as one set each, whose name is the path to them.
fn flatten_git(ev: &Evaluator, of: &Slot) -> Res<Value> {
    let set = attrs(ev, of)?;
    let mut nested = Vec::new();
    for e in ev.mem.entries_by_name(set) {
        let v = ev.force(e.slot)?;
        if v.is_attrs() {
            for inner in ev.mem.entries_by_name(v) {
                if is_section(ev, ev.force(inner.slot)?)? {
                    nested.push(e);
                    break;
                }
            }
        }
    }
    let mut flat = Value::EMPTY_SET;
    for e in &nested {
        flatten_section(ev, &mut vec![ev.mem.heap.name(e.name)], e.slot, &mut flat)?;
    }
    let rest = ev.mem.filtered(set, |e| nested.iter().all(|n| n.name != e.name))?;
    Ok(ev.mem.update(rest, flat)?)
}

fn flatten_section<'a>(
    ev: &'a Evaluator,
    path: &mut Vec<&'a [u8]>,
    value: &Slot,
    flat: &mut Value,
) -> Res<()> {
    let _depth = ev.enter(Pos::NONE)?;
    let v = ev.force(value)?;
    if is_section(ev, v)? {
        for e in ev.mem.entries_by_name(v) {
            path.push(ev.mem.heap.name(e.name));
            flatten_section(ev, path, e.slot, flat)?;
            path.pop();
        }
        return Ok(());
    }
    let one = |name: &[u8], value| -> Res<Value> {
        let mut set = AttrsBuilder::with_capacity(1);
        set.push(ev.mem.heap.intern(name)?, value);
        Ok(ev.mem.attrs(set)?)
    };
    let made = match &path[..] {
        [sections @ .., key] if !sections.is_empty() => one(&sections.join(&b'.'), one(key, v)?)?,
        _ => one(&path.concat(), v)?,
    };
    *flat = recursive_update(ev, *flat, made)?;
    Ok(())
}

/// `lib.generators.toGitINI`: the format of Git's configuration.
fn to_git_ini(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let separator = slot(ev.mem.str(" = ")?);
    let value = |v: &Slot| {
        let forced = ev.force(v)?;
        if !forced.is_string() {
            return value_string(ev, v);
        }
        changed(ev, forced, |text| {
            let mut out = vec![b'"'];
            for c in text {
                match c {
                    b'\n' => out.extend_from_slice(b"\\n"),
                    b'\t' => out.extend_from_slice(b"\\t"),
                    b'"' | b'\\' => out.extend_from_slice(&[b'\\', *c]),
                    _ => out.push(*c),
                }
            }
            out.push(b'"');
            out
        })
    };
    let line = |text: &mut Text, k: Value, v: &Slot| -> Res<()> {
        text.put("\t").add(ev, key_value(ev, &separator, &slot(k), || value(v))?);
        Ok(())
    };
    let mk = |k: Value, v: Value| {
        let v = slot(v);
        let mut text = Text::new();
        match ev.force(&v)? {
            list if list.is_list() => {
                for (i, item) in ev.mem.items(list).iter().enumerate() {
                    text.put(if i > 0 { "\n" } else { "" });
                    line(&mut text, k, item)?;
                }
            }
            _ => line(&mut text, k, &v)?,
        }
        text.finish(ev)
    };
    let section_name = |name: Value| {
        let text = ev.mem.text(name);
        let parts = split_text(text, b".");
        match &parts[..] {
            [first, rest @ ..] if !text.contains(&b'"') && !rest.is_empty() => {
                let quoted = [first, &b" \""[..], &rest.join(&b'.'), b"\""].concat();
                Ok(ev.mem.string(&quoted, Context::EMPTY)?)
            }
            _ => Ok(name),
        }
    };
    let flat = flatten_git(ev, &a[0])?;
    sections(ev, &section_name, &mk, None, &slot(flat))
}

/// A key and a value as GVariant text.
fn dconf_line(ev: &Evaluator, key: &Slot, value: &Slot) -> Res<Value> {
    key_value(ev, &slot(ev.mem.str("=")?), key, || {
        to_string(ev, &slot(super::gvariant::value_of(ev, value)?))
    })
}

/// `lib.generators.mkDconfKeyValue`: a key and a value as GVariant text.
fn mk_dconf_key_value(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    dconf_line(ev, &a[0], &a[1])
}

/// `lib.generators.toDconfINI`: the format of dconf's databases.
fn to_dconf_ini(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    let section_name = |name: Value| changed(ev, name, |text| backslashed(text, b"[]"));
    sections(ev, &section_name, &|k, v| dconf_line(ev, &slot(k), &slot(v)), None, &a[0])
}

/// `lib.generators.mkLuaInline`: an expression that `toLua` writes as it is.
fn mk_lua_inline(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    set_of(ev, &[("_type", ev.mem.str("lua-inline")?), ("expr", share(ev, &a[0])?)])
}

/// `lib.generators.toJSON`, `toYAML`: JSON.
fn to_json(ev: &Evaluator, a: &[Slot], pos: Pos) -> Res<Value> {
    ev.force_formals("toJSON", &a[0], &NOTHING, pos)?;
    json(ev, &a[1])
}

/// `builtins.toJSON v`
pub(super) fn json(ev: &Evaluator, v: &Slot) -> Res<Value> {
    let (text, context) = to_json_with_context(ev, v, true, Pos::NONE)?;
    Ok(ev.mem.string(&text, context)?)
}
