//! The command line: selects the command and turns its outcome into an exit code.

mod args;
mod asking;
mod beside;
mod check;
mod check_causes;
mod code_cache;
mod conf_files;
mod config;
mod console;
mod diff;
mod eval;
mod eval_flags;
mod flag_parser;
mod flag_row;
mod flag_table;
mod flags;
mod flakes;
mod init;
mod instantiate;
mod isolated;
mod job_flags;
mod jobs;
mod limits;
mod lint;
mod modules;
mod nixd;
mod nixos_option;
mod opening;
mod option;
mod option_list;
mod oracle;
mod oracle_opening;
mod outcome;
mod output;
mod progress;
mod repository_paths;
mod review;
mod revisions;
mod settings;
mod settings_table;
mod shipped;
mod statistics;
mod stores;
mod suites;
mod verify;
mod why;
mod wrong;

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::sync::Arc;

use args::{Cli, Command};
use clap::Parser as _;
use console::Console;
pub use console::Exit;
use flags::Program;

use crate::heap::stack_for_evaluation;
use crate::host::RealHost;

/// Runs the command in `args` (which start with the program's name) on this machine. `leave` ends the process: it is
/// called when a limit is exceeded, and when a command is done except for freeing its memory, which takes time. If it
/// returns, the command returns as well.
pub fn run_command(args: Vec<Vec<u8>>, leave: fn(Exit)) -> Exit {
    run(args, Console::new(Arc::new(RealHost::new()), leave))
}

fn run(args: Vec<Vec<u8>>, console: Console) -> Exit {
    let for_panics = console.clone();
    std::panic::set_hook(Box::new(move |panic| internal_error(&for_panics, panic)));
    on_large_stack(&console.clone(), move || dispatch(&args, &console))
}

fn dispatch(args: &[Vec<u8>], console: &Console) -> Exit {
    let name = args.first().map_or(&b""[..], |a| a.rsplit(|c| *c == b'/').next().unwrap_or_default());
    match name {
        b"nix-instantiate" => return eval::run(console, &args[1..], Program::NixInstantiate),
        b"nix-eval-jobs" => return jobs::run(console, &args[1..]),
        b"nixd-attrset-eval" => return nixd::run(console, args),
        b"nixos-option" => return nixos_option::run(console, &args[1..]),
        _ => {}
    }
    // Its flags do not follow clap's grammar.
    if args.get(1).is_some_and(|a| a == b"eval") {
        return eval::run(console, &args[2..], Program::Eval);
    }
    let args = args.iter().map(|a| OsString::from_vec(a.clone()));
    match Cli::try_parse_from(args).map(|cli| cli.command) {
        Ok(Command::Config(mut args)) => {
            flakes::detect(console, !args.modules.modules.is_empty(), &mut args.modules.open);
            config::run(console, &args)
        }
        Ok(Command::Option(mut args)) => {
            let has_modules = !asking::names(&args.names).1.is_empty();
            flakes::detect(console, has_modules, &mut args.open);
            option::run(console, &args)
        }
        Ok(Command::Why(mut args)) => {
            let has_modules = !asking::names(&args.dependencies.names).1.is_empty();
            flakes::detect(console, has_modules, &mut args.dependencies.open);
            why::why(console, &args)
        }
        Ok(Command::Affects(mut args)) => {
            let has_modules = !asking::names(&args.dependencies.names).1.is_empty();
            flakes::detect(console, has_modules, &mut args.dependencies.open);
            why::affects(console, &args)
        }
        Ok(Command::Diff(args)) => diff::run(console, &args),
        Ok(Command::Lint(mut args)) => {
            flakes::detect(console, !args.modules.is_empty(), &mut args.open);
            lint::run(console, &args)
        }
        Ok(Command::Check(args)) => check::run(console, &args),
        Ok(Command::Init(args)) => init::run(console, &args),
        Ok(Command::Verify(args)) => verify::run(console, &args),
        Ok(Command::Cache(args)) => code_cache::run(console, &args),
        Ok(Command::Completions(args)) => shipped::completions(console, &args),
        Ok(Command::Man(args)) => shipped::man(console, &args),
        Ok(Command::Eval { flags }) => {
            let flags: Vec<Vec<u8>> = flags.into_iter().map(OsString::into_vec).collect();
            eval::run(console, &flags, Program::Eval)
        }
        Err(e) => {
            // `--help` and `--version` arrive here as well. A closed output does not matter.
            let _ = e.print();
            Exit(u8::try_from(e.exit_code()).unwrap_or(2))
        }
    }
}

/// Reports a bug in nival and its location.
fn internal_error(console: &Console, panic: &std::panic::PanicHookInfo<'_>) {
    let message = panic.payload_as_str().unwrap_or("unknown");
    let place = panic.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
    console.fail(&format!(
        "error: internal error: {message}{place}\nThis is a fault of nival: please report it."
    ));
}

/// Runs `f` on a thread whose stack is large enough for deep recursion.
fn on_large_stack(console: &Console, f: impl FnOnce() -> Exit + Send + 'static) -> Exit {
    // Reduced if memory is otherwise limited. The evaluation's stack limit then leaves less reserve.
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
    console.fail("error: cannot reserve a stack for the evaluation");
    Exit::TROUBLE
}
