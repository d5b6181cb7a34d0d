//! libFuzzer's way into `checks/fingerprint.rs`.
#![no_main]

#[path = "../checks/fingerprint.rs"]
mod fingerprint;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fingerprint::check(bytes));
