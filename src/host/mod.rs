//! Everything outside the process, behind one trait: files, environment, clock, store.

mod cache;
mod clock;
mod collected;
mod colour;
mod command;
mod crew;
mod delegate;
mod embedded;
mod fork;
mod frames;
mod git;
mod limits;
mod links;
mod objects;
mod output;
mod own_folder;
mod policy;
mod progress;
mod real;
mod recorded;
mod redirected;
mod revision;
mod shown;
mod system;
mod touched;
mod with_objects;

use std::fmt;
use std::sync::Arc;

pub use cache::{CacheInfo, CodeCache, CodeFiles};
pub use clock::{monotonic, nanoseconds, processor_time};
pub use collected::{Messages, collected};
pub use colour::{Words, coloured};
pub use command::{CommandOutput, ScratchFolder};
pub use crew::{Crew, CrewNews, Foreman};
pub use delegate::{Delegate, Heard, Limited, Say};
pub use embedded::Embedded;
pub use fork::{Copies, CopyEnd, CopyEvent, CopyLimits};
pub use git::{GitRepository, Snapshot, changed_between};
pub use limits::{Limits, Memory, human};
pub use links::follow_links;
pub use objects::{Kept, MemoryTree, Object, Objects};
pub use own_folder::NotUsed;
pub use policy::{Guarded, Mode, Policy};
pub use real::RealHost;
pub use recorded::{FilesRead, Recorded};
pub use redirected::Redirected;
pub use revision::AtRevision;
pub use shown::{bytes_of, printable, shown};
pub use system::System;
pub use touched::{Touch, Touched, Touches};
pub use with_objects::WithObjects;

/// The type of a directory entry; Nix calls them `regular`, `directory`, `symlink` and `unknown`.
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
    /// Nix's name for the type.
    pub fn name(self) -> &'static str {
        match self {
            FileType::Regular => "regular",
            FileType::Directory => "directory",
            FileType::Symlink => "symlink",
            FileType::Unknown => "unknown",
        }
    }
}

/// The metadata of a file, directory or link, as needed for copying it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stat {
    /// Its type.
    pub kind: FileType,
    /// Whether its owner may execute it.
    pub executable: bool,
    /// Its length in bytes.
    pub size: u64,
    /// Where it points to, if it is a link.
    pub target: Vec<u8>,
}

/// Why an access to the outside failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostError {
    /// There is no such file.
    NotFound(String),
    /// The access policy forbids it.
    Forbidden(String),
    /// No such file exists in the store, nor could it.
    NoStorePath(String),
    /// Anything else; the message is complete.
    Other(String),
}

impl HostError {
    /// Replaces a path in the message with the one that was asked for.
    fn renamed(self, from: &[u8], to: &[u8]) -> HostError {
        if from == to {
            return self;
        }
        let (from, to) = (shown(from), shown(to));
        match self {
            HostError::NotFound(m) => HostError::NotFound(m.replace(&*from, &to)),
            HostError::Other(m) => HostError::Other(m.replace(&*from, &to)),
            e @ (HostError::Forbidden(_) | HostError::NoStorePath(_)) => e,
        }
    }
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

/// The outside world. Paths are absolute and normalised, without trailing slash.
pub trait Host {
    /// The next lower layer, which answers what this host does not.
    fn beneath(&self) -> Option<&dyn Host> {
        None
    }

    /// A file's contents; follows symbolic links.
    fn read_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError>;

    /// The type of the file at a path, without following a final link; `None` if nothing exists there.
    fn file_type(&self, path: &[u8]) -> Result<Option<FileType>, HostError>;

    /// The names in a directory with their types, sorted by name.
    fn read_dir(&self, path: &[u8]) -> Result<Entries, HostError>;

    /// Resolves all symbolic links of a path, including the final one.
    ///
    /// # Errors
    /// When a component does not exist or links form a cycle.
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

    /// The metadata of a path needed for copying it to the store; does not follow a final link.
    fn stat(&self, path: &[u8]) -> Result<Stat, HostError>;

    /// The modification time of a path, in seconds since 1970; does not follow a final link.
    ///
    /// # Errors
    /// When nothing exists there, or the time is unknown.
    fn modified(&self, path: &[u8]) -> Result<u64, HostError> {
        match self.beneath() {
            Some(host) => host.modified(path),
            None => self.stat(path).map(|_| 0),
        }
    }

    /// Prints a line to standard error (`trace`, warnings).
    fn message(&self, text: &[u8]) {
        if let Some(host) = self.beneath() {
            host.message(text);
        }
    }

    /// Allows the evaluation to access a path and everything below it.
    fn allow(&self, path: &[u8]) {
        if let Some(host) = self.beneath() {
            host.allow(path);
        }
    }

    /// Checks whether the evaluation may access a path.
    ///
    /// # Errors
    /// When the access policy forbids it.
    fn check_access(&self, path: &[u8]) -> Result<(), HostError> {
        self.beneath().map_or(Ok(()), |host| host.check_access(path))
    }

    /// The host below the access policy, if there is one: for what is fetched, and for the contents of store objects.
    fn unguarded(&self) -> Option<&dyn Host> {
        self.beneath()?.unguarded()
    }

    /// Checks whether a URL may be fetched.
    ///
    /// # Errors
    /// When the access policy forbids it.
    fn check_uri(&self, uri: &str) -> Result<(), HostError> {
        self.beneath().map_or(Ok(()), |host| host.check_uri(uri))
    }

    /// The contents of a `file://` URL.
    fn fetch_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.read_file(path)
    }

    /// How other threads may prefetch code and folders; `None` where they must not.
    fn prefetch_reader(&self) -> Option<Reader> {
        None
    }
}

/// Reads files and folders on any thread.
#[derive(Clone)]
pub struct Reader {
    /// Reads a file of code.
    pub code: ReadCode,
    /// As [`Host::read_dir`]; `None` for what cannot be read.
    pub folder: ReadFolder,
}

/// The names in a directory with their types, sorted by name.
pub type Entries = Vec<(Vec<u8>, FileType)>;

/// Reads a file of code, or the `default.nix` of a folder. Returns the path of the file and its text; `None`
/// for links, files that are too large, and files that cannot be read.
pub type ReadCode = Arc<dyn Fn(&[u8]) -> Option<(Vec<u8>, Vec<u8>)> + Send + Sync>;

/// Lists a folder; `None` if it cannot be read.
pub type ReadFolder = Arc<dyn Fn(&[u8]) -> Option<Entries> + Send + Sync>;
