//! What an evaluation knows of the derivations that it has made.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use hashbrown::HashMap;

use crate::eval::{Evaluator, Res};
use crate::store::{Derivation, HashModulos, StorePath};
use crate::value::Value;

/// What is remembered of each derivation.
#[derive(Default)]
pub(super) struct Derivations {
    pub(super) modulos: RefCell<HashModulos>,
    pub(super) inputs: RefCell<HashMap<StorePath, Inputs>>,
}

/// The parts of a derivation that a reference to its whole closure needs.
pub(super) struct Inputs {
    pub(super) derivations: Vec<StorePath>,
    pub(super) sources: Vec<StorePath>,
    pub(super) outputs: Vec<String>,
    pub(super) file: DerivationFile,
}

/// Where the file of a derivation comes from when it is read.
pub(super) enum DerivationFile {
    /// It is made again from the attributes, which the heap has anyway.
    Again { name: Rc<str>, set: Value },
    /// It is kept: the attributes refer to whole package sets, which may be collected.
    Kept { aterm: Box<[u8]>, outputs: Vec<(String, Option<StorePath>)> },
}

/// Reads inputs that the evaluation has not made from the store. Whatever is not there is complained of later.
pub(super) fn load_missing(ev: &Evaluator, known: &Derivations, drv: &Derivation) {
    let mut modulos = known.modulos.borrow_mut();
    let Ok(dir) = ev.store_dir() else { return };
    for path in drv.input_derivations.keys() {
        if modulos.get(path).is_none() {
            let read = |path: &StorePath| ev.host.read_file(dir.print(path).as_bytes()).map_err(|_| Unread);
            // What cannot be read is complained of when it is missed.
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

/// A `drvPath` refers to everything below the derivation.
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
