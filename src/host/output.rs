//! Writes files that the user asked for.
#![allow(clippy::disallowed_methods, reason = "host/ may touch the outside")]

use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

/// Makes a folder and its parents, unless it exists.
pub(super) fn make_folder(path: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(Path::new(OsStr::from_bytes(path)))
}

/// Writes a file, replacing its contents.
pub(super) fn write_file(path: &[u8], contents: &[u8]) -> io::Result<()> {
    std::fs::write(Path::new(OsStr::from_bytes(path)), contents)
}

/// Makes a symbolic link, unless something is there.
pub(super) fn make_link(path: &[u8], target: &[u8]) -> io::Result<()> {
    match std::os::unix::fs::symlink(OsStr::from_bytes(target), OsStr::from_bytes(path)) {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// Writes a file atomically, unless one of that name exists.
pub(super) fn write_new_file(folder: &[u8], name: &str, contents: &[u8]) -> io::Result<()> {
    let folder = Path::new(OsStr::from_bytes(folder));
    let path = folder.join(name);
    if path.symlink_metadata().is_ok() {
        return Ok(());
    }
    let aside = folder.join(format!(".{}-{name}", std::process::id()));
    // Never writes through an existing file or link.
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(&aside);
    let written = file.and_then(|mut file| file.write_all(contents));
    written.and_then(|()| std::fs::rename(&aside, &path)).inspect_err(|e| {
        if e.kind() != io::ErrorKind::AlreadyExists {
            // It may not exist.
            let _ = std::fs::remove_file(&aside);
        }
    })
}
