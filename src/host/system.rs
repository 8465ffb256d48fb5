//! What only a program does that has a user in front of it: it prints, writes files, runs programs, and limits itself.

use std::ffi::{OsStr, OsString};
use std::io;
use std::sync::Arc;

use super::command::{CommandOutput, ScratchFolder};
use super::limits::{Exceeded, Limits};
use super::{Entries, FileType, Host, HostError, Reader, Stat};

/// A host that can do what the command line needs beside evaluation.
pub trait System: Host + Send + Sync {
    /// Whether messages are in colour, as Nix decides about it.
    fn in_colour(&self) -> bool;

    /// The directory that relative paths are relative to.
    ///
    /// # Errors
    /// When there is none.
    fn current_dir(&self) -> io::Result<Vec<u8>>;

    /// Reads standard input to its end.
    ///
    /// # Errors
    /// When that cannot be done.
    fn read_input(&self) -> io::Result<Vec<u8>>;

    /// Writes to standard output.
    ///
    /// # Errors
    /// When that cannot be done.
    fn print(&self, bytes: &[u8]) -> io::Result<()>;

    /// Makes a folder, and those above it, unless it exists.
    ///
    /// # Errors
    /// When that cannot be done.
    fn make_folder(&self, path: &[u8]) -> io::Result<()>;

    /// Writes a file, in place of what it contained.
    ///
    /// # Errors
    /// When that cannot be done.
    fn write_file(&self, path: &[u8], contents: &[u8]) -> io::Result<()>;

    /// Writes a file unless there is one of that name; nobody sees it half written.
    ///
    /// # Errors
    /// When that cannot be done.
    fn write_new_file(&self, folder: &[u8], name: &str, contents: &[u8]) -> io::Result<()>;

    /// Runs a program to its end, without input.
    ///
    /// # Errors
    /// When it cannot be started.
    fn run_command(&self, program: &OsStr, args: &[OsString]) -> io::Result<CommandOutput>;

    /// A new folder with these files (path below it, contents).
    ///
    /// # Errors
    /// When it cannot be made.
    fn scratch_folder(&self, files: &[(&str, &[u8])]) -> io::Result<ScratchFolder>;

    /// Watches over limits from now on; calls `exceeded` on another thread where one is exceeded.
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
