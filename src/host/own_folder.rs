//! A folder that only its owner may change, accessed through an open handle.
//!
//! Even if its path changes meanwhile, names are looked up in the folder that was checked. Links are not
//! followed.
#![allow(clippy::disallowed_methods, reason = "host/ may touch the outside")]

use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::Path;
use std::time::{Duration, SystemTime};

use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::real::reason;

/// Permissions of new folders and files: for the owner only.
const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;
/// The mode bits that let others write.
const OTHERS_WRITE: u32 = 0o022;

/// An open folder.
#[derive(Debug)]
pub(super) struct OwnFolder(OwnedFd);

/// Why a folder cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotUsed {
    /// Other users can change it, or it is not nival's: nothing in it is touched.
    Foreign(String),
    /// Its contents are invalid or cannot be read.
    Damaged(String),
}

impl fmt::Display for NotUsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotUsed::Foreign(why) | NotUsed::Damaged(why) => f.write_str(why),
        }
    }
}

/// An entry of a folder.
pub(super) struct Found {
    pub name: Vec<u8>,
    /// Whether it is a file, neither a folder nor a link.
    pub is_file: bool,
    pub is_folder: bool,
    pub size: u64,
    pub modified: SystemTime,
}

fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn other_user(uid: u32) -> NotUsed {
    NotUsed::Foreign(format!("it belongs to another user (number {uid})"))
}

fn unreadable(e: impl Into<io::Error>) -> NotUsed {
    NotUsed::Damaged(reason(&e.into()))
}

impl OwnFolder {
    /// Opens a folder, whose path may contain links. `None` if it does not exist but could be made.
    pub fn open(path: &Path) -> Result<Option<OwnFolder>, NotUsed> {
        match std::fs::symlink_metadata(path) {
            // A link of another user must not redirect the cache. Links of this user or root are trusted.
            Ok(link) if link.is_symlink() && ![user(), 0].contains(&link.uid()) => {
                return Err(other_user(link.uid()));
            }
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => return could_be_made(path).map(|()| None),
            Err(e) => return Err(unreadable(e)),
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        OwnFolder(rustix::fs::open(path, flags, Mode::empty()).map_err(unreadable)?).checked().map(Some)
    }

    /// Opens a folder. Makes it and its parents if it does not exist.
    pub fn make(path: &Path) -> io::Result<Option<OwnFolder>> {
        if matches!(OwnFolder::open(path), Ok(None)) {
            std::fs::DirBuilder::new().recursive(true).mode(FOLDER).create(path)?;
        }
        Ok(OwnFolder::open(path).unwrap_or_default())
    }

    /// Opens a subfolder. `None` if it does not exist.
    pub fn folder(&self, name: &str) -> Result<Option<OwnFolder>, NotUsed> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match rustix::fs::openat(&self.0, name, flags, Mode::empty()) {
            Ok(handle) => OwnFolder(handle).checked().map(Some),
            Err(Errno::NOENT) => Ok(None),
            Err(Errno::LOOP | Errno::NOTDIR) => {
                Err(NotUsed::Foreign(format!("'{name}' in it is no folder of nival's")))
            }
            Err(e) => Err(unreadable(e)),
        }
    }

    /// Makes a subfolder.
    pub fn make_folder(&self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::mkdirat(&self.0, name, Mode::from_raw_mode(FOLDER))?)
    }

    fn checked(self) -> Result<OwnFolder, NotUsed> {
        let stat = rustix::fs::fstat(&self.0).map_err(unreadable)?;
        if stat.st_uid != user() {
            return Err(other_user(stat.st_uid));
        }
        if stat.st_mode & OTHERS_WRITE != 0 {
            let mode = stat.st_mode & 0o7777;
            return Err(NotUsed::Foreign(format!(
                "others than its owner may write to it (mode {mode:o}; `chmod go-w` changes that)"
            )));
        }
        Ok(self)
    }

    /// Opens a file that this user owns.
    pub fn file(&self, name: &str) -> io::Result<File> {
        self.open_file(name, OFlags::RDONLY)
    }

    fn open_file(&self, name: &str, access: OFlags) -> io::Result<File> {
        let flags = access | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = File::from(rustix::fs::openat(&self.0, name, flags, Mode::empty())?);
        let meta = file.metadata()?;
        if !meta.is_file() || meta.uid() != user() || meta.mode() & OTHERS_WRITE != 0 {
            return Err(io::Error::other(format!("'{name}' is no file that only its owner may change")));
        }
        Ok(file)
    }

    /// Locks a file until it is dropped. `None` if another process holds the lock.
    pub fn lock(&self, name: &str) -> io::Result<Option<File>> {
        let file = self.open_file(name, OFlags::RDWR)?;
        match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(file)),
            Err(Errno::WOULDBLOCK) => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    /// Writes a file under the unused name `aside`, and renames it once it is complete.
    pub fn write(&self, name: &str, aside: &str, parts: &[&[u8]]) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(rustix::fs::openat(&self.0, aside, flags, Mode::from_raw_mode(FILE))?);
        let written = parts.iter().try_for_each(|part| file.write_all(part));
        let written = written.and_then(|()| Ok(rustix::fs::renameat(&self.0, aside, &self.0, name)?));
        if written.is_err() {
            // It may not exist.
            let _ = self.remove(aside.as_bytes());
        }
        written
    }

    /// Renames a subfolder, unless the new name is in use; an empty folder is replaced.
    pub fn rename_folder(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.0, from, &self.0, to)?)
    }

    /// Removes a file or a link.
    pub fn remove(&self, name: &[u8]) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.0, OsStr::from_bytes(name), AtFlags::empty())?)
    }

    /// Removes an empty folder.
    pub fn remove_folder(&self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.0, name, AtFlags::REMOVEDIR)?)
    }

    /// The entries of the folder; none if it cannot be listed.
    pub fn entries(&self) -> Vec<Found> {
        let listed = rustix::fs::Dir::read_from(&self.0).into_iter().flatten().flatten();
        let found = listed.filter_map(|entry| {
            let name = entry.file_name().to_bytes().to_vec();
            if name == b"." || name == b".." {
                return None;
            }
            let stat =
                rustix::fs::statat(&self.0, OsStr::from_bytes(&name), AtFlags::SYMLINK_NOFOLLOW).ok()?;
            let kind = FileType::from_raw_mode(stat.st_mode);
            Some(Found {
                name,
                is_file: kind.is_file(),
                is_folder: kind.is_dir(),
                size: u64::try_from(stat.st_size).unwrap_or(0),
                modified: SystemTime::UNIX_EPOCH
                    + Duration::from_secs(u64::try_from(stat.st_mtime).unwrap_or(0)),
            })
        });
        found.collect()
    }
}

/// Whether a folder may be made. Under `sudo`, `HOME` often still names another user's home directory. That
/// user could not use what root puts there.
fn could_be_made(path: &Path) -> Result<(), NotUsed> {
    let above = path.ancestors().skip(1).find_map(|p| {
        let p = if p.as_os_str().is_empty() { Path::new(".") } else { p };
        std::fs::metadata(p).ok()
    });
    match above {
        Some(meta) if user() == 0 && meta.uid() != 0 => {
            Err(NotUsed::Foreign(format!("it would be in a folder of another user (number {})", meta.uid())))
        }
        _ => Ok(()),
    }
}
