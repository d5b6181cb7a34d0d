//! A picture -> a small square of luma that every guess reads.
//!
//! PDQ knows no detail finer than a thirty-second of a side, so 96 samples a side are enough even where the video's
//! picture is only half of the still.

use crate::picture::shrink;

/// Samples along each side.
pub const SIDE: usize = 96;

/// The luma of a whole picture, squeezed to [`SIDE`] x [`SIDE`] area averages, and how long the picture's sides were.
#[derive(Clone, Debug)]
pub struct Canvas {
    /// Row by row, 0.0..=255.0.
    pub luma: Vec<f32>,
    /// Width of the picture in pixels.
    pub width: f32,
    /// Height of the picture in pixels.
    pub height: f32,
}

impl Canvas {
    /// Averages 8-bit luma, `width * height` samples.
    pub fn new(luma: &[u8], width: usize, height: usize) -> Self {
        let across: Vec<Vec<(usize, u32)>> =
            (0..SIDE).map(|cell| shrink::overlaps::<SIDE>(cell, width).collect()).collect();
        let mut averages = Vec::with_capacity(SIDE * SIDE);
        let mut column_sums = vec![0u32; width];
        for cell_y in 0..SIDE {
            column_sums.fill(0);
            for (y, weight) in shrink::overlaps::<SIDE>(cell_y, height) {
                // Weights add up to the height, at most 2^14, and samples stay below 2^8.
                let row = &luma[y * width..][..width];
                column_sums.iter_mut().zip(row).for_each(|(sum, &sample)| *sum += weight * u32::from(sample));
            }
            averages.extend(across.iter().map(|cell| {
                let sum: u64 = cell.iter().map(|&(x, weight)| u64::from(column_sums[x]) * u64::from(weight)).sum();
                (sum as f64 / (width * height) as f64) as f32
            }));
        }
        Self { luma: averages, width: width as f32, height: height as f32 }
    }

    /// Width by height of the picture.
    pub fn proportions(&self) -> f64 {
        f64::from(self.width / self.height)
    }
}
