//! The revisions of a git repository that are compared.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::args::DiffArgs;
use crate::cli::console::Console;
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

/// The revisions that `--base` and `--head` name, of the repository of nixpkgs or, if that is in none, of the first module or
/// configuration that is in one.
///
/// # Errors
/// When there is no such repository, or no such revision.
pub fn revisions(console: &Console, args: &DiffArgs) -> Res<[Option<Revision>; 2]> {
    let Some(base) = &args.base else {
        return Ok([None, None]);
    };
    let here = console.current_dir()?;
    let is_path = |name: &&OsString| !name.as_bytes().starts_with(b"<");
    let named = args.open.nixpkgs.iter().chain(&args.names).chain(&args.open.files).filter(is_path);
    let mut paths: Vec<PathBuf> =
        named.map(|name| PathBuf::from(OsString::from_vec(absolute(name.as_bytes(), &here)))).collect();
    paths.push(PathBuf::from(OsString::from_vec(here)));
    let Some(path) = paths.iter().find(|path| Snapshot::is_in_repository(path)) else {
        let message = format!("'{}' is not in a git repository", paths[0].display());
        return Err(Error::new(ErrorKind::Usage, message).help("--base REV compares with a revision of one"));
    };
    let open = |name: &OsString| -> Res<Revision> {
        let name = name.to_string_lossy().into_owned();
        let files = Snapshot::open(path, &name).map_err(|message| Error::new(ErrorKind::Usage, message))?;
        Ok(Revision { name, files: Arc::new(files) })
    };
    Ok([Some(open(base)?), args.head.as_ref().map(open).transpose()?])
}
