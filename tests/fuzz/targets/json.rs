//! Calls [`nival::fuzzing::json`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| nival::fuzzing::json(data));
