//! The command line: which command, and how its outcome becomes an exit code.

mod args;
mod attr_path;
mod code_cache;
mod conf_files;
mod config;
mod embedded;
mod eval;
mod flag_table;
mod instantiate;
mod legacy;
mod module_set;
mod modules;
mod observed;
mod oracle;
mod settings;
mod settings_table;
mod stores;
mod verify;

use std::ffi::OsString;
use std::io::Write as _;
use std::os::unix::ffi::OsStringExt as _;

use args::{Cli, Command};
use clap::Parser as _;

use crate::eval::{Error, ErrorKind, Evaluator, render};
use crate::heap::stack_for_evaluation;
use crate::host::{Host as _, RealHost, Words, bytes_of, coloured};

/// How a command ended, as the process reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit(pub u8);

impl Exit {
    /// All went well.
    pub const OK: Exit = Exit(0);
    /// The evaluation failed, or a comparison found differences.
    pub const FAILED: Exit = Exit(1);
    /// Something fetched has another hash than it should, as in Nix.
    pub const HASH_MISMATCH: Exit = Exit(102);
    /// The command could not do its work.
    pub const TROUBLE: Exit = Exit(2);
}

/// Runs the command that `args` (the program's name first) asks for.
pub fn run(args: Vec<Vec<u8>>) -> Exit {
    std::panic::set_hook(Box::new(internal_error));
    on_large_stack(move || dispatch(&args))
}

fn dispatch(args: &[Vec<u8>]) -> Exit {
    let name = args.first().map_or(&b""[..], |a| a.rsplit(|c| *c == b'/').next().unwrap_or_default());
    if name == b"nix-instantiate" {
        return eval::run(&args[1..], legacy::Program::NixInstantiate);
    }
    // Its flags are not clap's kind.
    if args.get(1).is_some_and(|a| a == b"eval") {
        return eval::run(&args[2..], legacy::Program::Eval);
    }
    let args = args.iter().map(|a| OsString::from_vec(a.clone()));
    match Cli::try_parse_from(args).map(|cli| cli.command) {
        Ok(Command::Config(args)) => config::run(&args),
        Ok(Command::Verify(args)) => verify::run(&args),
        Ok(Command::Cache(args)) => code_cache::run(&args),
        Ok(Command::Eval { flags }) => {
            let flags: Vec<Vec<u8>> = flags.into_iter().map(OsString::into_vec).collect();
            eval::run(&flags, legacy::Program::Eval)
        }
        Err(e) => {
            // `--help` and `--version` come this way, too. A closed output is no concern.
            let _ = e.print();
            Exit(u8::try_from(e.exit_code()).unwrap_or(2))
        }
    }
}

/// Says that nival is at fault, and where.
fn internal_error(panic: &std::panic::PanicHookInfo<'_>) {
    let message = panic.payload_as_str().unwrap_or("unknown");
    let place = panic.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
    fail(&format!("error: internal error: {message}{place}\nThis is a fault of nival: please report it."));
}

/// The directory that relative paths are relative to.
#[allow(clippy::disallowed_methods, reason = "the command line decides what the current directory is")]
fn current_dir() -> Result<Vec<u8>, Error> {
    match std::env::current_dir() {
        Ok(dir) => Ok(dir.into_os_string().into_vec()),
        Err(e) => {
            let message = format!("cannot determine current working directory: {e}");
            Err(Error::new(ErrorKind::System, message))
        }
    }
}

/// Runs `f` on a thread whose stack is large enough for deep recursion.
fn on_large_stack(f: impl FnOnce() -> Exit + Send + 'static) -> Exit {
    // Lowered where memory is limited in another way; evaluation's own limit then leaves less room for the rest.
    let needed = stack_for_evaluation();
    let mut size = 4 * needed;
    let mut f = Some(f);
    while size > needed {
        let (send, receive) = std::sync::mpsc::channel::<Box<dyn FnOnce() -> Exit + Send>>();
        let worker = move || receive.recv().map_or(Exit::TROUBLE, |work| work());
        match std::thread::Builder::new().name("evaluation".to_owned()).stack_size(size).spawn(worker) {
            Ok(thread) => {
                if let Some(work) = f.take() {
                    // The thread waits for exactly this message.
                    let _ = send.send(Box::new(work));
                }
                return thread.join().unwrap_or(Exit(101));
            }
            Err(_) => size -= needed / 2,
        }
    }
    fail("error: cannot reserve a stack for the evaluation");
    Exit::TROUBLE
}

/// Prints a line to standard error.
fn fail(text: &str) {
    RealHost::new().message(&bytes_of(text));
}

/// Prints an evaluation error the way Nix does.
fn report(ev: &Evaluator, error: &Error, show_trace: bool) -> Exit {
    let text = render(&ev.sources, error, show_trace);
    let program = error.data().kind == ErrorKind::Throw;
    match program && RealHost::new().in_colour() {
        // Printed as it is, for it no longer begins like a message.
        true => fail(&coloured(&text, Words::Program)),
        false => fail(&text),
    }
    match error.data().kind {
        ErrorKind::HashMismatch => Exit::HASH_MISMATCH,
        _ => Exit::FAILED,
    }
}

/// Writes to standard output; a reader that went away is no error worth a message.
fn print(bytes: &[u8]) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::new(ErrorKind::System, format!("writing to standard output: {e}")))
        }
        _ => Ok(()),
    }
}
