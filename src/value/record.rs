//! Sets with fixed names that native code makes often: their names are sorted at compile time.

use super::memory::{Memory, R};
use super::{Value, put, shapes};
use crate::heap::{Sym, sym};
use crate::source::Pos;

/// The names of a kind of set, all of them fixed symbols.
pub struct Record<const N: usize> {
    /// The names as shapes want them: ascending, without positions.
    sorted: [(Sym, Pos); N],
    /// For each slot of the set, the index of the given value that goes there.
    picks: [u8; N],
}

impl<const N: usize> Record<N> {
    /// Returns the record with these names.
    ///
    /// # Panics
    /// At compile time, when a name is not a fixed symbol.
    pub const fn new(names: [&str; N]) -> Record<N> {
        let mut sorted = [(Sym(0), Pos::NONE); N];
        let mut picks = [0; N];
        let mut n = 0;
        while n < N {
            let name = sym(names[n]);
            let mut at = n;
            while at > 0 && sorted[at - 1].0.0 > name.0 {
                sorted[at] = sorted[at - 1];
                picks[at] = picks[at - 1];
                at -= 1;
            }
            sorted[at] = (name, Pos::NONE);
            picks[at] = n as u8;
            n += 1;
        }
        Record { sorted, picks }
    }
}

impl Memory {
    /// A set with a record's names and these values, which are in the order given to [`Record::new`]. A value that
    /// another slot holds must have been [shared](Memory::share).
    pub fn record<const N: usize>(&self, record: &'static Record<N>, values: [Value; N]) -> R<Value> {
        let shape = shapes::of_static(&self.heap, &self.shapes, &record.sorted)?;
        let (at, slots) = self.alloc(N)?;
        for (slot, pick) in slots.iter().zip(&record.picks) {
            put(slot, values[*pick as usize]);
        }
        Ok(Value::attrs(shape, at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_up_under_their_names() {
        static RECORD: Record<3> = Record::new(["value", "file", "_type"]);
        let mem = Memory::new().expect("address space");
        let values = [Value::TRUE, Value::FALSE, Value::NULL];
        for _ in 0..2 {
            let set = mem.record(&RECORD, values).expect("room");
            for (name, value) in ["value", "file", "_type"].into_iter().zip(values) {
                assert_eq!(mem.get(set, sym(name)).map(crate::value::peek), Some(value), "{name}");
            }
        }
    }
}
