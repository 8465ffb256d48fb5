//! Reads `flake.lock` from a folder.

use super::reading::warn;
use crate::builtins::json;
use crate::eval::{Error, Evaluator, Res};
use crate::host::shown;
use crate::store::lock_file::LockFile;

/// The lock file in a folder, or an empty one.
///
/// # Errors
/// When it is malformed.
pub fn lock_file_in(ev: &Evaluator, folder: &[u8]) -> Res<LockFile> {
    let path = [folder, b"/flake.lock"].concat();
    if ev.host.file_type(&path).map_err(|e| ev.host_error(e))?.is_none() {
        return Ok(LockFile::default());
    }
    let text = ev.host.read_file(&path).map_err(|e| ev.host_error(e))?;
    parse(ev, &text, &path)
}

/// The lock file in a text; `path` is where that is.
///
/// # Errors
/// When it is malformed.
pub fn parse(ev: &Evaluator, text: &[u8], path: &[u8]) -> Res<LockFile> {
    let path = ev.sources.show(path);
    // In the words of Nix's parser, which says where.
    if let Err(e) = json::check(text) {
        return Err(Error::eval(format!("Could not parse '{path}': {}", shown(&e))));
    }
    let features = ev.settings.store_features;
    LockFile::read(text, &path, features, &|text| warn(ev, text)).map_err(|e| {
        let error = Error::eval(e.message);
        match e.node {
            Some((node, line)) => error.help(format!("This is about the node '{node}' at {path}:{line}.")),
            None => error,
        }
    })
}
