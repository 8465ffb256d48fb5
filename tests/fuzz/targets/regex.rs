//! Calls [`nival::fuzzing::regex`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| nival::fuzzing::regex(data));
