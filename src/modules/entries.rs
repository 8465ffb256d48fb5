//! How the tables of this folder describe what they add to `lib`.

use crate::eval::{Builtin, Evaluator, Lazy, Res};
use crate::value::{AttrsBuilder, Value};

/// A name in a namespace of `lib`.
pub(super) struct Entry {
    pub(super) name: &'static str,
    /// Whether it is also in `lib` itself.
    pub(super) top: bool,
    pub(super) kind: Kind,
}

/// What a name stands for.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// A function.
    Function(&'static Builtin),
    /// A function whose first argument is `lib`: the one that modules will get.
    WithLib(&'static Builtin),
    /// A value, computed when it is first looked at.
    Computed(fn(&Evaluator) -> Res<Value>),
    /// A value that depends on `lib`.
    ComputedWithLib(fn(&Evaluator, Value) -> Res<Value>),
}

impl Entry {
    /// A function.
    pub(super) const fn function(name: &'static str, builtin: &'static Builtin) -> Entry {
        Entry { name, top: false, kind: Kind::Function(builtin) }
    }

    /// A function whose first argument is `lib`.
    pub(super) const fn with_lib(name: &'static str, builtin: &'static Builtin) -> Entry {
        Entry { name, top: false, kind: Kind::WithLib(builtin) }
    }

    /// A computed value.
    pub(super) const fn computed(name: &'static str, make: fn(&Evaluator) -> Res<Value>) -> Entry {
        Entry { name, top: false, kind: Kind::Computed(make) }
    }

    /// A computed value that depends on `lib`.
    pub(super) const fn computed_with_lib(
        name: &'static str,
        make: fn(&Evaluator, Value) -> Res<Value>,
    ) -> Entry {
        Entry { name, top: false, kind: Kind::ComputedWithLib(make) }
    }

    /// The same, also in `lib` itself.
    pub(super) const fn top(mut self) -> Entry {
        self.top = true;
        self
    }
}

/// The tables, so that suspensions can refer to their entries by number.
static TABLES: [&[Entry]; 3] = [super::types::TABLE, super::options::TABLE, super::table::TABLE];

/// The names of the namespaces in [`TABLES`].
pub(super) const NAMESPACES: [&str; 3] = ["types", "options", "modules"];

/// Numbers of entries of a table are below this one.
const PER_TABLE: usize = 1 << 10;

static ENTRY: Lazy = Lazy {
    name: "lib.entry",
    run: |ev, captures, index| {
        let entry = &TABLES[index / PER_TABLE][index % PER_TABLE];
        // Types that do not depend on `lib` are the same in every `lib`.
        match entry.kind {
            Kind::Computed(_) if index < PER_TABLE => super::types::named(ev, entry.name),
            Kind::Computed(make) => make(ev),
            Kind::Function(builtin) => Ok(ev.builtin(builtin)),
            Kind::WithLib(builtin) => ev.partial(builtin, &[ev.mem.share(&captures[0])?]),
            Kind::ComputedWithLib(make) => make(ev, ev.force(&captures[0])?),
        }
    },
};

/// The namespace and the name of a function.
pub(super) fn place_of(builtin: &'static Builtin) -> Option<[&'static str; 2]> {
    TABLES.iter().zip(NAMESPACES).find_map(|(table, space)| {
        let is = |entry: &&Entry| match entry.kind {
            Kind::Function(own) | Kind::WithLib(own) => std::ptr::eq(own, builtin),
            _ => false,
        };
        Some([space, table.iter().find(is)?.name])
    })
}

/// The namespace with this number, whose entries see `lib` (which may be suspended, or a cell to be filled).
pub(super) fn namespace(ev: &Evaluator, number: usize, lib: Value) -> Res<Value> {
    let behind = ev.delays_raw(&ENTRY, &[lib])?;
    let mut set = AttrsBuilder::with_capacity(TABLES[number].len());
    for (i, entry) in TABLES[number].iter().enumerate() {
        let value = match entry.kind {
            Kind::Function(builtin) => ev.builtin(builtin),
            _ => Value::native(number * PER_TABLE + i, behind),
        };
        set.push(ev.intern(entry.name)?, value);
    }
    Ok(ev.mem.attrs(set)?)
}

/// The names of a namespace that are also in `lib` itself.
pub(super) fn top_names(number: usize) -> impl Iterator<Item = &'static str> {
    TABLES[number].iter().filter(|e| e.top).map(|e| e.name)
}
