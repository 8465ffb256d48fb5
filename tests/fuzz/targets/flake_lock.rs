//! Calls [`nival::fuzzing::flake_lock`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| nival::fuzzing::flake_lock(data));
