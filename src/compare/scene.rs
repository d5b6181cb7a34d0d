//! Whether two fingerprints show the same scene at all: frames that look alike, whenever they occur.

use super::orientation::{ORIENTATIONS, Orientation};
use crate::fingerprint::timeline::PLAIN_BELOW_QUALITY;
use crate::fingerprint::{Fingerprint, Frame};
use crate::hash::pdq::PdqHash;

/// Frames of each side that are compared at most. Bounds work, which grows with its square.
const MOST_FRAMES: usize = 64;
/// Two pictures are alike up to this distance, PDQ bits.
///
/// Source: Meta's advice, <https://github.com/facebook/ThreatExchange/tree/main/pdq>, "distance threshold". Hashes of
/// unrelated pictures are 128 bits apart.
pub(super) const ALIKE_BITS: u32 = 31;

/// Share of frames that look alike from which on two videos show the same scene. By trial.
pub(super) const SAME_SCENE_SHARE: f64 = 0.25;

/// The share, 0..=1, of `a`'s frames that look like one of `b`'s, in the orientation in which most do. `None` if either
/// side has only plain frames.
pub(super) fn likeness(a: &Fingerprint, b: &Fingerprint) -> Option<f64> {
    likest_orientation(a, b).map(|(share, _)| share)
}

/// The same share, with that orientation: `b`'s pictures in it look like `a`'s.
pub(super) fn likest_orientation(a: &Fingerprint, b: &Fingerprint) -> Option<(f64, Orientation)> {
    let (a, b) = (detailed_frames(a), detailed_frames(b));
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let alike = |way: Orientation| {
        let b: Vec<PdqHash> = b.iter().map(|hash| hash.oriented((way.mirrored, way.quarters))).collect();
        a.iter().filter(|hash| b.iter().any(|other| hash.distance_bits(other) <= ALIKE_BITS)).count()
    };
    let counted = ORIENTATIONS.map(|way| (alike(way) as f64 / a.len() as f64, way));
    // The first of them, if several are equal: as it is.
    counted.into_iter().reduce(|best, other| if other.0 > best.0 { other } else { best })
}

/// Hashes of at most [`MOST_FRAMES`] frames that are not plain, spread evenly.
fn detailed_frames(fingerprint: &Fingerprint) -> Vec<PdqHash> {
    let detailed: Vec<&Frame> =
        fingerprint.frames.iter().filter(|frame| frame.quality >= PLAIN_BELOW_QUALITY).collect();
    detailed.iter().step_by(detailed.len().div_ceil(MOST_FRAMES).max(1)).map(|frame| frame.pdq).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fingerprint, hash};
    use super::*;

    #[test]
    fn frames_are_alike_up_to_31_bits() {
        let one = fingerprint(&[(hash(0), 100), (hash(256), 100)], Vec::new());
        let other = |bits| fingerprint(&[(hash(bits), 100)], Vec::new());
        assert_eq!(likeness(&one, &other(31)), Some(0.5));
        assert_eq!(likeness(&one, &other(32)), Some(0.0));
        assert_eq!(likeness(&other(31), &one), Some(1.0));
    }

    #[test]
    fn plain_frames_do_not_count() {
        let of = |quality| fingerprint(&[(hash(0), quality)], Vec::new());
        assert_eq!(likeness(&of(50), &of(50)), Some(1.0));
        assert_eq!((likeness(&of(49), &of(50)), likeness(&of(50), &of(49))), (None, None));
    }

    #[test]
    fn a_turned_picture_is_as_alike() {
        let picture = PdqHash(std::array::from_fn(|i| super::super::testing::scrambled(i) as u8));
        let of = |hash| fingerprint(&[(hash, 100)], Vec::new());
        assert_eq!(likeness(&of(picture.oriented((true, 3))), &of(picture)), Some(1.0));
    }

    #[test]
    fn at_most_64_frames_are_looked_at_spread_over_all() {
        let frames = |count: usize| fingerprint(&vec![(hash(0), 100); count], Vec::new());
        let counts = [1, 64, 65, 640, 700].map(|count| detailed_frames(&frames(count)).len());
        assert_eq!(counts, [1, 64, 33, 64, 64]);
    }
}
