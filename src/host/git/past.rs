//! Files as they were in a revision.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use gix::ObjectId;

use super::GitRepository;

/// A revision of the repository around a folder.
pub struct PastFiles {
    repository: GitRepository,
    /// The working directory, with a slash at its end.
    folder: Vec<u8>,
    /// The revision's tree.
    tree: ObjectId,
}

impl PastFiles {
    /// Finds a revision (a branch, a tag, a commit, `HEAD~1`) in the repository that a folder is in.
    ///
    /// # Errors
    /// A folder that is in no repository, and a revision that does not exist.
    pub fn find(folder: &[u8], revision: &str) -> Result<PastFiles, String> {
        let shown = |path: &[u8]| String::from_utf8_lossy(path).into_owned();
        let mut around = Path::new(OsStr::from_bytes(folder)).ancestors();
        let found = around.find_map(|path| {
            let path = path.as_os_str().as_bytes();
            Some((path, GitRepository::open(path).ok()?))
        });
        let Some((root, repository)) = found else {
            return Err(format!("'{}' is in no git repository", shown(folder)));
        };
        let parsed = repository.repo.rev_parse_single(revision);
        let commit = parsed.ok().and_then(|id| id.object().ok()?.peel_to_commit().ok());
        let Some(tree) = commit.and_then(|commit| commit.tree_id().ok()) else {
            return Err(format!("the git repository '{}' has no revision '{revision}'", shown(root)));
        };
        let tree = tree.detach();
        let folder = if root == b"/" { root.to_vec() } else { [root, b"/"].concat() };
        Ok(PastFiles { folder, tree, repository })
    }

    /// What a file contained; `None` if it did not exist. An error if it is not in the repository.
    pub fn contents(&self, path: &[u8]) -> Result<Option<Vec<u8>>, ()> {
        let inside = path.strip_prefix(&self.folder[..]).ok_or(())?;
        let tree = self.repository.repo.find_tree(self.tree).map_err(|_| ())?;
        let entry = tree.lookup_entry_by_path(Path::new(OsStr::from_bytes(inside))).map_err(|_| ())?;
        let blob = entry.and_then(|entry| entry.object().ok()).filter(|object| object.kind.is_blob());
        Ok(blob.map(|blob| blob.data.clone()))
    }
}
