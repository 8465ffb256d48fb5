//! A host that tells all that an evaluation asks the file system and the environment.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Entries, FileType, Host, HostError, Reader, Stat};

/// A question to the file system or the environment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Touch {
    /// What a file contains.
    Contents(Vec<u8>),
    /// What a folder lists.
    Listing(Vec<u8>),
    /// What is at a path: nothing, a file, a folder, or a link and its target.
    Kind(Vec<u8>),
    /// What an environment variable is.
    Variable(Vec<u8>),
}

/// The questions so far.
pub type Touches = Rc<RefCell<BTreeSet<Touch>>>;

/// Tells the questions that another host answers. Nothing is prefetched, so only what was asked is told.
pub struct Touched<H> {
    inner: H,
    note: Box<dyn Fn(Touch)>,
}

impl<H> Touched<H> {
    /// Passes the questions to `inner` to `note`, each before it is answered.
    pub fn new(inner: H, note: impl Fn(Touch) + 'static) -> Touched<H> {
        Touched { inner, note: Box::new(note) }
    }

    fn note(&self, touch: Touch) {
        (self.note)(touch);
    }
}

impl<H: Host> Host for Touched<H> {
    fn beneath(&self) -> Option<&dyn Host> {
        Some(&self.inner)
    }

    fn read_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.note(Touch::Contents(path.to_vec()));
        self.inner.read_file(path)
    }

    fn file_type(&self, path: &[u8]) -> Result<Option<FileType>, HostError> {
        self.note(Touch::Kind(path.to_vec()));
        self.inner.file_type(path)
    }

    fn read_dir(&self, path: &[u8]) -> Result<Entries, HostError> {
        self.note(Touch::Listing(path.to_vec()));
        self.inner.read_dir(path)
    }

    fn resolve(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.note(Touch::Kind(path.to_vec()));
        self.inner.resolve(path)
    }

    fn stat(&self, path: &[u8]) -> Result<Stat, HostError> {
        self.note(Touch::Kind(path.to_vec()));
        self.inner.stat(path)
    }

    fn env(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.note(Touch::Variable(name.to_vec()));
        self.inner.env(name)
    }

    fn fetch_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        self.note(Touch::Contents(path.to_vec()));
        self.inner.fetch_file(path)
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
    fn questions_are_noted_whatever_the_answer() {
        let touches = Touches::default();
        let noted = touches.clone();
        let host = Touched::new(RealHost::new(), move |touch| {
            noted.borrow_mut().insert(touch);
        });
        let here = env!("CARGO_MANIFEST_DIR").as_bytes();
        let missing = [here, b"/no such file"].concat();
        assert!(host.read_dir(here).is_ok() && host.read_file(&missing).is_err());
        assert!(host.stat(&missing).is_err() && host.env(b"NIVAL_NO_SUCH_VARIABLE").is_none());
        let expected = [
            Touch::Contents(missing.clone()),
            Touch::Listing(here.to_vec()),
            Touch::Kind(missing),
            Touch::Variable(b"NIVAL_NO_SUCH_VARIABLE".to_vec()),
        ];
        assert_eq!(touches.borrow().iter().cloned().collect::<Vec<_>>(), expected);
    }
}
