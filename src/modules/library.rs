//! The whole native `lib`: that of `nixpkgs`, with the names of this folder.

use std::cell::Cell;

use super::{entries, for_types, table};
use crate::eval::{Builtin, Counterparts, Evaluator, Lazy, Res};
use crate::heap::Sym;
use crate::nixpkgs;
use crate::source::{Origin, Pos};
use crate::value::{AttrsBuilder, Context, Value, peek, put};

/// The native library of an evaluation, once it has been made.
#[derive(Default)]
struct Library {
    lib: Cell<Option<Value>>,
    /// The lib of a tree whose functions were replaced.
    replaced: Cell<Option<Value>>,
}

/// The lib of the tree in whose place the native lib is used, as it would be without that.
pub(super) fn tree_lib(ev: &Evaluator) -> Option<Value> {
    ev.extension::<Library>().replaced.get()
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
    let mut extend = AttrsBuilder::with_capacity(1);
    extend.push(ev.intern("extend")?, ev.builtin(&EXTEND));
    let lib = with_modules(ev, nixpkgs::names(ev)?, Value::forward(at))?;
    let lib = ev.mem.update(lib, ev.mem.attrs(extend)?)?;
    put(&cells[0], lib);
    library.lib.set(Some(lib));
    Ok(lib)
}

/// Makes importing `folder` (or a file) give the native `lib` in place of the one that is there. Only the functions are
/// native: the data of that tree, and whatever else its `lib` has, stays.
///
/// # Errors
/// When there is no such path, or the heap is full.
pub fn provide_native_lib(ev: &Evaluator, folder: &[u8]) -> Res<()> {
    static IN_TREE: Lazy = Lazy {
        name: "lib.inTree",
        run: |ev, captures, _| {
            let path = ev.mem.text(peek(&captures[0]));
            let combine = ev.eval_text(Origin::Internal("«native lib»"), TREE_LIB, b"/")?;
            let own = ev.import_anew(path)?;
            ev.extension::<Library>().replaced.set(Some(own));
            ev.call(combine, &[ev.builtin(&NATIVE), own], Pos::NONE)
        },
    };
    ev.extension::<Counterparts>().find_with(super::places::counterpart);
    ev.provide(folder, ev.delay_raw(&IN_TREE, &[ev.mem.string(folder, Context::EMPTY)?])?)
}

/// A function of the native lib and a tree's own.
const TREE_LIB: &[u8] = include_bytes!("../../nix/tree-lib.nix");

/// The native `lib` as a function of the final `lib`, in two parts.
static NATIVE: Builtin = Builtin::hidden("lib", &["self"], |ev, args, pos| {
    let all = (NAMES.run)(ev, args, pos)?;
    let mut spaces = Vec::new();
    for name in nixpkgs::namespaces().chain(entries::NAMESPACES) {
        spaces.push(ev.intern(name)?);
    }
    let namespaces = ev.mem.filtered(all, |e| spaces.contains(&e.name))?;
    let top = ev.mem.filtered(all, |e| !spaces.contains(&e.name))?;
    let mut parts = AttrsBuilder::with_capacity(2);
    parts.push(ev.intern("namespaces")?, namespaces);
    parts.push(ev.intern("top")?, top);
    Ok(ev.mem.attrs(parts)?)
});

/// `lib` as a function of the final `lib`.
static NAMES: Builtin = Builtin::hidden("lib", &["self"], |ev, args, _| {
    let this = ev.mem.share(&args[0])?;
    with_modules(ev, nixpkgs::names_in(ev, this)?, this)
});

/// `lib.extend`
static EXTEND: Builtin = Builtin::hidden("extend", &["f"], |ev, args, _| {
    nixpkgs::extend(ev, ev.builtin(&NAMES), ev.mem.share(&args[0])?)
});

/// A library with the names of this folder added: the namespaces, and what of them is in `lib` itself. `this` is the
/// final library, a suspension or a cell.
fn with_modules(ev: &Evaluator, lib: Value, this: Value) -> Res<Value> {
    static TOP: Lazy = Lazy {
        name: "lib.inherit",
        run: |ev, captures, _| {
            let mut set = ev.force(&captures[0])?;
            for name in &captures[1..] {
                let name: Sym = ev.mem.symbol_of(peek(name))?;
                set = ev.force(ev.attribute(set, name, Pos::NONE)?)?;
            }
            Ok(set)
        },
    };
    static TOP_EVAL: Lazy =
        Lazy { name: "lib.evalOptionValue", run: |ev, _, _| table::top_eval_option_value(ev) };
    for_types::register(ev);
    let mut set = AttrsBuilder::new();
    for (number, name) in entries::NAMESPACES.iter().enumerate() {
        let name = ev.intern(name)?;
        set.push(name, entries::namespace(ev, number, this)?);
        for top in entries::top_names(number) {
            let top = ev.intern(top)?;
            set.push(top, ev.delay_raw(&TOP, &[this, Value::symbol(name), Value::symbol(top)])?);
        }
    }
    set.push(ev.intern("evalOptionValue")?, ev.delay_raw(&TOP_EVAL, &[])?);
    Ok(ev.mem.update(lib, ev.mem.attrs(set)?)?)
}
