//! The files of a commit, read from git's objects when they are asked for.
#![allow(clippy::disallowed_methods, reason = "host/ may touch the outside")]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use gix::ObjectId;
use gix::objs::tree::EntryKind;
use gix::sec::trust::Mapping;

use super::names::commit_of;
use crate::host::{FileType, shown};

/// The files of a commit of a local repository. Folders are decoded once; any thread may read.
pub struct Snapshot {
    shared: gix::ThreadSafeRepository,
    /// Handles of the repository that no thread uses now.
    handles: Mutex<Vec<gix::Repository>>,
    root: Vec<u8>,
    is_bare: bool,
    commit: ObjectId,
    time: u64,
    pub(super) top: Folder,
}

/// A folder: its entries, sorted by name.
pub(in crate::host) struct Folder {
    pub(in crate::host) entries: Vec<Entry>,
}

/// An entry of a folder.
pub(in crate::host) struct Entry {
    pub(in crate::host) name: Vec<u8>,
    pub(super) mode: EntryKind,
    pub(super) id: ObjectId,
    /// Its entries, if it is a folder that has been looked into.
    folder: OnceLock<Folder>,
}

/// A file, link or folder.
#[derive(Clone, Copy)]
pub(in crate::host) enum Node<'s> {
    File(&'s Entry),
    Link(&'s Entry),
    Folder(&'s Folder),
}

/// What a path leads to, without following links.
pub(in crate::host) enum Lookup<'s> {
    Found(Node<'s>),
    /// A part of the path before its end is a link.
    Through,
    /// A part of the path before its end is a file.
    BelowFile,
    Absent,
}

/// A submodule is an empty folder, as in a fresh checkout.
static SUBMODULE: Folder = Folder { entries: Vec::new() };

impl Entry {
    pub(in crate::host) fn file_type(&self) -> FileType {
        match self.mode {
            EntryKind::Tree | EntryKind::Commit => FileType::Directory,
            EntryKind::Blob | EntryKind::BlobExecutable => FileType::Regular,
            EntryKind::Link => FileType::Symlink,
        }
    }

    pub(in crate::host) fn is_executable(&self) -> bool {
        self.mode == EntryKind::BlobExecutable
    }
}

impl Folder {
    pub(in crate::host) fn find(&self, name: &[u8]) -> Option<&Entry> {
        self.entries.binary_search_by(|entry| entry.name[..].cmp(name)).ok().map(|i| &self.entries[i])
    }
}

impl Snapshot {
    /// Opens the repository that `path` is in (a file or folder that need not exist any more, or a bare repository) at a
    /// `revision`: whatever `git rev-parse` understands, except searches in messages.
    ///
    /// # Errors
    /// When the path is in no repository, or the repository has no such revision. The message is complete.
    pub fn open(path: impl AsRef<Path>, revision: &str) -> Result<Snapshot, String> {
        let (shared, root) = discover(path.as_ref())?;
        let repo = shared.to_thread_local();
        let (commit, tree, time) = {
            let commit = commit_of(&repo, &shown(&root), revision)?;
            let seconds = commit.time().map_err(|e| e.to_string())?.seconds;
            let tree = commit.tree_id().map_err(|e| e.to_string())?.detach();
            (commit.id, tree, u64::try_from(seconds).unwrap_or(0))
        };
        let is_bare = repo.workdir().is_none();
        let top = decode(&repo, tree)?;
        Ok(Snapshot { shared, handles: Mutex::new(vec![repo]), root, is_bare, commit, time, top })
    }

    /// Whether `path` (a file or folder that need not exist any more) is in a repository.
    pub fn is_in_repository(path: impl AsRef<Path>) -> bool {
        gix::discover::upwards(&existing_folder(path.as_ref())).is_ok()
    }

    /// The folder whose files these are, without links: the root of the work tree, or the bare repository itself.
    pub fn root(&self) -> &Path {
        Path::new(OsStr::from_bytes(&self.root))
    }

    /// The commit, in hexadecimal.
    pub fn commit(&self) -> String {
        self.commit.to_hex().to_string()
    }

    /// The time of the commit, in seconds since 1970.
    pub(in crate::host) fn time(&self) -> u64 {
        self.time
    }

    /// A path relative to the root. `None` for paths that are elsewhere, and for the `.git` of a work tree, which is
    /// in no commit.
    pub(in crate::host) fn inside<'p>(&self, path: &'p [u8]) -> Option<&'p [u8]> {
        let rest = path.strip_prefix(&self.root[..])?;
        let inside = match rest {
            b"" => rest,
            [b'/', inside @ ..] => inside,
            _ if self.root == b"/" => rest,
            _ => return None,
        };
        let is_git = inside.strip_prefix(b".git").is_some_and(|rest| rest.is_empty() || rest[0] == b'/');
        (self.is_bare || !is_git).then_some(inside)
    }

    /// Looks up a path relative to the root.
    ///
    /// # Errors
    /// When an object cannot be read.
    pub(in crate::host) fn lookup(&self, inside: &[u8]) -> Result<Lookup<'_>, String> {
        let mut at = Node::Folder(&self.top);
        for part in inside.split(|c| *c == b'/').filter(|part| !part.is_empty()) {
            let folder = match at {
                Node::Folder(folder) => folder,
                Node::Link(_) => return Ok(Lookup::Through),
                Node::File(_) => return Ok(Lookup::BelowFile),
            };
            let Some(entry) = folder.find(part) else {
                return Ok(Lookup::Absent);
            };
            at = match entry.mode {
                EntryKind::Tree => Node::Folder(self.folder(entry)?),
                EntryKind::Commit => Node::Folder(&SUBMODULE),
                EntryKind::Link => Node::Link(entry),
                EntryKind::Blob | EntryKind::BlobExecutable => Node::File(entry),
            };
        }
        Ok(Lookup::Found(at))
    }

    /// The entries of a folder's entry.
    pub(super) fn folder<'s>(&'s self, entry: &'s Entry) -> Result<&'s Folder, String> {
        match entry.folder.get() {
            Some(folder) => Ok(folder),
            None => {
                let folder = self.with(|repo| decode(repo, entry.id))?;
                Ok(entry.folder.get_or_init(|| folder))
            }
        }
    }

    /// The contents of a file, or the target of a link.
    pub(in crate::host) fn contents(&self, entry: &Entry) -> Result<Vec<u8>, String> {
        self.with(|repo| Ok(repo.find_blob(entry.id).map_err(|e| e.to_string())?.take_data()))
    }

    /// The length of a file.
    pub(in crate::host) fn size(&self, entry: &Entry) -> Result<u64, String> {
        self.with(|repo| Ok(repo.find_header(entry.id).map_err(|e| e.to_string())?.size()))
    }

    /// Works with a handle of the repository.
    pub(super) fn with<T>(&self, work: impl FnOnce(&gix::Repository) -> T) -> T {
        let free = || self.handles.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = free().pop();
        let repo = taken.unwrap_or_else(|| self.shared.to_thread_local());
        let done = work(&repo);
        free().push(repo);
        done
    }
}

/// The nearest folder of a path that exists, without links.
fn existing_folder(path: &Path) -> PathBuf {
    let real = path.ancestors().find_map(|above| std::fs::canonicalize(above).ok());
    let mut real = real.unwrap_or_else(|| PathBuf::from("/"));
    if !real.is_dir() {
        real.pop();
    }
    real
}

/// The repository that a path is in, and its root without links.
fn discover(path: &Path) -> Result<(gix::ThreadSafeRepository, Vec<u8>), String> {
    let folder = &*existing_folder(path);
    let given = shown(path.as_os_str().as_bytes());
    // The user's configuration says which files git ignores.
    let options = gix::open::Options::default();
    let both = Mapping { full: options.clone(), reduced: options };
    let found = gix::ThreadSafeRepository::discover_opts(folder, Default::default(), both);
    let repo = found.map_err(|e| match gix::discover::upwards(folder) {
        Ok(_) => format!("opening the git repository of '{given}': {e}"),
        Err(_) => format!("'{given}' is not in a git repository"),
    })?;
    let root = repo.work_dir().unwrap_or_else(|| repo.git_dir());
    let root = std::fs::canonicalize(root).map_err(|e| format!("opening '{}': {e}", root.display()))?;
    Ok((repo, root.as_os_str().as_bytes().to_vec()))
}

fn decode(repo: &gix::Repository, id: ObjectId) -> Result<Folder, String> {
    let tree = repo.find_tree(id).map_err(|e| e.to_string())?;
    let mut entries = Vec::new();
    for entry in tree.iter() {
        let entry = entry.map_err(|e| e.to_string())?;
        let (mode, id) = (entry.mode().kind(), entry.object_id());
        entries.push(Entry { name: entry.filename().to_vec(), mode, id, folder: OnceLock::new() });
    }
    // Git sorts folders as if their names ended with a slash.
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Folder { entries })
}
