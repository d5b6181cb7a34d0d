//! How a copy may be played otherwise than footage runs: backwards, as a negative, or both. Whole pictures only.

use super::clock::seconds;
use super::judge::{Place, most_nats};
use super::result::{Segment, rounded};
use super::search::overlapping_whole;
use super::segment::Signatures;
use crate::fingerprint::{Fingerprint, Frame};
use crate::hash::motion::{SAMPLE_BYTES, STEP, Sample};
use crate::hash::pdq::PdqHash;

/// What was done to all of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub backwards: bool,
    pub negative: bool,
}

/// All ways but the one that footage runs.
const WAYS: [Way; 3] = [
    Way { backwards: true, negative: false },
    Way { backwards: false, negative: true },
    Way { backwards: true, negative: true },
];

/// A video played in the way under which it agrees best with another.
pub(super) struct Played {
    pub way: Way,
    pub query: Fingerprint,
    pub places: Vec<Place>,
    /// The highest surprise of the places as they stand, nats.
    pub nats: f64,
}

/// The way of playing `query` under which chance explains least. `None` if the signatures are too short to tell.
pub(super) fn likeliest(query: &Fingerprint, signatures: &Signatures) -> Option<Played> {
    let played = WAYS.into_iter().filter_map(|way| {
        let motion = way.motion(&query.motion);
        let signatures = Signatures { query: &motion, ..*signatures };
        let places = overlapping_whole(&signatures);
        Some((way, most_nats(&signatures, &places)?, places))
    });
    let (way, nats, places) = played.max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(Played { way, query: way.of(query), places, nats })
}

impl Way {
    /// The fingerprint that a video would have, played so.
    fn of(self, video: &Fingerprint) -> Fingerprint {
        let picture = |frame: &Frame| Frame {
            pdq: if self.negative { PdqHash(frame.pdq.0.map(|byte| !byte)) } else { frame.pdq },
            sha256: None,
            classic: Default::default(),
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

    /// Turns the times of `segment`, of which A, or B if `is_b`, is `query` played so, into those of `query` as it is.
    pub fn as_it_is(self, mut segment: Segment, query: &Fingerprint, is_b: bool) -> Segment {
        if self.backwards {
            let last_s = last_s(query);
            let Segment { a, b, speed, .. } = &mut segment;
            let (own, other, pace) = if is_b { (b, a, speed.recip()) } else { (a, b, *speed) };
            // A stretch may end after the last sample: backwards, that would be before the first frame.
            let over_s = (own[1] - last_s).max(0.0);
            *own = [own[1] - over_s, own[0]].map(|at| rounded((last_s - at).max(0.0)));
            other[1] = rounded(other[1] - over_s * pace);
        }
        Segment { backwards: self.backwards, negative: self.negative, ..segment }
    }
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
    use super::super::hypotheses::WHOLE;
    use super::super::testing::{fingerprint, hash, motion};
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
        let negative = Way { backwards: false, negative: true }.of(&video);
        assert_eq!(negative.frames[7].pdq.distance_bits(&video.frames[7].pdq), 256);
        assert_eq!(negative.motion[9], swapped(&video.motion[9]));
        assert_eq!((negative.frames[7].ticks, negative.motion.len()), (7, 50));
    }

    #[test]
    fn backwards_twice_is_as_it_was_but_for_what_begins_it() {
        let video = video(0..50);
        let way = Way { backwards: true, negative: false };
        let backwards = way.of(&video);
        assert_eq!((backwards.frames[0].pdq, backwards.frames[0].ticks), (video.frames[49].pdq, 0));
        // What changed from sample 45 to 49 changes back from sample 0 to 4.
        assert_eq!(backwards.motion[4], swapped(&video.motion[49]));
        assert_eq!(backwards.motion[..STEP], [[0; SAMPLE_BYTES]; STEP]);
        assert_eq!(way.of(&backwards).motion[STEP..], video.motion[STEP..]);
        assert_eq!(way.of(&backwards).frames, video.frames);
    }

    #[test]
    fn the_way_is_told_by_how_little_chance_explains_it() {
        let (query, reference) = (video(100..200), video(0..300));
        for way in WAYS {
            let played = way.of(&query);
            let signatures = Signatures { query: &played.motion, reference: &reference.motion, shapes: [1.0, 1.0] };
            let found = likeliest(&played, &signatures).unwrap();
            assert!(found.way == way && found.nats > 30.0, "{way:?} {:?} {}", found.way, found.nats);
        }
        let other = video(5000..5100);
        let signatures = Signatures { query: &other.motion, reference: &reference.motion, shapes: [1.0, 1.0] };
        assert!(likeliest(&other, &signatures).unwrap().nats < 3.0);
    }

    #[test]
    fn times_are_told_as_the_video_runs() {
        let told = Segment {
            a: [1.0, 3.0],
            b: [20.0, 22.0],
            speed: 1.0,
            score: 0.9,
            mirrored: false,
            turned: 0,
            backwards: false,
            negative: false,
            a_view: WHOLE,
            b_view: WHOLE,
        };
        let query = video(0..101);
        let backwards = Way { backwards: true, negative: false };
        let found = backwards.as_it_is(told.clone(), &query, false);
        assert_eq!((found.a, found.b, found.backwards, found.negative), ([7.0, 9.0], [20.0, 22.0], true, false));
        // Its last frame lies after the last sample, at 10 s.
        let to_the_end = Segment { a: [8.0, 10.04], b: [20.0, 24.08], speed: 2.0, ..told.clone() };
        let found = backwards.as_it_is(to_the_end.clone(), &query, false);
        assert_eq!((found.a, found.b), ([0.0, 2.0], [20.0, 24.0]));
        let as_b = Segment { a: to_the_end.b, b: to_the_end.a, speed: 0.5, ..to_the_end };
        let found = backwards.as_it_is(as_b, &query, true);
        assert_eq!((found.a, found.b), ([20.0, 24.0], [0.0, 2.0]));
        let found = Way { backwards: false, negative: true }.as_it_is(told, &query, false);
        assert_eq!((found.a, found.backwards, found.negative), ([1.0, 3.0], false, true));
    }
}
