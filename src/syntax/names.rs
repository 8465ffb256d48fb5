//! The names of one syntax tree.

use std::fmt;
use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

/// A name in a syntax tree, by its number there. The first one that occurs is number 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(pub u32);

/// The names that occur in a syntax tree.
#[derive(Default)]
pub struct Names {
    /// All texts, concatenated.
    text: Vec<u8>,
    /// Where each text ends.
    ends: Vec<u32>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(String::from_utf8_lossy)).finish()
    }
}

impl Names {
    /// Starts without names, with room for `n`.
    pub(super) fn with_capacity(n: usize) -> Names {
        Names {
            text: Vec::with_capacity(8 * n),
            ends: Vec::with_capacity(n),
            index: HashTable::with_capacity(n),
            hasher: DefaultHashBuilder::default(),
        }
    }

    /// The number of a name, assigned on first use.
    pub fn intern(&mut self, name: &[u8]) -> Name {
        let Names { text, ends, index, hasher } = self;
        let hash = hasher.hash_one(name);
        if let Some(found) = index.find(hash, |i| text_of(text, ends, *i) == name) {
            return Name(*found);
        }
        let new = ends.len() as u32;
        text.extend_from_slice(name);
        ends.push(text.len() as u32);
        index.insert_unique(hash, new, |i| hasher.hash_one(text_of(text, ends, *i)));
        Name(new)
    }

    /// The text of a name.
    pub fn get(&self, name: Name) -> &[u8] {
        text_of(&self.text, &self.ends, name.0)
    }

    /// All names in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len() as u32).map(|i| self.get(Name(i)))
    }
}

fn text_of<'a>(text: &'a [u8], ends: &[u32], i: u32) -> &'a [u8] {
    let i = i as usize;
    let start = if i == 0 { 0 } else { ends[i - 1] as usize };
    &text[start..ends[i] as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_numbered_as_they_come() {
        let mut names = Names::default();
        let numbers: Vec<u32> =
            ["a", "", "long name", "a", ""].iter().map(|n| names.intern(n.as_bytes()).0).collect();
        assert_eq!(numbers, [0, 1, 2, 0, 1]);
        assert_eq!(names.iter().collect::<Vec<_>>(), [&b"a"[..], b"", b"long name"]);
    }
}
