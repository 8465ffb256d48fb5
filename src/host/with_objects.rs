//! Layers store objects over another host, so that they can be read back.

use std::rc::Rc;

use super::objects::{MemoryTree, Object, Objects};
use super::{FileType, Host, HostError, Reader, Stat, follow_links};

/// What a path resolves to.
enum Found {
    /// Not in an added object: ask the host.
    Outside,
    /// Missing from an added object.
    Absent,
    /// At this path of the host.
    Elsewhere(Vec<u8>),
    /// In memory.
    Memory(Rc<MemoryTree>),
}

/// A host with store objects layered over it.
pub struct WithObjects {
    inner: Box<dyn Host>,
    objects: Rc<Objects>,
    check_name: CheckName,
}

/// Checks whether a name, including its digest, is valid for a store object.
pub type CheckName = fn(&[u8]) -> Result<(), String>;

impl WithObjects {
    /// Layers `objects` over `inner`.
    pub fn new(inner: Box<dyn Host>, objects: Rc<Objects>, check_name: CheckName) -> WithObjects {
        WithObjects { inner, objects, check_name }
    }

    /// For a missing path: fails if nothing can exist there.
    fn check(&self, path: &[u8]) -> Result<(), HostError> {
        match self.objects.split(path) {
            Some((name, _)) => (self.check_name)(name).map_err(HostError::NoStorePath),
            None => Ok(()),
        }
    }

    /// The host that has the contents of objects. The access policy is about paths, not about these.
    fn contents(&self) -> &dyn Host {
        self.inner.unguarded().unwrap_or(&*self.inner)
    }

    /// The error for a path that an object does not have, in Nix's words.
    fn absent(&self, path: &[u8]) -> HostError {
        let Some((name, rest)) = self.objects.split(path) else {
            return missing(path);
        };
        let objects = self.objects.by_name.borrow();
        let (root, inside) = match objects.get(name).map(|entry| &entry.object) {
            Some(Object::Elsewhere { path, kept: Some(kept) }) if kept.tracked => (path, rest),
            _ => return missing(path),
        };
        let there = self.contents().file_type(&[root, inside].concat());
        let (root, inside) = (super::shown(root), super::shown(inside.strip_prefix(b"/").unwrap_or(inside)));
        HostError::NotFound(match there {
            Ok(Some(_)) => format!(
                "Path '{inside}' in the repository \"{root}\" is not tracked by Git.\n\nTo make it visible to Nix, \
                 run:\n\ngit -C \"{root}\" add \"{inside}\""
            ),
            _ => format!("Path '{inside}' does not exist in Git repository \"{root}\"."),
        })
    }

    /// Looks up a path without following links.
    fn find(&self, path: &[u8]) -> Found {
        let Some((name, rest)) = self.objects.split(path) else {
            return Found::Outside;
        };
        let inside = rest.strip_prefix(b"/").unwrap_or(rest);
        let objects = self.objects.by_name.borrow();
        match objects.get(name).map(|entry| &entry.object) {
            Some(Object::Elsewhere { path, kept }) => match kept.clone() {
                Some(kept) if !inside.is_empty() && !kept.paths.contains(inside) => Found::Absent,
                _ => {
                    let at = [&path[..], rest].concat();
                    drop(objects);
                    // A copy of a part of another object.
                    if self.objects.split(&at).is_some() { self.find(&at) } else { Found::Elsewhere(at) }
                }
            },
            Some(Object::Memory(root)) => {
                let mut at = root.clone();
                for part in inside.split(|c| *c == b'/').filter(|p| !p.is_empty()) {
                    let next = match &*at {
                        MemoryTree::Directory(entries) => entries.get(part).cloned(),
                        _ => None,
                    };
                    match next {
                        Some(next) => at = next,
                        None => return Found::Absent,
                    }
                }
                Found::Memory(at)
            }
            None => {
                let there = |folder: &Vec<u8>| {
                    let at = [&folder[..], b"/", name].concat();
                    matches!(self.contents().file_type(&at), Ok(Some(_))).then(|| [&at[..], rest].concat())
                };
                self.objects.folders.borrow().iter().find_map(there).map_or(Found::Outside, Found::Elsewhere)
            }
        }
    }

    /// Resolves the links of a path in an object; `None` if it leads to the host's own files.
    fn follow(&self, path: &[u8]) -> Result<Option<Vec<u8>>, HostError> {
        if self.objects.split(path).is_none() {
            return Ok(None);
        }
        let target = |at: &[u8], _: &[Vec<u8>]| {
            let target = match self.find(at) {
                Found::Outside | Found::Absent => return Ok(None),
                Found::Memory(tree) => tree.stat().target,
                Found::Elsewhere(at) => match self.contents().stat(&at) {
                    Ok(stat) if stat.kind == FileType::Symlink => stat.target,
                    _ => return Ok(None),
                },
            };
            Ok(Some(target).filter(|target| !target.is_empty()))
        };
        follow_links(path, true, target).map(Some)
    }

    /// Follows all links of `path` and queries the result.
    fn through<T>(
        &self,
        path: &[u8],
        outside: impl Fn(&dyn Host, &[u8]) -> Result<T, HostError>,
        memory: impl Fn(&MemoryTree) -> Result<T, HostError>,
    ) -> Result<T, HostError> {
        let Some(real) = self.follow(path)? else {
            return outside(&*self.inner, path);
        };
        match self.find(&real) {
            Found::Outside => outside(&*self.inner, &real),
            Found::Absent => Err(self.absent(&real)),
            Found::Elsewhere(at) => outside(self.contents(), &at).map_err(|e| e.renamed(&at, &real)),
            Found::Memory(tree) => memory(&tree),
        }
    }
}

fn missing(path: &[u8]) -> HostError {
    HostError::NotFound(format!("path '{}' does not exist", super::shown(path)))
}

fn not_a_directory(path: &[u8]) -> HostError {
    let path = super::shown(path);
    HostError::Other(format!("cannot read directory \"{path}\": Not a directory"))
}

impl Host for WithObjects {
    fn beneath(&self) -> Option<&dyn Host> {
        Some(&*self.inner)
    }

    fn read_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        let memory = |tree: &MemoryTree| match tree {
            MemoryTree::File { contents, .. } => Ok(contents.to_vec()),
            _ => Err(HostError::Other(format!("path '{}' is not a regular file", super::shown(path)))),
        };
        self.through(path, |host, path| host.read_file(path), memory)
    }

    fn file_type(&self, path: &[u8]) -> Result<Option<FileType>, HostError> {
        match self.find(path) {
            Found::Outside => match self.inner.file_type(path) {
                Ok(None) => self.check(path).map(|()| None),
                found => found,
            },
            Found::Elsewhere(at) => self.contents().file_type(&at).map_err(|e| e.renamed(&at, path)),
            Found::Memory(tree) => Ok(Some(tree.stat().kind)),
            Found::Absent => Ok(None),
        }
    }

    fn read_dir(&self, path: &[u8]) -> Result<Vec<(Vec<u8>, FileType)>, HostError> {
        let Some(real) = self.follow(path)? else {
            return self.inner.read_dir(path);
        };
        match self.find(&real) {
            Found::Outside => self.inner.read_dir(&real),
            Found::Absent => Err(self.absent(path)),
            Found::Memory(tree) => match &*tree {
                MemoryTree::Directory(entries) => {
                    Ok(entries.iter().map(|(name, tree)| (name.clone(), tree.stat().kind)).collect())
                }
                _ => Err(not_a_directory(path)),
            },
            Found::Elsewhere(at) => {
                let mut found = self.contents().read_dir(&at).map_err(|e| e.renamed(&at, &real))?;
                // Applies the filters of this object and of those it was copied from.
                found.retain(|(name, _)| {
                    !matches!(self.find(&[&real[..], b"/", name].concat()), Found::Absent)
                });
                Ok(found)
            }
        }
    }

    fn resolve(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        let Some(real) = self.follow(path)? else {
            let resolved = self.inner.resolve(path);
            // The store directory need not exist.
            let is_store = self.objects.prefix.strip_suffix(b"/") == Some(path);
            return if is_store { resolved.or_else(|_| Ok(path.to_vec())) } else { resolved };
        };
        match self.find(&real) {
            Found::Outside => self.inner.resolve(&real),
            Found::Absent => Err(self.absent(path)),
            Found::Memory(_) => Ok(real),
            Found::Elsewhere(at) => match self.contents().file_type(&at)? {
                Some(_) => Ok(real),
                None => Err(missing(path)),
            },
        }
    }

    fn stat(&self, path: &[u8]) -> Result<Stat, HostError> {
        match self.find(path) {
            Found::Outside => match self.inner.stat(path) {
                Err(HostError::NotFound(message)) => self.check(path).and(Err(HostError::NotFound(message))),
                found => found,
            },
            Found::Elsewhere(at) => self.contents().stat(&at).map_err(|e| e.renamed(&at, path)),
            Found::Memory(tree) => Ok(tree.stat()),
            Found::Absent => Err(self.absent(path)),
        }
    }

    fn modified(&self, path: &[u8]) -> Result<u64, HostError> {
        match self.find(path) {
            Found::Outside => self.inner.modified(path),
            // Everything in the store has the same age.
            Found::Elsewhere(_) | Found::Memory(_) => Ok(1),
            Found::Absent => Err(self.absent(path)),
        }
    }

    fn fetch_file(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        match self.find(path) {
            Found::Outside => self.inner.fetch_file(path),
            _ => self.read_file(path),
        }
    }

    fn prefetch_reader(&self) -> Option<Reader> {
        self.inner.prefetch_reader()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::host::RealHost;
    use crate::host::{Embedded, Kept};

    const FILES: &[(&str, &[u8])] = &[("a/b.nix", b"1"), ("a/c.nix", b"2"), ("d.nix", b"3")];

    fn host() -> (WithObjects, Rc<Objects>) {
        let objects = Rc::new(Objects::new("/s"));
        let inner = Embedded::new(RealHost::new(), "/«test»", FILES);
        (WithObjects::new(Box::new(inner), objects.clone(), |_| Ok(())), objects)
    }

    fn file(contents: &[u8]) -> Rc<MemoryTree> {
        Rc::new(MemoryTree::File { contents: contents.into(), executable: false })
    }

    #[test]
    fn trees_elsewhere_with_and_without_a_filter() {
        let (host, objects) = host();
        let path = "/«test»".as_bytes().to_vec();
        objects.add(b"/s/all", Object::Elsewhere { path: path.clone(), kept: None }, Vec::new());
        let paths = HashSet::from([b"a".to_vec(), b"a/c.nix".to_vec()]);
        let kept = Some(Rc::new(Kept { paths, tracked: false }));
        objects.add(b"/s/some", Object::Elsewhere { path, kept }, Vec::new());
        assert_eq!(host.read_file(b"/s/all/a/b.nix"), Ok(b"1".to_vec()));
        assert_eq!(host.read_file(b"/s/some/a/c.nix"), Ok(b"2".to_vec()));
        assert!(host.read_file(b"/s/some/a/b.nix").is_err());
        assert_eq!(host.file_type(b"/s/some/d.nix"), Ok(None));
        let names = |path: &[u8]| -> Vec<Vec<u8>> {
            host.read_dir(path).expect("a folder").into_iter().map(|e| e.0).collect()
        };
        assert_eq!(names(b"/s/all"), [b"a".to_vec(), b"d.nix".to_vec()]);
        assert_eq!(names(b"/s/some"), [b"a".to_vec()]);
        assert_eq!(names(b"/s/some/a"), [b"c.nix".to_vec()]);
    }

    #[test]
    fn links_lead_from_one_object_to_another() {
        let (host, objects) = host();
        objects.add(b"/s/text", Object::Memory(file(b"x")), vec!["/s/y".to_owned()]);
        let link = |to: &[u8]| Rc::new(MemoryTree::Symlink(to.to_vec()));
        let entries =
            [(b"l".to_vec(), link(b"/s/text")), (b"m".to_vec(), link(b"l")), (b"o".to_vec(), link(b"o"))];
        let tree = Rc::new(MemoryTree::Directory(entries.into_iter().collect()));
        objects.add(b"/s/tree", Object::Memory(tree), Vec::new());
        assert_eq!(host.read_file(b"/s/tree/m"), Ok(b"x".to_vec()));
        assert_eq!(host.resolve(b"/s/tree/m"), Ok(b"/s/text".to_vec()));
        assert_eq!(host.file_type(b"/s/tree/m"), Ok(Some(FileType::Symlink)));
        assert!(host.read_file(b"/s/tree/o").is_err());
        assert!(host.read_file(b"/s/tree/none").is_err());
        assert_eq!(objects.references(b"/s/text").as_deref(), Some(&["/s/y".to_owned()][..]));
    }

    #[test]
    fn folders_of_objects() {
        let (host, objects) = host();
        objects.add_folder("/«test»".as_bytes().to_vec());
        assert_eq!(host.read_file(b"/s/a/c.nix"), Ok(b"2".to_vec()));
        assert_eq!(host.file_type(b"/s/none"), Ok(None));
        let e = host.read_file(b"/s/a/none").expect_err("no such file");
        assert_eq!(e.to_string(), "path '/s/a/none' does not exist");
    }
}
