//! The layout of lowered code.
//!
//! A code object starts with four units. The first has the operation in its low 8 bits and a count or flag
//! `x` in the upper 24. Lists of operands continue after the fourth unit without a gap. `pos` is a
//! [`Pos`](crate::source::Pos); other operands are references to code unless said otherwise.
//!
//! | operation | x | units 1, 2, 3, and on |
//! |---|---|---|
//! | `INT`, `FLOAT` | | low and high half of the 64 bits |
//! | `STR`, `PATH` | | text in the code area |
//! | `PATH_FROM` | 1 if from the home directory, else from the text's folder | path as written, in the code area; a position in the text |
//! | `CONST` | 0 null, 1 false, 2 true | pos |
//! | `VAR` | level | slot, pos |
//! | `SIBLING` | 0 | slot in the current frame, pos, symbol that is bound, the variable's symbol |
//! | `GLOBAL` | | index, pos |
//! | `WITH_VAR` | n | symbol, pos, 0, then n × (level, slot, pos of the `with`) |
//! | `SELECT` | | base, symbol, pos |
//! | `SELECT_PATH` | n | base, default or 0, pos, then n × (1 if dynamic, symbol or code) |
//! | `HAS_ATTR` | n | base, pos, 0, then n × (1 if dynamic, symbol or code) |
//! | `CALL` | n | function, pos, then n arguments |
//! | `LAMBDA` | n | body, frame size, name or 0, then n × (argument's symbol, pos) |
//! | `LAMBDA_SET` | formals | body, frame size, name or 0, pos, symbol behind @ or 0, 1 if `...`, then formals × (symbol, default or 0, pos) |
//! | `LET` | n | body, frame size, first slot, then n values |
//! | `LET_HERE` | n | body, 0, first slot, then n values: the current frame has room for them |
//! | `WITH` | | set, body, pos |
//! | `WITH_HERE` | slot | set, body, pos |
//! | `IF` | | condition, then, else, pos |
//! | `ASSERT` | | condition, body, pos, the condition's text |
//! | `NOT` | | operand |
//! | `EQ` … `LESS` | | left, right, pos |
//! | `CONCAT` | n | pos, 1 if it must be a string, then n × (pos, part) |
//! | `LIST` | n | n elements |
//! | `ATTRS` | n | shape, pos, 0, then n values |
//! | `REC` | n | shape, pos, 0, then n values: evaluated in a new frame whose slots are the attributes |
//! | `ATTRS_FROM` | n | shape, pos, sources, then the sources, then n values |
//! | `ATTRS_GENERAL` | n | shape, pos, flags, sources, dynamic, then the sources, n values, dynamic × (name, value, pos) |
//! | `CUR_POS` | | pos |
//! | `OBSERVE` | which function: 0 `mergeModules`, 1 `evalOptionValue`, 2 `elaborate`, 3 nixpkgs' own | body of a function of this name |
//!
//! A value in a list of values may carry [`OUTER`]: it belongs to the scope around the new frame.

#![allow(missing_docs, reason = "the operations are documented in the table above")]

/// The most curried arguments that become one function.
pub const MAX_FUSED: usize = 8;

pub const INT: u8 = 0;
pub const FLOAT: u8 = 1;
pub const STR: u8 = 2;
pub const PATH: u8 = 3;
pub const CONST: u8 = 4;
pub const VAR: u8 = 5;
pub const GLOBAL: u8 = 6;
pub const WITH_VAR: u8 = 7;
pub const SELECT: u8 = 8;
pub const SELECT_PATH: u8 = 9;
pub const HAS_ATTR: u8 = 10;
pub const CALL: u8 = 11;
pub const LAMBDA: u8 = 12;
pub const LAMBDA_SET: u8 = 13;
pub const LET: u8 = 14;
pub const LET_HERE: u8 = 15;
pub const WITH: u8 = 16;
pub const WITH_HERE: u8 = 17;
pub const IF: u8 = 18;
pub const ASSERT: u8 = 19;
pub const NOT: u8 = 20;
pub const EQ: u8 = 21;
pub const NE: u8 = 22;
pub const AND: u8 = 23;
pub const OR: u8 = 24;
pub const IMPL: u8 = 25;
pub const UPDATE: u8 = 26;
pub const CONCAT_LISTS: u8 = 27;
pub const SUB: u8 = 28;
pub const MUL: u8 = 29;
pub const DIV: u8 = 30;
pub const LESS: u8 = 31;
pub const CONCAT: u8 = 32;
pub const LIST: u8 = 33;
pub const ATTRS: u8 = 34;
pub const REC: u8 = 35;
pub const ATTRS_FROM: u8 = 36;
pub const ATTRS_GENERAL: u8 = 37;
pub const CUR_POS: u8 = 38;
pub const PATH_FROM: u8 = 39;
pub const SIBLING: u8 = 40;
pub const OBSERVE: u8 = 41;

/// In a list of values: evaluate this one in the frame around the new one.
pub const OUTER: u32 = 1 << 31;

/// `x` of an `OBSERVE`: the function that merges the modules of an evaluation.
pub const MERGE_MODULES: usize = 0;
/// `x` of an `OBSERVE`: the function that evaluates an option.
pub const EVAL_OPTION_VALUE: usize = 1;
/// `x` of an `OBSERVE`: the function that describes a platform in full.
pub const ELABORATE: usize = 2;
/// `x` of an `OBSERVE`: the function that makes the package set.
pub const PACKAGES: usize = 3;

/// Flag of `ATTRS_GENERAL`: the attributes see each other.
pub const FLAG_RECURSIVE: u32 = 1;
/// Flag of `ATTRS_GENERAL`: the set has an `__overrides` attribute.
pub const FLAG_OVERRIDES: u32 = 2;

/// `x` of a `CONST`.
pub const NULL: u32 = 0;
pub const FALSE: u32 = 1;
pub const TRUE: u32 = 2;

/// The first unit of a code object.
pub fn head(op: u8, x: usize) -> u32 {
    u32::from(op) | (x as u32) << 8
}

/// Units of a shape: count, position of its literal, two spare, then the keys (symbols, ascending), then as many positions.
pub const SHAPE_KEYS: usize = 4;
