//! Submodules, as `.gitmodules` describes them.

use std::collections::BTreeMap;

use gix::objs::tree::EntryKind;

use super::{GitRepository, id};

/// A section of `.gitmodules`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Submodule {
    /// Its name.
    pub name: String,
    /// Its path in the tree.
    pub path: String,
    /// Its URL.
    pub url: String,
}

impl GitRepository {
    /// The submodules of a commit that `.gitmodules` describes, with their commits.
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

    /// The submodules that the text of a `.gitmodules` describes.
    pub fn parse_submodules(text: &[u8]) -> Vec<Submodule> {
        parse_submodules(text)
    }
}

/// Parses `.gitmodules`.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_read() {
        let text = b"[submodule \"lib\"]\n\tpath = vendor/lib\n\turl = ../lib.git\n[core]\n\tpath = x\n";
        let submodule =
            Submodule { name: "lib".to_owned(), path: "vendor/lib".to_owned(), url: "../lib.git".to_owned() };
        assert_eq!(parse_submodules(text), [submodule]);
    }
}
