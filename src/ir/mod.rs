//! Lowered code: every variable resolved to a frame and a slot, sets with constant names to shapes.
//!
//! Code lives in the heap's code area as objects of 32-bit units, so that it can be mapped from a file as it is.

pub mod code;
pub mod hints;
mod lower;
pub mod pack;
mod sets;
mod undefined;

pub use lower::{Globals, Lowered, lower};
pub(crate) use sets::push_shape;
