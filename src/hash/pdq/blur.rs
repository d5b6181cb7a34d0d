//! The reference's front end: blurs a whole picture of f32 luma by running box averages, then samples it.
//!
//! Adds and subtracts in the reference's order, because f32 rounding reaches the hash. For pictures; the module `tent` has the same
//! filter without rounding, and far cheaper.

use super::hash::{GRID, PdqHash, PdqResult, hash_grid};

/// Pictures with a shorter side have no hash (reference, `MIN_HASHABLE_DIM`).
const MIN_SIDE: usize = 5;

/// Two box averages make a tent (reference, `PDQ_NUM_JAROSZ_XY_PASSES`).
const PASSES: usize = 2;

/// Hashes a picture of interleaved 8-bit red, green and blue, `3 * width * height` bytes, as the reference does.
///
/// A picture with a side below 5 pixels has the hash zero and quality 0.
///
/// # Panics
/// If `rgb` has another length.
pub fn hash_rgb(rgb: &[u8], width: usize, height: usize) -> PdqResult {
    hash_owned(luma_of_rgb(rgb), width, height)
}

/// Hashes a picture of full-range luma (0..=255), row by row, as the reference does.
///
/// A picture with a side below 5 pixels has the hash zero and quality 0; one of exactly 64 x 64 is not blurred.
///
/// # Panics
/// If `luma` does not hold `width * height` samples.
pub fn hash_luma(luma: &[f32], width: usize, height: usize) -> PdqResult {
    hash_owned(luma.to_vec(), width, height)
}

fn hash_owned(luma: Vec<f32>, width: usize, height: usize) -> PdqResult {
    match grid_of_owned(luma, width, height) {
        Some(grid) => hash_grid(&grid),
        None => PdqResult { hash: PdqHash::ZERO, quality: 0 },
    }
}

/// Hashes a picture like the reference's command for photos, which shrinks it first.
///
/// If a side is longer than 512 pixels, it hashes 512 x 512 of the picture's pixels, each the nearest towards the top left;
/// proportions are not kept. The hash is usually a few bits away from [`hash_rgb`]'s.
///
/// # Panics
/// As [`hash_rgb`] does.
pub fn hash_photo(rgb: &[u8], width: usize, height: usize) -> PdqResult {
    const SIDE: usize = 512;
    if width.max(height) <= SIDE || width == 0 || height == 0 {
        return hash_rgb(rgb, width, height);
    }
    assert_eq!(rgb.len(), 3 * width * height, "3 bytes for each pixel");
    let mut shrunk = Vec::with_capacity(3 * SIDE * SIDE);
    for y in 0..SIDE {
        let row = &rgb[3 * width * (y * height / SIDE)..][..3 * width];
        (0..SIDE).for_each(|x| shrunk.extend_from_slice(&row[3 * (x * width / SIDE)..][..3]));
    }
    hash_rgb(&shrunk, SIDE, SIDE)
}

/// The luma of interleaved 8-bit red, green and blue: `0.299 R + 0.587 G + 0.114 B`, rounded once to f32.
///
/// The reference's Python package rounds like this. Its C++ rounds every product to f32; its hash then differs where only rounding
/// decides which side of the median a frequency is on: in pictures that are plain or regular in one direction.
pub fn luma_of_rgb(rgb: &[u8]) -> Vec<f32> {
    let luma = |pixel: &[u8]| {
        let [red, green, blue] = [0, 1, 2].map(|channel| f64::from(pixel[channel]));
        (0.299 * red + 0.587 * green + 0.114 * blue) as f32
    };
    rgb.chunks_exact(3).map(luma).collect()
}

/// The 64 x 64 samples of a picture of luma, blurred like the reference; `None` if a side is below 5 pixels.
///
/// # Panics
/// If `luma` does not hold `width * height` samples.
pub fn grid_of_luma(luma: &[f32], width: usize, height: usize) -> Option<[f32; GRID * GRID]> {
    grid_of_owned(luma.to_vec(), width, height)
}

/// Takes the luma, so that a large picture is in memory only twice: as it is, and averaged.
fn grid_of_owned(mut luma: Vec<f32>, width: usize, height: usize) -> Option<[f32; GRID * GRID]> {
    assert_eq!(Some(luma.len()), width.checked_mul(height), "one sample for each pixel");
    if width < MIN_SIDE || height < MIN_SIDE {
        return None;
    }
    if width == GRID && height == GRID {
        return luma.try_into().ok();
    }
    let mut between = vec![0.0; luma.len()];
    for _ in 0..PASSES {
        for (row, averaged) in luma.chunks_exact(width).zip(between.chunks_exact_mut(width)) {
            average_row(row, averaged, window(width));
        }
        average_columns(&between, &mut luma, width, window(height));
    }
    let sample = |at: usize| luma[sample_at(at / GRID, height) * width + sample_at(at % GRID, width)];
    Some(std::array::from_fn(sample))
}

/// The width of one box: a sample's share of the side, halved because there are two passes, rounded up.
pub(super) fn window(side: usize) -> usize {
    side.div_ceil(2 * GRID)
}

/// The pixel along a side from which sample `index` of 64 is taken.
pub(super) fn sample_at(index: usize, side: usize) -> usize {
    (2 * index + 1) * side / (2 * GRID)
}

/// How many pixels a box covers after its own; it covers `window - 1 - reach_after(window)` before it.
pub(super) fn reach_after(window: usize) -> usize {
    window / 2
}

/// Averages each pixel with its neighbours in the row, as far as there are any.
fn average_row(row: &[f32], averaged: &mut [f32], window: usize) {
    let after = reach_after(window);
    let (mut sum, mut count) = (0.0, 0usize);
    for step in 0..row.len() + after {
        // The reference adds before it subtracts.
        if let Some(entering) = row.get(step) {
            sum += entering;
            count += 1;
        }
        if step >= window {
            sum -= row[step - window];
            count -= 1;
        }
        if step >= after {
            averaged[step - after] = sum / count as f32;
        }
    }
}

/// Averages along columns, all at once, each in the same order of sums as [`average_row`].
fn average_columns(picture: &[f32], averaged: &mut [f32], width: usize, window: usize) {
    let after = reach_after(window);
    let height = picture.len() / width;
    let row = |y: usize| &picture[y * width..][..width];
    let (mut sums, mut count) = (vec![0.0; width], 0usize);
    for step in 0..height + after {
        if step < height {
            sums.iter_mut().zip(row(step)).for_each(|(sum, entering)| *sum += entering);
            count += 1;
        }
        if step >= window {
            sums.iter_mut().zip(row(step - window)).for_each(|(sum, leaving)| *sum -= leaving);
            count -= 1;
        }
        if step >= after {
            let out = &mut averaged[(step - after) * width..][..width];
            out.iter_mut().zip(&sums).for_each(|(out, sum)| *out = sum / count as f32);
        }
    }
}
