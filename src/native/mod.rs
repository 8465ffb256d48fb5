//! Helpers for native code: the toolbox of `nixpkgs/` and `modules/`.
//!
//! | file | for |
//! |---|---|
//! | `errors` | the errors of `throw`, `abort` and `assert` |
//! | `force` | forcing a slot to a type |
//! | `attributes` | looking up, suspending and building attributes |
//! | `calls` | calling functions, and sets that act as functions |
//! | `lists` | `map`, `filter`, `concatMap` and lists of strings |
//! | `order` | which of two values comes first |
//! | `text` | building strings with their context |
//! | `search` | byte strings: finding, cutting and replacing |
//! | `quoting` | backslashes, and strings and names in Nix syntax |
//! | `numbers` | numbers in strings |
//! | `pretty` | human-readable values |
//! | `store` | names and paths of the store |
//! | `record` | sets with fixed attribute names, as Rust structs |
//! | `cells` | values shared by several slots |
//! | `entries` | the tables that list the contents of `lib` |
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
mod numbers;
mod order;
mod pretty;
mod quoting;
mod record;
mod search;
mod store;
mod text;

pub use attributes::{
    attr, delay_select, delay_update, entry_at, flag, get, has, is_type, map_set, map_values, name_value,
    one_attr, or_null, select, set_of, shared, shared_or, update, with_attr,
};
pub use calls::{
    CONST, ID, apply, call_builtin, callable, function_args, holds, is_function, trace, warn, warn_text,
};
pub use cells::{cell, knot, share, shared_args};
pub use entries::{
    EMPTY_PATTERN, Entry, Kind, Table, alias, builtin, computed, computed_with_lib, function, native,
    pattern, with_lib,
};
pub use errors::{abort, assert, context, failed_assertion, throw, throw_slot};
pub use force::{
    attrs, boolean, bytes, entries, integer, interpolate, items, list, name, slot_list, slot_text, string,
    to_json, to_string, truth,
};
pub use lists::{appended, concat, concat_map, filter, map, map_slots, pick, strings};
pub use numbers::{decimal, to_int, to_int_base10};
pub use order::compare;
pub use pretty::{Pretty, pretty, pretty_line, pretty_values};
pub use quoting::{backslashed, escape_identifier, escape_string, nix_identifier, nix_string};
pub(crate) use record::record;
pub use search::{cut, find, replaced};
pub use store::{is_store_path, sanitized_name};
pub use text::{Text, changed, is_convertible, is_string_like, lossy, text, text_of};
