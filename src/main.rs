//! The `nival` command.

use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;

use nival::internal::{self, Exit};

#[global_allocator]
static ALLOCATOR: internal::Allocator = internal::Allocator::new();

#[allow(clippy::disallowed_methods, reason = "the process's own arguments")]
fn main() -> ExitCode {
    let args = std::env::args_os().map(OsStringExt::into_vec).collect();
    ExitCode::from(internal::run_command(args, leave).0)
}

/// Ends the process. Its memory goes with it, which is faster than freeing it piece by piece.
#[allow(clippy::disallowed_methods, reason = "this is where the process ends")]
fn leave(exit: Exit) {
    std::process::exit(exit.0.into())
}
