//! Whether the pictures of a match look more alike than those of other moments do, by PDQ: a witness that knows nothing
//! of motion.

use super::align::Alignment;
use super::clock::seconds;
use super::evidence::{FAR_MOMENT_S, Match, OTHER_MOMENT_S};
use super::scene::ALIKE_BITS;
use crate::fingerprint::timeline::PLAIN_BELOW_QUALITY;
use crate::fingerprint::{Fingerprint, Frame};
use crate::hash::pdq::PdqHash;
use crate::ranked::highest_first;

/// Moments of a match that are compared, spread evenly. Bounds work.
const MOMENTS: usize = 48;
/// Moments with a frame that is not plain, below which pictures have no say about evidence. By trial.
const LEAST_MOMENTS: usize = MOMENTS / 4;
/// The same for the say about ends, which needs to be surer. By trial.
const LEAST_MOMENTS_FOR_ENDS: usize = MOMENTS / 2;
/// The part of the sorted distances, 4 of 5, up to which they are typical: moving things differ more in some frames. By
/// trial.
const TYPICAL: (usize, usize) = (4, 5);
/// Another moment counts if at least this share of a match's moments has a frame there: 1 of 2. By trial.
const LEAST_INSIDE: (usize, usize) = (1, 2);
/// With banners and logos on them, pictures are alike up to this distance, PDQ bits. By trial; unrelated ones are 128
/// apart.
const ALIKE_UNDER_BANNERS_BITS: u32 = 64;

/// Contrast is `(other - same) / (other + this)`, of the distances of other moments and of the same; bits. Keeps a few
/// bits between nearly equal pictures from counting as contrast. By trial.
const CONTRAST_FLOOR_BITS: f64 = 2.0;
/// Contrast from which on it is unlikely to be chance. By trial.
const TELLING_CONTRAST: f64 = 0.25;
/// Contrast from which on more of it adds nothing. By trial.
const FULL_CONTRAST: f64 = 0.75;
/// What a full contrast adds to a factor of 1. By trial.
const FULL_BONUS: f64 = 0.5;
/// Factor where pictures should compare, and those of another moment are more alike. By trial.
const CONTRADICTED: f64 = 0.6;
/// Factor where pictures should compare, and are neither more nor less alike than others. By trial.
const NOT_BORNE_OUT: f64 = 0.8;
/// Both sides of both views are at least this share of the picture if pictures should compare. By trial.
const NEARLY_WHOLE: f64 = 0.93;
/// A picture of at most this PDQ quality shows nothing: one colour, or hardly more. Chosen: coloured cards have 0.
const NO_DETAIL: u8 = 2;
/// One of at least this quality shows something. Measured: an empty road has 31 to 34.
const SOME_DETAIL: u8 = 20;
/// Other moments are looked at in these steps, seconds. Bounds work.
const STEP_S: f64 = 0.5;

/// Pictures at most this many PDQ bits above the typical distance look as alike as within the match. By trial.
const AS_ALIKE_BITS: u32 = 16;
/// Pictures at least this many PDQ bits above it do not. By trial.
const UNLIKE_BITS: u32 = 32;

/// Moments of a match this far apart are looked at for how much its look changes, seconds. By trial.
const OTHER_LOOK_S: f64 = 1.0;
/// The part of the sorted distances, 19 of 20, up to which pictures of a match look alike. By trial.
const NEARLY_EVERY: (usize, usize) = (19, 20);

/// The factor for the evidence of a match, 0.6..=1.5: above 1 where the pictures bear it out, below where they would
/// have to and do not, 1 where they cannot tell. docs/accuracy/method.md, step 5.
pub(super) fn evidence_factor(found: &Match, query: &Fingerprint, reference: &Fingerprint) -> f64 {
    let Some((same, other)) = distances(found, query, reference) else { return 1.0 };
    factor(same, other, is_nearly_whole(&found.alignment))
}

/// The same from the distances, bits, of the same moments and of the most alike of others.
fn factor(same: f64, other: f64, should_compare: bool) -> f64 {
    let contrast = (other - same) / (other + CONTRAST_FLOOR_BITS);
    if contrast > TELLING_CONTRAST && same <= f64::from(ALIKE_UNDER_BANNERS_BITS) {
        return 1.0 + FULL_BONUS * ((contrast - TELLING_CONTRAST) / (FULL_CONTRAST - TELLING_CONTRAST)).min(1.0);
    }
    if same <= f64::from(ALIKE_BITS) || !should_compare {
        1.0
    } else if contrast < -TELLING_CONTRAST {
        CONTRADICTED
    } else if contrast < TELLING_CONTRAST {
        NOT_BORNE_OUT
    } else {
        1.0
    }
}

/// Whether both pictures show the same part, so that their hashes should be near.
fn is_nearly_whole(alignment: &Alignment) -> bool {
    alignment
        .shared()
        .is_some_and(|(query, reference)| [query, reference].iter().all(|[_, _, w, h]| w.min(*h) >= NEARLY_WHOLE))
}

/// The mean distance of a match's frames, bits, and that of the most alike of other moments. `None` if too many frames
/// are plain, or there are no other moments.
fn distances(found: &Match, query: &Fingerprint, reference: &Fingerprint) -> Option<(f64, f64)> {
    let hashes = HashPair::new(found, query, reference);
    let moments: Vec<f64> = moments(found).filter(|at| hashes.query.hash_at(*at).is_some()).collect();
    if moments.len() < LEAST_MOMENTS {
        return None;
    }
    let moved_by = |shift_s: f64| {
        let distances: Vec<u32> = moments.iter().filter_map(|at| hashes.distance_bits(*at, shift_s)).collect();
        let are_enough = LEAST_INSIDE.1 * distances.len() >= LEAST_INSIDE.0 * moments.len();
        are_enough.then(|| f64::from(distances.iter().sum::<u32>()) / distances.len() as f64)
    };
    let steps = (hashes.reference.duration_s.min(FAR_MOMENT_S) / STEP_S) as i64;
    let elsewhere = (-steps..=steps)
        .map(|step| step as f64 * STEP_S)
        .filter(|shift_s| shift_s.abs() >= OTHER_MOMENT_S)
        .filter_map(moved_by)
        .reduce(f64::min)?;
    Some((moved_by(0.0)?, elsewhere))
}

/// Of each sample of a match whether one side shows a picture without any detail then, and the other a detailed one.
pub(super) fn plain_beside(found: &Match, query: &Fingerprint, reference: &Fingerprint) -> Vec<bool> {
    let [query, reference] = [query, reference].map(TimedHashes::new);
    let qualities = |sample: usize| {
        let at = seconds(sample);
        Some([query.quality_at(at)?, reference.quality_at(found.alignment.reference_time(at))?])
    };
    let is_plain_beside = |[one, other]: [u8; 2]| one.min(other) <= NO_DETAIL && one.max(other) >= SOME_DETAIL;
    found.range.clone().map(|sample| qualities(sample).is_some_and(is_plain_beside)).collect()
}

/// Of each sample of a match of whole pictures whether they differ then by more than a banner does.
pub(super) fn unlike(found: &Match, query: &Fingerprint, reference: &Fingerprint) -> Vec<bool> {
    let hashes = HashPair::new(found, query, reference);
    let distance_bits = |sample: usize| hashes.distance_bits(seconds(sample), 0.0);
    let is_unlike = |sample: usize| distance_bits(sample).is_some_and(|bits| bits > ALIKE_UNDER_BANNERS_BITS);
    found.range.clone().map(is_unlike).collect()
}

/// Moments spread over a match, seconds of the query.
fn moments(found: &Match) -> impl Iterator<Item = f64> {
    let [start, end] = [found.range.start, found.range.end].map(seconds);
    (0..MOMENTS).map(move |i| start + (end - start) * (i as f64 + 0.5) / MOMENTS as f64)
}

/// Tells moments at which the pictures of a match look as alike as within it from those at which they do not.
pub(super) struct Likeness<'a> {
    hashes: HashPair<'a>,
    /// Four of five moments within the match are at most this far apart.
    typical_bits: u32,
}

impl<'a> Likeness<'a> {
    /// `None` if pictures cannot tell: they are plain, or cropped and framed so that hashes do not compare.
    pub fn of(found: &Match, query: &'a Fingerprint, reference: &'a Fingerprint) -> Option<Self> {
        let hashes = HashPair::new(found, query, reference);
        let distances = moments(found).filter_map(|at| hashes.distance_bits(at, 0.0)).collect();
        let distances: Vec<u32> = highest_first(distances, |bits: &u32| -f64::from(*bits));
        let typical_bits = *distances.get(distances.len() * TYPICAL.0 / TYPICAL.1)?;
        let can_tell = distances.len() >= LEAST_MOMENTS_FOR_ENDS && typical_bits <= ALIKE_UNDER_BANNERS_BITS;
        can_tell.then_some(Self { hashes, typical_bits })
    }

    /// Whether they do at a moment of the query, seconds. `None` if that is open.
    pub fn at(&self, seconds: f64) -> Option<bool> {
        match self.hashes.distance_bits(seconds, 0.0)?.saturating_sub(self.typical_bits) {
            ..=AS_ALIKE_BITS => Some(true),
            UNLIKE_BITS.. => Some(false),
            _ => None,
        }
    }
}

/// How either video looks within a match, for itself: footage that looks otherwise is other footage, whatever part of the one
/// the other shows.
pub(super) struct OwnLook<'a> {
    hashes: HashPair<'a>,
    /// Of the query, and of the reference.
    looks: [Look; 2],
}

/// How one video looks within a match.
struct Look {
    hashes: Vec<PdqHash>,
    /// Up to so many bits from the nearest of these it looks alike.
    most_bits: u32,
}

impl<'a> OwnLook<'a> {
    pub fn of(found: &Match, query: &'a Fingerprint, reference: &'a Fingerprint) -> Self {
        let hashes = HashPair::new(found, query, reference);
        let of =
            |side: usize| Look::of(moments(found).filter_map(|at| Some((at, hashes.hash_of(side, at)?))).collect());
        Self { looks: [of(0), of(1)], hashes }
    }

    /// Whether both look so at a moment of the query, seconds, too, as far as can be told.
    pub fn is_at(&self, seconds: f64) -> bool {
        (0..2).all(|side| self.looks[side].is_of(self.hashes.hash_of(side, seconds)))
    }
}

impl Look {
    /// From moments of the query, seconds, and the hashes that belong to them.
    fn of(shown: Vec<(f64, PdqHash)>) -> Self {
        let nearest = |(at, hash): &(f64, PdqHash)| {
            let others = shown.iter().filter(|(other, _)| (other - at).abs() >= OTHER_LOOK_S);
            others.map(|(_, other)| hash.distance_bits(other)).min()
        };
        let sorted = highest_first(shown.iter().filter_map(nearest).collect(), |bits: &u32| -f64::from(*bits));
        let typical_bits = sorted.get(sorted.len() * NEARLY_EVERY.0 / NEARLY_EVERY.1).copied().unwrap_or(u32::MAX / 2);
        Self {
            hashes: shown.iter().map(|(_, hash)| *hash).collect(),
            most_bits: (typical_bits + AS_ALIKE_BITS).max(ALIKE_UNDER_BANNERS_BITS),
        }
    }

    /// Whether a picture, if it is not plain, looks so; of plain ones nothing is known.
    fn is_of(&self, picture: Option<PdqHash>) -> bool {
        if self.hashes.len() < LEAST_MOMENTS {
            return true;
        }
        picture.is_some_and(|picture| self.hashes.iter().any(|hash| hash.distance_bits(&picture) <= self.most_bits))
    }
}

/// The hashes of both sides of a match, and which moment of the one is which of the other.
struct HashPair<'a> {
    query: TimedHashes<'a>,
    reference: TimedHashes<'a>,
    alignment: Alignment,
}

impl<'a> HashPair<'a> {
    fn new(found: &Match, query: &'a Fingerprint, reference: &'a Fingerprint) -> Self {
        Self { query: TimedHashes::new(query), reference: TimedHashes::new(reference), alignment: found.alignment }
    }

    /// The distance, bits, at a moment of the query, seconds, from the reference `shift_s` after the same moment.
    /// `None` if either shows no frame then, or a plain one.
    fn distance_bits(&self, seconds: f64, shift_s: f64) -> Option<u32> {
        let way = (self.alignment.orientation.mirrored, self.alignment.orientation.quarters);
        let there = self.reference.hash_at(self.alignment.reference_time(seconds) + shift_s)?;
        Some(self.query.hash_at(seconds)?.distance_bits(&there.oriented(way)))
    }

    /// Of the query, side 0, or the reference, side 1, at a moment of the query, seconds; `None` if that shows no frame then, or
    /// a plain one.
    fn hash_of(&self, side: usize, seconds: f64) -> Option<PdqHash> {
        if side == 0 {
            self.query.hash_at(seconds)
        } else {
            self.reference.hash_at(self.alignment.reference_time(seconds))
        }
    }
}

/// The hashes of a fingerprint's frames, by time.
struct TimedHashes<'a> {
    fingerprint: &'a Fingerprint,
    duration_s: f64,
}

impl<'a> TimedHashes<'a> {
    fn new(fingerprint: &'a Fingerprint) -> Self {
        Self { fingerprint, duration_s: fingerprint.duration_s() }
    }

    /// Of the frame that is shown at a time, seconds. `None` before the first, from the end on, and if it is plain.
    fn hash_at(&self, seconds: f64) -> Option<PdqHash> {
        self.frame_at(seconds).filter(|frame| frame.quality >= PLAIN_BELOW_QUALITY).map(|frame| frame.pdq)
    }

    /// Of the same frame, 0..=100; `None` before the first, from the end on, and of a compact code: most of its frames have no
    /// hash, and so no quality.
    fn quality_at(&self, seconds: f64) -> Option<u8> {
        let is_code = self.fingerprint.is_of_code();
        self.frame_at(seconds).filter(|_| !is_code).map(|frame| frame.quality)
    }

    fn frame_at(&self, seconds: f64) -> Option<&Frame> {
        let (frames, base) = (&self.fingerprint.frames, self.fingerprint.header.time_base);
        let shown = frames.partition_point(|frame| base.seconds(frame.ticks) <= seconds).checked_sub(1)?;
        (seconds < self.duration_s).then_some(&frames[shown])
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{as_is, fingerprint, hash, match_of};
    use super::*;

    #[test]
    fn a_card_without_detail_is_beside_a_picture_that_has_some() {
        let found = Match { range: 20..60, ..match_of(as_is()) };
        let reference = frames(|_| (0, SOME_DETAIL));
        let beside = |quality: u8, reference: &Fingerprint| {
            let query = frames(|i| (0, if (30..45).contains(&i) { quality } else { 100 }));
            let beside = plain_beside(&found, &query, reference);
            (beside.iter().filter(|beside| **beside).count(), beside[10], beside[25])
        };
        assert_eq!(beside(NO_DETAIL, &reference), (15, true, false));
        assert_eq!(beside(NO_DETAIL + 1, &reference).0, 0);
        assert_eq!(beside(NO_DETAIL, &frames(|_| (0, SOME_DETAIL - 1))).0, 0);
        let mut code = frames(|_| (0, SOME_DETAIL));
        code.header.tier_reason = Some(crate::fingerprint::TierReason::CompactCode);
        assert_eq!(beside(NO_DETAIL, &code).0, 0);
    }

    /// A hundred frames, ten seconds, of one hash each.
    fn frames(of: impl Fn(usize) -> (usize, u8)) -> Fingerprint {
        let frames: Vec<(PdqHash, u8)> = (0..100).map(of).map(|(bits, quality)| (hash(bits), quality)).collect();
        fingerprint(&frames, Vec::new())
    }

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn contrast_raises_the_evidence_up_to_one_and_a_half() {
        // (38 - 28) / (38 + 2) is a quarter.
        near(factor(28.0, 38.0, true), 1.0);
        near(factor(27.9, 38.0, true), 1.0 + (10.1 / 40.0 - 0.25));
        near(factor(19.0, 38.0, true), 1.0 + 0.475 - 0.25);
        near(factor(8.0, 38.0, true), 1.5);
        near(factor(0.0, 38.0, true), 1.5);
        // Not if the same moments are not alike at all.
        near(factor(64.0, 118.0, false), 1.0 + 54.0 / 120.0 - 0.25);
        near(factor(64.1, 118.0, false), 1.0);
    }

    #[test]
    fn pictures_that_should_compare_and_do_not_lower_it() {
        near(factor(31.0, 20.0, true), 1.0);
        near(factor(31.1, 20.0, true), 0.6);
        near(factor(31.1, 20.0, false), 1.0);
        near(factor(38.1, 30.0, true), 0.6);
        near(factor(37.9, 30.0, true), 0.8);
        near(factor(70.0, 80.0, true), 0.8);
        near(factor(70.0, 95.0, true), 1.0);
    }

    #[test]
    fn pictures_should_compare_if_both_are_nearly_whole() {
        let seen = |side| is_nearly_whole(&Alignment { reference_view: [0.0, 0.0, side, 1.0], ..as_is() });
        assert!(seen(0.931) && !seen(0.929));
    }

    #[test]
    fn the_same_moments_are_compared_with_all_others() {
        // The picture changes by 2 bits a frame; other moments are 15 frames away at least.
        let film = frames(|i| (2 * i, 100));
        let (same, other) = distances(&match_of(as_is()), &film, &film).unwrap();
        near(same, 0.0);
        near(other, 30.0);
        assert!(evidence_factor(&match_of(as_is()), &film, &film) > 1.49);
    }

    #[test]
    fn few_frames_with_detail_have_no_say() {
        // Of 48 moments in 100 frames, every second one shows a frame below 25 that has detail.
        let detailed = |count: usize| frames(move |i| (2 * i, if i < count { 50 } else { 49 }));
        let factor = |count| evidence_factor(&match_of(as_is()), &detailed(count), &frames(|i| (2 * i, 100)));
        assert!(factor(25) > 1.2);
        near(factor(23), 1.0);
        let ends = |count| Likeness::of(&match_of(as_is()), &detailed(count), &frames(|i| (2 * i, 100))).is_some();
        assert!(ends(50) && !ends(48));
    }

    #[test]
    fn pictures_are_as_alike_as_within_the_match_or_not_or_that_is_open() {
        // Within the match 10 bits differ; behind it more and more.
        let other = frames(|i| (if i < 60 { 10 } else { 10 + i - 60 + 7 }, 100));
        let found = Match { range: 0..60, ..match_of(as_is()) };
        let film = frames(|_| (0, 100));
        let likeness = Likeness::of(&found, &film, &other).unwrap();
        assert_eq!(likeness.typical_bits, 10);
        let at = |frame: usize| likeness.at((frame as f64 + 0.5) / 10.0);
        // 16 bits more than is typical at frame 69, 32 at frame 85.
        assert_eq!([5, 69, 70, 84, 85].map(at), [Some(true), Some(true), None, None, Some(false)]);
        assert_eq!((at(99), at(100)), (Some(false), None));
    }

    #[test]
    fn what_is_typical_is_what_four_of_five_moments_keep_to() {
        let typical = |unlike: usize| {
            let other = frames(move |i| (if i < 100 - unlike { 5 } else { 64 }, 100));
            Likeness::of(&match_of(as_is()), &frames(|_| (0, 100)), &other).map(|likeness| likeness.typical_bits)
        };
        assert_eq!((typical(18), typical(24)), (Some(5), Some(64)));
        let (film, unlike) = (frames(|_| (0, 100)), frames(|_| (65, 100)));
        assert!(Likeness::of(&match_of(as_is()), &film, &unlike).is_none());
    }
}
