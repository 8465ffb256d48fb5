//! What was fetched, and its place in the store.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use super::memory;
use crate::eval::{Evaluator, Res};
use crate::host::{FileType, MemoryTree, Object};
use crate::store::build_path::build_ca_path;
use crate::store::{CAHash, HashAlgo, HashMode, NixHash, StorePath};

/// What was fetched.
pub enum Fetched {
    /// A tree in memory.
    Memory(Rc<MemoryTree>),
    /// A tree of the host, or what is kept of it.
    Elsewhere {
        /// Its path.
        path: Vec<u8>,
        /// The kept paths below it.
        kept: Option<HashSet<Vec<u8>>>,
    },
    /// It is in the store already.
    Present(NixHash),
}

/// The path of what a hash determines.
///
/// # Errors
/// When the name is none that a store path may have.
pub fn store_path(ev: &Evaluator, name: &str, mode: HashMode, hash: NixHash) -> Res<StorePath> {
    let ca = CAHash { mode, hash };
    let path = build_ca_path(ev.store_dir()?, name.as_bytes(), &ca, &BTreeSet::new(), false);
    path.map_err(|e| ev.store_error(&e))
}

/// Puts what was fetched into the store.
///
/// # Errors
/// When it cannot be read, or has no name for a store path.
pub fn put(ev: &Evaluator, name: &str, fetched: &mut Fetched) -> Res<(String, NixHash)> {
    match fetched {
        Fetched::Memory(tree) => memory::add(ev, name.as_bytes(), tree.clone()),
        Fetched::Present(hash) => Ok((ev.source_path(name.as_bytes(), hash)?, *hash)),
        Fetched::Elsewhere { path, kept } => {
            let kept = kept.take().map(Rc::new);
            let hash = match &kept {
                None => ev.hash_tree(path, None, HashAlgo::Sha256)?,
                Some(kept) => {
                    let mut keep = |entry: &[u8], _: FileType| {
                        let inside = entry.strip_prefix(&path[..]).unwrap_or(entry);
                        Ok(kept.contains(inside.strip_prefix(b"/").unwrap_or(inside)))
                    };
                    ev.hash_tree(path, Some(&mut keep), HashAlgo::Sha256)?
                }
            };
            let made = ev.source_path(name.as_bytes(), &hash)?;
            let object = Object::Elsewhere { path: path.clone(), kept };
            ev.objects.add(made.as_bytes(), object, Vec::new());
            Ok((made, hash))
        }
    }
}
