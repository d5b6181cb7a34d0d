//! Stretches in which both have the same frames, bit for bit: footage that was cut or repacked without being coded anew.
//!
//! The exact digests of frames prove this, whether anything moves or not. A still stretch may repeat one digest for hours, so
//! only digests that are rare count.

use super::hypotheses::WHOLE;
use super::result::Segment;
use crate::digest::Sha256Bytes;
use crate::fingerprint::Fingerprint;
use std::collections::{HashMap, HashSet};

/// Different rare frames, one after the other, that are no accident.
const PROOF: usize = 10;
/// A digest that occurs more often than this tells no moment.
const RARE: usize = 8;
/// Frames that are compared in all, for each that there is.
const MOST_WORK: usize = 64;
/// A speed this near to 1 is the rounding of time stamps.
const ROUNDING: f64 = 0.005;

/// Frames `from .. from + length` of A are frames `to .. to + length` of B.
#[derive(Clone, Copy, Debug)]
struct Run {
    from: usize,
    to: usize,
    length: usize,
}

/// The stretches that are proven, in the order of A, where they do not overlap.
pub(super) fn segments(a: &Fingerprint, b: &Fingerprint) -> Vec<Segment> {
    let (Some(frames_a), Some(frames_b)) = (digests(a), digests(b)) else { return Vec::new() };
    let mut runs = runs(&frames_a, &frames_b);
    runs.sort_by_key(|run| std::cmp::Reverse(run.length));
    let mut kept: Vec<Run> = Vec::new();
    for run in runs {
        if kept.iter().all(|other| run.from + run.length <= other.from || other.from + other.length <= run.from) {
            kept.push(run);
        }
    }
    kept.sort_by_key(|run| run.from);
    kept.iter().map(|run| segment(run, a, b)).collect()
}

/// The exact digests of all frames; nothing where one has none.
fn digests(fingerprint: &Fingerprint) -> Option<Vec<Sha256Bytes>> {
    fingerprint.frames.iter().map(|frame| frame.sha256).collect()
}

/// All runs of equal frames that hold [`PROOF`].
fn runs(a: &[Sha256Bytes], b: &[Sha256Bytes]) -> Vec<Run> {
    let mut places: HashMap<&Sha256Bytes, Vec<usize>> = HashMap::new();
    for (at, digest) in b.iter().enumerate() {
        places.entry(digest).or_default().push(at);
    }
    places.retain(|_, places| places.len() <= RARE);
    // Where the last run of each diagonal ends, so that it is followed once.
    let mut ends: HashMap<usize, usize> = HashMap::new();
    // Crafted files may have runs everywhere; no file of a camera comes near this.
    let mut work_left = MOST_WORK * (a.len() + b.len());
    let mut found = Vec::new();
    for (from, digest) in a.iter().enumerate() {
        for &to in places.get(digest).into_iter().flatten() {
            let end = ends.entry(to + a.len() - from).or_default();
            if from < *end || work_left == 0 {
                continue;
            }
            let run = run_through(a, b, from, to);
            *end = run.from + run.length;
            work_left = work_left.saturating_sub(run.length);
            let rare = a[run.from..*end].iter().filter(|digest| places.contains_key(digest));
            if rare.collect::<HashSet<_>>().len() >= PROOF {
                found.push(run);
            }
        }
    }
    found
}

/// The whole run of equal frames that frame `from` of A and `to` of B are part of.
fn run_through(a: &[Sha256Bytes], b: &[Sha256Bytes], from: usize, to: usize) -> Run {
    let before = a[..from].iter().rev().zip(b[..to].iter().rev()).take_while(|(a, b)| a == b).count();
    let after = a[from..].iter().zip(&b[to..]).take_while(|(a, b)| a == b).count();
    Run { from: from - before, to: to - before, length: before + after }
}

fn segment(run: &Run, a: &Fingerprint, b: &Fingerprint) -> Segment {
    let times = |fingerprint: &Fingerprint, first: usize| {
        let seconds = |frame: usize| {
            let at = fingerprint.frames.get(frame).map(|frame| fingerprint.header.time_base.seconds(frame.ticks));
            at.unwrap_or_else(|| fingerprint.duration_s())
        };
        [seconds(first), seconds(first + run.length)].map(|at| (at * 1000.0).round() / 1000.0)
    };
    let (in_a, in_b) = (times(a, run.from), times(b, run.to));
    let speed = ((in_b[1] - in_b[0]) / (in_a[1] - in_a[0]).max(1e-3) * 1000.0).round() / 1000.0;
    Segment {
        a: in_a,
        b: in_b,
        speed: if (speed - 1.0).abs() < ROUNDING { 1.0 } else { speed },
        score: 1.0,
        mirrored: false,
        turned: 0,
        a_view: WHOLE,
        b_view: WHOLE,
    }
}
