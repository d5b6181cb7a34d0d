//! Runs `checks/compact_code.rs` by libFuzzer.
#![no_main]

#[path = "../checks/compact_code.rs"]
mod compact_code;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| compact_code::check(bytes));
