//! Values as 64-bit words.
//!
//! Bits 0–3 are the tag, bits 4–31 a 28-bit payload (code, shape, length, index), bits 32–63 a heap reference; small
//! integers use all 60 upper bits. A slot that holds a suspension is overwritten when it is forced.

use std::cell::Cell;
use std::fmt;

use crate::heap::{CodeRef, Ref, Slot, Sym};

/// A value or a suspended computation.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Value(u64);

/// The kind of a word. The order matters: [`Value::is_value`] is one comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are Nix's own, the rest is described at their constructors")]
pub enum Tag {
    /// A slot that nothing has been put into yet; all zero.
    Unset = 0,
    Const = 1,
    Int = 2,
    /// An integer that does not fit in 60 bits.
    BigInt = 3,
    Float = 4,
    String = 5,
    Path = 6,
    List = 7,
    Attrs = 8,
    Lambda = 9,
    /// A built-in function that has no arguments yet.
    Builtin = 10,
    /// A function applied to some of its arguments; with none, a function with an [identity of its
    /// own](super::Memory::own).
    Partial = 11,
    /// A suspended expression: code and frame.
    Thunk = 12,
    /// A suspended call of a built-in: an index, and the object with its operands.
    Native = 13,
    /// A reference to another slot: a suspension that several slots share.
    Forward = 14,
    /// A computation in progress, or one that has failed.
    Hole = 15,
}

/// Nix's types, as `builtins.typeOf` and error messages tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "Nix's own types")]
pub enum Type {
    Int,
    Float,
    Bool,
    String,
    Path,
    Null,
    Attrs,
    List,
    Function,
    /// Not evaluated yet.
    Thunk,
}

impl Type {
    /// Its name, as `builtins.typeOf` gives it.
    pub const fn name(self) -> &'static str {
        match self {
            Type::Int => "int",
            Type::Float => "float",
            Type::Bool => "bool",
            Type::String => "string",
            Type::Path => "path",
            Type::Null => "null",
            Type::Attrs => "set",
            Type::List => "list",
            Type::Function | Type::Thunk => "lambda",
        }
    }
}

impl Value {
    /// `null`.
    pub const NULL: Value = Value::pack(Tag::Const, 0, 0);
    /// `false`.
    pub const FALSE: Value = Value::pack(Tag::Const, 1, 0);
    /// `true`.
    pub const TRUE: Value = Value::pack(Tag::Const, 2, 0);
    /// The empty list.
    pub const EMPTY_LIST: Value = Value::pack(Tag::List, 0, 0);
    /// The empty set.
    pub const EMPTY_SET: Value = Value::pack(Tag::Attrs, crate::heap::EMPTY_SHAPE, 0);
    /// An empty slot.
    pub const UNSET: Value = Value(0);
    /// A computation in progress.
    pub const HOLE: Value = Value::pack(Tag::Hole, 0, 0);

    const fn pack(tag: Tag, hi: u32, at: u32) -> Value {
        Value(tag as u64 | (hi as u64) << 4 | (at as u64) << 32)
    }

    /// The word in a slot.
    #[inline]
    pub const fn from_bits(bits: u64) -> Value {
        Value(bits)
    }

    /// The word to put into a slot.
    #[inline]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The kind of the word.
    #[inline]
    pub fn tag(self) -> Tag {
        // The compiler optimises this match away.
        match self.0 & 15 {
            0 => Tag::Unset,
            1 => Tag::Const,
            2 => Tag::Int,
            3 => Tag::BigInt,
            4 => Tag::Float,
            5 => Tag::String,
            6 => Tag::Path,
            7 => Tag::List,
            8 => Tag::Attrs,
            9 => Tag::Lambda,
            10 => Tag::Builtin,
            11 => Tag::Partial,
            12 => Tag::Thunk,
            13 => Tag::Native,
            14 => Tag::Forward,
            _ => Tag::Hole,
        }
    }

    /// Whether the word is a value in weak head normal form.
    #[inline]
    pub fn is_value(self) -> bool {
        (self.0 & 15).wrapping_sub(1) < Tag::Thunk as u64 - 1
    }

    /// The 28-bit payload.
    #[inline]
    pub fn hi(self) -> u32 {
        (self.0 as u32) >> 4
    }

    /// The heap reference.
    #[inline]
    pub fn at(self) -> Ref {
        (self.0 >> 32) as u32
    }

    /// `true` or `false`.
    #[inline]
    pub fn bool(b: bool) -> Value {
        if b { Value::TRUE } else { Value::FALSE }
    }

    /// An integer, if it fits in 60 bits.
    #[inline]
    pub fn small_int(n: i64) -> Option<Value> {
        let shifted = n << 4;
        (shifted >> 4 == n).then_some(Value(shifted as u64 | Tag::Int as u64))
    }

    /// A small integer of the evaluator's own: an index, a position, a few bits.
    ///
    /// # Panics
    /// When it does not fit in 60 bits.
    #[inline]
    pub fn number(n: i64) -> Value {
        match Value::small_int(n) {
            Some(word) => word,
            None => panic!("{n} has more than 60 bits"),
        }
    }

    /// The number in a [`Tag::Int`] word.
    #[inline]
    pub fn as_small_int(self) -> i64 {
        self.0 as i64 >> 4
    }

    /// An integer in the word at `at`.
    pub fn big_int(at: Ref) -> Value {
        Value::pack(Tag::BigInt, 0, at)
    }

    /// A float in the word at `at`.
    pub fn float(at: Ref) -> Value {
        Value::pack(Tag::Float, 0, at)
    }

    /// A string in the text area; `len` is its length, or `MAX_28` for longer ones.
    pub fn string(at: Ref, len: u32) -> Value {
        Value::pack(Tag::String, len, at)
    }

    /// A string without context in the code area.
    #[inline]
    pub fn const_string(at: CodeRef) -> Value {
        Value::pack(Tag::String, at, 0)
    }

    /// A symbol's text as a string.
    #[inline]
    pub fn symbol(sym: Sym) -> Value {
        Value::const_string(sym.0)
    }

    /// A path in the text area; `len` is as in [`string`](Self::string).
    pub fn path(at: Ref, len: u32) -> Value {
        Value::pack(Tag::Path, len, at)
    }

    /// A path in the code area.
    pub fn const_path(at: CodeRef) -> Value {
        Value::pack(Tag::Path, at, 0)
    }

    /// A list: `len` slots from `at`. Lists that share a tail share its slots.
    #[inline]
    pub fn list(at: Ref, len: usize) -> Value {
        if len == 0 { Value::EMPTY_LIST } else { Value::pack(Tag::List, len as u32, at) }
    }

    /// The number of elements of a list.
    #[inline]
    pub fn list_len(self) -> usize {
        self.hi() as usize
    }

    /// A set: its values from `at` on, in the order of the shape's keys.
    #[inline]
    pub fn attrs(shape: CodeRef, at: Ref) -> Value {
        Value::pack(Tag::Attrs, shape, at)
    }

    /// A function written in Nix: its code and the frame it closes over.
    #[inline]
    pub fn lambda(code: CodeRef, frame: Ref) -> Value {
        Value::pack(Tag::Lambda, code, frame)
    }

    /// A built-in function, by its number in the evaluator's table.
    pub fn builtin(index: u32) -> Value {
        Value::pack(Tag::Builtin, index, 0)
    }

    /// A function and `n` arguments in the slots from `at` on, the function first.
    pub fn partial(at: Ref, n: usize) -> Value {
        Value::pack(Tag::Partial, n as u32, at)
    }

    /// Whether the word is a function.
    #[inline]
    pub fn is_function(self) -> bool {
        (self.0 & 15).wrapping_sub(Tag::Lambda as u64) <= Tag::Partial as u64 - Tag::Lambda as u64
    }

    /// Whether the word is a function with an [identity of its own](super::Memory::own).
    #[inline]
    pub fn is_own(self) -> bool {
        self.0 as u32 == Tag::Partial as u32
    }

    /// A suspended expression.
    #[inline]
    pub fn thunk(code: CodeRef, frame: Ref) -> Value {
        Value::pack(Tag::Thunk, code, frame)
    }

    /// A suspended call of a built-in: element `index` of the result that the object at `at` describes.
    #[inline]
    pub fn native(index: usize, at: Ref) -> Value {
        Value::pack(Tag::Native, index as u32, at)
    }

    /// A reference to a shared slot.
    #[inline]
    pub fn forward(at: Ref) -> Value {
        Value::pack(Tag::Forward, 0, at)
    }

    /// A forward to a value that was computed from options: the cell at `at` has the value and the number of their set.
    pub fn read(at: Ref) -> Value {
        Value::pack(Tag::Forward, 1, at)
    }

    /// Whether a forward is a [`read`](Self::read).
    #[inline]
    pub fn is_read(self) -> bool {
        self.hi() != 0
    }

    /// A computation that failed: the number of its error in the evaluator's table.
    pub fn failed(number: u32) -> Value {
        Value::pack(Tag::Hole, 1, number)
    }

    /// The number in a [`failed`](Self::failed) word.
    #[inline]
    pub fn failure(self) -> Option<u32> {
        (self.0 as u32 == Value::pack(Tag::Hole, 1, 0).0 as u32).then_some(self.at())
    }

    /// Whether the value is `true`; only meaningful for booleans.
    #[inline]
    pub fn is_true(self) -> bool {
        self == Value::TRUE
    }

    /// Whether the value is a set.
    #[inline]
    pub fn is_attrs(self) -> bool {
        self.0 & 15 == Tag::Attrs as u64
    }

    /// Whether the value is a list.
    #[inline]
    pub fn is_list(self) -> bool {
        self.0 & 15 == Tag::List as u64
    }

    /// Whether the value is a string.
    #[inline]
    pub fn is_string(self) -> bool {
        self.0 & 15 == Tag::String as u64
    }

    /// Nix's type of the value.
    pub fn type_of(self) -> Type {
        match self.tag() {
            Tag::Const if self == Value::NULL => Type::Null,
            Tag::Const => Type::Bool,
            Tag::Int | Tag::BigInt => Type::Int,
            Tag::Float => Type::Float,
            Tag::String => Type::String,
            Tag::Path => Type::Path,
            Tag::List => Type::List,
            Tag::Attrs => Type::Attrs,
            Tag::Lambda | Tag::Builtin | Tag::Partial => Type::Function,
            Tag::Unset | Tag::Thunk | Tag::Native | Tag::Forward | Tag::Hole => Type::Thunk,
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tag() {
            Tag::Int => write!(f, "Int({})", self.as_small_int()),
            tag => write!(f, "{tag:?}({}, {})", self.hi(), self.at()),
        }
    }
}

/// The value in a slot, as it is.
#[inline]
pub fn peek(slot: &Slot) -> Value {
    Value::from_bits(slot.get())
}

/// Overwrites a slot.
#[inline]
pub fn put(slot: &Slot, value: Value) {
    slot.set(value.bits());
}

/// A slot outside the heap, for arguments and results in Rust code.
#[inline]
pub fn slot(value: Value) -> Slot {
    Cell::new(value.bits())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The collector has its own table of the tags that hold references.
    #[test]
    fn the_collector_has_the_same_tags() {
        use crate::heap::tags;
        let pairs = [
            (Tag::Unset, tags::UNSET),
            (Tag::BigInt, tags::BIG_INT),
            (Tag::Float, tags::FLOAT),
            (Tag::String, tags::STRING),
            (Tag::Path, tags::PATH),
            (Tag::List, tags::LIST),
            (Tag::Attrs, tags::ATTRS),
            (Tag::Lambda, tags::LAMBDA),
            (Tag::Partial, tags::PARTIAL),
            (Tag::Thunk, tags::THUNK),
            (Tag::Native, tags::NATIVE),
            (Tag::Forward, tags::FORWARD),
            (Tag::Hole, tags::HOLE),
        ];
        for (tag, number) in pairs {
            assert_eq!(tag as u64, number);
        }
    }

    #[test]
    fn integers_of_sixty_bits_fit() {
        for n in [0, 1, -1, (1 << 59) - 1, -(1 << 59)] {
            let v = Value::small_int(n).expect("fits");
            assert_eq!((v.tag(), v.as_small_int()), (Tag::Int, n));
        }
        assert_eq!(Value::small_int(1 << 59), None);
        assert_eq!(Value::small_int(i64::MIN), None);
    }

    #[test]
    fn values_and_suspensions_are_told_apart() {
        for v in [Value::NULL, Value::EMPTY_LIST, Value::EMPTY_SET, Value::partial(1, 1)] {
            assert!(v.is_value(), "{v:?}");
        }
        for v in [Value::lambda(3, 1), Value::builtin(3), Value::partial(1, 1), Value::partial(1, 0)] {
            assert!(v.is_function(), "{v:?}");
            assert_eq!(v.is_own(), v == Value::partial(1, 0), "{v:?}");
        }
        for v in [Value::NULL, Value::EMPTY_SET, Value::UNSET, Value::HOLE, Value::thunk(3, 1)] {
            assert!(!v.is_function() && !v.is_own(), "{v:?}");
        }
        for v in [Value::UNSET, Value::thunk(1, 1), Value::native(0, 1), Value::forward(1), Value::HOLE] {
            assert!(!v.is_value(), "{v:?}");
        }
    }
}
