//! The `lib` of the nixpkgs tree, which the native one replaces.

use std::cell::Cell;

use crate::eval::Evaluator;
use crate::value::Value;

#[derive(Default)]
struct TreeLib(Cell<Option<Value>>);

/// Stores the tree's own `lib` for code that needs its answers.
pub fn keep_tree_lib(ev: &Evaluator, lib: Value) {
    ev.extension::<TreeLib>().0.set(Some(lib));
}

/// The tree's own `lib`, if the native one replaces it.
pub fn tree_lib(ev: &Evaluator) -> Option<Value> {
    ev.extension::<TreeLib>().0.get()
}
