//! Straight lines of edges, from side to side or from top to bottom.

use super::shrunk::Shrunk;
use crate::ranked::highest_first;
use std::ops::Range;

/// The most lines of either direction, beside the ends of the still. Bounds work.
const MOST: usize = 24;
/// Luma changes at an edge by at least this much, levels: a picture's end on a page of nearly its colour, and more than
/// what JPEG does beside an edge. By reason.
const EDGE: u8 = 10;
/// How far beside an edge it is flatter, pixels. It is seen over two, so this is next to it.
const BESIDE: usize = 3;
/// What a pixel that is no edge takes from a line, against 1 that one gives: a line is where more than half are.
const GAP: i32 = 1;
/// The shortest line, as a share of the side: that of the smallest picture. Chosen.
const SHORTEST: f64 = 0.15;
/// Lines no further apart are one, pixels: what blurs an edge.
const NEAR: usize = 1;
/// How far beside a line texture is seen, pixels.
const ABOUT: usize = 6;
/// A line runs through an area if this share of it is edge.
const RUNS_THROUGH: f64 = 0.7;

/// Lines along one axis.
pub struct Lines {
    /// Where they are on the other, ascending; the ends of the still among them.
    pub at: Vec<usize>,
    /// For each place across, the edges before each place along.
    before: Vec<Vec<u32>>,
}

impl Lines {
    /// Those that run across.
    pub fn across(picture: &Shrunk) -> Self {
        let (width, height) = (picture.width, picture.height);
        Self::new(width, height, |along, at| picture.luma[at * width + along])
    }

    /// Those that run down.
    pub fn down(picture: &Shrunk) -> Self {
        let (width, height) = (picture.width, picture.height);
        Self::new(height, width, |along, at| picture.luma[along * width + at])
    }

    fn new(length: usize, end: usize, luma: impl Fn(usize, usize) -> u8) -> Self {
        // The change at a place is seen from the pixel before the last one to the one after it.
        let change = |along: usize, at: usize| {
            if at == 0 || at + 1 >= end { 0 } else { luma(along, at + 1).abs_diff(luma(along, at - 1)) }
        };
        let is_edge = |along: usize, at: usize| {
            let here = change(along, at).max(change(along, at - 1));
            let beside = change(along, at.saturating_sub(1 + BESIDE)).min(change(along, (at + BESIDE).min(end)));
            here >= EDGE && here / 2 > beside
        };
        let before = (0..end).map(|at| counts((0..length).map(|along| at > 0 && is_edge(along, at)))).collect();
        let mut lines = Self { at: Vec::new(), before };
        let strengths = (1..end).map(|at| (at, lines.strength(at)));
        let enough = (SHORTEST * length as f64) as i32;
        let long: Vec<(usize, i32)> = strengths.filter(|(_, strength)| *strength >= enough).collect();
        let mut kept = vec![0, end];
        for (at, _) in highest_first(long, |(_, strength)| f64::from(*strength)) {
            if kept.len() < MOST + 2 && kept.iter().all(|other| other.abs_diff(at) > NEAR) {
                kept.push(at);
            }
        }
        lines.at = highest_first(kept, |at| -(*at as f64));
        lines
    }

    /// The most edges less gaps of any piece of the line at this place.
    fn strength(&self, at: usize) -> i32 {
        let (mut best, mut sum) = (0, 0);
        for pair in self.before[at].windows(2) {
            sum = (sum + if pair[1] > pair[0] { 1 } else { -GAP }).max(0);
            best = best.max(sum);
        }
        best
    }

    /// The share of a piece of a line that is edge, less that of the places about it, where texture has edges too;
    /// `None` at an end of the still.
    pub fn share(&self, at: usize, along: Range<usize>) -> Option<f64> {
        if at == 0 || at >= self.before.len() {
            return None;
        }
        let share = |at: usize| match self.before.get(at) {
            Some(before) => f64::from(before[along.end] - before[along.start]) / along.len().max(1) as f64,
            None => 0.0,
        };
        let about = (share(at.saturating_sub(ABOUT)) + share(at + ABOUT)) / 2.0;
        let best = (at - 1..=at + 1).map(share).fold(0.0, f64::max);
        Some(best - about)
    }

    /// How many lines run through an area, from one of its sides to the other, not near either end.
    pub fn between(&self, across: Range<usize>, along: Range<usize>) -> usize {
        let margin = across.len() / 10;
        let inner = across.start + margin..across.end - margin;
        let runs_through = |at: &&usize| self.share(**at, along.clone()).is_some_and(|share| share >= RUNS_THROUGH);
        self.at.iter().filter(|at| inner.contains(at)).filter(runs_through).count()
    }
}

/// How many are set before each place, and before the end.
fn counts(set: impl Iterator<Item = bool>) -> Vec<u32> {
    let mut count = 0;
    std::iter::once(0)
        .chain(set.map(|is_set| {
            count += u32::from(is_set);
            count
        }))
        .collect()
}
