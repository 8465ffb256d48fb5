//! Calls [`nival::fuzzing::eval`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| nival::fuzzing::eval(data));
