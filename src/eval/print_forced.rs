//! Prints values as `nix eval` does: everything inside is evaluated, and errors there are shown in place.

use hashbrown::HashSet;

use super::print::{PrintOptions, print_value};
use super::{Coerce, Evaluator, Res};
use crate::host::bytes_of;
use crate::source::Pos;
use crate::syntax::show_name;
use crate::value::{Type, Value};

/// A value as `nix eval` prints it: derivations by their paths, and a set or list that occurs a second time is
/// `«repeated»`.
///
/// # Errors
/// When the value is nested deeper than `max-call-depth`.
pub fn print_forced(ev: &Evaluator, v: Value) -> Res<Vec<u8>> {
    let mut printer = Forced { ev, out: Vec::new(), seen: HashSet::new() };
    printer.value(v, 0)?;
    Ok(printer.out)
}

struct Forced<'a> {
    ev: &'a Evaluator,
    out: Vec<u8>,
    seen: HashSet<u64>,
}

impl Forced<'_> {
    fn put(&mut self, text: &str) {
        self.out.extend_from_slice(&bytes_of(text));
    }

    fn slot(&mut self, slot: &crate::heap::Slot, depth: usize) -> Res<()> {
        match self.ev.force(slot) {
            Ok(v) => self.value(v, depth),
            Err(e) => {
                self.ev.caught(&e);
                self.put(&format!("«error: {}»", e.data().message));
                Ok(())
            }
        }
    }

    fn value(&mut self, v: Value, depth: usize) -> Res<()> {
        let ev = self.ev;
        if depth > ev.settings.max_call_depth {
            return Err(ev.too_deep(depth).at(Pos::NONE));
        }
        match v.type_of() {
            Type::Attrs => return self.set(v, depth),
            Type::List => return self.list(v, depth),
            Type::Thunk => return self.slot(&crate::value::slot(v), depth),
            _ => self.put(&print_value(ev, v, &PrintOptions::ALL)),
        }
        Ok(())
    }

    fn set(&mut self, v: Value, depth: usize) -> Res<()> {
        let ev = self.ev;
        if !self.seen.insert(v.bits()) {
            self.put("«repeated»");
            return Ok(());
        }
        if let Some(path) = self.derivation(v) {
            self.put(&format!("«derivation {path}»"));
            return Ok(());
        }
        self.put("{ ");
        for entry in ev.mem.entries_by_name(v) {
            self.out.extend(show_name(ev.mem.heap.name(entry.name)));
            self.put(" = ");
            self.slot(entry.slot, depth + 1)?;
            self.put("; ");
        }
        self.put("}");
        Ok(())
    }

    /// The path of a derivation, or the error in its place.
    fn derivation(&self, v: Value) -> Option<String> {
        let ev = self.ev;
        let kind = ev.force(ev.mem.get(v, sym!("type"))?).ok()?;
        if kind.type_of() != Type::String || ev.mem.text(kind) != b"derivation" {
            return None;
        }
        let path = ev.mem.get(v, sym!("drvPath"))?;
        Some(
            match ev.coerce(path, Pos::NONE, Coerce::PLAIN, "while evaluating the drvPath of a derivation") {
                Ok(text) => String::from_utf8_lossy(ev.mem.text(text)).into_owned(),
                Err(e) => {
                    ev.caught(&e);
                    format!("«error: {}»", e.data().message)
                }
            },
        )
    }

    fn list(&mut self, v: Value, depth: usize) -> Res<()> {
        if v.list_len() > 0 && !self.seen.insert(v.bits()) {
            self.put("«repeated»");
            return Ok(());
        }
        self.put("[ ");
        for item in self.ev.mem.items(v) {
            self.slot(item, depth + 1)?;
            self.put(" ");
        }
        self.put("]");
        Ok(())
    }
}
