//! The environment of a command: the host, output and messages, and how to exit.

use std::io::ErrorKind::BrokenPipe;
use std::sync::Arc;

use crate::eval::{Error, ErrorKind, Evaluator, Res, render};
use crate::host::{Limits, System, Words, bytes_of, coloured};

/// How a command ended, as the process reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit(pub u8);

impl Exit {
    /// Success.
    pub const OK: Exit = Exit(0);
    /// The evaluation failed, or a comparison found differences.
    pub const FAILED: Exit = Exit(1);
    /// Fetched contents have an unexpected hash, as in Nix.
    pub const HASH_MISMATCH: Exit = Exit(102);
    /// The command itself failed.
    pub const TROUBLE: Exit = Exit(2);
}

/// The environment of a command.
#[derive(Clone)]
pub struct Console {
    /// Everything outside the process.
    pub host: Arc<dyn System>,
    leave: fn(Exit),
}

impl Console {
    /// An environment in which `leave` ends the process. It is called when a limit is exceeded, and when a
    /// command is done except for freeing memory, which takes time. If it returns, so does the command.
    pub fn new(host: Arc<dyn System>, leave: fn(Exit)) -> Console {
        Console { host, leave }
    }

    /// Ends the process, or returns `exit` if `leave` returns.
    pub fn leave(&self, exit: Exit) -> Exit {
        (self.leave)(exit);
        exit
    }

    /// Prints a line to standard error.
    pub fn fail(&self, text: &str) {
        self.host.message(&bytes_of(text));
    }

    /// Prints an evaluation error the way Nix does.
    pub fn report(&self, ev: &Evaluator, error: &Error, show_trace: bool) -> Exit {
        let text = render(&ev.sources, error, show_trace);
        let program = error.data().kind == ErrorKind::Throw;
        match program && self.host.in_colour() {
            // Printed as is, because it no longer begins like a message.
            true => self.fail(&coloured(&text, Words::Program)),
            false => self.fail(&text),
        }
        match error.data().kind {
            ErrorKind::HashMismatch => Exit::HASH_MISMATCH,
            _ => Exit::FAILED,
        }
    }

    /// Says that a command is used wrongly, and where to read how it is used.
    pub fn misused(&self, error: &Error, command: &str) -> Exit {
        self.fail(&format!("error: {}", error.data().message));
        match &error.data().help {
            Some(help) => self.fail(&format!("       {help}")),
            None => self.fail(&format!("Try '{command} --help' for more information.")),
        }
        Exit::TROUBLE
    }

    /// Writes to standard output. A closed pipe is not an error.
    pub fn print(&self, bytes: &[u8]) -> Res<()> {
        match self.host.print(bytes) {
            Err(e) if e.kind() != BrokenPipe => {
                Err(Error::new(ErrorKind::System, format!("writing to standard output: {e}")))
            }
            _ => Ok(()),
        }
    }

    /// Reads standard input to its end.
    pub fn read_input(&self) -> Res<Vec<u8>> {
        let input = self.host.read_input();
        input.map_err(|e| Error::new(ErrorKind::System, format!("reading standard input: {e}")))
    }

    /// The base directory of relative paths.
    pub fn current_dir(&self) -> Res<Vec<u8>> {
        self.host.current_dir().map_err(|e| {
            let message = format!("cannot determine current working directory: {e}");
            Error::new(ErrorKind::System, message)
        })
    }

    /// Starts watching the limits. When one is exceeded, the process prints a message and exits with code 1.
    pub fn watch(&self, limits: Limits) {
        let console = self.clone();
        self.host.watch(
            limits,
            Box::new(move |message| {
                console.host.end_progress();
                console.fail(&format!("error: {message}"));
                console.leave(Exit::FAILED);
            }),
        );
    }
}
