//! The front end for video frames: a plane of integer luma -> the 64 x 64 blurred samples.
//!
//! The reference's two box averages amount to one tent along each axis, and only 64 x 64 of its results are used. So only those are
//! computed: for each of the 64 rows of samples, the plane's rows are added with their weights, in integers; the sums are weighted
//! again at the 64 columns, and divided once. Each pixel is read about once. Nothing is rounded before that division; the reference
//! rounds at each of its millions of f32 additions, and differs by that.
//!
//! If a side's window is even, the last sample's tent reaches one pixel past the end. There the reference's first pass averages one
//! pixel less, which integer weights of the last sample express exactly.

use super::blur::{reach_after, sample_at, window};
use super::hash::GRID;

/// The longest side in pixels for which the sums do not overflow.
///
/// A window is then at most 128, an axis' weights sum up to at most 128 * 128 * 127, and
/// `65_535 * (128 * 128 * 127)^2 < 2^59`; without the last sample's weights, `65_535 * 128^2 < 2^32`.
pub const MAX_TENT_SIDE: usize = 16_384;

/// Samples a plane of 8-bit luma; `stride` is the bytes from one row to the next.
///
/// Samples are in the plane's own units, so limited range stays limited: the affine map to full range can be applied to the
/// samples. A plane with an empty side gives zeros.
///
/// # Panics
/// If a side exceeds [`MAX_TENT_SIDE`], the stride is less than a row, or the plane less than `height` rows (the last
/// one without its padding).
pub fn tent_grid_u8(plane: &[u8], width: usize, height: usize, stride: usize, grid: &mut [f32; GRID * GRID]) {
    sample::<1>(plane, width, height, stride, grid, add_block_u8);
}

/// Samples a plane of 16-bit little-endian luma, whatever its bit depth; `stride` is the bytes from one row to the
/// next.
///
/// Like [`tent_grid_u8`] otherwise.
///
/// # Panics
/// As [`tent_grid_u8`] does.
pub fn tent_grid_u16(plane: &[u8], width: usize, height: usize, stride: usize, grid: &mut [f32; GRID * GRID]) {
    sample::<2>(plane, width, height, stride, grid, add_block_u16);
}

/// The bytes of a plane, from the first wanted row on.
struct Rows<'a> {
    bytes: &'a [u8],
    stride: usize,
}

impl<'a> Rows<'a> {
    /// `length` bytes of row `y`, from `offset` on.
    fn at(&self, y: usize, offset: usize, length: usize) -> &'a [u8] {
        &self.bytes[y * self.stride + offset..][..length]
    }
}

/// The weights along one axis.
struct Tent {
    side: usize,
    /// How many pixels before its own a sample's tent covers.
    before: usize,
    /// Weights of every sample but the last: 1, 2 .. window .. 2, 1.
    inner: Weights,
    /// Weights of the last sample.
    last: Weights,
}

struct Weights {
    each: Vec<u32>,
    total: u32,
}

impl From<Vec<u32>> for Weights {
    fn from(each: Vec<u32>) -> Self {
        Self { total: each.iter().sum(), each }
    }
}

impl Tent {
    fn new(side: usize) -> Self {
        let window = window(side);
        let inner: Vec<u32> = (1..=window).chain((1..window).rev()).map(|weight| weight as u32).collect();
        let before = 2 * (window - 1 - reach_after(window));
        let past_the_end = sample_at(GRID - 1, side) + inner.len() - before > side;
        let last = if past_the_end { cut_tent(window as u32) } else { inner.clone() };
        Self { side, before, inner: inner.into(), last: last.into() }
    }

    /// The first pixel and the weights of a sample.
    fn taps(&self, index: usize) -> (usize, &Weights) {
        let weights = if index == GRID - 1 { &self.last } else { &self.inner };
        (sample_at(index, self.side) - self.before, weights)
    }
}

/// The tent whose last pixel is past the end, in units of `1 / (window^2 * (window - 1))`.
///
/// The sample is the average of `window` boxes. All boxes but the last hold `window` pixels, so each of their pixels counts `window
/// - 1` units; the last box holds `window - 1` pixels of `window` units each.
fn cut_tent(window: u32) -> Vec<u32> {
    let boxes_over = |at: u32| (at + 1).min(window - 1).min(2 * window - 2 - at);
    let last_box_over = |at: u32| if at + 1 >= window { window } else { 0 };
    (0..2 * window - 2).map(|at| (window - 1) * boxes_over(at) + last_box_over(at)).collect()
}

fn sample<const BYTES: usize>(
    plane: &[u8],
    width: usize,
    height: usize,
    stride: usize,
    grid: &mut [f32; GRID * GRID],
    add_block: impl Fn(&Rows, &[u32], usize, &mut [u32; LANES]),
) {
    if width == 0 || height == 0 {
        return grid.fill(0.0);
    }
    assert!(width.max(height) <= MAX_TENT_SIDE, "{width} x {height} pixels are more than the sums have room for");
    assert!(stride >= width * BYTES, "rows of {width} pixels overlap at a stride of {stride}");
    let (down, across) = (Tent::new(height), Tent::new(width));
    let mut sums = vec![0u32; width];
    let mut wide_sums = vec![0u64; width];
    for (index, samples) in grid.chunks_exact_mut(GRID).enumerate() {
        let (first, weights) = down.taps(index);
        let rows = Rows { bytes: &plane[first * stride..], stride };
        if index < GRID - 1 && width >= LANES {
            for x in (0..width - LANES).step_by(LANES).chain([width - LANES]) {
                let mut block = [0; LANES];
                add_block(&rows, &weights.each, x, &mut block);
                sums[x..x + LANES].copy_from_slice(&block);
            }
            sample_row(&sums, weights, &across, samples);
        } else {
            add_rows::<BYTES>(&rows, &weights.each, &mut wide_sums);
            sample_row(&wide_sums, weights, &across, samples);
        }
    }
}

/// Weighs one row of sums, which were made with the weights `down`, at its 64 samples.
fn sample_row<Sum: Copy + Into<u64>>(sums: &[Sum], down: &Weights, across: &Tent, samples: &mut [f32]) {
    for (index, sample) in samples.iter_mut().enumerate() {
        let (first, weights) = across.taps(index);
        let taps = sums[first..].iter().zip(&weights.each);
        let sum: u64 = taps.map(|(&sum, &weight)| sum.into() * u64::from(weight)).sum();
        let total = u64::from(down.total) * u64::from(weights.total);
        *sample = sum as f32 / total as f32;
    }
}

/// Adds rows, each with its weight. Right for any samples and weights; the plain form of the two below.
fn add_rows<const BYTES: usize>(rows: &Rows, weights: &[u32], sums: &mut [u64]) {
    sums.fill(0);
    for (y, &weight) in weights.iter().enumerate() {
        let pixels = rows.at(y, 0, BYTES * sums.len()).chunks_exact(BYTES);
        for (sum, pixel) in sums.iter_mut().zip(pixels) {
            let value = pixel.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte));
            *sum += value * u64::from(weight);
        }
    }
}

/// How many columns are added together: few enough for their sums to stay in registers.
const LANES: usize = 32;

/// Adds 8-bit samples from column `x` on in 16-bit sums, of which a register holds twice as many as of 32-bit ones.
///
/// For inner weights, taken in groups with a sum of at most 257, because `255 * 257 < 2^16`: a single group up to 2,048 rows.
fn add_block_u8(rows: &Rows, weights: &[u32], x: usize, sums: &mut [u32; LANES]) {
    let mut start = 0;
    while start < weights.len() {
        let mut total = 0;
        let fits = |&&weight: &&u32| {
            total += weight;
            total <= 257
        };
        let end = start + weights[start..].iter().take_while(fits).count();
        let mut group = [0u16; LANES];
        for (y, &weight) in (start..).zip(&weights[start..end]) {
            let weight = weight as u16;
            let pixels = rows.at(y, x, LANES);
            group.iter_mut().zip(pixels).for_each(|(sum, &pixel)| *sum += u16::from(pixel) * weight);
        }
        sums.iter_mut().zip(group).for_each(|(sum, group)| *sum += u32::from(group));
        start = end;
    }
}

/// Adds 16-bit samples from column `x` on, for inner weights, which have 16 bits like the samples.
fn add_block_u16(rows: &Rows, weights: &[u32], x: usize, sums: &mut [u32; LANES]) {
    for (y, &weight) in weights.iter().enumerate() {
        let weight = weight as u16;
        let pixels = rows.at(y, 2 * x, 2 * LANES).chunks_exact(2);
        for (sum, pixel) in sums.iter_mut().zip(pixels) {
            *sum += u32::from(u16::from_le_bytes([pixel[0], pixel[1]])) * u32::from(weight);
        }
    }
}
