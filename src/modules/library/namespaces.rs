//! The namespaces of `lib` that this folder defines.

use super::{modules, options};
use crate::eval::{Error, Evaluator, Res, suspended};
use crate::heap::{Slot, Sym};
use crate::modules::evaluation::SUBMODULE_TYPES;
use crate::modules::types::{self, made};
use crate::native::{Entry, Kind, Table, select, share};
use crate::value::{AttrsBuilder, Value, peek};

/// The tables. A namespace may have several of them.
pub(super) static TABLES: [&Table; 4] = [&types::TABLE, &SUBMODULE_TYPES, &options::TABLE, &modules::TABLE];

/// The namespace whose values are shared by all libs, as far as they do not depend on `lib`.
const TYPES: &str = "types";

/// The names of the namespaces.
pub(super) const NAMES: [&str; 3] = [TYPES, "options", "modules"];

/// The tables of a namespace, with their indices in [`TABLES`].
fn tables(namespace: &str) -> impl Iterator<Item = (usize, &'static Table)> {
    TABLES.into_iter().enumerate().filter(move |(_, table)| table.namespace == namespace)
}

/// The names in `lib.types`.
pub(super) fn types() -> impl Iterator<Item = &'static Entry> {
    tables(TYPES).flat_map(|(_, table)| table.entries)
}

/// A name in the `types` of `lib`: a type, or a function that makes types. `None` if there is no such name.
pub(super) fn lookup_type(ev: &Evaluator, lib: Value, name: &str) -> Res<Option<Value>> {
    match types().find(|entry| entry.name == name) {
        Some(entry) => Ok(Some(made(ev, entry.name, |ev| value(ev, entry, lib))?)),
        None => Ok(None),
    }
}

/// The value of an entry in a `lib`, which may be suspended.
fn value(ev: &Evaluator, entry: &'static Entry, lib: Value) -> Res<Value> {
    match &entry.kind {
        Kind::Native(builtin) => Ok(ev.builtin(builtin)),
        Kind::Function(builtin) => Ok(ev.builtin(builtin)),
        Kind::WithLib(builtin) => ev.partial(builtin, &[lib]),
        Kind::Computed(make) => make(ev),
        Kind::ComputedWithLib(make) => make(ev, ev.force_value(lib)?),
        Kind::Builtin(name) => Err(Error::eval(format!("the built-in function '{name}' is not available"))),
    }
}

suspended! {
    /// The value of each name of a table in a `lib`.
    struct Entries { lib, table } []
}

impl Entries<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let table = TABLES[peek(self.table).as_small_int() as usize];
        let entry = &table.entries[index];
        match entry.kind {
            Kind::Computed(make) if table.namespace == TYPES => made(ev, entry.name, make),
            _ => value(ev, entry, share(ev, self.lib)?),
        }
    }
}

suspended! {
    /// `lib.${namespace}.${name}`
    struct Inherited { lib, namespace, name }
}

impl Inherited<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let step = |set, name: &Slot| -> Res<Value> {
            let name: Sym = ev.mem.symbol_of(peek(name))?;
            select(ev, set, name)
        };
        step(step(ev.force(self.lib)?, self.namespace)?, self.name)
    }
}

/// Adds the namespaces, and their names that `lib` itself inherits, to a set under construction. `lib` may be
/// suspended, or a cell to be filled.
pub(super) fn add(ev: &Evaluator, set: &mut AttrsBuilder, lib: Value) -> Res<()> {
    for name in NAMES {
        let namespace = ev.intern(name)?;
        set.push(namespace, make(ev, name, lib)?);
        for entry in tables(name).flat_map(|(_, table)| table.entries).filter(|entry| entry.top) {
            let name = ev.intern(entry.name)?;
            let inherited = Inherited { lib, namespace: Value::symbol(namespace), name: Value::symbol(name) };
            set.push(name, ev.delay(inherited)?);
        }
    }
    Ok(())
}

/// A namespace whose entries refer to `lib`.
fn make(ev: &Evaluator, name: &str, lib: Value) -> Res<Value> {
    let mut set = AttrsBuilder::new();
    for (number, table) in tables(name) {
        let entries = ev.delays(Entries { lib, table: Value::number(number as i64) })?;
        for (i, entry) in table.entries.iter().enumerate() {
            let value = match &entry.kind {
                Kind::Native(builtin) => ev.builtin(builtin),
                Kind::Function(builtin) => ev.builtin(builtin),
                _ => Value::native(i, entries),
            };
            set.push(ev.intern(entry.name)?, value);
        }
    }
    Ok(ev.mem.attrs(set)?)
}
