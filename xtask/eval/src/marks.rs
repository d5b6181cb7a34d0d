//! How right an answer is about a copy whose time or picture may change on the way: judged second by second, whatever the
//! number of stretches that it is told in.

use super::trial::Outcome;
use super::truth::{Geometry, TrueSegment, Truth};
use super::views::view_error;
use cotejo::compare::{Reason, Segment, Verdict};

/// How densely the copy is looked at, seconds.
const EVERY_S: f64 = 0.1;
/// A moment this near is right. Chosen: what a person who goes there sees at once.
const NEAR_S: f64 = 0.5;
/// A stretch may run past a cut by so much; the aim for ends in docs/accuracy/videos.md.
const EDGE_S: f64 = 0.3;
/// So much of what comes from the source has to be told rightly.
const LEAST_RIGHT: f64 = 0.8;
/// So much of the copy may be told wrongly.
const MOST_WRONG: f64 = 0.1;
/// The aim for views, as a share of the picture; and for pictures that are no rectangles, or that move.
const NEAR_VIEW: f64 = 0.05;
/// See above.
const NEAR_LOOSE_VIEW: f64 = 0.1;

/// What is said of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The same footage.
    Same,
    /// Wrongly: nothing in common.
    NoMatch,
    /// Wrongly: the same place at another moment.
    OtherMoment,
    /// Neither, or the same place with an unknown moment.
    CantTell,
}

/// How right an answer is.
#[derive(Clone, Copy, Debug)]
pub struct Marks {
    /// The verdict.
    pub told: Told,
    /// The share of what comes from the source that is told rightly. What is frozen need not be told.
    pub right: f64,
    /// The share of the copy that is told wrongly.
    pub wrong: f64,
    /// Stretches that are wrong for the most part.
    pub wrong_stretches: usize,
    /// The largest error of a view, as a share of what is allowed; none where no stretch is right.
    pub view: Option<f64>,
}

impl Marks {
    /// Whether the times are right.
    pub fn is_time_right(&self) -> bool {
        self.told == Told::Same && self.right >= LEAST_RIGHT && self.wrong <= MOST_WRONG
    }

    /// Whether orientation and views are right.
    pub fn is_view_right(&self) -> bool {
        self.told == Told::Same && self.view.is_some_and(|error| error <= 1.0)
    }

    /// Whether all is right.
    pub fn is_all_right(&self) -> bool {
        self.is_time_right() && self.is_view_right()
    }
}

/// Judges an answer.
pub fn marks(outcome: &Outcome, truth: &Truth) -> Marks {
    let comparison = &outcome.comparison;
    let told = match (comparison.verdict, comparison.reason) {
        (Verdict::SameFootage, _) => Told::Same,
        (Verdict::NoMatch, _) => Told::NoMatch,
        (Verdict::SameScene, Reason::MotionDiffers) => Told::OtherMoment,
        _ => Told::CantTell,
    };
    let (right, wrong) = shares(&comparison.segments, truth);
    let (good, bad): (Vec<&Segment>, Vec<&Segment>) =
        comparison.segments.iter().partition(|segment| is_mostly_right(segment, truth));
    let errors = good.iter().map(|segment| view_share(segment, truth, outcome.b_rotation));
    Marks { told, right, wrong, wrong_stretches: bad.len(), view: errors.reduce(f64::max) }
}

/// The shares of the copy that are told rightly and wrongly.
fn shares(segments: &[Segment], truth: &Truth) -> (f64, f64) {
    let (mut due, mut right, mut wrong) = (0, 0, 0);
    let samples = (truth.duration_s / EVERY_S) as usize;
    for time in (0..samples).map(|i| (i as f64 + 0.5) * EVERY_S) {
        let told: Vec<f64> = segments.iter().filter_map(|segment| moment(segment, time)).collect();
        let is_due = truth.segments.iter().any(|part| part.speed != 0.0 && holds(part.copy, time, 0.0));
        due += usize::from(is_due);
        right += usize::from(is_due && told.iter().any(|told| is_true(truth, time, *told, 0.0)));
        wrong += usize::from(told.iter().any(|told| !is_true(truth, time, *told, EDGE_S)));
    }
    (right as f64 / due.max(1) as f64, wrong as f64 / samples.max(1) as f64)
}

fn holds([start, end]: [f64; 2], time: f64, slack_s: f64) -> bool {
    (start - slack_s..end + slack_s).contains(&time)
}

/// The moment of the source that a stretch tells for a time of the copy.
fn moment(segment: &Segment, time: f64) -> Option<f64> {
    let share = (time - segment.a[0]) / (segment.a[1] - segment.a[0]);
    let [from, to] = if segment.backwards { [segment.b[1], segment.b[0]] } else { segment.b };
    (0.0..1.0).contains(&share).then_some(from + share * (to - from))
}

fn is_true(truth: &Truth, time: f64, told: f64, slack_s: f64) -> bool {
    let shown = |part: &&TrueSegment| holds(part.copy, time, slack_s);
    truth.segments.iter().filter(shown).any(|part| {
        let moment = part.source[0] + (time - part.copy[0]) * part.speed;
        (moment - told).abs() <= NEAR_S
    })
}

fn is_mostly_right(segment: &Segment, truth: &Truth) -> bool {
    let [start, end] = segment.a;
    let samples = ((end - start) / EVERY_S).max(1.0) as usize;
    let times = (0..samples).map(|i| start + (end - start) * (i as f64 + 0.5) / samples as f64);
    let right =
        times.filter_map(|time| moment(segment, time).filter(|told| is_true(truth, time, *told, EDGE_S))).count();
    2 * right > samples
}

/// The error of a stretch's views in its middle, as a share of what is allowed.
fn view_share(segment: &Segment, truth: &Truth, b_rotation: u16) -> f64 {
    let middle = (segment.a[0] + segment.a[1]) / 2.0;
    let distance = |part: &TrueSegment| (part.copy[0] - middle).max(middle - part.copy[1]).max(0.0);
    let Some(part) = truth.segments.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))) else {
        return f64::INFINITY;
    };
    let geometry = &part.geometry;
    if segment.negative != geometry.inverted {
        return f64::INFINITY;
    }
    let is_loose = geometry.approximate || !geometry.moves.is_empty();
    let (src_view, placed) = geometry.at(middle);
    let seen = Geometry { src_view, placed, ..geometry.clone() };
    view_error(segment, &seen, b_rotation) / if is_loose { NEAR_LOOSE_VIEW } else { NEAR_VIEW }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cotejo::compare::View;

    const WHOLE: View = [0.0, 0.0, 1.0, 1.0];

    fn told(a: [f64; 2], b: [f64; 2]) -> Segment {
        let speed = (b[1] - b[0]) / (a[1] - a[0]);
        Segment {
            a,
            b,
            speed,
            score: 0.9,
            mirrored: false,
            turned: 0,
            tilted: 0.0,
            backwards: false,
            negative: false,
            a_view: WHOLE,
            b_view: WHOLE,
        }
    }

    fn geometry() -> Geometry {
        let (mirror, inverted, approximate) = (false, false, false);
        Geometry { src_view: WHOLE, placed: WHOLE, mirror, rotate: 0, inverted, approximate, moves: Vec::new() }
    }

    fn truth(parts: &[([f64; 2], [f64; 2])]) -> Truth {
        let segment = |&(copy, source): &([f64; 2], [f64; 2])| {
            let speed = (source[1] - source[0]) / (copy[1] - copy[0]);
            TrueSegment { copy, source, speed, geometry: geometry() }
        };
        let duration_s = parts.iter().map(|(copy, _)| copy[1]).fold(0.0, f64::max);
        Truth { segments: parts.iter().map(segment).collect(), geometry: geometry(), unrelated: None, duration_s }
    }

    #[test]
    fn a_stretch_that_is_played_backwards_is_right_only_if_it_is_told_so() {
        let truth = truth(&[([0.0, 10.0], [10.0, 0.0])]);
        let backwards = Segment { backwards: true, ..told([0.0, 10.0], [0.0, 10.0]) };
        assert_eq!(shares(&[backwards], &truth), (1.0, 0.0));
        let (right, wrong) = shares(&[told([0.0, 10.0], [0.0, 10.0])], &truth);
        assert!(right < 0.15 && wrong > 0.85, "{right} {wrong}");
    }

    #[test]
    fn each_round_of_a_loop_has_to_be_told() {
        let truth = truth(&[([0.0, 5.0], [2.0, 7.0]), ([5.0, 10.0], [2.0, 7.0])]);
        let (right, wrong) = shares(&[told([0.0, 5.0], [2.0, 7.0])], &truth);
        assert_eq!((right, wrong), (0.5, 0.0));
        let both = [told([0.0, 5.0], [2.0, 7.0]), told([5.0, 10.0], [2.0, 7.0])];
        assert_eq!(shares(&both, &truth), (1.0, 0.0));
    }

    #[test]
    fn what_runs_past_a_cut_is_wrong() {
        let truth = truth(&[([0.0, 5.0], [0.0, 5.0]), ([5.0, 10.0], [15.0, 20.0])]);
        let (right, wrong) = shares(&[told([0.0, 10.0], [0.0, 10.0])], &truth);
        assert!((right - 0.5).abs() < 1e-9 && (wrong - 0.47).abs() < 1e-9, "{right} {wrong}");
        assert!(!is_mostly_right(&told([4.0, 10.0], [4.0, 10.0]), &truth));
    }

    #[test]
    fn a_frozen_stretch_need_not_be_told_and_may_be() {
        let truth = truth(&[([0.0, 4.0], [0.0, 4.0]), ([4.0, 7.0], [4.0, 4.0]), ([7.0, 9.0], [4.0, 6.0])]);
        let moving = [told([0.0, 4.0], [0.0, 4.0]), told([7.0, 9.0], [4.0, 6.0])];
        assert_eq!(shares(&moving, &truth), (1.0, 0.0));
        assert_eq!(shares(&[moving[0].clone(), told([4.0, 7.0], [4.0, 4.0]), moving[1].clone()], &truth), (1.0, 0.0));
    }

    #[test]
    fn a_moving_window_is_judged_in_the_middle_of_each_stretch() {
        let mut truth = truth(&[([0.0, 10.0], [0.0, 10.0])]);
        truth.segments[0].geometry.moves =
            vec![(0.0, [0.0, 0.0, 0.3, 1.0], WHOLE), (10.0, [0.7, 0.0, 0.3, 1.0], WHOLE)];
        let at = |a: [f64; 2], left: f64| Segment { b_view: [left, 0.0, 0.3, 1.0], ..told(a, a) };
        assert!(view_share(&at([0.0, 2.0], 0.07), &truth, 0) < 0.01);
        assert!(view_share(&at([6.0, 10.0], 0.56), &truth, 0) < 0.01);
        assert!(view_share(&at([6.0, 10.0], 0.07), &truth, 0) > 1.0);
    }
}
