//! Refined guesses -> the frame that fits best, and the stretches whose frames cannot be told from it.
//!
//! Two things make frames look the same. Before a fixed camera they do; a still tells them apart only by the few bits
//! in which they differ. And where the camera pans, a still that is cut out of one frame can nearly as well be cut
//! out of the next, a little further on; so the guess is moved along from frame to frame.

use super::bits::{self, Weighted, Words};
use super::canvas::Picture;
use super::footage::{self, Footage};
use super::gradient;
use super::guess::Guess;
use super::leftover;
use super::refine::{self, Layer, find_logo, refine, trim};
use crate::ranked::highest_first;

/// A guess that is moved to its best frame and back settles after this many rounds. Bounds work.
const ROUNDS: usize = 3;
/// Frames closer than this are indistinguishable, standard deviations of chance. By trial.
const TOLD_APART: f32 = 4.0;
/// So are frames with which the guess, moved along, scores at most this much less. By trial.
const NEARLY: f32 = 0.05;
/// Agreement from which on a frame may be the one of which the still was made: measured, 19 of 20 that are agree more,
/// and moments like it seldom do. docs/accuracy/stills.md, "A moment"; `cargo xtask eval --corpus DIR --only stills`.
const SAME_FRAME_FROM: f32 = 0.78;
/// Frames that agree less than the best by no more than this show the same scene, if with something passing by. By
/// trial.
const SAME_SCENE: f32 = 0.35;
/// A stretch ends where frames of another scene last longer than this. By trial.
const GAP_SECONDS: f64 = 1.0;
/// A frame that differs in this many more bits than another is taken not to agree better, however the bits are
/// weighted; most frames need no weights then. By trial.
const FAR_BITS: u32 = 64;
/// How far a guess is moved along, frames. Bounds work.
const MAX_MOVED_ALONG: usize = 600;
/// The most places that are listed. Chosen: more say no more.
pub const MAX_PLACES: usize = 16;

/// A guess at its best frame.
#[derive(Clone, Debug)]
pub struct Fit {
    /// How the frame lies on the still.
    pub guess: Guess,
    /// The bits that the frame would have.
    pub weighted: Weighted,
    /// The frame that agrees best.
    pub frame: usize,
    /// How well its PDQ agrees, -1..=1.
    pub agreement: f32,
    /// What refinement reached, before a logo and borders were looked for, less what else speaks against the guess.
    pub pdq_score: f32,
    /// What the gradient hash adds.
    pub gradient_score: f32,
}

/// Where a picture fits best.
pub struct Fits<'a> {
    /// Of the still.
    pub picture: &'a Picture,
    /// The best first; at least one.
    pub fits: Vec<Fit>,
}

impl Fit {
    /// The better the fit, the higher.
    pub fn score(&self) -> f32 {
        self.pdq_score + self.gradient_score
    }

    /// Whether it agrees as well as a frame does of which the still was made. Another moment of the scene, when a
    /// camera comes back to it, agrees less.
    pub fn is_that_frame(&self) -> bool {
        self.agreement >= SAME_FRAME_FROM
    }
}

/// Frames that the still does not tell apart.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// The first.
    pub first: usize,
    /// The last.
    pub last: usize,
    /// The one that agrees best.
    pub best: usize,
}

/// Moves the guess to the frame that it fits best, among all.
pub fn settle(layer: &mut Layer, footage: &Footage, mut guess: Guess, mut frame: usize) -> Fit {
    let mut round = 1;
    loop {
        let score;
        (guess, score) = refine(layer, &footage.frames[frame], guess, refine::ALL_ROUNDS);
        guess = find_logo(layer, &footage.frames[frame], guess);
        guess = trim(layer, &footage.frames[frame], guess);
        let weighted = layer.weighted(&guess);
        let best = best_frame(&weighted, footage, frame);
        if best == frame || round == ROUNDS {
            return fit(layer, footage, guess, weighted, best, score);
        }
        frame = best;
        round += 1;
    }
}

/// The guess as it is, at the frame that fits best, among all.
pub fn stay(layer: &mut Layer, footage: &Footage, guess: Guess, frame: usize) -> Fit {
    let weighted = layer.weighted(&guess);
    let best = best_frame(&weighted, footage, frame);
    let score = weighted.agreement(&footage.frames[best]);
    fit(layer, footage, guess, weighted, best, score)
}

/// The guess, whose bits are `weighted`, at a frame, where it has that score.
fn fit(layer: &Layer, footage: &Footage, guess: Guess, weighted: Weighted, frame: usize, score: f32) -> Fit {
    let agreement = weighted.agreement(&footage.frames[frame]);
    let pdq_score = net_score(layer, footage, &guess, frame, score);
    let gradient_score = gradient::score(layer.canvas(&guess), &guess, footage, frame);
    Fit { guess, frame, agreement, pdq_score, gradient_score, weighted }
}

/// The `score` of a refined guess at a frame, less what else speaks against it: little detail in the frame or in the
/// part of the still that shows it, and much of the still that shows something else.
pub fn net_score(layer: &Layer, footage: &Footage, guess: &Guess, frame: usize, score: f32) -> f32 {
    let still = layer.canvas(guess);
    let quality = still.quality(&guess.horizontal, &guess.vertical).min(footage.qualities[frame]);
    score - footage::cost_of_plainness(quality) - leftover::cost(still, guess)
}

/// The frame that agrees best, less what its plainness costs; `known` unless another is better.
fn best_frame(weighted: &Weighted, footage: &Footage, known: usize) -> usize {
    let net = |i: usize| weighted.agreement(&footage.frames[i]) - footage::cost_of_plainness(footage.qualities[i]);
    let far = bits::distance_bits(&weighted.bits, &footage.frames[known]) + FAR_BITS;
    let mut best = (known, net(known));
    for (i, frame) in footage.frames.iter().enumerate() {
        if bits::distance_bits(&weighted.bits, frame) > far {
            continue;
        }
        let net = net(i);
        if net > best.1 {
            best = (i, net);
        }
    }
    best.0
}

/// The best fit's stretch, those of other fits that score nearly as much, and what else cannot be told from the best
/// frame; each with its fit. `fits` are the best first, and at least one.
pub fn places<'a>(layer: &mut Layer, footage: &Footage, fits: &'a [Fit]) -> Vec<(&'a Fit, Stretch)> {
    let best = &fits[0];
    let mut places: Vec<(&Fit, Stretch)> = Vec::new();
    for fit in fits.iter().filter(|fit| fit.score() >= best.score() - NEARLY) {
        if !places.iter().any(|(_, stretch)| stretch.contains(fit.frame)) {
            places.push((fit, own_stretch(layer, footage, fit)));
        }
    }
    for stretch in alike(footage, best) {
        if places.len() < MAX_PLACES && !places.iter().any(|(_, other)| other.contains(stretch.best)) {
            places.push((best, stretch));
        }
    }
    places
}

/// The stretch around a fit's frame.
fn own_stretch(layer: &mut Layer, footage: &Footage, fit: &Fit) -> Stretch {
    Stretch {
        first: end_of_stretch(layer, footage, fit, (0..fit.frame).rev()),
        last: end_of_stretch(layer, footage, fit, fit.frame + 1..footage.frames.len()),
        best: fit.frame,
    }
}

/// All frames that cannot be told from the best one, in stretches, by how well their best frame agrees.
fn alike(footage: &Footage, fit: &Fit) -> Vec<Stretch> {
    let mut stretches: Vec<(f32, Stretch)> = Vec::new();
    for i in (0..footage.frames.len()).filter(|&i| !is_told(fit, footage, i)) {
        let agreement = fit.weighted.agreement(&footage.frames[i]);
        let follows = |stretch: &Stretch| (footage.times[i] - footage.times[stretch.last]).abs() <= GAP_SECONDS;
        match stretches.last_mut() {
            Some((best, stretch)) if follows(stretch) => {
                stretch.last = i;
                if agreement > *best {
                    (*best, stretch.best) = (agreement, i);
                }
            }
            _ => stretches.push((agreement, Stretch { first: i, last: i, best: i })),
        }
    }
    highest_first(stretches, |stretch| f64::from(stretch.0)).into_iter().map(|(_, stretch)| stretch).collect()
}

impl Stretch {
    fn contains(&self, frame: usize) -> bool {
        (self.first..=self.last).contains(&frame)
    }
}

/// Whether frame `i` can be told from the fit's.
fn is_told(fit: &Fit, footage: &Footage, i: usize) -> bool {
    let distance = |i: usize| bits::distance_bits(&fit.weighted.bits, &footage.frames[i]);
    distance(i) > distance(fit.frame) + FAR_BITS
        || fit.weighted.preference(&footage.frames[fit.frame], &footage.frames[i]) > TOLD_APART
}

/// Walks away from the best frame as far as frames are not told from it; as far as they show its scene, if it does not
/// agree well enough to be that very frame.
fn end_of_stretch(layer: &mut Layer, footage: &Footage, fit: &Fit, frames: impl Iterator<Item = usize>) -> usize {
    let (mut end, mut seen, mut guess, mut budget) = (fit.frame, fit.frame, fit.guess, MAX_MOVED_ALONG);
    for i in frames {
        let frame = &footage.frames[i];
        let mut same = !is_told(fit, footage, i);
        if !same && budget > 0 {
            budget -= 1;
            let score;
            (guess, score) = refine(layer, frame, guess, refine::FEW_ROUNDS);
            same = net_score(layer, footage, &guess, i, score) >= fit.pdq_score - NEARLY;
        }
        if same {
            end = i;
        }
        if same || fit.weighted.agreement(frame) >= fit.agreement - SAME_SCENE {
            seen = i;
        }
        if (footage.times[i] - footage.times[seen]).abs() > GAP_SECONDS {
            break;
        }
    }
    if fit.is_that_frame() { end } else { seen }
}

/// In how many bits the still, put in its place, differs from a frame.
pub fn distance_bits(fit: &Fit, frame: &Words) -> u32 {
    bits::distance_bits(&fit.weighted.bits, frame)
}

#[cfg(test)]
mod tests;
