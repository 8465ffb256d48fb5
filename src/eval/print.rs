//! Prints values: in error messages, abbreviated and without forcing anything, and as results.

use hashbrown::HashSet;

use super::{Builtin, Counterparts, Evaluator, Res};
use crate::host::shown;
use crate::source::Pos;
use crate::syntax::{print_float, quote, show_name};
use crate::value::{Context, Entry, Tag, Type, Value, peek};

/// How much of a value is printed.
#[derive(Debug, Clone, Copy)]
pub struct PrintOptions {
    /// Deeper sets and lists are printed as `{ ... }` and `[ ... ]`.
    pub depth: usize,
    /// The total number of attributes.
    pub attrs: usize,
    /// The total number of list items.
    pub items: usize,
    /// Bytes of each string.
    pub string: usize,
}

impl PrintOptions {
    /// The limits of Nix's error messages.
    pub const ERROR: PrintOptions = PrintOptions { depth: 10, attrs: 10, items: 10, string: 1024 };
    /// No limits.
    pub const ALL: PrintOptions =
        PrintOptions { depth: usize::MAX, attrs: usize::MAX, items: usize::MAX, string: usize::MAX };
}

/// A value's type with its article, as messages name it.
pub fn type_name(ev: &Evaluator, v: Value) -> String {
    let v = ev.mem.bare(v);
    let name = match v.tag() {
        Tag::String if ev.mem.context(v) != Context::EMPTY => "a string with context",
        Tag::Builtin if ev.builtin_of(v).library => "a function",
        Tag::Builtin => return format!("the built-in function '{}'", ev.builtin_of(v).name),
        Tag::Partial => {
            let inner = peek(ev.mem.heap.slot(v.at()));
            match inner.tag() {
                Tag::Builtin if !ev.builtin_of(inner).library => {
                    let name = ev.builtin_of(inner).name;
                    return format!("the partially applied built-in function '{name}'");
                }
                _ => "a function",
            }
        }
        _ => match v.type_of() {
            Type::Int => "an integer",
            Type::Float => "a float",
            Type::Bool => "a Boolean",
            Type::String => "a string",
            Type::Path => "a path",
            Type::Null => "null",
            Type::Attrs => "a set",
            Type::List => "a list",
            Type::Function => "a function",
            Type::Thunk if v.tag() == Tag::Native => "a function application",
            Type::Thunk => "a thunk",
        },
    };
    name.to_owned()
}

/// `a set: { … }`, for messages about values of the wrong type.
pub(super) fn found(ev: &Evaluator, v: Value) -> String {
    format!("{}: {}", type_name(ev, v), print_value(ev, v, &PrintOptions::ERROR))
}

/// A value as text for messages. Forces nothing and abbreviates large values.
pub fn print_value(ev: &Evaluator, v: Value, options: &PrintOptions) -> String {
    let mut printer = Printer {
        ev,
        options,
        out: Vec::new(),
        attrs: 0,
        items: 0,
        seen_sets: HashSet::new(),
        seen_lists: HashSet::new(),
    };
    printer.value(v, 0);
    shown(&printer.out).into_owned()
}

struct Printer<'a> {
    ev: &'a Evaluator,
    options: &'a PrintOptions,
    out: Vec<u8>,
    attrs: usize,
    items: usize,
    seen_sets: HashSet<u64>,
    seen_lists: HashSet<u64>,
}

impl Printer<'_> {
    fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn value(&mut self, v: Value, depth: usize) {
        let ev = self.ev;
        match v.type_of() {
            Type::Int => self.put(&ev.mem.integer(v).to_string()),
            Type::Float => self.put(&print_float(ev.mem.real(v))),
            Type::Bool => self.put(if v == Value::TRUE { "true" } else { "false" }),
            Type::Null => self.put("null"),
            Type::String => {
                let text = ev.mem.text(v);
                if text.len() > self.options.string {
                    let quoted = quote(&text[..self.options.string]);
                    self.out.extend(quoted);
                    self.put(" ");
                    self.elided(text.len() - self.options.string, "byte", "bytes");
                } else {
                    self.out.extend(quote(text));
                }
            }
            Type::Path => self.put(&ev.sources.show(ev.mem.text(v))),
            Type::Attrs => self.set(v, depth),
            Type::List => self.list(v, depth),
            Type::Function => self.function(v),
            Type::Thunk => match ev.behind(v) {
                value if value.is_value() => self.value(value, depth),
                Value::HOLE => self.put("«potential infinite recursion»"),
                _ => self.put("«thunk»"),
            },
        }
    }

    fn elided(&mut self, n: usize, one: &str, many: &str) {
        let noun = if n == 1 { one } else { many };
        self.put(&format!("«{n} {noun} elided»"));
    }

    fn set(&mut self, v: Value, depth: usize) {
        if !self.seen_sets.insert(v.bits()) {
            return self.put("«repeated»");
        }
        if depth >= self.options.depth {
            return self.put("{ ... }");
        }
        let ev = self.ev;
        let mut entries = ev.mem.entries_by_name(v);
        if self.options.attrs != usize::MAX {
            let important = |e: &Entry<'_>| !matches!(ev.mem.heap.name(e.name), b"type" | b"_type");
            entries.sort_by_key(|e| important(e));
        }
        self.put("{");
        for (i, entry) in entries.iter().enumerate() {
            self.put(" ");
            if self.attrs >= self.options.attrs {
                self.elided(entries.len() - i, "attribute", "attributes");
                break;
            }
            self.out.extend(show_name(ev.mem.heap.name(entry.name)));
            self.put(" = ");
            self.value(peek(entry.slot), depth + 1);
            self.put(";");
            self.attrs += 1;
        }
        self.put(" }");
    }

    fn list(&mut self, v: Value, depth: usize) {
        if v.list_len() > 0 && !self.seen_lists.insert(v.bits()) {
            return self.put("«repeated»");
        }
        if depth >= self.options.depth {
            return self.put("[ ... ]");
        }
        let items = self.ev.mem.items(v);
        self.put("[");
        for (i, item) in items.iter().enumerate() {
            self.put(" ");
            if self.items >= self.options.items {
                self.elided(items.len() - i, "item", "items");
                break;
            }
            self.value(peek(item), depth + 1);
            self.items += 1;
        }
        self.put(" ]");
    }

    fn function(&mut self, v: Value) {
        let ev = self.ev;
        let (function, held) = ev.underlying_function(v);
        if function.tag() == Tag::Builtin {
            let builtin = ev.builtin_of(function);
            let Builtin { name, library, .. } = builtin;
            if *library {
                let missing = builtin.args.len().saturating_sub(held);
                return match ev.extension::<Counterparts>().find(ev, builtin, missing) {
                    Some((theirs, held)) => self.lambda(theirs, held),
                    None => self.put(&format!("«lambda {name}»")),
                };
            }
            let text = if held > 0 { "partially applied primop" } else { "primop" };
            return self.put(&format!("«{text} {name}»"));
        }
        self.lambda(function, held);
    }

    fn lambda(&mut self, function: Value, held: usize) {
        let ev = self.ev;
        self.put("«lambda");
        if let Some(name) = ev.lambda_symbol(function) {
            self.put(" ");
            self.out.extend(show_name(ev.mem.heap.name(name)));
        }
        let place = ev.shown_place(ev.lambda_pos(function, held));
        self.put(&format!(" @ {place}»"));
    }
}

impl Evaluator {
    /// The value of a slot, or its suspension, without computing anything.
    pub fn known(&self, slot: &crate::heap::Slot) -> Value {
        self.behind(peek(slot))
    }

    /// Whether the computation of a slot's value has failed.
    pub fn has_failed(&self, slot: &crate::heap::Slot) -> bool {
        self.known(slot).failure().is_some()
    }

    /// The value of a word, or its suspension, without computing anything.
    pub fn known_value(&self, v: Value) -> Value {
        self.note_read(v);
        self.behind(v)
    }

    /// Follows forwards to the value or suspension behind them.
    pub(super) fn behind(&self, v: Value) -> Value {
        let mut v = v;
        while v.tag() == Tag::Forward {
            v = peek(self.mem.heap.slot(v.at()));
        }
        v
    }
}

/// A value as `nix-instantiate --eval` prints it: suspensions are `<CODE>`, and a set or list that occurs a
/// second time is `«repeated»`.
///
/// # Errors
/// When it is nested deeper than `max-call-depth`.
pub fn ambiguous(ev: &Evaluator, v: Value) -> Res<Vec<u8>> {
    let mut printer = Ambiguous { ev, out: Vec::new(), seen: HashSet::new() };
    printer.value(v, 0, 0)?;
    Ok(printer.out)
}

/// Prints each set object once. Lists are identified by the slot that first computed them: two variables for
/// one list are `«repeated»`, but a list that was selected or returned twice is not.
struct Ambiguous<'a> {
    ev: &'a Evaluator,
    out: Vec<u8>,
    seen: HashSet<u64>,
}

/// Identifies the slot in which a value was computed.
fn home(slot: &crate::heap::Slot) -> u64 {
    let v = peek(slot);
    // Words and addresses never coincide, so no two homes are equal by accident.
    if v.tag() == Tag::Forward { v.bits() } else { std::ptr::from_ref(slot) as u64 }
}

impl Ambiguous<'_> {
    fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Prints a value that was computed in the slot `home`.
    fn value(&mut self, v: Value, home_of: u64, depth: usize) -> Res<()> {
        let ev = self.ev;
        if depth > ev.settings.max_call_depth {
            return Err(ev.too_deep(depth).at(Pos::NONE));
        }
        match v.type_of() {
            Type::Int => self.put(&ev.mem.integer(v).to_string()),
            Type::Float => self.put(&print_float(ev.mem.real(v))),
            Type::Bool => self.put(if v == Value::TRUE { "true" } else { "false" }),
            Type::Null => self.put("null"),
            Type::String => self.out.extend(quote(ev.mem.text(v))),
            Type::Path => self.out.extend_from_slice(ev.mem.text(v)),
            Type::Attrs => {
                if ev.mem.attrs_len(v) > 0 && !self.seen.insert(v.bits()) {
                    self.put("«repeated»");
                    return Ok(());
                }
                self.put("{ ");
                for entry in ev.mem.entries_by_name(v) {
                    self.out.extend(show_name(ev.mem.heap.name(entry.name)));
                    self.put(" = ");
                    self.value(peek(entry.slot), home(entry.slot), depth + 1)?;
                    self.put("; ");
                }
                self.put("}");
            }
            Type::List => {
                if v.list_len() > 0 && !self.seen.insert(home_of) {
                    self.put("«repeated»");
                    return Ok(());
                }
                self.put("[ ");
                for item in ev.mem.items(v) {
                    self.value(peek(item), home(item), depth + 1)?;
                    self.put(" ");
                }
                self.put("]");
            }
            Type::Function => self.put(match ev.underlying_function(v) {
                (f, held) if f.tag() == Tag::Builtin && !ev.builtin_of(f).library => match held {
                    0 => "<PRIMOP>",
                    _ => "<PRIMOP-APP>",
                },
                _ => "<LAMBDA>",
            }),
            Type::Thunk => match ev.behind(v) {
                value if value.is_value() => self.value(value, home_of, depth)?,
                Value::HOLE => self.put("«potential infinite recursion»"),
                _ => self.put("<CODE>"),
            },
        }
        Ok(())
    }
}
