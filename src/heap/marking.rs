//! The marking phase: one search for everything reachable, through the stack, the process's other memory, and the
//! heap.

use std::io;
use std::ops::Range;

use super::area::Areas;
use super::fixed_names::{LAYERS_SHAPE, RUN_SHAPE};
use super::references::{CODE, ORIGIN, SCRATCH, reference};
use super::roots::ProcessMemory;
use super::space::Spaces;
use super::{registers, reserved};

/// How many objects may be pending before their words are scanned.
const NOTED: usize = 1 << 16;

/// The kinds of words, by their lowest four bits. These are the tags of `value::Tag` that the collector needs;
/// a test there compares the two.
pub mod tags {
    #![allow(missing_docs, reason = "the names are those of `value::Tag`")]
    /// An empty slot, or the head of a frame with the outer frame in its upper half.
    pub const UNSET: u64 = 0;
    pub const BIG_INT: u64 = 3;
    pub const FLOAT: u64 = 4;
    pub const STRING: u64 = 5;
    pub const PATH: u64 = 6;
    pub const LIST: u64 = 7;
    pub const ATTRS: u64 = 8;
    pub const LAMBDA: u64 = 9;
    pub const PARTIAL: u64 = 11;
    pub const THUNK: u64 = 12;
    pub const NATIVE: u64 = 13;
    /// With 1 as its length, a cell of two words.
    pub const FORWARD: u64 = 14;
    /// A computation in progress; with 1 as its length, a failed one with the number of its error.
    pub const HOLE: u64 = 15;
}

/// The kinds of words that refer to words, a bit for each.
const REFER_TO_WORDS: u32 = {
    use tags::{ATTRS, BIG_INT, FLOAT, FORWARD, LAMBDA, LIST, NATIVE, PARTIAL, THUNK, UNSET};
    1 << UNSET
        | 1 << BIG_INT
        | 1 << FLOAT
        | 1 << LIST
        | 1 << ATTRS
        | 1 << LAMBDA
        | 1 << PARTIAL
        | 1 << THUNK
        | 1 << NATIVE
        | 1 << FORWARD
};

/// The kinds of words that refer to texts.
const REFER_TO_TEXTS: u32 = 1 << tags::STRING | 1 << tags::PATH;

/// What the first word of a native suspension's object has in its lower half, in these bits. Otherwise, one in a few hundred
/// random words would look like such a suspension.
pub const SUSPENSION: u32 = 0x2_5c93 << 12;
/// The bits of [`SUSPENSION`].
pub const SUSPENSION_MASK: u32 = 0x3_ffff << 12;

/// The lower half of a failed computation.
const FAILED: u32 = 1 << 4 | tags::HOLE as u32;

/// References and objects on their way to the processor's cache. Marking waits for memory most of the time, unless it asks
/// for what it needs early enough.
const AWAITED: usize = 16;

/// No reference, among those that are awaited.
const NONE: usize = usize::MAX;

/// A word of the heap, split into its parts.
#[derive(Clone, Copy)]
struct Word {
    tag: u64,
    /// A length, a shape, code, or an index.
    hi: usize,
    /// The reference.
    at: u32,
}

impl Word {
    fn of(bits: u64) -> Word {
        Word { tag: bits & 15, hi: (bits as u32 >> 4) as usize, at: (bits >> 32) as u32 }
    }
}

/// What a word may refer to, judging by its reference and its kind alone.
enum Target {
    Words,
    Text,
    /// An error.
    Failure,
    /// Nothing, or what is permanent.
    Nothing,
}

/// The references to what is not permanent, in two ranges of 32-bit numbers: the first number, and how many.
struct References {
    words: (u32, u32),
    texts: (u32, u32),
}

impl References {
    /// Whether a word may refer to anything: a quick answer, which is no for nearly all words.
    #[inline(always)]
    fn may_be(&self, bits: u64) -> bool {
        let at = (bits >> 32) as u32;
        at.wrapping_sub(self.words.0) < self.words.1
            || at.wrapping_sub(self.texts.0) < self.texts.1
            || bits as u32 == FAILED
    }

    #[inline]
    fn target(&self, bits: u64) -> Target {
        let (at, kind) = ((bits >> 32) as u32, bits as u32 & 15);
        if at.wrapping_sub(self.words.0) < self.words.1 && REFER_TO_WORDS >> kind & 1 != 0 {
            return Target::Words;
        }
        if at.wrapping_sub(self.texts.0) < self.texts.1 && REFER_TO_TEXTS >> kind & 1 != 0 {
            return Target::Text;
        }
        if bits as u32 == FAILED { Target::Failure } else { Target::Nothing }
    }
}

/// One search for everything reachable.
pub(super) struct Marking<'a> {
    areas: &'a Areas<'a>,
    spaces: &'a mut Spaces,
    references: References,
    /// First unused unit.
    data_high: usize,
    text_high: usize,
    /// Addresses in use.
    data_at: Range<usize>,
    text_at: Range<usize>,
    /// The last units of data that something was found to refer to, which have not been marked yet.
    found: [usize; AWAITED],
    next_found: usize,
    /// The last objects that have been marked.
    marked: [Range<usize>; AWAITED],
    next_marked: usize,
    /// Other objects whose words have not been scanned yet.
    noted: Vec<Range<usize>>,
}

impl<'a> Marking<'a> {
    pub(super) fn new(areas: &'a Areas<'a>, spaces: &'a mut Spaces) -> Marking<'a> {
        for (area, space) in [(areas.data, &mut spaces.data), (areas.text, &mut spaces.text)] {
            let (from, to) = area.filling();
            if area.is_filling_hole() && from < to {
                space.begin(from, to - from);
            }
            // The rest of the hole may become part of another one.
            area.fill(area.high(), area.high());
            space.begin_marking();
        }
        spaces.failures.clear();
        let (data_high, text_high) = (areas.data.high(), areas.text.high());
        let (data, text) = (spaces.data.first(), spaces.text.first());
        Marking {
            references: References {
                words: (reference(data), (data_high - data) as u32),
                texts: (text as u32, (text_high - text) as u32),
            },
            data_high,
            text_high,
            data_at: areas.data.addresses(),
            text_at: areas.text.addresses(),
            found: [NONE; AWAITED],
            next_found: 0,
            marked: [const { 0..0 }; AWAITED],
            next_marked: 0,
            noted: Vec::new(),
            areas,
            spaces,
        }
    }

    /// Marks everything reachable from the stack above `here`, from the process's other memory, and from the
    /// permanent objects.
    pub(super) fn everything(&mut self, memory: &ProcessMemory, here: usize) -> io::Result<()> {
        let stack = registers::stack().ok_or(io::ErrorKind::Unsupported)?;
        memory.range(here..stack.end, &mut |words| words.iter().for_each(|word| self.bare(*word)))?;
        let mut except = reserved::all();
        except.push(stack);
        except.extend([self.spaces.data.table(), self.spaces.text.table()]);
        memory.words(&except, &mut |words| words.iter().for_each(|word| self.held(*word)))?;
        for at in (1..self.spaces.data.first()).step_by(NOTED) {
            let n = (self.spaces.data.first() - at).min(NOTED);
            self.scan(at..at + n);
            self.finish();
        }
        self.finish();
        Ok(())
    }

    /// Marks all that is awaited, and what can be reached from there.
    fn finish(&mut self) {
        loop {
            while let Some(object) = self.noted.pop() {
                self.scan(object);
            }
            for i in 0..AWAITED {
                let unit = std::mem::replace(&mut self.found[i], NONE);
                self.mark_found(unit);
            }
            for object in &mut self.marked {
                let object = std::mem::replace(object, 0..0);
                if !object.is_empty() {
                    self.noted.push(object);
                }
            }
            if self.noted.is_empty() {
                return;
            }
        }
    }

    /// Follows the words of an object.
    fn scan(&mut self, units: Range<usize>) {
        let areas = self.areas;
        for word in areas.data.words(reference(units.start), units.len()) {
            if self.references.may_be(word.get()) {
                self.word(word.get());
            }
        }
    }

    /// Marks an object soon, when the bits that say so have been loaded.
    #[inline]
    fn find(&mut self, unit: usize) {
        self.spaces.data.prefetch(unit);
        let i = self.next_found % AWAITED;
        self.next_found = i + 1;
        let earlier = std::mem::replace(&mut self.found[i], unit);
        self.mark_found(earlier);
    }

    #[inline]
    fn mark_found(&mut self, unit: usize) {
        let Some(object) = self.spaces.data.mark(unit, self.data_high) else {
            return;
        };
        self.areas.data.prefetch(object.start);
        let i = self.next_marked % AWAITED;
        self.next_marked = i + 1;
        let earlier = std::mem::replace(&mut self.marked[i], object);
        if !earlier.is_empty() {
            self.noted.push(earlier);
        }
    }

    #[inline]
    fn mark_text(&mut self, unit: usize) {
        self.spaces.text.mark(unit, self.text_high);
    }

    /// Follows a word of the heap: a value, a suspension, or the head of a frame.
    #[inline]
    fn word(&mut self, bits: u64) {
        let at = (bits >> 32) as u32;
        match self.references.target(bits) {
            Target::Nothing => {}
            Target::Words => self.find(unit(at)),
            Target::Text => self.mark_text(at as usize),
            Target::Failure => {
                self.spaces.failures.insert(at);
            }
        }
    }

    /// Follows a word of memory outside the heap: a value, or the address of a word or text. Most words that look
    /// like values are something else, and any one of them could keep the whole heap alive, so every part of the
    /// word must be plausible.
    fn held(&mut self, bits: u64) {
        match self.references.target(bits) {
            Target::Words if !self.is_possible(Word::of(bits)) => {}
            _ => self.word(bits),
        }
        // Views of words begin and end at multiples of 8. Other numbers are the ends of texts and the like, with half of an
        // address that was there before.
        if bits.is_multiple_of(8) || !self.data_at.contains(&(bits as usize)) {
            self.address(bits as usize);
        }
        if self.noted.len() > NOTED {
            self.finish();
        }
    }

    /// Follows the address of a word or text.
    #[inline]
    fn address(&mut self, address: usize) {
        // A slice may be represented by its end.
        for address in [address, address.wrapping_sub(1)] {
            if self.data_at.contains(&address) {
                self.find((address - self.data_at.start) / 8);
            } else if self.text_at.contains(&address) {
                self.mark_text((address - self.text_at.start) / 8);
            }
        }
    }

    /// Whether a word is a plausible value, of a kind that refers to words.
    fn is_possible(&self, word: Word) -> bool {
        let at = unit(word.at);
        let is_code = |at: usize| {
            [CODE, SCRATCH].iter().any(|zone| {
                let (start, top) = self.areas.code.zone(*zone);
                (start..top).contains(&at)
            })
        };
        let object = || self.spaces.data.object(at, self.data_high);
        let first = |object: &Range<usize>| self.areas.data.word(reference(object.start)).get();
        match word.tag {
            tags::BIG_INT | tags::FLOAT => word.hi == 0,
            tags::FORWARD => word.hi <= 1,
            tags::LIST => object().is_some_and(|object| at + word.hi <= object.end),
            tags::ATTRS => {
                let own = [RUN_SHAPE as usize, LAYERS_SHAPE as usize];
                let keys = |shape: usize| self.areas.code.u32x4(shape)[0] as usize;
                let fits = |object: Range<usize>| at + keys(word.hi) <= object.end;
                own.contains(&word.hi) || is_code(word.hi) && object().is_some_and(fits)
            }
            tags::LAMBDA | tags::THUNK => {
                let is_frame = |object: Range<usize>| object.start == at && first(&object) as u32 == 0;
                is_code(word.hi) && object().is_some_and(is_frame)
            }
            tags::PARTIAL => object().is_some_and(|object| object.start == at && at + word.hi < object.end),
            tags::NATIVE => object().is_some_and(|object| {
                let captures = (first(&object) >> 32) as usize;
                let is_marked = first(&object) as u32 & SUSPENSION_MASK == SUSPENSION;
                is_marked && object.start == at && at + captures < object.end
            }),
            _ => false,
        }
    }

    /// Follows a word of the stack. It may also be a bare reference, two of them, or an offset in bytes.
    fn bare(&mut self, bits: u64) {
        self.held(bits);
        self.address(bits as usize);
        for half in [bits as u32, (bits >> 32) as u32] {
            self.find(unit(half));
            self.mark_text(half as usize);
        }
        if let Ok(at) = u32::try_from(bits / 8) {
            self.find(unit(at));
            self.mark_text(at as usize);
        }
    }
}

/// The unit of the data area that a reference points to; out of range if it is not a reference into it.
#[inline]
fn unit(at: u32) -> usize {
    at.wrapping_sub(ORIGIN) as usize
}
