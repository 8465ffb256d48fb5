//! The revisions of a git repository that commands compare with: `--base` and `--head`.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::console::Console;
use crate::eval::{Error, ErrorKind, Res};
use crate::host::Snapshot;
use crate::syntax::absolute;

/// A revision, and its files.
#[derive(Clone)]
pub struct Revision {
    /// As it was named.
    pub name: String,
    /// Its files.
    pub files: Arc<Snapshot>,
}

impl Revision {
    /// The revision with a name of the repository that a path is in.
    ///
    /// # Errors
    /// When there is no such revision.
    pub fn open(path: &Path, name: &OsStr) -> Res<Revision> {
        let name = name.to_string_lossy().into_owned();
        let files = Snapshot::open(path, &name).map_err(|message| Error::new(ErrorKind::Usage, message))?;
        Ok(Revision { name, files: Arc::new(files) })
    }
}

/// The first path that is in a git repository, of those that flags name or, if none is, of the current folder.
///
/// # Errors
/// When none is.
pub fn in_repository<'n>(console: &Console, named: impl IntoIterator<Item = &'n OsString>) -> Res<PathBuf> {
    let here = console.current_dir()?;
    let is_path = |name: &&OsString| !name.as_bytes().starts_with(b"<");
    let mut paths: Vec<PathBuf> = named
        .into_iter()
        .filter(is_path)
        .map(|name| PathBuf::from(OsString::from_vec(absolute(name.as_bytes(), &here))))
        .collect();
    paths.push(PathBuf::from(OsString::from_vec(here)));
    match paths.iter().find(|path| Snapshot::is_in_repository(path)) {
        Some(path) => Ok(path.clone()),
        None => {
            let message = format!("'{}' is not in a git repository", paths[0].display());
            Err(Error::new(ErrorKind::Usage, message).help("--base REV compares with a revision of one"))
        }
    }
}
