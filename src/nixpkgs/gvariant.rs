//! `lib.gvariant`: values with the types of GLib's settings, which show themselves as GVariant text.

use super::strings_escape::backslashed;
use crate::eval::{Builtin, Evaluator, Lazy, Res};
use crate::heap::Slot;
use crate::native::{
    Entry, Table, Text, attr, boolean, bytes, call_builtin, cell, computed, function, get, items, list,
    lossy, map, set_of, share, slot_text, throw, to_string,
};
use crate::source::Pos;
use crate::value::{Type, Value, peek, slot};

/// `lib.gvariant`
pub static TABLE: Table = Table { namespace: "gvariant", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    function("isGVariant", &["v"], |ev, a, _| Ok(Value::bool(is_gvariant(ev, ev.force(&a[0])?)?))),
    computed("intConstructors", int_constructors),
    function("mkValue", &["v"], mk_value),
    function("mkArray", &["elems"], mk_array),
    function("mkEmptyArray", &["elemType"], mk_empty_array),
    function("mkVariant", &["elem"], mk_variant),
    function("mkDictionaryEntry", &["name", "value"], mk_dictionary_entry),
    function("mkMaybe", &["elemType", "elem"], mk_maybe),
    function("mkNothing", &["elemType"], mk_nothing),
    function("mkJust", &["elem"], mk_just),
    function("mkTuple", &["elems"], mk_tuple),
    function("mkBoolean", &["v"], |ev, a, _| of_slot(ev, "b", &a[0], &SHOW_BOOLEAN)),
    function("mkString", &["v"], |ev, a, _| of_slot(ev, "s", &a[0], &SHOW_STRING)),
    function("mkObjectpath", &["v"], |ev, a, _| of_slot(ev, "s", &a[0], &SHOW_OBJECT_PATH)),
    function("mkUchar", &["v"], |ev, a, _| of_slot(ev, "y", &a[0], &SHOW_TYPED)),
    function("mkInt16", &["v"], |ev, a, _| of_slot(ev, "n", &a[0], &SHOW_TYPED)),
    function("mkUint16", &["v"], |ev, a, _| of_slot(ev, "q", &a[0], &SHOW_TYPED)),
    function("mkInt32", &["v"], |ev, a, _| of_slot(ev, "i", &a[0], &SHOW_PLAIN)),
    function("mkUint32", &["v"], |ev, a, _| of_slot(ev, "u", &a[0], &SHOW_TYPED)),
    function("mkInt64", &["v"], |ev, a, _| of_slot(ev, "x", &a[0], &SHOW_TYPED)),
    function("mkUint64", &["v"], |ev, a, _| of_slot(ev, "t", &a[0], &SHOW_TYPED)),
    function("mkDouble", &["v"], |ev, a, _| of_slot(ev, "d", &a[0], &SHOW_PLAIN)),
];

/// `lib.gvariant.type`
pub static TYPES: Table = Table { namespace: "gvariant.type", entries: TYPE_ENTRIES };

const TYPE_ENTRIES: &[Entry] = &[
    function("arrayOf", &["t"], |ev, a, _| type_of(ev, "a", &[&a[0]], "")),
    function("maybeOf", &["t"], |ev, a, _| type_of(ev, "m", &[&a[0]], "")),
    function("tupleOf", &["ts"], |ev, a, _| {
        type_of(ev, "(", &items(ev, &a[0])?.iter().collect::<Vec<_>>(), ")")
    }),
    function("dictionaryEntryOf", &["nameType", "valueType"], |ev, a, _| {
        type_of(ev, "{", &[&a[0], &a[1]], "}")
    }),
    computed("string", |ev| Ok(ev.mem.str("s")?)),
    computed("boolean", |ev| Ok(ev.mem.str("b")?)),
    computed("uchar", |ev| Ok(ev.mem.str("y")?)),
    computed("int16", |ev| Ok(ev.mem.str("n")?)),
    computed("uint16", |ev| Ok(ev.mem.str("q")?)),
    computed("int32", |ev| Ok(ev.mem.str("i")?)),
    computed("uint32", |ev| Ok(ev.mem.str("u")?)),
    computed("int64", |ev| Ok(ev.mem.str("x")?)),
    computed("uint64", |ev| Ok(ev.mem.str("t")?)),
    computed("double", |ev| Ok(ev.mem.str("d")?)),
    computed("variant", |ev| Ok(ev.mem.str("v")?)),
];

/// `lib.gvariant.type`'s functions: the types of parts with signs around them.
fn type_of(ev: &Evaluator, open: &str, parts: &[&Slot], close: &str) -> Res<Value> {
    let mut text = Text::new();
    text.put(open);
    for part in parts {
        text.interpolate(ev, part)?;
    }
    text.put(close);
    text.finish(ev)
}

/// The integer constructors: name, type, and the smallest and largest number.
const INTEGERS: [(&str, &str, Option<i64>, Option<i64>); 7] = [
    ("mkInt32", "i", Some(-2_147_483_648), Some(2_147_483_647)),
    ("mkUint32", "u", Some(0), Some(4_294_967_295)),
    ("mkInt64", "x", None, None),
    ("mkUint64", "t", Some(0), None),
    ("mkInt16", "n", Some(-32_768), Some(32_767)),
    ("mkUint16", "q", Some(0), Some(65_535)),
    ("mkUchar", "y", Some(0), Some(255)),
];

/// `lib.gvariant.intConstructors`: which functions make integers of which type and range.
fn int_constructors(ev: &Evaluator) -> Res<Value> {
    let bound = |n: Option<i64>| n.map_or(Ok(Value::NULL), |n| ev.mem.int(n));
    let mut all = Vec::new();
    for (name, kind, min, max) in INTEGERS {
        let (name, kind) = (ev.mem.str(name)?, ev.mem.str(kind)?);
        all.push(set_of(ev, &[("name", name), ("type", kind), ("min", bound(min)?), ("max", bound(max)?)])?);
    }
    Ok(ev.mem.list(&all)?)
}

/// `lib.gvariant.isGVariant`: whether a value is one of these.
fn is_gvariant(ev: &Evaluator, v: Value) -> Res<bool> {
    Ok(slot_text(ev, get(ev, v, "_type"))? == Some(b"gvariant"))
}

/// A value of some type; `show` makes text of it. Suspensions must be shared.
fn primitive(ev: &Evaluator, kind: Value, value: Value, show: Value) -> Res<Value> {
    let tag = ev.mem.str("gvariant")?;
    set_of(ev, &[("_type", tag), ("type", kind), ("value", value), ("__toString", show)])
}

fn of_slot(ev: &Evaluator, kind: &str, v: &Slot, show: &'static Builtin) -> Res<Value> {
    primitive(ev, ev.mem.str(kind)?, share(ev, v)?, ev.builtin(show))
}

/// The slot of an attribute of the value that is to be shown.
fn own<'a>(ev: &'a Evaluator, a: &[Slot], name: &str) -> Res<&'a Slot> {
    attr(ev, ev.force(&a[a.len() - 1])?, name)
}

/// `@type value`
static SHOW_TYPED: Builtin = Builtin::hidden("__toString", &["self"], |ev, a, _| {
    let mut text = Text::new();
    text.put("@").interpolate(ev, own(ev, a, "type")?)?.put(" ");
    text.add(ev, to_string(ev, own(ev, a, "value")?)?);
    text.finish(ev)
});

static SHOW_PLAIN: Builtin =
    Builtin::hidden("__toString", &["self"], |ev, a, _| to_string(ev, own(ev, a, "value")?));

static SHOW_BOOLEAN: Builtin = Builtin::hidden("__toString", &["self"], |ev, a, _| {
    Ok(ev.mem.str(if boolean(ev, own(ev, a, "value")?)? { "true" } else { "false" })?)
});

static SHOW_STRING: Builtin = Builtin::hidden("__toString", &["self"], |ev, a, _| {
    let value = own(ev, a, "value")?;
    let mut quoted = vec![b'\''];
    for c in backslashed(bytes(ev, value)?, b"'\\") {
        match c {
            b'\n' => quoted.extend_from_slice(b"\\n"),
            _ => quoted.push(c),
        }
    }
    quoted.push(b'\'');
    Ok(ev.mem.string(&quoted, ev.mem.context(peek(value)))?)
});

static SHOW_OBJECT_PATH: Builtin = Builtin::hidden("__toString", &["self"], |ev, a, _| {
    let value = own(ev, a, "value")?;
    let escaped = backslashed(bytes(ev, value)?, b"'");
    Ok(ev.mem.concat(&[b"objectpath '", &escaped, b"'"], ev.mem.context(peek(value)))?)
});

/// The elements of the value, between signs and after its type.
fn show_elements(ev: &Evaluator, a: &[Slot], open: &str, close: &str) -> Res<Value> {
    let mut text = Text::new();
    text.put("@").interpolate(ev, own(ev, a, "type")?)?.put(open);
    for (i, item) in items(ev, own(ev, a, "value")?)?.iter().enumerate() {
        text.put(if i > 0 { "," } else { "" }).add(ev, to_string(ev, item)?);
    }
    text.put(close);
    text.finish(ev)
}

/// `lib.gvariant.mkValue`: a value with the type that suits it.
fn mk_value(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    value_of(ev, &a[0])
}

/// `lib.gvariant.mkValue v`
pub(super) fn value_of(ev: &Evaluator, of: &Slot) -> Res<Value> {
    let v = ev.force(of)?;
    match v.type_of() {
        Type::Bool => of_slot(ev, "b", of, &SHOW_BOOLEAN),
        Type::Float => of_slot(ev, "d", of, &SHOW_PLAIN),
        Type::String => of_slot(ev, "s", of, &SHOW_STRING),
        Type::List => array(ev, v),
        Type::Attrs if is_gvariant(ev, v)? => Ok(v),
        Type::Int => {
            let n = ev.mem.integer(v);
            let fits = |c: &&(&str, &str, Option<i64>, Option<i64>)| {
                c.2.is_none_or(|min| min <= n) && c.3.is_none_or(|max| n <= max)
            };
            let choices: Vec<String> = INTEGERS
                .iter()
                .filter(fits)
                .map(|(name, kind, ..)| format!("- `lib.gvariant.{name}` for `{kind}`"))
                .collect();
            Err(throw(format!(
                "The GVariant type for number “{n}” is unclear.\nPlease wrap the value with one of the following, \
                 depending on the value type in GSettings schema:\n\n{}\n",
                choices.join("\n")
            )))
        }
        Type::Attrs => Err(throw(
            "Cannot construct GVariant value from an attribute set. If you want to construct a dictionary, you will \
             need to create an array containing items constructed with `lib.gvariant.mkDictionaryEntry`.",
        )),
        _ => {
            Err(throw(format!("The GVariant type of “{}” can't be inferred.", super::strings::type_name(v))))
        }
    }
}

static MK_VALUE: Builtin = Builtin::hidden("mkValue", &["v"], mk_value);

/// A suspended `mkValue v`, in a cell of its own.
fn delayed_value(ev: &Evaluator, v: &Slot) -> Res<Value> {
    cell(ev, ev.delay_call(ev.builtin(&MK_VALUE), &[share(ev, v)?])?)
}

/// A suspended type that is made of the types of values: captures are those, or a list of them.
fn delayed_type(ev: &Evaluator, lazy: &'static Lazy, of: &[Value]) -> Res<Value> {
    ev.delay_raw(lazy, of)
}

/// The slot of a value's type.
fn kind<'a>(ev: &'a Evaluator, of: &Slot) -> Res<&'a Slot> {
    attr(ev, ev.force(of)?, "type")
}

fn mk_array(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static VALUES: Lazy = Lazy {
        name: "lib.gvariant.mkArray",
        run: |ev, captures, _| {
            if ev.slot_equals(&captures[0], Value::EMPTY_LIST)? {
                return Err(throw("Please create empty array with mkEmptyArray."));
            }
            let elements = list(ev, &captures[0])?;
            map(ev, ev.builtin(&MK_VALUE), elements)
        },
    };
    array_of(ev, cell(ev, ev.delay_raw(&VALUES, &[share(ev, &a[0])?])?)?)
}

/// `lib.gvariant.mkArray`: an array of values of one type.
fn array(ev: &Evaluator, elements: Value) -> Res<Value> {
    mk_array(ev, &[slot(elements)], Pos::NONE)
}

fn array_of(ev: &Evaluator, values: Value) -> Res<Value> {
    static TYPE: Lazy = Lazy {
        name: "lib.gvariant.arrayOf",
        run: |ev, captures, _| {
            let values = list(ev, &captures[0])?;
            let Some(first) = ev.mem.items(values).first() else {
                return call_builtin(ev, "head", &[values]);
            };
            for value in ev.mem.items(values) {
                let (this, first) = (kind(ev, value)?, kind(ev, first)?);
                if !ev.equal(this, first, Pos::NONE)? {
                    return Err(throw("Elements in a list should have same type."));
                }
            }
            type_of(ev, "a", &[kind(ev, first)?], "")
        },
    };
    static SHOW: Builtin =
        Builtin::hidden("__toString", &["self"], |ev, a, _| show_elements(ev, a, " [", "]"));
    primitive(ev, delayed_type(ev, &TYPE, &[values])?, values, ev.builtin(&SHOW))
}

/// Types with a sign before a given one.
static PREFIXED: Lazy = Lazy {
    name: "lib.gvariant.type",
    run: |ev, captures, _| {
        let sign = lossy(ev.mem.text(peek(&captures[0])));
        type_of(ev, &sign, &[&captures[1]], "")
    },
};

fn prefixed(ev: &Evaluator, sign: &str, of: Value) -> Res<Value> {
    delayed_type(ev, &PREFIXED, &[ev.mem.str(sign)?, of])
}

/// `lib.gvariant.mkEmptyArray`: an array without elements.
fn mk_empty_array(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static SHOW: Builtin = Builtin::hidden("__toString", &["self"], |ev, a, _| {
        let mut text = Text::new();
        text.put("@").interpolate(ev, own(ev, a, "type")?)?.put(" []");
        text.finish(ev)
    });
    primitive(ev, prefixed(ev, "a", share(ev, &a[0])?)?, Value::EMPTY_LIST, ev.builtin(&SHOW))
}

/// `lib.gvariant.mkVariant`: a value that brings its type with it.
fn mk_variant(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static SHOW: Builtin = Builtin::hidden("__toString", &["self"], |ev, a, _| {
        let mut text = Text::new();
        text.put("<").add(ev, to_string(ev, own(ev, a, "value")?)?).put(">");
        text.finish(ev)
    });
    primitive(ev, ev.mem.str("v")?, delayed_value(ev, &a[0])?, ev.builtin(&SHOW))
}

/// `lib.gvariant.mkDictionaryEntry`: an element of a dictionary.
fn mk_dictionary_entry(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static TYPE: Lazy = Lazy {
        name: "lib.gvariant.dictionaryEntryOf",
        run: |ev, c, _| type_of(ev, "{", &[kind(ev, &c[0])?, kind(ev, &c[1])?], "}"),
    };
    static SHOW: Builtin = Builtin::hidden("__toString", &["name", "value", "self"], |ev, a, _| {
        let mut text = Text::new();
        text.put("@").interpolate(ev, own(ev, a, "type")?)?.put(" {").interpolate(ev, &a[0])?;
        text.put(",").interpolate(ev, &a[1])?.put("}");
        text.finish(ev)
    });
    let both = [delayed_value(ev, &a[0])?, delayed_value(ev, &a[1])?];
    let value = set_of(ev, &[("name", share(ev, &a[0])?), ("value", share(ev, &a[1])?)])?;
    primitive(ev, delayed_type(ev, &TYPE, &both)?, value, ev.partial(&SHOW, &both)?)
}

fn maybe(ev: &Evaluator, kind: Value, value: Value) -> Res<Value> {
    static SHOW: Builtin = Builtin::hidden("__toString", &["self"], |ev, a, _| {
        let mut text = Text::new();
        let value = own(ev, a, "value")?;
        match ev.force(value)? {
            Value::NULL => text.put("@").interpolate(ev, own(ev, a, "type")?)?.put(" nothing"),
            _ => text.put("just ").add(ev, to_string(ev, value)?),
        };
        text.finish(ev)
    });
    primitive(ev, prefixed(ev, "m", kind)?, value, ev.builtin(&SHOW))
}

/// `lib.gvariant.mkMaybe`: a value that may be missing.
fn mk_maybe(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    maybe(ev, share(ev, &a[0])?, share(ev, &a[1])?)
}

/// `lib.gvariant.mkNothing`: a value that is missing.
fn mk_nothing(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    maybe(ev, share(ev, &a[0])?, Value::NULL)
}

/// `lib.gvariant.mkJust`: a value that might have been missing.
fn mk_just(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static TYPE: Lazy =
        Lazy { name: "lib.gvariant.mkJust", run: |ev, captures, _| ev.force(kind(ev, &captures[0])?) };
    let value = delayed_value(ev, &a[0])?;
    maybe(ev, cell(ev, ev.delay_raw(&TYPE, &[value])?)?, value)
}

/// `lib.gvariant.mkTuple`: several values.
fn mk_tuple(ev: &Evaluator, a: &[Slot], _: Pos) -> Res<Value> {
    static VALUES: Lazy = Lazy {
        name: "lib.gvariant.mkTuple",
        run: |ev, captures, _| {
            let elements = list(ev, &captures[0])?;
            map(ev, ev.builtin(&MK_VALUE), elements)
        },
    };
    static TYPE: Lazy = Lazy {
        name: "lib.gvariant.tupleOf",
        run: |ev, captures, _| {
            let kinds: Vec<&Slot> =
                items(ev, &captures[0])?.iter().map(|v| kind(ev, v)).collect::<Res<_>>()?;
            type_of(ev, "(", &kinds, ")")
        },
    };
    static SHOW: Builtin =
        Builtin::hidden("__toString", &["self"], |ev, a, _| show_elements(ev, a, " (", ")"));
    let values = cell(ev, ev.delay_raw(&VALUES, &[share(ev, &a[0])?])?)?;
    primitive(ev, delayed_type(ev, &TYPE, &[values])?, values, ev.builtin(&SHOW))
}
