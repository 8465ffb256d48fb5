//! A host whose messages go elsewhere.

use super::{Entries, FileType, Host, HostError, Reader, Stat};

/// Passes the messages of an evaluation to a function; another host does everything else.
pub struct Redirected<H, F> {
    inner: H,
    hear: F,
}

impl<H: Host, F: Fn(&H, &[u8])> Redirected<H, F> {
    /// `hear` gets each message, and the host that would have printed it.
    pub fn new(inner: H, hear: F) -> Redirected<H, F> {
        Redirected { inner, hear }
    }
}

impl<H: Host, F: Fn(&H, &[u8])> Host for Redirected<H, F> {
    fn beneath(&self) -> Option<&dyn Host> {
        Some(&self.inner)
    }

    fn read_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.inner.read_file(path)
    }

    fn file_type(&self, path: &[u8]) -> Result<Option<FileType>, HostError> {
        self.inner.file_type(path)
    }

    fn read_dir(&self, path: &[u8]) -> Result<Entries, HostError> {
        self.inner.read_dir(path)
    }

    fn resolve(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.inner.resolve(path)
    }

    fn stat(&self, path: &[u8]) -> Result<Stat, HostError> {
        self.inner.stat(path)
    }

    fn prefetch_reader(&self) -> Option<Reader> {
        self.inner.prefetch_reader()
    }

    fn message(&self, text: &[u8]) {
        (self.hear)(&self.inner, text);
    }
}
