//! A code is refused or written back the same, and its contents make sense.

use cotejo::format::compact_code::CompactCode;
use cotejo::hash::digest;
use cotejo::hash::motion;

/// Takes any bytes; panics if the rule is broken.
pub fn check(bytes: &[u8]) {
    check_text(&String::from_utf8_lossy(bytes));
    // Adds the right checksum, so that the contents are reached.
    let whole = [bytes, &digest::sha256(bytes)[..4]].concat();
    let Ok(code) = CompactCode::from_bytes(&whole) else { return };
    assert_eq!(code.to_bytes(), whole);
    check_text(&code.to_text());
    let fingerprint = code.fingerprint();
    assert_eq!(fingerprint.frames.len(), fingerprint.motion.len());
    assert!(fingerprint.motion.iter().all(|sample| motion::is_valid(sample)));
}

fn check_text(text: &str) {
    if let Ok(code) = CompactCode::from_text(text) {
        assert_eq!(CompactCode::from_text(&code.to_text()), Ok(code));
    }
}
