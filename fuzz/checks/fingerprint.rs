//! A fingerprint that is read is written back byte for byte; anything else is an error. The digest is corrected first, because no
//! random change would pass it.

use cotejo::fingerprint::Fingerprint;
use cotejo::format::export::{self, Format};
use cotejo::format::overview::Overview;
use cotejo::hash::digest::{sha256, to_hex};
use cotejo::report;

/// Takes any bytes; panics if the rule is broken.
pub fn check(bytes: &[u8]) {
    let bytes = sealed(bytes);
    let Ok(fingerprint) = Fingerprint::read(bytes.as_slice()) else { return };
    assert!(fingerprint.to_bytes() == bytes);
    // All functions that take a fingerprint take any that was read.
    report::facts(&fingerprint);
    let overview = Overview::read(bytes.as_slice(), |_, _| {}).expect("what was read before");
    let chosen = overview.timeline.representatives(7);
    assert!(chosen[0] == 0 && chosen.is_sorted() && chosen.iter().all(|&frame| frame < fingerprint.frames.len()));
    export::to_bytes(&fingerprint, Format::Csv, "");
    export::to_bytes(&fingerprint, Format::Vpdq, "");
}

fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mark = b",\"digest\":\"";
    match bytes.windows(mark.len()).rposition(|window| window == mark) {
        Some(at) => [&bytes[..at], mark, to_hex(&sha256(&bytes[..at])).as_bytes(), b"\"}\n"].concat(),
        None => bytes.to_vec(),
    }
}
