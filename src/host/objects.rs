//! The store objects that an evaluation has made. Nothing is copied, but their contents are known.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use super::{FileType, Stat};

/// A file tree in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemoryTree {
    /// A file.
    File {
        /// Its contents.
        contents: Rc<[u8]>,
        /// Whether its owner may execute it.
        executable: bool,
    },
    /// The target of a symbolic link.
    Symlink(Vec<u8>),
    /// A directory.
    Directory(BTreeMap<Vec<u8>, Rc<MemoryTree>>),
}

impl MemoryTree {
    /// As [`Host::stat`](super::Host::stat).
    pub(super) fn stat(&self) -> Stat {
        let (kind, executable, size, target) = match self {
            MemoryTree::File { contents, executable } => {
                (FileType::Regular, *executable, contents.len() as u64, Vec::new())
            }
            MemoryTree::Symlink(target) => (FileType::Symlink, false, 0, target.clone()),
            MemoryTree::Directory(_) => (FileType::Directory, false, 0, Vec::new()),
        };
        Stat { kind, executable, size, target }
    }
}

/// Where the contents of a store object are.
#[derive(Debug, Clone)]
pub enum Object {
    /// In memory.
    Memory(Rc<MemoryTree>),
    /// At another path of the host.
    Elsewhere {
        /// The path.
        path: Vec<u8>,
        /// For a filtered tree, what belongs to the object.
        kept: Option<Rc<Kept>>,
    },
}

/// The paths of a filtered tree.
#[derive(Debug, Default)]
pub struct Kept {
    /// Relative to the tree.
    pub paths: HashSet<Vec<u8>>,
    /// Whether these are the files of a work tree that git tracks.
    pub tracked: bool,
}

pub(super) struct Entry {
    pub(super) object: Object,
    pub(super) references: Rc<[String]>,
}

/// The store objects that an evaluation knows.
pub struct Objects {
    /// The store directory with a trailing slash.
    pub(super) prefix: Vec<u8>,
    pub(super) by_name: RefCell<HashMap<Vec<u8>, Entry>>,
    /// Further folders whose entries are store objects.
    pub(super) folders: RefCell<Vec<Vec<u8>>>,
}

impl Objects {
    /// No objects in the store directory `dir`.
    pub fn new(dir: &str) -> Objects {
        let prefix = [dir.trim_end_matches('/').as_bytes(), b"/"].concat();
        Objects { prefix, by_name: RefCell::default(), folders: RefCell::default() }
    }

    /// Adds an object. `references` are the store paths it refers to.
    pub fn add(&self, store_path: &[u8], object: Object, references: Vec<String>) {
        if let Some(name) = store_path.strip_prefix(&self.prefix[..]) {
            let entry = Entry { object, references: references.into() };
            self.by_name.borrow_mut().entry(name.to_vec()).or_insert(entry);
        }
    }

    /// Adds a folder whose entries are store objects.
    pub fn add_folder(&self, folder: Vec<u8>) {
        self.folders.borrow_mut().push(folder);
    }

    /// The work tree that an object shows.
    pub fn work_tree(&self, store_path: &[u8]) -> Option<Vec<u8>> {
        let name = store_path.strip_prefix(&self.prefix[..])?;
        match &self.by_name.borrow().get(name)?.object {
            Object::Elsewhere { path, kept: Some(kept) } if kept.tracked => Some(path.clone()),
            _ => None,
        }
    }

    /// Where the contents of an object are on the host, if they are in one place.
    pub fn place(&self, store_path: &[u8]) -> Option<Vec<u8>> {
        let name = store_path.strip_prefix(&self.prefix[..])?;
        match &self.by_name.borrow().get(name)?.object {
            Object::Elsewhere { path, .. } => Some(path.clone()),
            Object::Memory(_) => None,
        }
    }

    /// The references of an added object.
    pub fn references(&self, store_path: &[u8]) -> Option<Rc<[String]>> {
        let name = store_path.strip_prefix(&self.prefix[..])?;
        self.by_name.borrow().get(name).map(|entry| entry.references.clone())
    }

    /// Splits a path into the name of the store object and the rest, which is empty or begins with a slash.
    pub fn split<'a>(&self, path: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        let name = path.strip_prefix(&self.prefix[..])?;
        let end = name.iter().position(|c| *c == b'/').unwrap_or(name.len());
        (end > 0).then(|| name.split_at(end))
    }
}
