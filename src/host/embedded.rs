//! A host with some files embedded in the binary.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{FileType, Host, HostError, Reader, Stat};

/// Serves the files of one folder from memory, and all others from another host.
pub struct Embedded<H> {
    inner: H,
    /// The folder, an absolute path that no real file has.
    root: &'static str,
    /// Contents by path, relative to the folder.
    files: BTreeMap<&'static str, &'static [u8]>,
}

impl<H> Embedded<H> {
    /// Layers `files` (path relative to `root`, contents) over `inner`.
    pub fn new(inner: H, root: &'static str, files: &[(&'static str, &'static [u8])]) -> Embedded<H> {
        Embedded { inner, root, files: files.iter().copied().collect() }
    }

    /// The path relative to the folder.
    fn inside<'a>(&self, path: &'a [u8]) -> Option<&'a str> {
        let rest = path.strip_prefix(self.root.as_bytes())?;
        let rest = if rest.is_empty() { rest } else { rest.strip_prefix(b"/")? };
        std::str::from_utf8(rest).ok()
    }

    fn kind(&self, inside: &str) -> Option<FileType> {
        if self.files.contains_key(inside) {
            return Some(FileType::Regular);
        }
        let is_folder = inside.is_empty()
            || self.files.keys().any(|f| f.strip_prefix(inside).is_some_and(|rest| rest.starts_with('/')));
        is_folder.then_some(FileType::Directory)
    }

    fn missing(path: &[u8]) -> HostError {
        HostError::NotFound(format!("path '{}' does not exist", super::shown(path)))
    }
}

impl<H: Host> Host for Embedded<H> {
    fn beneath(&self) -> Option<&dyn Host> {
        Some(&self.inner)
    }

    fn prefetch_reader(&self) -> Option<Reader> {
        let inner = self.inner.prefetch_reader()?;
        let folder = inner.folder;
        let (root, files) = (self.root.as_bytes(), self.files.clone());
        let read = move |path: &[u8]| {
            let Some(inside) = path.strip_prefix(root).and_then(|p| p.strip_prefix(b"/")) else {
                return (inner.code)(path);
            };
            let inside = std::str::from_utf8(inside).ok()?;
            match files.get(inside) {
                Some(text) => Some((path.to_vec(), text.to_vec())),
                None => {
                    let text = files.get(&*format!("{inside}/default.nix"))?;
                    Some(([path, b"/default.nix"].concat(), text.to_vec()))
                }
            }
        };
        Some(Reader { code: Arc::new(read), folder })
    }

    fn read_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        match self.inside(path) {
            Some(inside) => match self.files.get(inside) {
                Some(contents) => Ok(contents.to_vec()),
                None => Err(Self::missing(path)),
            },
            None => self.inner.read_file(path),
        }
    }

    fn file_type(&self, path: &[u8]) -> Result<Option<FileType>, HostError> {
        match self.inside(path) {
            Some(inside) => Ok(self.kind(inside)),
            None => self.inner.file_type(path),
        }
    }

    fn read_dir(&self, path: &[u8]) -> Result<Vec<(Vec<u8>, FileType)>, HostError> {
        let Some(inside) = self.inside(path) else {
            return self.inner.read_dir(path);
        };
        let mut found: BTreeMap<Vec<u8>, FileType> = BTreeMap::new();
        for file in self.files.keys() {
            let rest = match inside {
                "" => Some(*file),
                folder => file.strip_prefix(folder).and_then(|r| r.strip_prefix('/')),
            };
            match rest.map(|r| r.split_once('/')) {
                Some(Some((folder, _))) => found.insert(folder.as_bytes().to_vec(), FileType::Directory),
                Some(None) => found.insert(rest.unwrap_or_default().as_bytes().to_vec(), FileType::Regular),
                None => None,
            };
        }
        if found.is_empty() { Err(Self::missing(path)) } else { Ok(found.into_iter().collect()) }
    }

    fn resolve(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        match self.inside(path) {
            Some(inside) if self.kind(inside).is_some() => Ok(path.to_vec()),
            Some(_) => Err(Self::missing(path)),
            None => self.inner.resolve(path),
        }
    }

    fn stat(&self, path: &[u8]) -> Result<Stat, HostError> {
        let Some(inside) = self.inside(path) else {
            return self.inner.stat(path);
        };
        let kind = self.kind(inside).ok_or_else(|| Self::missing(path))?;
        let size = self.files.get(inside).map_or(0, |f| f.len() as u64);
        Ok(Stat { kind, executable: false, size, target: Vec::new() })
    }

    fn modified(&self, path: &[u8]) -> Result<u64, HostError> {
        match self.inside(path) {
            Some(_) => self.stat(path).map(|_| 0),
            None => self.inner.modified(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::RealHost;

    #[test]
    fn embedded_files_are_found_and_others_are_not_hidden() {
        let host = Embedded::new(RealHost::new(), "/«test»", &[("a/b.nix", b"1"), ("c.nix", b"2")]);
        assert_eq!(host.read_file("/«test»/a/b.nix".as_bytes()), Ok(b"1".to_vec()));
        assert_eq!(host.file_type("/«test»/a".as_bytes()), Ok(Some(FileType::Directory)));
        assert_eq!(host.file_type("/«test»/x".as_bytes()), Ok(None));
        let names = host.read_dir("/«test»".as_bytes()).expect("a folder");
        assert_eq!(names, [(b"a".to_vec(), FileType::Directory), (b"c.nix".to_vec(), FileType::Regular)]);
        assert_eq!(host.file_type(b"/"), Ok(Some(FileType::Directory)));
        assert!(host.resolve("/«test»/none".as_bytes()).is_err());
        let here = env!("CARGO_MANIFEST_DIR").as_bytes();
        assert_eq!(host.modified(here), RealHost::new().modified(here));
        assert_eq!(host.modified("/«test»/c.nix".as_bytes()), Ok(0));
        assert!(host.modified("/«test»/none".as_bytes()).is_err());
    }
}
