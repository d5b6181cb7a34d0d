//! What changes in whole pictures, as a second witness: where two videos show one scene as it is, PDQ's bits tell what motion
//! cannot, be it that little moves, or that they run at very different speeds. docs/accuracy/method.md, step 9.

use super::clock::seconds;
use super::judge::PROMISING_NATS;
use super::orientation::Orientation;
use super::result::Comparison;
use super::scene::{SAME_SCENE_SHARE, likest_orientation};
use super::search;
use super::segment::Signatures;
use super::sides::Sides;
use super::ways;
use crate::fingerprint::Fingerprint;
use crate::hash::motion::{SAMPLE_BYTES, STEP, Sample};
use crate::hash::pdq::PdqHash;

/// The answer that the pictures give, if they are those of one scene in one orientation, and last 8 min at most; `None` if that
/// is no certain match.
pub(super) fn same_footage(sides: &Sides) -> Option<Comparison> {
    let (share, orientation) = likest_orientation(sides.query, sides.reference)?;
    let is_too_long = sides.reference.motion.len() > search::WHOLE_SAMPLES;
    if share < SAME_SCENE_SHARE || is_too_long || sides.has_code() {
        return None;
    }
    let query = &of_changes(sides.query, Orientation::AS_IS);
    let reference = &of_changes(sides.reference, orientation);
    let shapes = sides.signatures?.shapes;
    let signatures = Signatures { query: &query.motion, reference: &reference.motion, shapes };
    let sides = Sides { query, reference, signatures: Some(signatures), of_pictures: Some(orientation), ..*sides };
    let mut places = search::overlapping_whole(&signatures);
    places.retain(|(alignment, _)| alignment.orientation == Orientation::AS_IS);
    let played = ways::likeliest(query, reference, shapes);
    let told = sides.by_places(&signatures, &places, played, PROMISING_NATS).told;
    // What differs in every picture is no stretch.
    told.filter(|told| !told.segments.is_empty())
}

/// The fingerprint with what changes in its pictures in place of motion, and with the pictures oriented.
fn of_changes(video: &Fingerprint, Orientation { mirrored, quarters }: Orientation) -> Fingerprint {
    let mut oriented = video.clone();
    oriented.frames.iter_mut().for_each(|frame| frame.pdq = frame.pdq.oriented((mirrored, quarters)));
    oriented.motion = changes(&oriented);
    oriented
}

/// Which bits of PDQ are set and were not [`STEP`] samples before, and which were and are not: as a signature has the cells
/// that become brighter and darker, as many samples as that has.
fn changes(video: &Fingerprint) -> Vec<Sample> {
    let base = video.header.time_base;
    let mut frames = video.frames.iter().peekable();
    let mut shown = None;
    let mut at_sample = |sample: usize| {
        while let Some(frame) = frames.next_if(|frame| base.seconds(frame.ticks) <= seconds(sample)) {
            shown = Some(frame.pdq);
        }
        shown
    };
    let hashes: Vec<Option<PdqHash>> = (0..video.motion.len()).map(&mut at_sample).collect();
    let change = |sample: usize| {
        let before = sample.checked_sub(STEP).and_then(|before| hashes[before]);
        let Some((now, before)) = hashes[sample].zip(before) else { return [0; SAMPLE_BYTES] };
        std::array::from_fn(|byte| {
            let code = |bit: usize| match [before, now].map(|hash| hash.0[byte / 2] >> (byte % 2 * 4 + bit) & 1) {
                [0, 1] => 1,
                [1, 0] => 2,
                _ => 0,
            };
            (0..4).fold(0, |codes, bit| codes | code(bit) << (2 * bit))
        })
    };
    (0..hashes.len()).map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::super::result::Verdict;
    use super::super::testing::{fingerprint, scrambled};
    use super::*;
    use crate::hash::motion::RATE_HZ;

    /// One picture, of which each moment changes a few bits for a second.
    fn picture(moment: usize) -> PdqHash {
        let mut picture = PdqHash(std::array::from_fn(|byte| scrambled(byte) as u8));
        for started in moment.saturating_sub(9)..=moment {
            let bit = scrambled(1000 + started) as usize % 256;
            picture.0[bit / 8] ^= 1 << (bit % 8);
        }
        picture
    }

    /// Moments that are shown, of which nothing moves.
    fn video(moments: impl Iterator<Item = usize>) -> Fingerprint {
        let frames: Vec<(PdqHash, u8)> = moments.map(|moment| (picture(moment), 100)).collect();
        fingerprint(&frames, vec![[0; SAMPLE_BYTES]; frames.len()])
    }

    fn told(a: &Fingerprint, b: &Fingerprint) -> Option<Comparison> {
        same_footage(&Sides::new(a, b))
    }

    #[test]
    fn a_bit_that_becomes_set_is_brighter_and_one_that_no_longer_is_darker() {
        let hashes = [0b0001_0010u8, 0b0011_0000];
        let frames: Vec<(PdqHash, u8)> = (0..9).map(|i| (PdqHash([hashes[usize::from(i >= 6)]; 32]), 100)).collect();
        let changed = changes(&fingerprint(&frames, vec![[9; SAMPLE_BYTES]; 9]));
        // Nothing before there is something to compare with; bit 1 is no longer set, bit 5 is.
        let expected: Vec<[u8; 2]> = (0..9).map(|i| if i < 6 { [0, 0] } else { [2 << 2, 1 << 2] }).collect();
        assert_eq!(changed.iter().map(|sample| [sample[0], sample[1]]).collect::<Vec<_>>(), expected);
        assert_eq!(changed[7][62..], changed[7][..2]);
    }

    #[test]
    fn a_copy_in_which_nothing_moves_is_found_by_its_pictures_and_its_speed_is_told() {
        let reference = video(0..300);
        let found = told(&video(60..200), &reference).unwrap();
        assert_eq!((found.verdict, found.segments.len()), (Verdict::SameFootage, 1));
        let segment = &found.segments[0];
        assert!((segment.b[0] - segment.a[0] - 6.0).abs() < 0.11 && segment.speed == 1.0, "{segment:?}");
        let fast = &told(&video((40..280).step_by(3)), &reference).unwrap().segments[0];
        assert!((fast.speed / 3.0 - 1.0).abs() < 0.02 && (fast.b[0] - 4.0 - 3.0 * fast.a[0]).abs() < 0.5, "{fast:?}");
    }

    #[test]
    fn a_stretch_is_parted_where_the_pictures_are_others() {
        let mut copy = video(60..260);
        copy.frames[80..120].iter_mut().for_each(|frame| frame.pdq = PdqHash(frame.pdq.0.map(|byte| byte ^ 0x2f)));
        let segments = told(&copy, &video(0..300)).unwrap().segments;
        let spans: Vec<[f64; 2]> = segments.iter().map(|segment| segment.a.map(f64::round)).collect();
        assert_eq!(spans, [[0.0, 8.0], [12.0, 20.0]]);
    }

    #[test]
    fn a_mirrored_copy_is_told_to_be_mirrored() {
        let mut copy = video(60..200);
        copy.frames.iter_mut().for_each(|frame| frame.pdq = frame.pdq.oriented((true, 1)));
        let segments = |a: &Fingerprint, b: &Fingerprint| told(a, b).unwrap().segments;
        let [found, back] = [segments(&copy, &video(0..300)), segments(&video(0..300), &copy)];
        assert_eq!((found[0].mirrored, found[0].turned), (true, 90));
        assert_eq!((back[0].mirrored, back[0].turned), (true, 90));
    }

    #[test]
    fn other_moments_of_one_scene_and_codes_are_not_told() {
        let reference = video(0..300);
        assert_eq!(told(&video(1000..1140), &reference), None);
        let mut code = video(60..200);
        code.header.tier_reason = Some(crate::fingerprint::TierReason::CompactCode);
        assert_eq!(told(&code, &reference), None);
    }

    #[test]
    fn as_many_samples_as_motion_has() {
        assert_eq!(changes(&video(0..3 * RATE_HZ as usize)).len(), 3 * RATE_HZ as usize);
    }
}
