//! Assembles the set `lib` from the tables.
//!
//! `lib` is a fixed point and so can be extended: top-level names that come from a namespace follow the namespace of
//! the extended `lib`. The functions themselves do not: they call each other directly, not through `lib`.

use std::cell::{Cell, RefCell};

use hashbrown::HashMap;

use crate::builtins;
use crate::eval::{Error, Evaluator, Res, suspended};
use crate::heap::{Slot, Sym};
use crate::native::{Kind, Table, cell};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value, peek};

/// What an evaluation has assembled.
#[derive(Default)]
struct Library {
    /// The tables it is assembled from.
    tables: Cell<&'static [&'static Table]>,
    /// The names in `lib` itself.
    tops: RefCell<Vec<Top>>,
    lib: Cell<Option<Value>>,
}

/// A name in `lib` itself.
struct Top {
    name: Sym,
    value: Value,
    /// The namespace it comes from, if any.
    from: Vec<Sym>,
}

/// The names of these tables in `this`, an extended `lib` (a suspension or a cell).
pub fn assemble_in(ev: &Evaluator, tables: &'static [&'static Table], this: Value) -> Res<Value> {
    assemble(ev, tables)?;
    let library = ev.extension::<Library>();
    let tops = library.tops.borrow();
    let mut set = AttrsBuilder::with_capacity(tops.len());
    let object = ev.delays(Inherited { lib: this })?;
    for (i, top) in tops.iter().enumerate() {
        let value = if top.from.is_empty() { top.value } else { Value::native(i, object) };
        set.push(top.name, value);
    }
    Ok(ev.mem.shaped(set)?)
}

suspended! {
    /// A name of an extended `lib` that is taken from its namespace, by the index of the name.
    struct Inherited { lib } []
}

impl Inherited<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let library = ev.extension::<Library>();
        let (name, from) = match library.tops.borrow().get(index) {
            Some(top) => (top.name, top.from.clone()),
            None => return Ok(Value::NULL),
        };
        let mut set = ev.force(self.lib)?;
        for step in from {
            set = ev.force(ev.attribute(set, step, Pos::NONE)?)?;
        }
        ev.force(ev.attribute(set, name, Pos::NONE)?)
    }
}

suspended! {
    /// The entries of a table, by index; the table is an index as well.
    struct Computed { table } []
}

impl Computed<&Slot> {
    fn element(self, ev: &Evaluator, index: usize) -> Res<Value> {
        let table = ev.extension::<Library>().tables.get()[peek(self.table).as_small_int() as usize];
        match &table.entries[index].kind {
            Kind::Computed(run) => run(ev),
            Kind::Builtin(name) => {
                Err(Error::eval(format!("the built-in function '{name}' is not available")))
            }
            _ => Err(Error::eval("a name of another namespace")),
        }
    }
}

/// `lib`, once it is assembled.
pub(super) fn lib(ev: &Evaluator) -> Res<Value> {
    ev.extension::<Library>().lib.get().ok_or_else(|| Error::eval("there is no lib"))
}

/// The set `lib` of these tables. It is built once per evaluation; later calls return the same set.
pub fn assemble(ev: &Evaluator, tables: &'static [&'static Table]) -> Res<Value> {
    let library = ev.extension::<Library>();
    if let Some(lib) = library.lib.get() {
        return Ok(lib);
    }
    let mut namespaces: HashMap<&'static str, AttrsBuilder> = HashMap::new();
    let mut tops = Vec::new();
    library.tables.set(tables);
    for (number, table) in tables.iter().enumerate() {
        let computed = ev.delays(Computed { table: ev.mem.int(number as i64)? })?;
        let path: Vec<Sym> = names_of(table.namespace).map(|n| ev.intern(n)).collect::<Result<_, _>>()?;
        for (index, entry) in table.entries.iter().enumerate() {
            // In its own cell, because the namespace and `lib` itself share it.
            let value =
                ready(ev, &entry.kind).map_or_else(|| cell(ev, Value::native(index, computed)), Ok)?;
            let name = ev.intern(entry.name)?;
            if entry.top || path.is_empty() {
                tops.push(Top { name, value, from: path.clone() });
            }
            if !path.is_empty() {
                namespaces.entry(table.namespace).or_default().push(name, value);
            }
        }
    }
    // The innermost first, so that a namespace is complete when its parent takes it.
    while let Some(namespace) = namespaces.keys().copied().max_by_key(|n| names_of(n).count()) {
        let value = ev.mem.shaped(namespaces.remove(namespace).unwrap_or_default())?;
        match namespace.rsplit_once('.') {
            Some((outer, name)) => namespaces.entry(outer).or_default().push(ev.intern(name)?, value),
            None => tops.push(Top { name: ev.intern(namespace)?, value, from: Vec::new() }),
        }
    }
    let mut lib = AttrsBuilder::with_capacity(tops.len());
    for top in &tops {
        lib.push(top.name, top.value);
    }
    let lib = ev.mem.shaped(lib)?;
    library.tops.replace(tops);
    library.lib.set(Some(lib));
    Ok(lib)
}

fn names_of(namespace: &'static str) -> impl Iterator<Item = &'static str> {
    namespace.split('.').filter(|n| !n.is_empty())
}

/// The value of a name, if it need not be computed.
fn ready(ev: &Evaluator, kind: &'static Kind) -> Option<Value> {
    match kind {
        Kind::Native(builtin) => Some(ev.builtin(builtin)),
        Kind::Builtin(name) => builtins::find(name).map(|builtin| ev.builtin(builtin)),
        _ => None,
    }
}
