//! Refined guesses -> the frame that fits best, and the stretches whose frames cannot be told from it.
//!
//! Two things make frames look the same. Before a fixed camera they do; a still tells them apart only by the few bits
//! in which they differ. And where the camera pans, a still that is cut out of one frame can nearly as well be cut
//! out of the next, a little further on; so the guess is moved along from frame to frame.

use super::bits::{self, Weighted, Words};
use super::footage::{self, Footage};
use super::gradient;
use super::guess::Guess;
use super::leftover;
use super::refine::{self, Layer, find_logo, refine, trim};

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
const MAX_PLACES: usize = 16;

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
            let agreement = weighted.agreement(&footage.frames[best]);
            let pdq_score = net_score(layer, footage, &guess, best, score);
            let gradient_score = gradient::score(layer.canvas(&guess), &guess, footage, best);
            return Fit { guess, frame: best, agreement, pdq_score, gradient_score, weighted };
        }
        frame = best;
        round += 1;
    }
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
    stretches.sort_by(|a, b| b.0.total_cmp(&a.0));
    stretches.into_iter().map(|(_, stretch)| stretch).collect()
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
mod tests {
    use super::super::canvas::Canvas;
    use super::super::guess::WHOLE;
    use super::*;
    use crate::compare::Orientation;

    const SIDE_PX: usize = 120;

    /// Blocks of levels that look random, others for each seed.
    fn canvas(seed: usize) -> Canvas {
        let level =
            |i: usize| crate::compare::testing::scrambled(seed * 1000 + i % SIDE_PX / 9 * 31 + i / SIDE_PX / 8) as u8;
        Canvas::new(&(0..SIDE_PX * SIDE_PX).map(level).collect::<Vec<u8>>(), SIDE_PX, SIDE_PX)
    }

    const GUESS: Guess = Guess { orientation: Orientation::AS_IS, horizontal: WHOLE, vertical: WHOLE, logo: None };

    fn weighted(still: &Canvas) -> Weighted {
        Layer::new(still).weighted(&GUESS)
    }

    /// The first bits of a frame turned around.
    fn changed(words: &Words, bits: usize) -> Words {
        std::array::from_fn(|i| words[i] ^ (0..64).fold(0, |mask, j| mask | u64::from(64 * i + j < bits) << j))
    }

    /// Ten frames a second.
    fn footage(frames: Vec<Words>) -> Footage {
        let times = (0..frames.len()).map(|i| i as f64 / 10.0).collect();
        Footage { qualities: vec![100; frames.len()], gradients: vec![None; frames.len()], times, frames }
    }

    fn fit(weighted: Weighted, footage: &Footage, frame: usize) -> Fit {
        let agreement = weighted.agreement(&footage.frames[frame]);
        Fit { guess: GUESS, weighted, frame, agreement, pdq_score: agreement, gradient_score: 0.0 }
    }

    #[test]
    fn a_guess_settles_at_the_frame_that_it_fits_best() {
        let still = canvas(1);
        let own = weighted(&still).bits;
        let footage = footage(vec![changed(&own, 60), own, weighted(&canvas(2)).bits]);
        let found = settle(&mut Layer::new(&still), &footage, GUESS, 0);
        assert_eq!((found.frame, distance_bits(&found, &footage.frames[1])), (1, 0));
        assert!((found.agreement - 1.0).abs() < 1e-5 && found.is_that_frame() && found.gradient_score == 0.0);
        assert!(found.score() > 0.9 && found.score() < 1.0, "{}", found.score());
    }

    #[test]
    fn a_plain_frame_is_not_preferred() {
        let own = weighted(&canvas(1));
        let mut footage = footage(vec![changed(&own.bits, 12), own.bits]);
        assert_eq!(best_frame(&own, &footage, 0), 1);
        // Sixty steps of quality cost more than the twelve bits.
        footage.qualities[1] = 40;
        assert_eq!(best_frame(&own, &footage, 0), 0);
        let cost = own.agreement(&footage.frames[1]) - net_score(&Layer::new(&canvas(1)), &footage, &GUESS, 1, 1.0);
        assert!((cost - 0.24).abs() < 1e-5, "{cost}");
    }

    #[test]
    fn frames_that_differ_in_unsure_bits_only_are_not_told_apart() {
        let own = weighted(&canvas(1));
        let footage = footage(vec![own.bits, changed(&own.bits, 1), changed(&own.bits, 60), changed(&own.bits, 65)]);
        let fit = fit(own, &footage, 0);
        assert_eq!([0, 1, 2, 3].map(|i| is_told(&fit, &footage, i)), [false, false, true, true]);
        let preference = fit.weighted.preference(&footage.frames[0], &footage.frames[2]);
        assert!(preference > TOLD_APART, "{preference}");
    }

    #[test]
    fn alike_frames_are_one_stretch_up_to_a_gap_of_a_second() {
        let (own, other) = (weighted(&canvas(1)), weighted(&canvas(2)).bits);
        let at = |gap: usize| {
            let mut frames = vec![other; 5];
            frames.extend([changed(&own.bits, 1), own.bits, own.bits]);
            frames.extend(vec![other; gap - 1]);
            frames.push(changed(&own.bits, 1));
            let footage = footage(frames);
            let found = alike(&footage, &fit(own.clone(), &footage, 6));
            found.iter().map(|stretch| [stretch.first, stretch.best, stretch.last]).collect::<Vec<_>>()
        };
        assert_eq!(at(10), [[5, 6, 17]]);
        assert_eq!(at(11), [[5, 6, 7], [18, 18, 18]]);
    }

    #[test]
    fn a_stretch_ends_with_the_frames_that_look_the_same() {
        let still = canvas(1);
        let (own, other) = (weighted(&still), weighted(&canvas(2)).bits);
        let mut frames = vec![other; 30];
        frames[10..15].fill(own.bits);
        let footage = footage(frames);
        let fits = [fit(own, &footage, 12)];
        let found = places(&mut Layer::new(&still), &footage, &fits);
        let [(_, stretch)] = found[..] else { panic!("{found:?}") };
        assert_eq!([stretch.first, stretch.best, stretch.last], [10, 12, 14]);
    }

    #[test]
    fn a_still_that_agrees_less_gives_the_stretch_of_the_scene() {
        let still = canvas(1);
        let own = weighted(&still);
        // A sixth of the bits differs in all frames of the scene, and some more where something passes by.
        let scene = changed(&own.bits, 40);
        let passing = changed(&own.bits, 70);
        let mut frames = vec![weighted(&canvas(2)).bits; 30];
        frames[10..20].fill(passing);
        frames[14] = scene;
        let footage = footage(frames);
        let fit = fit(own, &footage, 14);
        assert!(fit.agreement < SAME_FRAME_FROM && fit.weighted.agreement(&passing) > fit.agreement - SAME_SCENE);
        let stretch = own_stretch(&mut Layer::new(&still), &footage, &fit);
        assert_eq!([stretch.first, stretch.last], [10, 19]);
    }

    #[test]
    fn fits_that_score_nearly_as_much_are_places_of_their_own() {
        let still = canvas(1);
        let (own, other) = (weighted(&still), weighted(&canvas(2)).bits);
        let mut frames = vec![other; 60];
        (frames[10], frames[40]) = (own.bits, changed(&own.bits, 50));
        let footage = footage(frames);
        let count = |less: f32| {
            let best = fit(own.clone(), &footage, 10);
            let second = Fit { pdq_score: best.score() - less, ..fit(own.clone(), &footage, 40) };
            places(&mut Layer::new(&still), &footage, &[best, second]).len()
        };
        assert_eq!((count(0.049), count(0.051)), (2, 1));
    }

    #[test]
    fn at_most_sixteen_places_are_listed() {
        let (still, other) = (canvas(1), weighted(&canvas(2)).bits);
        let own = weighted(&still);
        let frames = (0..400).map(|i| if i % 20 == 0 { own.bits } else { other }).collect();
        let footage = footage(frames);
        let fits = [fit(own, &footage, 0)];
        assert_eq!(places(&mut Layer::new(&still), &footage, &fits).len(), 16);
    }
}
