//! File trees as their readers provide them, for Nix archives and git hashes.

/// A file, directory or symbolic link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A file of `size` bytes.
    Regular {
        /// Whether its owner may execute it.
        executable: bool,
        /// Its length, which [`Source::read`] must keep to.
        size: u64,
    },
    /// The names in a directory, in any order, without those of the directory itself and its parent.
    Directory(Vec<Vec<u8>>),
    /// What a symbolic link points to.
    Symlink(Vec<u8>),
}

/// The source of a tree.
///
/// A path is relative to the root of the tree, its components joined with `/`; the root is the empty path.
/// The calls come in the order in which Nix visits a tree, because a filter written in Nix can observe it:
/// each entry is kept or dropped just before it is visited, after its predecessor and everything inside that.
pub trait Source {
    /// The error of a failed read.
    type Error;

    /// The node at `path`. The source itself rejects files of other kinds.
    fn node(&mut self, path: &[u8]) -> Result<Node, Self::Error>;

    /// Passes the contents of the file at `path` to `sink` in one or more pieces.
    fn read(&mut self, path: &[u8], sink: &mut dyn FnMut(&[u8])) -> Result<(), Self::Error>;

    /// Whether the directory entry at `path` belongs to the tree. Not called for the root.
    fn keep(&mut self, _path: &[u8]) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

/// Why a tree could not be written completely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DumpError<E> {
    /// The source's own error.
    Source(E),
    /// The entry at this path is too deep. For archives, Nix says: path '…' exceeds maximum NAR directory
    /// depth of 64.
    TooDeep(Vec<u8>),
    /// The file at this path was longer or shorter than announced.
    SizeChanged(Vec<u8>),
}

/// The events of a walk, in order. A node is `File` to `FileEnd`, `Symlink`, or `Directory` to
/// `DirectoryEnd`. In a directory, each entry is `Entry`, its node, `EntryEnd`.
pub(super) enum Event<'a> {
    File { executable: bool, size: u64 },
    Contents(&'a [u8]),
    FileEnd { size: u64 },
    Symlink(&'a [u8]),
    Directory,
    Entry(&'a [u8]),
    EntryEnd,
    DirectoryEnd,
}

/// Walks a tree with its entries sorted by name. A deep tree takes no stack.
pub(super) fn walk<S: Source>(
    source: &mut S,
    max_depth: usize,
    see: &mut dyn FnMut(Event),
) -> Result<(), DumpError<S::Error>> {
    let mut path = Vec::new();
    // The open directories: the length of their path, and the names still to visit, in reverse order.
    let mut open: Vec<(usize, Vec<Vec<u8>>)> = Vec::new();
    loop {
        if open.len() >= max_depth {
            return Err(DumpError::TooDeep(path));
        }
        match source.node(&path).map_err(DumpError::Source)? {
            Node::Regular { executable, size } => {
                see(Event::File { executable, size });
                read_exactly(source, &path, size, &mut |piece| see(Event::Contents(piece)))?;
                see(Event::FileEnd { size });
            }
            Node::Symlink(target) => see(Event::Symlink(&target)),
            Node::Directory(mut names) => {
                names.sort_unstable_by(|a, b| b.cmp(a));
                names.dedup();
                see(Event::Directory);
                open.push((path.len(), names));
            }
        }
        loop {
            let Some((length, names)) = open.last_mut() else { return Ok(()) };
            if path.len() > *length {
                path.truncate(*length);
                see(Event::EntryEnd);
            }
            match names.pop() {
                Some(name) => {
                    if !path.is_empty() {
                        path.push(b'/');
                    }
                    path.extend_from_slice(&name);
                    if source.keep(&path).map_err(DumpError::Source)? {
                        see(Event::Entry(&name));
                        break;
                    }
                    path.truncate(*length);
                }
                None => {
                    see(Event::DirectoryEnd);
                    open.pop();
                }
            }
        }
    }
}

/// Passes on a file's contents and checks their length.
fn read_exactly<S: Source>(
    source: &mut S,
    path: &[u8],
    size: u64,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<(), DumpError<S::Error>> {
    let mut seen = 0;
    let mut count = |piece: &[u8]| {
        seen += piece.len() as u64;
        sink(piece);
    };
    source.read(path, &mut count).map_err(DumpError::Source)?;
    if seen == size { Ok(()) } else { Err(DumpError::SizeChanged(path.to_vec())) }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// A tree in memory that records which paths were asked for.
    #[derive(Default)]
    pub struct Sample {
        pub nodes: BTreeMap<Vec<u8>, (Node, Vec<u8>)>,
        pub hidden: Vec<u8>,
        pub asked: Vec<String>,
    }

    impl Sample {
        pub fn file(mut self, path: &str, executable: bool, contents: &[u8]) -> Sample {
            let node = Node::Regular { executable, size: contents.len() as u64 };
            self.nodes.insert(path.into(), (node, contents.to_vec()));
            self
        }

        pub fn directory(mut self, path: &str, names: &[&str]) -> Sample {
            let names = names.iter().map(|n| n.as_bytes().to_vec()).collect();
            self.nodes.insert(path.into(), (Node::Directory(names), Vec::new()));
            self
        }

        pub fn symlink(mut self, path: &str, target: &str) -> Sample {
            self.nodes.insert(path.into(), (Node::Symlink(target.into()), Vec::new()));
            self
        }

        /// The tree that tools/record/corpora/store.py records hashes of.
        pub fn recorded() -> Sample {
            Sample::default()
                .directory("", &["sub", "sub.txt", "sub-a", "exec", "empty", "link", "Z"])
                .file("Z", false, b"capital\n")
                .directory("empty", &[])
                .file("exec", true, b"#!/bin/sh\n")
                .symlink("link", "sub/deep")
                .directory("sub", &["deep"])
                .file("sub/deep", false, &[b'x'; 1000])
                .file("sub-a", false, b"")
                .file("sub.txt", false, b"12345678")
        }
    }

    impl Source for Sample {
        type Error = String;

        fn node(&mut self, path: &[u8]) -> Result<Node, String> {
            let text = String::from_utf8_lossy(path).into_owned();
            self.asked.push(text.clone());
            self.nodes.get(path).map(|(node, _)| node.clone()).ok_or(text)
        }

        fn read(&mut self, path: &[u8], sink: &mut dyn FnMut(&[u8])) -> Result<(), String> {
            self.nodes[path].1.chunks(300).for_each(sink);
            Ok(())
        }

        fn keep(&mut self, path: &[u8]) -> Result<bool, String> {
            self.asked.push(format!("{}?", String::from_utf8_lossy(path)));
            Ok(path != self.hidden)
        }
    }
}
