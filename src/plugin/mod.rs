//! A plugin for Nix: `builtins.__nival` evaluates modules and fixtures. `docs/plugin.md` describes it.
//!
//! Nix loads the library (`plugin-files`) and calls [`nix_plugin_entry`]. The C API of that Nix is looked up then, and the
//! library itself asks the linker for nothing of Nix: so one library serves every Nix whose C API has these functions, and does nothing
//! where there is no C API.
//!
//! | file | what is in it |
//! |---|---|
//! | `shared` | the libraries of the process, and what a library needs |
//! | `api` | the functions of the C API |
//! | `data` | values of Nix as data, and data as values of Nix |
//! | `builtin` | the function `__nival` |
#![allow(unsafe_code, reason = "the border to Nix: functions found by name, and pointers that Nix gives")]

mod api;
mod builtin;
mod data;
mod shared;

use std::panic::catch_unwind;

use crate::host::{Host as _, RealHost};

/// Called by Nix when it has loaded the library. Registers `__nival`, or says in one line why it cannot.
#[unsafe(no_mangle)]
pub extern "C" fn nix_plugin_entry() {
    let why = match catch_unwind(|| shared::find().and_then(|library| builtin::register(&library))) {
        Ok(Ok(())) => return,
        Ok(Err(why)) => why,
        Err(_) => "internal error: this is a fault of nival".to_owned(),
    };
    RealHost::new().message(format!("nival: the plugin does nothing: {why}").as_bytes());
}
