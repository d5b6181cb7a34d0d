//! How much a match speaks against chance. docs/accuracy/method.md, step 5.

use super::align::{Alignment, fourth_root};
use std::ops::Range;

/// A stretch of the query that agrees with the reference, and what speaks for it.
#[derive(Clone, Debug)]
pub(super) struct Match {
    pub alignment: Alignment,
    /// Samples of the query.
    pub range: Range<usize>,
    /// Normalised cross-correlation over the stretch, -1..=1.
    pub correlation: f64,
    /// How many independent moments the agreement rests on.
    pub moments: f64,
    /// The share of what moves in the query, while the reference lasts, that lies within the stretch, 0..=1.
    pub coverage: f64,
    /// The smaller share of the two pictures that is compared, 0..=1.
    pub area: f64,
    /// The highest correlation of the same stretch, under the same map, with another moment of the reference, 0..=1.
    pub elsewhere: f64,
}

/// Evidence from which on a match is called the same footage.
///
/// Measured: the highest of a wrong match was 1.47 between drawn scenes and 1.30 between moments of one camera.
/// docs/accuracy/videos.md, "How it was measured"; `cargo test --release --test compare -- --ignored`, and
/// `cargo xtask eval --corpus DIR --only videos --cross 2`.
pub(super) const SAME_FOOTAGE_EVIDENCE: f64 = 1.7;
/// Unweighted evidence from which on a further stretch counts at the speed of a match that is the same footage. By
/// trial.
const FURTHER_EVIDENCE: f64 = 1.2;
/// A further stretch needs this share of the first match's correlation. By trial.
const FURTHER_CORRELATION: f64 = 0.7;
/// A stretch joins its neighbours if its ends are this near to theirs in the reference, seconds. By trial.
const JOINS_S: f64 = 1.0;
/// Two speeds that differ by at most this share are one speed, measured twice. By trial.
pub(crate) const SAME_SPEED: f64 = 0.05;

/// A speed nearer than this to 1 is normal. By trial.
const NORMAL_SPEED: f64 = 0.03;
/// Factor for a match that is turned, or not at normal speed: copies seldom are, chance is as often as not. By trial.
const UNUSUAL_EDIT: f64 = 0.7;
/// Share of the evidence that is lost if the same motion recurs perfectly at another moment. By trial.
const RECURRENCE_COST: f64 = 0.5;
/// Factor for a match that covers next to nothing of what could have agreed: the best of many short stretches agrees by
/// chance. By trial.
const UNCOVERED: f64 = 0.6;
/// What full coverage adds to [`UNCOVERED`], so that the factor is 1. Derived.
const COVERED_BONUS: f64 = 0.4;
/// Share of what could have agreed from which on coverage is full. By trial.
const FULL_COVERAGE: f64 = 0.5;

/// Chance gives this correlation: a moment that correlates less speaks against a match. By trial; the mean of wrong
/// pieces of 5 s is 0.21, of different moments before one camera 0.25 (docs/motion.md, "What was measured").
pub(super) const NEUTRAL_CORRELATION: f64 = 0.3;
/// A moment may correlate this much less than the whole match. By trial: docs/accuracy/videos.md, "Footage that repeats
/// itself".
const TOLERATED_LOSS: f64 = 0.2;

/// Moments of the reference nearer than this to a match's are the same moment, seconds. By trial.
pub(super) const OTHER_MOMENT_S: f64 = 1.5;
/// Moments further away than this are not looked at, seconds. Bounds work in long footage.
pub(super) const FAR_MOMENT_S: f64 = 300.0;

/// What is shown again correlates so well with what it repeats. Measured, over 3 s and more: at most 0.71 where footage
/// merely resembles itself, in 27 clips; at least 0.82 in loops of five of them.
pub(super) const REPEATED: f64 = 0.8;
/// The shortest stretch that can be called a repetition, samples. Source: see [`REPEATED`].
pub(super) const LEAST_REPEATED: i64 = 30;

impl Match {
    /// The correlation below which a moment speaks against belonging to this match.
    pub fn neutral_correlation(&self) -> f64 {
        NEUTRAL_CORRELATION.max(self.correlation - TOLERATED_LOSS)
    }

    /// Correlation, times the root of how many independent moments and how much of the picture it rests on.
    pub fn unweighted_evidence(&self) -> f64 {
        self.correlation * (self.moments * fourth_root(self.area)).sqrt()
    }

    /// Unweighted evidence, less where the edit is unusual, where the same motion recurs at another moment, and where
    /// the match is a small part of what could have agreed.
    pub fn evidence(&self) -> f64 {
        let chosen = UNCOVERED + COVERED_BONUS * (self.coverage / FULL_COVERAGE).min(1.0);
        self.unweighted_evidence() * usualness(&self.alignment) * (1.0 - self.elsewhere * RECURRENCE_COST) * chosen
    }

    /// Whether it counts as a further stretch, given that `first` is the same footage.
    ///
    /// `first` vouches for the map and for its own speed. At another speed the match needs the evidence of a first one:
    /// a second car in the lane of the first, only slower, agrees with it as well.
    pub fn is_enough_beside(&self, first: &Self) -> bool {
        let vouched = self.has_speed_of(first) && self.unweighted_evidence() >= FURTHER_EVIDENCE;
        (vouched && self.correlates_like(first)) || self.is_enough_otherwise_beside(first)
    }

    /// Whether it counts as a further stretch that is played otherwise, for which `first` vouches less.
    pub fn is_enough_otherwise_beside(&self, first: &Self) -> bool {
        self.evidence() >= SAME_FOOTAGE_EVIDENCE && self.correlates_like(first)
    }

    /// Whether it counts as a further stretch because it joins its neighbours, whatever its speed: `at_s` are the ends of the
    /// gap between them, seconds of the query.
    pub fn joins(&self, at_s: [f64; 2], [before, after]: [&Self; 2], first: &Self) -> bool {
        let is_near = |at: f64, neighbour: &Self| {
            (self.alignment.reference_time(at) - neighbour.alignment.reference_time(at)).abs() <= JOINS_S
        };
        is_near(at_s[0], before)
            && is_near(at_s[1], after)
            && self.unweighted_evidence() >= FURTHER_EVIDENCE
            && self.correlates_like(first)
    }

    /// Whether both have one speed.
    pub fn has_speed_of(&self, other: &Self) -> bool {
        (self.alignment.speed / other.alignment.speed - 1.0).abs() <= SAME_SPEED
    }

    fn correlates_like(&self, first: &Self) -> bool {
        self.correlation >= first.correlation * FURTHER_CORRELATION
    }
}

/// 1 for an upright picture at normal speed, less for what is seldom done.
fn usualness(alignment: &Alignment) -> f64 {
    let is_normal = (alignment.speed - 1.0).abs() < NORMAL_SPEED;
    let is_upright = alignment.orientation.quarters == 0;
    if is_normal && is_upright { 1.0 } else { UNUSUAL_EDIT }
}

#[cfg(test)]
mod tests {
    use super::super::orientation::Orientation;
    use super::super::testing::{as_is, match_of};
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    #[test]
    fn evidence_is_correlation_times_the_root_of_moments_and_of_the_fourth_root_of_the_area() {
        near(match_of(as_is()).evidence(), 1.0);
        near(Match { area: 1.0 / 16.0, ..match_of(as_is()) }.evidence(), 0.5f64.sqrt());
        near(Match { moments: 9.0, correlation: 0.4, ..match_of(as_is()) }.evidence(), 1.2);
    }

    #[test]
    fn what_is_seldom_done_counts_less() {
        let at = |speed, quarters, mirrored| {
            match_of(Alignment { speed, orientation: Orientation { mirrored, quarters }, ..as_is() }).evidence()
        };
        near(at(1.0, 0, true), 1.0);
        near(at(1.029, 0, false), 1.0);
        near(at(0.971, 0, false), 1.0);
        near(at(1.031, 0, false), 0.7);
        near(at(0.969, 0, false), 0.7);
        near(at(1.0, 2, false), 0.7);
    }

    #[test]
    fn motion_that_recurs_and_small_parts_count_less() {
        near(Match { elsewhere: 0.6, ..match_of(as_is()) }.evidence(), 0.7);
        near(Match { coverage: 0.5, ..match_of(as_is()) }.evidence(), 1.0);
        near(Match { coverage: 0.25, ..match_of(as_is()) }.evidence(), 0.8);
        near(Match { coverage: 0.0, ..match_of(as_is()) }.evidence(), 0.6);
        let all = Match { elsewhere: 1.0, coverage: 0.0, ..match_of(Alignment { speed: 2.0, ..as_is() }) };
        near(all.evidence(), 0.7 * 0.5 * 0.6);
        near(all.unweighted_evidence(), 1.0);
    }

    #[test]
    fn a_further_stretch_needs_less_at_the_same_speed_only() {
        let first = match_of(as_is());
        let further = |speed, correlation: f64, evidence: f64| {
            let moments = (evidence / correlation).powi(2);
            Match { correlation, moments, ..match_of(Alignment { speed, ..as_is() }) }.is_enough_beside(&first)
        };
        assert!(further(1.0, 0.5, 1.201) && !further(1.0, 0.5, 1.199));
        assert!(further(1.049, 0.5, 1.201) && further(0.951, 0.5, 1.201));
        assert!(!further(1.051, 0.5, 1.201) && !further(0.949, 0.5, 1.201));
        // At another speed it is weighted by 0.7 as well.
        assert!(further(1.5, 0.5, 1.701 / 0.7) && !further(1.5, 0.5, 1.699 / 0.7));
        // However much evidence there is, it may not correlate much less than the first.
        assert!(further(1.0, 0.351, 9.0) && !further(1.0, 0.349, 9.0));
    }

    #[test]
    fn a_moment_of_a_match_may_correlate_a_little_less_than_all_of_it() {
        let neutral = |correlation| Match { correlation, ..match_of(as_is()) }.neutral_correlation();
        near(neutral(0.8), 0.6000000000000001);
        near(neutral(0.4), 0.3);
    }
}
