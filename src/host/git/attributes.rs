//! The `export-ignore` attributes of `.gitattributes` files.
#![allow(clippy::disallowed_methods, reason = "host/ may touch the outside")]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::bstr::ByteSlice as _;
use gix::objs::tree::EntryKind;

/// The rules of a commit or an index.
pub(super) struct Attributes {
    search: gix_attributes::Search,
    names: gix_attributes::search::MetadataCollection,
}

const FILE: &[u8] = b".gitattributes";

impl Attributes {
    pub(super) fn new() -> Attributes {
        Attributes { search: Default::default(), names: Default::default() }
    }

    /// Adds rules for the directory `above` that override all earlier ones.
    pub(super) fn add(&mut self, rules: &[u8], above: &[u8]) -> Result<(), String> {
        let source = PathBuf::from(OsStr::from_bytes(&joined(above, FILE)));
        let root = Some(Path::new(""));
        self.search
            .add_patterns_buffer(rules, source, root, &mut self.names, above.is_empty())
            .map_err(|e| e.to_string())
    }

    /// The rules of all directories of a commit. If there is a working directory, its rules take effect
    /// before the commit's, as in Nix's git library.
    pub(super) fn of_commit(repo: &gix::Repository, root: ObjectId) -> Result<Attributes, String> {
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
    pub(super) fn of_index(repo: &gix::Repository, index: &gix::index::File) -> Result<Attributes, String> {
        let mut rules = Attributes::new();
        for entry in index.entries() {
            let path = entry.path(index);
            let above = match path.strip_suffix(FILE) {
                Some(b"") => &b""[..],
                Some(above) if above.ends_with(b"/") => &above[..above.len() - 1],
                _ => continue,
            };
            // An entry that is only intended to be added has no contents yet.
            if let Ok(blob) = repo.find_blob(entry.id) {
                rules.add(&blob.data, above)?;
            }
        }
        rules.add_own(repo)?;
        Ok(rules)
    }

    /// The repository's own rules take precedence.
    fn add_own(&mut self, repo: &gix::Repository) -> Result<(), String> {
        match std::fs::read(repo.git_dir().join("info").join("attributes")) {
            Ok(text) => self.add(&text, b""),
            Err(_) => Ok(()),
        }
    }

    pub(super) fn ignores(&self, path: &[u8], is_dir: bool) -> bool {
        let mut outcome = gix_attributes::search::Outcome::default();
        outcome.initialize_with_selection(&self.names, ["export-ignore"]);
        let case = gix_attributes::glob::pattern::Case::Sensitive;
        self.search.pattern_matching_relative_path(path.as_bstr(), case, Some(is_dir), &mut outcome);
        // As in git, an attribute with a value does not count.
        outcome.iter_selected().any(|found| found.assignment.state == gix_attributes::StateRef::Set)
    }
}

/// A path below a directory.
pub(super) fn joined(above: &[u8], name: &[u8]) -> Vec<u8> {
    if above.is_empty() { name.to_vec() } else { [above, b"/", name].concat() }
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
}
