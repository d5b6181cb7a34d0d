//! Runs `checks/fingerprint.rs` by libFuzzer.
#![no_main]

#[path = "../checks/fingerprint.rs"]
mod fingerprint;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fingerprint::check(bytes));
