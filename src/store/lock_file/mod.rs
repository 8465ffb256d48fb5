//! `flake.lock`: the inputs of a flake and theirs, as a graph. Versions 5 to 7.

mod graph;
mod read;
mod write;

pub use graph::{Edge, InputPath, Lock, LockFile, ROOT, input_path, show_path};
