//! A host that prints nothing.

use super::{Entries, FileType, Host, HostError, Reader, Stat};

/// Answers as another host does, but prints no messages: what `trace` and warnings say is dropped.
pub struct Silent<H>(pub H);

impl<H: Host> Host for Silent<H> {
    fn beneath(&self) -> Option<&dyn Host> {
        Some(&self.0)
    }

    fn read_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.0.read_file(path)
    }

    fn file_type(&self, path: &[u8]) -> Result<Option<FileType>, HostError> {
        self.0.file_type(path)
    }

    fn read_dir(&self, path: &[u8]) -> Result<Entries, HostError> {
        self.0.read_dir(path)
    }

    fn resolve(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.0.resolve(path)
    }

    fn stat(&self, path: &[u8]) -> Result<Stat, HostError> {
        self.0.stat(path)
    }

    fn fetch_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.0.fetch_file(path)
    }

    fn prefetch_reader(&self) -> Option<Reader> {
        self.0.prefetch_reader()
    }

    fn message(&self, _: &[u8]) {}
}
