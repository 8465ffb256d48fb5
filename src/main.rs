//! The `nival` command: starts the evaluation thread and hands over to the command line.

use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;
use std::sync::Arc;

use nival::cli::{self, Console, Exit};
use nival::host::RealHost;

#[global_allocator]
static ALLOCATOR: nival::Allocator = nival::Allocator::new();

#[allow(clippy::disallowed_methods, reason = "the process's own arguments")]
fn main() -> ExitCode {
    let args = std::env::args_os().map(OsStringExt::into_vec).collect();
    ExitCode::from(cli::run(args, Console::new(Arc::new(RealHost::new()), leave)).0)
}

/// Ends the process. What the evaluator has in memory goes with it, which is sooner than piece by piece.
#[allow(clippy::disallowed_methods, reason = "this is where the process ends")]
fn leave(exit: Exit) {
    std::process::exit(exit.0.into())
}
