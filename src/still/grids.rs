//! How a frame may lie on the still: the coarse grids of guesses that the search begins with.
//!
//! Pixels are square in both, so the frame's proportions fix one scale by the other. What is left is how large the
//! frame is and where, for each part of the still that may show the video.

use super::placement::Axis;
use crate::compare::View;

/// Sizes of the frame for which the still is cut out of it, relative to the smallest frame that covers it.
const CROPS: [f64; 7] = [1.0, 1.05, 1.1, 1.16, 1.22, 1.29, 1.36];
/// Sizes of a frame within the still, relative to the largest that fits.
const INSETS: [f64; 12] = [1.0, 0.95, 0.9, 0.85, 0.8, 0.76, 0.72, 0.68, 0.64, 0.6, 0.57, 0.54];
/// The smallest part of the frame's area that is tried: less tells too little of the frame.
const SMALLEST_VIEW: f64 = 0.35;
/// The smallest part of the still's area that is looked at as a frame: less holds too little detail.
const SMALLEST_INSET: f64 = 0.25;
/// Steps between places, as a fraction of the frame.
const STEP: f64 = 0.05;
/// Shares of the still's height that a banner may cover.
const BANNERS: [f64; 2] = [0.11, 0.2];

/// Guesses that share their size: each horizontal axis with each vertical one.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Places across.
    pub horizontal: Vec<Axis>,
    /// Places down.
    pub vertical: Vec<Axis>,
}

/// All guesses; `stretch` is the still's proportions (width by height) by the frame's.
pub fn grids(stretch: f64) -> Vec<Grid> {
    let mut grids = Vec::new();
    let whole = [0.0, 0.0, 1.0, 1.0];
    for part in parts(whole) {
        grids.push(Grid::of(part, [part[2], part[3]]));
        let smallest = part[2].max(part[3] / stretch);
        let crops = CROPS.map(|size| [smallest * size, smallest * size * stretch]);
        let large_enough = crops.into_iter().filter(|scale| part[2] * part[3] >= SMALLEST_VIEW * scale[0] * scale[1]);
        grids.extend(large_enough.map(|scale| Grid::of(part, scale)));
    }
    let largest = 1f64.min(1.0 / stretch);
    let insets = INSETS.map(|size| [largest * size, largest * size * stretch]);
    let large_enough = insets.into_iter().filter(|scale| scale[0] * scale[1] >= SMALLEST_INSET);
    grids.extend(large_enough.map(|scale| Grid::of(whole, scale)));
    grids
}

/// The whole, and the whole without a banner at the top or the bottom.
fn parts(whole: View) -> Vec<View> {
    let [x, y, width, height] = whole;
    let without = |share: f64| {
        let left = (1.0 - share) * height;
        [[x, y, width, left], [x, y + height - left, width, left]]
    };
    [whole].into_iter().chain(BANNERS.into_iter().flat_map(without)).collect()
}

impl Grid {
    /// Frames of the size `scale` within `part`, or about it where they are larger.
    fn of([x, y, width, height]: View, scale: [f64; 2]) -> Self {
        Self { horizontal: places(x, width, scale[0]), vertical: places(y, height, scale[1]) }
    }
}

/// Evenly spaced places, at most [`STEP`] apart, from one end of the part to the other.
fn places(low: f64, length: f64, scale: f64) -> Vec<Axis> {
    let slack = (length - scale).abs();
    let first = low.min(low + length - scale);
    let steps = (slack / (STEP * scale)).ceil();
    let place = |i: usize| if steps == 0.0 { first } else { first + slack * i as f64 / steps };
    (0..=steps as usize).map(|i| Axis { offset: place(i), scale, low, high: low + length }).collect()
}
