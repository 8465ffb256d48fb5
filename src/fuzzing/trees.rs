//! Trees of files made of bytes, and a reader of archives that knows nothing of the writer.

use std::collections::BTreeMap;

use crate::store::tree::{Node, Source};

/// Files, directories and links by their paths, with the contents of the files.
pub type Nodes = BTreeMap<Vec<u8>, (Node, Vec<u8>)>;

/// A tree of files as bytes describe it.
#[derive(Default)]
pub struct Tree {
    /// What is in it.
    pub nodes: Nodes,
}

impl Tree {
    /// Each byte is a step: to a new directory, file or link, whose name and contents follow, or back up.
    pub fn of(data: &[u8]) -> Tree {
        let mut tree = Tree::default();
        let mut open: Vec<(Vec<u8>, Vec<Vec<u8>>)> = vec![(Vec::new(), Vec::new())];
        let mut rest = data;
        while let [step, after @ ..] = rest {
            let length = after.len().min(usize::from(step >> 3));
            let (text, after) = after.split_at(length);
            rest = after;
            let is_inside = open.len() > 1;
            let (path, names) = open.last_mut().expect("the root");
            let name = [&(names.len() as u8).to_be_bytes()[..], text].concat();
            let is_name = !name.contains(&b'/') && !name.contains(&0) && names.len() < 200;
            let inside = if path.is_empty() { name.clone() } else { [&path[..], b"/", &name].concat() };
            match step & 7 {
                0 if is_inside => tree.close(open.pop()),
                1..=3 if is_name => {
                    names.push(name);
                    open.push((inside, Vec::new()));
                }
                4 if is_name => {
                    names.push(name);
                    tree.nodes.insert(inside, (Node::Symlink(text.to_vec()), Vec::new()));
                }
                kind if is_name => {
                    names.push(name);
                    let node = Node::Regular { executable: kind == 5, size: text.len() as u64 };
                    tree.nodes.insert(inside, (node, text.to_vec()));
                }
                _ => {}
            }
        }
        while !open.is_empty() {
            tree.close(open.pop());
        }
        tree
    }

    fn close(&mut self, directory: Option<(Vec<u8>, Vec<Vec<u8>>)>) {
        if let Some((path, mut names)) = directory {
            names.sort();
            self.nodes.insert(path, (Node::Directory(names), Vec::new()));
        }
    }
}

impl Source for Tree {
    type Error = Vec<u8>;

    fn node(&mut self, path: &[u8]) -> Result<Node, Vec<u8>> {
        self.nodes.get(path).map(|(node, _)| node.clone()).ok_or_else(|| path.to_vec())
    }

    fn read(&mut self, path: &[u8], sink: &mut dyn FnMut(&[u8])) -> Result<(), Vec<u8>> {
        let (_, contents) = self.nodes.get(path).ok_or_else(|| path.to_vec())?;
        contents.chunks(7).for_each(sink);
        Ok(())
    }
}

/// Reads an archive.
struct Archive<'a> {
    rest: &'a [u8],
}

impl<'a> Archive<'a> {
    fn number(&mut self) -> u64 {
        let (number, rest) = self.rest.split_first_chunk().expect("a number");
        self.rest = rest;
        u64::from_le_bytes(*number)
    }

    fn string(&mut self) -> &'a [u8] {
        let length = self.number() as usize;
        let (text, rest) = self.rest.split_at(length);
        let (zeros, rest) = rest.split_at(length.next_multiple_of(8) - length);
        assert!(zeros.iter().all(|zero| *zero == 0));
        self.rest = rest;
        text
    }

    fn expect(&mut self, text: &[u8]) {
        assert_eq!(self.string(), text);
    }

    fn node(&mut self, path: Vec<u8>, nodes: &mut Nodes) {
        self.expect(b"(");
        self.expect(b"type");
        let found = match self.string() {
            b"regular" => {
                let word = self.string();
                let executable = word == b"executable";
                if executable {
                    self.expect(b"");
                    self.expect(b"contents");
                } else {
                    assert_eq!(word, b"contents");
                }
                let contents = self.string().to_vec();
                self.expect(b")");
                (Node::Regular { executable, size: contents.len() as u64 }, contents)
            }
            b"symlink" => {
                self.expect(b"target");
                let target = self.string().to_vec();
                self.expect(b")");
                (Node::Symlink(target), Vec::new())
            }
            b"directory" => {
                let mut names = Vec::new();
                while self.string() == b"entry" {
                    self.expect(b"(");
                    self.expect(b"name");
                    let name = self.string();
                    let inside =
                        if path.is_empty() { name.to_vec() } else { [&path[..], b"/", name].concat() };
                    names.push(name.to_vec());
                    self.expect(b"node");
                    self.node(inside, nodes);
                    self.expect(b")");
                }
                (Node::Directory(names), Vec::new())
            }
            other => panic!("no type: {other:?}"),
        };
        nodes.insert(path, found);
    }
}

/// The tree in an archive. Panics if it is none.
pub fn read_archive(archive: &[u8]) -> Nodes {
    let mut nodes = Nodes::new();
    let mut reader = Archive { rest: archive };
    reader.expect(b"nix-archive-1");
    reader.node(Vec::new(), &mut nodes);
    assert!(reader.rest.is_empty(), "the archive has an end");
    nodes
}
