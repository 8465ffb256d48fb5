//! Calls [`nival::fuzzing::nival_toml`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| nival::fuzzing::nival_toml(data));
