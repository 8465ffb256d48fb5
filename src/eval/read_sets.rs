//! Sets of options that share their parts: a set is some options and the other sets that it contains.
//!
//! An evaluation makes some hundred thousand sets, of which each is often an earlier one and a few options more. So a set
//! refers to the sets that it is a union of. Its members are found by a walk, only when somebody asks.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// A union copies the members of sets that have at most so many members, and no parts.
const SMALL: usize = 16;

/// A union of at most so many sets leaves out what one of them repeats of another.
const COMPARED: usize = 64;

/// Interned sets of numbers, themselves numbered. The first is the empty one.
#[derive(Default)]
pub(super) struct ReadSets {
    sets: Vec<Set>,
    /// The members and parts of all sets.
    numbers: Vec<u32>,
    /// The numbers of the sets by their members and parts.
    interned: HashTable<u32>,
    hasher: DefaultHashBuilder,
    members: Marks,
    walked: Marks,
}

/// A set: where its sorted members, and then its sorted parts, are in `numbers`.
#[derive(Clone, Copy)]
struct Set {
    members: usize,
    parts: usize,
    end: usize,
}

impl ReadSets {
    /// The set of one member.
    pub(super) fn single(&mut self, member: u32) -> u32 {
        self.intern(&[member], &[])
    }

    /// The union of sets, which may repeat.
    pub(super) fn union(&mut self, sets: &[u32]) -> u32 {
        match sets {
            [] => return 0,
            [only] => return *only,
            _ => {}
        }
        let (mut members, mut parts) = (Vec::new(), Vec::new());
        for set in sets {
            match self.get(*set) {
                (small, []) if small.len() <= SMALL => members.extend_from_slice(small),
                _ => parts.push(*set),
            }
        }
        for numbers in [&mut members, &mut parts] {
            numbers.sort_unstable();
            numbers.dedup();
        }
        if parts.len() <= COMPARED {
            self.without_repeated(&mut members, &mut parts);
        }
        match (&members[..], &parts[..]) {
            ([], [only]) => *only,
            _ => self.intern(&members, &parts),
        }
    }

    /// Leaves out what a part contains directly.
    fn without_repeated(&self, members: &mut Vec<u32>, parts: &mut Vec<u32>) {
        let all = parts.clone();
        for part in &all {
            let (own, inner) = self.get(*part);
            members.retain(|member| own.binary_search(member).is_err());
            parts.retain(|other| inner.binary_search(other).is_err());
        }
    }

    fn intern(&mut self, members: &[u32], parts: &[u32]) -> u32 {
        if self.sets.is_empty() {
            self.sets.push(Set { members: 0, parts: 0, end: 0 });
        }
        if members.is_empty() && parts.is_empty() {
            return 0;
        }
        let hash = self.hasher.hash_one((members, parts));
        if let Some(known) = self.interned.find(hash, |set| self.get(*set) == (members, parts)) {
            return *known;
        }
        let number = self.sets.len() as u32;
        let start = self.numbers.len();
        self.numbers.extend_from_slice(members);
        self.numbers.extend_from_slice(parts);
        self.sets.push(Set { members: start, parts: start + members.len(), end: self.numbers.len() });
        let ReadSets { sets, numbers, interned, hasher, .. } = self;
        interned.insert_unique(hash, number, |set| hasher.hash_one(contents(sets, numbers, *set)));
        number
    }

    /// The members and the parts of a set.
    fn get(&self, set: u32) -> (&[u32], &[u32]) {
        contents(&self.sets, &self.numbers, set)
    }

    /// All members of a set, also those of its parts, each once.
    pub(super) fn members(&mut self, set: u32) -> Vec<u32> {
        let mut found = Vec::new();
        if self.sets.is_empty() {
            return found;
        }
        self.members.clear();
        self.walked.clear();
        let mut pending = vec![set];
        while let Some(set) = pending.pop() {
            let (members, parts) = contents(&self.sets, &self.numbers, set);
            found.extend(members.iter().filter(|member| self.members.add(**member)));
            pending.extend(parts.iter().filter(|part| self.walked.add(**part)));
        }
        found
    }
}

/// The members and the parts of a set.
fn contents<'a>(sets: &[Set], numbers: &'a [u32], set: u32) -> (&'a [u32], &'a [u32]) {
    let Set { members, parts, end } = sets[set as usize];
    (&numbers[members..parts], &numbers[parts..end])
}

/// Marks on numbers. Clearing them all costs nothing.
#[derive(Default)]
struct Marks {
    /// For each number, the round in which it was marked last.
    rounds: Vec<u32>,
    round: u32,
}

impl Marks {
    fn clear(&mut self) {
        match self.round.checked_add(1) {
            Some(next) => self.round = next,
            None => *self = Marks { rounds: Vec::new(), round: 1 },
        }
    }

    /// Marks a number. Returns whether it had no mark.
    fn add(&mut self, number: u32) -> bool {
        let at = number as usize;
        if at >= self.rounds.len() {
            self.rounds.resize(at + 1, 0);
        }
        std::mem::replace(&mut self.rounds[at], self.round) != self.round
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ReadSets;

    /// Builds unions of unions, and compares each with a plain set.
    #[test]
    fn unions_have_all_members() {
        let mut sets = ReadSets::default();
        let mut plain: Vec<(u32, BTreeSet<u32>)> =
            (0..40).map(|member| (sets.single(member), BTreeSet::from([member]))).collect();
        let mut state = 1_usize;
        let mut random = |below: usize| {
            state = (state.wrapping_mul(48_271) + 11) % 2_147_483_647;
            state % below
        };
        for _ in 0..400 {
            let chosen: Vec<usize> = (0..random(5)).map(|_| random(plain.len())).collect();
            let union = sets.union(&chosen.iter().map(|at| plain[*at].0).collect::<Vec<_>>());
            let expected: BTreeSet<u32> = chosen.iter().flat_map(|at| plain[*at].1.clone()).collect();
            let members = sets.members(union);
            assert_eq!(members.len(), expected.len());
            assert_eq!(members.into_iter().collect::<BTreeSet<_>>(), expected);
            plain.push((union, expected));
        }
    }

    #[test]
    fn unions_are_shared() {
        let mut sets = ReadSets::default();
        let singles: Vec<u32> = (0..100).map(|member| sets.single(member)).collect();
        let large = sets.union(&singles);
        assert_eq!(sets.union(&singles), large);
        assert_eq!(sets.union(&[singles[3], large, singles[5], large]), large);
        let other = sets.single(200);
        let larger = sets.union(&[large, other]);
        assert_ne!(larger, large);
        assert_eq!(sets.union(&[large, larger]), larger);
        assert_eq!(sets.union(&[]), 0);
        assert!(sets.members(0).is_empty());
    }
}
