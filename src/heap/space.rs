//! The tracked objects of an area: where each begins, which are reachable, and the holes between them.

use std::ops::Range;

use hashbrown::HashSet;

use super::area;

/// An object of at least this many units is also in a sorted list, because scanning the bits would take too long.
const LARGE: usize = 4096;

/// A hole of fewer units than this is not worth filling.
const SMALLEST_HOLE: usize = 32;

/// Holes of at least this many units are kept apart, for objects that need them.
pub(super) const LARGE_HOLE: usize = 512;

/// How many large holes are tried for one object.
const TRIED: usize = 64;

/// What is known about 64 units: a bit for each.
#[derive(Clone, Copy, Default)]
struct Group {
    /// Where objects begin, and holes, which may have been filled since.
    starts: u64,
    /// The reachable objects found so far, while marking. They share a cache line with their starts.
    marks: u64,
}

/// The groups of all units from the boundary on.
#[derive(Default)]
struct Groups(Vec<Group>);

impl Groups {
    #[inline]
    fn begin(&mut self, i: usize) {
        if i / 64 >= self.0.len() {
            self.0.resize((i / 64 + 1).next_multiple_of(4096), Group::default());
        }
        self.0[i / 64].starts |= 1 << (i % 64);
    }

    fn is_marked(&self, i: usize) -> bool {
        self.0.get(i / 64).is_some_and(|group| group.marks >> (i % 64) & 1 != 0)
    }

    /// The last start at or before `i`, if it is less than [`LARGE`] away.
    #[inline]
    fn last_up_to(&self, i: usize) -> Option<usize> {
        let mut at = i / 64;
        let mut word = self.0.get(at)?.starts & (u64::MAX >> (63 - i % 64));
        for _ in 0..=LARGE / 64 {
            if word != 0 {
                return Some(at * 64 + 63 - word.leading_zeros() as usize);
            }
            at = at.checked_sub(1)?;
            word = self.0[at].starts;
        }
        None
    }

    /// The first start after `i`, if it is at most about [`LARGE`] away.
    #[inline]
    fn first_behind(&self, i: usize) -> Option<usize> {
        let mut at = (i + 1) / 64;
        let mut word = self.0.get(at)?.starts & (u64::MAX << ((i + 1) % 64));
        for _ in 0..=LARGE / 64 + 1 {
            if word != 0 {
                return Some(at * 64 + word.trailing_zeros() as usize);
            }
            at += 1;
            word = self.0.get(at)?.starts;
        }
        None
    }
}

/// The tracked objects of an area. All numbers are in units.
pub(super) struct Space {
    /// The boundary: everything below it is permanent.
    first: usize,
    groups: Groups,
    /// Large objects: where they begin and end.
    large: Vec<(usize, usize)>,
    holes: Vec<Range<usize>>,
    large_holes: Vec<Range<usize>>,
}

impl Space {
    /// A space without objects.
    pub(super) fn new(first: usize) -> Space {
        Space {
            first,
            groups: Groups::default(),
            large: Vec::new(),
            holes: Vec::new(),
            large_holes: Vec::new(),
        }
    }

    /// The first tracked unit.
    pub(super) fn first(&self) -> usize {
        self.first
    }

    /// Notes that an object of `n` units begins at `at`.
    #[inline]
    pub(super) fn begin(&mut self, at: usize, n: usize) {
        debug_assert!(
            self.groups.first_behind(at - self.first).is_none_or(|next| next + self.first >= at + n),
            "an object is where another one begins"
        );
        self.groups.begin(at - self.first);
        if n >= LARGE {
            self.large.push((at, at + n));
        }
    }

    /// Notes that the last object, which begins at `at`, now has `n` units.
    pub(super) fn grow(&mut self, at: usize, n: usize) {
        if n >= LARGE {
            match self.large.last_mut() {
                Some(last) if last.0 == at => last.1 = at + n,
                _ => self.large.push((at, at + n)),
            }
        }
    }

    /// Takes a hole of at least `n` units out of the free lists.
    pub(super) fn hole(&mut self, n: usize) -> Option<Range<usize>> {
        if n <= SMALLEST_HOLE
            && let Some(hole) = self.holes.pop()
        {
            return Some(hole);
        }
        if n < LARGE_HOLE {
            while let Some(hole) = self.holes.pop() {
                if hole.len() >= n {
                    return Some(hole);
                }
            }
        }
        let found = self.large_holes.iter().rev().take(TRIED).position(|hole| hole.len() >= n)?;
        Some(self.large_holes.remove(self.large_holes.len() - 1 - found))
    }

    /// Returns the rest of a hole to the free lists.
    pub(super) fn give_back(&mut self, hole: Range<usize>) {
        if !hole.is_empty() {
            self.groups.begin(hole.start - self.first);
        }
        if hole.len() >= LARGE_HOLE {
            self.large_holes.push(hole);
        } else if hole.len() >= SMALLEST_HOLE {
            self.holes.push(hole);
        }
    }

    /// Prepares for marking.
    pub(super) fn begin_marking(&mut self) {
        self.large.sort_unstable();
        self.holes.clear();
        self.large_holes.clear();
        self.groups.0.iter_mut().for_each(|group| group.marks = 0);
    }

    /// Marks the object that contains unit `at`. Returns its units if it was not marked before.
    #[inline]
    pub(super) fn mark(&mut self, at: usize, high: usize) -> Option<Range<usize>> {
        let start = self.start(at, high)?;
        let i = start - self.first;
        let group = &mut self.groups.0[i / 64];
        let bit = 1 << (i % 64);
        if group.marks & bit != 0 {
            return None;
        }
        group.marks |= bit;
        Some(start..self.end(start, high))
    }

    /// Makes the processor load what [`mark`](Self::mark) will need.
    #[inline]
    pub(super) fn prefetch(&self, at: usize) {
        if let Some(group) = self.groups.0.get(at.wrapping_sub(self.first) / 64) {
            area::prefetch(group);
        }
    }

    /// The units of the object that contains unit `at`.
    pub(super) fn object(&self, at: usize, high: usize) -> Option<Range<usize>> {
        self.start(at, high).map(|start| start..self.end(start, high))
    }

    #[inline]
    fn start(&self, at: usize, high: usize) -> Option<usize> {
        if at < self.first || at >= high {
            return None;
        }
        match self.groups.last_up_to(at - self.first) {
            Some(start) => Some(start + self.first),
            None => self.large_around(at).map(|large| large.0),
        }
    }

    #[inline]
    fn end(&self, start: usize, high: usize) -> usize {
        match self.groups.first_behind(start - self.first) {
            Some(end) => end + self.first,
            // The last object, a large one, or a hole.
            None => self.large_around(start).map_or(high.min(start + LARGE), |large| large.1),
        }
    }

    fn large_around(&self, at: usize) -> Option<(usize, usize)> {
        let i = self.large.partition_point(|large| large.0 <= at).checked_sub(1)?;
        self.large.get(i).copied().filter(|large| at < large.1)
    }

    /// Turns unmarked objects into holes and passes each to `freed`; returns the number of units in use.
    pub(super) fn sweep(&mut self, high: usize, freed: &dyn Fn(Range<usize>)) -> usize {
        let (mut free, mut run, mut end) = (0, None, high - self.first);
        // The lists are stacks, whose last hole is filled first. So the last object comes first here.
        for at in (0..self.groups.0.len()).rev() {
            let Group { mut starts, marks } = self.groups.0[at];
            if starts == marks && starts != 0 {
                free += self.sweep_hole(run.take(), end, freed);
                end = at * 64 + starts.trailing_zeros() as usize;
                continue;
            }
            while starts != 0 {
                let bit = 63 - starts.leading_zeros() as usize;
                starts ^= 1 << bit;
                let i = at * 64 + bit;
                if marks >> bit & 1 != 0 {
                    free += self.sweep_hole(run.take(), end, freed);
                    end = i;
                } else if let Some(behind) = run.replace(i) {
                    // Merged into the hole before it.
                    self.groups.0[behind / 64].starts &= !(1 << (behind % 64));
                }
            }
        }
        free += self.sweep_hole(run, end, freed);
        let (first, groups) = (self.first, &self.groups);
        self.large.retain(|large| groups.is_marked(large.0 - first));
        high - first - free
    }

    /// Returns the hole between two of the space's bits, if there is one, to the free lists. Returns its size.
    fn sweep_hole(&mut self, start: Option<usize>, end: usize, freed: &dyn Fn(Range<usize>)) -> usize {
        let Some(start) = start else {
            return 0;
        };
        let hole = start + self.first..end + self.first;
        freed(hole.clone());
        self.give_back(hole);
        end - start
    }

    /// The addresses of the space's own table, which holds no references.
    pub(super) fn table(&self) -> Range<usize> {
        let start = self.groups.0.as_ptr() as usize;
        start..start + self.groups.0.capacity() * size_of::<Group>()
    }
}

/// The two areas that the collector manages.
pub(super) struct Spaces {
    pub(super) data: Space,
    pub(super) text: Space,
    /// The numbers of the errors that the last collection found.
    pub(super) failures: HashSet<u32>,
    /// Bytes in use after the last one.
    pub(super) used: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_marked_becomes_holes() {
        let mut space = Space::new(1000);
        let sizes = [1, 40, 3, 5000, 700, 2, 60, 9000];
        let mut at = 1000;
        let objects: Vec<Range<usize>> = sizes
            .iter()
            .map(|n| {
                space.begin(at, *n);
                at += n;
                at - n..at
            })
            .collect();
        let high = at;
        space.begin_marking();
        for i in [0, 3, 5] {
            // Any of its units will do, but it is marked only once.
            let inside = objects[i].start + objects[i].len() / 2;
            assert_eq!(space.mark(inside, high), Some(objects[i].clone()), "object {i}");
            assert_eq!(space.mark(objects[i].end - 1, high), None, "object {i} again");
        }
        assert_eq!(space.mark(999, high), None, "below the boundary");
        assert_eq!(space.sweep(high, &|_| ()), 1 + 5000 + 2);
        assert_eq!(space.hole(10), Some(objects[1].start..objects[2].end));
        assert_eq!(space.hole(10), Some(objects[4].clone()), "only large holes are left");
        assert_eq!(space.hole(10_000), None);
        let last = space.hole(9000).expect("the two last objects");
        assert_eq!(last, objects[6].start..objects[7].end);
        space.begin(last.start, 10);
        space.give_back(last.start + 10..last.end);
        space.begin_marking();
        assert_eq!(space.mark(last.start + 5, high), Some(last.start..last.start + 10));
    }
}
