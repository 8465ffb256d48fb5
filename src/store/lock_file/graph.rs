//! The graph of inputs in a lock file.

use std::collections::{BTreeMap, BTreeSet};

use crate::store::error::{Error, ErrorKind};
use crate::store::inputs::FlakeRef;

/// The names of inputs that lead from the root to an input.
pub type InputPath = Vec<String>;

/// What an input of a flake is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edge {
    /// A node, by its number.
    Node(usize),
    /// The same as the input at a path, seen from the root.
    Follows(InputPath),
}

/// What a lock file says about an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// What is fetched.
    pub locked: FlakeRef,
    /// The reference in the flake.
    pub original: FlakeRef,
    /// Whether it is a flake, and not just files.
    pub is_flake: bool,
    /// For a relative path: the flake that it is relative to.
    pub parent: Option<InputPath>,
}

/// A flake or another tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// Its inputs, by name.
    pub inputs: BTreeMap<String, Edge>,
    /// How it is locked; the root is not.
    pub lock: Option<Lock>,
}

/// The number of the root.
pub const ROOT: usize = 0;

/// A lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockFile {
    /// All nodes; the first is the root.
    pub nodes: Vec<Node>,
}

impl Default for LockFile {
    fn default() -> LockFile {
        LockFile { nodes: vec![Node::default()] }
    }
}

/// A path of inputs as messages show it.
pub fn show_path(path: &[String]) -> String {
    path.join("/")
}

/// Reads a path of inputs, as in `follows`.
///
/// # Errors
/// When a part is not the name of a flake.
pub fn input_path(text: &str) -> Result<InputPath, Error> {
    let mut path = Vec::new();
    for part in text.split('/').filter(|part| !part.is_empty()) {
        if !crate::store::inputs::is_id(part.as_bytes()) {
            let template = "invalid flake input attribute path element '{}'";
            return Err(Error::new(ErrorKind::Usage, template, &[part.as_bytes()]));
        }
        path.push(part.to_owned());
    }
    Ok(path)
}

/// An error about a graph.
fn wrong(message: &str) -> Error {
    Error::new(ErrorKind::Input, "{}", &[message.as_bytes()])
}

impl LockFile {
    /// Adds a node and returns its number.
    pub fn add(&mut self, lock: Lock) -> usize {
        self.nodes.push(Node { inputs: BTreeMap::new(), lock: Some(lock) });
        self.nodes.len() - 1
    }

    /// The node at a path; `None` if the path leads nowhere.
    ///
    /// # Errors
    /// When inputs follow each other in a circle.
    pub fn find(&self, path: &[String]) -> Result<Option<usize>, Error> {
        self.find_among(path, &mut Vec::new())
    }

    fn find_among(&self, path: &[String], seen: &mut Vec<InputPath>) -> Result<Option<usize>, Error> {
        if let Some(first) = seen.iter().position(|other| other == path) {
            let circle = seen[first..].iter().map(|p| show_path(p)).chain([show_path(path)]);
            let circle = circle.collect::<Vec<_>>().join(" -> ");
            return Err(wrong(&format!("follow cycle detected: [{circle}]")));
        }
        seen.push(path.to_vec());
        let mut at = ROOT;
        for name in path {
            at = match self.nodes[at].inputs.get(name) {
                None => return Ok(None),
                Some(Edge::Node(node)) => *node,
                Some(Edge::Follows(target)) => match self.find_among(target, seen)? {
                    None => return Ok(None),
                    Some(node) => node,
                },
            };
        }
        Ok(Some(at))
    }

    /// The node that an input is.
    ///
    /// # Errors
    /// When it follows an input that does not exist, or itself.
    pub fn resolve(&self, edge: &Edge) -> Result<usize, Error> {
        match edge {
            Edge::Node(node) => Ok(*node),
            Edge::Follows(path) => self.find(path)?.ok_or_else(|| {
                wrong(&format!("an input follows a non-existent input '{}'", show_path(path)))
            }),
        }
    }

    /// All inputs by their paths. A node that is reached twice lists its own inputs once.
    pub fn all_inputs(&self) -> BTreeMap<InputPath, &Edge> {
        let mut all = BTreeMap::new();
        self.list(ROOT, &[], &mut BTreeSet::new(), &mut all);
        all
    }

    fn list<'l>(
        &'l self,
        node: usize,
        above: &[String],
        done: &mut BTreeSet<usize>,
        all: &mut BTreeMap<InputPath, &'l Edge>,
    ) {
        if !done.insert(node) {
            return;
        }
        for (name, edge) in &self.nodes[node].inputs {
            let path = [above, std::slice::from_ref(name)].concat();
            all.insert(path.clone(), edge);
            if let Edge::Node(child) = edge {
                self.list(*child, &path, done, all);
            }
        }
    }

    /// Checks that inputs follow others that exist.
    ///
    /// # Errors
    /// When one does not.
    pub fn check(&self) -> Result<(), Error> {
        for (path, edge) in self.all_inputs() {
            if let Edge::Follows(target) = edge
                && !target.is_empty()
                && self.find(target)?.is_none()
            {
                return Err(wrong(&format!(
                    "input '{}' follows a non-existent input '{}'",
                    show_path(&path),
                    show_path(target)
                )));
            }
        }
        Ok(())
    }
}
