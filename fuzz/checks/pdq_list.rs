//! A list is read or refused; times are finite and qualities in range.

use cotejo::format::import::read_pdq_list;
use cotejo::report;

/// Takes any bytes; panics if the rule is broken.
pub fn check(bytes: &[u8]) {
    let Ok(entries) = read_pdq_list(bytes) else { return };
    assert!(!entries.is_empty());
    for entry in &entries {
        assert!(entry.quality.is_none_or(|quality| quality <= 100));
        assert!(entry.time_s.is_none_or(f64::is_finite));
    }
    report::pdq_list(&entries);
}
