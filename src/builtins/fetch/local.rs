//! Whether an input can be fetched without network access.

use super::arguments::{kind_of, text};
use super::content::{file_path, given, parse};
use super::fetched::outside;
use super::nix_cache::clone_of;
use crate::eval::{Evaluator, Res};
use crate::host::GitRepository;
use crate::store::HashFormat;
use crate::store::inputs::Attrs;

/// Whether the files of an input are on this machine, where it says or where the user says; `shown` is its URL. Nothing
/// is read, so fetching it may still fail.
///
/// # Errors
/// When an attribute is malformed.
pub fn is_local(ev: &Evaluator, input: &Attrs, shown_as: &str) -> Res<bool> {
    let exists = |path: &[u8]| outside(ev, path).resolve(path).is_ok();
    let url = text(input, "url")?.unwrap_or_default();
    if given(ev, shown_as).is_some() || given(ev, &url).is_some() {
        return Ok(true);
    }
    match kind_of(input)? {
        "path" => Ok(exists(text(input, "path")?.unwrap_or_default().as_bytes())),
        "git" => {
            let rev = input.rev()?.map(|rev| rev.to_text(HashFormat::Base16, false));
            let has =
                |path: &[u8], rev: &String| GitRepository::open(path).is_ok_and(|repo| repo.has_commit(rev));
            Ok(match file_path(&parse(ev, &url)?)? {
                Some(path) => exists(&path) && rev.is_none_or(|rev| has(&path, &rev)),
                // Where a branch leads now, a clone does not know.
                None => rev.is_some_and(|rev| clone_of(ev, &url).is_some_and(|path| has(&path, &rev))),
            })
        }
        "tarball" | "file" => match file_path(&parse(ev, &url)?)? {
            Some(path) => Ok(exists(&path)),
            None => Ok(false),
        },
        _ => Ok(false),
    }
}
