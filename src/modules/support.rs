//! What the parts of the module engine have in common: errors, attributes, objects with suspended fields, text.

use crate::eval::{Builtin, Coerce, Error, ErrorKind, Evaluator, Lazy, Res};
use crate::heap::{Ref, Slot, Sym};
use crate::source::Pos;
use crate::value::{Context, Record, Tag, Type, Value, peek, put, slot};

/// A definition as merge functions get it.
pub(super) static DEFINITION: Record<2> = Record::new(["file", "value"]);
/// What a type's `emptyValue` is, and other sets with nothing but a value.
pub(super) static VALUE: Record<1> = Record::new(["value"]);

/// The error that `throw message` gives.
#[cold]
pub(super) fn throw(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Throw, message)
}

/// The error that `abort message` gives.
#[cold]
pub(super) fn abort(message: &str) -> Error {
    let text = format!("evaluation aborted with the following error message: '{message}'");
    Error::new(ErrorKind::Abort, text)
}

/// The error of `assert`, with the condition as Nix prints it.
#[cold]
pub(super) fn failed_assertion(condition: &str) -> Error {
    Error::new(ErrorKind::Assertion, format!("assertion '{condition}' failed"))
}

/// Adds a line that is shown without `--show-trace`, as `addErrorContext` does.
#[cold]
pub(super) fn context(e: Error, text: impl Into<String>) -> Error {
    e.trace_always(Pos::NONE, text.into())
}

/// `v ? name`, and the slot.
#[inline]
pub(super) fn get(ev: &Evaluator, v: Value, name: Sym) -> Option<&Slot> {
    if v.is_attrs() { ev.mem.get(v, name) } else { None }
}

/// The slot of `v.name`.
#[inline]
pub(super) fn attr(ev: &Evaluator, v: Value, name: Sym) -> Res<&Slot> {
    match get(ev, v, name) {
        Some(slot) => Ok(slot),
        None => Err(no_attr(ev, v, name)),
    }
}

#[cold]
fn no_attr(ev: &Evaluator, v: Value, name: Sym) -> Error {
    // The evaluator's own error, with its suggestions.
    match ev.attribute(v, name, Pos::NONE) {
        Err(e) => e,
        Ok(_) => Error::eval("attribute missing"),
    }
}

/// The value of `v.name`.
#[inline]
pub(super) fn select(ev: &Evaluator, v: Value, name: Sym) -> Res<Value> {
    ev.force(attr(ev, v, name)?)
}

/// `v.name` for storing elsewhere, not computed if it is not yet.
#[inline]
pub(super) fn shared(ev: &Evaluator, v: Value, name: Sym) -> Res<Value> {
    Ok(ev.mem.share(attr(ev, v, name)?)?)
}

/// The value of `v.name or null`.
#[inline]
pub(super) fn or_null(ev: &Evaluator, v: Value, name: Sym) -> Res<Value> {
    match get(ev, v, name) {
        Some(slot) => ev.force(slot),
        None => Ok(Value::NULL),
    }
}

/// `v.name or null` for storing elsewhere.
pub(super) fn shared_or(ev: &Evaluator, v: Value, name: Sym, default: Value) -> Res<Value> {
    match get(ev, v, name) {
        Some(slot) => Ok(ev.mem.share(slot)?),
        None => Ok(default),
    }
}

/// `v.name or false`, which must be a Boolean.
pub(super) fn flag(ev: &Evaluator, v: Value, name: Sym) -> Res<bool> {
    match get(ev, v, name) {
        Some(slot) => ev.force_bool(slot, Pos::NONE, "while evaluating a branch condition"),
        None => Ok(false),
    }
}

/// Whether a result is `true`; it must be a Boolean.
#[inline]
pub(super) fn truth(ev: &Evaluator, v: Value) -> Res<bool> {
    match v {
        Value::TRUE => Ok(true),
        Value::FALSE => Ok(false),
        other => ev.force_bool(&slot(other), Pos::NONE, "while evaluating a branch condition"),
    }
}

/// What a set's `_type` says that the module system itself looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Property {
    /// Not one of the others.
    Other,
    /// `mkMerge`.
    Merge,
    /// `mkIf`.
    If,
    /// `mkOverride`.
    Override,
    /// `mkOrder`.
    Order,
    /// `mkDefinition`.
    Definition,
}

/// Which property a forced value is.
#[inline]
pub(super) fn property(ev: &Evaluator, v: Value) -> Res<Property> {
    match get(ev, v, sym!("_type")) {
        None => Ok(Property::Other),
        Some(slot) => property_named(ev, slot),
    }
}

fn property_named(ev: &Evaluator, slot: &Slot) -> Res<Property> {
    let name = ev.force(slot)?;
    if !name.is_string() {
        return Ok(Property::Other);
    }
    Ok(match ev.mem.text(name) {
        b"merge" => Property::Merge,
        b"if" => Property::If,
        b"override" => Property::Override,
        b"order" => Property::Order,
        b"definition" => Property::Definition,
        _ => Property::Other,
    })
}

/// `(v._type or "") == name`
pub(super) fn is_type(ev: &Evaluator, v: Value, name: &[u8]) -> Res<bool> {
    match get(ev, v, sym!("_type")) {
        None => Ok(false),
        Some(slot) => {
            let found = ev.force(slot)?;
            Ok(found.is_string() && ev.mem.text(found) == name)
        }
    }
}

/// `lib.isFunction`: whether a forced value is a function or a set that acts as one.
pub(super) fn is_function(ev: &Evaluator, v: Value) -> Res<bool> {
    let plain = |v: Value| v.type_of() == Type::Function;
    if plain(v) {
        return Ok(true);
    }
    match get(ev, v, sym!("__functor")) {
        None => Ok(false),
        Some(functor) => Ok(plain(ev.call(ev.force(functor)?, &[v], Pos::NONE)?)),
    }
}

/// The names of a function's arguments, as `lib.functionArgs` finds them, and whether they have a default. The second
/// is a slot because a functor's own `__functionArgs` need not be computed.
pub(super) fn function_args(ev: &Evaluator, f: Value) -> Res<Vec<(Sym, Value)>> {
    let mut plain = f;
    if let Some(functor) = get(ev, f, sym!("__functor")) {
        if let Some(args) = get(ev, f, sym!("__functionArgs")) {
            let set = ev.force_attrs(args, Pos::NONE, "")?;
            let entries = ev.mem.entries(set);
            return entries.iter().map(|e| Ok((e.name, ev.mem.share(e.slot)?))).collect();
        }
        plain = ev.call(ev.force(functor)?, &[f], Pos::NONE)?;
    }
    if plain.type_of() != Type::Function {
        return Err(Error::type_error("'functionArgs' requires a function"));
    }
    let formals = ev.formals(plain).unwrap_or_default();
    Ok(formals.into_iter().map(|(name, default, _)| (name, Value::bool(default))).collect())
}

/// Calls what a slot holds.
pub(super) fn apply(ev: &Evaluator, f: &Slot, args: &[Value]) -> Res<Value> {
    let function = ev.force(f)?;
    ev.call(function, args, Pos::NONE)
}

/// A list of values known to Rust code, of which the first are `given` and the rest suspended: forcing field `i` runs
/// `lazy` with the object and `i`. Gives the object and what stands behind its suspensions, of which there may be more
/// than fields.
pub(super) fn object(
    ev: &Evaluator,
    lazy: &'static Lazy,
    given: &[Value],
    fields: usize,
) -> Res<(Value, Ref)> {
    let n = given.len() + fields;
    let (at, slots) = ev.mem.alloc(n)?;
    let this = Value::list(at, n);
    let behind = ev.delays(lazy, &[this])?;
    for (i, slot) in slots.iter().enumerate() {
        put(slot, given.get(i).copied().unwrap_or_else(|| Value::native(i, behind)));
    }
    Ok((this, behind))
}

/// The slot of an object's field.
#[inline]
pub(super) fn field(ev: &Evaluator, object: Value, i: usize) -> &Slot {
    &ev.mem.items(object)[i]
}

/// Moves a value that is to be used in several places to a cell of its own.
pub(super) fn cell(ev: &Evaluator, v: Value) -> Res<Value> {
    if v.is_value() || v.tag() == Tag::Forward {
        return Ok(v);
    }
    let (at, slots) = ev.mem.alloc(1)?;
    put(&slots[0], v);
    Ok(Value::forward(at))
}

/// A set with a record's names whose values are suspended: value `i` runs `lazy` with the captures and `i`.
pub(super) fn lazy_record<const N: usize>(
    ev: &Evaluator,
    record: &'static Record<N>,
    lazy: &'static Lazy,
    captures: &[Value],
) -> Res<Value> {
    let behind = ev.delays(lazy, captures)?;
    Ok(ev.mem.record(record, std::array::from_fn(|i| Value::native(i, behind)))?)
}

/// A suspended `v.name`.
pub(super) fn delay_select(ev: &Evaluator, v: Value, name: Sym) -> Res<Value> {
    static SELECT: Lazy = Lazy {
        name: "modules.select",
        run: |ev, captures, _| {
            let v = ev.force(&captures[0])?;
            select(ev, v, ev.mem.symbol_of(peek(&captures[1]))?)
        },
    };
    if let Some(slot) = get(ev, v, name)
        && let Some(value) = ev.forced(slot)
    {
        return Ok(value);
    }
    ev.delay(&SELECT, &[v, Value::symbol(name)])
}

/// `list ++ [ last ]` for a forced list.
pub(super) fn appended(ev: &Evaluator, list: Value, last: Value) -> Res<Value> {
    let items = ev.mem.items(list);
    ev.mem.counts.lists.one(items.len() + 1);
    let (at, slots) = ev.mem.alloc(items.len() + 1)?;
    for (slot, item) in slots.iter().zip(items) {
        put(slot, ev.mem.share(item)?);
    }
    put(&slots[items.len()], last);
    Ok(Value::list(at, items.len() + 1))
}

/// A list of the elements of several forced lists.
pub(super) fn concat(ev: &Evaluator, lists: &[Value]) -> Res<Value> {
    Ok(ev.mem.concat_lists(lists)?)
}

/// What string interpolation makes of a slot.
pub(super) fn interpolate(ev: &Evaluator, slot: &Slot) -> Res<Value> {
    ev.coerce(slot, Pos::NONE, Coerce::INTERPOLATE, "while evaluating a path segment")
}

/// What `toString` makes of a slot.
pub(super) fn to_string(ev: &Evaluator, slot: &Slot) -> Res<Value> {
    let doing = "while evaluating the first argument passed to builtins.toString";
    ev.coerce(slot, Pos::NONE, Coerce::TO_STRING, doing)
}

/// The text of a string for a message.
pub(super) fn text(ev: &Evaluator, v: Value) -> String {
    String::from_utf8_lossy(ev.mem.text(v)).into_owned()
}

/// The text of a string under construction, with its context.
#[derive(Default)]
pub(super) struct Text {
    bytes: Vec<u8>,
    context: Context,
}

impl Text {
    /// Appends plain text.
    pub(super) fn put(&mut self, text: impl AsRef<[u8]>) -> &mut Text {
        self.bytes.extend_from_slice(text.as_ref());
        self
    }

    /// Adds a string's context without its text.
    pub(super) fn add_context(&mut self, ev: &Evaluator, v: Value) {
        self.context = ev.mem.contexts.union(self.context, ev.mem.context(v));
    }

    /// Appends a string.
    pub(super) fn add(&mut self, ev: &Evaluator, v: Value) -> &mut Text {
        self.add_context(ev, v);
        self.put(ev.mem.text(v))
    }

    /// Appends what string interpolation makes of a slot.
    pub(super) fn interpolate(&mut self, ev: &Evaluator, slot: &Slot) -> Res<&mut Text> {
        let v = interpolate(ev, slot)?;
        Ok(self.add(ev, v))
    }

    /// The string.
    pub(super) fn finish(&self, ev: &Evaluator) -> Res<Value> {
        Ok(ev.mem.string(&self.bytes, self.context)?)
    }
}

/// Calls the built-in function of this name.
pub(super) fn call_builtin(ev: &Evaluator, name: &str, args: &[Value]) -> Res<Value> {
    match crate::builtins::find(name) {
        Some(builtin) => ev.call(ev.builtin(builtin), args, Pos::NONE),
        None => Err(Error::eval(format!("the built-in function '{name}' is not available"))),
    }
}

/// `lib.warn message value`: prints a warning.
pub(super) fn warn(ev: &Evaluator, message: Value, value: Value) -> Res<Value> {
    call_builtin(ev, "warn", &[message, value])
}

/// The identity function.
pub(super) static ID: Builtin = Builtin::hidden("id", &["x"], |ev, args, _| ev.force(&args[0]));

/// A function of two arguments that gives the first.
pub(super) static CONST: Builtin = Builtin::hidden("const", &["x", "y"], |ev, args, _| ev.force(&args[0]));
