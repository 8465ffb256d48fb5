//! A host that keeps messages in place of printing them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::{Entries, FileType, Host, HostError, Reader, Stat};

/// The messages that were kept.
#[derive(Debug, Clone, Default)]
pub struct Messages {
    kept: Rc<RefCell<Vec<Vec<u8>>>>,
    printed: Rc<Cell<bool>>,
}

impl Messages {
    /// Prints messages at once, until [`keep`](Messages::keep) is called.
    pub fn printed() -> Messages {
        let messages = Messages::default();
        messages.printed.set(true);
        messages
    }

    /// Keeps messages from now on.
    pub fn keep(&self) {
        self.printed.set(false);
    }

    /// Whether messages are printed at once.
    pub fn are_printed(&self) -> bool {
        self.printed.get()
    }

    /// The number of messages that are kept.
    pub fn len(&self) -> usize {
        self.kept.borrow().len()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes the messages that are kept.
    pub fn take(&self) -> Vec<Vec<u8>> {
        self.kept.take()
    }
}

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
        match self.messages.are_printed() {
            true => self.inner.message(text),
            false => self.messages.kept.borrow_mut().push(text.to_vec()),
        }
    }
}
