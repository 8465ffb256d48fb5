//! Rows of named words: what native code keeps in the heap, read and written by field instead of by index.
//!
//! - [`row!`](crate::eval::row): adjacent words, in a list or behind a suspension.
//! - [`suspended!`](crate::eval::suspended): a row, and the computation that forcing it runs.
//! - [`object!`](crate::eval::object): a row of given words, and fields that are computed from them on
//!   demand.
//!
//! All three are plain words in the heap: the types exist at compile time only.

use super::{Evaluator, Lazy, Res};
use crate::heap::{Ref, Slot};
use crate::value::{Value, put};

/// Destructures the slots of a call by name: `let [f, list] = exactly(args);`.
///
/// # Panics
/// When the number of slots differs. Native functions get exactly as many arguments as they declare.
#[inline]
pub fn exactly<const N: usize>(slots: &[Slot]) -> &[Slot; N] {
    match slots.try_into() {
        Ok(all) => all,
        Err(_) => wrong_number(slots.len(), N),
    }
}

#[cold]
fn wrong_number(found: usize, wanted: usize) -> ! {
    panic!("native code wants {wanted} words where there are {found}")
}

/// Adjacent words in the heap; implemented by [`row!`](crate::eval::row).
pub trait Row: Copy {
    /// The words, in an array.
    type Words: AsRef<[Value]>;
    /// The same row in the heap, with a slot for each word.
    type Slots<'h>;
    /// How many words it has.
    const WIDTH: usize;

    /// The words in the order of the heap.
    fn words(self) -> Self::Words;

    /// The row in these slots; their number must match.
    fn of(slots: &[Slot]) -> Self::Slots<'_>;

    /// The consecutive rows in these slots.
    fn each(slots: &[Slot]) -> impl ExactSizeIterator<Item = Self::Slots<'_>> {
        slots.chunks_exact(Self::WIDTH).map(Self::of)
    }
}

/// A row that a suspension captures; implemented by [`suspended!`](crate::eval::suspended).
pub trait Suspended: Row {
    /// The code that forcing it runs.
    fn kind() -> &'static Lazy;
}

/// Words and computed fields in one list in the heap; implemented by [`object!`](crate::eval::object).
pub trait Object: Copy {
    /// The list.
    fn word(self) -> Value;

    /// The object whose word this is.
    fn of(word: Value) -> Self;
}

impl Evaluator {
    /// Suspends `of`.
    #[inline]
    pub fn delay<S: Suspended>(&self, of: S) -> Res<Value> {
        Ok(Value::native(0, self.delays(of)?))
    }

    /// The object behind suspensions `Value::native(0, at)`, `Value::native(1, at)`, …
    #[inline]
    pub fn delays<S: Suspended>(&self, of: S) -> Res<Ref> {
        self.delays_raw(S::kind(), of.words().as_ref())
    }

    /// A list of `len` suspensions of `of`, each with its own index.
    pub fn delayed_list<S: Suspended>(&self, of: S, len: usize) -> Res<Value> {
        if len == 0 {
            return Ok(Value::EMPTY_LIST);
        }
        let at = self.delays(of)?;
        Ok(self.mem.list_from(len, (0..len).map(|i| Value::native(i, at)))?)
    }

    /// The list behind an object: the given words, followed by `fields` suspended fields. The one at index
    /// `i` runs `kind` with the list and `i`.
    pub fn object(&self, kind: &'static Lazy, given: &[Value], fields: usize) -> Res<Value> {
        let all = given.len() + fields;
        let (at, slots) = self.mem.alloc(all)?;
        let this = Value::list(at, all);
        let behind = self.delays_raw(kind, &[this])?;
        for (i, slot) in slots.iter().enumerate() {
            put(slot, given.get(i).copied().unwrap_or_else(|| Value::native(i, behind)));
        }
        Ok(this)
    }
}

/// Defines a row: a struct whose fields are words, written as `Name { field: value, … }` and read as
/// `Name<&Slot>`.
macro_rules! row {
    ($(#[$doc:meta])* $vis:vis struct $name:ident {
        $($(#[$field_doc:meta])* $field:ident),* $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        $vis struct $name<W = $crate::value::Value> {
            $($(#[$field_doc])* $vis $field: W),*
        }

        impl $crate::eval::Row for $name {
            type Words = [$crate::value::Value; Self::WIDTH];
            type Slots<'h> = $name<&'h $crate::heap::Slot>;
            const WIDTH: usize = [$(stringify!($field)),*].len();

            #[inline]
            fn words(self) -> Self::Words {
                [$(self.$field),*]
            }

            #[inline]
            fn of(slots: &[$crate::heap::Slot]) -> Self::Slots<'_> {
                let [$($field),*] = $crate::eval::exactly(slots);
                $name { $($field),* }
            }
        }
    };
}
pub(crate) use row;

/// The index of a name in a list of names.
macro_rules! number {
    (($($all:ident)*) $name:ident) => {{
        #[allow(non_camel_case_types, dead_code, reason = "the variants go by the names of fields")]
        enum Name { $($all),* }
        Name::$name as usize
    }};
}
pub(crate) use number;

/// Defines a [row](row!) that a suspension captures, and what forcing it does. It has three forms:
///
/// - `struct Name { a, b }`: one suspension, made by [`Evaluator::delay`]. Implement `value(self, ev)` on `Name<&Slot>`.
/// - `struct Name { a, b } []`: many suspensions, by index. Implement `element(self, ev, index)`.
/// - `struct Name { a, b } => struct Parts { c, d }`: named suspensions, made together by `Name::parts`. Implement
///   `c(self, ev)` and so on.
macro_rules! suspended {
    ($(#[$doc:meta])* $vis:vis struct $name:ident {
        $($(#[$field_doc:meta])* $field:ident),* $(,)?
    }) => {
        $crate::eval::suspended!(@kind $vis $name |ev, this, _| this.value(ev));
        $crate::eval::row! {
            $(#[$doc])*
            $vis struct $name { $($(#[$field_doc])* $field),* }
        }
    };
    ($(#[$doc:meta])* $vis:vis struct $name:ident {
        $($(#[$field_doc:meta])* $field:ident),* $(,)?
    } []) => {
        $crate::eval::suspended!(@kind $vis $name |ev, this, index| this.element(ev, index));
        $crate::eval::row! {
            $(#[$doc])*
            $vis struct $name { $($(#[$field_doc])* $field),* }
        }
    };
    ($(#[$doc:meta])* $vis:vis struct $name:ident {
        $($(#[$field_doc:meta])* $field:ident),* $(,)?
    } => struct $parts:ident {
        $($(#[$part_doc:meta])* $part:ident),* $(,)?
    }) => {
        $crate::eval::row! {
            $(#[$doc])*
            $vis struct $name { $($(#[$field_doc])* $field),* }
        }

        #[doc = concat!("The suspended parts of a [`", stringify!($name), "`].")]
        #[derive(Debug, Clone, Copy)]
        $vis struct $parts {
            $($(#[$part_doc])* $vis $part: $crate::value::Value),*
        }

        $crate::eval::suspended!(@parts ($($part)*) $vis $name $parts $($part)*);
    };
    (@parts $all:tt $vis:vis $name:ident $parts:ident $($part:ident)*) => {
        impl $name {
            /// The parts, all behind one object.
            $vis fn parts(self, ev: &$crate::eval::Evaluator) -> $crate::eval::Res<$parts> {
                let at = ev.delays(self)?;
                Ok($parts {
                    $($part: $crate::value::Value::native($crate::eval::number!($all $part), at)),*
                })
            }
        }

        $crate::eval::suspended!(@kind $vis $name |ev, this, index| {
            $(if index == $crate::eval::number!($all $part) {
                return this.$part(ev);
            })*
            unreachable!("{} has no part {index}", stringify!($name))
        });
    };
    (@kind $vis:vis $name:ident |$ev:ident, $this:ident, $index:pat_param| $run:expr) => {
        impl $crate::eval::Suspended for $name {
            #[inline]
            fn kind() -> &'static $crate::eval::Lazy {
                static KIND: $crate::eval::Lazy = $crate::eval::Lazy {
                    run: |$ev, slots, $index| {
                        let $this = <$name as $crate::eval::Row>::of(slots);
                        $run
                    },
                };
                &KIND
            }
        }
    };
}
pub(crate) use suspended;

/// Defines an object: a list in the heap that starts with given words, which are a [row](row!) of their own,
/// and goes on with fields that functions of the evaluator and the object compute on demand. Each word and
/// each field has a method that returns its slot.
macro_rules! object {
    ($(#[$doc:meta])* $vis:vis struct $name:ident from $given:ident {
        $($(#[$word_doc:meta])* $word:ident),* $(,)?
    } computes {
        $($(#[$field_doc:meta])* $field:ident: $compute:expr),* $(,)?
    }) => {
        $crate::eval::row! {
            #[doc = concat!("What a [`", stringify!($name), "`] is made from.")]
            $vis struct $given { $($(#[$word_doc])* $word),* }
        }

        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        $vis struct $name($crate::value::Value);

        impl $crate::eval::Object for $name {
            #[inline]
            fn word(self) -> $crate::value::Value {
                self.0
            }

            #[inline]
            fn of(word: $crate::value::Value) -> $name {
                $name(word)
            }
        }

        $crate::eval::object!(@new ($($word)* $($field)*) $vis $name $given $($field: $compute,)*);
        $crate::eval::object!(@slots ($($word)* $($field)*) $vis $name
            $({ $(#[$word_doc])* $word })* $({ $(#[$field_doc])* $field })*);
    };
    (@new $all:tt $vis:vis $name:ident $given:ident $($field:ident: $compute:expr,)*) => {
        impl $name {
            /// A new object, none of whose fields is computed yet.
            $vis fn new(ev: &$crate::eval::Evaluator, given: $given) -> $crate::eval::Res<$name> {
                static KIND: $crate::eval::Lazy = $crate::eval::Lazy {
                    run: |ev, slots, index| {
                        let [this] = $crate::eval::exactly(slots);
                        let this = $name($crate::value::peek(this));
                        $(if index == $crate::eval::number!($all $field) {
                            return $compute(ev, this);
                        })*
                        unreachable!("{} has no field {index}", stringify!($name))
                    },
                };
                const FIELDS: usize = [$(stringify!($field)),*].len();
                Ok($name(ev.object(&KIND, &$crate::eval::Row::words(given), FIELDS)?))
            }
        }
    };
    (@slots $all:tt $vis:vis $name:ident $({ $(#[$doc:meta])* $field:ident })*) => {
        impl $name {
            $(
                $(#[$doc])*
                #[inline]
                $vis fn $field(self, ev: &$crate::eval::Evaluator) -> &$crate::heap::Slot {
                    &ev.mem.items(self.0)[$crate::eval::number!($all $field)]
                }
            )*
        }
    };
}
pub(crate) use object;
