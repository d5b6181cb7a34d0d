//! A second witness beside PDQ: the gradient hash that most fingerprints hold of each frame.
//!
//! Its 64 bits say where a row of 9 x 8 averages gets brighter from left to right. PDQ's median makes the bits of a
//! plain picture noise; these hold on to whatever slope there is. It is computed from the still as the frame would
//! look, so it is the fingerprint's own (see [`crate::hash::classic`]) up to rounding.

use super::canvas::{Canvas, SIDE};
use super::footage::Footage;
use super::guess::Guess;
use crate::hash::pdq::GRID;
use std::array::from_fn;

/// Averages in a row of the hash, and rows. Standard: the hash's own definition (docs/format.md).
const COLUMNS: usize = 9;
/// See [`COLUMNS`].
const ROWS: usize = 8;
/// Bits of the hash: one for each two neighbours in a row.
const BITS: usize = ROWS * (COLUMNS - 1);
/// How much agreement beyond [`NEUTRAL_AGREEMENT`] counts, relative to PDQ's. By trial: with it 191 of 200 stills are
/// found, without
/// 186. docs/accuracy.md, "Stills", "Limits".
const WEIGHT: f32 = 0.4;
/// Agreement that speaks neither for nor against: measured, 19 of 20 right guesses agree more, and 99 of 100 wrong ones
/// less. `cargo xtask eval --corpus DIR --only stills`.
const NEUTRAL_AGREEMENT: f32 = 0.6;
/// Slopes well below this are noise, levels of luma between two neighbours. By trial.
const NOISE_LEVELS: f32 = 0.25;

/// What it adds to the score of a guess at a frame: -0.64..=0.16, 0 if the fingerprint does not hold the hash.
pub fn score(still: &Canvas, guess: &Guess, footage: &Footage, frame: usize) -> f32 {
    footage.gradients[frame].map_or(0.0, |hash| WEIGHT * (agreement(&slopes(still, guess), &hash) - NEUTRAL_AGREEMENT))
}

/// 1 if all bits agree, -1 if all differ; the steeper the slope, the more its bit counts.
fn agreement(slopes: &[f32; BITS], hash: &[u8; 8]) -> f32 {
    let mut sorted = slopes.map(f32::abs);
    let (_, &mut typical, _) = sorted.select_nth_unstable_by(BITS / 2, f32::total_cmp);
    let (mut sum, mut total) = (0.0, f32::MIN_POSITIVE);
    for (i, slope) in slopes.iter().enumerate() {
        let weight = slope.abs() / (slope.abs() + typical + NOISE_LEVELS);
        let is_set = hash[i / 8] >> (i % 8) & 1 == 1;
        total += weight;
        sum += if is_set == (*slope > 0.0) { weight } else { -weight };
    }
    sum / total
}

/// By how many levels each average of the frame is brighter than the one to its left. Parts that the still does not
/// show are as its nearest part, so they have no slope.
fn slopes(still: &Canvas, guess: &Guess) -> [f32; BITS] {
    let (columns, rows) = (guess.horizontal.nearest(), guess.vertical.nearest());
    let sources = guess.orientation.inverse().sources::<GRID, { GRID * GRID }>();
    let pixel = |x: usize, y: usize| {
        let at = sources[y * GRID + x];
        still.luma[rows[at / GRID] * SIDE + columns[at % GRID]]
    };
    let (across, down) = (triangles::<COLUMNS>(), triangles::<ROWS>());
    let averages: [[f32; COLUMNS]; ROWS] = from_fn(|j| {
        let row: [f32; GRID] = from_fn(|x| weighted(&down[j], |y| pixel(x, y)));
        from_fn(|i| weighted(&across[i], |x| row[x]))
    });
    from_fn(|i| {
        let (x, row) = (i % (COLUMNS - 1), &averages[i / (COLUMNS - 1)]);
        row[x + 1] - row[x]
    })
}

/// The sum of values by these weights, those of weight 0 not being asked for.
fn weighted(weights: &[f32; GRID], value: impl Fn(usize) -> f32) -> f32 {
    let mut sum = 0.0;
    for (i, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        sum += weight * value(i);
    }
    sum
}

/// How much each of the grid's points counts in each of N averages: the Triangle filter, as the hash has it.
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

    #[test]
    fn only_agreement_beyond_what_is_neutral_adds_to_a_score() {
        let picture = picture();
        let canvas = Canvas::new(&picture, SIDE_PX, SIDE_PX);
        let guess = guess(Orientation::AS_IS);
        let hash: [u8; 8] = from_fn(|byte| {
            let slopes = slopes(&canvas, &guess);
            (0..8).fold(0, |bits, i| bits | u8::from(slopes[8 * byte + i] > 0.0) << i)
        });
        let gradients = vec![Some(hash), Some(hash.map(|byte| !byte)), None];
        let footage = Footage { frames: vec![[0; 4]; 3], qualities: vec![100; 3], gradients, times: vec![0.0; 3] };
        let scores = [0, 1, 2].map(|frame| score(&canvas, &guess, &footage, frame));
        assert!((scores[0] - 0.16).abs() < 1e-5 && (scores[1] + 0.64).abs() < 1e-5 && scores[2] == 0.0, "{scores:?}");
    }

    #[test]
    fn what_hardly_slopes_hardly_counts() {
        let mut slopes = [4.0; BITS];
        slopes[0] = 0.25;
        // The one bit that differs: 0.25 / (0.25 + 4.0 + 0.25) of weight, beside 63 of 4.0 / (4.0 + 4.0 + 0.25).
        let (faint, steep) = (0.25 / 4.5, 4.0 / 8.25);
        let mut hash = [0xff; 8];
        hash[0] = 0xfe;
        let expected = (63.0 * steep - faint) / (63.0 * steep + faint);
        assert!((agreement(&slopes, &hash) - expected).abs() < 1e-5);
    }

    #[test]
    fn averages_of_a_ramp_are_as_far_apart_as_their_centres() {
        for (count, weights) in [(9, triangles::<9>().to_vec()), (8, triangles::<8>().to_vec())] {
            for (i, weights) in weights.iter().enumerate() {
                let sum: f32 = weights.iter().sum();
                let mean: f32 = weights.iter().enumerate().map(|(at, weight)| at as f32 * weight).sum();
                assert!((sum - 1.0).abs() < 1e-5 && weights.iter().all(|weight| *weight >= 0.0));
                // At either end half of a triangle lies outside, and the rest moves inwards.
                let centre = (i as f32 + 0.5) * 64.0 / count as f32 - 0.5;
                let is_inner = i > 0 && i < count - 1;
                let tolerance = if is_inner { 0.1 } else { 2.0 };
                assert!((mean - centre).abs() < tolerance, "{i} of {count}: {mean} is not {centre}");
                // A triangle reaches as far as its neighbours' centres.
                let reach = weights.iter().filter(|weight| **weight > 0.0).count() as f32;
                assert!(!is_inner || (reach - 128.0 / count as f32).abs() <= 1.5, "{i} of {count}: {reach}");
            }
        }
        // Bright and dark rows in turn, each of which gets brighter to the right.
        let luma: Vec<u8> = (0..SIDE * SIDE).map(|i| (i % SIDE + i / SIDE % 2 * 150) as u8).collect();
        let slopes = slopes(&Canvas::new(&luma, SIDE, SIDE), &guess(Orientation::AS_IS));
        for (i, slope) in slopes.iter().enumerate().filter(|(i, _)| (1..7).contains(&(i % 8))) {
            assert!((slope - 96.0 / 9.0).abs() < 0.5, "{i}: {slope}");
        }
    }
}
