//! Runs `checks/pdq_list.rs` by libFuzzer.
#![no_main]

#[path = "../checks/pdq_list.rs"]
mod pdq_list;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| pdq_list::check(bytes));
