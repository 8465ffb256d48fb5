//! Host operations of the command line: printing, writing files, running programs, and limits.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead};
use std::sync::Arc;

use super::command::{CommandOutput, ScratchFolder};
use super::crew::{Crew, Foreman};
use super::delegate::{Delegate, Heard};
use super::fork::{Copies, CopyEnd, CopyEvent};
use super::limits::{Exceeded, Limits};
use super::{Entries, FileType, Host, HostError, Reader, Stat};

/// A host with the operations that the command line needs besides evaluation.
pub trait System: Host + Send + Sync {
    /// Whether messages are coloured, by Nix's rules.
    fn in_colour(&self) -> bool;

    /// Whether standard output may be coloured: it is a terminal, and the user does not refuse.
    fn output_in_colour(&self) -> bool;

    /// Whether standard output is a terminal that shows links to files, and the user does not refuse.
    fn output_with_links(&self) -> bool;

    /// The name of this machine.
    fn machine(&self) -> String;

    /// Begins some work: if it takes long, a line on standard error says so, if that is a terminal.
    fn begin_progress(&self, text: &str);

    /// Says which part of the work is being done now.
    fn say_progress(&self, text: &str);

    /// Ends the work, and removes the line.
    fn end_progress(&self);

    /// The base directory of relative paths.
    fn current_dir(&self) -> io::Result<Vec<u8>>;

    /// Reads standard input to its end.
    fn read_input(&self) -> io::Result<Vec<u8>>;

    /// Standard input, to be read bit by bit.
    fn input(&self) -> Box<dyn BufRead>;

    /// Writes to standard output.
    fn print(&self, bytes: &[u8]) -> io::Result<()>;

    /// Makes a folder and its parents, unless it exists.
    fn make_folder(&self, path: &[u8]) -> io::Result<()>;

    /// Writes a file, replacing its contents.
    fn write_file(&self, path: &[u8], contents: &[u8]) -> io::Result<()>;

    /// Makes a symbolic link, unless something is there.
    fn make_link(&self, path: &[u8], target: &[u8]) -> io::Result<()>;

    /// Writes a file atomically, unless one of that name exists.
    fn write_new_file(&self, folder: &[u8], name: &str, contents: &[u8]) -> io::Result<()>;

    /// Runs a program to completion, without input.
    fn run_command(&self, program: &OsStr, args: &[OsString]) -> io::Result<CommandOutput>;

    /// Does pieces of work in copies of this process, and tells what becomes of them. The caller's thread must be the only
    /// one that holds locks.
    fn in_copies(&self, copies: &Copies<'_>, tell: &mut dyn FnMut(CopyEvent)) -> io::Result<()>;

    /// Has work done in a copy of this process, which may itself use [`in_copies`](System::in_copies), and tells what is heard of
    /// it. Returns how the copy ended. The caller's thread must be the only one that holds locks.
    fn delegate(&self, work: &Delegate<'_>, tell: &mut dyn FnMut(Heard<'_>)) -> io::Result<CopyEnd>;

    /// Has copies of this process work, each on one piece after the other, until the foreman has no more. The caller's thread must
    /// be the only one that holds locks.
    fn crew(&self, crew: &Crew<'_>, foreman: &mut dyn Foreman) -> io::Result<()>;

    /// How many processes can run at the same time.
    fn cores(&self) -> usize;

    /// Draws the line that shows progress, on the caller's thread.
    fn draw_progress(&self, text: &str);

    /// Reads a line that somebody types at the terminal; `None` without a terminal, and at the end of the input.
    fn read_line(&self) -> Option<String>;

    /// Removes a file.
    fn remove_file(&self, path: &[u8]) -> io::Result<()>;

    /// Makes a folder with these files (relative path, contents).
    fn scratch_folder(&self, files: &[(&str, &[u8])]) -> io::Result<ScratchFolder>;

    /// Whether the process uses less than half of the memory that it may use.
    fn has_room(&self, limits: Limits) -> bool;

    /// Starts watching the limits. Calls `exceeded` on another thread when one is exceeded.
    fn watch(&self, limits: Limits, exceeded: Exceeded);
}

impl<H: Host + ?Sized> Host for Arc<H> {
    fn beneath(&self) -> Option<&dyn Host> {
        (**self).beneath()
    }

    fn read_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        (**self).read_file(path)
    }

    fn file_type(&self, path: &[u8]) -> Result<Option<FileType>, HostError> {
        (**self).file_type(path)
    }

    fn read_dir(&self, path: &[u8]) -> Result<Entries, HostError> {
        (**self).read_dir(path)
    }

    fn resolve(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        (**self).resolve(path)
    }

    fn env(&self, name: &[u8]) -> Option<Vec<u8>> {
        (**self).env(name)
    }

    fn now(&self) -> i64 {
        (**self).now()
    }

    fn home(&self) -> Option<Vec<u8>> {
        (**self).home()
    }

    fn stat(&self, path: &[u8]) -> Result<Stat, HostError> {
        (**self).stat(path)
    }

    fn modified(&self, path: &[u8]) -> Result<u64, HostError> {
        (**self).modified(path)
    }

    fn message(&self, text: &[u8]) {
        (**self).message(text);
    }

    fn allow(&self, path: &[u8]) {
        (**self).allow(path);
    }

    fn unguarded(&self) -> Option<&dyn Host> {
        (**self).unguarded()
    }

    fn check_access(&self, path: &[u8]) -> Result<(), HostError> {
        (**self).check_access(path)
    }

    fn check_uri(&self, uri: &str) -> Result<(), HostError> {
        (**self).check_uri(uri)
    }

    fn fetch_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        (**self).fetch_file(path)
    }

    fn prefetch_reader(&self) -> Option<Reader> {
        (**self).prefetch_reader()
    }
}
