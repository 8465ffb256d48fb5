//! A host that passes messages on in place of printing them.

use crate::host::{Entries, FileType, Host, HostError, Reader, Stat};

/// Receives the lines that an evaluation prints.
pub type MessageSink = Box<dyn Fn(&[u8]) + Send>;

/// Passes the messages of an evaluation on; another host does everything else.
pub struct Messages<H> {
    inner: H,
    sink: MessageSink,
}

impl<H> Messages<H> {
    /// Passes the messages to `sink`.
    pub fn new(inner: H, sink: MessageSink) -> Messages<H> {
        Messages { inner, sink }
    }
}

impl<H: Host> Host for Messages<H> {
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
        (self.sink)(text);
    }
}
