//! The namespaces of `lib` that this folder has.

use super::{modules, options};
use crate::eval::{Error, Evaluator, Res, suspended};
use crate::heap::{Slot, Sym};
use crate::modules::types;
use crate::native::{Kind, Table, select, share};
use crate::value::{AttrsBuilder, Value, peek};

/// The tables.
pub(super) static TABLES: [&Table; 3] = [&types::TABLE, &options::TABLE, &modules::TABLE];

/// The names of the namespaces.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|table| table.namespace)
}

suspended! {
    /// What each name of a table stands for in a `lib`.
    struct Entries["lib.entry"] { lib, table } []
}

impl Entries<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let table = TABLES[peek(self.table).as_small_int() as usize];
        let entry = &table.entries[index];
        match &entry.kind {
            Kind::Native(builtin) => Ok(ev.builtin(builtin)),
            Kind::Function(builtin) => Ok(ev.builtin(builtin)),
            Kind::WithLib(builtin) => ev.partial(builtin, &[share(ev, self.lib)?]),
            // Types that do not depend on `lib` are the same in every `lib`.
            Kind::Computed(_) if table.namespace == "types" => types::named(ev, entry.name),
            Kind::Computed(make) => make(ev),
            Kind::ComputedWithLib(make) => make(ev, ev.force(self.lib)?),
            Kind::Builtin(name) => {
                Err(Error::eval(format!("the built-in function '{name}' is not available")))
            }
        }
    }
}

suspended! {
    /// `lib.${namespace}.${name}`
    struct Inherited["lib.inherit"] { lib, namespace, name }
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

/// Adds the namespaces, and what of them is in `lib` itself, to a set under construction. `lib` may be suspended, or a
/// cell to be filled.
pub(super) fn add(ev: &Evaluator, set: &mut AttrsBuilder, lib: Value) -> Res<()> {
    for (number, table) in TABLES.iter().enumerate() {
        let namespace = ev.intern(table.namespace)?;
        set.push(namespace, make(ev, number, table, lib)?);
        for entry in table.entries.iter().filter(|entry| entry.top) {
            let name = ev.intern(entry.name)?;
            let inherited = Inherited { lib, namespace: Value::symbol(namespace), name: Value::symbol(name) };
            set.push(name, ev.delay(inherited)?);
        }
    }
    Ok(())
}

/// A namespace, whose entries see `lib`.
fn make(ev: &Evaluator, number: usize, table: &'static Table, lib: Value) -> Res<Value> {
    let entries = ev.delays(Entries { lib, table: Value::number(number as i64) })?;
    let mut set = AttrsBuilder::with_capacity(table.entries.len());
    for (i, entry) in table.entries.iter().enumerate() {
        let value = match &entry.kind {
            Kind::Native(builtin) => ev.builtin(builtin),
            Kind::Function(builtin) => ev.builtin(builtin),
            _ => Value::native(i, entries),
        };
        set.push(ev.intern(entry.name)?, value);
    }
    Ok(ev.mem.attrs(set)?)
}
