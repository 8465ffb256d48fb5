//! A cache of the output paths of derivations that have been compared.

use std::cell::Cell;
use std::rc::Rc;

use crate::value::Value;

/// The output paths of derivations that have been compared: modules compare the elements of package lists
/// again and again.
#[derive(Clone)]
pub(super) struct Derivations(Rc<[Cell<(u64, Value)>]>);

impl Derivations {
    const SLOTS: usize = 1 << Derivations::BITS;
    const BITS: u32 = 11;

    pub(super) fn new() -> Derivations {
        Derivations(vec![Cell::new((0, Value::NULL)); Derivations::SLOTS].into())
    }

    /// Forgets everything: the collector may reuse the addresses of sets.
    pub(super) fn forget(&self) {
        self.0.iter().for_each(|known| known.set((0, Value::NULL)));
    }

    fn slot(&self, derivation: Value) -> &Cell<(u64, Value)> {
        &self.0[(derivation.bits().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - Derivations::BITS)) as usize]
    }

    /// The output path of a set, if it is a known derivation.
    pub(super) fn out_path(&self, set: Value) -> Option<Value> {
        let (known, path) = self.slot(set).get();
        (known == set.bits()).then_some(path)
    }

    /// Remembers a derivation, if its output path is a string.
    pub(super) fn remember(&self, derivation: Value, path: Value) {
        if path.is_string() {
            self.slot(derivation).set((derivation.bits(), path));
        }
    }
}
