//! Paths that are copied to the store: nival computes their store paths but copies nothing.

use std::cell::RefCell;
use std::rc::Rc;

use hashbrown::HashMap;

use super::{Error, ErrorKind, Evaluator, InternalFile, Res};
use crate::host::{FileType, Host, HostError, MemoryTree, Object, shown};
use crate::store::build_path::build_source_path;
use crate::store::nar::{self, MAX_DEPTH};
use crate::store::tree::{DumpError, Node, Source};
use crate::store::{self, HashAlgo, NixHash, StoreDir, StorePath};
use crate::value::{Context, ContextElement, Value};

/// Decides which entries of a tree are included. Receives the absolute path and the file type.
pub type Filter<'a> = &'a mut dyn FnMut(&[u8], FileType) -> Res<bool>;

/// Store paths of what has already been copied.
#[derive(Default)]
struct Copies {
    by_path: RefCell<HashMap<Vec<u8>, Rc<str>>>,
}

/// A file tree on the host.
struct HostTree<'a> {
    ev: &'a Evaluator,
    host: &'a dyn Host,
    root: &'a [u8],
    filter: Option<Filter<'a>>,
}

impl HostTree<'_> {
    fn absolute(&self, path: &[u8]) -> Vec<u8> {
        match path {
            b"" => self.root.to_vec(),
            path if self.root == b"/" => [b"/", path].concat(),
            path => [self.root, b"/", path].concat(),
        }
    }
}

impl Source for HostTree<'_> {
    type Error = Error;

    fn node(&mut self, path: &[u8]) -> Res<Node> {
        let path = self.absolute(path);
        let host = self.host;
        let stat = host.stat(&path).map_err(|e| self.ev.host_error(e))?;
        match stat.kind {
            FileType::Regular => Ok(Node::Regular { executable: stat.executable, size: stat.size }),
            FileType::Symlink => Ok(Node::Symlink(stat.target)),
            FileType::Directory => {
                let entries = host.read_dir(&path).map_err(|e| self.ev.host_error(e))?;
                Ok(Node::Directory(entries.into_iter().map(|e| e.0).collect()))
            }
            FileType::Unknown => {
                let path = shown(&path).into_owned();
                Err(Error::new(ErrorKind::System, format!("file '{path}' has an unsupported type")))
            }
        }
    }

    fn read(&mut self, path: &[u8], sink: &mut dyn FnMut(&[u8])) -> Res<()> {
        sink(&self.host.read_file(&self.absolute(path)).map_err(|e| self.ev.host_error(e))?);
        Ok(())
    }

    fn keep(&mut self, path: &[u8]) -> Res<bool> {
        let path = self.absolute(path);
        match &mut self.filter {
            None => Ok(true),
            Some(filter) => {
                let kind = self.host.file_type(&path).map_err(|e| self.ev.host_error(e))?;
                filter(&path, kind.unwrap_or(FileType::Unknown))
            }
        }
    }
}

impl From<&store::Error> for Error {
    #[cold]
    fn from(e: &store::Error) -> Error {
        let message = shown(e.message()).into_owned();
        let usage = e.kind() == store::ErrorKind::Usage;
        Error::new(if usage { ErrorKind::Usage } else { ErrorKind::Eval }, message)
    }
}

impl From<store::Error> for Error {
    #[cold]
    fn from(e: store::Error) -> Error {
        Error::from(&e)
    }
}

impl Evaluator {
    /// The store directory.
    pub fn store_dir(&self) -> Res<&StoreDir> {
        if let Some(dir) = self.store_dir.get() {
            return Ok(dir);
        }
        let dir = StoreDir::new(&self.settings.store_dir).map_err(|e| self.store_error(&e))?;
        Ok(self.store_dir.get_or_init(|| dir))
    }

    /// An error of the store module as an evaluation error.
    pub fn store_error(&self, e: &store::Error) -> Error {
        Error::from(e)
    }

    /// The store path that a path becomes in a string, with its context.
    pub fn copy_to_store(&self, path: Value) -> Res<Value> {
        let text = self.path_text(path, true);
        if let Some(file) = self.internal_file(text) {
            return self.internal_to_store(file);
        }
        if text.ends_with(b".drv") {
            return Err(Error::eval("file names are not allowed to end in '.drv'"));
        }
        let copies = self.extension::<Copies>();
        let known = copies.by_path.borrow().get(text).cloned();
        let store_path = match known {
            Some(known) => known,
            None => {
                let (real, name) = self.real_path_and_name(text)?;
                let hash = self.hash_tree(&real, None, HashAlgo::Sha256)?;
                let made: Rc<str> = Rc::from(self.source_path(&name, &hash)?.as_str());
                copies.by_path.borrow_mut().insert(text.to_vec(), made.clone());
                self.objects.add(made.as_bytes(), Object::Elsewhere { path: real, kept: None }, Vec::new());
                made
            }
        };
        self.opaque(&store_path)
    }

    /// The store path of a file that is part of the evaluator: the one that Nix's own file has.
    pub fn internal_to_store(&self, file: &InternalFile) -> Res<Value> {
        let hash = NixHash::from_digest(HashAlgo::Sha256, &file.nar_hash);
        let hash = hash.unwrap_or(NixHash::zero(HashAlgo::Sha256));
        let path = self.source_path(file.name.as_bytes(), &hash)?;
        let contents = MemoryTree::File { contents: file.text.into(), executable: false };
        self.objects.add(path.as_bytes(), Object::Memory(contents.into()), Vec::new());
        self.opaque(&path)
    }

    /// A string that refers to a store path.
    pub fn opaque(&self, store_path: &str) -> Res<Value> {
        let context = self.mem.contexts.make(vec![ContextElement::Opaque(Rc::from(store_path))]);
        Ok(self.mem.string(store_path.as_bytes(), context)?)
    }

    /// Resolves links in the folders of a path. Returns the real path and the last component.
    pub fn real_path_and_name(&self, path: &[u8]) -> Res<(Vec<u8>, Vec<u8>)> {
        let slash = path.iter().rposition(|c| *c == b'/').unwrap_or(0);
        let name = path[slash + 1..].to_vec();
        if name.is_empty() {
            return Ok((path.to_vec(), name));
        }
        let missing = |_| {
            if let Err(e) = self.host.check_access(path) {
                return self.host_error(e);
            }
            let path = shown(path).into_owned();
            self.host_error(HostError::NotFound(format!("path '{path}' does not exist")))
        };
        let folder = if slash == 0 { b"/" } else { &path[..slash] };
        let known = self.loaded_files.real_folders.borrow().get(folder).cloned();
        let mut real = match known {
            Some(real) => real.to_vec(),
            None => {
                let real = self.host.resolve(folder).map_err(missing)?;
                self.loaded_files.real_folders.borrow_mut().insert(folder.into(), real[..].into());
                real
            }
        };
        if !real.ends_with(b"/") {
            real.push(b'/');
        }
        real.extend_from_slice(&name);
        Ok((real, name))
    }

    /// The hash of a tree's Nix archive.
    pub fn hash_tree<'a>(
        &'a self,
        root: &'a [u8],
        filter: Option<Filter<'a>>,
        algo: HashAlgo,
    ) -> Res<NixHash> {
        self.hash_tree_of(&*self.host, root, filter, algo)
    }

    /// The same for a tree of a host.
    pub fn hash_tree_of<'a>(
        &'a self,
        host: &'a dyn Host,
        root: &'a [u8],
        filter: Option<Filter<'a>>,
        algo: HashAlgo,
    ) -> Res<NixHash> {
        let mut tree = HostTree { ev: self, host, root, filter };
        match nar::hash(&mut tree, algo) {
            Ok((hash, _)) => Ok(hash),
            Err(DumpError::Source(e)) => Err(e),
            Err(DumpError::TooDeep(path)) => {
                let path = shown(&path).into_owned();
                Err(Error::eval(format!("path '{path}' exceeds maximum NAR directory depth of {MAX_DEPTH}")))
            }
            Err(DumpError::SizeChanged(path)) => {
                let path = shown(&path).into_owned();
                Err(Error::new(ErrorKind::System, format!("file '{path}' changed while it was read")))
            }
        }
    }

    /// The store path of a source tree.
    ///
    /// # Errors
    /// When the name is not valid in a store path.
    pub fn source_path(&self, name: &[u8], nar_hash: &NixHash) -> Res<String> {
        let dir = self.store_dir()?;
        let mut digest = [0; 32];
        digest.copy_from_slice(nar_hash.digest());
        let path = build_source_path(dir, name, &digest).map_err(|e| self.store_error(&e))?;
        Ok(dir.print(&path))
    }

    /// Parses a full store path.
    pub fn parse_store_path(&self, path: &str) -> Res<StorePath> {
        self.store_dir()?.parse(path.as_bytes()).map_err(|e| self.store_error(&e))
    }

    /// A string that refers to an output of a derivation.
    pub fn output_string(&self, text: &str, drv: &Rc<str>, output: &str) -> Res<Value> {
        let element = ContextElement::Built { drv: drv.clone(), output: Rc::from(output) };
        Ok(self.mem.string(text.as_bytes(), self.mem.contexts.make(vec![element]))?)
    }

    /// Whether a string has no context.
    pub fn is_plain(&self, v: Value) -> bool {
        self.mem.context(v) == Context::EMPTY
    }
}
