//! What native code is written with: the toolbox of `nixpkgs/` and `modules/`.
//!
//! | file | for |
//! |---|---|
//! | `errors` | what `throw`, `abort` and `assert` give |
//! | `force` | forcing a slot to a type |
//! | `attributes` | looking up, suspending and making attributes |
//! | `calls` | calling functions, and functions that are sets |
//! | `lists` | `map`, `filter`, `concatMap` and lists of strings |
//! | `text` | strings under construction, with their context |
//! | `record` | sets with fixed names, written by name |
//! | `cells` | values that several places share |
//! | `entries` | the tables that say what `lib` consists of |
//!
//! Objects and suspensions are types of their own: see [`row!`](crate::eval::row),
//! [`suspended!`](crate::eval::suspended) and [`object!`](crate::eval::object).

mod attributes;
mod calls;
mod cells;
mod entries;
mod errors;
mod force;
mod lists;
mod record;
mod text;

pub use attributes::{
    Name, attr, delay_select, entry_at, flag, get, has, is_type, map_set, map_values, name_value, or_null,
    select, set_of, shared, shared_or, with_attr,
};
pub use calls::{CONST, ID, apply, call_builtin, callable, function_args, holds, is_function, warn};
pub use cells::{cell, knot, share, shared_args};
pub use entries::{
    Entry, Kind, Table, alias, builtin, computed, computed_with_lib, function, native, pattern, with_lib,
};
pub use errors::{abort, assert, context, failed_assertion, throw};
pub use force::{
    attrs, boolean, bytes, entries, integer, interpolate, items, list, name, slot_list, slot_text, string,
    to_string, truth,
};
pub use lists::{appended, concat, concat_map, filter, lazy_list, map, map_slots, pick, strings};
pub(crate) use record::record;
pub use text::{Text, lossy, text, text_of};
