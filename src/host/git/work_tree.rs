//! Working directories: which of their files are tracked, and whether anything has changed.
#![allow(clippy::disallowed_methods, reason = "host/ may touch the outside")]

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::Metadata;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice as _};
use gix::index::entry::{Flags, Mode};
use gix::objs::tree::EntryKind;

use super::GitRepository;
use super::attributes::{Attributes, joined};

/// The tracked files of a working directory.
pub struct WorkTree {
    /// Their relative paths, and those of the directories that contain them.
    pub kept: HashSet<Vec<u8>>,
    /// Whether anything differs from the last commit.
    pub dirty: bool,
}

impl GitRepository {
    /// The tracked files of the working directory.
    pub fn work_tree(&self, export_ignore: bool) -> Result<WorkTree, String> {
        let Some(folder) = self.repo.workdir() else {
            return Err("there is no working directory".to_owned());
        };
        let index_path = self.repo.index_path();
        let written = std::fs::metadata(&index_path).map(|m| m.mtime()).ok();
        let mut committed = self.committed()?;
        let mut tree = WorkTree { kept: HashSet::new(), dirty: false };
        let Some(written) = written else {
            tree.dirty = !committed.is_empty();
            return Ok(tree);
        };
        let index = self.repo.open_index().map_err(|e| e.to_string())?;
        let rules = match export_ignore {
            true => Some(Attributes::of_index(&self.repo, &index)?),
            false => None,
        };
        for entry in index.entries() {
            let path = entry.path(&index);
            if entry.mode == Mode::COMMIT {
                continue;
            }
            let same = committed.remove(path.as_bytes()) == Some((entry.mode, entry.id));
            tree.dirty |= !same || entry.flags.contains(Flags::INTENT_TO_ADD) || entry.flags.stage_raw() != 0;
            match matches_index(&self.repo, folder, path, entry, written)? {
                None => tree.dirty = true,
                Some(unchanged) => {
                    tree.dirty |= !unchanged;
                    keep(&mut tree.kept, path, rules.as_ref());
                }
            }
        }
        tree.dirty |= !committed.is_empty();
        Ok(tree)
    }

    /// The files of the last commit.
    fn committed(&self) -> Result<HashMap<Vec<u8>, (Mode, ObjectId)>, String> {
        let mut found = HashMap::new();
        let Ok(head) = self.repo.head_commit() else {
            return Ok(found);
        };
        let root = head.tree_id().map_err(|e| e.to_string())?.detach();
        let mut open = vec![(Vec::new(), root)];
        while let Some((above, tree)) = open.pop() {
            let tree = self.repo.find_tree(tree).map_err(|e| e.to_string())?;
            for entry in tree.iter() {
                let entry = entry.map_err(|e| e.to_string())?;
                let path = joined(&above, entry.filename());
                let mode = match entry.mode().kind() {
                    EntryKind::Tree => {
                        open.push((path, entry.object_id()));
                        continue;
                    }
                    EntryKind::Commit => continue,
                    EntryKind::Link => Mode::SYMLINK,
                    EntryKind::Blob => Mode::FILE,
                    EntryKind::BlobExecutable => Mode::FILE_EXECUTABLE,
                };
                found.insert(path, (mode, entry.object_id()));
            }
        }
        Ok(found)
    }
}

/// Whether a file matches the index; `None` if it no longer exists.
fn matches_index(
    repo: &gix::Repository,
    folder: &Path,
    path: &BStr,
    entry: &gix::index::Entry,
    written: i64,
) -> Result<Option<bool>, String> {
    let at: PathBuf = folder.join(OsStr::from_bytes(path));
    let Ok(meta) = std::fs::symlink_metadata(&at) else {
        return Ok(None);
    };
    let Some(mode) = mode_of(&meta) else {
        return Ok(None);
    };
    if mode != entry.mode {
        return Ok(Some(false));
    }
    if is_known(entry, &meta, written) {
        return Ok(Some(true));
    }
    Ok(Some(hash_of(repo, &at, &meta)? == entry.id))
}

/// The mode that a file has in an index; `None` if git does not track such files.
pub(super) fn mode_of(meta: &Metadata) -> Option<Mode> {
    let executable = meta.permissions().mode() & 0o100 != 0;
    match (meta.is_symlink(), meta.is_file(), executable) {
        (true, _, _) => Some(Mode::SYMLINK),
        (_, true, true) => Some(Mode::FILE_EXECUTABLE),
        (_, true, false) => Some(Mode::FILE),
        _ => None,
    }
}

/// Whether a file has not been touched since the index was `written`. A file modified while it was written may have been
/// modified again.
pub(super) fn is_known(entry: &gix::index::Entry, meta: &Metadata, written: i64) -> bool {
    let stat = &entry.stat;
    i64::from(stat.mtime.secs) == meta.mtime()
        && i64::from(stat.mtime.nsecs) == meta.mtime_nsec()
        && u64::from(stat.size) == meta.size()
        && meta.mtime() < written
}

/// The object that a file or link would become.
pub(super) fn hash_of(repo: &gix::Repository, at: &Path, meta: &Metadata) -> Result<ObjectId, String> {
    let contents = match meta.is_symlink() {
        true => std::fs::read_link(at).map(|target| target.into_os_string().as_bytes().to_vec()),
        false => std::fs::read(at),
    };
    let contents = contents.map_err(|e| format!("reading '{}': {e}", at.display()))?;
    let hash = gix::objs::compute_hash(repo.object_hash(), gix::objs::Kind::Blob, &contents);
    hash.map_err(|e| e.to_string())
}

/// Keeps a file and its parent directories, unless one of them is excluded.
fn keep(kept: &mut HashSet<Vec<u8>>, path: &[u8], rules: Option<&Attributes>) {
    let mut parts: Vec<&[u8]> =
        (0..path.len()).filter(|i| path[*i] == b'/').map(|slash| &path[..slash]).collect();
    parts.push(path);
    let last = parts.len() - 1;
    let ignored = |(i, part): (usize, &&[u8])| rules.is_some_and(|r| r.ignores(part, i < last));
    if !parts.iter().enumerate().any(ignored) {
        kept.extend(parts.into_iter().map(<[u8]>::to_vec));
    }
}
