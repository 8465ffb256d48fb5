//! The NixOS module system, natively: `lib.evalModules`, `lib.types`, `lib.options` and `lib.modules` of nixpkgs 26.11.
//!
//! ```text
//!     load, module_args ─ collect ─ tree ─ declare ─ option_value ─ definitions ─ types/
//!     one module          all of    levels  what is    an option's    conditions,   what definitions
//!                         them      of names declared   attributes     priorities    become
//! ```
//!
//! Everything is as lazy as in nixpkgs: an evaluation, a level of options and the merge of an option's definitions are
//! objects on the heap whose fields are suspended, and options see each other through them.

mod collect;
mod conditionals;
mod declare;
mod definitions;
mod docs;
mod entries;
mod evaluate;
mod helpers;
mod internal;
mod load;
mod merging;
mod messages;
mod module_args;
mod option_value;
mod options;
mod pretty;
mod priorities;
mod provenance;
mod renames;
mod show;
mod support;
mod table;
mod tree;
mod types;
mod undeclared;

use std::cell::Cell;

pub use provenance::{Definition, Fate, Provenance};

use crate::eval::{Evaluator, Lazy, Res};
use crate::heap::Sym;
use crate::value::{AttrsBuilder, Value, peek, put};

/// The native library of an evaluation, once it has been made.
#[derive(Default)]
struct Library {
    lib: Cell<Option<Value>>,
}

/// nixpkgs' `lib`, natively; the same set each time.
///
/// # Errors
/// When the heap is full.
pub fn native_lib(ev: &Evaluator) -> Res<Value> {
    let library = ev.extension::<Library>();
    if let Some(lib) = library.lib.get() {
        return Ok(lib);
    }
    let (at, cells) = ev.mem.alloc(1)?;
    let lib = with_modules(ev, crate::nixpkgs::lib(ev)?, Value::forward(at))?;
    put(&cells[0], lib);
    library.lib.set(Some(lib));
    Ok(lib)
}

/// A given `lib` (nixpkgs' own, interpreted) with this module system in the place of its own.
///
/// # Errors
/// When the heap is full.
pub fn native_modules_in(ev: &Evaluator, lib: Value) -> Res<Value> {
    let (at, cells) = ev.mem.alloc(1)?;
    let lib = with_modules(ev, lib, Value::forward(at))?;
    put(&cells[0], lib);
    let library = ev.extension::<Library>();
    library.lib.set(library.lib.get().or(Some(lib)));
    Ok(lib)
}

/// A library with the names of this folder added: the namespaces, and what of them is in `lib` itself. `this` is the
/// final library, a suspension or a cell.
fn with_modules(ev: &Evaluator, lib: Value, this: Value) -> Res<Value> {
    static TOP: Lazy = Lazy {
        name: "lib.inherit",
        run: |ev, captures, _| {
            let name: Sym = ev.mem.symbol_of(peek(&captures[1]))?;
            let namespace = ev.force(&captures[0])?;
            ev.force(ev.attribute(namespace, name, crate::source::Pos::NONE)?)
        },
    };
    static TOP_EVAL: Lazy =
        Lazy { name: "lib.evalOptionValue", run: |ev, _, _| table::top_eval_option_value(ev) };
    let mut set = AttrsBuilder::new();
    for (number, name) in entries::NAMESPACES.iter().enumerate() {
        let namespace = entries::namespace(ev, number, this)?;
        set.push(ev.intern(name)?, namespace);
        for name in entries::top_names(number) {
            let name = ev.intern(name)?;
            set.push(name, ev.delay(&TOP, &[namespace, Value::symbol(name)])?);
        }
    }
    set.push(ev.intern("evalOptionValue")?, ev.delay(&TOP_EVAL, &[])?);
    Ok(ev.mem.update(lib, ev.mem.attrs(set)?)?)
}
