//! libFuzzer's way into `checks/pdq_list.rs`.
#![no_main]

#[path = "../checks/pdq_list.rs"]
mod pdq_list;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| pdq_list::check(bytes));
