//! Everything outside the process, behind one trait: files, environment, clock, store.

mod cache;
mod clock;
mod colour;
mod command;
mod embedded;
mod git;
mod limits;
mod links;
mod objects;
mod output;
mod own_folder;
mod policy;
mod real;
mod shown;
mod system;
mod with_objects;

use std::fmt;
use std::sync::Arc;

pub use cache::{CacheInfo, CodeCache, CodeFiles};
pub use clock::{nanoseconds, processor_time};
pub use colour::{Words, coloured};
pub use command::{CommandOutput, ScratchFolder};
pub use embedded::Embedded;
pub use git::GitRepository;
pub use limits::{Limits, Memory, human};
pub use links::follow_links;
pub use objects::{MemoryTree, Object, Objects};
pub use own_folder::NotUsed;
pub use policy::{Guarded, Mode, Policy};
pub use real::RealHost;
pub use shown::{bytes_of, printable, shown};
pub use system::System;
pub use with_objects::WithObjects;

/// What a directory entry is; Nix's names for it are `regular`, `directory`, `symlink` and `unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileType {
    /// A file.
    Regular,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
    /// A device, socket or pipe.
    Unknown,
}

impl FileType {
    /// Nix's name for it.
    pub fn name(self) -> &'static str {
        match self {
            FileType::Regular => "regular",
            FileType::Directory => "directory",
            FileType::Symlink => "symlink",
            FileType::Unknown => "unknown",
        }
    }
}

/// A file, directory or link, as far as copying it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stat {
    /// What it is.
    pub kind: FileType,
    /// Whether its owner may execute it.
    pub executable: bool,
    /// Its length in bytes.
    pub size: u64,
    /// Where it points to, if it is a link.
    pub target: Vec<u8>,
}

/// Why the outside could not be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostError {
    /// There is no such file.
    NotFound(String),
    /// The access policy forbids it.
    Forbidden(String),
    /// There is no such file in the store, nor could there be.
    NoStorePath(String),
    /// Anything else; the message is complete.
    Other(String),
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HostError::NotFound(m)
            | HostError::Forbidden(m)
            | HostError::NoStorePath(m)
            | HostError::Other(m) => f.write_str(m),
        }
    }
}

impl std::error::Error for HostError {}

/// The outside. Paths are absolute and normalised, without a last slash.
pub trait Host {
    /// The host that this one is a layer over, which answers what this one does not.
    fn beneath(&self) -> Option<&dyn Host> {
        None
    }

    /// A file's contents; follows symbolic links.
    ///
    /// # Errors
    /// When there is no such file or it cannot be read.
    fn read_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError>;

    /// What is at a path, not following a link at its end; `None` when nothing is.
    ///
    /// # Errors
    /// When that cannot be found out.
    fn file_type(&self, path: &[u8]) -> Result<Option<FileType>, HostError>;

    /// The names in a directory with their types, sorted by name.
    ///
    /// # Errors
    /// When it is no directory or cannot be read.
    fn read_dir(&self, path: &[u8]) -> Result<Entries, HostError>;

    /// A path with all its symbolic links resolved, also the last one.
    ///
    /// # Errors
    /// When a part of it does not exist or links go in circles.
    fn resolve(&self, path: &[u8]) -> Result<Vec<u8>, HostError>;

    /// An environment variable.
    fn env(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.beneath()?.env(name)
    }

    /// Seconds since 1970.
    fn now(&self) -> i64 {
        self.beneath().map_or(0, |host| host.now())
    }

    /// The user's home directory.
    fn home(&self) -> Option<Vec<u8>> {
        self.beneath()?.home()
    }

    /// What copying to the store must know of a path; does not follow a link at its end.
    ///
    /// # Errors
    /// When nothing is there or it cannot be looked at.
    fn stat(&self, path: &[u8]) -> Result<Stat, HostError>;

    /// When what is at a path was last changed, in seconds since 1970; does not follow a link at its end.
    ///
    /// # Errors
    /// When nothing is there, or that is not known.
    fn modified(&self, path: &[u8]) -> Result<u64, HostError> {
        match self.beneath() {
            Some(host) => host.modified(path),
            None => self.stat(path).map(|_| 0),
        }
    }

    /// A line for standard error (`trace`, warnings).
    fn message(&self, text: &[u8]) {
        if let Some(host) = self.beneath() {
            host.message(text);
        }
    }

    /// Lets the evaluation look at a path and all below it, where that is not free anyway.
    fn allow(&self, path: &[u8]) {
        if let Some(host) = self.beneath() {
            host.allow(path);
        }
    }

    /// Whether the evaluation may look at a path.
    ///
    /// # Errors
    /// When the access policy forbids it.
    fn check_access(&self, path: &[u8]) -> Result<(), HostError> {
        self.beneath().map_or(Ok(()), |host| host.check_access(path))
    }

    /// Whether a URL may be fetched.
    ///
    /// # Errors
    /// When the access policy forbids it.
    fn check_uri(&self, uri: &str) -> Result<(), HostError> {
        self.beneath().map_or(Ok(()), |host| host.check_uri(uri))
    }

    /// What is behind a `file://` URL.
    ///
    /// # Errors
    /// When it cannot be read, or may not be fetched.
    fn fetch_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.read_file(path)
    }

    /// How other threads may read files of code and folders ahead of time; `None` where they must not.
    fn prefetch_reader(&self) -> Option<Reader> {
        None
    }
}

/// Reads on any thread.
#[derive(Clone)]
pub struct Reader {
    /// Reads a file of code.
    pub code: ReadCode,
    /// As [`Host::read_dir`]; `None` for what cannot be read.
    pub folder: fn(&[u8]) -> Option<Entries>,
}

/// The names in a directory with their types, sorted by name.
pub type Entries = Vec<(Vec<u8>, FileType)>;

/// Reads a file of code: its path, if it is a folder that of its `default.nix`, and the text. `None` for links, for what
/// is too large, and for what cannot be read.
pub type ReadCode = Arc<dyn Fn(&[u8]) -> Option<(Vec<u8>, Vec<u8>)> + Send + Sync>;
