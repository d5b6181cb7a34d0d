//! How a copy may be played otherwise than footage runs: backwards, as a negative, both, or several times as fast.
//! Whole pictures only.

use super::clock::seconds;
use super::judge::{Place, Playing, most_nats};
use super::result::{Segment, rounded};
use super::scene::{SAME_SCENE_SHARE, likeness};
use super::search::overlapping_whole;
use super::segment::Signatures;
use crate::fingerprint::{Fingerprint, Frame};
use crate::hash::motion::{SAMPLE_BYTES, STEP, Sample};
use crate::hash::pdq::PdqHash;
use std::borrow::Cow;

/// What trying all ways costs, and that they are unusual, nats. Chosen: as much as being mirrored.
pub(super) const COST: f64 = 3.0;

/// What was done to all of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    /// The query.
    backwards: bool,
    /// The query.
    negative: bool,
    /// How many times as fast the reference is played.
    times: usize,
}

/// All ways but the one that footage runs.
///
/// Speeds a third slower and faster are found beside each; from twice the speed on the signatures as they are no longer tell
/// the same.
const WAYS: [Way; 7] = [
    Way::BACKWARDS,
    Way { backwards: false, negative: true, times: 1 },
    Way { backwards: true, negative: true, times: 1 },
    Way::faster(2),
    Way::faster(3),
    Way::faster(4),
    Way::faster(5),
];

/// The way of playing two videos under which they agree best, and where.
pub(super) struct Played {
    pub way: Way,
    pub places: Vec<Place>,
    /// The highest surprise of the places as they stand, less [`COST`], nats.
    pub nats: f64,
}

/// The way of playing two videos under which chance explains least. `None` if the signatures are too short to tell.
pub(super) fn likeliest(query: &Fingerprint, reference: &Fingerprint, shapes: [f64; 2]) -> Option<Played> {
    let played = WAYS.into_iter().filter_map(|way| {
        let (query, reference) = (way.motion(&query.motion), faster(&reference.motion, way.times));
        let signatures = Signatures { query: &query, reference: &reference, shapes };
        let places = overlapping_whole(&signatures);
        Some((way, most_nats(&signatures, &places, way.playing())? - COST, places))
    });
    let (way, nats, places) = played.max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(Played { way, places, nats })
}

impl Way {
    /// Only backwards.
    pub const BACKWARDS: Self = Self { backwards: true, negative: false, times: 1 };

    const fn faster(times: usize) -> Self {
        Self { backwards: false, negative: false, times }
    }

    /// How the two are then played, as far as what moves tells.
    fn playing(self) -> Playing {
        if self.backwards || self.negative { Playing::Otherwise } else { Playing::AsFootageRuns }
    }

    /// The same where the pictures of both are at hand, so played: that one is a negative, they tell as well.
    pub fn playing_as_pictured(self, query: &Fingerprint, reference: &Fingerprint) -> Playing {
        let is_pictured = || likeness(query, reference).is_some_and(|share| share >= SAME_SCENE_SHARE);
        if self.negative && !self.backwards && is_pictured() { Playing::AsFootageRuns } else { self.playing() }
    }

    /// The fingerprint that the reference would have, played so.
    pub fn of_reference(self, video: &Fingerprint) -> Fingerprint {
        let mut played = Fingerprint { motion: faster(&video.motion, self.times).into_owned(), ..video.clone() };
        played.frames.iter_mut().for_each(|frame| frame.ticks /= self.times as i64);
        played
    }

    /// The fingerprint that the query would have, played so.
    pub fn of_query(self, video: &Fingerprint) -> Fingerprint {
        let picture = |frame: &Frame| Frame {
            pdq: if self.negative { PdqHash(frame.pdq.0.map(|byte| !byte)) } else { frame.pdq },
            sha256: None,
            classic: Default::default(),
            points: None,
            ..frame.clone()
        };
        let mut frames: Vec<Frame> = video.frames.iter().map(picture).collect();
        if self.backwards {
            let end = (last_s(video) / video.header.time_base.seconds(1)).round() as i64;
            let first = video.frames.first().map_or(0, |frame| frame.ticks);
            frames.iter_mut().for_each(|frame| frame.ticks = end - (frame.ticks - first));
            frames.retain(|frame| frame.ticks >= 0);
            frames.reverse();
        }
        Fingerprint { frames, motion: self.motion(&video.motion), ..video.clone() }
    }

    /// The signature that a video would have, played so. A sample tells what became brighter or darker since [`STEP`]
    /// samples before.
    fn motion(self, samples: &[Sample]) -> Vec<Sample> {
        let signed = |sample: &Sample| if self.backwards == self.negative { *sample } else { swapped(sample) };
        if !self.backwards {
            return samples.iter().map(signed).collect();
        }
        let nothing = std::iter::repeat_n([0; SAMPLE_BYTES], STEP.min(samples.len()));
        nothing.chain(samples.iter().skip(STEP).rev().map(signed)).collect()
    }

    /// Turns the times of `segment`, of which A, or B if `is_b`, is `query`, into those of both videos as they are.
    pub fn as_it_is(self, mut segment: Segment, query: &Fingerprint, is_b: bool) -> Segment {
        let times = self.times as f64;
        segment.speed = rounded(if is_b { segment.speed / times } else { segment.speed * times });
        let Segment { a, b, speed, backwards, .. } = &mut segment;
        let (query_s, reference_s, pace) = if is_b { (b, a, speed.recip()) } else { (a, b, *speed) };
        *reference_s = reference_s.map(|at| rounded(at * times));
        if self.backwards {
            let last_s = last_s(query);
            // A stretch may end after the last sample: backwards, that would be before the first frame.
            let over_s = (query_s[1] - last_s).max(0.0);
            *query_s = [query_s[1] - over_s, query_s[0]].map(|at| rounded((last_s - at).max(0.0)));
            // Within the query as it was played, the stretch may be backwards itself.
            let (end, outwards) = if *backwards { (0, -1.0) } else { (1, 1.0) };
            reference_s[end] = rounded(reference_s[end] - outwards * over_s * pace);
        }
        let (backwards, negative) = (segment.backwards != self.backwards, segment.negative != self.negative);
        Segment { backwards, negative, ..segment }
    }
}

/// The signature that a video would have, played `times` as fast: what becomes brighter or darker in [`STEP`] samples
/// then does so in `times` as many.
fn faster(samples: &[Sample], times: usize) -> Cow<'_, [Sample]> {
    if times == 1 {
        return Cow::Borrowed(samples);
    }
    let nothing = [0; SAMPLE_BYTES];
    let joined = |last: usize| {
        let parts = (0..times).map(|i| last.checked_sub(i * STEP).map_or(&nothing, |at| &samples[at]));
        let parts: Vec<&Sample> = parts.collect();
        std::array::from_fn(|byte| (0..4).fold(0, |codes, cell| codes | most(&parts, byte, 2 * cell) << (2 * cell)))
    };
    (0..samples.len()).step_by(times).map(joined).collect()
}

/// The code of a cell that is brighter in more samples than it is darker in, darker in more than brighter, or neither.
fn most(samples: &[&Sample], byte: usize, shift: usize) -> u8 {
    let sum: i32 = samples.iter().map(|sample| [0, 1, -1, 0][usize::from(sample[byte] >> shift & 3)]).sum();
    [2, 0, 1][(sum.signum() + 1) as usize]
}

/// When the last sample of a video's signature is taken, seconds.
fn last_s(video: &Fingerprint) -> f64 {
    seconds(video.motion.len().saturating_sub(1))
}

/// A sample with brighter and darker swapped.
fn swapped(sample: &Sample) -> Sample {
    sample.map(|byte| (byte & 0x55) << 1 | (byte & 0xaa) >> 1)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fingerprint, hash, motion, six_seconds};
    use super::*;

    fn video(moments: std::ops::Range<usize>) -> Fingerprint {
        let frames: Vec<(PdqHash, u8)> = moments.clone().map(|i| (hash(i % 256), 100)).collect();
        fingerprint(&frames, motion(moments))
    }

    #[test]
    fn swapping_exchanges_brighter_and_darker() {
        let mut sample: Sample = [0; SAMPLE_BYTES];
        sample[0] = 0b00_01_10_01;
        assert_eq!(swapped(&sample)[..2], [0b00_10_01_10, 0]);
        assert_eq!(swapped(&swapped(&sample)), sample);
    }

    #[test]
    fn a_negative_has_the_opposite_signs_and_bits() {
        let video = video(0..50);
        let negative = WAYS[1].of_query(&video);
        assert_eq!(negative.frames[7].pdq.distance_bits(&video.frames[7].pdq), 256);
        assert_eq!(negative.motion[9], swapped(&video.motion[9]));
        assert_eq!((negative.frames[7].ticks, negative.motion.len()), (7, 50));
    }

    #[test]
    fn backwards_twice_is_as_it_was_but_for_what_begins_it() {
        let video = video(0..50);
        let way = WAYS[0];
        let backwards = way.of_query(&video);
        assert_eq!((backwards.frames[0].pdq, backwards.frames[0].ticks), (video.frames[49].pdq, 0));
        // What changed from sample 45 to 49 changes back from sample 0 to 4.
        assert_eq!(backwards.motion[4], swapped(&video.motion[49]));
        assert_eq!(backwards.motion[..STEP], [[0; SAMPLE_BYTES]; STEP]);
        assert_eq!(way.of_query(&backwards).motion[STEP..], video.motion[STEP..]);
        assert_eq!(way.of_query(&backwards).frames, video.frames);
    }

    #[test]
    fn the_way_is_told_by_how_little_chance_explains_it() {
        let (query, reference) = (video(100..200), video(0..300));
        let found = |query: &Fingerprint| likeliest(query, &reference, [1.0, 1.0]).unwrap();
        for way in &WAYS[..3] {
            let found = found(&way.of_query(&query));
            assert!(found.way == *way && found.nats > 30.0, "{way:?} {:?} {}", found.way, found.nats);
        }
        for times in 2..=5 {
            let fast = Way::faster(times).of_reference(&video(0..300));
            assert_eq!((fast.motion.len(), fast.frames[299].ticks), (300 / times, 299 / times as i64));
            let found = found(&fast);
            assert!(found.way == Way::faster(times) && found.nats > 30.0, "{:?} {}", found.way, found.nats);
        }
        assert!(found(&video(5000..5100)).nats < 3.0);
    }

    #[test]
    fn pictures_vouch_for_a_negative_but_not_for_a_direction() {
        let reference = video(0..50);
        let playing = |way: Way, of: &Fingerprint| way.playing_as_pictured(&way.of_query(of), &reference);
        let [backwards, negative, both, ..] = WAYS;
        assert_eq!(playing(negative, &negative.of_query(&reference)), Playing::AsFootageRuns);
        assert_eq!(playing(both, &both.of_query(&reference)), Playing::Otherwise);
        assert_eq!(playing(backwards, &reference), Playing::Otherwise);
        // Pictures that are no negatives.
        assert_eq!(playing(negative, &reference), Playing::Otherwise);
    }

    #[test]
    fn played_faster_a_cell_becomes_what_it_mostly_becomes() {
        let of = |codes: [u8; 3]| {
            let mut samples = vec![[0; SAMPLE_BYTES]; 13];
            // The samples 12, 8 and 4: one every STEP.
            codes.iter().enumerate().for_each(|(i, code)| samples[12 - STEP * i][5] = code << 4);
            faster(&samples, 3)[4][5] >> 4
        };
        assert_eq!([[1, 1, 2], [1, 0, 0], [2, 2, 0], [1, 2, 0], [0, 0, 0]].map(of), [1, 1, 2, 0, 0]);
    }

    #[test]
    fn times_are_told_as_the_video_runs() {
        let told = Segment { a: [1.0, 3.0], b: [20.0, 22.0], ..six_seconds() };
        let query = video(0..101);
        let backwards = WAYS[0];
        let found = backwards.as_it_is(told.clone(), &query, false);
        assert_eq!((found.a, found.b, found.backwards, found.negative), ([7.0, 9.0], [20.0, 22.0], true, false));
        // Its last frame lies after the last sample, at 10 s.
        let to_the_end = Segment { a: [8.0, 10.04], b: [20.0, 24.08], speed: 2.0, ..told.clone() };
        let found = backwards.as_it_is(to_the_end.clone(), &query, false);
        assert_eq!((found.a, found.b), ([0.0, 2.0], [20.0, 24.0]));
        let as_b = Segment { a: to_the_end.b, b: to_the_end.a, speed: 0.5, ..to_the_end };
        let found = backwards.as_it_is(as_b, &query, true);
        assert_eq!((found.a, found.b), ([20.0, 24.0], [0.0, 2.0]));
        let found = WAYS[1].as_it_is(told.clone(), &query, false);
        assert_eq!((found.a, found.backwards, found.negative), ([1.0, 3.0], false, true));
        let found = Way::faster(3).as_it_is(told.clone(), &query, false);
        assert_eq!((found.a, found.b, found.speed), ([1.0, 3.0], [60.0, 66.0], 3.0));
        let found = Way::faster(3).as_it_is(told, &query, true);
        assert_eq!((found.a, found.b, found.speed), ([3.0, 9.0], [20.0, 22.0], 0.333));
    }
}
