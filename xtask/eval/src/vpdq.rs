//! vPDQ's rule, for comparison: frames of quality 50 and above match below 31 bits; 80 % of A's must.

use cotejo::fingerprint::Fingerprint;
use cotejo::hash::pdq::PdqHash;

const LEAST_QUALITY: u8 = 50;
const LEAST_SHARE: f64 = 0.8;
const MOST_BITS: u32 = 30;

/// Whether the rule says that A is a copy of B.
pub fn matches(a: &Fingerprint, b: &Fingerprint) -> bool {
    let telling = |print: &Fingerprint| -> Vec<PdqHash> {
        print.frames.iter().filter(|frame| frame.quality >= LEAST_QUALITY).map(|frame| frame.pdq).collect()
    };
    let (a, b) = (telling(a), telling(b));
    let found = a.iter().filter(|hash| b.iter().any(|other| hash.distance_bits(other) <= MOST_BITS)).count();
    !a.is_empty() && found as f64 >= LEAST_SHARE * a.len() as f64
}
