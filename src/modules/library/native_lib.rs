//! The native `lib` as a value, and how it replaces that of a tree.

use std::cell::Cell;

use super::{counterparts, modules, namespaces};
use crate::eval::{Builtin, Counterparts, Evaluator, Res, suspended};
use crate::heap::Slot;
use crate::modules::declarations::{Decl, eval_option_value, fixed_type, merge};
use crate::modules::evaluation::{Arguments, Evaluation, keep_tree_lib, submodule_with};
use crate::modules::types::{Declaration, Services};
use crate::native::{knot, set_of, shared_args};
use crate::nixpkgs;
use crate::source::{Origin, Pos};
use crate::value::{AttrsBuilder, Context, Value, peek};

/// The native library of an evaluation, once made.
#[derive(Default)]
struct Library(Cell<Option<Value>>);

/// nixpkgs' `lib` in native code. Every call returns the same set.
pub fn native_lib(ev: &Evaluator) -> Res<Value> {
    let library = ev.extension::<Library>();
    if let Some(lib) = library.0.get() {
        return Ok(lib);
    }
    let lib = knot(ev, |lib| {
        let own = with_modules(ev, nixpkgs::names(ev)?, lib)?;
        Ok(ev.mem.update(own, set_of(ev, &[("extend", ev.builtin(&EXTEND))])?)?)
    })?;
    let lib = ev.force_value(lib)?;
    library.0.set(Some(lib));
    Ok(lib)
}

suspended! {
    /// The result of importing a tree's folder whose `lib` is replaced by the native one.
    struct InTree { folder }
}

impl InTree<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        let path = ev.mem.text(peek(self.folder));
        let combine = ev.eval_text(Origin::Internal("«native lib»"), TREE_LIB, b"/")?;
        let own = ev.import_anew(path)?;
        keep_tree_lib(ev, own);
        ev.call(combine, &[ev.builtin(&NATIVE), own], Pos::NONE)
    }
}

/// Makes an import of `folder` (or of a file) return the native `lib` instead of the tree's own. Only the
/// functions are native: the tree's data, and everything else in its `lib`, remain.
///
/// # Errors
/// If the path does not exist.
pub fn provide_native_lib(ev: &Evaluator, folder: &[u8]) -> Res<()> {
    ev.extension::<Counterparts>().find_with(counterparts::counterpart);
    ev.provide(folder, ev.delay(InTree { folder: ev.mem.string(folder, Context::EMPTY)? })?)
}

/// A function that combines the native lib with the tree's own.
const TREE_LIB: &[u8] = include_bytes!("../../../nix/tree-lib.nix");

/// The native `lib` as a function of the final `lib`, in two parts: the namespaces, and the names at the top.
static NATIVE: Builtin = Builtin::hidden("lib", &["self"], |ev, args, _| {
    let [this] = shared_args(ev, args)?;
    let all = names(ev, this)?;
    let mut spaces = Vec::new();
    for name in nixpkgs::namespaces().chain(namespaces::NAMES) {
        spaces.push(ev.intern(name)?);
    }
    let namespaces = ev.mem.filtered(all, |e| spaces.contains(&e.name))?;
    let top = ev.mem.filtered(all, |e| !spaces.contains(&e.name))?;
    set_of(ev, &[("namespaces", namespaces), ("top", top)])
});

/// `lib` as a function of the final `lib`.
static NAMES: Builtin = Builtin::hidden("lib", &["self"], |ev, args, _| {
    let [this] = shared_args(ev, args)?;
    names(ev, this)
});

fn names(ev: &Evaluator, this: Value) -> Res<Value> {
    with_modules(ev, nixpkgs::names_in(ev, this)?, this)
}

/// `lib.extend`
static EXTEND: Builtin = Builtin::hidden("extend", &["f"], |ev, args, _| {
    let [f] = shared_args(ev, args)?;
    nixpkgs::extend(ev, ev.builtin(&NAMES), f)
});

suspended! {
    /// `lib.evalOptionValue`
    struct EvalOptionValue { lib }
}

impl EvalOptionValue<&Slot> {
    fn value(self, ev: &Evaluator) -> Res<Value> {
        modules::top_eval_option_value(ev)
    }
}

/// Adds the names of this folder to a library: the namespaces, and their names that `lib` itself inherits.
/// `this` is the final library, as a suspension or a cell.
fn with_modules(ev: &Evaluator, lib: Value, this: Value) -> Res<Value> {
    register(ev);
    let mut set = AttrsBuilder::new();
    namespaces::add(ev, &mut set, this)?;
    set.push(ev.intern("evalOptionValue")?, ev.delay(EvalOptionValue { lib: this })?);
    Ok(ev.mem.update(lib, ev.mem.attrs(set)?)?)
}

/// Registers the functions of later stages that types use.
fn register(ev: &Evaluator) {
    let services = Services {
        lookup: |ev, name| namespaces::lookup_type(ev, native_lib(ev)?, name),
        submodule_with,
        merge_declarations: |ev, loc, declarations| {
            let decl = |d: &Declaration| Decl { file: d.file, options: d.option, pos: Pos::NONE };
            merge(ev, loc, &declarations.iter().map(decl).collect::<Vec<_>>())
        },
        fixed_type,
        eval_option_value,
    };
    services.register(ev);
}

impl Evaluation {
    /// Starts the evaluation for the argument set of `evalModules`; `lib` is passed to modules.
    pub fn begin(ev: &Evaluator, lib: Value, all: Value) -> Res<Evaluation> {
        register(ev);
        Evaluation::start(ev, Arguments::of_set(ev, lib, all)?)
    }
}
