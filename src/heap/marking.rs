//! Finding out what can be reached: one search through the stack, the process's other memory, and the heap.

use std::io;
use std::ops::Range;

use super::area::{Area, Areas};
use super::fixed_names::{LAYERS_SHAPE, RUN_SHAPE};
use super::references::{CODE, ORIGIN, SCRATCH, reference};
use super::registers;
use super::roots::ProcessMemory;
use super::space::Spaces;

/// Objects that are noted at most before their words are looked at.
const NOTED: usize = 1 << 16;

/// What a word is, by its lowest four bits. This is what `value::Tag` says, as far as it is needed here; a test there
/// compares the two.
pub mod tags {
    #![allow(missing_docs, reason = "the names are those of `value::Tag`")]
    /// A slot without contents, and the head of a frame, which has the outer frame in its upper half.
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
    pub const FORWARD: u64 = 14;
    /// What is being computed; with a 1 in place of the length, what failed, with the number of its error.
    pub const HOLE: u64 = 15;
}

/// A word of the heap in its parts.
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

/// One search for all that is reachable.
pub(super) struct Marking<'a> {
    areas: &'a Areas<'a>,
    spaces: &'a mut Spaces,
    /// First unused unit.
    data_high: usize,
    text_high: usize,
    /// Addresses in use.
    data_at: Range<usize>,
    text_at: Range<usize>,
    /// Objects whose words have not been looked at yet.
    noted: Vec<Range<usize>>,
}

impl<'a> Marking<'a> {
    pub(super) fn new(areas: &'a Areas<'a>, spaces: &'a mut Spaces) -> Marking<'a> {
        for (area, space) in [(areas.data, &mut spaces.data), (areas.text, &mut spaces.text)] {
            let (from, to) = area.filling();
            if area.is_filling_hole() && from < to {
                space.begin(from, to - from);
            }
            // What is left of the hole may become part of another one.
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

    /// Marks what can be reached from the stack above `here`, from the process's other memory, and from the objects that
    /// stay.
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
        // These references are part of what will be read the next time.
        self.noted.fill(0..0);
        Ok(())
    }

    /// Looks at the words of all objects that were found.
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

    /// A word of the heap: a value, a suspension, or the head of a frame.
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

    /// A word of memory that is not the heap's: a value, or an address of one or of a text. Much of what looks like a value
    /// is something else, and each one could keep everything; so it must be possible in every respect.
    fn held(&mut self, bits: u64) {
        let word = Word::of(bits);
        if self.is_possible(word) {
            self.word(word);
        }
        // A slice may be known by where it ends.
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

    /// Whether a word can be a value.
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
            tags::BIG_INT | tags::FLOAT | tags::FORWARD => word.hi == 0,
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

    /// A word of the stack: besides that, it may be a reference without anything around it, or two of them, or a distance
    /// in bytes.
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

/// The unit of the data area that a reference is one to; one that there is not if it is none.
#[inline]
fn unit(at: u32) -> usize {
    at.wrapping_sub(ORIGIN) as usize
}
