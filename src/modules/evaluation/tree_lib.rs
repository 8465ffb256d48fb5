//! The `lib` of the nixpkgs tree in whose place the native one is used.

use std::cell::Cell;

use crate::eval::Evaluator;
use crate::value::Value;

#[derive(Default)]
struct TreeLib(Cell<Option<Value>>);

/// Keeps the tree's own `lib` for those who ask how it would be.
pub fn keep_tree_lib(ev: &Evaluator, lib: Value) {
    ev.extension::<TreeLib>().0.set(Some(lib));
}

/// The tree's own `lib`, if the native one is used in its place.
pub fn tree_lib(ev: &Evaluator) -> Option<Value> {
    ev.extension::<TreeLib>().0.get()
}
