//! Calls [`nival::fuzzing::aterm`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| nival::fuzzing::aterm(data));
