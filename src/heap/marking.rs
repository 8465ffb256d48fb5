//! The marking phase: one search for everything reachable, through the stack, the process's other memory, and the
//! heap.

use std::io;
use std::ops::Range;

use super::area::{Area, Areas};
use super::fixed_names::{LAYERS_SHAPE, RUN_SHAPE};
use super::references::{CODE, ORIGIN, SCRATCH, reference};
use super::registers;
use super::roots::ProcessMemory;
use super::space::Spaces;

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

/// One search for everything reachable.
pub(super) struct Marking<'a> {
    areas: &'a Areas<'a>,
    spaces: &'a mut Spaces,
    /// First unused unit.
    data_high: usize,
    text_high: usize,
    /// Addresses in use.
    data_at: Range<usize>,
    text_at: Range<usize>,
    /// Objects whose words have not been scanned yet.
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
            space.begin_marking(area.high());
        }
        spaces.failures.clear();
        Marking {
            data_high: areas.data.high(),
            text_high: areas.text.high(),
            data_at: areas.data.addresses().0,
            text_at: areas.text.addresses().0,
            areas,
            spaces,
            noted: Vec::new(),
        }
    }

    /// Marks everything reachable from the stack above `here`, from the process's other memory, and from the
    /// permanent objects.
    pub(super) fn everything(&mut self, memory: &ProcessMemory, here: usize) -> io::Result<()> {
        let stack = registers::stack().ok_or(io::ErrorKind::Unsupported)?;
        memory.range(here..stack.end, &mut |words| words.iter().for_each(|word| self.bare(*word)))?;
        let mut except = vec![stack];
        except.extend([self.areas.data, self.areas.text, self.areas.code].map(|area| area.addresses().1));
        except.extend(self.spaces.data.tables());
        except.extend(self.spaces.text.tables());
        memory.words(&except, &mut |words| words.iter().for_each(|word| self.held(*word)))?;
        for at in (1..self.spaces.data.first()).step_by(NOTED) {
            let n = (self.spaces.data.first() - at).min(NOTED);
            self.words(self.areas.data, at..at + n);
            self.finish();
        }
        // This buffer is part of the memory that the next search reads.
        self.noted.fill(0..0);
        Ok(())
    }

    /// Scans the words of all pending objects.
    fn finish(&mut self) {
        while let Some(object) = self.noted.pop() {
            self.words(self.areas.data, object);
        }
    }

    fn words(&mut self, data: &Area, units: Range<usize>) {
        for word in data.words(reference(units.start), units.len()) {
            self.word(Word::of(word.get()));
        }
    }

    #[inline]
    fn mark_data(&mut self, unit: usize) {
        if let Some(object) = self.spaces.data.mark(unit, self.data_high) {
            self.noted.push(object);
        }
    }

    #[inline]
    fn mark_text(&mut self, unit: usize) {
        self.spaces.text.mark(unit, self.text_high);
    }

    /// Follows a word of the heap: a value, a suspension, or the head of a frame.
    #[inline]
    fn word(&mut self, word: Word) {
        match word.tag {
            tags::STRING | tags::PATH => self.mark_text(word.at as usize),
            tags::UNSET
            | tags::BIG_INT
            | tags::FLOAT
            | tags::LIST
            | tags::ATTRS
            | tags::LAMBDA
            | tags::PARTIAL
            | tags::THUNK
            | tags::NATIVE
            | tags::FORWARD => self.mark_data(unit(word.at)),
            tags::HOLE if word.hi == 1 => {
                self.spaces.failures.insert(word.at);
            }
            _ => {}
        }
    }

    /// Follows a word of memory outside the heap: a value, or the address of a word or text. Most words that look
    /// like values are something else, and any one of them could keep the whole heap alive, so every part of the
    /// word must be plausible.
    fn held(&mut self, bits: u64) {
        let word = Word::of(bits);
        if self.is_possible(word) {
            self.word(word);
        }
        // A slice may be represented by its end.
        for address in [bits as usize, (bits as usize).wrapping_sub(1)] {
            if self.data_at.contains(&address) {
                self.mark_data((address - self.data_at.start) / 8);
            } else if self.text_at.contains(&address) {
                self.mark_text((address - self.text_at.start) / 8);
            }
        }
        if self.noted.len() > NOTED {
            self.finish();
        }
    }

    /// Whether a word is a plausible value.
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
            tags::STRING | tags::PATH | tags::HOLE => true,
            tags::BIG_INT | tags::FLOAT => word.hi == 0,
            tags::FORWARD => word.hi <= 1,
            tags::LIST => object().is_some_and(|object| at + word.hi <= object.end),
            tags::ATTRS => {
                let own = [RUN_SHAPE as usize, LAYERS_SHAPE as usize];
                own.contains(&word.hi) || is_code(word.hi)
            }
            tags::LAMBDA | tags::THUNK => {
                let is_frame = |object: Range<usize>| object.start == at && first(&object) as u32 == 0;
                is_code(word.hi) && object().is_some_and(is_frame)
            }
            tags::PARTIAL => object().is_some_and(|object| object.start == at && at + word.hi < object.end),
            tags::NATIVE => object().is_some_and(|object| {
                let captures = (first(&object) >> 32) as usize;
                object.start == at && at + captures < object.end
            }),
            _ => false,
        }
    }

    /// Follows a word of the stack. It may also be a bare reference, two of them, or an offset in bytes.
    fn bare(&mut self, bits: u64) {
        self.held(bits);
        for half in [bits as u32, (bits >> 32) as u32] {
            self.mark_data(unit(half));
            self.mark_text(half as usize);
        }
        if let Ok(at) = u32::try_from(bits / 8) {
            self.mark_data(unit(at));
            self.mark_text(at as usize);
        }
    }
}

/// The unit of the data area that a reference points to; out of range if it is not a reference into it.
#[inline]
fn unit(at: u32) -> usize {
    at.wrapping_sub(ORIGIN) as usize
}
