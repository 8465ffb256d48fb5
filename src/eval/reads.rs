//! Tracks which options a value was computed from.
//!
//! While the evaluator tracks reads, every computation of a thunk collects the set of options that it reads. A thunk
//! that has read any leaves, instead of its value, a *read*: a forward to a cell with the value and the number of the
//! set. Whoever forces that slot later adds the set to its own. An option's attributes are a boundary: their
//! computation gives the option the collected set, and its readers only the option. Sets are interned, and each union
//! is computed once.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use hashbrown::HashMap;

use crate::value::Value;

/// The number of a set of options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ReadSet(u32);

impl ReadSet {
    pub(super) const EMPTY: ReadSet = ReadSet(0);

    /// The set in a read's cell.
    pub(super) fn of_word(word: Value) -> ReadSet {
        ReadSet(u32::try_from(word.as_small_int()).unwrap_or_default())
    }

    /// The word that a read's cell has for it.
    pub(super) fn word(self) -> Value {
        Value::number(i64::from(self.0))
    }
}

/// An option whose reads are tracked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReadOption(u32);

impl ReadOption {
    pub(super) fn of_word(word: Value) -> ReadOption {
        ReadOption(u32::try_from(word.as_small_int()).unwrap_or_default())
    }

    pub(super) fn word(self) -> Value {
        Value::number(i64::from(self.0))
    }
}

/// All that has been read.
#[derive(Default)]
pub(super) struct Reads {
    /// What the computation in progress has read.
    current: Cell<u32>,
    sets: RefCell<Sets>,
    options: RefCell<Vec<Tracked>>,
    /// The options of the native engine by the words that identify them, which this keeps alive.
    numbers: RefCell<HashMap<u64, ReadOption>>,
    /// What failed computations had read, by the numbers of their errors.
    failed: RefCell<HashMap<u32, ReadSet>>,
}

/// An option.
struct Tracked {
    /// Its path: a list of strings, or the suspension of one. The word keeps it alive.
    loc: Value,
    /// What its attributes were computed from.
    reads: ReadSet,
}

impl Reads {
    /// Begins a computation. Returns what [`end`](Self::end) wants.
    pub(super) fn begin(&self) -> ReadSet {
        ReadSet(self.current.replace(0))
    }

    /// Ends a computation: returns what it has read, and adds that to what the computation around it has read.
    pub(super) fn end(&self, around: ReadSet) -> ReadSet {
        let own = ReadSet(self.current.replace(around.0));
        self.add(own);
        own
    }

    /// Ends a computation that does not count.
    pub(super) fn restore(&self, around: ReadSet) {
        self.current.set(around.0);
    }

    /// Adds to what the computation in progress has read.
    pub(super) fn add(&self, set: ReadSet) {
        let current = self.current.get();
        if set == ReadSet::EMPTY || set.0 == current {
            return;
        }
        self.current.set(match current {
            0 => set.0,
            current => self.sets.borrow_mut().union(current, set.0),
        });
    }

    /// The number of the option that a word identifies.
    pub(super) fn number(&self, key: Value, loc: Value) -> ReadOption {
        *self.numbers.borrow_mut().entry(key.bits()).or_insert_with(|| self.option(loc))
    }

    /// The number for another option.
    pub(super) fn option(&self, loc: Value) -> ReadOption {
        let mut options = self.options.borrow_mut();
        options.push(Tracked { loc, reads: ReadSet::EMPTY });
        ReadOption((options.len() - 1) as u32)
    }

    /// Forgets what the computation in progress has read.
    pub(super) fn forget(&self) {
        self.current.set(0);
    }

    /// Ends the computation of an option's attribute: what it has read is the option's, and its readers have read
    /// the option.
    pub(super) fn close(&self, option: ReadOption) {
        let read = self.current.replace(0);
        let mut sets = self.sets.borrow_mut();
        if let Some(tracked) = self.options.borrow_mut().get_mut(option.0 as usize) {
            tracked.reads = ReadSet(sets.union(tracked.reads.0, read));
        }
        self.current.set(sets.intern(&[option.0]));
    }

    /// Notes what the computation that failed with this error had read.
    pub(super) fn fail(&self, error: u32, set: ReadSet) {
        self.failed.borrow_mut().insert(error, set);
    }

    /// What the computation that failed with this error had read.
    pub(super) fn failed(&self, error: u32) -> ReadSet {
        self.failed.borrow().get(&error).copied().unwrap_or(ReadSet::EMPTY)
    }

    /// The members of a set, in the order of their numbers.
    pub(super) fn members(&self, set: ReadSet) -> Vec<ReadOption> {
        self.sets.borrow_mut().members(set.0).iter().map(|number| ReadOption(*number)).collect()
    }

    /// What an option's attributes were computed from.
    pub(super) fn of(&self, option: ReadOption) -> ReadSet {
        self.options.borrow().get(option.0 as usize).map_or(ReadSet::EMPTY, |tracked| tracked.reads)
    }

    /// An option's path: a list of strings.
    pub(super) fn loc(&self, option: ReadOption) -> Option<Value> {
        self.options.borrow().get(option.0 as usize).map(|tracked| tracked.loc)
    }
}

/// That a set has all members of another one is remembered if those are at least this many.
const REMEMBERED: usize = 8;

/// Interned sets of numbers, each sorted; the first is the empty one.
#[derive(Default)]
struct Sets {
    all: Vec<Rc<[u32]>>,
    numbers: HashMap<Rc<[u32]>, u32>,
    unions: HashMap<(u32, u32), u32>,
}

impl Sets {
    fn members(&mut self, set: u32) -> Rc<[u32]> {
        if self.all.is_empty() {
            self.intern(&[]);
        }
        self.all[set as usize].clone()
    }

    fn intern(&mut self, sorted: &[u32]) -> u32 {
        if self.all.is_empty() {
            self.all.push(Rc::default());
        }
        if sorted.is_empty() {
            return 0;
        }
        if let Some(number) = self.numbers.get(sorted) {
            return *number;
        }
        let (set, number) = (Rc::<[u32]>::from(sorted), self.all.len() as u32);
        self.all.push(set.clone());
        self.numbers.insert(set, number);
        number
    }

    fn union(&mut self, a: u32, b: u32) -> u32 {
        if a == b || b == 0 {
            return a;
        }
        if a == 0 {
            return b;
        }
        let is_smaller = self.all[a as usize].len() < self.all[b as usize].len();
        let (large, small) = if is_smaller { (b, a) } else { (a, b) };
        let pair = (large, small);
        if let Some(known) = self.unions.get(&pair) {
            return *known;
        }
        let [all, others] = [large, small].map(|set| &self.all[set as usize]);
        let union = match missing(all, others) {
            0 => large,
            missing => {
                let merged = merged(all, others, missing);
                self.intern(&merged)
            }
        };
        if union != large || self.all[small as usize].len() >= REMEMBERED {
            self.unions.insert(pair, union);
        }
        union
    }
}

/// How many members of the smaller of two sorted sets the larger one lacks.
fn missing(large: &[u32], small: &[u32]) -> usize {
    let mut rest = large;
    let mut missing = 0;
    for member in small {
        // Members of the small set are often close to each other in the large one.
        let mut step = 1;
        while rest.get(step).is_some_and(|other| other < member) {
            step *= 2;
        }
        let near = &rest[..rest.len().min(step + 1)];
        let at = near.partition_point(|other| other < member);
        rest = &rest[at..];
        missing += usize::from(rest.first() != Some(member));
    }
    missing
}

/// The union of two sorted sets, of which the larger one lacks so many members of the smaller one.
fn merged(large: &[u32], small: &[u32], missing: usize) -> Vec<u32> {
    let mut all = Vec::with_capacity(large.len() + missing);
    let mut rest = large;
    for member in small {
        let at = rest.partition_point(|other| other < member);
        all.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        if rest.first() != Some(member) {
            all.push(*member);
        }
    }
    all.extend_from_slice(rest);
    all
}

#[cfg(test)]
mod tests {
    use super::Sets;

    #[test]
    fn unions_are_computed_once() {
        let mut sets = Sets::default();
        let evens: Vec<u32> = (0..100).map(|i| 2 * i).collect();
        let large = sets.intern(&evens);
        for (small, added) in [(&[0, 4, 198][..], &[][..]), (&[1, 2, 3], &[1, 3]), (&[197, 500], &[197, 500])]
        {
            let small = sets.intern(small);
            let union = sets.union(small, large);
            let mut expected = [&evens[..], added].concat();
            expected.sort_unstable();
            assert_eq!(*sets.members(union), expected);
            assert_eq!(sets.union(large, small), union);
            assert_eq!(sets.union(union, small), union);
        }
        assert_eq!(sets.union(large, large), large);
        assert_eq!(sets.union(0, large), large);
    }
}
