//! Whether "no match" is earned: whether a copy would have been found.

use super::align::Alignment;
use super::judge::offsets_cost;
use super::line::{GAUSSIAN_TAIL, Line, Null, UPPER_TENTH, UPPER_TENTH_NATS};
use super::segment::Signatures;
use super::whiten::PLAIN_SHARE;

/// The whitened correlation that a copy is expected to keep: most edits keep more, insets and chains less. Source:
/// measured, docs/accuracy/method.md, step 7.
const KEPT_CORRELATION: f64 = 0.25;
/// What is kept of that if one side is a compact code, whose cells are twice as wide and high: small insets are lost
/// in them. Source: measured, docs/accuracy/codes.md.
const KEPT_IN_CODE: f64 = 0.5;
/// What the map of a usual edit costs, nats. Source: [`super::judge::prior_cost`] of a crop.
const USUAL_COST: f64 = 7.0;
/// No null is narrower than this here: a copy's map is not the plain one. By trial.
const LEAST_SPREAD: f64 = 0.2;
/// Entries of the query that the null is made of, and offsets. Bounds work.
const MOST_ROWS: usize = 150;
/// See [`MOST_ROWS`].
const MOST_OFFSETS: usize = 1000;

/// Surprise that a copy of all of the query would be expected to cause, nats, where one of the two may come from a
/// compact code; `None` if the signatures are too short to tell.
pub(super) fn expected_nats(signatures: &Signatures, is_of_code: bool) -> Option<f64> {
    let line = Line::new(signatures, &Alignment::AS_IS, PLAIN_SHARE)?;
    let all = signatures.query.len();
    let rows: Vec<usize> = (0..all).step_by(all.div_ceil(MOST_ROWS).max(1)).collect();
    let (_, others) = line.against_others(&rows, line.len().div_ceil(MOST_OFFSETS));
    let spread = Null::of(others)?.spread.max(LEAST_SPREAD);
    let kept = KEPT_CORRELATION * if is_of_code { KEPT_IN_CODE } else { 1.0 };
    let z = libm::atanh(kept) * line.power() / spread;
    Some((z - UPPER_TENTH) / GAUSSIAN_TAIL + UPPER_TENTH_NATS - USUAL_COST - offsets_cost(signatures.lengths()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::motion;
    use super::*;
    use crate::hash::motion::{SAMPLE_BYTES, Sample};

    fn signatures<'a>(query: &'a [Sample], reference: &'a [Sample]) -> Signatures<'a> {
        Signatures { query, reference, shapes: [1.0, 1.0] }
    }

    #[test]
    fn more_motion_makes_a_copy_surer_to_be_found() {
        let reference = motion(0..400);
        let nats = |samples: usize, is_of_code| {
            expected_nats(&signatures(&motion(5000..5000 + samples), &reference), is_of_code).unwrap()
        };
        let expected = |samples| nats(samples, false);
        assert!(expected(30) < 5.0 && expected(300) > expected(100) + 5.0, "{} {}", expected(30), expected(300));
        assert!(nats(300, true) < expected(100), "{}", nats(300, true));
        let still = vec![[0; SAMPLE_BYTES]; 300];
        assert!(expected_nats(&signatures(&still, &reference), false).unwrap() < 0.0);
        assert!(expected_nats(&signatures(&still[..20], &still[..20]), false).is_none());
    }
}
