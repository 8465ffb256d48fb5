//! Values without their evaluator: what is compared, printed and stored of an option's value.

use crate::builtins::Whole;
use crate::eval::{Error, Evaluator};
use crate::heap::Slot;
use crate::host::{printable, shown};
use crate::source::Pos;
use crate::value::{Entry, Type, Value};

/// A value, as far as it can be shown.
#[derive(Debug, Clone, PartialEq)]
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
    /// A set or list that contains itself, or the part behind a limit.
    Cut,
    /// Its evaluation fails.
    Failed(Failure),
}

/// Why a value cannot be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Nix's message.
    pub message: String,
    /// Where it happened, `file:line:column`, or where the innermost line of the trace points.
    pub at: Option<String>,
}

impl Failure {
    /// The failure that an error means.
    pub fn of(ev: &Evaluator, e: &Error) -> Failure {
        let data = e.data();
        let traced = data.traces.iter().map(|line| line.pos).find(|pos| pos.is_some());
        let pos = if data.pos.is_some() { data.pos } else { traced.unwrap_or(Pos::NONE) };
        Failure {
            message: printable(&data.message).into_owned(),
            at: ev.sources.place(pos).map(|_| ev.place_text(pos)),
        }
    }
}

/// How much of a value is taken.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Levels of sets and lists.
    pub depth: usize,
    /// Values in all.
    pub values: usize,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds { depth: 64, values: 100_000 }
    }
}

impl Plain {
    /// Evaluates a value deeply and takes it out of the evaluator. A part that fails is a [`Plain::Failed`] among the
    /// others. Derivations are not looked into, so no store path is computed for them.
    pub fn of(ev: &Evaluator, slot: &Slot, bounds: Bounds) -> Plain {
        Reader { ev, bounds, left: bounds.values, around: Vec::new() }.slot(slot)
    }

    /// Whether any part fails.
    pub fn has_failure(&self) -> bool {
        match self {
            Plain::Failed(_) => true,
            Plain::List(items) => items.iter().any(Plain::has_failure),
            Plain::Set(entries) => entries.iter().any(|(_, value)| value.has_failure()),
            _ => false,
        }
    }
}

struct Reader<'a> {
    ev: &'a Evaluator,
    bounds: Bounds,
    left: usize,
    /// The sets and lists around the current value.
    around: Vec<Value>,
}

impl Reader<'_> {
    fn slot(&mut self, slot: &Slot) -> Plain {
        let ev = self.ev;
        if self.left == 0 || self.around.len() > self.bounds.depth {
            return Plain::Cut;
        }
        self.left -= 1;
        let forced = ev.enter(Pos::NONE).and_then(|_depth| ev.force(slot));
        match forced.and_then(|v| self.value(v)) {
            Ok(plain) => plain,
            Err(e) => {
                ev.caught(&e);
                Plain::Failed(Failure::of(ev, &e))
            }
        }
    }

    fn value(&mut self, v: Value) -> Result<Plain, Error> {
        let ev = self.ev;
        let text = |v: Value| shown(ev.mem.text(v)).into_owned();
        Ok(match v.type_of() {
            Type::Null => Plain::Null,
            Type::Bool => Plain::Bool(v == Value::TRUE),
            Type::Int => Plain::Int(ev.mem.integer(v)),
            Type::Float => Plain::Float(ev.mem.real(v)),
            Type::String => Plain::String(text(v)),
            Type::Path => Plain::Path(text(v)),
            Type::Function | Type::Thunk => Plain::Function,
            Type::List | Type::Attrs if self.around.contains(&v) => Plain::Cut,
            Type::List => {
                self.around.push(v);
                let items = ev.mem.items(v).iter().map(|item| self.slot(item)).collect();
                self.around.pop();
                Plain::List(items)
            }
            Type::Attrs => match self.closed(v)? {
                Some(plain) => plain,
                None => {
                    self.around.push(v);
                    let mut entries = Vec::new();
                    for Entry { name, slot, .. } in ev.mem.entries_by_name(v) {
                        if !ev.makes_open(name, slot) {
                            entries.push((ev.name(name), self.slot(slot)));
                        }
                    }
                    self.around.pop();
                    Plain::Set(entries)
                }
            },
        })
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
        if tag(sym!("_type"))? == Some(b"option") {
            return Ok(Some(Plain::Opaque("option")));
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
