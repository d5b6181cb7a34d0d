//! A coarse guess -> the guess beside it that fits its frame best.
//!
//! A guess that may move freely follows a panning camera: a frame a little later, cut a little further to the left,
//! looks almost the same. So what is likely is preferred: proportions that are kept, and edges of the still that are
//! edges of the frame.

use super::bits::{self, Weighted, Words};
use super::canvas::Canvas;
use super::guess::Guess;
use super::logo::Corner;
use super::placement::{Axis, ColumnsDone};
use crate::compare::climb::{climb, halving, listed};
use std::ops::Range;

/// Steps of a climb, in fractions of the frame: from less than half of what the coarse grids leave, to a quarter of a
/// point of PDQ's grid of 64. By trial.
const STEPS: Range<f64> = 0.004..0.02;
/// The most rounds of a climb. Bounds what a hostile picture may take; most end after ten.
pub const ALL_ROUNDS: usize = 40;
/// As many rounds tell which guesses are better. Bounds work.
pub const FEW_ROUNDS: usize = 6;
/// How far a guess may drift in all, in fractions of the frame: beyond lies another guess. By trial: two steps of the
/// grids.
const MAX_DRIFT: f64 = 0.1;
/// Agreement that a change of the proportions must gain, for each by which they change. By trial.
const COST_OF_DISTORTION: f64 = 1.0;
/// Agreement that it must gain that a frame does not end where the still ends, for each axis. By trial.
const COST_OF_LOOSE_EDGES: f32 = 0.04;
/// Edges nearer than this to the still's are tried there, in fractions of the still. By trial.
const NEAR_EDGE: f64 = 0.06;

/// Agreement that must be gained by leaving out what is in a corner. By trial.
const LOGO_GAIN: f32 = 0.03;
/// Steps by which borders are moved, in fractions of the still. By trial.
const TRIM_STEPS: [f64; 4] = [0.06, 0.03, 0.015, 0.008];
/// Agreement that moving a border must gain. By trial.
const TRIM_GAIN: f32 = 0.003;
/// Agreement that leaving out all of the still must gain; a part of it costs its part. What is left out cannot
/// disagree. By trial.
const COST_OF_TRIMMING: f32 = 0.3;
/// The shortest side of a part that shows the video, in fractions of the still. By trial.
const SHORTEST_PART: f64 = 0.3;

/// Ways to move: across, wider, down, higher, in steps. Those that leave the vertical axis as it is come first, and
/// share its work.
const MOVES: [[f64; 4]; 5] =
    [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0], [0.0, 0.0, 0.0, 1.0]];

/// Makes the bits of one guess after the other, and keeps what the next may share.
pub struct Layer<'a> {
    still: &'a Canvas,
    /// The still without what is in each of [`Corner::ALL`].
    without_logo: [Canvas; 4],
    columns: Option<(Axis, Option<Corner>, Box<ColumnsDone>)>,
}

impl<'a> Layer<'a> {
    /// For guesses on this still.
    pub fn new(still: &'a Canvas) -> Self {
        Self { still, without_logo: Corner::ALL.map(|corner| still.without(corner)), columns: None }
    }

    /// The bits that the frame would have.
    pub fn weighted(&mut self, guess: &Guess) -> Weighted {
        let is_same = |(vertical, logo, _): &(Axis, _, _)| *vertical == guess.vertical && *logo == guess.logo;
        let columns = self.columns.take().filter(is_same).unwrap_or_else(|| {
            let done = ColumnsDone::new(self.canvas(guess), &guess.vertical.basis());
            (guess.vertical, guess.logo, done)
        });
        let (_, _, done) = self.columns.insert(columns);
        Weighted::new(&bits::before(&done.frequencies(&guess.horizontal.basis()), guess.orientation))
    }

    /// The still as it is, and without each corner.
    pub fn canvases(&self) -> impl Iterator<Item = &Canvas> {
        std::iter::once(self.still).chain(&self.without_logo)
    }

    /// The still, without its logo if it is guessed to have one.
    pub fn canvas(&self, guess: &Guess) -> &Canvas {
        let position = guess.logo.and_then(|logo| Corner::ALL.iter().position(|corner| *corner == logo));
        position.map_or(self.still, |position| &self.without_logo[position])
    }
}

impl Guess {
    /// By how much the proportions differ from those of another guess, as a share of them.
    fn distortion(&self, from: &Self) -> f64 {
        let ratio = self.horizontal.scale * from.vertical.scale / (self.vertical.scale * from.horizontal.scale);
        (ratio - 1.0).abs()
    }

    /// The part of the still's area that may show the video.
    fn part_area(&self) -> f64 {
        (self.horizontal.high - self.horizontal.low) * (self.vertical.high - self.vertical.low)
    }

    /// How far an end of the frame moved away from where it was, in fractions of the frame.
    fn drift(&self, from: &Self) -> f64 {
        self.horizontal.drift(&from.horizontal).max(self.vertical.drift(&from.vertical))
    }

    /// Moves by a step, in fractions of the frame, as one of [`MOVES`] says.
    fn moved(&self, [across, wider, down, higher]: [f64; 4], step: f64) -> Self {
        let mut moved = *self;
        moved.horizontal.nudge(across * step, wider * step);
        moved.vertical.nudge(down * step, higher * step);
        moved
    }
}

/// The likeliest guess near `guess`, and its score: how well it agrees with `frame`, less what its unlikely parts cost.
pub fn refine(layer: &mut Layer, frame: &Words, guess: Guess, rounds: usize) -> (Guess, f32) {
    let score =
        |moved: &Guess| layer.weighted(moved).agreement(frame) - (COST_OF_DISTORTION * moved.distortion(&guess)) as f32;
    let moved = |from: &Guess, step: f64, batch: usize| {
        let moved = from.moved(MOVES[batch / 2], signed(step, batch));
        if moved.drift(&guess) > MAX_DRIFT { None } else { Some(moved) }
    };
    let best = climb(guess, halving(STEPS, rounds, 1.0), 2 * MOVES.len(), moved, 0.0, score);
    snap(layer, frame, best)
}

/// Batches of a climb go up and down in turn.
fn signed(step: f64, batch: usize) -> f64 {
    if batch.is_multiple_of(2) { step } else { -step }
}

/// Edges that nearly are the still's are taken to be, if that costs little agreement.
fn snap(layer: &mut Layer, frame: &Words, (guess, score): (Guess, f32)) -> (Guess, f32) {
    let (across, down) = (guess.horizontal.snapped(), guess.vertical.snapped());
    let mut best = (guess, score - 2.0 * COST_OF_LOOSE_EDGES);
    for (horizontal, vertical, cost) in [
        (across, down, 0.0),
        (across, Some(guess.vertical), COST_OF_LOOSE_EDGES),
        (Some(guess.horizontal), down, COST_OF_LOOSE_EDGES),
    ] {
        if let (Some(horizontal), Some(vertical)) = (horizontal, vertical) {
            let snapped = Guess { horizontal, vertical, ..guess };
            let score = layer.weighted(&snapped).agreement(frame) - cost;
            if score > best.1 {
                best = (snapped, score);
            }
        }
    }
    best
}

/// The corner in which a logo is, if the guess agrees much better without one.
pub fn find_logo(layer: &mut Layer, frame: &Words, guess: Guess) -> Guess {
    let mut best = (guess, layer.weighted(&guess).agreement(frame) + LOGO_GAIN);
    for corner in Corner::ALL {
        let other = Guess { logo: Some(corner), ..guess };
        let agreement = layer.weighted(&other).agreement(frame);
        if agreement > best.1 {
            best = (other, agreement);
        }
    }
    best.0
}

/// Moves the borders of the part of the still that shows the video: a banner covers more or less than was guessed.
pub fn trim(layer: &mut Layer, frame: &Words, guess: Guess) -> Guess {
    let score = |guess: &Guess| layer.weighted(guess).agreement(frame) + COST_OF_TRIMMING * guess.part_area() as f32;
    let trimmed = |from: &Guess, step: f64, batch: usize| from.with_border(batch / 2, signed(step, batch));
    climb(guess, listed(&TRIM_STEPS), 2 * BORDERS, trimmed, TRIM_GAIN, score).0
}

/// Borders of a part: left, right, top, bottom.
const BORDERS: usize = 4;

impl Guess {
    /// With a border of the part moved, in fractions of the still. `None` if too little is left.
    fn with_border(&self, border: usize, by: f64) -> Option<Self> {
        let mut trimmed = *self;
        let axis = if border < 2 { &mut trimmed.horizontal } else { &mut trimmed.vertical };
        let moved = if border.is_multiple_of(2) { &mut axis.low } else { &mut axis.high };
        *moved = (*moved + by).clamp(0.0, 1.0);
        if axis.high - axis.low < SHORTEST_PART { None } else { Some(trimmed) }
    }
}

impl Axis {
    /// Moves the frame by a share of its length, and makes it longer by one about its middle.
    fn nudge(&mut self, by: f64, longer: f64) {
        self.offset += (by - longer / 2.0) * self.scale;
        self.scale *= 1.0 + longer;
    }

    /// How far either end of the frame moved away from where it was, in fractions of the frame.
    pub fn drift(&self, from: &Self) -> f64 {
        let end = |axis: &Self| axis.offset + axis.scale;
        (self.offset - from.offset).abs().max((end(self) - end(from)).abs()) / from.scale
    }

    /// The frame's ends on the still's; `None` if they do not lie near.
    fn snapped(&self) -> Option<Self> {
        let is_near = self.offset.abs().max((self.offset + self.scale - 1.0).abs()) < NEAR_EDGE;
        is_near.then_some(Self { offset: 0.0, scale: 1.0, ..*self })
    }
}

#[cfg(test)]
mod tests;
