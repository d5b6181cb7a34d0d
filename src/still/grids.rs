//! How a frame may lie on the still: the coarse grids of guesses that the search begins with.
//!
//! Pixels are square in both, so the frame's proportions fix one scale by the other. What is left is how large the
//! frame is and where, for each part of the still that may show the video.

use super::placement::Axis;
use crate::compare::View;

/// Sizes of the frame for which the still is cut out of it, relative to the smallest frame that covers it. By trial:
/// neighbours are one step apart, about 0.05.
const CROPS: [f64; 7] = [1.0, 1.05, 1.1, 1.16, 1.22, 1.29, 1.36];
/// Sizes of a frame within the still, relative to the largest that fits. By trial: neighbours are one step apart, about
/// 0.05.
const INSETS: [f64; 12] = [1.0, 0.95, 0.9, 0.85, 0.8, 0.76, 0.72, 0.68, 0.64, 0.6, 0.57, 0.54];
/// The smallest part of the frame's area that is tried: less tells too little of the frame. By trial.
const SMALLEST_VIEW: f64 = 0.35;
/// The smallest part of the still's area that is looked at as a frame: less holds too little detail. By trial.
const SMALLEST_INSET: f64 = 0.25;
/// Steps between places, in fractions of the frame. By trial: half of it is what refinement begins with.
const STEP: f64 = 0.05;
/// Shares of the still's height that a banner may cover. By trial; trimming finds what lies between.
const BANNERS: [f64; 2] = [0.11, 0.2];

/// Guesses that share their size: each horizontal axis with each vertical one.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Places across.
    pub horizontal: Vec<Axis>,
    /// Places down.
    pub vertical: Vec<Axis>,
}

/// All guesses at one orientation; `stretch` is the still's proportions (width by height) by the frame's.
pub fn grids(stretch: f64) -> Vec<Grid> {
    let mut grids = Vec::new();
    let whole = [0.0, 0.0, 1.0, 1.0];
    for part in parts(whole) {
        grids.push(Grid::of(part, [part[2], part[3]]));
        grids.extend(crops(part, stretch));
    }
    let largest = 1f64.min(1.0 / stretch);
    let insets = INSETS.map(|size| [largest * size, largest * size * stretch]);
    let large_enough = insets.into_iter().filter(|scale| scale[0] * scale[1] >= SMALLEST_INSET);
    grids.extend(large_enough.map(|scale| Grid::of(whole, scale)));
    grids
}

/// The guesses for a picture that ends at its edges: it is all of the frame, or cut out of it.
pub fn grids_inside(stretch: f64) -> Vec<Grid> {
    let whole = [0.0, 0.0, 1.0, 1.0];
    std::iter::once(Grid::of(whole, [1.0; 2])).chain(crops(whole, stretch)).collect()
}

/// Guesses that cut a part of the still out of the frame.
fn crops(part: View, stretch: f64) -> impl Iterator<Item = Grid> {
    let smallest = part[2].max(part[3] / stretch);
    let scales = CROPS.map(|size| [smallest * size, smallest * size * stretch]);
    let is_large = move |scale: &[f64; 2]| part[2] * part[3] >= SMALLEST_VIEW * scale[0] * scale[1];
    scales.into_iter().filter(is_large).map(move |scale| Grid::of(part, scale))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_a_twentieth_of_the_frame_apart_at_most() {
        let offsets =
            |low, length, scale| places(low, length, scale).iter().map(|axis| axis.offset).collect::<Vec<f64>>();
        assert_eq!(offsets(0.0, 1.0, 1.0), [0.0]);
        assert_eq!(offsets(0.0, 1.0, 1.04), [1.0 - 1.04, 0.0]);
        assert_eq!(offsets(0.0, 1.0, 0.5).len(), 21);
        assert_eq!(offsets(0.25, 0.75, 0.75), [0.25]);
        let about = offsets(0.5, 0.5, 0.75);
        assert_eq!((about.len(), about[0], about[7]), (8, 0.25, 0.5));
    }

    #[test]
    fn the_whole_still_is_the_whole_frame_first() {
        let first = &grids(1.5)[0];
        let whole = Axis { offset: 0.0, scale: 1.0, low: 0.0, high: 1.0 };
        assert_eq!((first.horizontal[0], first.vertical[0]), (whole, whole));
    }

    #[test]
    fn guesses_show_a_third_of_the_frame_and_a_quarter_of_the_still() {
        for stretch in [0.5, 1.0, 1.7] {
            for grid in grids(stretch) {
                let (x, y) = (grid.horizontal[0], grid.vertical[0]);
                let (part, frame) = ((x.high - x.low) * (y.high - y.low), x.scale * y.scale);
                assert!(part >= 0.35 * frame - 1e-9 && frame >= 0.25 - 1e-9, "{grid:?}");
                assert!(x.high - x.low == 1.0 && [0.8, 0.89, 1.0].iter().any(|h| (y.high - y.low - h).abs() < 1e-9));
            }
        }
    }

    #[test]
    fn pixels_are_square_but_where_the_part_is_all_of_the_frame() {
        // 5 parts as all of the frame, 7 crops of each, 12 insets; a still of the frame's shape loses none.
        let of = |stretch: f64| {
            let square = |grid: &Grid| (grid.vertical[0].scale / grid.horizontal[0].scale / stretch - 1.0).abs() < 1e-9;
            let all = grids(stretch);
            (all.len(), all.iter().filter(|grid| square(grid)).count())
        };
        assert_eq!(of(1.0), (52, 48));
        assert_eq!(of(3.0), (8, 3));
    }

    #[test]
    fn a_banner_is_left_out_at_the_top_or_the_bottom() {
        let expected =
            [[0.0, 1.0], [0.0, 0.89], [0.11, 0.89], [0.0, 0.8], [0.2, 0.8]].map(|[y, height]| [0.0, y, 1.0, height]);
        let found = parts([0.0, 0.0, 1.0, 1.0]);
        assert_eq!(found.len(), expected.len());
        let is_near = found.iter().flatten().zip(expected.as_flattened()).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(is_near, "{found:?}");
    }

    #[test]
    fn the_first_crop_covers_the_still_and_no_more() {
        let scale = |stretch| {
            let grid = &grids(stretch)[1];
            [grid.horizontal[0].scale, grid.vertical[0].scale]
        };
        assert_eq!([0.5, 1.0, 1.75].map(scale), [[2.0, 1.0], [1.0, 1.0], [1.0, 1.75]]);
    }
}
