//! Fetched sources, and adding them to the store.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use super::memory;
use crate::eval::{Evaluator, Res};
use crate::host::{FileType, Host, Kept, MemoryTree, Object};
use crate::store::build_path::build_ca_path;
use crate::store::{CAHash, HashAlgo, HashMode, NixHash, StorePath};

/// A fetched source.
pub enum Fetched {
    /// A tree in memory.
    Memory(Rc<MemoryTree>),
    /// A tree of the host, possibly filtered.
    Elsewhere {
        /// Its path.
        path: Vec<u8>,
        /// The paths below it that git tracks.
        kept: Option<HashSet<Vec<u8>>>,
    },
    /// Already in the store.
    Present(NixHash),
}

/// The host that a path is fetched from. The access policy is about what the evaluation reads, not about fetching.
pub fn outside<'e>(ev: &'e Evaluator, path: &[u8]) -> &'e dyn Host {
    match ev.objects.split(path) {
        Some(_) => &*ev.host,
        None => ev.unguarded_host(),
    }
}

/// The store path of a source with a fixed hash.
///
/// # Errors
/// When the name is not valid for a store path.
pub fn store_path(ev: &Evaluator, name: &str, mode: HashMode, hash: NixHash) -> Res<StorePath> {
    let ca = CAHash { mode, hash };
    let path = build_ca_path(ev.store_dir()?, name.as_bytes(), &ca, &BTreeSet::new(), false);
    path.map_err(|e| ev.store_error(&e))
}

/// Adds a fetched source to the store.
pub fn put(ev: &Evaluator, name: &str, fetched: &mut Fetched) -> Res<(String, NixHash)> {
    match fetched {
        Fetched::Memory(tree) => memory::add(ev, name.as_bytes(), tree.clone()),
        Fetched::Present(hash) => Ok((ev.source_path(name.as_bytes(), hash)?, *hash)),
        Fetched::Elsewhere { path, kept } => {
            let kept = kept.take().map(|paths| Rc::new(Kept { paths, tracked: true }));
            let host = outside(ev, path);
            let hash = match &kept {
                None => ev.hash_tree_of(host, path, None, HashAlgo::Sha256)?,
                Some(kept) => {
                    let mut keep = |entry: &[u8], _: FileType| {
                        let inside = entry.strip_prefix(&path[..]).unwrap_or(entry);
                        Ok(kept.paths.contains(inside.strip_prefix(b"/").unwrap_or(inside)))
                    };
                    ev.hash_tree_of(host, path, Some(&mut keep), HashAlgo::Sha256)?
                }
            };
            let made = ev.source_path(name.as_bytes(), &hash)?;
            let object = Object::Elsewhere { path: path.clone(), kept };
            ev.objects.add(made.as_bytes(), object, Vec::new());
            Ok((made, hash))
        }
    }
}
