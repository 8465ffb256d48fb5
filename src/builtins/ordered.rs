//! A set of keys ordered by a comparison that may fail: a red-black tree with the shape of C++'s `std::map`, because
//! the shape decides which comparison of incomparable keys fails first (`testdata/lang/closure.txt`).

use std::ops::{Index, IndexMut};

use crate::eval::Res;
use crate::value::Value;

/// A set of keys, which are numbered in insertion order.
#[derive(Default)]
pub struct OrderedMap {
    nodes: Vec<Node>,
    root: Option<usize>,
}

struct Node {
    key: Value,
    red: bool,
    parent: Option<usize>,
    children: Children,
}

/// The outcome of an insertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Insert {
    /// It was inserted.
    New,
    /// An equivalent key was there already.
    Known,
}

/// A side of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

impl Side {
    fn other(self) -> Side {
        match self {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        }
    }
}

/// The numbers of a node's children.
#[derive(Debug, Default)]
struct Children {
    left: Option<usize>,
    right: Option<usize>,
}

impl Index<Side> for Children {
    type Output = Option<usize>;

    fn index(&self, side: Side) -> &Option<usize> {
        match side {
            Side::Left => &self.left,
            Side::Right => &self.right,
        }
    }
}

impl IndexMut<Side> for Children {
    fn index_mut(&mut self, side: Side) -> &mut Option<usize> {
        match side {
            Side::Left => &mut self.left,
            Side::Right => &mut self.right,
        }
    }
}

impl OrderedMap {
    /// The key with this number.
    pub fn key(&self, number: usize) -> Value {
        self.nodes[number].key
    }

    /// The numbers of all keys, smallest key first.
    pub fn ascending(&self) -> Vec<usize> {
        let mut out = Vec::with_capacity(self.nodes.len());
        let mut above = Vec::new();
        let mut next = self.root;
        while next.is_some() || !above.is_empty() {
            while let Some(node) = next {
                above.push(node);
                next = self.nodes[node].children.left;
            }
            if let Some(node) = above.pop() {
                out.push(node);
                next = self.nodes[node].children.right;
            }
        }
        out
    }

    /// Inserts a key unless an equivalent one is present.
    ///
    /// # Errors
    /// Errors of the comparison; nothing is inserted then.
    pub fn insert(&mut self, key: Value, less: &mut dyn FnMut(Value, Value) -> Res<bool>) -> Res<Insert> {
        let mut parent = None;
        let mut side = Side::Left;
        // The last node at which the path turned right: the next smaller one.
        let mut smaller = None;
        let mut next = self.root;
        while let Some(node) = next {
            parent = next;
            side = if less(key, self.nodes[node].key)? { Side::Left } else { Side::Right };
            if side == Side::Right {
                smaller = next;
            }
            next = self.nodes[node].children[side];
        }
        if let Some(smaller) = smaller
            && !less(self.nodes[smaller].key, key)?
        {
            return Ok(Insert::Known);
        }
        let new = self.nodes.len();
        self.nodes.push(Node { key, red: true, parent, children: Children::default() });
        match parent {
            Some(parent) => self.nodes[parent].children[side] = Some(new),
            None => self.root = Some(new),
        }
        self.rebalance(new);
        Ok(Insert::New)
    }

    fn is_red(&self, node: Option<usize>) -> bool {
        node.is_some_and(|n| self.nodes[n].red)
    }

    fn side_of(&self, node: usize, parent: usize) -> Side {
        if self.nodes[parent].children.left == Some(node) { Side::Left } else { Side::Right }
    }

    /// Restores, from a new red node upwards, that no red node has a red child.
    fn rebalance(&mut self, new: usize) {
        let mut node = new;
        while let Some(parent) = self.nodes[node].parent.filter(|p| self.nodes[*p].red) {
            // A red node is never the root.
            let Some(grandparent) = self.nodes[parent].parent else {
                break;
            };
            let side = self.side_of(parent, grandparent);
            let uncle = self.nodes[grandparent].children[side.other()];
            if self.is_red(uncle) {
                for black in [Some(parent), uncle].into_iter().flatten() {
                    self.nodes[black].red = false;
                }
                self.nodes[grandparent].red = true;
                node = grandparent;
                continue;
            }
            let mut parent = parent;
            if self.side_of(node, parent) != side {
                self.rotate(parent, side);
                (node, parent) = (parent, node);
            }
            self.nodes[parent].red = false;
            self.nodes[grandparent].red = true;
            self.rotate(grandparent, side.other());
        }
        if let Some(root) = self.root {
            self.nodes[root].red = false;
        }
    }

    /// Moves a node down to `side`; its child on the other side takes its place.
    fn rotate(&mut self, node: usize, side: Side) {
        let Some(child) = self.nodes[node].children[side.other()] else {
            return;
        };
        let inner = self.nodes[child].children[side];
        let parent = self.nodes[node].parent;
        match parent {
            Some(parent) => {
                let at = self.side_of(node, parent);
                self.nodes[parent].children[at] = Some(child);
            }
            None => self.root = Some(child),
        }
        self.nodes[child].parent = parent;
        self.nodes[child].children[side] = Some(node);
        self.nodes[node].parent = Some(child);
        self.nodes[node].children[side.other()] = inner;
        if let Some(inner) = inner {
            self.nodes[inner].parent = Some(node);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(n: i64) -> Value {
        Value::small_int(n).expect("small")
    }

    #[test]
    fn keys_come_out_in_order_and_the_tree_stays_flat() {
        let mut map = OrderedMap::default();
        let mut most = 0;
        for i in 0..1000 {
            let mut comparisons = 0;
            let inserted = map.insert(int(i * 7 % 1000), &mut |a, b| {
                comparisons += 1;
                Ok(a.as_small_int() < b.as_small_int())
            });
            assert_eq!(inserted.expect("no errors"), Insert::New);
            most = most.max(comparisons);
        }
        assert!(most <= 21, "{most} comparisons");
        let keys: Vec<i64> = map.ascending().into_iter().map(|i| map.key(i).as_small_int()).collect();
        assert_eq!(keys, (0..1000).collect::<Vec<_>>());
        let again = map.insert(int(5), &mut |a, b| Ok(a.as_small_int() < b.as_small_int()));
        assert_eq!(again.expect("no errors"), Insert::Known);
    }

    #[test]
    fn three_ascending_keys_have_the_middle_one_at_the_root() {
        let mut map = OrderedMap::default();
        for i in 1..=3 {
            map.insert(int(i), &mut |a, b| Ok(a.as_small_int() < b.as_small_int())).expect("no errors");
        }
        assert_eq!(map.root.map(|r| map.key(r)), Some(int(2)));
    }
}
