//! Git repositories of this machine, read through gix.
#![allow(clippy::disallowed_methods, reason = "host/ may touch the outside")]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice as _};
use gix::index::entry::{Flags, Mode};
use gix::objs::tree::EntryKind;

use super::MemoryTree;

/// A repository.
pub struct GitRepository {
    repo: gix::Repository,
}

/// The files of a working directory that git knows.
pub struct WorkTree {
    /// Their paths below the directory, and those of the directories they lie in.
    pub kept: HashSet<Vec<u8>>,
    /// Whether anything differs from the last commit.
    pub dirty: bool,
}

/// A part of `.gitmodules`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Submodule {
    /// Its name.
    pub name: String,
    /// Where it lies in the tree.
    pub path: String,
    /// Where it comes from.
    pub url: String,
}

/// Decides by its path and whether it is a directory what is left out.
type Ignore<'a> = &'a dyn Fn(&[u8], bool) -> bool;

impl GitRepository {
    /// The repository at a path: a working directory, or a bare one.
    ///
    /// # Errors
    /// When there is none.
    pub fn open(path: &[u8]) -> Result<GitRepository, String> {
        let path = Path::new(OsStr::from_bytes(path));
        let repo = gix::open_opts(path, gix::open::Options::isolated()).map_err(|e| e.to_string())?;
        Ok(GitRepository { repo })
    }

    /// The branch that is checked out (`refs/heads/…`).
    pub fn head_name(&self) -> Option<String> {
        self.repo.head_name().ok().flatten().map(|name| name.as_bstr().to_string())
    }

    /// The commit that is checked out.
    pub fn head(&self) -> Option<String> {
        self.repo.head_id().ok().map(|id| id.to_hex().to_string())
    }

    /// The commit that a reference leads to.
    pub fn resolve(&self, reference: &str) -> Option<String> {
        if let Ok(id) = ObjectId::from_hex(reference.as_bytes()) {
            return self.repo.find_commit(id).ok().map(|_| reference.to_owned());
        }
        let mut found = self.repo.find_reference(reference).ok()?;
        found.peel_to_commit().ok().map(|commit| commit.id.to_hex().to_string())
    }

    /// Whether a commit is there.
    pub fn has_commit(&self, commit: &str) -> bool {
        id(commit).is_ok_and(|id| self.repo.find_commit(id).is_ok())
    }

    /// Whether history was cut off.
    pub fn is_shallow(&self) -> bool {
        self.repo.is_shallow().unwrap_or(false)
    }

    /// When a commit was made, in seconds since 1970.
    ///
    /// # Errors
    /// When it is not there.
    pub fn last_modified(&self, commit: &str) -> Result<u64, String> {
        let commit = self.repo.find_commit(id(commit)?).map_err(|e| e.to_string())?;
        let time = commit.time().map_err(|e| e.to_string())?;
        Ok(u64::try_from(time.seconds).unwrap_or(0))
    }

    /// How many commits led to one, with itself.
    ///
    /// # Errors
    /// When history is not complete.
    pub fn revision_count(&self, commit: &str) -> Result<u64, String> {
        let start = id(commit)?;
        // Where history was cut off, commits have no parents.
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

    /// The files of a commit, without those that attributes leave out if `export_ignore` is set. Submodules are empty
    /// directories.
    ///
    /// # Errors
    /// When an object cannot be read.
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

    /// The submodules of a commit that `.gitmodules` describes, and their commits.
    ///
    /// # Errors
    /// When an object cannot be read.
    pub fn submodules(&self, commit: &str) -> Result<Vec<(Submodule, String)>, String> {
        let commit = self.repo.find_commit(id(commit)?).map_err(|e| e.to_string())?;
        let tree = commit.tree().map_err(|e| e.to_string())?;
        let Some(file) = tree.find_entry(".gitmodules") else {
            return Ok(Vec::new());
        };
        let text = self.repo.find_blob(file.object_id()).map_err(|e| e.to_string())?.take_data();
        let mut found = Vec::new();
        for submodule in parse_submodules(&text) {
            let entry = tree.clone().lookup_entry_by_path(&submodule.path).map_err(|e| e.to_string())?;
            if let Some(entry) = entry.filter(|e| e.mode().kind() == EntryKind::Commit) {
                found.push((submodule, entry.object_id().to_hex().to_string()));
            }
        }
        Ok(found)
    }

    /// Where git keeps the repository of a submodule.
    pub fn submodule_folder(&self, name: &str) -> Vec<u8> {
        self.repo.git_dir().join("modules").join(name).into_os_string().as_bytes().to_vec()
    }

    /// The URL of the remote `origin`.
    pub fn origin(&self) -> Option<String> {
        self.repo.config_snapshot().string("remote.origin.url").map(|url| url.to_string())
    }

    /// What of the working directory git knows.
    ///
    /// # Errors
    /// When the index cannot be read.
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
            match self.work_file(folder, path, entry, written)? {
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

    /// Whether a file is as the index has it; `None` if it is gone.
    fn work_file(
        &self,
        folder: &Path,
        path: &BStr,
        entry: &gix::index::Entry,
        written: i64,
    ) -> Result<Option<bool>, String> {
        let at: PathBuf = folder.join(OsStr::from_bytes(path));
        let Ok(meta) = std::fs::symlink_metadata(&at) else {
            return Ok(None);
        };
        let executable = meta.permissions().mode() & 0o100 != 0;
        let mode = match (meta.is_symlink(), meta.is_file(), executable) {
            (true, _, _) => Mode::SYMLINK,
            (_, true, true) => Mode::FILE_EXECUTABLE,
            (_, true, false) => Mode::FILE,
            _ => return Ok(None),
        };
        if mode != entry.mode {
            return Ok(Some(false));
        }
        let stat = &entry.stat;
        // What was changed as the index was written may have been changed once more.
        let known = i64::from(stat.mtime.secs) == meta.mtime()
            && i64::from(stat.mtime.nsecs) == meta.mtime_nsec()
            && u64::from(stat.size) == meta.size()
            && meta.mtime() < written;
        if known {
            return Ok(Some(true));
        }
        let contents = match meta.is_symlink() {
            true => std::fs::read_link(&at).map(|target| target.into_os_string().as_bytes().to_vec()),
            false => std::fs::read(&at),
        };
        let contents = contents.map_err(|e| format!("reading '{}': {e}", at.display()))?;
        let kind = gix::objs::Kind::Blob;
        let hash = gix::objs::compute_hash(self.repo.object_hash(), kind, &contents);
        Ok(Some(hash.map_err(|e| e.to_string())? == entry.id))
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

fn id(hex: &str) -> Result<ObjectId, String> {
    ObjectId::from_hex(hex.as_bytes()).map_err(|e| e.to_string())
}

fn joined(above: &[u8], name: &[u8]) -> Vec<u8> {
    if above.is_empty() { name.to_vec() } else { [above, b"/", name].concat() }
}

/// Keeps a file and the directories it lies in, unless one of them is left out.
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

impl GitRepository {
    /// The submodules that the text of a `.gitmodules` describes.
    pub fn parse_submodules(text: &[u8]) -> Vec<Submodule> {
        parse_submodules(text)
    }
}

/// Reads `.gitmodules`.
fn parse_submodules(text: &[u8]) -> Vec<Submodule> {
    let mut found: BTreeMap<String, Submodule> = BTreeMap::new();
    let mut name = None;
    for line in String::from_utf8_lossy(text).lines() {
        let line = line.trim();
        if let Some(section) = line.strip_prefix('[') {
            let quoted = section.strip_prefix("submodule \"").and_then(|rest| rest.strip_suffix("\"]"));
            name = quoted.map(str::to_owned);
        } else if let (Some(name), Some((key, value))) = (&name, line.split_once('=')) {
            let entry = found.entry(name.clone()).or_default();
            entry.name.clone_from(name);
            match key.trim() {
                "path" => entry.path = value.trim().to_owned(),
                "url" => entry.url = value.trim().to_owned(),
                _ => {}
            }
        }
    }
    found.into_values().filter(|s| !s.path.is_empty()).collect()
}

/// What `.gitattributes` say about `export-ignore`.
struct Attributes {
    search: gix_attributes::Search,
    names: gix_attributes::search::MetadataCollection,
}

const FILE: &[u8] = b".gitattributes";

impl Attributes {
    fn new() -> Attributes {
        Attributes { search: Default::default(), names: Default::default() }
    }

    /// Adds rules that are stronger than all before for what lies in the directory `above`.
    fn add(&mut self, rules: &[u8], above: &[u8]) -> Result<(), String> {
        let source = PathBuf::from(OsStr::from_bytes(&joined(above, FILE)));
        let root = Some(Path::new(""));
        self.search
            .add_patterns_buffer(rules, source, root, &mut self.names, above.is_empty())
            .map_err(|e| e.to_string())
    }

    /// The rules of all directories of a commit. Where there is a working directory, its rules come before the
    /// commit's, as Nix's library has it.
    fn of_commit(repo: &gix::Repository, root: ObjectId) -> Result<Attributes, String> {
        let mut rules = Attributes::new();
        let mut open = vec![(Vec::new(), root)];
        while let Some((above, tree)) = open.pop() {
            let tree = repo.find_tree(tree).map_err(|e| e.to_string())?;
            for entry in tree.iter() {
                let entry = entry.map_err(|e| e.to_string())?;
                match entry.mode().kind() {
                    EntryKind::Tree => open.push((joined(&above, entry.filename()), entry.object_id())),
                    EntryKind::Blob | EntryKind::BlobExecutable if entry.filename() == FILE => {
                        let blob = repo.find_blob(entry.object_id()).map_err(|e| e.to_string())?;
                        rules.add(&blob.data, &above)?;
                    }
                    _ => {}
                }
            }
            if let Some(folder) = repo.workdir()
                && let Ok(text) = std::fs::read(folder.join(OsStr::from_bytes(&joined(&above, FILE))))
            {
                rules.add(&text, &above)?;
            }
        }
        rules.add_own(repo)?;
        Ok(rules)
    }

    /// The rules in the index.
    fn of_index(repo: &gix::Repository, index: &gix::index::File) -> Result<Attributes, String> {
        let mut rules = Attributes::new();
        for entry in index.entries() {
            let path = entry.path(index);
            let above = match path.strip_suffix(FILE) {
                Some(b"") => &b""[..],
                Some(above) if above.ends_with(b"/") => &above[..above.len() - 1],
                _ => continue,
            };
            // What is only going to be added has no contents yet.
            if let Ok(blob) = repo.find_blob(entry.id) {
                rules.add(&blob.data, above)?;
            }
        }
        rules.add_own(repo)?;
        Ok(rules)
    }

    /// The repository's own rules are the strongest.
    fn add_own(&mut self, repo: &gix::Repository) -> Result<(), String> {
        match std::fs::read(repo.git_dir().join("info").join("attributes")) {
            Ok(text) => self.add(&text, b""),
            Err(_) => Ok(()),
        }
    }

    fn ignores(&self, path: &[u8], is_dir: bool) -> bool {
        let mut outcome = gix_attributes::search::Outcome::default();
        outcome.initialize_with_selection(&self.names, ["export-ignore"]);
        let case = gix_attributes::glob::pattern::Case::Sensitive;
        self.search.pattern_matching_relative_path(path.as_bstr(), case, Some(is_dir), &mut outcome);
        // One that has a value does not count, as in git.
        outcome.iter_selected().any(|found| found.assignment.state == gix_attributes::StateRef::Set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_attributes() {
        let mut rules = Attributes::new();
        rules.add(b"*.md export-ignore\n/docs export-ignore\nkeep.md -export-ignore\n", b"").expect("rules");
        rules.add(b"*.md -export-ignore\nx export-ignore=yes\n", b"sub").expect("rules");
        let ignores = |path: &str, is_dir| rules.ignores(path.as_bytes(), is_dir);
        for (path, is_dir, expected) in [
            ("a.md", false, true),
            ("other/a.md", false, true),
            ("docs", true, true),
            ("keep.md", false, false),
            ("sub/a.md", false, false),
            ("sub/x", false, false),
            ("sub/docs", true, false),
            ("a.txt", false, false),
        ] {
            assert_eq!(ignores(path, is_dir), expected, "{path}");
        }
    }

    #[test]
    fn modules_are_read() {
        let text = b"[submodule \"lib\"]\n\tpath = vendor/lib\n\turl = ../lib.git\n[core]\n\tpath = x\n";
        let submodule =
            Submodule { name: "lib".to_owned(), path: "vendor/lib".to_owned(), url: "../lib.git".to_owned() };
        assert_eq!(parse_submodules(text), [submodule]);
    }
}
