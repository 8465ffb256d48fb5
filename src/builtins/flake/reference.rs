//! Flake references from the command line: a path is looked up in the file system, up to the folder with a `flake.nix`.

use super::reading::{reading, warn};
use crate::eval::{Error, Evaluator, Res};
use crate::host::{FileType, Host, shown};
use crate::store::inputs::{FlakeRef, PathRef};
use crate::syntax::absolute;

/// The reference and the fragment in a text. Paths are relative to `base`; one below a git repository is a part of that.
/// With `looks_up`, the flake may be in a folder above.
///
/// # Errors
/// When the text is not a reference, or the path leads to no flake.
pub fn from_command_line(
    ev: &Evaluator,
    text: &[u8],
    base: &[u8],
    looks_up: bool,
) -> Res<(FlakeRef, Vec<u8>)> {
    if let Some(found) = reading(ev, true, |how| FlakeRef::from_name_or_url(text, Some(base), how))? {
        return Ok(found);
    }
    let mut path = reading(ev, true, |how| PathRef::parse(text, how.warn))?;
    path.path = absolute(&path.path, base);
    let host = ev.unguarded_host();
    let folder = flake_folder(ev, host, &path.path, looks_up)?;
    let mut root = folder.clone();
    loop {
        let git = [&root[..], b"/.git"].concat();
        if exists(ev, host, &git)? {
            let dir = folder[root.len()..].strip_prefix(b"/").unwrap_or_default().to_vec();
            if exists(ev, host, &[&git[..], b"/shallow"].concat())? {
                path.query.insert(b"shallow".to_vec(), b"1".to_vec());
            }
            return reading(ev, true, |how| path.in_repository(&root, &dir, how));
        }
        match parent(&root) {
            Some(above) => root = above.to_vec(),
            None => break,
        }
    }
    path.path = folder;
    reading(ev, true, |how| path.reference(how))
}

/// The folder above; none for the root.
fn parent(path: &[u8]) -> Option<&[u8]> {
    let slash = path.iter().rposition(|c| *c == b'/').filter(|_| path.len() > 1)?;
    Some(if slash == 0 { b"/" } else { &path[..slash] })
}

fn exists(ev: &Evaluator, host: &dyn Host, path: &[u8]) -> Res<bool> {
    let path = path.strip_prefix(b"/").filter(|rest| rest.starts_with(b"/")).unwrap_or(path);
    Ok(host.file_type(path).map_err(|e| ev.host_error(e))?.is_some())
}

/// The folder of the flake that a path is in.
fn flake_folder(ev: &Evaluator, host: &dyn Host, path: &[u8], looks_up: bool) -> Res<Vec<u8>> {
    let quoted = |path: &[u8]| format!("\"{}\"", shown(path));
    let mut at = path.to_vec();
    // A link to a folder is a folder here; Nix asks for the folder itself.
    let kind = |path: &[u8]| -> Res<Option<FileType>> {
        let Ok(real) = host.resolve(path) else { return Ok(None) };
        host.file_type(&real).map_err(|e| ev.host_error(e))
    };
    match kind(path)? {
        None => {
            let path = shown(path);
            return Err(Error::eval(format!("getting status of \"{path}\": No such file or directory")));
        }
        Some(FileType::Directory) => {}
        Some(_) if path.ends_with(b"/flake.nix") => {
            at = parent(path).unwrap_or(b"/").to_vec();
            warn(
                ev,
                &format!(
                    "Path {} should point at the directory containing the 'flake.nix' file, not the file itself. \
                     Pretending that you meant {}",
                    quoted(path),
                    quoted(&at)
                ),
            );
        }
        Some(_) => {
            let path = quoted(path);
            return Err(Error::eval(format!("path {path} is not a flake (because it's not a directory)")));
        }
    }
    let flake = |folder: &[u8]| exists(ev, host, &[folder, b"/flake.nix"].concat());
    if !looks_up || flake(&at)? {
        return Ok(at);
    }
    let start = quoted(&at);
    ev.host.message(format!("path {start} does not contain a 'flake.nix', searching up").as_bytes());
    loop {
        if flake(&at)? {
            return Ok(at);
        }
        if exists(ev, host, &[&at[..], b"/.git"].concat())? {
            return Err(Error::eval(format!(
                "path {} is not part of a flake (neither it nor its parent directories contain a 'flake.nix' file)",
                quoted(&at)
            )));
        }
        match parent(&at) {
            Some(above) => at = above.to_vec(),
            None => return Err(Error::eval("could not find a flake.nix file")),
        }
    }
}
