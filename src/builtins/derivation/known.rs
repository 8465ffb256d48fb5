//! The derivations that an evaluation has instantiated.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use hashbrown::HashMap;

use crate::eval::{Evaluator, Res};
use crate::store::{Derivation, HashModulos, StorePath};
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
