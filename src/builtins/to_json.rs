//! Values as JSON text: `builtins.toJSON` and `--json`.

use std::io::Write as _;

use super::json::{write_float, write_string};
use crate::eval::{Coerce, Error, Evaluator, Res, type_name};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::{Context, ContextSum, Type, Value, peek};

/// A value as JSON on one line, with sorted keys. `strict` says whether thunks inside are forced; otherwise they are
/// an error. Paths are copied to the store.
pub fn to_json(ev: &Evaluator, value: &Slot, strict: bool) -> Res<Vec<u8>> {
    to_json_with_context(ev, value, strict, ev.natural_pos(peek(value))).map(|(text, _)| text)
}

/// A value as JSON, as `nix eval --json` prints it: everything is forced, and paths stay where they are.
pub fn to_json_in_place(ev: &Evaluator, value: &Slot) -> Res<Vec<u8>> {
    json(ev, value, true, Pos::NONE, false).map(|(text, _)| text)
}

/// Like [`to_json`], with the context of all strings in the value.
pub fn to_json_with_context(ev: &Evaluator, value: &Slot, strict: bool, pos: Pos) -> Res<(Vec<u8>, Context)> {
    json(ev, value, strict, pos, true)
}

fn json(ev: &Evaluator, value: &Slot, strict: bool, pos: Pos, copy: bool) -> Res<(Vec<u8>, Context)> {
    let (out, context, around) = (Vec::new(), ContextSum::default(), Vec::new());
    let path = Vec::new();
    let mut writer = Writer { ev, strict, out, context, recover: None, invalid: None, around, path };
    writer.slot(value, pos, copy)?;
    match writer.invalid {
        Some(e) => Err(e),
        None => Ok((writer.out, ev.mem.contexts.union_all(writer.context))),
    }
}

/// Returns the replacement for a value without a JSON form, given the problem, the value's position, and the names
/// and indices that lead to it; or returns the error.
pub type Recover<'a> = &'a mut dyn FnMut(Problem<'_>, Pos, &[Value]) -> Res<Vec<u8>>;

/// Why a value has no JSON form.
pub enum Problem<'a> {
    /// Its evaluation failed.
    Error(&'a Error),
    /// It is a function.
    Function(Value),
    /// It is a set or list that contains it, this many levels further up.
    Cycle(usize),
    /// It is nested deeply in similar values, each created anew; the last one is this many levels further up.
    Endless(usize),
    /// It is something large that is not meant to be printed.
    Whole(Whole),
}

/// Large or infinite values that modules pass around.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// A package set.
    Packages,
    /// A library.
    Library,
    /// The type of an option.
    Type,
}

/// A set with all of these attributes is of that kind.
const WHOLE: [(Whole, &[&str]); 2] = [
    (Whole::Packages, &["callPackage", "lib", "stdenv"]),
    (Whole::Library, &["evalModules", "mkOption", "types"]),
];
/// Package sets and libraries have at least this many attributes.
const WHOLE_FROM: usize = 32;

impl Whole {
    /// Whether a forced value is a package set, a library or a type.
    pub fn of(ev: &Evaluator, v: Value) -> Option<Whole> {
        let mem = &ev.mem;
        if !v.is_attrs() {
            return None;
        }
        if let Some(tag) = mem.get(v, sym!("_type"))
            && let Ok(tag) = ev.force(tag)
            && mem.text(tag) == b"option-type"
        {
            return Some(Whole::Type);
        }
        if mem.attrs_bound(v) < WHOLE_FROM {
            return None;
        }
        let has =
            |name: &&str| mem.heap.interned(name.as_bytes()).is_some_and(|name| mem.get(v, name).is_some());
        WHOLE.iter().find(|(_, names)| names.iter().all(has)).map(|(kind, _)| *kind)
    }
}

/// Values nested less deeply are always written.
const DEEP: usize = 32;
/// How often the same two names must occur on the path to a value before it counts as infinite.
const OFTEN: usize = 8;

/// Appends a value as JSON to `out`, in which `recover` fills the gaps: everything is forced, and a failure does not
/// prevent the rest from being printed.
pub fn to_json_with_gaps(
    ev: &Evaluator,
    value: &Slot,
    pos: Pos,
    out: &mut Vec<u8>,
    recover: Recover<'_>,
) -> Res<()> {
    let (taken, context, around) = (std::mem::take(out), ContextSum::default(), Vec::new());
    let mut writer = Writer {
        ev,
        strict: true,
        out: taken,
        context,
        recover: Some(recover),
        invalid: None,
        around,
        path: Vec::new(),
    };
    let result = writer.slot(value, pos, true);
    *out = writer.out;
    result
}

struct Writer<'a> {
    ev: &'a Evaluator,
    strict: bool,
    out: Vec<u8>,
    context: ContextSum,
    recover: Option<Recover<'a>>,
    /// The error of the first string that is not UTF-8.
    invalid: Option<Error>,
    /// The sets and lists around the current value, where cycles must be detected.
    around: Vec<Value>,
    /// The names and indices that lead to the current value, where gaps are filled.
    path: Vec<Value>,
}

impl Writer<'_> {
    fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn slot(&mut self, slot: &Slot, pos: Pos, copy: bool) -> Res<()> {
        let before = self.out.len();
        let _depth = self.ev.enter(pos)?;
        let forced = if self.strict { self.ev.force_at(slot, pos) } else { Ok(self.ev.known(slot)) };
        let result = match forced {
            Ok(v) if v.type_of() == Type::Function => match &mut self.recover {
                Some(recover) => {
                    let marker = recover(Problem::Function(v), pos, &self.path)?;
                    self.out.extend(marker);
                    return Ok(());
                }
                None => self.value(v, pos, copy),
            },
            forced => forced.and_then(|v| self.value(v, pos, copy)),
        };
        match (result, &mut self.recover) {
            (Err(e), Some(recover)) => {
                self.ev.caught(&e);
                let marker = recover(Problem::Error(&e), pos, &self.path)?;
                self.out.truncate(before);
                self.out.extend(marker);
                Ok(())
            }
            (result, _) => result,
        }
    }

    fn value(&mut self, v: Value, pos: Pos, copy: bool) -> Res<()> {
        let ev = self.ev;
        match v.type_of() {
            // Writing to memory cannot fail.
            Type::Int => drop(write!(self.out, "{}", ev.mem.integer(v))),
            Type::Float => write_float(&mut self.out, ev.mem.real(v)),
            Type::Bool => self.put(if v == Value::TRUE { "true" } else { "false" }),
            Type::Null => self.put("null"),
            Type::String => self.string(v)?,
            Type::Path if copy => {
                let copied = ev.copy_to_store(v)?;
                self.string(copied)?;
            }
            Type::Path => self.string(v)?,
            Type::List | Type::Attrs => {
                if self.recover.is_some() {
                    if let Some(at) = self.around.iter().rposition(|outer| *outer == v) {
                        return self.gap(Problem::Cycle(self.around.len() - at), pos);
                    }
                    if let Some(kind) = Whole::of(ev, v) {
                        return self.gap(Problem::Whole(kind), pos);
                    }
                    if let Some(levels) = self.repeats() {
                        return self.gap(Problem::Endless(levels), pos);
                    }
                    self.around.push(v);
                }
                let result = match v.is_list() {
                    true => self.list(v, pos, copy),
                    false => self.set(v, pos, copy),
                };
                self.around.pop();
                result?;
            }
            Type::Function | Type::Thunk => {
                let what = type_name(ev, v);
                let natural = ev.natural_pos(v);
                let pos = if natural.is_some() { natural } else { pos };
                let (function, held) = ev.underlying_function(v);
                let at = ev.function_pos(function, held);
                let at = if at.is_some() { at } else { pos };
                return Err(Error::type_error(format!("cannot convert {what} to JSON")).at(at));
            }
        }
        Ok(())
    }

    fn gap(&mut self, problem: Problem<'_>, pos: Pos) -> Res<()> {
        if let Some(recover) = &mut self.recover {
            let marker = recover(problem, pos, &self.path)?;
            self.out.extend(marker);
        }
        Ok(())
    }

    /// If the path to the current value repeats the same two names many times, how many levels further up it did so
    /// last. A configuration that contains a variant of itself, which again contains one, is infinite.
    fn repeats(&self) -> Option<usize> {
        let last = self.path.last_chunk::<2>().filter(|_| self.path.len() >= DEEP)?;
        let same = |(_, pair): &(usize, &[Value])| pair == last;
        let levels: Vec<usize> =
            self.path.windows(2).rev().enumerate().filter(same).map(|(i, _)| i).take(OFTEN).collect();
        (levels.len() == OFTEN).then(|| levels[1])
    }

    fn string(&mut self, v: Value) -> Res<()> {
        let ev = self.ev;
        self.context.add(ev.mem.context(v));
        self.quote(ev.mem.text(v))
    }

    /// Appends a string. One that is not UTF-8 is reported only after everything has been evaluated, as in Nix.
    fn quote(&mut self, text: &[u8]) -> Res<()> {
        match quote_json(&mut self.out, text) {
            Err(e) if self.recover.is_none() => {
                self.invalid.get_or_insert(e);
                Ok(())
            }
            result => result,
        }
    }

    /// Appends a value inside another.
    fn step(&mut self, name: Value, slot: &Slot, pos: Pos, copy: bool) -> Res<()> {
        if self.recover.is_none() {
            return self.slot(slot, pos, copy);
        }
        self.path.push(name);
        let result = self.slot(slot, pos, copy);
        self.path.pop();
        result
    }

    fn list(&mut self, v: Value, pos: Pos, copy: bool) -> Res<()> {
        self.put("[");
        for (i, item) in self.ev.mem.items(v).iter().enumerate() {
            if i > 0 {
                self.put(",");
            }
            self.step(Value::number(i as i64), item, pos, copy)
                .map_err(|e| e.trace(pos, format!("while evaluating list element at index {i}")))?;
        }
        self.put("]");
        Ok(())
    }

    fn set(&mut self, v: Value, pos: Pos, copy: bool) -> Res<()> {
        let ev = self.ev;
        if let Some(method) = ev.mem.get(v, sym!("__toString")) {
            let made = ev.call(ev.force_at(method, pos)?, &[v], pos)?;
            let doing = "while evaluating the result of the `__toString` attribute";
            let text = ev.coerce_value(made, pos, Coerce::PLAIN, doing)?;
            return self.string(text);
        }
        if let Some(out) = ev.mem.get_entry(v, sym!("outPath")) {
            return self.slot(out.slot, out.pos, copy);
        }
        self.put("{");
        let entries = ev.mem.entries_by_name(v);
        for (i, entry) in entries.iter().filter(|e| !ev.makes_open(e.name, e.slot)).enumerate() {
            if i > 0 {
                self.put(",");
            }
            self.quote(ev.mem.heap.name(entry.name))?;
            self.put(":");
            self.step(Value::symbol(entry.name), entry.slot, entry.pos, copy).map_err(|e| {
                e.trace(entry.pos, format!("while evaluating attribute '{}'", ev.quoted(entry.name)))
            })?;
        }
        self.put("}");
        Ok(())
    }
}

/// Appends a JSON string.
///
/// # Errors
/// When the text is not UTF-8.
pub fn quote_json(out: &mut Vec<u8>, text: &[u8]) -> Res<()> {
    write_string(out, text).map_err(|e| Error::eval(format!("JSON serialization error: {e}")))
}
