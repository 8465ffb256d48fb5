//! What the functions of the native library have in common: small errors, forcing to a type, calling, lazy elements,
//! and putting strings together.

use crate::eval::{Coerce, Error, ErrorKind, Evaluator, Lazy, Res};
use crate::heap::{Slot, Sym};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Context, Entry, Value, peek, put, slot};

/// The error that `throw message` gives.
#[cold]
pub(super) fn throw(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Throw, message)
}

/// The error that `abort message` gives.
#[cold]
pub(super) fn abort(message: impl AsRef<str>) -> Error {
    let message = message.as_ref();
    Error::new(ErrorKind::Abort, format!("evaluation aborted with the following error message: '{message}'"))
}

/// `assert condition`, whose text as Nix prints it is `text`.
pub(super) fn assert(condition: bool, text: &str) -> Res<()> {
    match condition {
        true => Ok(()),
        false => Err(failed_assertion(text)),
    }
}

#[cold]
fn failed_assertion(text: &str) -> Error {
    Error::new(ErrorKind::Assertion, format!("assertion '{text}' failed"))
}

/// Bytes as text for a message.
pub(super) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A slot's contents for use in another slot.
#[inline]
pub(super) fn share(ev: &Evaluator, slot: &Slot) -> Res<Value> {
    Ok(ev.mem.share(slot)?)
}

/// Forces to a Boolean.
#[inline]
pub(super) fn boolean(ev: &Evaluator, slot: &Slot) -> Res<bool> {
    ev.force_bool(slot, Pos::NONE, "")
}

/// Whether a result is `true`, which must be a Boolean.
#[inline]
pub(super) fn truth(ev: &Evaluator, v: Value) -> Res<bool> {
    if v == Value::TRUE || v == Value::FALSE { Ok(v == Value::TRUE) } else { boolean(ev, &slot(v)) }
}

/// Forces to an integer.
pub(super) fn integer(ev: &Evaluator, slot: &Slot) -> Res<i64> {
    ev.force_int(slot, Pos::NONE, "")
}

/// Forces to a list.
#[inline]
pub(super) fn list(ev: &Evaluator, slot: &Slot) -> Res<Value> {
    ev.force_list(slot, Pos::NONE, "")
}

/// A value that must be a list.
pub(super) fn slot_list(ev: &Evaluator, v: Value) -> Res<Value> {
    if v.is_list() { Ok(v) } else { list(ev, &slot(v)) }
}

/// Forces to a list and gives its elements.
#[inline]
pub(super) fn items<'a>(ev: &'a Evaluator, slot: &Slot) -> Res<&'a [Slot]> {
    Ok(ev.mem.items(list(ev, slot)?))
}

/// Forces to a set.
#[inline]
pub(super) fn attrs(ev: &Evaluator, slot: &Slot) -> Res<Value> {
    ev.force_attrs(slot, Pos::NONE, "")
}

/// Forces to a set and gives its attributes in the order of their names.
pub(super) fn entries<'a>(ev: &'a Evaluator, slot: &Slot) -> Res<Vec<Entry<'a>>> {
    Ok(ev.mem.entries_by_name(attrs(ev, slot)?))
}

/// Forces to a string.
#[inline]
pub(super) fn string(ev: &Evaluator, slot: &Slot) -> Res<Value> {
    ev.force_string(slot, Pos::NONE, "")
}

/// Forces to a string that can name an attribute.
pub(super) fn name(ev: &Evaluator, slot: &Slot) -> Res<Sym> {
    ev.force_name(slot, Pos::NONE, "")
}

/// Forces to a string and gives its bytes.
pub(super) fn bytes<'a>(ev: &'a Evaluator, slot: &Slot) -> Res<&'a [u8]> {
    Ok(ev.mem.text(string(ev, slot)?))
}

/// `"${e}"`: as string interpolation does.
pub(super) fn interpolate(ev: &Evaluator, slot: &Slot) -> Res<Value> {
    ev.coerce(slot, Pos::NONE, Coerce::INTERPOLATE, "")
}

/// `"${e}"` as text for a message.
pub(super) fn text_of(ev: &Evaluator, slot: &Slot) -> Res<String> {
    Ok(lossy(ev.mem.text(interpolate(ev, slot)?)))
}

/// `toString e`
pub(super) fn to_string(ev: &Evaluator, slot: &Slot) -> Res<Value> {
    ev.coerce(slot, Pos::NONE, Coerce::TO_STRING, "")
}

/// `f a b …`
#[inline]
pub(super) fn apply(ev: &Evaluator, f: &Slot, args: &[Value]) -> Res<Value> {
    let f = ev.force(f)?;
    ev.call(f, args, Pos::NONE)
}

/// `if pred a b … then`: the result of a predicate.
#[inline]
pub(super) fn holds(ev: &Evaluator, pred: &Slot, args: &[Value]) -> Res<bool> {
    truth(ev, apply(ev, pred, args)?)
}

/// Calls the built-in function of a name; for the rare cases that share no code with it.
pub(super) fn call_builtin(ev: &Evaluator, name: &'static str, args: &[Value]) -> Res<Value> {
    match crate::builtins::find(name) {
        Some(builtin) => {
            let slots: smallvec::SmallVec<[Slot; 3]> = args.iter().map(|a| slot(*a)).collect();
            (builtin.run)(ev, &slots, Pos::NONE)
        }
        None => Err(Error::eval(format!("the built-in function '{name}' is not available"))),
    }
}

/// A slot of its own for a suspension that several places will share, as the word that refers to it.
pub(super) fn cell(ev: &Evaluator, v: Value) -> Res<Value> {
    if v.is_value() {
        return Ok(v);
    }
    let at = ev.mem.heap.alloc(1)?;
    put(ev.mem.heap.slot(at), v);
    Ok(Value::forward(at))
}

/// A value that refers to itself: `make` gets the word that will refer to what it returns.
pub(super) fn knot(ev: &Evaluator, make: impl FnOnce(Value) -> Res<Value>) -> Res<Value> {
    let at = ev.mem.heap.alloc(1)?;
    put(ev.mem.heap.slot(at), make(Value::forward(at))?);
    Ok(Value::forward(at))
}

/// The value of `set.name or …`: `None` when there is no such attribute or it is no set.
pub(super) fn get<'a>(ev: &'a Evaluator, set: Value, name: &str) -> Option<&'a Slot> {
    let name = ev.mem.heap.interned(name.as_bytes())?;
    if set.is_attrs() { ev.mem.get(set, name) } else { None }
}

/// Whether `set ? name`.
pub(super) fn has(ev: &Evaluator, set: Value, name: &str) -> bool {
    get(ev, set, name).is_some()
}

/// The text in an optional slot, if that is a string.
pub(super) fn slot_text<'a>(ev: &'a Evaluator, of: Option<&Slot>) -> Res<Option<&'a [u8]>> {
    match of.map(|s| ev.force(s)).transpose()? {
        Some(v) if v.is_string() => Ok(Some(ev.mem.text(v))),
        _ => Ok(None),
    }
}

/// The slot of `set.name`, which must be there.
pub(super) fn select<'a>(ev: &'a Evaluator, set: Value, name: &str) -> Res<&'a Slot> {
    ev.attribute(set, ev.intern(name)?, Pos::NONE)
}

/// `set.name`, forced.
pub(super) fn selected(ev: &Evaluator, set: Value, name: &str) -> Res<Value> {
    ev.force(select(ev, set, name)?)
}

/// A suspended `set.name`; `set` may be a suspension that is shared.
pub(super) fn delay_select(ev: &Evaluator, set: Value, name: Sym) -> Res<Value> {
    static SELECT: Lazy = Lazy {
        name: "lib.select",
        run: |ev, captures, _| {
            let set = ev.force(&captures[0])?;
            let name = ev.mem.symbol_of(peek(&captures[1]))?;
            ev.force(ev.attribute(set, name, Pos::NONE)?)
        },
    };
    if set.is_attrs()
        && let Some(slot) = ev.mem.get(set, name)
    {
        return share(ev, slot);
    }
    ev.delay(&SELECT, &[set, Value::symbol(name)])
}

/// A set of these attributes. Suspensions must not be in other slots.
pub(super) fn set_of(ev: &Evaluator, attributes: &[(&str, Value)]) -> Res<Value> {
    let mut set = AttrsBuilder::with_capacity(attributes.len());
    for (name, value) in attributes {
        set.push(ev.intern(name)?, *value);
    }
    Ok(ev.mem.attrs(set)?)
}

/// `set // { name = value; }`
pub(super) fn with_attr(ev: &Evaluator, set: Value, name: &str, value: Value) -> Res<Value> {
    Ok(ev.mem.update(set, set_of(ev, &[(name, value)])?)?)
}

/// `{ inherit name value; }`
pub(super) fn name_value(ev: &Evaluator, name: Value, value: Value) -> Res<Value> {
    set_of(ev, &[("name", name), ("value", value)])
}

/// A list whose elements are computed one by one when they are looked at: all share one object.
pub(super) fn lazy_list(ev: &Evaluator, lazy: &'static Lazy, captures: &[Value], len: usize) -> Res<Value> {
    if len == 0 {
        return Ok(Value::EMPTY_LIST);
    }
    let at = ev.delays(lazy, captures)?;
    Ok(ev.mem.list_from(len, (0..len).map(|i| Value::native(i, at)))?)
}

/// Forces to something that can be called, as built-in functions do with the functions they are given.
#[inline]
pub(super) fn callable(ev: &Evaluator, f: &Slot) -> Res<Value> {
    ev.force_function(f, Pos::NONE, "")
}

/// `map f list` of a forced list.
pub(super) fn map(ev: &Evaluator, f: Value, list: Value) -> Res<Value> {
    match list.list_len() {
        0 => Ok(Value::EMPTY_LIST),
        _ => crate::builtins::map_list(ev, callable(ev, &slot(f))?, list),
    }
}

/// `map f list`, of the slots of a call.
pub(super) fn map_slots(ev: &Evaluator, f: &Slot, list: &Slot) -> Res<Value> {
    let list = self::list(ev, list)?;
    map(ev, share(ev, f)?, list)
}

/// `concatMap f list`: `f` gives for each element the word of a list.
pub(super) fn concat_map(
    ev: &Evaluator,
    list: &[Slot],
    mut f: impl FnMut(&Slot) -> Res<Value>,
) -> Res<Value> {
    let mut parts: smallvec::SmallVec<[Value; 16]> = smallvec::SmallVec::with_capacity(list.len());
    for item in list {
        let part = f(item)?;
        parts.push(match part.is_list() {
            true => part,
            false => self::list(ev, &slot(part))?,
        });
    }
    Ok(ev.mem.concat_lists(&parts)?)
}

/// A list of some of the elements of another.
pub(super) fn pick<'a>(ev: &Evaluator, chosen: impl IntoIterator<Item = &'a Slot>) -> Res<Value> {
    let shared: Result<Vec<Value>, _> = chosen.into_iter().map(|s| ev.mem.share(s)).collect();
    Ok(ev.mem.list(&shared?)?)
}

/// `filter pred list`: `keep` says for each element.
pub(super) fn filter(ev: &Evaluator, list: Value, mut keep: impl FnMut(&Slot) -> Res<bool>) -> Res<Value> {
    let items = ev.mem.items(list);
    let mut kept = Vec::with_capacity(items.len());
    for item in items {
        if keep(item)? {
            kept.push(share(ev, item)?);
        }
    }
    if kept.len() == items.len() {
        return Ok(list);
    }
    Ok(ev.mem.list(&kept)?)
}

/// A list of strings.
pub(super) fn strings<T: AsRef<[u8]>>(ev: &Evaluator, texts: &[T], context: Context) -> Res<Value> {
    let made: Result<Vec<Value>, _> = texts.iter().map(|t| ev.mem.string(t.as_ref(), context)).collect();
    Ok(ev.mem.list(&made?)?)
}

/// A string under construction, with the context of what went into it.
#[derive(Default)]
pub(super) struct Text {
    bytes: Vec<u8>,
    context: Context,
}

impl Text {
    /// An empty string.
    pub(super) fn new() -> Text {
        Text::default()
    }

    /// Appends text.
    pub(super) fn put(&mut self, text: impl AsRef<[u8]>) -> &mut Text {
        self.bytes.extend_from_slice(text.as_ref());
        self
    }

    /// Appends a string value.
    pub(super) fn add(&mut self, ev: &Evaluator, v: Value) -> &mut Text {
        self.context = ev.mem.contexts.union(self.context, ev.mem.context(v));
        self.put(ev.mem.text(v))
    }

    /// Takes a string's context without its text.
    pub(super) fn add_context(&mut self, ev: &Evaluator, v: Value) -> &mut Text {
        self.context = ev.mem.contexts.union(self.context, ev.mem.context(v));
        self
    }

    /// Appends `${e}`.
    pub(super) fn interpolate(&mut self, ev: &Evaluator, slot: &Slot) -> Res<&mut Text> {
        let v = interpolate(ev, slot)?;
        Ok(self.add(ev, v))
    }

    /// The string value.
    pub(super) fn finish(self, ev: &Evaluator) -> Res<Value> {
        Ok(ev.mem.string(&self.bytes, self.context)?)
    }
}
