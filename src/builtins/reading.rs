//! Reads through the host, following symbolic links as Nix does and with its messages.
//!
//! The host follows links itself, at no cost. Only when it fails are links followed here, one by one, to find the
//! message that Nix gives (`testdata/lang/files.txt`).

use crate::eval::{Error, ErrorKind, Evaluator, Res};
use crate::host::{FileType, HostError, follow_links, shown};

/// A file's contents.
pub fn read_file(ev: &Evaluator, path: &[u8]) -> Res<Vec<u8>> {
    if let Some(file) = ev.internal_file(path) {
        return Ok(file.text.to_vec());
    }
    through_links(ev, path, |path| ev.host.read_file(path))
}

/// The names in a directory with their types.
pub fn read_dir(ev: &Evaluator, path: &[u8]) -> Res<Vec<(Vec<u8>, FileType)>> {
    through_links(ev, path, |path| ev.read_folder(path))
}

fn through_links<T>(ev: &Evaluator, path: &[u8], read: impl Fn(&[u8]) -> Result<T, HostError>) -> Res<T> {
    if !path.starts_with(b"/") {
        return Err(missing(path));
    }
    read(path).or_else(|e| {
        let real = resolve_for_reading(ev, path, true)?;
        if real == path { Err(ev.host_error(e)) } else { read(&real).map_err(|e| ev.host_error(e)) }
    })
}

/// The type of the file at a path, not following a final link (`readFileType`). Nix refuses links in parent
/// directories.
///
/// # Errors
/// When nothing is there, or a parent directory is a link.
pub fn kind_of(ev: &Evaluator, path: &[u8]) -> Res<FileType> {
    if ev.internal_file(path).is_some() {
        return Ok(FileType::Regular);
    }
    let mut above = path;
    while let Some(slash @ 1..) = above.iter().rposition(|c| *c == b'/') {
        above = &above[..slash];
        if matches!(ev.host.file_type(above), Ok(Some(FileType::Symlink))) {
            let above = shown(above).into_owned();
            return Err(Error::new(ErrorKind::System, format!("path '{above}' is a symlink")));
        }
    }
    ev.host.check_access(path).map_err(|e| ev.host_error(e))?;
    match ev.host.file_type(path).map_err(|e| ev.host_error(e))? {
        Some(kind) => Ok(kind),
        None => Err(missing(path)),
    }
}

/// Whether a path exists. Links in parent directories are followed; a final link only if a directory is wanted.
///
/// # Errors
/// When links form a cycle, or the path cannot be accessed.
pub fn exists(ev: &Evaluator, path: &[u8], directory: bool) -> Res<bool> {
    if !path.starts_with(b"/") {
        return Ok(ev.internal_file(path).is_some());
    }
    if path == ev.settings.store_dir.as_bytes() {
        // Nix's store always exists, wherever its files are.
        return Ok(true);
    }
    match ev.host.file_type(path) {
        Ok(None) => return Ok(false),
        Ok(Some(FileType::Directory)) => return Ok(true),
        Ok(Some(FileType::Symlink)) if directory => {}
        Ok(Some(_)) => return Ok(!directory),
        // Nix resolves the parent directories, but inspects only the path itself.
        Err(e @ HostError::NoStorePath(_))
            if ev.objects.split(path).is_some_and(|(_, rest)| rest.is_empty()) =>
        {
            return Err(ev.host_error(e));
        }
        Err(_) => {}
    }
    let real = resolve_for_reading(ev, path, directory)?;
    let kind = ev.host.file_type(&real).map_err(|e| ev.host_error(e))?;
    Ok(kind.is_some_and(|k| !directory || k == FileType::Directory))
}

fn missing(path: &[u8]) -> Error {
    let path = shown(path);
    Error::new(ErrorKind::System, format!("path '{path}' does not exist"))
}

fn resolve_for_reading(ev: &Evaluator, path: &[u8], last: bool) -> Res<Vec<u8>> {
    resolve_links(ev, path, last).map_err(|e| {
        let path = shown(path);
        e.trace(crate::source::Pos::NONE, format!("while realising the context of path '{path}'"))
    })
}

/// A path with its symbolic links resolved, a final one only if `last` is set. Parts that do not exist stay
/// unchanged.
///
/// # Errors
/// When links form a cycle, or the path must be a store path and is not one.
pub fn resolve_links(ev: &Evaluator, path: &[u8], last: bool) -> Res<Vec<u8>> {
    let target = |at: &[u8], _: &[Vec<u8>]| match ev.host.stat(at) {
        Ok(stat) => Ok(Some(stat.target).filter(|_| stat.kind == FileType::Symlink)),
        Err(e @ HostError::NoStorePath(_)) => Err(e),
        Err(_) => Ok(None),
    };
    follow_links(path, last, target).map_err(|e| ev.host_error(e))
}
