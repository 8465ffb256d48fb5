//! Calls [`nival::fuzzing::nar`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| nival::fuzzing::nar(data));
