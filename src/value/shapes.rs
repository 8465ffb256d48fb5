//! Shapes: interned key sets, the plans for `//` between them, and the cache of key lookups.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use hashbrown::{HashMap, HashTable};

use crate::heap::{CodeRef, EMPTY_SHAPE, Heap, HeapFull, Sym};
use crate::ir::code::SHAPE_KEYS;
use crate::source::Pos;

/// How the result of `a // b` is assembled: its shape, and the source of each slot.
pub(super) struct Plan {
    pub(super) shape: CodeRef,
    /// Index into `b` if [`FROM_RIGHT`] is set, else into `a`.
    pub(super) picks: Box<[u32]>,
}

pub(super) const FROM_RIGHT: u32 = 1 << 31;

const CACHE_BITS: u32 = 14;
const ABSENT: u32 = u32::MAX;
/// The number of slots for the shapes of native code's own key sets.
const STATICS: usize = 256;

/// A shape (upper half) with its hash (lower half), so that the table grows without reading the shapes. The other way
/// round, or with more bits, hashes would look like references to the collector.
#[derive(Clone, Copy)]
struct Interned(u64);

impl Interned {
    fn new(hash: u32, shape: CodeRef) -> Interned {
        Interned(u64::from(hash) | u64::from(shape) << 32)
    }

    fn hash(self) -> u32 {
        self.0 as u32
    }

    fn shape(self) -> CodeRef {
        (self.0 >> 32) as CodeRef
    }
}

/// The hash for a table of `hashbrown`, which uses the bits at both ends.
fn spread(hash: u32) -> u64 {
    u64::from(hash) | u64::from(hash) << 32
}

/// The tables of shapes.
pub(super) struct Shapes {
    interned: RefCell<HashTable<Interned>>,
    hasher: hashbrown::DefaultHashBuilder,
    plans: RefCell<HashMap<(CodeRef, CodeRef), Rc<Plan>>>,
    orders: RefCell<HashMap<CodeRef, Rc<[u32]>>>,
    /// For each shape, the one with the same names and no positions.
    bare: RefCell<HashMap<CodeRef, CodeRef>>,
    /// For pairs of shape and symbol, the key's index; direct-mapped.
    cache: Box<[Cell<(u64, u32)>]>,
    /// The shapes of native code's own key sets by the address of their names; direct-mapped.
    statics: Box<[Cell<(usize, CodeRef)>]>,
}

#[inline]
fn cache_key(shape: CodeRef, sym: Sym) -> u64 {
    u64::from(shape) << 32 | u64::from(sym.0)
}

#[inline]
fn cache_slot(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - CACHE_BITS)) as usize
}

impl Shapes {
    pub(super) fn new() -> Shapes {
        Shapes {
            interned: RefCell::default(),
            hasher: Default::default(),
            plans: RefCell::default(),
            orders: RefCell::default(),
            bare: RefCell::default(),
            cache: vec![Cell::new((0, 0)); 1 << CACHE_BITS].into(),
            statics: vec![Cell::new((0, 0)); STATICS].into(),
        }
    }
}

/// The number of keys of a shape.
#[inline]
pub(super) fn count(heap: &Heap, shape: CodeRef) -> usize {
    heap.code4(shape)[0] as usize
}

/// Where the literal is that a shape belongs to.
pub(super) fn literal_pos(heap: &Heap, shape: CodeRef) -> Pos {
    Pos(heap.code4(shape)[1])
}

/// The symbols of a shape, ascending.
#[inline]
pub(super) fn keys(heap: &Heap, shape: CodeRef) -> &[u32] {
    let n = count(heap, shape);
    &heap.code(shape, SHAPE_KEYS + n)[SHAPE_KEYS..]
}

/// The positions of a shape's keys.
pub(super) fn positions(heap: &Heap, shape: CodeRef) -> &[u32] {
    let n = count(heap, shape);
    &heap.code(shape, SHAPE_KEYS + 2 * n)[SHAPE_KEYS + n..]
}

/// The shape with the same names and no positions.
pub(super) fn without_positions(heap: &Heap, shapes: &Shapes, shape: CodeRef) -> Result<CodeRef, HeapFull> {
    if let Some(bare) = shapes.bare.borrow().get(&shape) {
        return Ok(*bare);
    }
    let bare = match positions(heap, shape).iter().all(|p| *p == 0) {
        true => shape,
        false => {
            let keyed: Vec<_> = keys(heap, shape).iter().map(|k| (Sym(*k), Pos::NONE)).collect();
            intern(heap, shapes, &keyed)?
        }
    };
    shapes.bare.borrow_mut().insert(shape, bare);
    Ok(bare)
}

/// The index of a key in a shape.
#[inline]
pub(super) fn index_of(heap: &Heap, shapes: &Shapes, shape: CodeRef, sym: Sym) -> Option<usize> {
    let key = cache_key(shape, sym);
    let entry = &shapes.cache[cache_slot(key)];
    let (cached, index) = entry.get();
    if cached == key {
        return (index != ABSENT).then_some(index as usize);
    }
    let found = search(keys(heap, shape), sym);
    entry.set((key, found.map_or(ABSENT, |i| i as u32)));
    found
}

fn search(keys: &[u32], sym: Sym) -> Option<usize> {
    const LINEAR_BELOW: usize = 12;
    if keys.len() < LINEAR_BELOW {
        return keys.iter().position(|k| *k == sym.0);
    }
    keys.binary_search(&sym.0).ok()
}

/// The shape with these keys (ascending, distinct) and positions.
pub(super) fn intern(heap: &Heap, shapes: &Shapes, keyed: &[(Sym, Pos)]) -> Result<CodeRef, HeapFull> {
    if keyed.is_empty() {
        return Ok(EMPTY_SHAPE);
    }
    use std::hash::BuildHasher;
    let hash = shapes.hasher.hash_one(keyed) as u32;
    let same = |other: &Interned| {
        if other.hash() != hash {
            return false;
        }
        let (k, p) = (keys(heap, other.shape()), positions(heap, other.shape()));
        k.len() == keyed.len()
            && keyed.iter().zip(k.iter().zip(p)).all(|(a, (k, p))| a.0.0 == *k && a.1.0 == *p)
    };
    let mut interned = shapes.interned.borrow_mut();
    if let Some(found) = interned.find(spread(hash), same) {
        return Ok(found.shape());
    }
    let new = crate::ir::push_shape(heap, keyed)?;
    interned.insert_unique(spread(hash), Interned::new(hash, new), |interned| spread(interned.hash()));
    Ok(new)
}

/// The shape of a static key set, cached by its address.
#[inline]
pub(super) fn of_static(
    heap: &Heap,
    shapes: &Shapes,
    keyed: &'static [(Sym, Pos)],
) -> Result<CodeRef, HeapFull> {
    let address = keyed.as_ptr() as usize;
    let entry = &shapes.statics[address / size_of::<(Sym, Pos)>() % STATICS];
    match entry.get() {
        (known, shape) if known == address => Ok(shape),
        _ => {
            let shape = intern(heap, shapes, keyed)?;
            entry.set((address, shape));
            Ok(shape)
        }
    }
}

/// The plan for `a // b`.
pub(super) fn plan(heap: &Heap, shapes: &Shapes, a: CodeRef, b: CodeRef) -> Result<Rc<Plan>, HeapFull> {
    if let Some(plan) = shapes.plans.borrow().get(&(a, b)) {
        return Ok(plan.clone());
    }
    let (ka, kb) = (keys(heap, a), keys(heap, b));
    let (pa, pb) = (positions(heap, a), positions(heap, b));
    let mut keyed = Vec::with_capacity(ka.len() + kb.len());
    let mut picks = Vec::with_capacity(ka.len() + kb.len());
    let (mut i, mut j) = (0, 0);
    while i < ka.len() || j < kb.len() {
        if j == kb.len() || (i < ka.len() && ka[i] < kb[j]) {
            keyed.push((Sym(ka[i]), Pos(pa[i])));
            picks.push(i as u32);
            i += 1;
        } else {
            if i < ka.len() && ka[i] == kb[j] {
                i += 1;
            }
            keyed.push((Sym(kb[j]), Pos(pb[j])));
            picks.push(j as u32 | FROM_RIGHT);
            j += 1;
        }
    }
    let plan = Rc::new(Plan { shape: intern(heap, shapes, &keyed)?, picks: picks.into() });
    shapes.plans.borrow_mut().insert((a, b), plan.clone());
    Ok(plan)
}

/// The indices of a shape's keys in the order of their names.
pub(super) fn name_order(heap: &Heap, shapes: &Shapes, shape: CodeRef) -> Rc<[u32]> {
    if let Some(order) = shapes.orders.borrow().get(&shape) {
        return order.clone();
    }
    let keys = keys(heap, shape);
    let mut order: Vec<u32> = (0..keys.len() as u32).collect();
    order.sort_by_key(|i| heap.name(Sym(keys[*i as usize])));
    let order: Rc<[u32]> = order.into();
    shapes.orders.borrow_mut().insert(shape, order.clone());
    order
}
