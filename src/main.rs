//! The `nival` command: starts the evaluation thread and hands over to the command line.

use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: nival::Allocator = nival::Allocator::new();

#[allow(clippy::disallowed_methods, reason = "the process's own arguments")]
fn main() -> ExitCode {
    let args = std::env::args_os().map(OsStringExt::into_vec).collect();
    ExitCode::from(nival::cli::run(args).0)
}
