//! nival evaluates Nix expressions and NixOS modules, without Nix, a store or a network.
//!
//! A [`Session`] evaluates text and files. Its [`Value`]s can be walked, called and printed, and its [`Error`]s read as Nix
//! prints them.
//!
//! ```
//! use nival::Session;
//!
//! # fn main() -> nival::Result<()> {
//! let session = Session::new()?;
//! let value = session.evaluate("{ answer = 6 * 7; }", "/")?;
//! assert_eq!(value.get("answer")?.as_int()?, 42);
//! # Ok(())
//! # }
//! ```
//!
//! A session also opens a [`Configuration`]: [`Modules`] with a fixture and without a nixpkgs tree, a [`Nixos`] configuration,
//! one in a [`Flake`], or any [`Evaluated`] value with `options` and `config`. It answers what its options are set to, by which
//! definitions, and why.
//!
//! ```
//! use nival::{Modules, Outcome, Plain, Session};
//!
//! # fn main() -> nival::Result<()> {
//! let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata");
//! let laptop = Session::new()?.configuration(
//!     Modules::new()
//!         .module(format!("{folder}/modules/kernel.nix"))
//!         .fixture(format!("{folder}/fixtures/laptop.nix")),
//! )?;
//! assert_eq!(laptop.json(&["boot.consoleLogLevel"])?, r#"{"boot":{"consoleLogLevel":3}}"#);
//!
//! let level = laptop.option("boot.consoleLogLevel")?;
//! assert_eq!(level.value, Plain::Int(3));
//! let places: Vec<String> = level
//!     .definitions
//!     .iter()
//!     .filter(|definition| definition.outcome == Outcome::Wins)
//!     .map(|definition| definition.place.to_string().replace(folder, "…"))
//!     .collect();
//! assert_eq!(places, ["…/fixtures/laptop.nix:30:5"]);
//! # Ok(())
//! # }
//! ```
//!
//! [`Configuration::compare`] tells what differs in another configuration, and which lines cause it;
//! [`Configuration::dependencies`], what a value was computed from.
//!
//! ```
//! use nival::{Modules, Session};
//!
//! # fn main() -> nival::Result<()> {
//! let session = Session::new()?;
//! let open = |port: u16| {
//!     let module = "{ lib, config, ... }: {
//!         options.port = lib.mkOption { type = lib.types.port; };
//!         options.url = lib.mkOption { default = \"http://localhost:${toString config.port}\"; };
//!     }";
//!     let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/session");
//!     session.configuration(Modules::new().module_text(module).fixture(format!("{folder}/{port}.json")))
//! };
//! let comparison = open(80)?.compare(&open(8080)?, &[])?;
//! let names: Vec<&str> = comparison.changes.iter().map(|change| change.difference.name.as_str()).collect();
//! assert_eq!(names, ["port", "url"]);
//! let [_, url] = &comparison.changes[..] else { panic!("two changes") };
//! assert_eq!(url.follows, ["port"]);
//! # Ok(())
//! # }
//! ```
//!
//! # Threads
//!
//! A session evaluates on a thread of its own, whose stack is large enough for everything that Nix can evaluate. Sessions, values and
//! configurations are `Send` and `Sync`; requests to a session are answered one after another, so two evaluations at the same time need two sessions.
//!
//! # Versions
//!
//! Types that will grow are `#[non_exhaustive]`: a new field, variant or method is no breaking change. No type of another
//! crate is part of the API. Messages are those of Nix 2.34 and change with it.
//!
//! ARCHITECTURE.md describes how the crate is built, and `docs/c-api.md` the same API in C.

/// The symbol of a [fixed](heap::FIXED) name, found when the program is compiled.
macro_rules! sym {
    ($name:literal) => {
        const { crate::heap::sym($name) }
    };
}

mod builtins;
mod cli;
mod eval;
#[cfg(feature = "capi")]
mod ffi;
mod fixed_names;
mod heap;
mod host;
mod ir;
mod modules;
mod native;
mod nixpkgs;
mod options;
#[cfg(feature = "plugin")]
mod plugin;
mod report;
mod session;
mod source;
mod store;
mod suite;
mod syntax;
mod value;

pub use eval::ErrorKind;
pub use options::compare::{Cause, CauseKind, Change, ChangeKind, Comparison, Difference, Group};
pub use options::{
    Condition, DefaultValue, DefinitionInfo, Dependencies, DependencyNode, Excerpt, Failure, ItemInfo,
    Modules, Moved, OptionInfo, Outcome, Place, Plain, ReadValue, Undeclared,
};
pub use session::{
    BuiltinFunction, Configuration, ConfigurationSource, Error, Evaluated, Flake, Nixos, Position, Result,
    Session, SessionBuilder, Value, ValueKind, builtin_functions,
};

/// What the program and the tests use of the crate. It is no part of the public API, and changes at any time.
#[doc(hidden)]
pub mod internal {
    pub use crate::cli::{Exit, run_command};
    pub use crate::eval::Settings;
    pub use crate::heap::Allocator;
    pub use crate::host::{
        AtRevision, Entries, FileType, Host, HostError, Reader, RealHost, Snapshot, Stat, changed_between,
    };
    pub use crate::store::{Feature, Features};
    pub use crate::syntax::{Lint, Lints};
}
