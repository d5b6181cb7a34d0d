//! A guess at how a frame lies on the still, and the PDQ frequencies that the frame would then have.
//!
//! What the still does not show of the frame is filled by its outermost known pixels and its mean. Resampling, filling
//! and the cosine transform are linear and work along each axis for itself, so each axis becomes one matrix, and the
//! frequencies of a guess are two small products.

use super::canvas::{Canvas, SIDE};
use crate::hash::pdq::{self, BANDS, Bands, DCT, GRID};
use std::ops::Range;

/// How one axis of the frame lies along one axis of the still, all in fractions of the still's side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// Where the frame begins.
    pub offset: f64,
    /// How long the frame is.
    pub scale: f64,
    /// Where the part of the still that may show the video begins.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
}

/// Pixels at the edge of the known part whose average fills the unknown beside it. By trial.
const EDGE_PIXELS: f64 = 3.0;
/// How far from the known part, in fractions of the frame, its edge and its mean count alike for what is filled: the
/// further away, the less an edge tells. By trial.
const HALF_WAY: f64 = 0.05;
/// A range that reaches into a pixel by no more than this, pixels, ends before it. Chosen: far more than rounding.
const END_ROUNDING: f64 = 1e-9;

/// For each of the still's pixels along an axis, how much it counts for each frequency.
pub type Basis = [[f32; BANDS]; SIDE];

impl Axis {
    /// The matrix of this axis.
    pub fn basis(&self) -> Box<Basis> {
        let mut basis = Box::new([[0.0; BANDS]; SIDE]);
        let side = SIDE as f64;
        let (low, high) = (self.low.max(0.0) * side, self.high.min(1.0) * side);
        let edge = EDGE_PIXELS.min(high - low);
        let border = |j: usize| (self.offset + self.scale * j as f64 / GRID as f64) * side;
        let mut of_mean = [0.0; BANDS];
        for j in 0..GRID {
            let start = border(j).clamp(low, high - edge);
            let end = border(j + 1).clamp(low + edge, high);
            let outside = (low - border(j + 1)).max(border(j) - high).max(0.0) / (self.scale * side);
            let share_of_edge = (HALF_WAY / (HALF_WAY + outside)) as f32;
            add_average(&mut basis, start..end, &std::array::from_fn(|i| share_of_edge * DCT[i][j]));
            of_mean.iter_mut().zip(&DCT).for_each(|(sum, row)| *sum += (1.0 - share_of_edge) * row[j]);
        }
        let known = border(0).clamp(low, high - edge)..border(GRID).clamp(low + edge, high);
        add_average(&mut basis, known, &of_mean);
        basis
    }

    /// The still's pixel nearest to each of the points that PDQ knows of the frame.
    pub fn nearest(&self) -> [usize; GRID] {
        std::array::from_fn(|j| {
            let place = self.offset + self.scale * (j as f64 + 0.5) / GRID as f64;
            ((place.clamp(self.low, self.high) * SIDE as f64) as usize).min(SIDE - 1)
        })
    }

    /// The part of the frame that the still shows: start and length in fractions of the frame.
    pub fn view(&self) -> (f64, f64) {
        let start = ((self.low - self.offset) / self.scale).max(0.0);
        let end = ((self.high - self.offset) / self.scale).min(1.0);
        (start, end - start)
    }

    /// The part of the still that shows it: start and length in fractions of the still.
    pub fn still_view(&self) -> (f64, f64) {
        let (start, length) = self.view();
        (self.offset + start * self.scale, length * self.scale)
    }
}

impl Canvas {
    /// PDQ's quality, 0..=100, of a frame that lies like this.
    pub fn quality(&self, horizontal: &Axis, vertical: &Axis) -> u8 {
        let (columns, rows) = (horizontal.nearest(), vertical.nearest());
        let pixel = |at: usize| self.luma[rows[at / GRID] * SIDE + columns[at % GRID]];
        pdq::hash_grid(&std::array::from_fn(pixel)).quality
    }
}

/// Adds the average of a range, pixels, by these factors.
fn add_average(basis: &mut Basis, range: Range<f64>, factors: &[f32; BANDS]) {
    let (first, last) = (range.start as usize, ((range.end - END_ROUNDING) as usize).min(SIDE - 1));
    for (i, row) in basis.iter_mut().enumerate().take(last + 1).skip(first) {
        let overlap = range.end.min((i + 1) as f64) - range.start.max(i as f64);
        let share = (overlap / (range.end - range.start)) as f32;
        row.iter_mut().zip(factors).for_each(|(sum, factor)| *sum += share * factor);
    }
}

/// A canvas whose columns are transformed: the vertical frequencies of each column. Guesses that share the vertical
/// axis share it.
pub struct ColumnsDone {
    sums: [[f32; SIDE]; BANDS],
}

impl ColumnsDone {
    /// Transforms the columns.
    pub fn new(canvas: &Canvas, vertical: &Basis) -> Box<Self> {
        let mut done = Box::new(Self { sums: [[0.0; SIDE]; BANDS] });
        for (row, factors) in canvas.luma.chunks_exact(SIDE).zip(vertical) {
            for (sums, &factor) in done.sums.iter_mut().zip(factors) {
                // Large parts of the still may lie outside the frame.
                if factor != 0.0 {
                    sums.iter_mut().zip(row).for_each(|(sum, luma)| *sum += factor * luma);
                }
            }
        }
        done
    }

    /// The frequencies that PDQ compares.
    pub fn frequencies(&self, horizontal: &Basis) -> Bands {
        let mut bands = [[0.0; BANDS]; BANDS];
        for (x, factors) in horizontal.iter().enumerate() {
            for (sums, row) in bands.iter_mut().zip(&self.sums) {
                sums.iter_mut().zip(factors).for_each(|(sum, factor)| *sum += row[x] * factor);
            }
        }
        bands
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::pdq;

    const SIDE_PX: usize = 192;

    /// Blocks of a few levels.
    fn luma() -> Vec<u8> {
        (0..SIDE_PX * SIDE_PX)
            .map(|at| {
                let (x, y) = (at % SIDE_PX / 11, at / SIDE_PX / 13);
                ((x * 71 + y * 113 + x * y * 29) % 211) as u8
            })
            .collect()
    }

    fn hash(canvas: &Canvas, horizontal: &Axis, vertical: &Axis) -> pdq::PdqHash {
        let columns = ColumnsDone::new(canvas, &vertical.basis());
        pdq::median_bits(&columns.frequencies(&horizontal.basis()))
    }

    #[test]
    fn the_whole_still_as_the_whole_frame_has_the_pictures_own_hash() {
        let whole = Axis { offset: 0.0, scale: 1.0, low: 0.0, high: 1.0 };
        let ours = hash(&Canvas::new(&luma(), SIDE_PX, SIDE_PX), &whole, &whole);
        let pixels: Vec<f32> = luma().into_iter().map(f32::from).collect();
        let reference = pdq::hash_luma(&pixels, SIDE_PX, SIDE_PX).hash;
        // A canvas is coarser than a picture; of unrelated pictures, 128 bits differ.
        assert!(ours.distance_bits(&reference) <= 24, "{}", ours.distance_bits(&reference));
    }

    #[test]
    fn what_lies_outside_the_part_does_not_count() {
        let part = Axis { offset: 0.1, scale: 0.7, low: 0.2, high: 0.75 };
        let whole = Axis { offset: 0.0, scale: 1.0, low: 0.0, high: 1.0 };
        let plain = luma();
        let mut marked = plain.clone();
        marked.iter_mut().enumerate().filter(|(at, _)| at % SIDE_PX < SIDE_PX / 6).for_each(|(_, pixel)| *pixel = 255);
        let [plain, marked] = [plain, marked].map(|luma| Canvas::new(&luma, SIDE_PX, SIDE_PX));
        assert_eq!(hash(&plain, &part, &whole), hash(&marked, &part, &whole));
        assert_ne!(hash(&plain, &whole, &whole), hash(&marked, &whole, &whole));
    }

    #[test]
    fn views_are_the_common_part_of_frame_and_still() {
        let cut = Axis { offset: -0.25, scale: 1.25, low: 0.0, high: 1.0 };
        assert_eq!((cut.view(), cut.still_view()), ((0.2, 0.8), (0.0, 1.0)));
        let inset = Axis { offset: 0.25, scale: 0.5, low: 0.0, high: 1.0 };
        assert_eq!((inset.view(), inset.still_view()), ((0.0, 1.0), (0.25, 0.5)));
    }

    fn axis(offset: f64, scale: f64, low: f64, high: f64) -> Axis {
        Axis { offset, scale, low, high }
    }

    /// The matrix of points that cover these quarters of pixels, by that share; the mean of `known` fills the rest.
    fn matrix(points: impl Fn(usize) -> (Range<usize>, f64), known: Range<usize>) -> Vec<[f64; BANDS]> {
        let mut matrix = vec![[0.0; BANDS]; SIDE];
        let mut add = |j: usize, covered: Range<usize>, share: f64| {
            let each = share / covered.len() as f64;
            covered.for_each(|at| (0..BANDS).for_each(|i| matrix[at / 4][i] += each * f64::from(DCT[i][j])));
        };
        (0..GRID).for_each(|j| {
            let (quarters, share) = points(j);
            add(j, quarters, share);
            add(j, known.clone(), 1.0 - share);
        });
        matrix
    }

    /// Points of a frame of which only the middle half is known, in the quarters of pixels from `start` to `end`; from `of(j)`
    /// on point `j` lies there. Beside it, the further away a point is, the less does the edge count.
    fn middle_half(start: usize, end: usize, of: impl Fn(usize) -> usize) -> impl Fn(usize) -> (Range<usize>, f64) {
        let share = |points: usize| 0.05 / (0.05 + points as f64 / 64.0);
        move |j| match j {
            0..16 => (start..start + 12, share(15 - j)),
            48.. => (end - 12..end, share(j - 48)),
            // At least three pixels at either end of the part.
            _ => (of(j).min(end - 12)..of(j + 1).max(start + 12), 1.0),
        }
    }

    #[test]
    fn points_average_what_they_cover_and_unknown_ones_the_edge_and_the_mean() {
        let whole = |j: usize| ((6 * j).min(372)..(6 * j + 6).max(12), 1.0);
        let inset = |j: usize| (96 + 3 * j..99 + 3 * j, 1.0);
        let cases = [
            (axis(0.0, 1.0, 0.0, 1.0), matrix(whole, 0..384)),
            (axis(0.25, 0.5, 0.0, 1.0), matrix(inset, 96..288)),
            // A frame twice as long as the still, in its middle.
            (axis(-0.5, 2.0, 0.0, 1.0), matrix(middle_half(0, 384, |j| 12 * (j - 16)), 0..384)),
            // Only the still's middle half shows the video.
            (axis(0.0, 1.0, 0.25, 0.75), matrix(middle_half(96, 288, |j| 6 * j), 96..288)),
        ];
        for (axis, expected) in cases {
            for (pixel, (found, expected)) in axis.basis().iter().zip(expected).enumerate() {
                let is_near = found.iter().zip(expected).all(|(a, b)| (f64::from(*a) - b).abs() < 1e-5);
                assert!(is_near, "{axis:?}, pixel {pixel}: {found:?} is not {expected:?}");
            }
        }
    }

    #[test]
    fn the_nearest_pixel_is_within_the_part() {
        let points = [0, 1, 15, 16, 17, 47, 48, 63];
        let nearest = |axis: Axis| points.map(|j| axis.nearest()[j]);
        assert_eq!(nearest(axis(0.0, 1.0, 0.0, 1.0)), [0, 2, 23, 24, 26, 71, 72, 95]);
        assert_eq!(nearest(axis(0.25, 0.5, 0.0, 1.0)), [24, 25, 35, 36, 37, 59, 60, 71]);
        assert_eq!(nearest(axis(-0.5, 2.0, 0.0, 1.0)), [0, 0, 0, 1, 4, 94, 95, 95]);
        assert_eq!(nearest(axis(0.0, 1.0, 0.25, 0.75)), [24, 24, 24, 24, 26, 71, 72, 72]);
    }

    #[test]
    fn quality_is_that_of_the_nearest_pixels() {
        let mut canvas = Canvas::new(&luma(), SIDE_PX, SIDE_PX);
        // So little contrast that quality is not the highest.
        canvas.luma.iter_mut().for_each(|luma| *luma *= 0.05);
        let (across, down) = (axis(0.0, 1.0, 0.0, 1.0), axis(0.25, 0.5, 0.0, 1.0));
        let pixel = |at: usize| canvas.luma[(24 + (6 * (at / GRID) + 3) / 8) * SIDE + (3 * (at % GRID)).div_ceil(2)];
        let expected = pdq::hash_grid(&std::array::from_fn(pixel)).quality;
        assert_eq!(canvas.quality(&across, &down), expected);
        assert!((2..100).contains(&expected), "{expected}");
        let plain = Canvas { luma: vec![7.0; SIDE * SIDE], ..canvas };
        assert_eq!(plain.quality(&across, &down), 0);
    }
}
