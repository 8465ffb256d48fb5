//! nival evaluates Nix expressions and NixOS modules, without Nix, a store or a network.
//!
//! A [`Session`] evaluates text, files and modules. Its [`Value`]s can be walked, called and printed, and its [`Error`]s read
//! as Nix prints them.
//!
//! ```
//! use nival::{Modules, Session};
//!
//! # fn main() -> nival::Result<()> {
//! let session = Session::new()?;
//! let value = session.evaluate("{ answer = 6 * 7; }", "/")?;
//! assert_eq!(value.get("answer")?.as_int()?, 42);
//!
//! let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata");
//! let laptop = session.configuration(Modules {
//!     modules: vec![format!("{folder}/modules/kernel.nix").into()],
//!     fixtures: vec![format!("{folder}/fixtures/laptop.nix").into()],
//!     ..Modules::default()
//! })?;
//! assert_eq!(laptop.json(&["boot.consoleLogLevel"])?, r#"{"boot":{"consoleLogLevel":3}}"#);
//! # Ok(())
//! # }
//! ```
//!
//! ARCHITECTURE.md describes how the crate is built.

/// The symbol of a [fixed](heap::FIXED) name, found when the program is compiled.
macro_rules! sym {
    ($name:literal) => {
        const { crate::heap::sym($name) }
    };
}

mod builtins;
mod cli;
mod eval;
mod fixed_names;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod heap;
mod host;
mod ir;
mod modules;
mod native;
mod nixpkgs;
mod options;
mod report;
mod session;
mod source;
mod store;
mod suite;
mod syntax;
mod value;

pub use cli::{Exit, run_command};
pub use eval::{ErrorKind, Settings};
pub use heap::Allocator;
pub use host::{
    AtRevision, Entries, FileType, Host, HostError, Reader, RealHost, Snapshot, Stat, changed_between,
};
pub use options::{Argument, Modules, Undeclared};
pub use session::{
    Builder, BuiltinFunction, Configuration, Definition, Error, Fate, Kind, Position, Result, Session, Value,
    builtin_functions,
};
pub use store::{Feature, Features};
pub use syntax::{Lint, Lints};
