//! `--input`: folders that have the files of inputs.

use super::reading::{reading, show, warn};
use super::source;
use crate::builtins::fetch;
use crate::eval::{Evaluator, Res};
use crate::host::shown;
use crate::store::inputs::{FlakeRef, PathRef};
use crate::store::lock_file::{InputPath, show_path};

/// What the folder of an input has.
pub enum Given {
    /// No folder is given.
    Nothing,
    /// Exactly the files that are locked.
    Same,
    /// Others.
    Other(FlakeRef),
}

/// Looks at the folder that is given for an input, and compares it with what is locked.
///
/// # Errors
/// When it cannot be read.
pub fn given(
    ev: &Evaluator,
    folders: &[(InputPath, Vec<u8>)],
    path: &[String],
    locked: &FlakeRef,
) -> Res<Given> {
    let Some((_, folder)) = folders.iter().find(|(of, _)| of == path) else {
        return Ok(Given::Nothing);
    };
    let wanted = locked.input.attrs.nar_hash().map_err(|e| ev.store_error(&e))?;
    if let Some(hash) = wanted
        && fetch::in_store(ev, &locked.input.attrs, hash)?.is_some()
    {
        return Ok(Given::Same);
    }
    let reference = reference(ev, folder)?;
    let found = source::tree(ev, &reference.input)?;
    let found_hash = found.attrs.nar_hash().map_err(|e| ev.store_error(&e))?;
    if wanted.is_some() && found_hash == wanted {
        return Ok(Given::Same);
    }
    warn(
        ev,
        &format!(
            "the files in '{}' are not those that are locked for the input '{}' ('{}'); they take their place",
            shown(folder),
            show_path(path),
            show(ev, locked)?
        ),
    );
    Ok(Given::Other(reference))
}

/// The reference to the files in a folder: to what git tracks of a work tree, or else to all.
///
/// # Errors
/// When the folder cannot be a reference.
pub fn reference(ev: &Evaluator, folder: &[u8]) -> Res<FlakeRef> {
    let git = ev.unguarded_host().file_type(&[folder, b"/.git"].concat()).map_err(|e| ev.host_error(e))?;
    let path = PathRef { path: folder.to_vec(), query: Default::default(), fragment: Vec::new() };
    reading(ev, true, |how| match git {
        Some(_) => path.in_repository(folder, b"", how),
        None => path.reference(how),
    })
    .map(|(reference, _)| reference)
}
