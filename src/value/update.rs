//! `//`: one set on top of another.

use smallvec::{SmallVec, smallvec};

use super::attrs::{Entry, UNCOUNTED};
use super::memory::{Memory, R};
use super::shapes::{self, FROM_RIGHT};
use super::{Value, peek, put};
use crate::heap::{LAYERS_SHAPE, RUN_SHAPE, Slot};

/// `//` makes a shaped set if its operands together have at most this many attributes.
const SHAPED_UP_TO: usize = 48;

/// If the left operand has this many times fewer attributes than the right one, its names are looked up in the
/// right one.
const SMALL_BELOW: usize = 8;

/// The names and positions of a flat set, in symbol order.
trait Keys {
    fn name(&self, i: usize) -> u32;
    /// The name in the lower half, the position in the upper one, as runs have them.
    fn key(&self, i: usize) -> u64;
}

impl Keys for &[Slot] {
    fn name(&self, i: usize) -> u32 {
        self[i].get() as u32
    }

    fn key(&self, i: usize) -> u64 {
        self[i].get()
    }
}

impl Keys for (&[u32], &[u32]) {
    fn name(&self, i: usize) -> u32 {
        self.0[i]
    }

    fn key(&self, i: usize) -> u64 {
        u64::from(self.0[i]) | u64::from(self.1[i]) << 32
    }
}

/// A flat set.
struct Flat<'a, K> {
    keys: K,
    values: &'a [Slot],
}

impl Memory {
    /// `a // b`.
    pub fn update(&self, a: Value, b: Value) -> R<Value> {
        let (na, nb) = (self.attrs_bound(a), self.attrs_bound(b));
        if nb == 0 {
            return Ok(a);
        }
        if na == 0 {
            return Ok(b);
        }
        let shaped = |v: Value| v.hi() != RUN_SHAPE && v.hi() != LAYERS_SHAPE;
        if na + nb <= SHAPED_UP_TO && shaped(a) && shaped(b) {
            return self.update_shaped(a, b);
        }
        self.update_layered(a, b)
    }

    fn update_shaped(&self, a: Value, b: Value) -> R<Value> {
        let plan = shapes::plan(&self.heap, &self.shapes, a.hi(), b.hi())?;
        self.counts.sets.one(plan.picks.len());
        self.counts.updated.add(plan.picks.len());
        let (at, slots) = self.alloc(plan.picks.len())?;
        for (slot, pick) in slots.iter().zip(&plan.picks) {
            let from = if pick & FROM_RIGHT != 0 { b.at() + (pick & !FROM_RIGHT) } else { a.at() + pick };
            put(slot, self.share(self.heap.slot(from))?);
        }
        Ok(Value::attrs(plan.shape, at))
    }

    fn update_layered(&self, a: Value, b: Value) -> R<Value> {
        let layers_of = |v: Value| -> SmallVec<[Value; 8]> {
            match v.hi() {
                LAYERS_SHAPE => self.layers(v).iter().map(peek).collect(),
                _ => smallvec![v],
            }
        };
        let mut layers;
        if self.attrs_bound(a) < self.attrs_bound(b) / SMALL_BELOW {
            // The attributes of the small set that survive can be found without a scan of the large one, and may as
            // well lie on top of it.
            let mut left = self.entries(a);
            left.retain(|e| self.find_slow(b, e.name).is_none());
            if left.is_empty() {
                return Ok(b);
            }
            layers = layers_of(b);
            layers.push(self.run(left)?);
        } else {
            layers = layers_of(a);
            layers.extend(layers_of(b));
        }
        // All layers from here up are merged: the lowest one that is not clearly larger than all above it together.
        let (mut above, mut first) = (0, layers.len());
        for (i, layer) in layers.iter().enumerate().rev() {
            let len = self.attrs_len(*layer);
            if len <= 2 * above {
                first = i;
            }
            above += len;
        }
        if first < layers.len() {
            let merged = self.merge(&layers[first..])?;
            self.counts.updated.add(self.attrs_len(merged));
            layers.truncate(first);
            layers.push(merged);
        }
        if let [only] = layers[..] {
            return Ok(only);
        }
        self.counts.sets.one(layers.len());
        let (at, slots) = self.alloc(1 + layers.len())?;
        slots[0].set(u64::from(UNCOUNTED) | (layers.len() as u64) << 32);
        for (slot, layer) in slots[1..].iter().zip(&layers) {
            put(slot, *layer);
        }
        Ok(Value::attrs(LAYERS_SHAPE, at))
    }

    /// One run with the attributes of flat sets; later sets win.
    fn merge(&self, layers: &[Value]) -> R<Value> {
        if let [a, b] = *layers {
            return match (a.hi() == RUN_SHAPE, b.hi() == RUN_SHAPE) {
                (true, true) => self.merge_flat(self.run_view(a), self.run_view(b)),
                (true, false) => self.merge_flat(self.run_view(a), self.shape_view(b)),
                (false, true) => self.merge_flat(self.shape_view(a), self.run_view(b)),
                (false, false) => self.merge_flat(self.shape_view(a), self.shape_view(b)),
            };
        }
        self.run(self.merged(layers))
    }

    /// The attributes of flat sets in the order of their symbols; later sets win.
    pub(super) fn merged(&self, layers: &[Value]) -> Vec<Entry<'_>> {
        // One word holds a symbol, the number of the layer from the top, and the index there. The symbols of each
        // layer are already sorted, which the stable sort exploits.
        const PLACE: u32 = 28;
        const LAYER: u32 = 8;
        if layers.len() > 1 << LAYER {
            let mut all: Vec<(usize, Entry<'_>)> = Vec::new();
            for (depth, layer) in layers.iter().rev().enumerate() {
                all.extend(self.entries(*layer).into_iter().map(|e| (depth, e)));
            }
            all.sort_by_key(|(depth, e)| (e.name, *depth));
            all.dedup_by_key(|(_, e)| e.name);
            return all.into_iter().map(|(_, e)| e).collect();
        }
        let mut order: Vec<u64> = Vec::with_capacity(layers.iter().map(|l| self.attrs_len(*l)).sum());
        for (depth, layer) in layers.iter().rev().enumerate() {
            let word = |(i, name): (usize, u32)| {
                u64::from(name) << (LAYER + PLACE) | (depth as u64) << PLACE | i as u64
            };
            if layer.hi() == RUN_SHAPE {
                order.extend(self.run_keys(*layer).iter().map(|k| k.get() as u32).enumerate().map(word));
            } else {
                order.extend(shapes::keys(&self.heap, layer.hi()).iter().copied().enumerate().map(word));
            }
        }
        order.sort();
        order.dedup_by_key(|word| *word >> (LAYER + PLACE));
        let entry = |word: u64| {
            let depth = (word >> PLACE) as usize & ((1 << LAYER) - 1);
            self.entry_at(layers[layers.len() - 1 - depth], word as usize & ((1 << PLACE) - 1))
        };
        // Such sets can be large, and a vector that grows leaves its smaller copies behind.
        let mut entries = Vec::with_capacity(order.len());
        entries.extend(order.into_iter().filter_map(entry));
        entries
    }

    fn run_view(&self, set: Value) -> Flat<'_, &[Slot]> {
        let keys = self.run_keys(set);
        Flat { keys, values: self.heap.slots(set.at() + 1 + keys.len() as u32, keys.len()) }
    }

    fn shape_view(&self, set: Value) -> Flat<'_, (&[u32], &[u32])> {
        let keys = shapes::keys(&self.heap, set.hi());
        let values: &[Slot] = if keys.is_empty() { &[] } else { self.heap.slots(set.at(), keys.len()) };
        Flat { keys: (keys, shapes::positions(&self.heap, set.hi())), values }
    }

    fn merge_flat<A: Keys, B: Keys>(&self, a: Flat<'_, A>, b: Flat<'_, B>) -> R<Value> {
        let (mut i, mut j, mut n) = (0, 0, 0);
        while i < a.values.len() && j < b.values.len() {
            let (x, y) = (a.keys.name(i), b.keys.name(j));
            i += usize::from(x <= y);
            j += usize::from(y <= x);
            n += 1;
        }
        n += a.values.len() - i + b.values.len() - j;
        self.counts.sets.one(n);
        let (at, slots) = self.alloc(1 + 2 * n)?;
        slots[0].set(n as u64);
        let (keys, values) = slots[1..].split_at(n);
        (i, j) = (0, 0);
        for (key, value) in keys.iter().zip(values) {
            let from_a = match (i < a.values.len(), j < b.values.len()) {
                (true, true) => a.keys.name(i) < b.keys.name(j),
                (left, _) => left,
            };
            if from_a {
                key.set(a.keys.key(i));
                put(value, self.share(&a.values[i])?);
                i += 1;
            } else {
                i += usize::from(i < a.values.len() && a.keys.name(i) == b.keys.name(j));
                key.set(b.keys.key(j));
                put(value, self.share(&b.values[j])?);
                j += 1;
            }
        }
        Ok(Value::attrs(RUN_SHAPE, at))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::heap::Heap;
    use crate::source::Pos;
    use crate::value::AttrsBuilder;

    /// Sets of many sizes on top of each other, compared with a map.
    #[test]
    fn later_sets_win() {
        let memory = Memory::with_heap(Heap::new().expect("address space"));
        let mut state = 1u32;
        let mut random = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        };
        let set_of = |names: &BTreeMap<Vec<u8>, i64>| {
            let mut builder = AttrsBuilder::new();
            for (name, n) in names {
                let name = memory.heap.intern(name).expect("room");
                builder.push_at(name, Pos(*n as u32), memory.int(*n).expect("room"));
            }
            memory.attrs(builder).expect("room")
        };
        let contents = |set: Value| -> BTreeMap<Vec<u8>, i64> {
            let entries = memory.entries(set);
            assert!(entries.windows(2).all(|w| w[0].name < w[1].name), "in order, each once");
            let pair = |e: &Entry<'_>| {
                let n = memory.as_int(peek(e.slot)).expect("a number");
                assert_eq!(e.pos, Pos(n as u32), "each value has its own position");
                (memory.heap.name(e.name).to_vec(), n)
            };
            entries.iter().map(pair).collect()
        };
        for round in 0..60 {
            let (mut set, mut expected) = (Value::EMPTY_SET, BTreeMap::new());
            for step in 0..20 {
                let size = [1, 3, 30, 300][random(4) as usize];
                let new: BTreeMap<Vec<u8>, i64> = (0..random(size) + 1)
                    .map(|i| {
                        (
                            format!("n{}", random(600)).into_bytes(),
                            i64::from(round * 1000 + step * 31 + i + 1),
                        )
                    })
                    .collect();
                let other = set_of(&new);
                if random(3) == 0 {
                    set = memory.update(other, set).expect("room");
                    expected = new.into_iter().chain(expected).collect();
                } else {
                    set = memory.update(set, other).expect("room");
                    expected.extend(new);
                }
                if step % 5 == 4 {
                    assert_eq!(contents(set), expected);
                    assert_eq!(memory.attrs_len(set), expected.len());
                }
                let name = format!("n{}", random(600)).into_bytes();
                let sym = memory.heap.intern(&name).expect("room");
                let found = memory.get(set, sym).map(|slot| memory.as_int(peek(slot)).expect("a number"));
                assert_eq!(found, expected.get(&name).copied());
            }
            let (flat, _) = memory.flat(set).expect("room");
            assert_eq!(contents(flat), expected);
        }
    }
}
