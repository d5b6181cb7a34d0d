//! How many matches as good as a match chance is expected to give: E, of evidence and of surprise.
//! docs/accuracy/method.md, step 12.

use super::evidence::SAME_FOOTAGE_EVIDENCE;
use super::result::{Comparison, Reason, Verdict};

/// `-ln E` from which on a match is the same footage, nats: chance gives it once in a million searches, with room.
/// Chosen.
pub(super) const SAME_FOOTAGE_NATS: f64 = 14.0;
/// E above which a match among many searches is no longer the same footage. Derived: `e^-14`.
const MOST_E: f64 = 8.4e-7;
/// `-ln E` of the evidence that the same footage needs at least, nats. Source: measured on unrelated pairs,
/// docs/accuracy/method.md, step 12.
const NATS_AT_LIMIT: f64 = 9.2;
/// What more evidence adds, nats for each 1. Source: see [`NATS_AT_LIMIT`].
const NATS_PER_EVIDENCE: f64 = 8.0;
/// The share of its surprise that counts beside a match's evidence: both look at the same motion. Chosen.
const SHARE_OF_SURPRISE: f64 = 0.5;
/// No E is told that is less than this many decimals. Chosen: nothing supports a smaller one.
const MOST_DECIMALS: f64 = 20.0;

/// `-ln E` of a match with that evidence, nats. Source: see [`NATS_AT_LIMIT`].
pub(super) fn of_evidence(evidence: f64) -> f64 {
    NATS_AT_LIMIT + NATS_PER_EVIDENCE * (evidence - SAME_FOOTAGE_EVIDENCE)
}

/// `-ln E` of a match with that evidence, whose surprise is that many nats.
pub(super) fn of_both(evidence: f64, surprise_nats: f64) -> f64 {
    of_evidence(evidence) + SHARE_OF_SURPRISE * surprise_nats.max(0.0)
}

/// E of that many nats, in two digits.
pub(super) fn e_value(nats: f64) -> f64 {
    in_two_digits(libm::exp(-nats))
}

impl Comparison {
    /// The same answer as one of so many: [`Comparison::e_value`] counts all of them, and a match that is no longer beyond
    /// chance cannot be told.
    pub fn among(self, comparisons: usize) -> Self {
        match self.e_value.map(|e_value| e_value_among(e_value, comparisons, MOST_E)) {
            Some(None) => Self::without_match(Verdict::CantTell, Reason::WeakEvidence),
            e_value => Self { e_value: e_value.flatten(), ..self },
        }
    }
}

/// E of what has `e_value` alone, as one of so many, in two digits; `None` if it is more than `most`.
pub(crate) fn e_value_among(e_value: f64, searches: usize, most: f64) -> Option<f64> {
    let all = e_value * searches as f64;
    (all <= most).then(|| in_two_digits(all))
}

/// A share below 1, rounded to two digits.
pub(crate) fn in_two_digits(share: f64) -> f64 {
    if share <= 0.0 {
        return 0.0;
    }
    let decimals = (1.0 - libm::log10(share)).ceil().clamp(0.0, MOST_DECIMALS + 1.0);
    // A power of ten up to 22 is exact, so that the quotient is the double next to the two digits.
    let per_unit = 10f64.powi(decimals as i32);
    (share * per_unit).round().max(1.0) / per_unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e_has_two_digits() {
        assert_eq!([0.0, 1.0, 14.0, 15.0, 30.0].map(e_value), [1.0, 0.37, 8.3e-7, 3.1e-7, 9.4e-14]);
        assert_eq!([60.0, 1000.0].map(e_value), [1e-21, 0.0]);
        assert_eq!(serde_json::to_string(&e_value(15.0)).unwrap(), "3.1e-7");
    }

    #[test]
    fn evidence_alone_needs_more_than_its_limit_or_a_second_witness() {
        assert!(of_evidence(SAME_FOOTAGE_EVIDENCE) < SAME_FOOTAGE_NATS && of_evidence(2.31) > SAME_FOOTAGE_NATS);
        assert!(of_both(SAME_FOOTAGE_EVIDENCE, 9.7) > SAME_FOOTAGE_NATS);
        assert_eq!(of_both(2.0, -5.0), of_evidence(2.0));
    }

    #[test]
    fn among_many_a_match_has_to_be_better() {
        let among = |e_value, comparisons| {
            let reason = Reason::MotionAgrees;
            let found = Comparison::same_footage(reason, e_value, Vec::new()).among(comparisons);
            (found.verdict, found.e_value)
        };
        assert_eq!(among(3.1e-7, 1), (Verdict::SameFootage, Some(3.1e-7)));
        assert_eq!(among(3.1e-7, 2), (Verdict::SameFootage, Some(6.2e-7)));
        assert_eq!(among(3.1e-7, 3), (Verdict::CantTell, None));
        assert_eq!(among(0.0, 1_000_000), (Verdict::SameFootage, Some(0.0)));
        assert_eq!(among(e_value(SAME_FOOTAGE_NATS), 1).0, Verdict::SameFootage);
        let denied = Comparison::without_match(Verdict::NoMatch, Reason::NothingAgrees);
        assert_eq!(denied.clone().among(1000), denied);
    }
}
