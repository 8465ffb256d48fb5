//! A flake whose inputs are locked.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::builtins::fetch::Tree;
use crate::store::inputs::Attrs;
use crate::store::lock_file::LockFile;

/// Where the files of a node are, if that is known already.
#[derive(Debug, Clone)]
pub struct Source {
    /// The store path of the tree.
    pub path: String,
    /// The folder of the flake in it.
    pub dir: Vec<u8>,
}

/// A flake whose inputs are locked.
#[derive(Debug)]
pub struct Locked {
    /// The tree that the flake is in.
    pub tree: Tree,
    /// The attributes of the flake, without those that a lock file which had to be changed makes wrong.
    pub attrs: Attrs,
    /// The inputs.
    pub lock: LockFile,
    /// The nodes whose files have been fetched, among them the root.
    pub sources: BTreeMap<usize, Source>,
}

/// All flakes that have been locked, by number.
#[derive(Default)]
pub struct AllLocked(RefCell<Vec<Rc<Locked>>>);

impl AllLocked {
    /// Keeps a flake and returns its number.
    pub fn add(&self, locked: Rc<Locked>) -> usize {
        let mut all = self.0.borrow_mut();
        all.push(locked);
        all.len() - 1
    }

    /// The flake with a number.
    pub fn get(&self, number: usize) -> Option<Rc<Locked>> {
        self.0.borrow().get(number).cloned()
    }
}
