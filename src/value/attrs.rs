//! Attribute sets.
//!
//! Three kinds, told apart by the word's shape: *shaped* sets are nothing but their values, in the order of the shape's
//! keys; a *run* brings its own sorted keys and positions (sets that are large or made from computed names); *layers*
//! are sets on top of each other, so that `big // small` copies nothing of the big one. Layers grow geometrically
//! from top to bottom, which keeps their number logarithmic.

use std::cell::Cell;
use std::rc::Rc;

use smallvec::{SmallVec, smallvec};

use super::builder::AttrsBuilder;
use super::shapes::{self, FROM_RIGHT};
use super::{Memory, R, Tag, Value, peek, put};
use crate::heap::{LAYERS_SHAPE, RUN_SHAPE, Ref, Slot, Sym};
use crate::source::Pos;

/// `//` of sets that together have at most this many attributes makes a shaped set.
const SHAPED_UP_TO: usize = 48;

/// Sets of this many attributes with computed names do not get a shape: it would hardly be met again.
const RUN_FROM: usize = 17;

/// A set with so many times fewer attributes than the one it is overridden by is looked up in that one.
const SMALL_BELOW: usize = 8;

/// In place of the number of attributes of a layered set: nobody has asked yet.
const UNCOUNTED: u32 = u32::MAX;

const MEMO_BITS: u32 = 13;
/// A set's word, a symbol, and the slot where the set has it; 0 if it has not.
pub(super) type Memo = Cell<(u64, u32, Ref)>;

/// The memory of [`Memory::find_remembered`], direct mapped.
pub(super) fn memos() -> Rc<[Memo]> {
    vec![Cell::new((0, 0, 0)); 1 << MEMO_BITS].into()
}

fn memo_slot(set: Value, name: Sym) -> usize {
    let key = set.bits() ^ u64::from(name.0).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - MEMO_BITS)) as usize
}

/// An attribute.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    /// Its name.
    pub name: Sym,
    /// Where it is defined.
    pub pos: Pos,
    /// Its value.
    pub slot: &'a Slot,
}

/// Where an attribute's value is.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) at: Ref,
    pub(super) pos: Pos,
}

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
    /// Number of attributes.
    pub fn attrs_len(&self, set: Value) -> usize {
        match set.hi() {
            RUN_SHAPE => self.heap.slot(set.at()).get() as usize,
            LAYERS_SHAPE => {
                let head = self.heap.slot(set.at());
                if head.get() as u32 == UNCOUNTED {
                    // Who wants to know how many there are mostly wants to see them, too.
                    head.set(head.get() & !u64::from(UNCOUNTED) | self.entries(set).len() as u64);
                }
                head.get() as u32 as usize
            }
            shape => shapes::count(&self.heap, shape),
        }
    }

    /// A number of attributes that the set has at most; 0 only if it is empty.
    pub fn attrs_bound(&self, set: Value) -> usize {
        match set.hi() {
            LAYERS_SHAPE => self.layers(set).iter().map(|layer| self.attrs_bound(peek(layer))).sum(),
            _ => self.attrs_len(set),
        }
    }

    /// The value of an attribute.
    #[inline]
    pub fn get(&self, set: Value, name: Sym) -> Option<&Slot> {
        let shape = set.hi();
        if shape == RUN_SHAPE || shape == LAYERS_SHAPE {
            return self.find_remembered(set, name);
        }
        let index = shapes::index_of(&self.heap, &self.shapes, shape, name)?;
        Some(self.heap.slot(set.at() + index as u32))
    }

    pub(super) fn forget_found(&self) -> Box<dyn Fn()> {
        let found = self.found.clone();
        Box::new(move || found.iter().for_each(|memo| memo.set((0, 0, 0))))
    }

    /// An attribute of a set without a shape: what was found lately is found again without a search.
    fn find_remembered(&self, set: Value, name: Sym) -> Option<&Slot> {
        let memo = &self.found[memo_slot(set, name)];
        let (word, sym, at) = memo.get();
        if (word, sym) == (set.bits(), name.0) {
            return if at == 0 { None } else { Some(self.heap.slot(at)) };
        }
        let found = self.find_slow(set, name).map(|f| f.at);
        memo.set((set.bits(), name.0, found.unwrap_or(0)));
        found.map(|at| self.heap.slot(at))
    }

    /// An attribute with its position.
    pub fn get_entry(&self, set: Value, name: Sym) -> Option<Entry<'_>> {
        let found = self.find_slow(set, name)?;
        Some(Entry { name, pos: found.pos, slot: self.heap.slot(found.at) })
    }

    fn find_slow(&self, set: Value, name: Sym) -> Option<Found> {
        match set.hi() {
            RUN_SHAPE => {
                let keys = self.run_keys(set);
                let i = keys.binary_search_by_key(&name.0, |k| k.get() as u32).ok()?;
                let at = set.at() + 1 + (keys.len() + i) as u32;
                Some(Found { at, pos: Pos((keys[i].get() >> 32) as u32) })
            }
            LAYERS_SHAPE => self.layers(set).iter().rev().find_map(|layer| self.find_slow(peek(layer), name)),
            shape => {
                let i = shapes::index_of(&self.heap, &self.shapes, shape, name)?;
                let pos = Pos(shapes::positions(&self.heap, shape)[i]);
                Some(Found { at: set.at() + i as u32, pos })
            }
        }
    }

    fn run_keys(&self, set: Value) -> &[Slot] {
        let n = self.heap.slot(set.at()).get() as usize;
        self.heap.slots(set.at() + 1, n)
    }

    /// The layers of a layered set, top last.
    fn layers(&self, set: Value) -> &[Slot] {
        let n = (self.heap.slot(set.at()).get() >> 32) as usize;
        self.heap.slots(set.at() + 1, n)
    }

    /// All attributes in the order in which Nix looks at them, which is that in which it met the names first.
    pub fn entries_in_order(&self, set: Value) -> Vec<Entry<'_>> {
        let entries = self.entries(set);
        let order = self.heap.symbols.sorted(entries.iter().map(|e| e.name));
        order.into_iter().map(|i| entries[i]).collect()
    }

    /// All attributes in the order of their symbols.
    pub fn entries(&self, set: Value) -> Vec<Entry<'_>> {
        if !set.is_attrs() {
            return Vec::new();
        }
        match set.hi() {
            RUN_SHAPE => {
                let keys = self.run_keys(set);
                let values = self.heap.slots(set.at() + 1 + keys.len() as u32, keys.len());
                let entry = |(key, slot): (&Slot, _)| Entry {
                    name: Sym(key.get() as u32),
                    pos: Pos((key.get() >> 32) as u32),
                    slot,
                };
                keys.iter().zip(values).map(entry).collect()
            }
            LAYERS_SHAPE => {
                let layers: SmallVec<[Value; 8]> = self.layers(set).iter().map(peek).collect();
                self.merged(&layers)
            }
            shape => {
                let keys = shapes::keys(&self.heap, shape);
                let positions = shapes::positions(&self.heap, shape);
                let slots: &[Slot] =
                    if keys.is_empty() { &[] } else { self.heap.slots(set.at(), keys.len()) };
                let entry =
                    |((key, pos), slot): ((&u32, &u32), _)| Entry { name: Sym(*key), pos: Pos(*pos), slot };
                keys.iter().zip(positions).zip(slots).map(entry).collect()
            }
        }
    }

    /// All attributes in the order of their names, which is the order people see.
    pub fn entries_by_name(&self, set: Value) -> Vec<Entry<'_>> {
        let entries = self.entries(set);
        match set.hi() {
            RUN_SHAPE | LAYERS_SHAPE => {
                let mut entries = entries;
                entries.sort_by_key(|e| self.heap.name(e.name));
                entries
            }
            _ if entries.len() < 2 => entries,
            shape => {
                let order = shapes::name_order(&self.heap, &self.shapes, shape);
                order.iter().map(|i| entries[*i as usize]).collect()
            }
        }
    }

    /// A set whose values stand in consecutive slots in symbol order: the set itself, or a copy if it has layers.
    /// Returns the set and the first value's slot.
    pub fn flat(&self, set: Value) -> R<(Value, Ref)> {
        match set.hi() {
            RUN_SHAPE => Ok((set, set.at() + 1 + self.heap.slot(set.at()).get() as u32)),
            LAYERS_SHAPE => {
                let run = self.run(self.entries(set))?;
                self.flat(run)
            }
            _ => Ok((set, set.at())),
        }
    }

    /// The name of attribute `i` of a flat set, in symbol order.
    pub fn name_at(&self, set: Value, i: usize) -> Sym {
        match set.hi() {
            RUN_SHAPE => Sym(self.run_keys(set)[i].get() as u32),
            shape => Sym(shapes::keys(&self.heap, shape)[i]),
        }
    }

    /// A set with the same names as the flat set `set` and values from `values(i)`; without positions, as the
    /// results of `mapAttrs` are.
    pub fn with_values(&self, set: Value, values: impl Fn(usize) -> Value) -> R<Value> {
        let n = self.attrs_len(set);
        if n == 0 {
            return Ok(Value::EMPTY_SET);
        }
        self.counts.sets.one(n);
        if set.hi() == RUN_SHAPE {
            let (at, slots) = self.alloc(1 + 2 * n)?;
            slots[0].set(n as u64);
            for (i, key) in self.run_keys(set).iter().enumerate() {
                slots[1 + i].set(key.get() & 0xffff_ffff);
                put(&slots[1 + n + i], values(i));
            }
            return Ok(Value::attrs(RUN_SHAPE, at));
        }
        let shape = shapes::without_positions(&self.heap, &self.shapes, set.hi())?;
        let (at, slots) = self.alloc(n)?;
        for (i, slot) in slots.iter().enumerate() {
            put(slot, values(i));
        }
        Ok(Value::attrs(shape, at))
    }

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
            // What is left of the small set needs no look at all of the large one, and may as well lie on top of it.
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
        // From where on all layers become one: the lowest that is not clearly larger than those above it together.
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

    /// One run with the attributes of flat sets, of which later ones win.
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
    fn merged(&self, layers: &[Value]) -> Vec<Entry<'_>> {
        // A symbol, the number of the layer from the top, and the place there in one word. The symbols of each layer
        // are in order already, which is what the sort looks for.
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
        order.into_iter().filter_map(entry).collect()
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

    /// A run of entries of other sets, in order.
    fn run(&self, entries: Vec<Entry<'_>>) -> R<Value> {
        let n = entries.len();
        self.counts.sets.one(n);
        let (at, slots) = self.alloc(1 + 2 * n)?;
        slots[0].set(n as u64);
        for (i, e) in entries.into_iter().enumerate() {
            slots[1 + i].set(u64::from(e.name.0) | u64::from(e.pos.0) << 32);
            put(&slots[1 + n + i], self.share(e.slot)?);
        }
        Ok(Value::attrs(RUN_SHAPE, at))
    }

    /// The set a builder describes, as a run.
    fn run_of(&self, builder: AttrsBuilder) -> R<Value> {
        let entries = builder.into_sorted();
        let n = entries.len();
        self.counts.sets.one(n);
        let (at, slots) = self.alloc(1 + 2 * n)?;
        slots[0].set(n as u64);
        for (i, (name, pos, value)) in entries.into_iter().enumerate() {
            slots[1 + i].set(u64::from(name.0) | u64::from(pos.0) << 32);
            put(&slots[1 + n + i], value);
        }
        Ok(Value::attrs(RUN_SHAPE, at))
    }

    /// The set a builder describes, with a shape however large it is: for sets that are looked into again and again,
    /// as `lib` is.
    pub fn shaped(&self, builder: AttrsBuilder) -> R<Value> {
        let entries = builder.into_sorted();
        let keyed: Vec<(Sym, Pos)> = entries.iter().map(|e| (e.0, e.1)).collect();
        let shape = shapes::intern(&self.heap, &self.shapes, &keyed)?;
        self.counts.sets.one(entries.len());
        let (at, slots) = self.alloc(entries.len())?;
        for (slot, e) in slots.iter().zip(entries) {
            put(slot, e.2);
        }
        Ok(Value::attrs(shape, at))
    }

    /// Attribute number `index` of a flat set (see [`flat`](Self::flat)) in symbol order.
    pub fn entry_at(&self, set: Value, index: usize) -> Option<Entry<'_>> {
        if set.hi() == RUN_SHAPE {
            let keys = self.run_keys(set);
            let key = keys.get(index)?.get();
            let slot = self.heap.slot(set.at() + 1 + (keys.len() + index) as u32);
            return Some(Entry { name: Sym(key as u32), pos: Pos((key >> 32) as u32), slot });
        }
        let name = Sym(*shapes::keys(&self.heap, set.hi()).get(index)?);
        let pos = Pos(shapes::positions(&self.heap, set.hi())[index]);
        Some(Entry { name, pos, slot: self.heap.slot(set.at() + index as u32) })
    }

    /// The numbers of a flat set's attributes in the order of their names.
    pub fn name_order(&self, set: Value) -> Vec<u32> {
        if set.hi() == RUN_SHAPE {
            let keys = self.run_keys(set);
            let mut order: Vec<u32> = (0..keys.len() as u32).collect();
            order.sort_by_key(|i| self.heap.name(Sym(keys[*i as usize].get() as u32)));
            return order;
        }
        shapes::name_order(&self.heap, &self.shapes, set.hi()).to_vec()
    }

    /// The set with these attributes, which must come in ascending order of their symbols.
    ///
    /// # Errors
    /// Those of `entry`, or when the heap is full.
    pub fn sorted_attrs<E: From<crate::heap::HeapFull>>(
        &self,
        n: usize,
        mut entry: impl FnMut(usize) -> Result<(Sym, Pos, Value), E>,
    ) -> Result<Value, E> {
        if n < RUN_FROM {
            let entries: Result<Vec<_>, E> = (0..n).map(entry).collect();
            return Ok(self.attrs(AttrsBuilder::from_sorted(entries?))?);
        }
        self.counts.sets.one(n);
        let (at, slots) = self.alloc(1 + 2 * n)?;
        slots[0].set(n as u64);
        for i in 0..n {
            let (name, pos, value) = entry(i)?;
            slots[1 + i].set(u64::from(name.0) | u64::from(pos.0) << 32);
            put(&slots[1 + n + i], value);
        }
        Ok(Value::attrs(RUN_SHAPE, at))
    }

    /// The set a builder describes; of entries with the same name the last one counts.
    pub fn attrs(&self, builder: AttrsBuilder) -> R<Value> {
        let builder = AttrsBuilder::from_sorted(builder.into_sorted());
        if builder.is_empty() {
            return Ok(Value::EMPTY_SET);
        }
        if builder.len() >= RUN_FROM {
            return self.run_of(builder);
        }
        let entries = builder.into_sorted();
        let keyed: smallvec::SmallVec<[(Sym, Pos); RUN_FROM]> = entries.iter().map(|e| (e.0, e.1)).collect();
        let shape = shapes::intern(&self.heap, &self.shapes, &keyed)?;
        self.counts.sets.one(entries.len());
        let (at, slots) = self.alloc(entries.len())?;
        for (slot, e) in slots.iter().zip(entries) {
            put(slot, e.2);
        }
        Ok(Value::attrs(shape, at))
    }

    /// The set with only the attributes that `keep` says; values are shared.
    pub fn filtered(&self, set: Value, mut keep: impl FnMut(&Entry<'_>) -> bool) -> R<Value> {
        let entries = self.entries(set);
        let kept: Vec<_> = entries.iter().filter(|e| keep(e)).collect();
        if kept.len() == entries.len() {
            return Ok(set);
        }
        let mut builder = AttrsBuilder::with_capacity(kept.len());
        for e in kept {
            builder.push_at(e.name, e.pos, self.share(e.slot)?);
        }
        self.attrs(builder)
    }

    /// Whether two words are the same object: exact for functions; copies of sets, lists and floats, which are other
    /// values to Nix, look the same.
    pub fn same_object(&self, a: Value, b: Value) -> bool {
        a == b && (a.is_function() || matches!(a.tag(), Tag::Attrs | Tag::List | Tag::Float))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::heap::Heap;

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
