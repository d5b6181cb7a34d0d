//! How many finds as good as a still's chance is expected to give: E. docs/accuracy/stills.md, "Limits".

use super::result::{StillReason, StillSearch, StillVerdict};
use crate::compare::{e_value_among, in_two_digits};

/// `-ln E` of a still that is found at the limit, nats. Measured on unrelated pairs: docs/accuracy/stills.md, "Limits".
const NATS_AT_LIMIT: f64 = 9.2;
/// What more score adds, nats for each 1. Source: see [`NATS_AT_LIMIT`].
const NATS_PER_SCORE: f64 = 25.0;
/// No E is told that is less. Chosen: more score than the fit was made on proves no more.
const LEAST_E: f64 = 1e-7;
/// E above which a still among many videos is no longer found. Chosen: one false find in a hundred searches of them all.
const MOST_E: f64 = 0.01;

/// E of a still whose score is so much above the limit, in two digits.
pub(super) fn e_value(margin: f32) -> f64 {
    in_two_digits(libm::exp(-(NATS_AT_LIMIT + NATS_PER_SCORE * f64::from(margin))).max(LEAST_E))
}

impl StillSearch {
    /// The same answer as one of so many: [`StillSearch::e_value`] counts all of them, and a find that is no longer beyond
    /// chance cannot be told.
    pub fn among(self, searches: usize) -> Self {
        match self.e_value.map(|e_value| e_value_among(e_value, searches, MOST_E)) {
            Some(None) => Self::without_place(StillVerdict::CantTell, StillReason::WeakEvidence),
            e_value => Self { e_value: e_value.flatten(), ..self },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e_falls_with_the_distance_from_the_limit_and_no_further_than_was_measured() {
        assert_eq!([0.0, 0.1, 0.4].map(e_value), [1.0e-4, 8.3e-6, 1e-7]);
    }

    #[test]
    fn among_many_videos_chance_finds_more() {
        let found = StillSearch {
            verdict: StillVerdict::Found,
            e_value: Some(1.0e-4),
            reason: StillReason::FramesAgree,
            at: Vec::new(),
        };
        let among = |searches| found.clone().among(searches);
        assert_eq!((among(1), among(90).e_value), (found.clone(), Some(0.009)));
        assert_eq!(
            (among(110).verdict, among(110).reason, among(110).e_value),
            (StillVerdict::CantTell, StillReason::WeakEvidence, None)
        );
        let absent = StillSearch::without_place(StillVerdict::NotFound, StillReason::NoFrameAgrees);
        assert_eq!(absent.clone().among(1000), absent);
    }
}
