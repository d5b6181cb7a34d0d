//! Whether "no match" is earned: whether a copy would have been found, and whether one of the two may be played in a way that is not searched for.

use super::align::Alignment;
use super::evidence::Match;
use super::hypotheses::WHOLE;
use super::judge::{Judged, least_likely, offsets_cost};
use super::line::{GAUSSIAN_TAIL, Line, Null, UPPER_TENTH, UPPER_TENTH_NATS};
use super::orientation::Orientation;
use super::search::{overlapping_whole};
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
    let (_, others) =
        line.against_others(&all, all.len().div_ceil(MOST_ROWS), line.len().div_ceil(MOST_OFFSETS));
    let spread = Null::of(others)?.spread.max(LEAST_SPREAD);
    let z = libm::atanh(KEPT_CORRELATION) * line.power() / spread;
    Some((z - UPPER_TENTH) / GAUSSIAN_TAIL + UPPER_TENTH_NATS - USUAL_COST - offsets_cost(signatures))
}

/// The least likely match if the query is played in a way that is not searched for: backwards, or as a negative.
pub(super) fn otherwise(signatures: &Signatures) -> Option<Judged> {
    let negative: Vec<Sample> = signatures.query.iter().map(swapped).collect();
    let backwards: Vec<Sample> = negative.iter().rev().copied().collect();
    let ways = [negative, backwards].map(|query| {
        let signatures = Signatures { query: &query, ..*signatures };
        let found: Vec<Match> = overlapping_whole(&signatures);
        least_likely(&signatures, &found)
    });
    ways.into_iter().flatten().max_by(|a, b| a.nats.total_cmp(&b.nats))
}

/// A sample with brighter and darker swapped: that of a negative; in reversed order, that of a video that is played backwards.
fn swapped(sample: &Sample) -> Sample {
    let mut swapped: Sample = [0; SAMPLE_BYTES];
    swapped.iter_mut().zip(sample).for_each(|(to, from)| *to = (from & 0x55) << 1 | (from & 0xaa) >> 1);
    swapped
}
