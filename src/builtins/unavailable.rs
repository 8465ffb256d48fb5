//! Built-ins that need a store or a network: known by name, and honest about it.

use crate::eval::{Builtin, Error, Evaluator, Res};
use crate::heap::Slot;
use crate::source::Pos;
use crate::value::Value;

macro_rules! needs_store {
    ($($name:literal $args:expr),* $(,)?) => {
        &[$(Builtin::new($name, &$args, "Needs a store.", |_: &Evaluator, _: &[Slot], _: Pos| refuse($name))),*]
    };
}

/// The built-ins of this topic.
pub static TABLE: &[Builtin] =
    needs_store!["fetchGit"["args"], "fetchMercurial"["args"], "getFlake"["args"],];

fn refuse(name: &str) -> Res<Value> {
    Err(Error::eval(format!("builtins.{name} is not available: nival has no store yet")))
}
