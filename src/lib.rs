//! nival: a Nix evaluator that answers NixOS option questions, fast and offline.
//!
//! ```text
//!     source ─ syntax ─ ir ─ value ─ eval ─ builtins ─ nixpkgs ─ modules ─ report ─ cli
//!     text     rnix     code  words   force  pure      native    options   tables,  one file
//!              tree                   call   & host    lib       & defs    diffs    a command
//!     beside them, used by any later stage, knowing none: heap (memory), store (hashes, derivations), host (the outside)
//! ```
//!
//! One direction, no way back: a folder uses only folders to its left and the three beside.

/// The symbol of a [fixed](heap::FIXED) name, found when the program is compiled.
macro_rules! sym {
    ($name:literal) => {
        const { crate::heap::sym($name) }
    };
}

pub mod builtins;
pub mod cli;
pub mod eval;
pub(crate) mod heap;
pub mod host;
pub mod ir;
pub mod modules;
pub mod native;
pub mod nixpkgs;
pub mod options;
pub mod report;
mod session;
pub mod source;
pub mod store;
pub mod syntax;
pub mod value;

pub use eval::{ErrorKind, Settings};
pub use heap::Allocator;
pub use host::{Entries, FileType, Host, HostError, RealHost, Stat};
pub use options::{Argument, Modules, Undeclared};
pub use session::{Builder, Configuration, Error, Kind, Position, Result, Session, Value};
pub use store::{Feature, Features};
pub use syntax::{Lint, Lints};
