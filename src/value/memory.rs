//! The heap at the level of values: makes and reads numbers, strings, paths and lists.

use std::rc::Rc;

use smallvec::SmallVec;

use super::context::{Context, Contexts};
use super::counts::Counts;
use super::lookups::Lookups;
use super::shapes::Shapes;
use super::spare::Growing;
use super::word::{Tag, Value, peek, put};
use crate::heap::{Heap, HeapFull, MAX_28, Ref, Slot, Sym};

/// The heap with everything needed to read and make values in it.
pub struct Memory {
    /// The memory itself.
    pub heap: Heap,
    /// String contexts.
    pub contexts: Contexts,
    /// The counters for statistics.
    pub counts: Counts,
    pub(super) shapes: Shapes,
    pub(super) lookups: Rc<Lookups>,
    pub(super) growing: Rc<Growing>,
}

pub(super) type R<T> = Result<T, HeapFull>;

impl Memory {
    /// Makes an empty memory.
    pub fn new() -> R<Memory> {
        Ok(Memory::with_heap(Heap::new()?))
    }

    /// Makes a memory without values on a heap that may already contain code.
    pub fn with_heap(heap: Heap) -> Memory {
        let memory = Memory {
            heap,
            contexts: Contexts::default(),
            counts: Counts::default(),
            shapes: Shapes::new(),
            lookups: Rc::default(),
            growing: Rc::default(),
        };
        let (lookups, growing) = (memory.lookups.clone(), memory.growing.clone());
        memory.heap.before_reuse(Box::new(move || lookups.forget()));
        memory.heap.before_reuse(Box::new(move || growing.forget()));
        memory
    }

    /// An integer.
    #[inline]
    pub fn int(&self, n: i64) -> R<Value> {
        match Value::small_int(n) {
            Some(v) => Ok(v),
            None => {
                let at = self.heap.alloc(1)?;
                self.heap.slot(at).set(n as u64);
                Ok(Value::big_int(at))
            }
        }
    }

    /// The number of an integer value.
    #[inline]
    pub fn as_int(&self, v: Value) -> Option<i64> {
        match v.tag() {
            Tag::Int => Some(v.as_small_int()),
            Tag::BigInt => Some(self.heap.slot(v.at()).get() as i64),
            _ => None,
        }
    }

    /// The number of a value that is known to be an integer.
    ///
    /// # Panics
    /// When it is not.
    #[inline]
    pub fn integer(&self, v: Value) -> i64 {
        match self.as_int(v) {
            Some(n) => n,
            None => panic!("{v:?} is no integer"),
        }
    }

    /// A float.
    pub fn float(&self, n: f64) -> R<Value> {
        let at = self.heap.alloc(1)?;
        self.heap.slot(at).set(n.to_bits());
        Ok(Value::float(at))
    }

    /// The number of a float value.
    #[inline]
    pub fn as_float(&self, v: Value) -> Option<f64> {
        (v.tag() == Tag::Float).then(|| f64::from_bits(self.heap.slot(v.at()).get()))
    }

    /// The number of a value that is known to be a float.
    ///
    /// # Panics
    /// When it is not.
    pub fn real(&self, v: Value) -> f64 {
        match self.as_float(v) {
            Some(n) => n,
            None => panic!("{v:?} is no float"),
        }
    }

    /// A string with a context.
    pub fn string(&self, bytes: &[u8], context: Context) -> R<Value> {
        self.concat(&[bytes], context)
    }

    /// A string without context.
    pub fn str(&self, text: &str) -> R<Value> {
        self.concat(&[text.as_bytes()], Context::EMPTY)
    }

    /// A number's decimal digits as a string.
    pub fn decimal(&self, n: i64) -> R<Value> {
        let mut digits = [0; 20];
        let mut at = digits.len();
        let mut rest = n.unsigned_abs();
        while rest > 0 || at == digits.len() {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        if n < 0 {
            at -= 1;
            digits[at] = b'-';
        }
        self.string(&digits[at..], Context::EMPTY)
    }

    /// The concatenation of `parts` as one string.
    pub fn concat(&self, parts: &[&[u8]], context: Context) -> R<Value> {
        if context.is_empty() && parts.iter().all(|p| p.is_empty()) {
            return Ok(Value::symbol(sym!("")));
        }
        let (at, len) = self.heap.push_text(context.0, parts)?;
        Ok(Value::string(at, len))
    }

    /// The concatenation of strings and paths as one string. If the first one is the last text in the heap, the
    /// others are appended in place and both strings share its bytes, so that building a string step by step takes
    /// linear time.
    pub fn concat_values(&self, parts: &[Value], context: Context) -> R<Value> {
        let texts: SmallVec<[&[u8]; 4]> = parts.iter().map(|p| self.text(*p)).collect();
        if let (Some(first), Some((_, rest))) = (parts.first(), texts.split_first())
            && first.is_string()
            && first.at() != 0
            && let Some(len) = self.heap.extend_text(first.at(), first.hi(), context.0, rest)
        {
            return Ok(Value::string(first.at(), len));
        }
        self.concat(&texts, context)
    }

    /// A path.
    pub fn path(&self, bytes: &[u8]) -> R<Value> {
        let (at, len) = self.heap.push_text(0, &[bytes])?;
        Ok(Value::path(at, len))
    }

    /// The bytes of a string or path; empty for anything else.
    #[inline]
    pub fn text(&self, v: Value) -> &[u8] {
        match v.tag() {
            Tag::String | Tag::Path if v.at() == 0 => self.heap.code_text(v.hi()).1,
            Tag::String | Tag::Path => self.heap.text(v.at(), v.hi()).1,
            _ => &[],
        }
    }

    /// The context of a string.
    #[inline]
    pub fn context(&self, v: Value) -> Context {
        match v.tag() {
            Tag::String if v.at() != 0 => Context(self.heap.text(v.at(), v.hi()).0),
            _ => Context::EMPTY,
        }
    }

    /// The symbol with a string's text, interned if needed.
    #[inline]
    pub fn symbol_of(&self, v: Value) -> R<Sym> {
        if v.at() == 0 && v.is_string() && self.heap.is_symbol(v.hi()) {
            self.heap.symbols.meet(Sym(v.hi()));
            return Ok(Sym(v.hi()));
        }
        self.heap.intern(self.text(v))
    }

    /// The symbol with a string's text, if it exists.
    pub fn known_symbol(&self, v: Value) -> Option<Sym> {
        if v.at() == 0 && v.is_string() && self.heap.is_symbol(v.hi()) {
            self.heap.symbols.meet(Sym(v.hi()));
            return Some(Sym(v.hi()));
        }
        self.heap.interned(self.text(v)).inspect(|sym| self.heap.symbols.meet(*sym))
    }

    /// Allocates slots.
    #[inline]
    pub fn alloc(&self, n: usize) -> R<(Ref, &[Slot])> {
        let at = self.heap.alloc(n)?;
        Ok((at, self.heap.slots(at, n)))
    }

    /// A list of these values. None of them may be a suspension that another slot holds (see
    /// [`share`](Self::share)).
    pub fn list(&self, items: &[Value]) -> R<Value> {
        self.list_from(items.len(), items.iter().copied())
    }

    /// A list of `len` values; missing ones are null.
    pub fn list_from(&self, len: usize, items: impl Iterator<Item = Value>) -> R<Value> {
        if len == 0 {
            return Ok(Value::EMPTY_LIST);
        }
        if len > MAX_28 {
            return Err(HeapFull);
        }
        self.counts.lists.one(len);
        let (at, slots) = self.alloc(len)?;
        let mut items = items;
        for slot in slots {
            put(slot, items.next().unwrap_or(Value::NULL));
        }
        Ok(Value::list(at, len))
    }

    /// The elements of a list; empty for anything else.
    #[inline]
    pub fn items(&self, v: Value) -> &[Slot] {
        match v.tag() {
            Tag::List if v.list_len() > 0 => self.heap.slots(v.at(), v.list_len()),
            _ => &[],
        }
    }

    /// Gives a function an identity of its own. Nix compares functions by the address of the value, and the result
    /// of a suspension is a new value even if it is just the function of some variable. Such a result gets a cell,
    /// so that two functions are the same object exactly if their words are equal.
    pub fn own(&self, function: Value) -> R<Value> {
        let at = self.heap.alloc(1)?;
        put(self.heap.slot(at), self.bare(function));
        Ok(Value::partial(at, 0))
    }

    /// A function without the identity that [`own`](Self::own) gave it.
    #[inline]
    pub fn bare(&self, function: Value) -> Value {
        if function.is_own() { self.in_cell(function) } else { function }
    }

    #[inline(never)]
    fn in_cell(&self, function: Value) -> Value {
        peek(self.heap.slot(function.at()))
    }

    /// The contents of a slot, for use in another slot. A suspension moves to a new slot to which both then refer,
    /// so that it is computed only once.
    #[inline]
    pub fn share(&self, slot: &Slot) -> R<Value> {
        let v = peek(slot);
        match v.tag() {
            Tag::Thunk | Tag::Native | Tag::Hole => self.move_out(slot, v),
            // A read stays one: its set is for every reader.
            Tag::Forward if v.is_read() => Ok(v),
            Tag::Forward => {
                let target = peek(self.heap.slot(v.at()));
                if target.is_value() && !target.is_list() {
                    put(slot, target);
                    return Ok(target);
                }
                Ok(v)
            }
            _ => Ok(v),
        }
    }

    #[cold]
    fn move_out(&self, slot: &Slot, v: Value) -> R<Value> {
        self.counts.shared.add(1);
        let at = self.heap.alloc(1)?;
        put(self.heap.slot(at), v);
        let forward = Value::forward(at);
        put(slot, forward);
        Ok(forward)
    }

    /// Shares the contents of slots, so that they can be stored in other slots.
    #[inline]
    pub fn share_all(&self, slots: &[Slot]) -> R<Vec<Value>> {
        slots.iter().map(|s| self.share(s)).collect()
    }
}
