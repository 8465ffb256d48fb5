//! A host that remembers what is read.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Entries, FileType, Host, HostError, Reader, Stat};

/// The files that were read and the folders that were listed.
pub type FilesRead = Rc<RefCell<BTreeSet<Vec<u8>>>>;

/// Adds what is read from another host to a set. Nothing is prefetched, so the set has only what was asked for.
pub struct Recorded<H> {
    inner: H,
    read: FilesRead,
}

impl<H> Recorded<H> {
    /// Adds what is read from `inner` to `read`.
    pub fn new(inner: H, read: FilesRead) -> Recorded<H> {
        Recorded { inner, read }
    }

    fn note<T>(&self, path: &[u8], found: Result<T, HostError>) -> Result<T, HostError> {
        if found.is_ok() && !self.read.borrow().contains(path) {
            self.read.borrow_mut().insert(path.to_vec());
        }
        found
    }
}

impl<H: Host> Host for Recorded<H> {
    fn beneath(&self) -> Option<&dyn Host> {
        Some(&self.inner)
    }

    fn read_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.note(path, self.inner.read_file(path))
    }

    fn file_type(&self, path: &[u8]) -> Result<Option<FileType>, HostError> {
        self.inner.file_type(path)
    }

    fn read_dir(&self, path: &[u8]) -> Result<Entries, HostError> {
        self.note(path, self.inner.read_dir(path))
    }

    fn resolve(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.inner.resolve(path)
    }

    fn stat(&self, path: &[u8]) -> Result<Stat, HostError> {
        self.inner.stat(path)
    }

    fn fetch_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.note(path, self.inner.fetch_file(path))
    }

    fn prefetch_reader(&self) -> Option<Reader> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::RealHost;

    #[test]
    fn what_exists_is_noted_once() {
        let read = FilesRead::default();
        let host = Recorded::new(RealHost::new(), read.clone());
        let here = env!("CARGO_MANIFEST_DIR").as_bytes();
        let file = [here, b"/Cargo.toml"].concat();
        for _ in 0..2 {
            assert!(host.read_file(&file).is_ok() && host.read_dir(here).is_ok());
            assert!(host.read_file(&[here, b"/no such file"].concat()).is_err());
        }
        assert_eq!(read.borrow().iter().collect::<Vec<_>>(), [here, &file[..]]);
    }
}
