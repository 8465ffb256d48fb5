//! Lowered code: every variable is resolved to a frame and a slot, every set with constant names to a shape.
//!
//! Code lives in the heap's code area as objects of 32-bit units, so that a file of it can be mapped
//! unchanged.

pub mod code;
pub mod hints;
mod lower;
pub mod pack;
mod sets;
mod undefined;

pub use lower::{Globals, Lowered, lower};
pub(crate) use sets::push_shape;
