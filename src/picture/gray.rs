//! Luma in 8 bits, and how it is shrunk and smoothed: in whole numbers, so that every machine gets the same.

use crate::picture::plane::Plane;
use std::borrow::Cow;

/// Luma, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gray {
    /// `width` times `height` pixels.
    pub luma: Vec<u8>,
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl Gray {
    /// A plane at `width` x `height` pixels, each the mean of what it covers; never larger than the plane.
    pub fn of_plane(plane: &Plane, width: usize, height: usize) -> Self {
        let row = |y: usize| match plane.depth_bits() {
            8 => Cow::Borrowed(plane.row(y)),
            depth_bits => Cow::Owned(plane.row(y).chunks_exact(2).map(|bytes| shallow(bytes, depth_bits)).collect()),
        };
        means(row, [plane.width(), plane.height()], [width, height])
    }

    /// The same at `width` x `height` pixels, if that is less.
    pub fn shrunk(&self, width: usize, height: usize) -> Self {
        let row = |y: usize| Cow::Borrowed(self.row(y));
        means(row, [self.width, self.height], [width, height])
    }

    /// The same, mirrored first if `mirrored`, then turned clockwise by so many quarters.
    pub fn oriented(self, mirrored: bool, quarters: u8) -> Self {
        let mut turned = self;
        if mirrored {
            turned.luma.chunks_exact_mut(turned.width).for_each(<[u8]>::reverse);
        }
        for _ in 0..quarters {
            let (width, height) = (turned.height, turned.width);
            // Turning clockwise puts the left bottom corner at the left top.
            let at = |i: usize| turned.luma[(turned.height - 1 - i % width) * turned.width + i / width];
            turned = Self { luma: (0..width * height).map(at).collect(), width, height };
        }
        turned
    }

    /// Each pixel replaced by the mean of the square around it that reaches `radius` pixels far.
    pub fn smoothed(&self, radius: usize) -> Self {
        let sums = self.sums();
        let (width, height) = (self.width, self.height);
        let mean = |i: usize| {
            let (x, y) = (i % width, i / width);
            let (left, top) = (x.saturating_sub(radius), y.saturating_sub(radius));
            let (right, bottom) = ((x + radius + 1).min(width), (y + radius + 1).min(height));
            let at = |x: usize, y: usize| sums[y * (width + 1) + x];
            let sum = at(right, bottom) + at(left, top) - at(right, top) - at(left, bottom);
            let area = ((right - left) * (bottom - top)) as u32;
            ((sum + area / 2) / area) as u8
        };
        Self { luma: (0..width * height).map(mean).collect(), width, height }
    }

    /// For each corner of pixels, the sum of all pixels to the left and above.
    fn sums(&self) -> Vec<u32> {
        let across = self.width + 1;
        let mut sums = vec![0u32; across * (self.height + 1)];
        for y in 0..self.height {
            let mut row = 0;
            for (x, &luma) in self.row(y).iter().enumerate() {
                row += u32::from(luma);
                sums[(y + 1) * across + x + 1] = sums[y * across + x + 1] + row;
            }
        }
        sums
    }

    /// A row of pixels.
    pub fn row(&self, y: usize) -> &[u8] {
        &self.luma[y * self.width..][..self.width]
    }
}

/// Sides so many times as long, at least 1.
pub fn scaled(sides: [usize; 2], ratio: f64) -> [usize; 2] {
    sides.map(|side| ((side as f64 * ratio + 0.5) as usize).max(1))
}

/// The upper 8 of so many bits.
fn shallow(bytes: &[u8], depth_bits: u8) -> u8 {
    (u16::from_le_bytes([bytes[0], bytes[1]]) >> (depth_bits - 8)).min(255) as u8
}

/// Exact means of the areas that the pixels of a smaller picture cover. In units of the other picture's pixels every
/// border is a whole number, as in [`crate::picture::shrink`].
fn means<'a>(row: impl Fn(usize) -> Cow<'a, [u8]>, from: [usize; 2], to: [usize; 2]) -> Gray {
    let [width, height] = [to[0].clamp(1, from[0]), to[1].clamp(1, from[1])];
    let across: Vec<Vec<(usize, u32)>> = (0..width).map(|cell| overlaps(cell, width, from[0])).collect();
    let all = from[0] as u64 * from[1] as u64;
    let mut luma = Vec::with_capacity(width * height);
    let mut columns = vec![0u32; from[0]];
    for cell in 0..height {
        columns.fill(0);
        for (y, weight) in overlaps(cell, height, from[1]) {
            // Weights add up to the height, at most 2^14, and luma stays below 2^8.
            columns.iter_mut().zip(&*row(y)).for_each(|(sum, &luma)| *sum += weight * u32::from(luma));
        }
        luma.extend(across.iter().map(|cell| {
            let sum: u64 = cell.iter().map(|&(x, weight)| u64::from(columns[x]) * u64::from(weight)).sum();
            ((sum + all / 2) / all) as u8
        }));
    }
    Gray { luma, width, height }
}

/// The pixels that one of `cells` touches along a side of `length` pixels, each with its share.
fn overlaps(cell: usize, cells: usize, length: usize) -> Vec<(usize, u32)> {
    let (start, end) = (length * cell, length * (cell + 1));
    let share = |pixel: usize| (end.min(cells * (pixel + 1)) - start.max(cells * pixel)) as u32;
    (start / cells..end.div_ceil(cells)).map(|pixel| (pixel, share(pixel))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::plane::Range;
    use proptest::prelude::*;

    fn gray(luma: &[u8], width: usize) -> Gray {
        Gray { luma: luma.to_vec(), width, height: luma.len() / width }
    }

    #[test]
    fn pixels_of_a_smaller_picture_are_means() {
        let picture = gray(&[10, 20, 30, 40, 50, 60, 0, 0, 0, 9, 9, 9], 6);
        assert_eq!(picture.shrunk(3, 1), gray(&[8, 20, 32], 3));
        // Two pixels of three each: the middle one is shared.
        assert_eq!(gray(&[0, 30, 90], 3).shrunk(2, 1), gray(&[10, 70], 2));
        assert_eq!(picture.shrunk(9, 9), picture);
    }

    #[test]
    fn deep_luma_gives_what_shallow_luma_gives() {
        let shallow: Vec<u8> = (0..120).map(|i| (i * 7 % 256) as u8).collect();
        let deep: Vec<u8> = shallow.iter().flat_map(|&luma| (u16::from(luma) << 2).to_le_bytes()).collect();
        let plane = |samples: &[u8], stride, depth_bits| {
            Gray::of_plane(&Plane::new(samples, 12, 10, stride, depth_bits, Range::Full).unwrap(), 5, 4)
        };
        assert_eq!(plane(&deep, 24, 10), plane(&shallow, 12, 8));
    }

    #[test]
    fn mirroring_comes_before_turning() {
        let picture = gray(&[1, 2, 3, 4, 5, 6], 3);
        assert_eq!(picture.clone().oriented(false, 1), gray(&[4, 1, 5, 2, 6, 3], 2));
        assert_eq!(picture.clone().oriented(true, 1), gray(&[6, 3, 5, 2, 4, 1], 2));
        assert_eq!(picture.clone().oriented(false, 2), gray(&[6, 5, 4, 3, 2, 1], 3));
        assert_eq!(picture.clone().oriented(true, 0), gray(&[3, 2, 1, 6, 5, 4], 3));
    }

    #[test]
    fn smoothing_takes_means_of_what_is_there() {
        assert_eq!(gray(&[0, 30, 90], 3).smoothed(1), gray(&[15, 40, 60], 3));
        assert_eq!(gray(&[7; 30], 6).smoothed(2), gray(&[7; 30], 6));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_size_keeps_the_mean(width in 1usize..40, height in 1usize..40, to in [1usize..40, 1usize..40], seed: u8) {
            let luma: Vec<u8> = (0..width * height).map(|i| (i * 37 + usize::from(seed)) as u8).collect();
            let picture = gray(&luma, width);
            let shrunk = picture.shrunk(to[0], to[1]);
            let mean = |picture: &Gray| {
                picture.luma.iter().map(|&luma| f64::from(luma)).sum::<f64>() / picture.luma.len() as f64
            };
            prop_assert_eq!([shrunk.width, shrunk.height], [to[0].min(width), to[1].min(height)]);
            prop_assert!((mean(&shrunk) - mean(&picture)).abs() <= 0.5);
        }
    }
}
