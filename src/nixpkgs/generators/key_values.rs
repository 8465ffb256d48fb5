//! Lines of keys and values: `toKeyValue`, `mkKeyValueDefault` and `mkValueStringDefault`.

use crate::eval::{Error, Evaluator, Formals, Res, exactly};
use crate::heap::Slot;
use crate::native::{
    EMPTY_PATTERN, Text, abort, apply, boolean, entries, find, get, lossy, pretty, share, string, to_string,
};
use crate::nixpkgs::strings::float_to_string;
use crate::source::Pos;
use crate::value::{Type, Value, slot};

/// The pattern of `mkKeyValueDefault`.
pub(super) const MK_VALUE_STRING: Formals =
    Formals { arg: 0, names: &[("mkValueString", true)], ellipsis: false };

/// The pattern of `toKeyValue`.
pub(super) const OPTIONS: Formals = Formals {
    arg: 0,
    names: &[("mkKeyValue", true), ("listsAsDuplicateKeys", true), ("indent", true)],
    ellipsis: false,
};

/// `lib.generators.mkValueStringDefault`: a plain value as text.
pub(super) fn mk_value_string_default(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [options, v] = exactly(args);
    ev.force_formals("mkValueStringDefault", options, &EMPTY_PATTERN, pos)?;
    value_string(ev, v)
}

/// `mkValueStringDefault { } v`
pub(in crate::nixpkgs) fn value_string(ev: &Evaluator, v: &Slot) -> Res<Value> {
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
pub(super) fn mk_key_value_default(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [options, separator, key, value] = exactly(args);
    let options = ev.force_formals("mkKeyValueDefault", options, &MK_VALUE_STRING, pos)?;
    key_value(ev, separator, key, || match get(ev, options, "mkValueString") {
        Some(made) => apply(ev, made, &[share(ev, value)?]),
        None => value_string(ev, value),
    })
}

/// `mkKeyValueDefault { mkValueString = _: value; } separator key null`: a key with the separator escaped, the
/// separator, and a value.
pub(super) fn key_value(
    ev: &Evaluator,
    separator: &Slot,
    key: &Slot,
    value: impl FnOnce() -> Res<Value>,
) -> Res<Value> {
    let separator = string(ev, separator)?;
    let key = string(ev, key)?;
    let mut text = Text::new();
    text.put(escaped_once(ev.mem.text(key), ev.mem.text(separator))).add_context(ev, key).add(ev, separator);
    let value = slot(value()?);
    text.interpolate(ev, &value)?;
    text.finish(ev)
}

/// A text with a backslash before each occurrence of `special`; an empty one occurs everywhere.
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

/// `mkKeyValue`: makes the text for a key and a value.
pub(super) type MkKeyValue<'a> = &'a dyn Fn(Value, Value) -> Res<Value>;

/// `f (options.mkKeyValue or (mkKeyValueDefault { } "="))`
pub(super) fn with_mk_key_value<T>(
    ev: &Evaluator,
    options: Value,
    f: impl FnOnce(MkKeyValue<'_>) -> Res<T>,
) -> Res<T> {
    match get(ev, options, "mkKeyValue") {
        Some(made) => f(&|k, v| apply(ev, made, &[k, v])),
        None => {
            let separator = slot(ev.mem.str("=")?);
            f(&|k, v| key_value(ev, &separator, &slot(k), || value_string(ev, &slot(v))))
        }
    }
}

/// `toKeyValue { inherit mkKeyValue listsAsDuplicateKeys indent; } attrs`
pub(super) fn lines(
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
pub(super) fn to_key_value(ev: &Evaluator, args: &[Slot], pos: Pos) -> Res<Value> {
    let [options, attrs] = exactly(args);
    let options = ev.force_formals("toKeyValue", options, &OPTIONS, pos)?;
    let (duplicates, indent) = (get(ev, options, "listsAsDuplicateKeys"), get(ev, options, "indent"));
    with_mk_key_value(ev, options, |mk| lines(ev, mk, duplicates, indent, attrs))
}
