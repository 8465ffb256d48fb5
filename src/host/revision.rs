//! A host that shows the work tree of a git repository as it is in a commit.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::git::{Lookup, Node, Snapshot};
use super::real::{READ_AHEAD, link_target};
use super::{Entries, FileType, Host, HostError, Reader, Stat, follow_links};

/// Serves the paths below the root of a repository from a commit, and all others from another host. Nothing is checked
/// out or copied. What is in the commit looks as in a fresh checkout:
///
/// - Files have their contents in git; filters (line endings, large files) do not apply.
/// - Everything has the commit's time, and submodules are empty folders.
/// - Links are followed wherever they lead, and links from elsewhere lead into the commit. A file that is in the work tree
///   but not in the commit does not exist.
/// - `.git` is the work tree's own. So what reads `.git/HEAD` finds the checked-out commit, whatever the revision, and two
///   revisions do not differ in their names alone.
///
/// Code is cached by its contents, so evaluations at any revisions and of the work tree share the code cache.
///
/// It takes the place of the console's host below the embedded files: an evaluator is made with
/// `with_embedded(AtRevision::new(console.host.clone(), snapshot))`, and its paths (modules, fixtures, nixpkgs) stay those
/// of the work tree. `Recorded`, if wanted, goes around it. One snapshot may serve several evaluators,
/// on several threads.
pub struct AtRevision<H> {
    inner: H,
    files: Arc<Files>,
}

/// What the host shares with the threads that prefetch.
struct Files {
    snapshot: Arc<Snapshot>,
    /// Folders outside of the repository, without links.
    folders: Mutex<HashMap<Vec<u8>, Arc<[u8]>>>,
}

/// Where a path leads.
enum Place<'s, 'p> {
    /// To a path of the other host.
    Outside(Cow<'p, [u8]>),
    /// To a part of the commit, at a path without links.
    Inside(Cow<'p, [u8]>, Node<'s>),
    /// To something that the commit does not have.
    Absent,
}

/// The number of links in a path at which Linux gives up.
const MOST_LINKS: usize = 40;
/// The usual length of a folder, which appears in an error.
const FOLDER_LENGTH: usize = 4096;

/// The reason why nothing is below a file. Except for listings, that is as if it did not exist.
const NO_FOLDER: &str = "Not a directory";

fn other(reason: String) -> HostError {
    HostError::Other(reason)
}

fn missing(path: &[u8]) -> HostError {
    HostError::NotFound(format!("path '{}' does not exist", super::shown(path)))
}

/// Makes the reason for a failure the message that the real host gives for it.
fn failed<'e>(what: &'e str, path: &'e [u8]) -> impl Fn(HostError) -> HostError + 'e {
    move |e| match e {
        HostError::NotFound(_) => missing(path),
        HostError::Other(reason) if reason == NO_FOLDER => missing(path),
        HostError::Other(reason) => other(format!("{what} '{}': {reason}", super::shown(path))),
        e => e,
    }
}

impl Files {
    /// Where a path leads; follows a final link only with `last`. `target` tells where a link of the other host leads.
    ///
    /// # Errors
    /// When there are too many links, or an object cannot be read: the reason.
    fn find<'p>(
        &self,
        path: &'p [u8],
        last: bool,
        target: &dyn Fn(&[u8]) -> Option<Vec<u8>>,
    ) -> Result<Place<'_, 'p>, HostError> {
        let Some(inside) = self.snapshot.inside(path) else {
            return self.find_from_outside(path, last, target);
        };
        match self.snapshot.lookup(inside).map_err(other)? {
            Lookup::Absent => return Ok(Place::Absent),
            Lookup::Found(Node::Link(_)) if last => {}
            Lookup::Found(node) => return Ok(Place::Inside(path.into(), node)),
            Lookup::BelowFile => return Err(other(NO_FOLDER.to_owned())),
            Lookup::Through => {}
        }
        self.at(self.follow(path, last, target)?)
    }

    /// What is at a path without links.
    fn at<'p>(&self, real: Vec<u8>) -> Result<Place<'_, 'p>, HostError> {
        let Some(inside) = self.snapshot.inside(&real) else {
            return Ok(Place::Outside(real.into()));
        };
        match self.snapshot.lookup(inside).map_err(other)? {
            Lookup::Found(node) => Ok(Place::Inside(real.into(), node)),
            Lookup::Absent | Lookup::Through => Ok(Place::Absent),
            Lookup::BelowFile => Err(other(NO_FOLDER.to_owned())),
        }
    }

    /// As [`Files::find`], for a path that leads into the commit only if there are links in it.
    fn find_from_outside<'p>(
        &self,
        path: &'p [u8],
        last: bool,
        target: &dyn Fn(&[u8]) -> Option<Vec<u8>>,
    ) -> Result<Place<'_, 'p>, HostError> {
        let Some(slash) = path.iter().rposition(|c| *c == b'/').filter(|_| path.len() > 1) else {
            return Ok(Place::Outside(path.into()));
        };
        let folder = self.real_folder(&path[..slash.max(1)], target)?;
        let real = [&folder[..], if *folder == *b"/" { b"" } else { b"/" }, &path[slash + 1..]].concat();
        if self.snapshot.inside(&real).is_some() || last && target(&real).is_some() {
            return self.at(self.follow(&real, last, target)?);
        }
        Ok(Place::Outside(real.into()))
    }

    /// The real path of a folder outside.
    fn real_folder(
        &self,
        folder: &[u8],
        target: &dyn Fn(&[u8]) -> Option<Vec<u8>>,
    ) -> Result<Arc<[u8]>, HostError> {
        let known = || self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(real) = known().get(folder) {
            return Ok(real.clone());
        }
        let real: Arc<[u8]> = self.follow(folder, true, target)?.into();
        known().insert(folder.to_vec(), real.clone());
        Ok(real)
    }

    /// Resolves the links of a path. Parts that do not exist stay unchanged.
    fn follow(
        &self,
        path: &[u8],
        last: bool,
        target: &dyn Fn(&[u8]) -> Option<Vec<u8>>,
    ) -> Result<Vec<u8>, HostError> {
        let mut links = 0;
        follow_links(path, last, |at, todo| {
            let next = match self.snapshot.inside(at) {
                None => target(at),
                Some(inside) => match self.snapshot.lookup(inside).map_err(other)? {
                    Lookup::Found(Node::Link(entry)) => Some(self.snapshot.contents(entry).map_err(other)?),
                    Lookup::Found(Node::Folder(_)) => None,
                    // `..` leads out of folders only.
                    found if todo.last().is_some_and(|part| part == b"..") => {
                        return Err(match found {
                            Lookup::Absent => missing(path),
                            _ => other(NO_FOLDER.to_owned()),
                        });
                    }
                    _ => None,
                },
            };
            links += usize::from(next.is_some() && (last || !todo.is_empty()));
            match links > MOST_LINKS {
                true => Err(other("Too many levels of symbolic links".to_owned())),
                false => Ok(next),
            }
        })
    }

    /// Reads code for another thread; see [`Reader`].
    fn read_code(&self, path: &[u8], inner: &Reader) -> Option<(Vec<u8>, Vec<u8>)> {
        let read = |node: Node<'_>| match node {
            Node::File(entry) => {
                let text = self.snapshot.contents(entry).ok()?;
                (text.len() as u64 <= READ_AHEAD).then_some(text)
            }
            Node::Link(_) | Node::Folder(_) => None,
        };
        let in_folder = || [path, b"/default.nix"].concat();
        match self.find(path, false, &link_target).ok()? {
            Place::Outside(real) => {
                let (file, text) = (inner.code)(&real)?;
                Some((if file == *real { path.to_vec() } else { in_folder() }, text))
            }
            Place::Inside(_, Node::Folder(folder)) => match folder.find(b"default.nix") {
                Some(entry) if entry.file_type() == FileType::Regular => {
                    Some((in_folder(), read(Node::File(entry))?))
                }
                _ => None,
            },
            Place::Inside(_, node) => Some((path.to_vec(), read(node)?)),
            Place::Absent => None,
        }
    }

    /// Lists a folder for another thread; see [`Reader`].
    fn read_folder(&self, path: &[u8], inner: &Reader) -> Option<Entries> {
        match self.find(path, true, &link_target).ok()? {
            Place::Outside(real) => (inner.folder)(&real),
            // The root may have an entry of the other host.
            Place::Inside(real, Node::Folder(folder)) if !self.snapshot.inside(&real)?.is_empty() => {
                Some(folder.entries.iter().map(|entry| (entry.name.clone(), entry.file_type())).collect())
            }
            Place::Inside(..) | Place::Absent => None,
        }
    }
}

impl<H: Host> AtRevision<H> {
    /// Layers a commit over the files of `inner`.
    pub fn new(inner: H, snapshot: Arc<Snapshot>) -> AtRevision<H> {
        AtRevision { inner, files: Arc::new(Files { snapshot, folders: Mutex::default() }) }
    }

    fn find<'p>(&self, path: &'p [u8], last: bool) -> Result<Place<'_, 'p>, HostError> {
        let target = |at: &[u8]| {
            let stat = self.inner.stat(at).ok().filter(|stat| stat.kind == FileType::Symlink);
            stat.map(|stat| stat.target)
        };
        self.files.find(path, last, &target)
    }

    fn snapshot(&self) -> &Snapshot {
        &self.files.snapshot
    }
}

impl<H: Host> Host for AtRevision<H> {
    fn beneath(&self) -> Option<&dyn Host> {
        Some(&self.inner)
    }

    fn read_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        let failed = failed("opening file", path);
        match self.find(path, true).map_err(&failed)? {
            Place::Outside(real) => self.inner.read_file(&real).map_err(|e| e.renamed(&real, path)),
            Place::Inside(_, Node::File(entry)) => {
                self.snapshot().contents(entry).map_err(other).map_err(&failed)
            }
            Place::Inside(..) => Err(other(format!("read of {FOLDER_LENGTH} bytes: Is a directory"))),
            Place::Absent => Err(missing(path)),
        }
    }

    fn file_type(&self, path: &[u8]) -> Result<Option<FileType>, HostError> {
        match self.find(path, false) {
            Ok(Place::Outside(real)) => self.inner.file_type(&real).map_err(|e| e.renamed(&real, path)),
            Ok(Place::Inside(_, Node::File(_))) => Ok(Some(FileType::Regular)),
            Ok(Place::Inside(_, Node::Link(_))) => Ok(Some(FileType::Symlink)),
            Ok(Place::Inside(_, Node::Folder(_))) => Ok(Some(FileType::Directory)),
            Ok(Place::Absent) => Ok(None),
            Err(e) => match failed("getting status of", path)(e) {
                HostError::NotFound(_) => Ok(None),
                e => Err(e),
            },
        }
    }

    fn read_dir(&self, path: &[u8]) -> Result<Entries, HostError> {
        let cannot = |real: &[u8], reason: &str| {
            other(format!("cannot read directory \"{}\": {reason}", super::shown(real)))
        };
        let found = self.find(path, true).map_err(|e| match e {
            HostError::Other(reason) => cannot(path, &reason),
            e => failed("", path)(e),
        })?;
        match found {
            Place::Outside(real) => self.inner.read_dir(&real).map_err(|e| match e {
                HostError::NotFound(_) => missing(path),
                // Names the real path.
                e => e,
            }),
            Place::Inside(real, Node::Folder(folder)) => {
                let mut entries: Entries =
                    folder.entries.iter().map(|entry| (entry.name.clone(), entry.file_type())).collect();
                let git = [&real[..], b"/.git"].concat();
                let is_root = self.snapshot().inside(&real).is_some_and(<[u8]>::is_empty);
                if is_root
                    && self.snapshot().inside(&git).is_none()
                    && let Some(kind) = self.inner.file_type(&git)?
                {
                    entries.push((b".git".to_vec(), kind));
                    entries.sort();
                }
                Ok(entries)
            }
            Place::Inside(real, _) => Err(cannot(&real, NO_FOLDER)),
            Place::Absent => Err(missing(path)),
        }
    }

    fn resolve(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        match self.find(path, true).map_err(failed("getting status of", path))? {
            Place::Outside(real) => self.inner.resolve(&real).map_err(|e| e.renamed(&real, path)),
            Place::Inside(real, _) => Ok(real.into_owned()),
            Place::Absent => Err(missing(path)),
        }
    }

    fn stat(&self, path: &[u8]) -> Result<Stat, HostError> {
        let failed = failed("getting status of", path);
        let of = |kind| Stat { kind, executable: false, size: 0, target: Vec::new() };
        match self.find(path, false).map_err(&failed)? {
            Place::Outside(real) => self.inner.stat(&real).map_err(|e| e.renamed(&real, path)),
            Place::Inside(_, Node::File(entry)) => {
                let size = self.snapshot().size(entry).map_err(other).map_err(&failed)?;
                Ok(Stat { executable: entry.is_executable(), size, ..of(FileType::Regular) })
            }
            Place::Inside(_, Node::Link(entry)) => {
                let target = self.snapshot().contents(entry).map_err(other).map_err(&failed)?;
                Ok(Stat { size: target.len() as u64, target, ..of(FileType::Symlink) })
            }
            Place::Inside(_, Node::Folder(_)) => Ok(of(FileType::Directory)),
            Place::Absent => Err(missing(path)),
        }
    }

    fn modified(&self, path: &[u8]) -> Result<u64, HostError> {
        match self.find(path, false).map_err(failed("getting status of", path))? {
            Place::Outside(real) => self.inner.modified(&real).map_err(|e| e.renamed(&real, path)),
            Place::Inside(..) => Ok(self.snapshot().time()),
            Place::Absent => Err(missing(path)),
        }
    }

    fn fetch_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        match self.find(path, true) {
            Ok(Place::Outside(real)) if *real == *path => self.inner.fetch_file(path),
            _ => self.read_file(path),
        }
    }

    fn prefetch_reader(&self) -> Option<Reader> {
        let inner = self.inner.prefetch_reader()?;
        let (code, folder) = ((self.files.clone(), inner.clone()), (self.files.clone(), inner));
        Some(Reader {
            code: Arc::new(move |path| code.0.read_code(path, &code.1)),
            folder: Arc::new(move |path| folder.0.read_folder(path, &folder.1)),
        })
    }
}
