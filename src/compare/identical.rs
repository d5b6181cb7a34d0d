//! Stretches in which both have the same frames, bit for bit: footage that was cut or repacked without being coded
//! anew.
//!
//! The exact digests of frames prove this, whether anything moves or not. A still stretch may repeat one digest for
//! hours, so only digests that are rare count.

use super::hypotheses::WHOLE;
use super::result::{Segment, rounded};
use crate::fingerprint::{Fingerprint, Frame};
use crate::hash::digest::Sha256Bytes;
use crate::ranked::highest_first;
use std::collections::{HashMap, HashSet};

/// Different rare frames in one run that prove it. By trial; two digests of SHA-256 are never equal by accident, but
/// two videos may begin with the same title.
const LEAST_RARE: usize = 10;
/// A digest that occurs more often than this on one side tells no moment. By trial; bounds work.
const MOST_OCCURRENCES: usize = 8;
/// Frames that are compared in all, for each that there is. Bounds work: crafted files may have runs everywhere, no
/// file of a camera comes near this.
const WORK_PER_FRAME: usize = 64;
/// A speed nearer than this to 1 is the rounding of time stamps. By trial.
const SPEED_ROUNDING: f64 = 0.005;
/// A run is taken to last this long at least, seconds, so that it has a speed. Derived: the unit that times are rounded
/// to.
const LEAST_S: f64 = 1e-3;

/// Frames `from .. from + length` of A are frames `to .. to + length` of B.
#[derive(Clone, Copy, Debug)]
struct Run {
    from: usize,
    to: usize,
    length: usize,
}

/// The stretches that are proven, in the order of A, where they do not overlap.
pub(super) fn segments(a: &Fingerprint, b: &Fingerprint) -> Vec<Segment> {
    // The shorter side is looked up in, the longer only read.
    let (one, other) = if a.frames.len() <= b.frames.len() { (a, b) } else { (b, a) };
    let mut runs = runs(&one.frames, &other.frames);
    if one.frames.len() != a.frames.len() {
        runs.iter_mut().for_each(|run| *run = Run { from: run.to, to: run.from, ..*run });
    }
    let mut kept: Vec<Run> = Vec::new();
    for run in highest_first(runs, |run| run.length as f64) {
        if kept.iter().all(|other| run.from + run.length <= other.from || other.from + other.length <= run.from) {
            kept.push(run);
        }
    }
    highest_first(kept, |run| -(run.from as f64)).iter().map(|run| segment(run, a, b)).collect()
}

/// All runs of equal frames that hold [`LEAST_RARE`] different rare ones. `a` is the shorter.
fn runs(a: &[Frame], b: &[Frame]) -> Vec<Run> {
    let mut places: HashMap<&Sha256Bytes, Vec<usize>> =
        a.iter().filter_map(|frame| Some((frame.sha256.as_ref()?, Vec::new()))).collect();
    for (at, frame) in b.iter().enumerate() {
        if let Some(places) = frame.sha256.as_ref().and_then(|digest| places.get_mut(digest))
            && places.len() <= MOST_OCCURRENCES
        {
            places.push(at);
        }
    }
    places.retain(|_, places| (1..=MOST_OCCURRENCES).contains(&places.len()));
    let is_rare = |frame: &&Frame| frame.sha256.is_some_and(|digest| places.contains_key(&digest));
    // Where the last run of each diagonal ends, so that it is followed once.
    let mut ends: HashMap<usize, usize> = HashMap::new();
    let mut work_left = WORK_PER_FRAME * (a.len() + b.len());
    let mut found = Vec::new();
    for (from, frame) in a.iter().enumerate() {
        for &to in frame.sha256.and_then(|digest| places.get(&digest)).into_iter().flatten() {
            let end = ends.entry(to + a.len() - from).or_default();
            if from < *end || work_left == 0 {
                continue;
            }
            let run = run_through(a, b, from, to);
            *end = run.from + run.length;
            work_left = work_left.saturating_sub(run.length);
            let rare = a[run.from..*end].iter().filter(is_rare);
            if rare.map(|frame| frame.sha256).collect::<HashSet<_>>().len() >= LEAST_RARE {
                found.push(run);
            }
        }
    }
    found
}

/// The whole run of equal frames that frame `from` of A and `to` of B are part of.
fn run_through(a: &[Frame], b: &[Frame], from: usize, to: usize) -> Run {
    let is_equal = |(a, b): &(&Frame, &Frame)| a.sha256.is_some() && a.sha256 == b.sha256;
    let before = a[..from].iter().rev().zip(b[..to].iter().rev()).take_while(is_equal).count();
    let after = a[from..].iter().zip(&b[to..]).take_while(is_equal).count();
    Run { from: from - before, to: to - before, length: before + after }
}

/// A run as a segment, with times in seconds.
fn segment(run: &Run, a: &Fingerprint, b: &Fingerprint) -> Segment {
    let times = |fingerprint: &Fingerprint, first: usize| {
        let seconds = |frame: usize| {
            let at = fingerprint.frames.get(frame).map(|frame| fingerprint.header.time_base.seconds(frame.ticks));
            at.unwrap_or_else(|| fingerprint.duration_s())
        };
        [seconds(first), seconds(first + run.length)].map(rounded)
    };
    let (in_a, in_b) = (times(a, run.from), times(b, run.to));
    let speed = rounded((in_b[1] - in_b[0]) / (in_a[1] - in_a[0]).max(LEAST_S));
    Segment {
        a: in_a,
        b: in_b,
        speed: if (speed - 1.0).abs() < SPEED_ROUNDING { 1.0 } else { speed },
        score: 1.0,
        mirrored: false,
        turned: 0,
        tilted: 0.0,
        backwards: false,
        negative: false,
        a_view: WHOLE,
        b_view: WHOLE,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fingerprint, hash};
    use super::*;
    use crate::hash::digest::sha256;

    /// Ten frames a second, with the digests of these numbers.
    fn digested(numbers: impl IntoIterator<Item = usize>) -> Fingerprint {
        let digests: Vec<Sha256Bytes> = numbers.into_iter().map(|number| sha256(&number.to_le_bytes())).collect();
        let mut print = fingerprint(&vec![(hash(0), 100); digests.len()], Vec::new());
        print.frames.iter_mut().zip(digests).for_each(|(frame, digest)| frame.sha256 = Some(digest));
        print
    }

    fn times(a: &Fingerprint, b: &Fingerprint) -> Vec<([f64; 2], [f64; 2])> {
        segments(a, b).iter().map(|segment| (segment.a, segment.b)).collect()
    }

    #[test]
    fn ten_rare_frames_in_a_row_prove_it() {
        let whole = digested(0..200);
        assert_eq!(times(&digested(50..60), &whole), [([0.0, 1.0], [5.0, 6.0])]);
        assert_eq!(times(&whole, &digested(50..60)), [([5.0, 6.0], [0.0, 1.0])]);
        assert_eq!(times(&digested(50..59), &whole), []);
        // Ten frames of which two are the same are nine different ones.
        let twice = digested((0..60).chain([59]).chain(60..200));
        assert_eq!(times(&digested((51..60).chain([59])), &twice), []);
    }

    #[test]
    fn a_digest_that_occurs_more_than_eight_times_tells_no_moment() {
        let repeated = |times: usize| digested((0..times).flat_map(|i| (0..10).chain([1000 + i])));
        assert_eq!(times(&digested(0..10), &repeated(8)).len(), 1);
        assert_eq!(times(&digested(0..10), &repeated(9)).len(), 0);
    }

    #[test]
    fn runs_do_not_overlap_in_a_and_the_longest_is_kept() {
        let a = digested(0..60);
        let b = digested((0..30).chain(500..510).chain(20..60));
        assert_eq!(times(&a, &b), [([2.0, 6.0], [4.0, 8.0])]);
        let cut = digested((0..20).chain(40..60));
        assert_eq!(times(&a, &cut), [([0.0, 2.0], [0.0, 2.0]), ([4.0, 6.0], [2.0, 4.0])]);
    }

    #[test]
    fn frames_without_digests_are_not_the_same() {
        let mut none = digested(0..60);
        none.frames.iter_mut().for_each(|frame| frame.sha256 = None);
        assert_eq!(times(&none, &none.clone()), []);
    }

    #[test]
    fn a_speed_near_one_is_the_rounding_of_time_stamps() {
        let slower = |per_mille: u32| {
            let mut print = digested(0..200);
            print.header.time_base = crate::hash::motion::TimeBase(per_mille, 10_000);
            segments(&digested(0..200), &print)[0].speed
        };
        assert_eq!([1004, 996, 1006, 994].map(slower), [1.0, 1.0, 1.006, 0.994]);
    }

    #[test]
    fn work_is_bounded() {
        // Every frame equals eight others: each diagonal is a run of its own.
        let crafted = digested((0..8).flat_map(|_| 0..40));
        let found = runs(&crafted.frames, &crafted.frames);
        assert!(found.len() == 15 && found.iter().map(|run| run.length).max() == Some(320), "{found:?}");
    }

    #[test]
    fn a_run_begins_with_the_equal_frames_before_the_first_rare_one() {
        let black = std::iter::repeat_n(999, 10);
        let a = digested([1].into_iter().chain(black.clone()).chain(20..40));
        let b = digested([2, 3].into_iter().chain(black).chain(20..40));
        assert_eq!(times(&a, &b), [([0.1, 3.1], [0.2, 3.2])]);
    }

    #[test]
    fn speed_is_that_of_a_run_wherever_it_lies() {
        let mut slow = digested((1000..1030).chain(0..200));
        slow.header.time_base = crate::hash::motion::TimeBase(2, 10);
        let found = &segments(&digested((2000..2050).chain(0..200)), &slow)[0];
        assert_eq!((found.a, found.b, found.speed), ([5.0, 25.0], [6.0, 46.0], 2.0));
    }
}
