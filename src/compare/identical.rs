//! Stretches in which both have the same frames, bit for bit: footage that was cut or repacked without being coded anew.
//!
//! The exact digests of frames prove this, whether anything moves or not. A still stretch may repeat one digest for hours, so
//! only digests that are rare count.

use super::hypotheses::WHOLE;
use super::result::Segment;
use crate::fingerprint::{Fingerprint, Frame};
use crate::hash::digest::Sha256Bytes;
use std::cmp::Reverse;
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
    // The shorter side is looked up in, the longer only read.
    let (one, other) = if a.frames.len() <= b.frames.len() { (a, b) } else { (b, a) };
    let mut runs = runs(&one.frames, &other.frames);
    if one.frames.len() != a.frames.len() {
        runs.iter_mut().for_each(|run| *run = Run { from: run.to, to: run.from, ..*run });
    }
    runs.sort_by_key(|run| Reverse(run.length));
    let mut kept: Vec<Run> = Vec::new();
    for run in runs {
        if kept.iter().all(|other| run.from + run.length <= other.from || other.from + other.length <= run.from) {
            kept.push(run);
        }
    }
    kept.sort_by_key(|run| run.from);
    kept.iter().map(|run| segment(run, a, b)).collect()
}

/// All runs of equal frames that hold [`PROOF`]. `a` is the shorter.
fn runs(a: &[Frame], b: &[Frame]) -> Vec<Run> {
    let mut places: HashMap<&Sha256Bytes, Vec<usize>> =
        a.iter().filter_map(|frame| Some((frame.sha256.as_ref()?, Vec::new()))).collect();
    for (at, frame) in b.iter().enumerate() {
        if let Some(places) = frame.sha256.as_ref().and_then(|digest| places.get_mut(digest))
            && places.len() <= RARE
        {
            places.push(at);
        }
    }
    places.retain(|_, places| (1..=RARE).contains(&places.len()));
    let is_rare = |frame: &&Frame| frame.sha256.is_some_and(|digest| places.contains_key(&digest));
    // Where the last run of each diagonal ends, so that it is followed once.
    let mut ends: HashMap<usize, usize> = HashMap::new();
    // Crafted files may have runs everywhere; no file of a camera comes near this.
    let mut work_left = MOST_WORK * (a.len() + b.len());
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
            if rare.map(|frame| frame.sha256).collect::<HashSet<_>>().len() >= PROOF {
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
