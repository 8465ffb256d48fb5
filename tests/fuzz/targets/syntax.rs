//! Calls [`nival::fuzzing::syntax`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| nival::fuzzing::syntax(data));
