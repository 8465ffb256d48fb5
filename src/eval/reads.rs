//! Tracks which options a value was computed from.
//!
//! While the evaluator tracks reads, every computation of a thunk collects the set of options that it reads. A thunk
//! that has read any leaves, instead of its value, a *read*: a forward to a cell with the value and the number of the
//! set. Whoever forces that slot later adds the set to its own. A thunk that fails leaves one, too: its error, and
//! what it had read until then. An option's attributes are a boundary: their
//! computation gives the option the collected set, and its readers only the option. See
//! [`ReadSets`] for how sets are kept.

use std::cell::{Cell, RefCell};

use hashbrown::{HashMap, HashSet};

use super::read_sets::ReadSets;
use crate::value::Value;

/// The number of a set of options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReadSet(u32);

impl ReadSet {
    /// The set of nothing.
    pub const EMPTY: ReadSet = ReadSet(0);

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
    /// What the computations in progress have read: sets that may repeat, the innermost computation's last.
    read: RefCell<Vec<u32>>,
    current: Cell<Computation>,
    sets: RefCell<ReadSets>,
    options: RefCell<Vec<Tracked>>,
    /// The options of the native engine by the words that identify them, which this keeps alive.
    numbers: RefCell<HashMap<u64, ReadOption>>,
    /// The computations in progress that something inside them has read, by the addresses of their slots: each has a number
    /// that stands for what it will have read.
    open: RefCell<HashMap<usize, ReadOption>>,
    /// What these numbers stand for, once it is known.
    stands_for: RefCell<HashMap<u32, ReadSet>>,
}

/// A computation in progress.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Computation {
    /// Where the sets that it has read begin.
    start: usize,
    /// How many sets it may have read until repeated ones are sought.
    most: usize,
}

/// A computation has read at least so many sets before repeated ones are sought.
const FEW: usize = 32;

/// An option.
struct Tracked {
    /// Its path: a list of strings, or the suspension of one. The word keeps it alive.
    loc: Value,
    /// What its attributes were computed from.
    reads: ReadSet,
}

impl Reads {
    /// Begins a computation. Returns what [`end`](Self::end) wants.
    #[inline]
    pub(super) fn begin(&self) -> Computation {
        self.current.replace(Computation { start: self.read.borrow().len(), most: FEW })
    }

    /// Ends a computation: returns what it has read, and adds that to what the computation around it has read.
    #[inline]
    pub(super) fn end(&self, around: Computation) -> ReadSet {
        let own = self.take();
        self.current.set(around);
        self.add(own);
        own
    }

    /// Ends a computation that does not count.
    pub(super) fn restore(&self, around: Computation) {
        self.forget();
        self.current.set(around);
    }

    /// What the computation in progress has read. Forgets it.
    fn take(&self) -> ReadSet {
        let mut read = self.read.borrow_mut();
        let start = self.current.get().start;
        let own = match &read[start..] {
            [] => return ReadSet::EMPTY,
            [only] => *only,
            several => self.sets.borrow_mut().union(several),
        };
        read.truncate(start);
        ReadSet(own)
    }

    /// Adds to what the computation in progress has read.
    #[inline]
    pub(super) fn add(&self, set: ReadSet) {
        let mut read = self.read.borrow_mut();
        let Computation { start, most } = self.current.get();
        if set == ReadSet::EMPTY || read.len() > start && read.last() == Some(&set.0) {
            return;
        }
        read.push(set.0);
        if read.len() - start > most {
            self.current.set(Computation { start, most: FEW.max(2 * unite(&mut read, start)) });
        }
    }

    /// What is in either of two sets.
    pub(super) fn union(&self, a: ReadSet, b: ReadSet) -> ReadSet {
        match (a, b) {
            (some, ReadSet::EMPTY) | (ReadSet::EMPTY, some) => some,
            (a, b) if a == b => a,
            (a, b) => ReadSet(self.sets.borrow_mut().union(&[a.0, b.0])),
        }
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
        self.read.borrow_mut().truncate(self.current.get().start);
    }

    /// Ends the computation of an option's attribute: what it has read is the option's, and its readers have read
    /// the option.
    pub(super) fn close(&self, option: ReadOption) {
        let read = self.take();
        let mut sets = self.sets.borrow_mut();
        if let Some(tracked) = self.options.borrow_mut().get_mut(option.0 as usize) {
            tracked.reads = match tracked.reads {
                before if before == read || read == ReadSet::EMPTY => before,
                ReadSet::EMPTY => read,
                before => ReadSet(sets.union(&[before.0, read.0])),
            };
        }
        let own = ReadSet(sets.single(option.0));
        drop(sets);
        self.add(own);
    }

    /// Notes that the value in a slot is read while it is computed: an infinite recursion. What reads it has read what the
    /// computation in progress is going to have read.
    pub(super) fn read_in_progress(&self, slot: usize) {
        let number = *self.open.borrow_mut().entry(slot).or_insert_with(|| self.option(Value::EMPTY_LIST));
        let set = ReadSet(self.sets.borrow_mut().single(number.0));
        self.add(set);
    }

    /// Whether something has read computations in progress.
    #[inline]
    pub(super) fn has_open(&self) -> bool {
        !self.open.borrow().is_empty()
    }

    /// Notes what the computation of the values in some slots has read.
    pub(super) fn computed(&self, slots: [usize; 2], set: ReadSet) {
        let mut open = self.open.borrow_mut();
        let ended = slots.iter().filter_map(|slot| open.remove(slot));
        self.stands_for.borrow_mut().extend(ended.map(|number| (number.0, set)));
    }

    /// The members of a set.
    pub(super) fn members(&self, set: ReadSet) -> Vec<ReadOption> {
        let (mut sets, stands_for) = (self.sets.borrow_mut(), self.stands_for.borrow());
        let mut found = sets.members(set.0);
        let mut at = 0;
        let mut seen = HashSet::new();
        while !stands_for.is_empty() && at < found.len() {
            match stands_for.get(&found[at]) {
                Some(set) => {
                    if seen.insert(found.swap_remove(at)) {
                        found.extend(sets.members(set.0));
                    }
                }
                None => at += 1,
            }
        }
        if !seen.is_empty() {
            found.sort_unstable();
            found.dedup();
        }
        found.into_iter().map(ReadOption).collect()
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

/// Sorts the sets from `start` on, and drops repeated ones. Returns how many are left.
fn unite(read: &mut Vec<u32>, start: usize) -> usize {
    let own = &mut read[start..];
    own.sort_unstable();
    let mut left = 0;
    for at in 0..own.len() {
        if at == 0 || own[at] != own[left - 1] {
            own[left] = own[at];
            left += 1;
        }
    }
    read.truncate(start + left);
    left
}
