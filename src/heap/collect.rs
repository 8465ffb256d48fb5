//! The garbage collector, which starts once the heap is large.
//!
//! Small evaluations never meet it. When the heap grows past a limit, everything in it becomes permanent, and from
//! then on the collector tracks where each object begins. Whenever a further share of memory has been allocated, it
//! marks what is reachable and reuses the holes between. Nothing moves. Marking is conservative: the stack, the
//! process's other memory, and the heap are searched for words that look like references, and every object that one
//! points into is kept.

use std::cell::{Cell, RefCell};
use std::ops::Range;

use hashbrown::HashSet;

use super::area::{Area, Areas};
use super::mapping::HeapFull;
use super::marking::Marking;
use super::references::reference;
use super::registers;
use super::roots::ProcessMemory;
use super::space::{LARGE_HOLE, Space, Spaces};

/// The default number of bytes of texts and words before anything is collected: about the size of Nix's initial
/// heap, and more than most whole systems need.
pub const COLLECT_FROM: usize = 288 << 20;

/// Bytes that may be allocated before the next collection for each byte in use, in quarters.
const QUARTERS_PER_BYTE: usize = 3;

/// The divisor of the first size: the heap must grow by at least that share before a collection is worthwhile.
const LEAST_SHARE: usize = 2;

/// The collector of a heap.
pub(super) struct Collector {
    first: Cell<usize>,
    state: RefCell<State>,
    /// Bytes that may be allocated until the next collection.
    left: Cell<usize>,
    /// Callbacks that clear tables of weak references.
    forget: RefCell<Vec<Box<dyn Fn()>>>,
    cycles: Cell<u64>,
}

#[derive(Default)]
enum State {
    /// The collector has not started.
    #[default]
    Waiting,
    Collecting(Box<Spaces>),
    /// The process's memory cannot be read.
    Unable,
}

impl Collector {
    pub(super) fn new() -> Collector {
        Collector {
            first: Cell::new(COLLECT_FROM),
            state: RefCell::default(),
            left: Cell::new(0),
            forget: RefCell::default(),
            cycles: Cell::new(0),
        }
    }

    /// Sets the size from which on garbage is collected; `None` for never.
    pub(super) fn set_first(&self, bytes: Option<usize>) {
        self.first.set(bytes.unwrap_or(usize::MAX));
    }

    /// Calls `forget` before the memory of any object is reused.
    pub(super) fn before_reuse(&self, forget: Box<dyn Fn()>) {
        self.forget.borrow_mut().push(forget);
    }

    /// The number of collections so far.
    pub(super) fn cycles(&self) -> u64 {
        self.cycles.get()
    }

    /// Bytes that the two areas may have in use before [`begin`](Self::begin) must be called.
    pub(super) fn first(&self) -> usize {
        self.first.get()
    }

    /// Starts to track objects; those that exist already become permanent.
    pub(super) fn begin(&self, areas: &Areas<'_>) {
        let (data, text) = (areas.data, areas.text);
        let readable = registers::KNOWN && registers::stack().is_some() && ProcessMemory::open().is_ok();
        let mut state = self.state.borrow_mut();
        if !matches!(*state, State::Waiting) {
            return;
        }
        if !readable {
            *state = State::Unable;
            self.first.set(usize::MAX);
            return;
        }
        super::allocator::clear_what_is_freed();
        for area in [data, text] {
            area.fill(area.high(), area.high());
        }
        *state = State::Collecting(Box::new(Spaces {
            data: Space::new(data.high()),
            text: Space::new(text.high()),
            failures: HashSet::new(),
            used: data.used() + text.used(),
        }));
        self.left.set((self.first.get() / LEAST_SHARE).max(1));
    }

    /// Whether objects are tracked. If so, all allocations must go through the collector.
    pub(super) fn is_collecting(&self) -> bool {
        matches!(*self.state.borrow(), State::Collecting(_))
    }

    /// Collects now. Returns the numbers of the errors that values still refer to; `None` if collecting was not
    /// possible.
    pub(super) fn collect_now(&self, areas: &Areas<'_>) -> Option<HashSet<u32>> {
        let before = self.cycles.get();
        self.begin(areas);
        self.collect(areas);
        match &mut *self.state.borrow_mut() {
            State::Collecting(spaces) if self.cycles.get() > before => {
                Some(std::mem::take(&mut spaces.failures))
            }
            _ => None,
        }
    }

    /// Hands out `n` zeroed words, and collects first if it is time.
    pub(super) fn words(&self, n: usize, areas: &Areas<'_>) -> Result<usize, HeapFull> {
        let data = areas.data;
        self.spend(n * 8, areas);
        let mut state = self.state.borrow_mut();
        let State::Collecting(spaces) = &mut *state else {
            return data.take(n);
        };
        let at = match data.take(n) {
            Ok(at) => at,
            Err(HeapFull) if n >= LARGE_HOLE => match spaces.data.hole(n) {
                Some(hole) => {
                    clear(data, hole.start..hole.start + n);
                    spaces.data.give_back(hole.start + n..hole.end);
                    hole.start
                }
                None => data.take_fresh(n)?,
            },
            Err(HeapFull) => {
                fill_next(data, &mut spaces.data, n);
                let (from, to) = data.filling();
                if data.is_filling_hole() {
                    clear(data, from..to);
                }
                data.take(n)?
            }
        };
        if n > 0 {
            spaces.data.begin(at, n);
        }
        Ok(at)
    }

    /// Makes sure that the text area has room for a text of `n` units next.
    pub(super) fn room_for_text(&self, n: usize, areas: &Areas<'_>) {
        let text = areas.text;
        self.spend(n * 8, areas);
        let mut state = self.state.borrow_mut();
        let State::Collecting(spaces) = &mut *state else {
            return;
        };
        let (from, to) = text.filling();
        if text.is_filling_hole() && to - from < n {
            fill_next(text, &mut spaces.text, n);
        }
        spaces.text.begin(text.filling().0, n);
    }

    /// Notes that the text at unit `at` now has `n` units.
    pub(super) fn text_grows(&self, at: usize, n: usize) {
        if let State::Collecting(spaces) = &mut *self.state.borrow_mut()
            && at >= spaces.text.first()
        {
            spaces.text.grow(at, n);
        }
    }

    /// Counts requested bytes, and collects when they exceed the budget.
    #[inline]
    fn spend(&self, bytes: usize, areas: &Areas<'_>) {
        match self.left.get().checked_sub(bytes) {
            Some(left) => return self.left.set(left),
            None => self.left.set(usize::MAX),
        }
        self.collect(areas);
    }

    #[cold]
    #[inline(never)]
    fn collect(&self, areas: &Areas<'_>) {
        let (data, text) = (areas.data, areas.text);
        let saved = registers::registers();
        let here = saved.as_ptr() as usize;
        let mut state = self.state.borrow_mut();
        let State::Collecting(spaces) = &mut *state else {
            return;
        };
        for forget in &*self.forget.borrow() {
            forget();
        }
        let least = self.first.get() / LEAST_SHARE;
        // If memory cannot be read this time, it may work the next time.
        let found =
            ProcessMemory::open().and_then(|memory| Marking::new(areas, spaces).everything(&memory, here));
        if found.is_ok() {
            self.cycles.set(self.cycles.get() + 1);
            let kept = (spaces.data.first() + spaces.text.first()) * 8;
            let words = spaces.data.sweep(data.high(), &|hole| spoil_words(data, hole));
            let texts = spaces.text.sweep(text.high(), &|hole| spoil_texts(text, hole));
            spaces.used = kept + 8 * (words + texts);
            fill_next(text, &mut spaces.text, 1);
            fill_next(data, &mut spaces.data, 1);
            if data.is_filling_hole() {
                let (from, to) = data.filling();
                clear(data, from..to);
            }
        }
        self.left.set((spaces.used * QUARTERS_PER_BYTE / 4).max(least).max(1));
        std::hint::black_box(&saved);
    }
}

/// Makes an area fill a hole with room for `n` units next, or else units that were never handed out.
fn fill_next(area: &Area, space: &mut Space, n: usize) {
    if area.is_filling_hole() {
        let (from, to) = area.filling();
        // The rest is too small. It must count as an object, so that the end of the one before it can be found.
        if from < to {
            space.begin(from, to - from);
        }
    }
    match space.hole(n) {
        Some(hole) => area.fill(hole.start, hole.end),
        None => area.fill(area.high(), area.high()),
    }
}

/// In debug builds, overwrites freed words with impossibly long lists, so that missed references show.
fn spoil_words(data: &Area, hole: Range<usize>) {
    const LIST: u64 = 0x5555_5555_ffff_fff0 | super::marking::tags::LIST;
    if cfg!(debug_assertions) {
        data.words(reference(hole.start), hole.len()).iter().for_each(|word| word.set(LIST));
    }
}

fn spoil_texts(text: &Area, hole: Range<usize>) {
    if cfg!(debug_assertions) {
        text.spoil(hole);
    }
}

fn clear(data: &Area, units: Range<usize>) {
    for word in data.words(reference(units.start), units.len()) {
        word.set(0);
    }
}
