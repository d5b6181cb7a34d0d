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

/// The answer that the pictures give, if they are those of one scene in one orientation; `None` if that is no certain match.
pub(super) fn same_footage(sides: &Sides) -> Option<Comparison> {
    let (share, orientation) = likest_orientation(sides.query, sides.reference)?;
    if share < SAME_SCENE_SHARE || [sides.query, sides.reference].iter().any(|side| side.is_of_code()) {
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
    sides.by_places(&signatures, &places, played, PROMISING_NATS).told
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
