//! A still's luma, shrunk by a whole number of times, for edges to be looked for in.

/// A part of a still, pixels: left, top, width, height.
pub type Area = [usize; 4];

/// Neighbours that differ by no more are flat, levels: more than rounding, and less than a camera's noise.
const FLAT: u8 = 1;

/// Means of squares of pixels.
pub struct Shrunk {
    /// Row by row.
    pub luma: Vec<u8>,
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// For each pixel, how many before it, to the left and above, are flat.
    flat_before: Vec<u32>,
}

impl Shrunk {
    /// Means of `step` times `step` pixels each; what is left at the right and below is left out.
    pub fn new(luma: &[u8], full_width: usize, full_height: usize, step: usize) -> Self {
        let (width, height) = (full_width / step, full_height / step);
        let mean = |x: usize, y: usize| {
            let row = |i: usize| &luma[(y * step + i) * full_width + x * step..][..step];
            let sum: usize = (0..step).map(|i| row(i).iter().map(|&luma| usize::from(luma)).sum::<usize>()).sum();
            (sum / (step * step)) as u8
        };
        let luma: Vec<u8> = (0..width * height).map(|i| mean(i % width, i / width)).collect();
        let flat_before = flat_before(&luma, width, height);
        Self { luma, width, height, flat_before }
    }

    /// The share of an area that is of one colour with its neighbours: pages are, and what a camera sees hardly is.
    pub fn flat_share(&self, &[left, top, width, height]: &Area) -> f64 {
        let before = |x: usize, y: usize| self.flat_before[y * (self.width + 1) + x];
        let flat = before(left + width, top + height) + before(left, top)
            - before(left + width, top)
            - before(left, top + height);
        f64::from(flat) / (width * height) as f64
    }
}

/// Sums over all pixels to the left and above of each corner of pixels.
fn flat_before(luma: &[u8], width: usize, height: usize) -> Vec<u32> {
    let is_flat = |x: usize, y: usize| {
        let at = y * width + x;
        x > 0 && y > 0 && luma[at].abs_diff(luma[at - 1]).max(luma[at].abs_diff(luma[at - width])) <= FLAT
    };
    let mut sums = vec![0; (width + 1) * (height + 1)];
    for y in 0..height {
        let mut row = 0;
        for x in 0..width {
            row += u32::from(is_flat(x, y));
            sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
        }
    }
    sums
}
