//! Reads local Git repositories with gix.

mod attributes;
mod changed;
mod names;
mod snapshot;
mod submodules;
mod work_tree;

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::rc::Rc;

use gix::ObjectId;
use gix::objs::tree::EntryKind;

use super::MemoryTree;
use attributes::{Attributes, joined};
pub use changed::changed_between;
pub use snapshot::Snapshot;
pub(super) use snapshot::{Lookup, Node};

/// A repository.
pub struct GitRepository {
    repo: gix::Repository,
}

/// Decides what to leave out, by path and whether it is a directory.
type Ignore<'a> = &'a dyn Fn(&[u8], bool) -> bool;

impl GitRepository {
    /// The repository at a path: a working directory, or a bare one.
    pub fn open(path: &[u8]) -> Result<GitRepository, String> {
        let path = Path::new(OsStr::from_bytes(path));
        let repo = gix::open_opts(path, gix::open::Options::isolated()).map_err(|e| e.to_string())?;
        Ok(GitRepository { repo })
    }

    /// The checked-out branch (`refs/heads/…`).
    pub fn head_name(&self) -> Option<String> {
        self.repo.head_name().ok().flatten().map(|name| name.as_bstr().to_string())
    }

    /// The checked-out commit.
    pub fn head(&self) -> Option<String> {
        self.repo.head_id().ok().map(|id| id.to_hex().to_string())
    }

    /// The commit that a reference resolves to.
    pub fn resolve(&self, reference: &str) -> Option<String> {
        if let Ok(id) = ObjectId::from_hex(reference.as_bytes()) {
            return self.repo.find_commit(id).ok().map(|_| reference.to_owned());
        }
        let mut found = self.repo.find_reference(reference).ok()?;
        found.peel_to_commit().ok().map(|commit| commit.id.to_hex().to_string())
    }

    /// Whether the repository has a commit.
    pub fn has_commit(&self, commit: &str) -> bool {
        id(commit).is_ok_and(|id| self.repo.find_commit(id).is_ok())
    }

    /// Whether the repository is shallow.
    pub fn is_shallow(&self) -> bool {
        self.repo.is_shallow().unwrap_or(false)
    }

    /// The time of a commit, in seconds since 1970.
    pub fn last_modified(&self, commit: &str) -> Result<u64, String> {
        let commit = self.repo.find_commit(id(commit)?).map_err(|e| e.to_string())?;
        let time = commit.time().map_err(|e| e.to_string())?;
        Ok(u64::try_from(time.seconds).unwrap_or(0))
    }

    /// The number of commits in the history of a commit, including itself.
    ///
    /// # Errors
    /// When the repository is shallow.
    pub fn revision_count(&self, commit: &str) -> Result<u64, String> {
        let start = id(commit)?;
        // Where a shallow history ends, commits have no parents.
        let cut = self.repo.shallow_commits().map_err(|e| e.to_string())?;
        let is_cut = |id: &ObjectId| cut.as_ref().is_some_and(|cut| cut.contains(id));
        let mut seen = HashSet::from([start]);
        let mut open = vec![start];
        while let Some(next) = open.pop() {
            if is_cut(&next) {
                continue;
            }
            let commit = self.repo.find_commit(next).map_err(|e| e.to_string())?;
            for parent in commit.parent_ids() {
                if seen.insert(parent.detach()) {
                    open.push(parent.detach());
                }
            }
        }
        Ok(seen.len() as u64)
    }

    /// The files of a commit; with `export_ignore`, without those that attributes exclude. Submodules are
    /// empty directories.
    pub fn tree(&self, commit: &str, export_ignore: bool) -> Result<Rc<MemoryTree>, String> {
        let commit = self.repo.find_commit(id(commit)?).map_err(|e| e.to_string())?;
        let root = commit.tree_id().map_err(|e| e.to_string())?.detach();
        let rules = match export_ignore {
            true => Some(Attributes::of_commit(&self.repo, root)?),
            false => None,
        };
        let ignore = |path: &[u8], is_dir: bool| rules.as_ref().is_some_and(|r| r.ignores(path, is_dir));
        self.subtree(root, b"", &ignore)
    }

    fn subtree(&self, tree: ObjectId, above: &[u8], ignore: Ignore<'_>) -> Result<Rc<MemoryTree>, String> {
        let tree = self.repo.find_tree(tree).map_err(|e| e.to_string())?;
        let mut entries = BTreeMap::new();
        for entry in tree.iter() {
            let entry = entry.map_err(|e| e.to_string())?;
            let name = entry.filename().to_vec();
            let path = joined(above, &name);
            let kind = entry.mode().kind();
            if ignore(&path, kind == EntryKind::Tree) {
                continue;
            }
            let id = entry.object_id();
            let blob = || -> Result<Vec<u8>, String> {
                Ok(self.repo.find_blob(id).map_err(|e| e.to_string())?.take_data())
            };
            let node = match kind {
                EntryKind::Tree => self.subtree(id, &path, ignore)?,
                EntryKind::Link => Rc::new(MemoryTree::Symlink(blob()?)),
                EntryKind::Commit => Rc::new(MemoryTree::Directory(BTreeMap::new())),
                EntryKind::Blob | EntryKind::BlobExecutable => Rc::new(MemoryTree::File {
                    contents: blob()?.into(),
                    executable: kind == EntryKind::BlobExecutable,
                }),
            };
            entries.insert(name, node);
        }
        Ok(Rc::new(MemoryTree::Directory(entries)))
    }

    /// Where git stores the repository of a submodule.
    pub fn submodule_folder(&self, name: &str) -> Vec<u8> {
        self.repo.git_dir().join("modules").join(name).into_os_string().as_bytes().to_vec()
    }

    /// The URL of the remote `origin`.
    pub fn origin(&self) -> Option<String> {
        self.repo.config_snapshot().string("remote.origin.url").map(|url| url.to_string())
    }
}

fn id(hex: &str) -> Result<ObjectId, String> {
    ObjectId::from_hex(hex.as_bytes()).map_err(|e| e.to_string())
}
