//! Adds file trees in memory to the store.

use std::rc::Rc;

use crate::eval::{Error, Evaluator, Res};
use crate::host::{MemoryTree, Object, shown};
use crate::store::tree::{DumpError, Node, Source};
use crate::store::{HashAlgo, NixHash, nar};

/// A tree in memory as the source of an archive.
struct Tree<'a>(&'a MemoryTree);

impl Tree<'_> {
    fn at(&self, path: &[u8]) -> Res<&MemoryTree> {
        let mut at = self.0;
        for part in path.split(|c| *c == b'/').filter(|p| !p.is_empty()) {
            match at {
                MemoryTree::Directory(entries) if entries.contains_key(part) => at = &entries[part],
                _ => return Err(Error::eval("a tree in memory has changed")),
            }
        }
        Ok(at)
    }
}

impl Source for Tree<'_> {
    type Error = Error;

    fn node(&mut self, path: &[u8]) -> Res<Node> {
        Ok(match self.at(path)? {
            MemoryTree::File { contents, executable } => {
                Node::Regular { executable: *executable, size: contents.len() as u64 }
            }
            MemoryTree::Symlink(target) => Node::Symlink(target.clone()),
            MemoryTree::Directory(entries) => Node::Directory(entries.keys().cloned().collect()),
        })
    }

    fn read(&mut self, path: &[u8], sink: &mut dyn FnMut(&[u8])) -> Res<()> {
        if let MemoryTree::File { contents, .. } = self.at(path)? {
            sink(contents);
        }
        Ok(())
    }
}

/// The hash of a tree's Nix archive.
pub fn hash(tree: &MemoryTree) -> Res<NixHash> {
    match nar::hash(&mut Tree(tree), HashAlgo::Sha256) {
        Ok((hash, _)) => Ok(hash),
        Err(DumpError::Source(e)) => Err(e),
        Err(DumpError::TooDeep(path) | DumpError::SizeChanged(path)) => {
            let (path, depth) = (shown(&path).into_owned(), nar::MAX_DEPTH);
            Err(Error::eval(format!("path '{path}' exceeds maximum NAR directory depth of {depth}")))
        }
    }
}

/// Adds a tree to the store as source `name`; returns its path and the hash of its archive.
///
/// # Errors
/// When the name is not valid for a store path.
pub fn add(ev: &Evaluator, name: &[u8], tree: Rc<MemoryTree>) -> Res<(String, NixHash)> {
    let hash = hash(&tree)?;
    let path = ev.source_path(name, &hash)?;
    ev.objects.add(path.as_bytes(), Object::Memory(tree), Vec::new());
    Ok((path, hash))
}
