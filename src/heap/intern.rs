//! Interned names in a heap.

use super::Heap;
use super::fixed_names::{EMPTY_SHAPE, FIXED, LAYERS_SHAPE, RUN_SHAPE, UNORDERED};
use super::mapping::HeapFull;
use super::references::{CodeRef, NAMES, Sym};
use super::symbols::INTERNED;

impl Heap {
    /// Returns the symbol for `name`, created on first use, and notes that it has been [met](super::Symbols::meet).
    pub fn intern(&self, name: &[u8]) -> Result<Sym, HeapFull> {
        let sym = self.intern_text(name)?;
        self.symbols.meet(sym);
        Ok(sym)
    }

    /// Like [`intern`](Self::intern), for a text that evaluation has not met as a name yet.
    pub fn intern_text(&self, name: &[u8]) -> Result<Sym, HeapFull> {
        self.symbols.find_or_add(&self.code, name)
    }

    /// Returns the symbol for `name` if it has been interned before, so that looking up an attribute that no code
    /// ever named costs no memory.
    pub fn interned(&self, name: &[u8]) -> Option<Sym> {
        self.symbols.find(&self.code, name)
    }

    /// All symbols, in no order.
    pub fn all_symbols(&self) -> Vec<Sym> {
        self.symbols.all(&self.code)
    }

    /// The text of a symbol.
    #[inline]
    pub fn name(&self, sym: Sym) -> &[u8] {
        self.code_text(sym.0).1
    }

    /// Whether a constant string in the code area is an interned name.
    #[inline]
    pub fn is_symbol(&self, at: CodeRef) -> bool {
        self.code_text(at).0 & INTERNED != 0
    }

    /// Interns the fixed names in a new heap.
    pub(super) fn intern_fixed(&self) -> Result<(), HeapFull> {
        for name in FIXED {
            let sym = self.intern_text(name.as_bytes())?;
            if sym.0 < UNORDERED {
                self.symbols.meet(sym);
            }
        }
        for _ in [EMPTY_SHAPE, RUN_SHAPE, LAYERS_SHAPE] {
            self.code.push_u32s(NAMES, &[0; 4])?;
        }
        Ok(())
    }

    /// Looks up the fixed names in a restored table, and says whether they are all where they must be.
    pub(super) fn find_fixed(&self) -> bool {
        let mut at = 1;
        FIXED.iter().all(|name| {
            let here = Sym(at);
            at += (8 + name.len()).div_ceil(16) as CodeRef;
            if here.0 < UNORDERED {
                self.symbols.meet(here);
            }
            self.interned(name.as_bytes()) == Some(here)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixed_names::sym;
    use super::*;

    #[test]
    fn fixed_symbols_have_their_compile_time_numbers() {
        let heap = Heap::new().expect("address space");
        for name in FIXED {
            assert_eq!(heap.intern(name.as_bytes()), Ok(sym(name)), "{name}");
        }
        assert_eq!(heap.interned(b"never seen"), None);
        let new = heap.intern(b"never seen").expect("room");
        assert_eq!(heap.name(new), b"never seen");
        assert_eq!(heap.interned(b"never seen"), Some(new));
    }
}
