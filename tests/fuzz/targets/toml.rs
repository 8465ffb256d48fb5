//! Calls [`nival::fuzzing::toml`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| nival::fuzzing::toml(data));
