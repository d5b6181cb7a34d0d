//! What the strongest match, and the likeness of the pictures, amount to.

use super::align::Alignment;
use super::hypotheses::WHOLE;
use super::orientation::Orientation;
use super::scene::likeness;
use super::search::{self, best_match, further_matches};
use super::segment::{Match, Pair};
use super::{Comparison, Reason, Segment, Verdict};
use crate::fingerprint::Fingerprint;
use crate::motion::{RATE_HZ, STEP, Sample, moving_cells};

/// Evidence from which on a match is called the same footage. docs/accuracy.md.
pub(super) const STRONG: f64 = 2.0;
/// Evidence from which on a match that is not strong is worth a warning.
const WEAK: f64 = 1.5;
/// Share of frames that look alike from which on two videos show the same scene.
const SAME_SCENE: f64 = 0.25;
/// Seconds of motion that a verdict needs.
const ENOUGH_MOTION_S: f64 = 3.0;
/// The shortest signature that can be looked for, samples: 1.5 s.
const LEAST_SAMPLES: usize = 15;
/// The same for a further stretch under a map that a strong match has shown.
const STRONG_BESIDE: f64 = 1.2;

impl Match {
    /// Evidence: correlation, times the square root of how many independent moments and how much of the picture it rests
    /// on.
    pub fn strength(&self) -> f64 {
        self.correlation * (self.moments * self.area.sqrt()).sqrt()
    }

    /// Strength, less where what was done is unusual, and where the same motion recurs at another moment.
    pub fn evidence(&self) -> f64 {
        self.strength() * plausibility(&self.alignment) * (1.0 - self.elsewhere / 2.0)
    }

    /// Whether it is strong enough, given that `first` is.
    pub fn is_strong_beside(&self, first: &Self) -> bool {
        self.strength() >= STRONG_BESIDE && self.correlation >= first.correlation * 0.7
    }
}

/// Most copies are played at normal speed and stand upright; chance has no such preference.
fn plausibility(alignment: &Alignment) -> f64 {
    let is_normal = (alignment.speed - 1.0).abs() < 0.03;
    let is_upright = alignment.orientation.quarters == 0;
    if is_normal && is_upright { 1.0 } else { 0.8 }
}

/// How promising a comparison is.
pub(super) fn glance(a: &Fingerprint, b: &Fingerprint) -> f32 {
    let (query, reference) = if a.motion.len() > b.motion.len() { (b, a) } else { (a, b) };
    if query.motion.len() < LEAST_SAMPLES {
        return 0.0;
    }
    search::glance(&Pair { query: &query.motion, reference: &reference.motion })
}

/// The whole comparison. The shorter signature is looked for in the longer.
pub(super) fn decide(a: &Fingerprint, b: &Fingerprint, progress: &mut dyn FnMut(f32)) -> Comparison {
    let swapped = a.motion.len() > b.motion.len();
    let (query, reference) = if swapped { (b, a) } else { (a, b) };
    let pair = Pair { query: &query.motion, reference: &reference.motion };
    let best = if pair.query.len() < LEAST_SAMPLES { None } else { best_match(&pair, progress) };
    progress(1.0);
    let x = best.as_ref().map_or(0.0, Match::evidence);
    if let Some(best) = best.filter(|_| x >= STRONG) {
        let segments =
            further_matches(&pair, &best).iter().map(|found| segment(found, query, reference, swapped)).collect();
        return Comparison {
            verdict: Verdict::SameFootage,
            confidence: confidence(x),
            reason: Reason::MotionAgrees,
            segments,
        };
    }
    without_match(a, b, x)
}

/// What can be said where no motion agrees enough.
fn without_match(a: &Fingerprint, b: &Fingerprint, x: f64) -> Comparison {
    let says = |verdict, confidence, reason| Comparison { verdict, confidence, reason, segments: Vec::new() };
    let moving = |fingerprint: &Fingerprint| moving_seconds(&fingerprint.motion);
    let least_moving = moving(a).min(moving(b));
    if likeness(a, b).is_some_and(|share| share >= SAME_SCENE) {
        let reason = if least_moving >= ENOUGH_MOTION_S { Reason::MotionDiffers } else { Reason::MomentUnknown };
        return says(Verdict::SameScene, 0.9, reason);
    }
    let shortest = a.motion.len().min(b.motion.len()) as f64 / f64::from(RATE_HZ);
    if shortest < ENOUGH_MOTION_S {
        return says(Verdict::CantTell, 0.0, Reason::TooShort);
    }
    if least_moving < ENOUGH_MOTION_S {
        return says(Verdict::CantTell, 0.0, Reason::NothingMoves);
    }
    if x >= WEAK {
        return says(Verdict::CantTell, 0.0, Reason::WeakEvidence);
    }
    says(Verdict::NoMatch, confidence(STRONG + WEAK - x), Reason::NothingAgrees)
}

/// Seconds in which at least one in a hundred cells moves.
fn moving_seconds(motion: &[Sample]) -> f64 {
    let moving = motion.iter().filter(|sample| moving_cells(sample) >= 3).count();
    moving as f64 / f64::from(RATE_HZ)
}

/// 0.5 at half the evidence that is needed, towards 1 above.
fn confidence(x: f64) -> f64 {
    let y = (x - STRONG / 2.0) / (STRONG / 2.0);
    ((0.5 + 0.5 * y / (1.0 + y * y).sqrt()) * 100.0).round() / 100.0
}

/// A match as a segment of A and B.
fn segment(found: &Match, query: &Fingerprint, reference: &Fingerprint, swapped: bool) -> Segment {
    let alignment = &found.alignment;
    let (query_view, oriented_view) = alignment.shared().unwrap_or((WHOLE, WHOLE));
    let reference_view = alignment.orientation.rectangle_in_source(oriented_view);
    let query_s = times(found, query.duration_s());
    let limit = reference.duration_s();
    let reference_s = query_s.map(|at| alignment.reference_time(at).clamp(0.0, limit));
    let round = |value: f64, parts: f64| (value * parts).round() / parts;
    let [query_s, reference_s] = [query_s, reference_s].map(|times| times.map(|at| round(at, 1000.0)));
    let [query_view, reference_view] = [query_view, reference_view].map(|view| view.map(|at| round(at.abs(), 1000.0)));
    let (speed, score) = (round(alignment.speed, 1000.0), round(found.correlation, 1000.0));
    let Orientation { mirrored, quarters } = alignment.orientation;
    let turned = |quarters: u8| u16::from(quarters) * 90;
    if swapped {
        let inverse = alignment.orientation.inverse();
        let speed = round(1.0 / alignment.speed, 1000.0);
        return Segment {
            a: reference_s,
            b: query_s,
            speed,
            score,
            mirrored,
            turned: turned(inverse.quarters),
            a_view: reference_view,
            b_view: query_view,
        };
    }
    Segment {
        a: query_s,
        b: reference_s,
        speed,
        score,
        mirrored,
        turned: turned(quarters),
        a_view: query_view,
        b_view: reference_view,
    }
}

/// Start and end of a match in the query, seconds. An entry tells of the [`STEP`] samples before it.
fn times(found: &Match, duration_s: f64) -> [f64; 2] {
    let seconds = |samples: usize| samples as f64 / f64::from(RATE_HZ);
    [seconds(found.range.start.saturating_sub(STEP)), seconds(found.range.end).min(duration_s)]
}
