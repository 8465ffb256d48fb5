//! Puts the set `lib` together from the tables.
//!
//! `lib` is a fixed point, so that it can be extended: the names at the top that come from a namespace follow the
//! namespace of the extended `lib`. Functions themselves do not: they call each other directly, not through `lib`.

use std::cell::{Cell, RefCell};

use hashbrown::HashMap;

use crate::builtins;
use crate::eval::{Error, Evaluator, Lazy, Res};
use crate::heap::Sym;
use crate::native::{Entry, Kind, Table, cell};
use crate::source::Pos;
use crate::value::{AttrsBuilder, Value};

/// What has been put together in an evaluation.
#[derive(Default)]
struct Library {
    /// The entries that are computed, by number.
    computed: RefCell<Vec<&'static Entry>>,
    /// What `lib` itself contains.
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

/// The names of these tables as they are in `this`, an extended `lib` (suspended, or a cell).
///
/// # Errors
/// When the heap is full.
pub fn assemble_in(ev: &Evaluator, tables: &[&'static Table], this: Value) -> Res<Value> {
    assemble(ev, tables)?;
    let library = ev.extension::<Library>();
    let tops = library.tops.borrow();
    let mut set = AttrsBuilder::with_capacity(tops.len());
    let object = ev.delays_raw(&REEXPORT, &[this])?;
    for (i, top) in tops.iter().enumerate() {
        let value = if top.from.is_empty() { top.value } else { Value::native(i, object) };
        set.push(top.name, value);
    }
    Ok(ev.mem.shaped(set)?)
}

/// A name of an extended `lib`: what the extended namespace has.
static REEXPORT: Lazy = Lazy {
    name: "lib.inherit",
    run: |ev, captures, index| {
        let library = ev.extension::<Library>();
        let (name, from) = match library.tops.borrow().get(index) {
            Some(top) => (top.name, top.from.clone()),
            None => return Ok(Value::NULL),
        };
        let mut set = ev.force(&captures[0])?;
        for step in from {
            set = ev.force(ev.attribute(set, step, Pos::NONE)?)?;
        }
        ev.force(ev.attribute(set, name, Pos::NONE)?)
    },
};

static COMPUTED: Lazy = Lazy {
    name: "lib.computed",
    run: |ev, _, index| {
        let entry = ev.extension::<Library>().computed.borrow().get(index).copied();
        match entry.map(|e| &e.kind) {
            Some(Kind::Computed(run)) => run(ev),
            Some(Kind::Builtin(name)) => {
                Err(Error::eval(format!("the built-in function '{name}' is not available")))
            }
            _ => Ok(Value::NULL),
        }
    },
};

/// The set `lib` of these tables; made once in an evaluation, later calls give the same set.
///
/// # Errors
/// When the heap is full.
pub fn assemble(ev: &Evaluator, tables: &[&'static Table]) -> Res<Value> {
    let library = ev.extension::<Library>();
    if let Some(lib) = library.lib.get() {
        return Ok(lib);
    }
    let mut namespaces: HashMap<&'static str, AttrsBuilder> = HashMap::new();
    let mut tops = Vec::new();
    let object = ev.delays_raw(&COMPUTED, &[])?;
    for table in tables {
        let path: Vec<Sym> = names_of(table.namespace).map(|n| ev.intern(n)).collect::<Result<_, _>>()?;
        for entry in table.entries {
            let (name, value) = (ev.intern(entry.name)?, value_of(ev, &library, entry, object)?);
            if entry.top || path.is_empty() {
                tops.push(Top { name, value, from: path.clone() });
            }
            if !path.is_empty() {
                namespaces.entry(table.namespace).or_default().push(name, value);
            }
        }
    }
    // The innermost first, so that a namespace is complete when it goes into the one around it.
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

fn value_of(
    ev: &Evaluator,
    library: &Library,
    entry: &'static Entry,
    object: crate::heap::Ref,
) -> Res<Value> {
    if let Some(builtin) = entry.builtin() {
        return Ok(ev.builtin(builtin));
    }
    match &entry.kind {
        Kind::Builtin(name) => {
            if let Some(builtin) = builtins::find(name) {
                return Ok(ev.builtin(builtin));
            }
        }
        _ => {}
    }
    let mut computed = library.computed.borrow_mut();
    computed.push(entry);
    // In a cell of its own: the namespace and `lib` itself share it.
    cell(ev, Value::native(computed.len() - 1, object))
}
