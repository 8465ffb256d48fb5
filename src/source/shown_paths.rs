//! Folders that messages show in another way: fetched trees by what was fetched.

use std::cell::RefCell;

use crate::host::shown;

/// Folders, and how messages show them.
#[derive(Debug, Default)]
pub(super) struct ShownPaths(RefCell<Vec<(Vec<u8>, String)>>);

impl ShownPaths {
    /// Adds a folder.
    pub(super) fn add(&self, folder: &[u8], shown: String) {
        let mut all = self.0.borrow_mut();
        if !all.iter().any(|(known, _)| known == folder) {
            all.push((folder.to_vec(), shown));
        }
    }

    /// A path, if it is in such a folder.
    pub(super) fn show(&self, path: &[u8]) -> Option<String> {
        self.0.borrow().iter().find_map(|(folder, name)| {
            let rest = path.strip_prefix(&folder[..])?;
            (rest.is_empty() || rest.starts_with(b"/")).then(|| format!("{name}{}", shown(rest)))
        })
    }
}
