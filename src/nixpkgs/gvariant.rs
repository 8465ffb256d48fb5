//! `lib.gvariant`: values with GVariant types, which convert to strings as GVariant text.

use crate::eval::{Builtin, Evaluator, Res, exactly, suspended};
use crate::heap::Slot;
use crate::native::{
    Entry, Table, Text, attr, backslashed, boolean, bytes, call_builtin, cell, computed, function, is_type,
    items, list, map, select, set_of, shared_args, throw, to_string,
};
use crate::source::Pos;
use crate::value::{Type, Value, peek};

/// `lib.gvariant`
pub static TABLE: Table = Table { namespace: "gvariant", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    function("isGVariant", &["v"], is_gvariant_value),
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
    function("mkBoolean", &["v"], |ev, args, _| primitive_of(ev, "b", args, &SHOW_BOOLEAN)),
    function("mkString", &["v"], |ev, args, _| primitive_of(ev, "s", args, &SHOW_STRING)),
    function("mkObjectpath", &["v"], |ev, args, _| primitive_of(ev, "s", args, &SHOW_OBJECT_PATH)),
    function("mkUchar", &["v"], |ev, args, _| primitive_of(ev, "y", args, &SHOW_TYPED)),
    function("mkInt16", &["v"], |ev, args, _| primitive_of(ev, "n", args, &SHOW_TYPED)),
    function("mkUint16", &["v"], |ev, args, _| primitive_of(ev, "q", args, &SHOW_TYPED)),
    function("mkInt32", &["v"], |ev, args, _| primitive_of(ev, "i", args, &SHOW_PLAIN)),
    function("mkUint32", &["v"], |ev, args, _| primitive_of(ev, "u", args, &SHOW_TYPED)),
    function("mkInt64", &["v"], |ev, args, _| primitive_of(ev, "x", args, &SHOW_TYPED)),
    function("mkUint64", &["v"], |ev, args, _| primitive_of(ev, "t", args, &SHOW_TYPED)),
    function("mkDouble", &["v"], |ev, args, _| primitive_of(ev, "d", args, &SHOW_PLAIN)),
];

/// `lib.gvariant.type`
pub static TYPES: Table = Table { namespace: "gvariant.type", entries: TYPE_ENTRIES };

const TYPE_ENTRIES: &[Entry] = &[
    function("arrayOf", &["t"], |ev, args, _| type_of(ev, "a", exactly::<1>(args), "")),
    function("maybeOf", &["t"], |ev, args, _| type_of(ev, "m", exactly::<1>(args), "")),
    function("tupleOf", &["ts"], tuple_of),
    function("dictionaryEntryOf", &["nameType", "valueType"], |ev, args, _| {
        type_of(ev, "{", exactly::<2>(args), "}")
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

/// The concatenated types of parts, between an opening and a closing sign.
fn type_of<'a>(
    ev: &Evaluator,
    open: &str,
    parts: impl IntoIterator<Item = &'a Slot>,
    close: &str,
) -> Res<Value> {
    let mut text = Text::new();
    text.put(open);
    for part in parts {
        text.interpolate(ev, part)?;
    }
    text.put(close);
    text.finish(ev)
}

/// `lib.gvariant.type.tupleOf`: the type of tuples with these element types.
fn tuple_of(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [types] = exactly(args);
    type_of(ev, "(", items(ev, types)?, ")")
}

/// A constructor of integers.
struct Constructor {
    name: &'static str,
    kind: &'static str,
    min: Option<i64>,
    max: Option<i64>,
}

impl Constructor {
    const fn new(name: &'static str, kind: &'static str, min: Option<i64>, max: Option<i64>) -> Constructor {
        Constructor { name, kind, min, max }
    }

    /// Whether a number is in its range.
    fn takes(&self, n: i64) -> bool {
        self.min.is_none_or(|min| min <= n) && self.max.is_none_or(|max| n <= max)
    }
}

const INTEGERS: [Constructor; 7] = [
    Constructor::new("mkInt32", "i", Some(-2_147_483_648), Some(2_147_483_647)),
    Constructor::new("mkUint32", "u", Some(0), Some(4_294_967_295)),
    Constructor::new("mkInt64", "x", None, None),
    Constructor::new("mkUint64", "t", Some(0), None),
    Constructor::new("mkInt16", "n", Some(-32_768), Some(32_767)),
    Constructor::new("mkUint16", "q", Some(0), Some(65_535)),
    Constructor::new("mkUchar", "y", Some(0), Some(255)),
];

/// `lib.gvariant.intConstructors`: the integer constructors with their types and ranges.
fn int_constructors(ev: &Evaluator) -> Res<Value> {
    let bound = |n: Option<i64>| n.map_or(Ok(Value::NULL), |n| ev.mem.int(n));
    let mut all = Vec::new();
    for of in INTEGERS {
        let (name, kind) = (ev.mem.str(of.name)?, ev.mem.str(of.kind)?);
        let (min, max) = (bound(of.min)?, bound(of.max)?);
        all.push(set_of(ev, &[("name", name), ("type", kind), ("min", min), ("max", max)])?);
    }
    Ok(ev.mem.list(&all)?)
}

/// `lib.gvariant.isGVariant`: whether a value is a GVariant value.
fn is_gvariant_value(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [v] = exactly(args);
    Ok(Value::bool(is_gvariant(ev, ev.force(v)?)?))
}

/// `isGVariant v` of a forced value.
fn is_gvariant(ev: &Evaluator, v: Value) -> Res<bool> {
    is_type(ev, v, b"gvariant")
}

/// `mkPrimitive kind value // { __toString = show; }`; suspensions must be shared.
fn primitive(ev: &Evaluator, kind: Value, value: Value, show: Value) -> Res<Value> {
    let tag = ev.mem.str("gvariant")?;
    set_of(ev, &[("_type", tag), ("type", kind), ("value", value), ("__toString", show)])
}

/// `mkPrimitive kind v // { __toString = show; }`, where `v` is the argument of a function such as `mkString`.
fn primitive_of(ev: &Evaluator, kind: &str, args: &[Slot], show: &'static Builtin) -> Res<Value> {
    let [v] = shared_args(ev, args)?;
    primitive(ev, ev.mem.str(kind)?, v, ev.builtin(show))
}

/// The slot of an attribute of the value to be shown.
fn own<'a>(ev: &'a Evaluator, this: &Slot, name: &str) -> Res<&'a Slot> {
    attr(ev, ev.force(this)?, name)
}

/// `self: "@${self.type} ${toString self.value}"`
static SHOW_TYPED: Builtin = Builtin::hidden("__toString", &["self"], |ev, args, _| {
    let [this] = exactly(args);
    let mut text = Text::new();
    text.put("@").interpolate(ev, own(ev, this, "type")?)?.put(" ");
    text.add(ev, to_string(ev, own(ev, this, "value")?)?);
    text.finish(ev)
});

/// `self: toString self.value`
static SHOW_PLAIN: Builtin = Builtin::hidden("__toString", &["self"], |ev, args, _| {
    let [this] = exactly(args);
    to_string(ev, own(ev, this, "value")?)
});

/// `self: if self.value then "true" else "false"`
static SHOW_BOOLEAN: Builtin = Builtin::hidden("__toString", &["self"], |ev, args, _| {
    let [this] = exactly(args);
    Ok(ev.mem.str(if boolean(ev, own(ev, this, "value")?)? { "true" } else { "false" })?)
});

/// `self: "'${sanitize self.value}'"`
static SHOW_STRING: Builtin = Builtin::hidden("__toString", &["self"], |ev, args, _| {
    let [this] = exactly(args);
    let value = own(ev, this, "value")?;
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

/// `self: "objectpath '${escape [ "'" ] self.value}'"`
static SHOW_OBJECT_PATH: Builtin = Builtin::hidden("__toString", &["self"], |ev, args, _| {
    let [this] = exactly(args);
    let value = own(ev, this, "value")?;
    let escaped = backslashed(bytes(ev, value)?, b"'");
    Ok(ev.mem.concat(&[b"objectpath '", &escaped, b"'"], ev.mem.context(peek(value)))?)
});

/// `"@${self.type} ${open}${concatMapStringsSep "," toString self.value}${close}"`
fn show_elements(ev: &Evaluator, args: &[Slot], open: &str, close: &str) -> Res<Value> {
    let [this] = exactly(args);
    let mut text = Text::new();
    text.put("@").interpolate(ev, own(ev, this, "type")?)?.put(" ").put(open);
    for (i, item) in items(ev, own(ev, this, "value")?)?.iter().enumerate() {
        text.put(if i > 0 { "," } else { "" }).add(ev, to_string(ev, item)?);
    }
    text.put(close);
    text.finish(ev)
}

/// `lib.gvariant.mkValue`: a value as a GVariant value, whose type it infers.
fn mk_value(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [v] = exactly(args);
    value_of(ev, v)
}

/// `mkValue v`
pub(super) fn value_of(ev: &Evaluator, v: &Slot) -> Res<Value> {
    let v = ev.force(v)?;
    let of_kind = |kind, show| primitive(ev, ev.mem.str(kind)?, v, ev.builtin(show));
    match v.type_of() {
        Type::Bool => of_kind("b", &SHOW_BOOLEAN),
        Type::Float => of_kind("d", &SHOW_PLAIN),
        Type::String => of_kind("s", &SHOW_STRING),
        Type::List => array(ev, v),
        Type::Attrs if is_gvariant(ev, v)? => Ok(v),
        Type::Int => {
            let n = ev.mem.integer(v);
            let fitting = INTEGERS.iter().filter(|of| of.takes(n));
            let choices: Vec<String> =
                fitting.map(|of| format!("- `lib.gvariant.{}` for `{}`", of.name, of.kind)).collect();
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
        other => Err(throw(format!("The GVariant type of “{}” can't be inferred.", other.name()))),
    }
}

static MK_VALUE: Builtin = Builtin::hidden("mkValue", &["v"], mk_value);

/// `mkValue v` in its own cell.
fn delayed_value(ev: &Evaluator, v: Value) -> Res<Value> {
    cell(ev, ev.delay_call(ev.builtin(&MK_VALUE), &[v])?)
}

/// The slot of `v.type`.
fn kind<'a>(ev: &'a Evaluator, v: &Slot) -> Res<&'a Slot> {
    attr(ev, ev.force(v)?, "type")
}

suspended! {
    /// The values of `mkArray elems`: `map mkValue elems`, unless the list is empty.
    struct ArrayValues { elems }
}

impl ArrayValues<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        if ev.slot_equals(self.elems, Value::EMPTY_LIST)? {
            return Err(throw("Please create empty array with mkEmptyArray."));
        }
        let elems = list(ev, self.elems)?;
        map(ev, ev.builtin(&MK_VALUE), elems)
    }
}

suspended! {
    /// `type.arrayOf (head values).type`, if all values have that type.
    struct ArrayType { values }
}

impl ArrayType<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let values = list(ev, self.values)?;
        let Some(first) = ev.mem.items(values).first() else {
            return call_builtin(ev, "head", &[values]);
        };
        for value in ev.mem.items(values) {
            let (this, first) = (kind(ev, value)?, kind(ev, first)?);
            if !ev.equal(this, first, Pos::NONE)? {
                return Err(throw("Elements in a list should have same type."));
            }
        }
        type_of(ev, "a", [kind(ev, first)?], "")
    }
}

/// `lib.gvariant.mkArray`: an array of values of one type.
fn mk_array(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [elems] = shared_args(ev, args)?;
    array(ev, elems)
}

/// `mkArray elems`
fn array(ev: &Evaluator, elems: Value) -> Res<Value> {
    static SHOW: Builtin =
        Builtin::hidden("__toString", &["self"], |ev, args, _| show_elements(ev, args, "[", "]"));
    let values = cell(ev, ev.delay(ArrayValues { elems })?)?;
    primitive(ev, ev.delay(ArrayType { values })?, values, ev.builtin(&SHOW))
}

suspended! {
    /// `type.arrayOf elemType`
    struct EmptyArrayType { elem_type }
}

impl EmptyArrayType<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        type_of(ev, "a", [self.elem_type], "")
    }
}

/// `lib.gvariant.mkEmptyArray`: an array without elements.
fn mk_empty_array(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    /// `self: "@${self.type} []"`
    static SHOW: Builtin = Builtin::hidden("__toString", &["self"], |ev, args, _| {
        let [this] = exactly(args);
        let mut text = Text::new();
        text.put("@").interpolate(ev, own(ev, this, "type")?)?.put(" []");
        text.finish(ev)
    });
    let [elem_type] = shared_args(ev, args)?;
    primitive(ev, ev.delay(EmptyArrayType { elem_type })?, Value::EMPTY_LIST, ev.builtin(&SHOW))
}

/// `lib.gvariant.mkVariant`: a value that carries its type.
fn mk_variant(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    /// `self: "<${toString self.value}>"`
    static SHOW: Builtin = Builtin::hidden("__toString", &["self"], |ev, args, _| {
        let [this] = exactly(args);
        let mut text = Text::new();
        text.put("<").add(ev, to_string(ev, own(ev, this, "value")?)?).put(">");
        text.finish(ev)
    });
    let [elem] = shared_args(ev, args)?;
    primitive(ev, ev.mem.str("v")?, delayed_value(ev, elem)?, ev.builtin(&SHOW))
}

suspended! {
    /// `type.dictionaryEntryOf name.type value.type`
    struct DictionaryEntryType { name, value }
}

impl DictionaryEntryType<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        type_of(ev, "{", [kind(ev, self.name)?, kind(ev, self.value)?], "}")
    }
}

/// `lib.gvariant.mkDictionaryEntry`: an element of a dictionary.
fn mk_dictionary_entry(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    /// `self: "@${self.type} {${name},${value}}"`
    static SHOW: Builtin = Builtin::hidden("__toString", &["name", "value", "self"], |ev, args, _| {
        let [name, value, this] = exactly(args);
        let mut text = Text::new();
        text.put("@").interpolate(ev, own(ev, this, "type")?)?.put(" {").interpolate(ev, name)?;
        text.put(",").interpolate(ev, value)?.put("}");
        text.finish(ev)
    });
    let [name, value] = shared_args(ev, args)?;
    let both = set_of(ev, &[("name", name), ("value", value)])?;
    let (name, value) = (delayed_value(ev, name)?, delayed_value(ev, value)?);
    let kind = ev.delay(DictionaryEntryType { name, value })?;
    primitive(ev, kind, both, ev.partial(&SHOW, &[name, value])?)
}

suspended! {
    /// `type.maybeOf elemType`
    struct MaybeType { elem_type }
}

impl MaybeType<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        type_of(ev, "m", [self.elem_type], "")
    }
}

/// `mkMaybe elem_type elem`
fn maybe(ev: &Evaluator, elem_type: Value, elem: Value) -> Res<Value> {
    /// `self: if self.value == null then "@${self.type} nothing" else "just ${toString self.value}"`
    static SHOW: Builtin = Builtin::hidden("__toString", &["self"], |ev, args, _| {
        let [this] = exactly(args);
        let mut text = Text::new();
        let value = own(ev, this, "value")?;
        match ev.force(value)? {
            Value::NULL => text.put("@").interpolate(ev, own(ev, this, "type")?)?.put(" nothing"),
            _ => text.put("just ").add(ev, to_string(ev, value)?),
        };
        text.finish(ev)
    });
    primitive(ev, ev.delay(MaybeType { elem_type })?, elem, ev.builtin(&SHOW))
}

/// `lib.gvariant.mkMaybe`: a value that may be missing.
fn mk_maybe(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [elem_type, elem] = shared_args(ev, args)?;
    maybe(ev, elem_type, elem)
}

/// `lib.gvariant.mkNothing`: a value that is missing.
fn mk_nothing(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [elem_type] = shared_args(ev, args)?;
    maybe(ev, elem_type, Value::NULL)
}

suspended! {
    /// `v.type`
    struct TypeOf { v }
}

impl TypeOf<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        select(ev, ev.force(self.v)?, "type")
    }
}

/// `lib.gvariant.mkJust`: a value that might have been missing.
fn mk_just(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    let [elem] = shared_args(ev, args)?;
    let v = delayed_value(ev, elem)?;
    maybe(ev, cell(ev, ev.delay(TypeOf { v })?)?, v)
}

suspended! {
    /// `map mkValue elems`
    struct TupleValues { elems }
}

impl TupleValues<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let elems = list(ev, self.elems)?;
        map(ev, ev.builtin(&MK_VALUE), elems)
    }
}

suspended! {
    /// `type.tupleOf (map (v: v.type) values)`
    struct TupleType { values }
}

impl TupleType<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let kinds: Vec<&Slot> = items(ev, self.values)?.iter().map(|v| kind(ev, v)).collect::<Res<_>>()?;
        type_of(ev, "(", kinds, ")")
    }
}

/// `lib.gvariant.mkTuple`: several values.
fn mk_tuple(ev: &Evaluator, args: &[Slot], _: Pos) -> Res<Value> {
    static SHOW: Builtin =
        Builtin::hidden("__toString", &["self"], |ev, args, _| show_elements(ev, args, "(", ")"));
    let [elems] = shared_args(ev, args)?;
    let values = cell(ev, ev.delay(TupleValues { elems })?)?;
    primitive(ev, ev.delay(TupleType { values })?, values, ev.builtin(&SHOW))
}
