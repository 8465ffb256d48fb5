//! The derivations that an evaluation has instantiated.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use hashbrown::HashMap;

use crate::eval::{Error, Evaluator, Res};
use crate::store::{Derivation, HashModulo, HashModulos, StorePath};
use crate::value::Value;

/// The data kept for each derivation.
#[derive(Default)]
pub(super) struct Derivations {
    pub(super) modulos: RefCell<HashModulos>,
    pub(super) inputs: RefCell<HashMap<StorePath, Inputs>>,
}

/// The parts of a derivation that a reference to its entire closure needs.
pub(super) struct Inputs {
    pub(super) derivations: Vec<StorePath>,
    pub(super) sources: Vec<StorePath>,
    pub(super) outputs: Vec<String>,
    pub(super) file: DerivationFile,
}

/// How the file of a derivation is obtained when it is read.
pub(super) enum DerivationFile {
    /// Instantiated again from the attributes, which the heap holds anyway.
    Again { name: Rc<str>, set: Value },
    /// Stored, because the attributes refer to entire package sets, which should be collectable.
    Kept { aterm: Box<[u8]>, outputs: Vec<(String, Option<StorePath>)> },
}

/// Reads inputs from the store that the evaluation has not instantiated. Missing ones are reported later.
pub(super) fn load_missing(ev: &Evaluator, known: &Derivations, drv: &Derivation) {
    let mut modulos = known.modulos.borrow_mut();
    let Ok(dir) = ev.store_dir() else { return };
    for path in drv.input_derivations.keys() {
        if modulos.get(path).is_none() {
            let read = |path: &StorePath| ev.host.read_file(dir.print(path).as_bytes()).map_err(|_| Unread);
            // Unreadable inputs are reported when they are needed.
            let _ = modulos.load(path, dir, ev.settings.store_features, read);
        }
    }
}

/// The hash modulo of a derivation that the evaluation has instantiated, or that is in the store.
///
/// # Errors
/// When its file, or that of an input, cannot be read.
pub fn hash_modulo(ev: &Evaluator, path: &StorePath) -> Res<HashModulo> {
    let known = ev.extension::<Derivations>();
    let mut modulos = known.modulos.borrow_mut();
    let read = |path: &StorePath| in_store(ev, path);
    modulos.load(path, ev.store_dir()?, ev.settings.store_features, read)?;
    let found = modulos.get(path).cloned();
    found.ok_or_else(|| Error::eval(format!("the derivation '{path}' has no hash")))
}

/// The file of a derivation in the store.
///
/// # Errors
/// When it is not there.
pub(super) fn in_store(ev: &Evaluator, path: &StorePath) -> Res<Vec<u8>> {
    let file = ev.store_dir()?.print(path);
    let read = ev.unguarded_host().read_file(file.as_bytes());
    read.map_err(|_| Error::eval(format!("path '{file}' is not a valid store path")))
}

/// An input cannot be read.
struct Unread;

impl From<crate::store::Error> for Unread {
    fn from(_: crate::store::Error) -> Unread {
        Unread
    }
}

/// Adds the closure of a derivation, to which a `drvPath` refers.
pub(super) fn add_closure(
    ev: &Evaluator,
    known: &Derivations,
    drv: &mut Derivation,
    path: StorePath,
) -> Res<()> {
    let dir = ev.store_dir()?;
    let inputs = known.inputs.borrow();
    let mut open = vec![path];
    let mut seen = BTreeSet::new();
    while let Some(path) = open.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        drv.input_sources.insert(path.clone());
        if let Some(found) = inputs.get(&path) {
            open.extend(found.derivations.iter().cloned());
            open.extend(found.sources.iter().cloned());
            for output in &found.outputs {
                drv.add_input(path.clone(), &[], output.clone());
            }
        } else if let Some(references) = ev.objects.references(dir.print(&path).as_bytes()) {
            for reference in references.iter() {
                open.push(ev.parse_store_path(reference)?);
            }
        }
    }
    Ok(())
}
