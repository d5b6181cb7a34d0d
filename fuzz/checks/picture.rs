//! A picture is hashed or refused; the fingerprint of a hashed one can be read.

use cotejo::file_scan::{FileRecord, FileScan};
use cotejo::fingerprint::Fingerprint;
use cotejo::fingerprint::picture;
use cotejo::hash::classic::ALGORITHMS;

/// Takes any bytes; panics if the rule is broken.
pub fn check(bytes: &[u8]) {
    let mut scan = FileScan::default();
    scan.push(bytes);
    let facts = scan.finish();
    if !facts.container.is_some_and(picture::is_picture) {
        return;
    }
    let Ok(fingerprint) = picture::fingerprint(bytes, &ALGORITHMS, FileRecord::from(&facts)) else { return };
    let read = Fingerprint::read(fingerprint.to_bytes().as_slice()).expect("what is written is read");
    assert!(read == fingerprint);
}
