//! The NixOS module system, natively.

use crate::eval::{Error, Evaluator, Res};
use crate::value::Value;

/// nixpkgs' `lib`, natively.
///
/// # Errors
/// When the heap is full.
pub fn native_lib(_ev: &Evaluator) -> Res<Value> {
    Err(Error::eval("no native lib yet"))
}
