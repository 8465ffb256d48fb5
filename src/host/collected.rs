//! A host that keeps messages in place of printing them.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Entries, FileType, Host, HostError, Reader, Stat};

/// The messages so far.
pub type Messages = Rc<RefCell<Vec<Vec<u8>>>>;

/// Keeps the messages of an evaluation; another host does everything else.
pub struct Collected<H> {
    inner: H,
    messages: Messages,
}

impl<H> Collected<H> {
    /// Adds the messages to `messages`.
    pub fn new(inner: H, messages: Messages) -> Collected<H> {
        Collected { inner, messages }
    }
}

impl<H: Host> Host for Collected<H> {
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
        self.messages.borrow_mut().push(text.to_vec());
    }
}
