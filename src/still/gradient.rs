//! A second witness beside PDQ: the gradient hash that most fingerprints hold of each frame.
//!
//! Its 64 bits say where a row of 9 x 8 averages gets brighter from left to right. PDQ's median makes the bits of a plain
//! picture noise; these hold on to whatever slope there is. It is computed from the still as the frame would look, so it is
//! the fingerprint's own (see [`crate::hash::classic`]) up to rounding.

use super::canvas::{Canvas, SIDE};
use super::footage::Footage;
use super::guess::Guess;
use crate::hash::pdq::GRID;
use std::array::from_fn;

const COLUMNS: usize = 9;
const ROWS: usize = 8;
const BITS: usize = ROWS * (COLUMNS - 1);
/// How much its agreement counts beside PDQ's, and the agreement that speaks neither for nor against: 19 of 20 right guesses
/// agree more, and 99 of 100 wrong ones less. docs/accuracy.md, "Stills".
const WORTH: f32 = 0.4;
const NEUTRAL: f32 = 0.6;
/// Slopes well below this many levels are noise.
const NOISE: f32 = 0.25;

/// What it adds to the worth of a guess at a frame; 0 where the fingerprint does not hold the hash.
pub fn worth(still: &Canvas, guess: &Guess, footage: &Footage, frame: usize) -> f32 {
    footage.gradients[frame].map_or(0.0, |hash| WORTH * (agreement(&slopes(still, guess), &hash) - NEUTRAL))
}

/// 1 where all bits agree, -1 where all differ; the steeper the slope, the more its bit counts.
fn agreement(slopes: &[f32; BITS], hash: &[u8; 8]) -> f32 {
    let mut sorted = slopes.map(f32::abs);
    let (_, &mut typical, _) = sorted.select_nth_unstable_by(BITS / 2, f32::total_cmp);
    let (mut sum, mut total) = (0.0, f32::MIN_POSITIVE);
    for (i, slope) in slopes.iter().enumerate() {
        let weight = slope.abs() / (slope.abs() + typical + NOISE);
        let is_set = hash[i / 8] >> (i % 8) & 1 == 1;
        total += weight;
        sum += if is_set == (*slope > 0.0) { weight } else { -weight };
    }
    sum / total
}

/// By how much each average of the frame is brighter than the one to its left. Parts that the still does not show are as its
/// nearest part, so they have no slope.
fn slopes(still: &Canvas, guess: &Guess) -> [f32; BITS] {
    let (columns, rows) = (guess.horizontal.nearest(), guess.vertical.nearest());
    let sources = guess.orientation.inverse().sources::<GRID, { GRID * GRID }>();
    let sample = |x: usize, y: usize| {
        let at = sources[y * GRID + x];
        still.luma[rows[at / GRID] * SIDE + columns[at % GRID]]
    };
    let (across, down) = (triangles::<COLUMNS>(), triangles::<ROWS>());
    let averages: [[f32; COLUMNS]; ROWS] = from_fn(|j| {
        let row: [f32; GRID] = from_fn(|x| weighted(&down[j], |y| sample(x, y)));
        from_fn(|i| weighted(&across[i], |x| row[x]))
    });
    from_fn(|i| {
        let (x, row) = (i % (COLUMNS - 1), &averages[i / (COLUMNS - 1)]);
        row[x + 1] - row[x]
    })
}

fn weighted(weights: &[f32; GRID], sample: impl Fn(usize) -> f32) -> f32 {
    let mut sum = 0.0;
    for (i, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        sum += weight * sample(i);
    }
    sum
}

/// How much each of the grid's samples counts in each of N averages: the Triangle filter, as the hash has it.
fn triangles<const N: usize>() -> [[f32; GRID]; N] {
    from_fn(|i| {
        let ratio = GRID as f32 / N as f32;
        let centre = (i as f32 + 0.5) * ratio - 0.5;
        let weights: [f32; GRID] = from_fn(|at| (1.0 - ((at as f32 - centre) / ratio).abs()).max(0.0));
        let total = weights.iter().fold(0.0, |total, weight| total + weight);
        weights.map(|weight| weight / total)
    })
}

#[cfg(test)]
mod tests {
    use super::super::guess::WHOLE;
    use super::*;
    use crate::compare::Orientation;
    use crate::hash::classic::{self, Algorithm};
    use crate::picture::plane::{Plane, Range};

    const SIDE_PX: usize = 120;

    fn picture() -> Vec<u8> {
        (0..SIDE_PX * SIDE_PX)
            .map(|i| {
                let (x, y) = ((i % SIDE_PX) as f32, (i / SIDE_PX) as f32);
                (120.0 + 60.0 * (x / 17.0).sin() + 40.0 * (y / 11.0 + x / 40.0).cos()) as u8
            })
            .collect()
    }

    fn guess(orientation: Orientation) -> Guess {
        Guess { orientation, horizontal: WHOLE, vertical: WHOLE, logo: None }
    }

    #[test]
    fn the_slopes_of_a_whole_picture_are_those_of_its_hash() {
        let picture = picture();
        let plane = Plane::new(&picture, SIDE_PX as u32, SIDE_PX as u32, SIDE_PX, 8, Range::Full).unwrap();
        let hash = classic::hash(&plane, Algorithm::Gradient);
        let canvas = Canvas::new(&picture, SIDE_PX, SIDE_PX);
        let agrees = |orientation| agreement(&slopes(&canvas, &guess(orientation)), &hash);
        assert!(agrees(Orientation::AS_IS) > 0.98);
        assert!(agrees(Orientation { mirrored: true, quarters: 0 }) < 0.5);
    }

    #[test]
    fn a_turned_still_is_turned_back() {
        let upright = picture();
        let plane = Plane::new(&upright, SIDE_PX as u32, SIDE_PX as u32, SIDE_PX, 8, Range::Full).unwrap();
        let hash = classic::hash(&plane, Algorithm::Gradient);
        for orientation in [(false, 1), (false, 2), (false, 3), (true, 0), (true, 1)] {
            let orientation = Orientation { mirrored: orientation.0, quarters: orientation.1 };
            let sources = orientation.sources::<SIDE_PX, { SIDE_PX * SIDE_PX }>();
            let turned: Vec<u8> = sources.iter().map(|&at| upright[at]).collect();
            let canvas = Canvas::new(&turned, SIDE_PX, SIDE_PX);
            assert!(agreement(&slopes(&canvas, &guess(orientation)), &hash) > 0.95, "{orientation:?}");
        }
    }
}
