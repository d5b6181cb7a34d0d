//! Runs `checks/file_scan.rs` by libFuzzer.
#![no_main]

#[path = "../checks/file_scan.rs"]
mod file_scan;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| file_scan::check(bytes));
