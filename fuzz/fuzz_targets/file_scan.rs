//! libFuzzer's way into `checks/file_scan.rs`.
#![no_main]

#[path = "../checks/file_scan.rs"]
mod file_scan;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| file_scan::check(bytes));
