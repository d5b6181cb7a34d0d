//! Whether "no match" is earned: whether a copy would have been found, and whether one of the two may be played in a way that is not searched for.

use super::align::Alignment;
use super::hypotheses::WHOLE;
use super::judge::{most_nats, offsets_cost};
use super::line::{GAUSSIAN_TAIL, Line, Null, UPPER_TENTH, UPPER_TENTH_NATS};
use super::orientation::Orientation;
use super::search::overlapping_whole;
use super::segment::Signatures;
use crate::hash::motion::{SAMPLE_BYTES, Sample};

/// The whitened correlation that a copy keeps under usual edits; of ten edited copies at most one keeps less. Source: measured,
/// docs/accuracy/method.md, "Power".
const KEPT_CORRELATION: f64 = 0.25;
/// What the map of a usual edit costs, nats. Source: [`super::judge::prior_cost`] of a crop.
const USUAL_COST: f64 = 7.0;
/// No null is narrower than this here: a copy's map is not the plain one. By trial.
const LEAST_SPREAD: f64 = 0.2;
/// The share of the plain covariance in whitening. By trial.
const PLAIN_SHARE: f32 = 0.3;
/// Entries of the query that the null is made of, and offsets. Bounds work.
const MOST_ROWS: usize = 150;
/// See [`MOST_ROWS`].
const MOST_OFFSETS: usize = 1000;

/// Surprise that a copy of all of the query would be expected to cause, nats; `None` if the signatures are too short to tell.
pub(super) fn expected_nats(signatures: &Signatures) -> Option<f64> {
    let plain = Alignment {
        query_s: 0.0,
        reference_s: 0.0,
        speed: 1.0,
        query_view: WHOLE,
        reference_view: WHOLE,
        orientation: Orientation::AS_IS,
        within: WHOLE,
    };
    let line = Line::new(signatures, &plain, PLAIN_SHARE)?;
    let all = 0..signatures.query.len();
    let (_, others) = line.against_others(&all, all.len().div_ceil(MOST_ROWS), line.len().div_ceil(MOST_OFFSETS));
    let spread = Null::of(others)?.spread.max(LEAST_SPREAD);
    let z = libm::atanh(KEPT_CORRELATION) * line.power() / spread;
    Some((z - UPPER_TENTH) / GAUSSIAN_TAIL + UPPER_TENTH_NATS - USUAL_COST - offsets_cost(signatures))
}

/// The highest surprise if the query is played in a way that is not searched for, nats: backwards, or as a negative. Whole pictures only.
pub(super) fn otherwise_nats(signatures: &Signatures) -> Option<f64> {
    let negative: Vec<Sample> = signatures.query.iter().map(swapped).collect();
    let backwards: Vec<Sample> = negative.iter().rev().copied().collect();
    let ways = [negative, backwards].map(|query| {
        let signatures = Signatures { query: &query, ..*signatures };
        most_nats(&signatures, &overlapping_whole(&signatures))
    });
    ways.into_iter().flatten().max_by(f64::total_cmp)
}

/// A sample with brighter and darker swapped: that of a negative; in reversed order, that of a video that is played backwards.
fn swapped(sample: &Sample) -> Sample {
    let mut swapped: Sample = [0; SAMPLE_BYTES];
    swapped.iter_mut().zip(sample).for_each(|(to, from)| *to = (from & 0x55) << 1 | (from & 0xaa) >> 1);
    swapped
}

#[cfg(test)]
mod tests {
    use super::super::testing::motion;
    use super::*;

    fn signatures<'a>(query: &'a [Sample], reference: &'a [Sample]) -> Signatures<'a> {
        Signatures { query, reference, shapes: [1.0, 1.0] }
    }

    #[test]
    fn more_motion_makes_a_copy_surer_to_be_found() {
        let reference = motion(0..400);
        let expected = |samples: usize| expected_nats(&signatures(&motion(5000..5000 + samples), &reference)).unwrap();
        assert!(expected(30) < 5.0 && expected(300) > expected(100) + 5.0, "{} {}", expected(30), expected(300));
        let still = vec![[0; SAMPLE_BYTES]; 300];
        assert!(expected_nats(&signatures(&still, &reference)).unwrap() < 0.0);
        assert!(expected_nats(&signatures(&still[..20], &still[..20])).is_none());
    }

    #[test]
    fn negatives_and_videos_played_backwards_are_noticed() {
        let (plain, reference) = (motion(100..200), motion(0..300));
        let negative: Vec<Sample> = plain.iter().map(swapped).collect();
        let backwards: Vec<Sample> = negative.iter().rev().copied().collect();
        for query in [&negative, &backwards] {
            assert!(otherwise_nats(&signatures(query, &reference)).unwrap() > 30.0);
        }
        assert!(otherwise_nats(&signatures(&motion(5000..5100), &reference)).unwrap() < 3.0);
    }

    #[test]
    fn swapping_exchanges_brighter_and_darker() {
        let mut sample: Sample = [0; SAMPLE_BYTES];
        sample[0] = 0b00_01_10_01;
        assert_eq!(swapped(&sample)[..2], [0b00_10_01_10, 0]);
        assert_eq!(swapped(&swapped(&sample)), sample);
    }
}
