//! Locks the inputs of a flake: by its lock file, as far as that fits, and otherwise by what is at hand.

use std::collections::{BTreeMap, BTreeSet};

use super::compute::{Computing, Override};
use super::flags::LockFlags;
use super::input::FlakeInput;
use super::lock_text::{lock_file_in, parse};
use super::locked::{Locked, Source};
use super::reading::{show, warn};
use super::registry::Registries;
use super::source::{self, Flake};
use crate::eval::{Evaluator, Res};
use crate::store::Feature;
use crate::store::inputs::FlakeRef;
use crate::store::lock_file::{LockFile, ROOT, show_path};

/// Fetches a flake, and locks its inputs.
///
/// # Errors
/// When the flake or an input that has to be locked anew cannot be fetched, and a malformed lock file.
pub fn lock(ev: &Evaluator, original: &FlakeRef, flags: &LockFlags) -> Res<Locked> {
    ev.settings.store_features.require(Feature::Flakes).map_err(|e| ev.store_error(&e))?;
    let which = if flags.registries { Registries::All } else { Registries::No };
    let flake = source::flake(ev, original, which, &[])?;
    let name = show(ev, &flake.locked)?;
    inputs(ev, original, flake, flags)
        .map_err(|e| e.trace(Default::default(), format!("while updating the lock file of flake '{name}'")))
}

fn inputs(ev: &Evaluator, original: &FlakeRef, flake: Flake, flags: &LockFlags) -> Res<Locked> {
    let old = match &flags.lock_file {
        Some(path) => {
            let text = ev.unguarded_host().read_file(path).map_err(|e| ev.host_error(e))?;
            parse(ev, &text, path)?
        }
        None => lock_file_in(ev, &flake.file.folder)?,
    };
    let mut computing = Computing {
        ev,
        flags,
        overrides: BTreeMap::new(),
        explicit: BTreeSet::new(),
        used: BTreeSet::new(),
        new: LockFile::default(),
        sources: BTreeMap::new(),
        parents: Vec::new(),
    };
    let root = Source { path: flake.tree.path.clone(), dir: flake.locked.dir.clone() };
    computing.sources.insert(ROOT, root);
    for (path, reference) in &flags.overrides {
        let input = FlakeInput::of(reference.clone());
        let from = flake.file.folder.clone();
        computing.overrides.entry(path.clone()).or_insert(Override { input, from, parent: None });
        computing.explicit.insert(path.clone());
    }
    computing.root(&flake.file, &old)?;
    for (path, reference) in &flags.overrides {
        if !computing.used.contains(path) {
            let (path, reference) = (show_path(path), show(ev, reference)?);
            warn(ev, &format!("the flag '--override-input {path} {reference}' does not match any input"));
        }
    }
    for (path, _) in &flags.given {
        if computing.new.find(path).map_err(|e| ev.store_error(&e))?.is_none() {
            warn(ev, &format!("the flag '--input {}' does not match any input", show_path(path)));
        }
    }
    let Computing { new, sources, .. } = computing;
    new.check().map_err(|e| ev.store_error(&e))?;
    let mut attrs = flake.locked.input.attrs.clone();
    if new.to_json().0 != old.to_json().0 {
        let (name, changes) = (show(ev, original)?, old.differences(&new));
        warn(ev, &format!("not writing modified lock file of flake '{name}':\n{changes}"));
        attrs.0.remove(&b"rev"[..]);
        attrs.0.remove(&b"revCount"[..]);
    }
    Ok(Locked { tree: flake.tree, attrs, lock: new, sources })
}
