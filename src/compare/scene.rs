//! Whether two fingerprints show the same scene at all: frames that look alike, whenever they occur.

use super::orientation::ORIENTATIONS;
use crate::fingerprint::{Fingerprint, Frame};
use crate::hash::pdq::PdqHash;

/// Frames of each side that are looked at.
const LOOKED_AT: usize = 64;
/// Meta's advice: frames of lower quality are too plain to compare.
const LEAST_QUALITY: u8 = 50;
/// Meta's advice: two pictures are alike up to this distance, bits.
const ALIKE_BITS: u32 = 31;

/// The share, 0..=1, of `a`'s frames that look like one of `b`'s, in the orientation in which most do. Nothing where either
/// side is too plain to tell.
pub(super) fn likeness(a: &Fingerprint, b: &Fingerprint) -> Option<f64> {
    let (a, b) = (telling_frames(a), telling_frames(b));
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let alike = |orientation| {
        let b: Vec<PdqHash> = b.iter().map(|hash| hash.oriented(orientation)).collect();
        a.iter().filter(|hash| b.iter().any(|other| hash.distance_bits(other) <= ALIKE_BITS)).count()
    };
    let most = ORIENTATIONS.iter().map(|way| alike((way.mirrored, way.quarters))).max()?;
    Some(most as f64 / a.len() as f64)
}

/// Hashes of frames spread over the whole that are not too plain.
fn telling_frames(fingerprint: &Fingerprint) -> Vec<PdqHash> {
    let telling: Vec<&Frame> = fingerprint.frames.iter().filter(|frame| frame.quality >= LEAST_QUALITY).collect();
    telling.iter().step_by(telling.len().div_ceil(LOOKED_AT).max(1)).map(|frame| frame.pdq).collect()
}
