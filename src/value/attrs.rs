//! Attribute sets.
//!
//! There are three kinds, told apart by the word's shape. *Shaped* sets consist of their values alone, in the order
//! of the shape's keys. A *run* has its own sorted keys and positions; sets that are large or have computed names
//! are runs. *Layers* are sets on top of each other, so that `big // small` copies nothing of the big one. Layers
//! grow geometrically from top to bottom, so their number is logarithmic.

use smallvec::SmallVec;

use super::builder::AttrsBuilder;
use super::memory::{Memory, R};
use super::shapes;
use super::{Tag, Value, peek, put};
use crate::heap::{LAYERS_SHAPE, RUN_SHAPE, Ref, Slot, Sym};
use crate::source::Pos;

/// Sets with computed names and at least this many attributes do not get a shape: it would hardly be used again.
const RUN_FROM: usize = 17;

/// Stands for the number of attributes of a layered set until it is computed.
pub(super) const UNCOUNTED: u32 = u32::MAX;

/// An attribute of a set.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    /// Its name.
    pub name: Sym,
    /// Where it is defined.
    pub pos: Pos,
    /// Its value.
    pub slot: &'a Slot,
}

/// An attribute found in a set: the slot of its value, and its position.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) at: Ref,
    pub(super) pos: Pos,
}

impl Memory {
    /// The number of attributes.
    pub fn attrs_len(&self, set: Value) -> usize {
        match set.hi() {
            RUN_SHAPE => self.heap.slot(set.at()).get() as usize,
            LAYERS_SHAPE => {
                let head = self.heap.slot(set.at());
                if head.get() as u32 == UNCOUNTED {
                    // A caller that wants the number usually wants the attributes as well.
                    head.set(head.get() & !u64::from(UNCOUNTED) | self.entries(set).len() as u64);
                }
                head.get() as u32 as usize
            }
            shape => shapes::count(&self.heap, shape),
        }
    }

    /// An upper bound for the number of attributes; 0 only if the set is empty.
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

    /// Looks up an attribute of a set without a shape, by way of the cache.
    fn find_remembered(&self, set: Value, name: Sym) -> Option<&Slot> {
        let lookup = self.lookups.of(set, name);
        if let Some(at) = lookup.known() {
            return if at == 0 { None } else { Some(self.heap.slot(at)) };
        }
        let found = self.find_slow(set, name).map(|f| f.at);
        lookup.remember(found.unwrap_or(0));
        found.map(|at| self.heap.slot(at))
    }

    /// Where the literal of a set is, if its keys are those of a literal that has some.
    pub fn literal_pos(&self, set: Value) -> Pos {
        match set.hi() {
            RUN_SHAPE | LAYERS_SHAPE => Pos::NONE,
            shape => shapes::literal_pos(&self.heap, shape),
        }
    }

    /// An attribute with its position.
    pub fn get_entry(&self, set: Value, name: Sym) -> Option<Entry<'_>> {
        let found = self.find_slow(set, name)?;
        Some(Entry { name, pos: found.pos, slot: self.heap.slot(found.at) })
    }

    pub(super) fn find_slow(&self, set: Value, name: Sym) -> Option<Found> {
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

    pub(super) fn run_keys(&self, set: Value) -> &[Slot] {
        let n = self.heap.slot(set.at()).get() as usize;
        self.heap.slots(set.at() + 1, n)
    }

    /// The layers of a layered set, top last.
    pub(super) fn layers(&self, set: Value) -> &[Slot] {
        let n = (self.heap.slot(set.at()).get() >> 32) as usize;
        self.heap.slots(set.at() + 1, n)
    }

    /// All attributes in the order in which Nix visits them: the order in which it first met the names.
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

    /// All attributes in the order of their names, as Nix prints them.
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

    /// Flattens a set, so that its values are in consecutive slots in symbol order: the set itself, or a copy if it
    /// has layers. Returns the set and the first value's slot.
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

    /// A set with the names of the flat set `set` and values from `values(i)`, without positions, like the results
    /// of `mapAttrs`.
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

    /// Makes a run of entries of other sets, which are in order.
    pub(super) fn run(&self, entries: Vec<Entry<'_>>) -> R<Value> {
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

    /// The set a builder describes, always with a shape, however large it is. For sets that are searched often,
    /// such as `lib`.
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

    /// The indices of a flat set's attributes in the order of their names.
    pub fn name_order(&self, set: Value) -> Vec<u32> {
        if set.hi() == RUN_SHAPE {
            let keys = self.run_keys(set);
            let mut order: Vec<u32> = (0..keys.len() as u32).collect();
            order.sort_by_key(|i| self.heap.name(Sym(keys[*i as usize].get() as u32)));
            return order;
        }
        shapes::name_order(&self.heap, &self.shapes, set.hi()).to_vec()
    }

    /// The set with these attributes, which must be in ascending order of their symbols.
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

    /// The set a builder describes; of entries with the same name, the last one wins.
    pub fn attrs(&self, builder: AttrsBuilder) -> R<Value> {
        let builder = AttrsBuilder::from_sorted(builder.into_sorted());
        if builder.is_empty() {
            return Ok(Value::EMPTY_SET);
        }
        if builder.len() >= RUN_FROM {
            return self.run_of(builder);
        }
        let entries = builder.into_sorted();
        let keyed: SmallVec<[(Sym, Pos); RUN_FROM]> = entries.iter().map(|e| (e.0, e.1)).collect();
        let shape = shapes::intern(&self.heap, &self.shapes, &keyed)?;
        self.counts.sets.one(entries.len());
        let (at, slots) = self.alloc(entries.len())?;
        for (slot, e) in slots.iter().zip(entries) {
            put(slot, e.2);
        }
        Ok(Value::attrs(shape, at))
    }

    /// The set with only the attributes that `keep` accepts; values are shared.
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

    /// Whether two words are the same object. This is exact for functions; copies of sets, lists and floats, which
    /// are different values to Nix, count as the same object.
    pub fn same_object(&self, a: Value, b: Value) -> bool {
        a == b && (a.is_function() || matches!(a.tag(), Tag::Attrs | Tag::List | Tag::Float))
    }
}
