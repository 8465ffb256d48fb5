//! Which files differ between two commits, or between a commit and the work tree.
#![allow(clippy::disallowed_methods, reason = "host/ may touch the outside")]

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use gix::ObjectId;
use gix::bstr::ByteSlice as _;
use gix::index::entry::{Flags, Mode};
use gix::objs::tree::EntryKind;
use gix::worktree::stack::state::ignore::Source;

use super::GitRepository;
use super::attributes::joined;
use super::snapshot::{Entry, Folder, Snapshot};
use super::work_tree::{hash_of, is_known, mode_of};

/// The files that differ between two commits of a repository or, without `new`, between a commit and the work tree:
/// changed, added and removed files, among them untracked ones unless git ignores them. Paths are absolute and sorted. A
/// submodule counts as one file.
///
/// Contents are compared as nival reads them, without git's filters (line endings, large files).
///
/// # Errors
/// When an object or file cannot be read, or there is no work tree. The message is complete.
pub fn changed_between(old: &Snapshot, new: Option<&Snapshot>) -> Result<Vec<Vec<u8>>, String> {
    let mut changed = BTreeSet::new();
    match new {
        Some(new) => {
            let (old, new) = (Side { files: old, folder: &old.top }, Side { files: new, folder: &new.top });
            compare(Some(old), Some(new), b"", &mut changed)?;
        }
        None => since(old, &mut changed)?,
    }
    let root = old.root().as_os_str().as_bytes();
    Ok(changed.into_iter().map(|path| joined(root, &path)).collect())
}

/// The files of a commit by path, with their modes and objects.
type Files = BTreeMap<Vec<u8>, (Mode, ObjectId)>;

/// A folder of a commit.
#[derive(Clone, Copy)]
struct Side<'s> {
    files: &'s Snapshot,
    folder: &'s Folder,
}

/// A folder's entry on one side, if it is a folder.
fn below<'s>(side: Option<Side<'s>>, entry: Option<&'s Entry>) -> Result<Option<Side<'s>>, String> {
    match (side, entry) {
        (Some(side), Some(entry)) if entry.mode == EntryKind::Tree => {
            Ok(Some(Side { files: side.files, folder: side.files.folder(entry)? }))
        }
        _ => Ok(None),
    }
}

/// Adds the files that differ between two folders, one of which may not exist.
fn compare(
    old: Option<Side<'_>>,
    new: Option<Side<'_>>,
    above: &[u8],
    changed: &mut BTreeSet<Vec<u8>>,
) -> Result<(), String> {
    let entries = [old, new].into_iter().flatten().flat_map(|side| &side.folder.entries);
    let names: BTreeSet<&[u8]> = entries.map(|entry| &entry.name[..]).collect();
    for name in names {
        let was = old.and_then(|side| side.folder.find(name));
        let is = new.and_then(|side| side.folder.find(name));
        let identity = |entry: Option<&Entry>| entry.map(|entry| (entry.mode, entry.id));
        if identity(was) == identity(is) {
            continue;
        }
        let path = joined(above, name);
        let (was_below, is_below) = (below(old, was)?, below(new, is)?);
        if was_below.is_some() || is_below.is_some() {
            compare(was_below, is_below, &path, changed)?;
        }
        let is_file = |entry: Option<&Entry>| entry.is_some_and(|entry| entry.mode != EntryKind::Tree);
        if is_file(was) || is_file(is) {
            changed.insert(path);
        }
    }
    Ok(())
}

/// Adds all files below a folder.
fn collect(files: &Snapshot, folder: &Folder, above: &[u8], found: &mut Files) -> Result<(), String> {
    for entry in &folder.entries {
        let path = joined(above, &entry.name);
        let mode = match entry.mode {
            EntryKind::Tree => {
                collect(files, files.folder(entry)?, &path, found)?;
                continue;
            }
            EntryKind::Commit => Mode::COMMIT,
            EntryKind::Link => Mode::SYMLINK,
            EntryKind::Blob => Mode::FILE,
            EntryKind::BlobExecutable => Mode::FILE_EXECUTABLE,
        };
        found.insert(path, (mode, entry.id));
    }
    Ok(())
}

/// Adds the files of the work tree that differ from a commit.
fn since(old: &Snapshot, changed: &mut BTreeSet<Vec<u8>>) -> Result<(), String> {
    let mut committed = BTreeMap::new();
    collect(old, &old.top, b"", &mut committed)?;
    old.with(|repo| {
        let Some(root) = repo.workdir() else {
            return Err(format!(
                "the git repository '{}' is bare: it has no work tree",
                old.root().display()
            ));
        };
        let index = repo.index_or_empty().map_err(|e| e.to_string())?;
        let tracked = index.entries().iter().map(|entry| (entry.path(&index).as_bytes(), entry)).collect();
        let written = std::fs::metadata(repo.index_path()).map_or(0, |meta| meta.mtime());
        let has_modes = repo.config_snapshot().boolean("core.fileMode") != Some(false);
        let work = WorkTree { repo, root, committed: &committed, tracked, written, has_modes };
        for (path, (mode, id)) in &committed {
            if !work.has(path, *mode, *id)? {
                changed.insert(path.clone());
            }
        }
        let ignored = repo.excludes(&index, None, Source::WorktreeThenIdMappingIfNotSkipped);
        work.add_new(&mut ignored.map_err(|e| e.to_string())?, changed)
    })
}

/// A work tree, compared with a commit.
struct WorkTree<'r> {
    repo: &'r gix::Repository,
    root: &'r Path,
    committed: &'r Files,
    /// The files in the index.
    tracked: HashMap<&'r [u8], &'r gix::index::Entry>,
    /// The time of the index, in seconds since 1970.
    written: i64,
    /// Whether the file system knows which files are executable.
    has_modes: bool,
}

impl WorkTree<'_> {
    /// Whether a file of the commit is the same in the work tree.
    fn has(&self, path: &[u8], mode: Mode, id: ObjectId) -> Result<bool, String> {
        let at = self.root.join(OsStr::from_bytes(path));
        let entry = self.tracked.get(path);
        let Ok(meta) = std::fs::symlink_metadata(&at) else {
            // Left out of a sparse checkout, it is not removed.
            return Ok(entry.is_some_and(|entry| entry.flags.contains(Flags::SKIP_WORKTREE)));
        };
        if mode == Mode::COMMIT {
            return Ok(meta.is_dir() && is_at(&at, id));
        }
        let is_link = mode == Mode::SYMLINK;
        match mode_of(&meta) {
            Some(now) if now == mode || !self.has_modes && !is_link && now != Mode::SYMLINK => {}
            _ => return Ok(false),
        }
        let is_known = entry.is_some_and(|entry| entry.id == id && is_known(entry, &meta, self.written));
        Ok(is_known || hash_of(self.repo, &at, &meta)? == id)
    }

    /// Adds the files that are not in the commit: those in the index, and those that git does not ignore.
    fn add_new(
        &self,
        ignored: &mut gix::AttributeStack<'_>,
        changed: &mut BTreeSet<Vec<u8>>,
    ) -> Result<(), String> {
        let files = self.committed.keys().map(|path| &path[..]).chain(self.tracked.keys().copied());
        let folders: HashSet<&[u8]> = files.flat_map(folders_of).collect();
        let mut open = vec![Vec::new()];
        while let Some(above) = open.pop() {
            let folder = self.root.join(OsStr::from_bytes(&above));
            let failed = |e: std::io::Error| format!("reading '{}': {e}", folder.display());
            for entry in std::fs::read_dir(&folder).map_err(failed)? {
                let entry = entry.map_err(failed)?;
                let path = joined(&above, entry.file_name().as_bytes());
                if path == b".git" || self.committed.contains_key(&path) {
                    continue;
                }
                let is_folder = entry.file_type().map_err(failed)?.is_dir();
                let is_tracked = self.tracked.contains_key(&path[..]);
                if is_folder && folders.contains(&path[..]) {
                    open.push(path);
                } else if is_tracked || !is_ignored(ignored, &path, is_folder)? {
                    // A submodule or another repository counts as one file.
                    match is_folder && !is_tracked && !entry.path().join(".git").exists() {
                        true => open.push(path),
                        false => _ = changed.insert(path),
                    }
                }
            }
        }
        Ok(())
    }
}

fn is_ignored(ignored: &mut gix::AttributeStack<'_>, path: &[u8], is_folder: bool) -> Result<bool, String> {
    let mode = if is_folder { Mode::DIR } else { Mode::FILE };
    let at = ignored.at_entry(path.as_bstr(), Some(mode)).map_err(|e| e.to_string())?;
    Ok(at.is_excluded())
}

/// Whether a submodule is at a commit, or not checked out at all.
fn is_at(folder: &Path, commit: ObjectId) -> bool {
    match GitRepository::open(folder.as_os_str().as_bytes()) {
        Ok(repo) => repo.head() == Some(commit.to_hex().to_string()),
        Err(_) => std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none()),
    }
}

/// The folders that a path is in.
fn folders_of(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    (0..path.len()).filter(|i| path[*i] == b'/').map(|slash| &path[..slash])
}
