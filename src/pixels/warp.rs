//! A frame and where it lies in a scene -> the part of the scene that both videos show, as the frame shows it.

use crate::hash::motion::{MotionSampler, RATE_HZ, Sample, TimeBase};
use crate::hash::pdq::{self, GRID, PdqHash};
use crate::picture::gray::Gray;
use crate::picture::shrink::CELLS;
use crate::registration::{Corners, Transform};

/// Places along each side of a picture's pixel at which the frame is looked at. By reason: a pixel of PDQ's picture is 4 of a frame of
/// 256 wide.
const PLACES: usize = 2;
/// Pixels of PDQ's picture along a side of a motion cell.
const PIXELS_OF_CELL: usize = GRID / CELLS;
/// A pixel, or a cell, is shown if this share of it is. By reason.
const SHOWN_SHARE: f64 = 0.75;
/// A picture has a hash if this share of it is shown. By reason: PDQ knows no holes.
const HASHED_SHARE: f64 = 0.98;

/// What is hashed of one part of a scene.
#[derive(Clone, Debug)]
pub struct Laid {
    /// The mean brightness of each cell, levels; NaN where the frame does not show it.
    pub cells: [f32; CELLS * CELLS],
    /// The hash and its quality; `None` if the frame shows too little of it.
    pub hash: Option<(PdqHash, u8)>,
}

impl Laid {
    /// The part of the scene inside `corners`, pixels of the frame. `None` if these lie on a line. A level is `contrast` levels of
    /// the full range.
    pub fn of(frame: &Gray, corners: &Corners, contrast: f32) -> Option<Self> {
        let side = GRID as f64;
        let to_frame = Transform::through(&[[0.0, 0.0], [side, 0.0], [side, side], [0.0, side]], corners)?;
        let mut grid = Box::new([f32::NAN; GRID * GRID]);
        for (i, pixel) in grid.iter_mut().enumerate() {
            let at = [(i % GRID) as f64, (i / GRID) as f64];
            let place = |k: usize| {
                let inside = |k: usize| (k as f64 + 0.5) / PLACES as f64;
                level(frame, to_frame.at([at[0] + inside(k % PLACES), at[1] + inside(k / PLACES)]))
            };
            *pixel = mean((0..PLACES * PLACES).filter_map(place), PLACES * PLACES) * contrast;
        }
        let cell = |i: usize| {
            let pixel = |k: usize| {
                let (x, y) =
                    (i % CELLS * PIXELS_OF_CELL + k % PIXELS_OF_CELL, i / CELLS * PIXELS_OF_CELL + k / PIXELS_OF_CELL);
                Some(f64::from(grid[y * GRID + x])).filter(|level| !level.is_nan())
            };
            let count = PIXELS_OF_CELL * PIXELS_OF_CELL;
            mean((0..count).filter_map(pixel), count)
        };
        Some(Self { cells: std::array::from_fn(cell), hash: hash(&mut grid) })
    }
}

/// The time of samples.
pub const SAMPLES: TimeBase = TimeBase(1, RATE_HZ);

/// What moves at each sample of a video as they were laid.
pub fn motion(laid: &[Option<Laid>]) -> Vec<Sample> {
    let mut sampler = MotionSampler::new(SAMPLES);
    for (sample, laid) in laid.iter().enumerate() {
        let cells = laid.as_ref().map_or([f32::NAN; CELLS * CELLS], |laid| laid.cells);
        sampler.push(sample as i64, &cells).expect("a video is no longer than it was");
    }
    sampler.finish(laid.len() as i64 - 1).expect("a video is no longer than it was")
}

/// The hash of a picture with its quality; what is not shown is filled with the mean.
fn hash(grid: &mut [f32; GRID * GRID]) -> Option<(PdqHash, u8)> {
    let least = (HASHED_SHARE * grid.len() as f64) as usize;
    let shown = grid.iter().copied().filter(|level| !level.is_nan());
    let count = shown.clone().count();
    if count < least {
        return None;
    }
    let middle = (shown.map(f64::from).sum::<f64>() / count as f64) as f32;
    grid.iter_mut().filter(|level| level.is_nan()).for_each(|level| *level = middle);
    let result = pdq::hash_grid(grid);
    Some((result.hash, result.quality))
}

/// The mean of what is shown of so many; NaN if that is too little.
fn mean(shown: impl Iterator<Item = f64>, of: usize) -> f32 {
    let (sum, count) = shown.fold((0.0, 0usize), |(sum, count), level| (sum + level, count + 1));
    if (count as f64) < SHOWN_SHARE * of as f64 { f32::NAN } else { (sum / count as f64) as f32 }
}

/// The brightness at a point, between pixels; `None` outside of the frame.
fn level(frame: &Gray, [x, y]: [f64; 2]) -> Option<f64> {
    let is_inside = x >= 0.0 && y >= 0.0 && x <= frame.width as f64 && y <= frame.height as f64;
    if !is_inside {
        return None;
    }
    let most = [frame.width, frame.height].map(|side| (side - 1) as f64);
    let (x, y) = ((x - 0.5).clamp(0.0, most[0]), (y - 0.5).clamp(0.0, most[1]));
    let (left, top) = (x as usize, y as usize);
    let (right, down) = (x - left as f64, y - top as f64);
    let at = |x: usize, y: usize| f64::from(frame.luma[y.min(frame.height - 1) * frame.width + x.min(frame.width - 1)]);
    let row = |y: usize| at(left, y) * (1.0 - right) + at(left + 1, y) * right;
    Some(row(top) * (1.0 - down) + row(top + 1) * down)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::testing::{boxes, cut};
    use crate::registration::Area;

    fn laid(frame: &Gray, start: [f64; 2], end: [f64; 2]) -> Laid {
        Laid::of(frame, &Area { start, end }.corners(), 1.0).unwrap()
    }

    #[test]
    fn a_part_has_the_hashes_of_that_part_alone() {
        let picture = boxes(1, 256, 144);
        let part = cut(&picture, [64, 16, 128, 128]);
        let (inside, alone) = (laid(&picture, [64.0, 16.0], [192.0, 144.0]), laid(&part, [0.0; 2], [128.0; 2]));
        let (a, b) = (inside.hash.unwrap(), alone.hash.unwrap());
        assert!(a.0.distance_bits(&b.0) <= 10 && a.1 > 50, "{a:?} {b:?}");
        // A cell is 8 x 8 pixels of the part.
        let mean = cut(&part, [24, 40, 8, 8]).luma.iter().map(|luma| f32::from(*luma)).sum::<f32>() / 64.0;
        assert!((alone.cells[5 * CELLS + 3] - mean).abs() < 1.5, "{} {mean}", alone.cells[5 * CELLS + 3]);
        let twice = Laid::of(&part, &Area::of([128.0; 2]).corners(), 2.0).unwrap();
        assert!((twice.cells[0] - 2.0 * alone.cells[0]).abs() < 1e-3);
    }

    #[test]
    fn what_a_frame_does_not_show_is_no_cell_and_leaves_no_hash() {
        let frame = boxes(2, 128, 128);
        // The right half of this part lies outside.
        let half = laid(&frame, [0.0; 2], [256.0, 128.0]);
        let is_shown = |cell: usize| !half.cells[cell].is_nan();
        assert!((0..CELLS * CELLS).all(|cell| is_shown(cell) == (cell % CELLS < CELLS / 2)));
        assert_eq!(half.hash, None);
        assert!(laid(&frame, [-2.0, 0.0], [126.0, 128.0]).hash.is_some(), "a narrow edge is filled");
        assert!(Laid::of(&frame, &[[0.0; 2]; 4], 1.0).is_none());
    }
}
