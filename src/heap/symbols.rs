//! Interned names: a symbol is the address of its text in the code area.

use std::cell::{Cell, RefCell};

use super::area::Area;
use super::checksum::checksum;
use super::mapping::HeapFull;
use super::references::{CodeRef, NAMES, Sym};

/// Set in the tag of a text in the code area if the text is an interned name; the other bits are its hash.
pub(super) const INTERNED: u32 = 1 << 31;

/// The table from texts to symbols: open addressing, at most three quarters full. The hash of each text is in its
/// tag and in the table, so the table grows without reading the texts again and rarely compares a wrong one.
///
/// Cached names have a table of their own, which is mapped with them and never changes.
pub struct Symbols {
    kept: Cell<Kept>,
    table: RefCell<Table>,
    /// For each symbol, by its number: its rank in the order in which this run met them, or zero.
    ranks: RefCell<Vec<u32>>,
    /// How many symbols have been met.
    met: Cell<u32>,
}

/// Where the table of cached names is.
#[derive(Clone, Copy, Default)]
struct Kept {
    at: CodeRef,
    /// Its length: a power of two, or zero.
    slots: u32,
    used: u32,
}

#[derive(Default)]
struct Table {
    /// Symbols (high half) with their tags (low half), or zero; the length is a power of two. The other way round
    /// they would look like references to the collector.
    slots: Vec<u64>,
    used: usize,
}

/// The table's initial number of slots.
const FIRST_SLOTS: usize = 4096;

fn tag(name: &[u8]) -> u32 {
    checksum(name) as u32 | INTERNED
}

impl Symbols {
    pub(super) fn new() -> Symbols {
        Symbols {
            kept: Cell::default(),
            table: RefCell::default(),
            ranks: RefCell::default(),
            met: Cell::default(),
        }
    }

    /// The number of symbols.
    pub fn len(&self) -> usize {
        self.table.borrow().used + self.kept.get().used as usize
    }

    /// Notes that the evaluation has met a symbol, at the point where Nix would create it.
    #[inline]
    pub fn meet(&self, sym: Sym) {
        let mut ranks = self.ranks.borrow_mut();
        match ranks.get_mut(sym.0 as usize) {
            Some(rank) if *rank != 0 => {}
            Some(rank) => *rank = self.next_rank(),
            None => {
                ranks.resize((sym.0 as usize + 1).next_power_of_two(), 0);
                ranks[sym.0 as usize] = self.next_rank();
            }
        }
    }

    fn next_rank(&self) -> u32 {
        self.met.set(self.met.get() + 1);
        self.met.get()
    }

    /// A sort key for symbols that gives the order in which Nix would have created them.
    #[inline]
    pub fn order(&self, sym: Sym) -> u32 {
        rank_in(&self.ranks.borrow(), sym)
    }

    /// The indices of these distinct symbols in the order in which Nix would have created them.
    pub fn sorted(&self, symbols: impl Iterator<Item = Sym>) -> Vec<usize> {
        let ranks = self.ranks.borrow();
        let word = |(i, sym)| u64::from(rank_in(&ranks, sym)) << 32 | i as u64;
        let mut order: Vec<u64> = symbols.enumerate().map(word).collect();
        if !order.is_sorted() {
            order.sort_unstable();
        }
        order.into_iter().map(|word| word as u32 as usize).collect()
    }

    /// Uses the table at `at` as the table of cached names, which are already in place.
    pub(super) fn restore(&self, at: CodeRef, slots: u32, used: u32) {
        self.kept.set(Kept { at, slots, used });
    }

    /// Returns the symbol for a name, created on first use.
    pub(super) fn find_or_add(&self, code: &Area, name: &[u8]) -> Result<Sym, HeapFull> {
        let tag = tag(name);
        if let Some(kept) = self.kept.get().find(code, tag, name) {
            return Ok(kept);
        }
        let mut table = self.table.borrow_mut();
        if (table.used + 1) * 4 > table.slots.len() * 3 {
            table.grow();
        }
        match table.find(code, tag, name) {
            Ok(found) => Ok(found),
            Err(free) => {
                let new = Sym(code.push_text(NAMES, tag, &[name])? as CodeRef);
                table.slots[free] = u64::from(tag) | u64::from(new.0) << 32;
                table.used += 1;
                Ok(new)
            }
        }
    }

    /// Returns the symbol for a name, if it exists.
    pub(super) fn find(&self, code: &Area, name: &[u8]) -> Option<Sym> {
        let tag = tag(name);
        let new = || {
            let table = self.table.borrow();
            if table.slots.is_empty() { None } else { table.find(code, tag, name).ok() }
        };
        self.kept.get().find(code, tag, name).or_else(new)
    }

    /// All symbols, in no order.
    pub(super) fn all(&self, code: &Area) -> Vec<Sym> {
        self.slots(code).map(|slot| Sym((slot >> 32) as CodeRef)).collect()
    }

    /// All symbols (high half) with their tags (low half).
    fn slots(&self, code: &Area) -> impl Iterator<Item = u64> {
        let kept = self.kept.get().slots(code).iter();
        let new = self.table.borrow().slots.clone();
        kept.map(|[tag, sym]| u64::from(*tag) | u64::from(*sym) << 32).chain(new).filter(|slot| *slot != 0)
    }

    /// A table of all names as bytes for a file, and the number of names.
    pub(super) fn to_table(&self, code: &Area) -> (Vec<u8>, u32) {
        let used = self.len();
        let len = (used * 4).div_ceil(3).next_power_of_two().max(2);
        let mut table = Table { slots: vec![0; len], used };
        self.slots(code).for_each(|slot| table.put(slot));
        let halves = table.slots.iter().flat_map(|slot| [*slot as u32, (*slot >> 32) as u32]);
        (halves.flat_map(u32::to_ne_bytes).collect(), used as u32)
    }
}

/// The rank of a symbol; those that have not been met come last.
fn rank_in(ranks: &[u32], sym: Sym) -> u32 {
    match ranks.get(sym.0 as usize) {
        Some(0) | None => u32::MAX,
        Some(rank) => *rank,
    }
}

/// The slot where the search for a text with this tag starts.
fn home(tag: u32, slots: usize) -> usize {
    (u64::from(tag).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & (slots - 1)
}

/// The symbol of a name in a table of `len` slots, or the number of the free slot for it.
fn find(
    code: &Area,
    tag: u32,
    name: &[u8],
    len: usize,
    slot: impl Fn(usize) -> (CodeRef, u32),
) -> Result<Sym, usize> {
    let mut at = home(tag, len);
    loop {
        let (sym, other) = slot(at);
        if sym == 0 {
            return Err(at);
        }
        if other == tag && code.text(sym as usize).1 == name {
            return Ok(Sym(sym));
        }
        at = (at + 1) & (len - 1);
    }
}

impl Kept {
    /// The slots, each a tag and its symbol.
    fn slots<'h>(&self, code: &'h Area) -> &'h [[u32; 2]] {
        if self.slots == 0 { &[] } else { code.u32s(self.at as usize, self.slots as usize * 2).as_chunks().0 }
    }

    fn find(&self, code: &Area, tag: u32, name: &[u8]) -> Option<Sym> {
        let slots = self.slots(code);
        if slots.is_empty() {
            return None;
        }
        find(code, tag, name, slots.len(), |at| (slots[at][1], slots[at][0])).ok()
    }
}

impl Table {
    /// The symbol, or the free slot for it.
    fn find(&self, code: &Area, tag: u32, name: &[u8]) -> Result<Sym, usize> {
        let slot = |at: usize| ((self.slots[at] >> 32) as CodeRef, self.slots[at] as u32);
        find(code, tag, name, self.slots.len(), slot)
    }

    fn grow(&mut self) {
        let len = (self.slots.len() * 2).max(FIRST_SLOTS);
        let old = std::mem::replace(&mut self.slots, vec![0; len]);
        old.into_iter().filter(|s| *s != 0).for_each(|slot| self.put(slot));
    }

    /// Inserts a symbol that is not in the table; there must be room.
    fn put(&mut self, slot: u64) {
        let len = self.slots.len();
        let mut at = home(slot as u32, len);
        while self.slots[at] != 0 {
            at = (at + 1) & (len - 1);
        }
        self.slots[at] = slot;
    }
}
