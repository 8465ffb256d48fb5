//! Values without their evaluator, for comparing, printing and storing the values of options. They are part of the public API.

use std::hash::{Hash, Hasher};

use super::opened::Opened;
use crate::builtins::Whole;
use crate::eval::{Error, Evaluator};
use crate::heap::{Slot, Sym};
use crate::host::{printable, shown};
use crate::modules::{AFTER, BEFORE, DEFAULT, DEFAULT_ORDER, DEFAULT_PRIORITY, FORCE, Property, property};
use crate::native::get;
use crate::source::Pos;
use crate::value::{Type, Value};

/// A value, as far as it can be shown.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Plain {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// A string.
    String(String),
    /// A path.
    Path(String),
    /// A list.
    List(Vec<Plain>),
    /// A set: names in the order of their texts.
    Set(Vec<(String, Plain)>),
    /// A function.
    Function,
    /// A derivation, by its name.
    Derivation(String),
    /// A value that is not looked into: a package set, a library, a type, an option.
    Opaque(&'static str),
    /// A definition inside the value that still has a property around it: the function that sets the property, and its
    /// content.
    Property(String, Box<Plain>),
    /// A set or list that contains itself.
    Cycle,
    /// The part beyond a limit: nothing is known about it.
    Cut,
    /// Its evaluation fails.
    Failed(Failure),
}

impl Hash for Plain {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Plain::Null | Plain::Function | Plain::Cycle | Plain::Cut => {}
            Plain::Bool(value) => value.hash(state),
            Plain::Int(value) => value.hash(state),
            // Zeros of both signs are the same.
            Plain::Float(value) => (value + 0.0).to_bits().hash(state),
            Plain::String(text) | Plain::Path(text) | Plain::Derivation(text) => text.hash(state),
            Plain::List(items) => items.hash(state),
            Plain::Set(entries) => entries.hash(state),
            Plain::Opaque(what) => what.hash(state),
            Plain::Property(function, content) => {
                function.hash(state);
                content.hash(state);
            }
            Plain::Failed(failure) => failure.message.hash(state),
        }
    }
}

/// What a variant of the whole configuration is shown as.
pub const CONFIGURATION: &str = "configuration";

/// The property of a definition whose condition does not hold.
pub(super) const OFF: &str = "mkIf false";

/// Why a value cannot be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// Nix's message.
    pub message: String,
    /// The user's text that it is from: `file:line:column`.
    pub at: Option<String>,
}

impl Failure {
    /// The failure that an error means. The error counts as caught.
    pub(crate) fn of(ev: &Evaluator, e: &Error) -> Failure {
        ev.caught(e);
        let origin = ev.origin_of(e);
        let at = ev.sources.place(origin).map(|_| ev.place_text(origin));
        Failure { message: printable(&e.data().message).into_owned(), at }
    }
}

/// How much of a value is taken.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Levels of sets and lists.
    pub depth: usize,
    /// Values in all.
    pub values: usize,
    /// Columns on which they are shown, roughly.
    pub columns: usize,
    /// Whether a value may evaluate further variants of the whole configuration.
    pub variants: bool,
}

impl Bounds {
    /// For a value that is shown in full.
    pub const FULL: Bounds = Bounds { depth: 64, values: 100_000, columns: usize::MAX, variants: true };
    /// For one of many values.
    pub const LISTED: Bounds = Bounds { variants: false, ..Bounds::FULL };
    /// For a value that is compared: all of it, unless it has no end.
    pub const COMPARED: Bounds = Bounds { depth: 1_000, values: 2_000_000, ..Bounds::LISTED };
    /// For the names in a set, or the length of a list.
    pub const OUTLINE: Bounds = Bounds { depth: 0, ..Bounds::FULL };
    /// For one of many values, of which a line is shown.
    pub const LINE: Bounds = Bounds { depth: 4, values: 64, columns: 160, variants: false };
    /// For a value that is named among others.
    pub const WORDS: Bounds = Bounds { depth: 2, values: 16, columns: 60, variants: false };
}

impl Plain {
    /// Evaluates a value deeply and takes it out of the evaluator. A part that fails is a [`Plain::Failed`] among the
    /// others. Derivations are not looked into, so no store path is computed for them.
    pub(crate) fn of(ev: &Evaluator, slot: &Slot, bounds: Bounds) -> Plain {
        Reader { ev, left: bounds, around: Vec::new(), inside: None }.slot(slot)
    }

    /// The same for the value at a path of a configuration, whose variants are not looked into.
    pub(crate) fn at(opened: &Opened<'_>, path: &[Sym], slot: &Slot, bounds: Bounds) -> Plain {
        let inside = Some(Inside { opened, path: path.to_vec(), variants: opened.variants() });
        Reader { ev: opened.ev, left: bounds, around: Vec::new(), inside }.slot(slot)
    }

    /// The failure that the whole value is.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Plain::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    /// The first part that fails.
    pub fn first_failure(&self) -> Option<&Plain> {
        match self {
            Plain::Failed(_) => Some(self),
            Plain::List(items) => items.iter().find_map(Plain::first_failure),
            Plain::Set(entries) => entries.iter().find_map(|(_, value)| value.first_failure()),
            Plain::Property(_, content) => content.first_failure(),
            _ => None,
        }
    }

    /// All parts that fail.
    pub fn failures(&self) -> Vec<&Failure> {
        match self {
            Plain::Failed(failure) => vec![failure],
            Plain::List(items) => items.iter().flat_map(Plain::failures).collect(),
            Plain::Set(entries) => entries.iter().flat_map(|(_, value)| value.failures()).collect(),
            Plain::Property(_, content) => content.failures(),
            _ => Vec::new(),
        }
    }

    /// Whether any part fails.
    pub fn has_failure(&self) -> bool {
        self.first_failure().is_some()
    }
}

/// The function that sets a priority.
pub fn override_words(priority: i64) -> String {
    match priority {
        DEFAULT => "mkDefault".to_owned(),
        FORCE => "mkForce".to_owned(),
        other => format!("mkOverride {other}"),
    }
}

/// The function that sets an order.
pub fn order_words(order: i64) -> String {
    match order {
        BEFORE => "mkBefore".to_owned(),
        AFTER => "mkAfter".to_owned(),
        other => format!("mkOrder {other}"),
    }
}

struct Reader<'a> {
    ev: &'a Evaluator,
    /// What may still be taken.
    left: Bounds,
    /// The sets and lists around the current value.
    around: Vec<Value>,
    inside: Option<Inside<'a>>,
}

/// The configuration that a value is part of.
struct Inside<'a> {
    opened: &'a Opened<'a>,
    /// The value's path.
    path: Vec<Sym>,
    /// How many variants of the configuration had been evaluated before.
    variants: usize,
}

impl Reader<'_> {
    fn slot(&mut self, slot: &Slot) -> Plain {
        let ev = self.ev;
        let Bounds { depth, values, columns, variants } = self.left;
        let started =
            || self.inside.as_ref().is_some_and(|inside| inside.opened.variants() > inside.variants);
        if values == 0
            || columns == 0
            || self.around.len() > depth
            || !variants && !ev.known(slot).is_value() && started()
        {
            return Plain::Cut;
        }
        self.left.values -= 1;
        let forced = ev.enter(Pos::NONE).and_then(|_depth| ev.force(slot));
        match forced.and_then(|v| self.value(v)) {
            Ok(plain) => plain,
            Err(e) => Plain::Failed(Failure::of(ev, &e)),
        }
    }

    fn value(&mut self, v: Value) -> Result<Plain, Error> {
        let ev = self.ev;
        let text = |v: Value| shown(ev.mem.text(v)).into_owned();
        // What stands around a value takes a few columns as well.
        self.takes(if v.is_string() { ev.mem.text(v).len() + 3 } else { 3 });
        Ok(match v.type_of() {
            Type::Null => Plain::Null,
            Type::Bool => Plain::Bool(v == Value::TRUE),
            Type::Int => Plain::Int(ev.mem.integer(v)),
            Type::Float => Plain::Float(ev.mem.real(v)),
            Type::String => Plain::String(text(v)),
            Type::Path => Plain::Path(text(v)),
            Type::Function | Type::Thunk => Plain::Function,
            Type::List | Type::Attrs if self.around.contains(&v) => Plain::Cycle,
            Type::List => {
                self.around.push(v);
                let items = ev.mem.items(v).iter().map(|item| self.slot(item)).collect();
                self.around.pop();
                Plain::List(items)
            }
            Type::Attrs => match self.closed(v)? {
                Some(plain) => plain,
                None => self.set(v)?,
            },
        })
    }

    /// A set: its attributes, or the definition that it is with the property around it.
    fn set(&mut self, v: Value) -> Result<Plain, Error> {
        let ev = self.ev;
        let number = |default| -> Result<i64, Error> {
            let found = get(ev, v, sym!("priority")).map(|slot| ev.force(slot)).transpose()?;
            Ok(found.and_then(|found| ev.mem.as_int(found)).unwrap_or(default))
        };
        let (function, content) = match property(ev, v)? {
            Property::Override => (override_words(number(DEFAULT_PRIORITY)?), get(ev, v, sym!("content"))),
            Property::Order => (order_words(number(DEFAULT_ORDER)?), get(ev, v, sym!("content"))),
            Property::Merge => ("mkMerge".to_owned(), get(ev, v, sym!("contents"))),
            Property::If => match get(ev, v, sym!("condition")).map(|slot| ev.force(slot)).transpose()? {
                // The content of a condition that does not hold is not evaluated.
                Some(Value::FALSE) => {
                    return Ok(Plain::Property(OFF.to_owned(), Box::new(Plain::Cut)));
                }
                _ => ("mkIf true".to_owned(), get(ev, v, sym!("content"))),
            },
            Property::Definition | Property::Other => (String::new(), None),
        };
        self.around.push(v);
        let plain = match content {
            Some(content) => Plain::Property(function, Box::new(self.slot(content))),
            None => {
                let entries =
                    ev.mem.entries_by_name(v).into_iter().filter(|e| !ev.makes_open(e.name, e.slot));
                Plain::Set(entries.map(|e| (ev.name(e.name), self.part(e.name, e.slot))).collect())
            }
        };
        self.around.pop();
        Ok(plain)
    }

    /// Notes that so many columns are used.
    fn takes(&mut self, columns: usize) {
        self.left.columns = self.left.columns.saturating_sub(columns);
    }

    /// An attribute.
    fn part(&mut self, name: Sym, slot: &Slot) -> Plain {
        self.takes(self.ev.mem.heap.name(name).len() + 4);
        if let Some(inside) = &mut self.inside {
            inside.path.push(name);
        }
        let plain = self.slot(slot);
        if let Some(inside) = &mut self.inside {
            inside.path.pop();
        }
        plain
    }

    /// A set that is not looked into.
    fn closed(&self, v: Value) -> Result<Option<Plain>, Error> {
        let ev = self.ev;
        let tag = |name| -> Result<Option<&[u8]>, Error> {
            let Some(slot) = ev.mem.get(v, name) else {
                return Ok(None);
            };
            let tag = ev.force(slot)?;
            Ok(tag.is_string().then(|| ev.mem.text(tag)))
        };
        if tag(sym!("type"))? == Some(b"derivation") {
            let name = tag(sym!("name"))?.map_or_else(|| "?".to_owned(), |name| shown(name).into_owned());
            return Ok(Some(Plain::Derivation(name)));
        }
        if ev.mem.get(v, sym!("__functor")).is_some() {
            return Ok(Some(Plain::Function));
        }
        if tag(sym!("_type"))? == Some(b"option") {
            return Ok(Some(Plain::Opaque("option")));
        }
        if self.inside.as_ref().is_some_and(|inside| inside.opened.is_variant(&inside.path)) {
            return Ok(Some(Plain::Opaque(CONFIGURATION)));
        }
        Ok(Whole::of(ev, v).map(|whole| {
            Plain::Opaque(match whole {
                Whole::Packages => "packages",
                Whole::Library => "library",
                Whole::Type => "type",
            })
        }))
    }
}
