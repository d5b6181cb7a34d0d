//! What the strongest match, and the likeness of the pictures, amount to.

use super::align::Alignment;
use super::appearance::witness;
use super::hypotheses::WHOLE;
use super::orientation::Orientation;
use super::result::{Comparison, Reason, Segment, Verdict};
use super::scene::likeness;
use super::search::{self, best_match, further_matches};
use super::segment::{Match, Pair};
use super::{ends, geometry, identical};
use crate::fingerprint::Fingerprint;
use crate::hash::motion::{RATE_HZ, Sample, moving_cells};

/// Evidence from which on a match is called the same footage. docs/accuracy.md.
pub(super) const STRONG: f64 = 1.7;
/// Evidence from which on a match that is not strong is worth a warning.
const WEAK: f64 = 1.4;
/// Evidence up to which what moves is said to differ.
const NO_EVIDENCE: f64 = 0.9;
/// Share of what could have agreed from which on a match is not one of many.
const ENOUGH_COVERED: f64 = 0.5;
/// Share of frames that look alike from which on two videos show the same scene.
const SAME_SCENE: f64 = 0.25;
/// Seconds of motion that a verdict needs.
const ENOUGH_MOTION_S: f64 = 3.0;
/// The shortest signature that can be looked for, samples: 1.5 s.
const LEAST_SAMPLES: usize = 15;
/// The share of the shorter one from which on identical frames leave nothing to look for.
const NEARLY_ALL: f64 = 0.95;
/// Seconds of the same footage that are worth showing beyond identical frames.
const PART_S: f64 = 1.0;
/// Strength from which on a further stretch counts under a map and at a speed that a strong match has shown.
const STRONG_BESIDE: f64 = 1.2;
/// Speeds of two stretches that differ by no more are one speed, measured twice.
const SAME_SPEED: f64 = 0.05;

impl Match {
    /// Evidence: correlation, times the square root of how many independent moments and how much of the picture it rests
    /// on.
    pub fn strength(&self) -> f64 {
        self.correlation * (self.moments * self.area.sqrt().sqrt()).sqrt()
    }

    /// Strength, less where what was done is unusual, where the same motion recurs at another moment, and where the match is a
    /// small part of what could have agreed: the best of many parts agrees by chance.
    pub fn evidence(&self) -> f64 {
        let chosen = 0.6 + 0.4 * (self.coverage / ENOUGH_COVERED).min(1.0);
        self.strength() * plausibility(&self.alignment) * (1.0 - self.elsewhere / 2.0) * chosen
    }

    /// Whether it is strong enough, given that `first` is.
    ///
    /// `first` has shown the map and the speed. Another speed it has not shown: a second car in the lane of the first, only
    /// slower, agrees with it as well. Such a stretch has to be as strong as if it was all there is.
    pub fn is_strong_beside(&self, first: &Self) -> bool {
        let is_same_speed = (self.alignment.speed / first.alignment.speed - 1.0).abs() <= SAME_SPEED;
        let is_strong = if is_same_speed { self.strength() >= STRONG_BESIDE } else { self.evidence() >= STRONG };
        is_strong && self.correlation >= first.correlation * 0.7
    }
}

/// Most copies are played at normal speed and stand upright; chance has no such preference.
fn plausibility(alignment: &Alignment) -> f64 {
    let is_normal = (alignment.speed - 1.0).abs() < 0.03;
    let is_upright = alignment.orientation.quarters == 0;
    if is_normal && is_upright { 1.0 } else { 0.7 }
}

/// How promising a comparison is.
pub(super) fn glance(a: &Fingerprint, b: &Fingerprint) -> f32 {
    Sides::new(a, b).pair.map_or(0.0, |pair| search::glance(&pair))
}

/// The whole comparison.
pub(super) fn decide(a: &Fingerprint, b: &Fingerprint, progress: &mut dyn FnMut(f32)) -> Comparison {
    let identical = identical::segments(a, b);
    let seconds = |segments: &[Segment]| segments.iter().map(|segment| segment.a[1] - segment.a[0]).sum::<f64>();
    let proven = |segments| Comparison {
        verdict: Verdict::SameFootage,
        confidence: 1.0,
        reason: Reason::FramesIdentical,
        segments,
    };
    if seconds(&identical) >= NEARLY_ALL * a.duration_s().min(b.duration_s()) {
        return proven(identical);
    }
    let by_motion = by_motion(a, b, progress);
    match () {
        () if identical.is_empty() => by_motion,
        // A part was coded anew: motion sees all of it.
        () if seconds(&by_motion.segments) > seconds(&identical) + PART_S => proven(by_motion.segments),
        () => proven(identical),
    }
}

/// The shorter signature is looked for in the longer.
fn by_motion(a: &Fingerprint, b: &Fingerprint, progress: &mut dyn FnMut(f32)) -> Comparison {
    let sides = Sides::new(a, b);
    let best = sides.pair.and_then(|pair| Some((pair, best_match(&pair, progress)?)));
    progress(1.0);
    let Some((pair, best)) = best else { return without_match(a, b, 0.0) };
    let x = best.evidence() * witness(&best, sides.query, sides.reference);
    if x < STRONG {
        return without_match(a, b, x);
    }
    let best = Match { alignment: geometry::exact(&pair, &best), ..best };
    let matches = further_matches(&pair, &best);
    let times = ends::times(&pair, &matches, sides.query, sides.reference);
    let segments = matches.iter().zip(times).map(|(found, times)| sides.segment(found, times)).collect();
    Comparison { verdict: Verdict::SameFootage, confidence: confidence(x), reason: Reason::MotionAgrees, segments }
}

/// What can be said where no motion agrees enough.
fn without_match(a: &Fingerprint, b: &Fingerprint, x: f64) -> Comparison {
    let says = |verdict, confidence, reason| Comparison { verdict, confidence, reason, segments: Vec::new() };
    let moving = |fingerprint: &Fingerprint| moving_seconds(&fingerprint.motion);
    let least_moving = moving(a).min(moving(b));
    if likeness(a, b).is_some_and(|share| share >= SAME_SCENE) {
        let differs = least_moving >= ENOUGH_MOTION_S && x < NO_EVIDENCE;
        let reason = if differs { Reason::MotionDiffers } else { Reason::MomentUnknown };
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

/// Which of the two is looked for in the other.
struct Sides<'a> {
    query: &'a Fingerprint,
    reference: &'a Fingerprint,
    /// Whether the query is B.
    swapped: bool,
    /// Their signatures; nothing where the shorter is too short.
    pair: Option<Pair<'a>>,
}

impl<'a> Sides<'a> {
    fn new(a: &'a Fingerprint, b: &'a Fingerprint) -> Self {
        let swapped = a.motion.len() > b.motion.len();
        let (query, reference) = if swapped { (b, a) } else { (a, b) };
        let shapes = [query, reference].map(|side| f64::from(side.header.width) / f64::from(side.header.height));
        let is_long = query.motion.len() >= LEAST_SAMPLES;
        let pair = is_long.then_some(Pair { query: &query.motion, reference: &reference.motion, shapes });
        Self { query, reference, swapped, pair }
    }

    /// A match as a segment of A and B.
    fn segment(&self, found: &Match, query_s: [f64; 2]) -> Segment {
        let alignment = &found.alignment;
        let (query_view, oriented_view) = alignment.shared().unwrap_or((WHOLE, WHOLE));
        let reference_view = alignment.orientation.rectangle_in_source(oriented_view);
        let limit = self.reference.duration_s();
        let reference_s = query_s.map(|at| alignment.reference_time(at).clamp(0.0, limit));
        let [query_s, reference_s] = [query_s, reference_s].map(|times| times.map(rounded));
        let [query_view, reference_view] = [query_view, reference_view].map(|view| view.map(|at| rounded(at.abs())));
        let Orientation { mirrored, quarters } = alignment.orientation;
        let as_is = Segment {
            a: query_s,
            b: reference_s,
            speed: rounded(alignment.speed),
            score: rounded(found.correlation),
            mirrored,
            turned: u16::from(quarters) * 90,
            a_view: query_view,
            b_view: reference_view,
        };
        if !self.swapped {
            return as_is;
        }
        Segment {
            a: reference_s,
            b: query_s,
            speed: rounded(1.0 / alignment.speed),
            turned: u16::from(alignment.orientation.inverse().quarters) * 90,
            a_view: reference_view,
            b_view: query_view,
            ..as_is
        }
    }
}

/// To thousandths.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
