//! Calls [`nival::fuzzing::kept_code`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| nival::fuzzing::kept_code(data));
