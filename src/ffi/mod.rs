//! The public API in C: `docs/c-api.md` describes it, and cbindgen makes `include/nival.h` of the comments here.
//!
//! Handles are boxes: C gets a pointer, and gives it back to a function whose name ends in `_free`. A function gets them as
//! references that may be null, so nearly all of this is safe Rust; it trusts its caller to pass pointers that it got from here and has
//! not freed. What C gives as a pointer and a length becomes a slice in one place, and a panic becomes an error in one place (`border`).
//!
//! | file | what is in it |
//! |---|---|
//! | `border` | texts that come in, errors that go out |
//! | `text`, `error` | what functions return: texts, lists of texts, places, errors |
//! | `builder`, `sources`, `session` | sessions, and what configurations are opened from |
//! | `value` | values |
//! | `configuration`, `option`, `dependencies`, `comparison` | configurations, and what they answer |
#![allow(unsafe_code, reason = "the border to C: exported names, and pointers that C gives")]
#![allow(non_camel_case_types, reason = "these are the names in the header")]

mod border;
mod builder;
mod comparison;
mod configuration;
mod dependencies;
mod error;
mod option;
mod session;
mod sources;
mod text;
mod value;
