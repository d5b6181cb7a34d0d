//! Pictures that nobody took.

use super::gray::Gray;
use crate::compare::testing::scrambled;

/// Boxes of many levels, other ones for each seed.
pub fn boxes(seed: usize, width: usize, height: usize) -> Gray {
    let mut luma = vec![100; width * height];
    for i in 0..width * height / 300 {
        let any = |of: usize, below: usize| scrambled(10_000 * seed + 5 * i + of) as usize % below;
        let (left, top, level) = (any(0, width), any(1, height), any(4, 256) as u8);
        for y in top..(top + 6 + any(3, 24)).min(height) {
            luma[y * width + left..y * width + (left + 6 + any(2, 24)).min(width)].fill(level);
        }
    }
    Gray { luma, width, height }
}

/// An area of a picture: left, top, width, height.
pub fn cut(picture: &Gray, [left, top, width, height]: [usize; 4]) -> Gray {
    let rows = (top..top + height).flat_map(|y| &picture.row(y)[left..left + width]);
    Gray { luma: rows.copied().collect(), width, height }
}

/// Puts one picture onto another.
pub fn put(onto: &mut Gray, picture: &Gray, [left, top]: [usize; 2]) {
    for y in 0..picture.height {
        let at = (top + y) * onto.width + left;
        onto.luma[at..at + picture.width].copy_from_slice(picture.row(y));
    }
}
