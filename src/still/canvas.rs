//! A picture -> a small square of luma that every guess reads.
//!
//! PDQ knows no detail finer than a thirty-second of a side, so 96 pixels a side are enough even if the video's picture
//! is only half of the still.

use super::read::Luma;
use crate::compare::View;
use crate::picture::shrink;

/// Pixels along each side: three for the finest detail that PDQ knows of a whole picture. By trial.
pub const SIDE: usize = 96;

/// The luma of a whole picture, squeezed to [`SIDE`] x [`SIDE`] area averages, its pixels, and how long the picture's
/// sides were.
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
    /// Averages 8-bit luma, `width * height` of it, row by row.
    pub fn new(luma: &[u8], width: usize, height: usize) -> Self {
        let across: Vec<Vec<(usize, u32)>> =
            (0..SIDE).map(|cell| shrink::overlaps::<SIDE>(cell, width).collect()).collect();
        let mut averages = Vec::with_capacity(SIDE * SIDE);
        let mut column_sums = vec![0u32; width];
        for cell_y in 0..SIDE {
            column_sums.fill(0);
            for (y, weight) in shrink::overlaps::<SIDE>(cell_y, height) {
                // Weights add up to the height, at most 2^14, and luma stays below 2^8.
                let row = &luma[y * width..][..width];
                column_sums.iter_mut().zip(row).for_each(|(sum, &luma)| *sum += weight * u32::from(luma));
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

/// A still, or a picture within it.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Its pixels.
    pub canvas: Canvas,
    /// The part of the still that it is.
    pub part: View,
}

impl Picture {
    /// That luma, which is this part of a still.
    pub fn new(Luma { luma, sides: [width, height] }: &Luma, part: View) -> Self {
        Self { canvas: Canvas::new(luma, *width, *height), part }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_area_averages() {
        // 48 pixels a side: each is four of the canvas. 192: four are one.
        let luma: Vec<u8> = (0..48 * 48).map(|i| (i % 251) as u8).collect();
        let canvas = Canvas::new(&luma, 48, 48);
        assert_eq!(canvas.luma[2 * SIDE..][..4], [48.0, 48.0, 49.0, 49.0]);
        let fine: Vec<u8> = (0..192 * 192).map(|i| if i % 2 == 0 { 10 } else { 20 + (i / 192 % 2) as u8 }).collect();
        assert!(Canvas::new(&fine, 192, 192).luma.iter().all(|&luma| luma == 15.25));
    }

    #[test]
    fn any_shape_becomes_a_square_with_the_same_mean() {
        let luma: Vec<u8> = (0..50 * 7).map(|i| (i * 97 % 256) as u8).collect();
        let canvas = Canvas::new(&luma, 50, 7);
        assert_eq!((canvas.luma.len(), canvas.proportions()), (SIDE * SIDE, f64::from(50f32 / 7.0)));
        let mean = |luma: &mut dyn Iterator<Item = f64>, count: usize| luma.sum::<f64>() / count as f64;
        let [ours, its] = [
            mean(&mut canvas.luma.iter().map(|&luma| f64::from(luma)), SIDE * SIDE),
            mean(&mut luma.iter().map(|&luma| f64::from(luma)), 350),
        ];
        assert!((ours - its).abs() < 1e-4, "{ours} {its}");
    }
}
