//! Exact area averages of a luma plane on a grid of cells: the hot loop of the motion signature.
//!
//! Each cell covers `width / CELLS` x `height / CELLS` pixels, with fractions if those are not whole. In units of 1/CELLS of a
//! pixel, every border is a whole number: pixel `x` covers `CELLS * x .. CELLS * (x + 1)` and cell `i` covers `width * i .. width *
//! (i + 1)`. So all sums are integers, exact on every machine. Specification: docs/format.md, "Motion".

use crate::picture::plane::Plane;

/// Cells along each side of the motion grid.
pub const CELLS: usize = 16;

/// Rows of 8-bit samples whose sum fits 16 bits: 257 * 255 = 65,535.
const ROWS_IN_U16: usize = 257;

/// Shrinks `plane` to `CELLS` x `CELLS` means, full range 0.0..=255.0, row by row.
pub fn area_averages(plane: &Plane) -> [f32; CELLS * CELLS] {
    let mut grid = [0.0; CELLS * CELLS];
    let mut column_sums = vec![0u32; plane.width()];
    let mut short_sums = vec![0u16; plane.width()];
    for cell_y in 0..CELLS {
        column_sums.fill(0);
        let rows: Vec<(usize, u32)> = overlaps::<CELLS>(cell_y, plane.height()).collect();
        // Rows wholly within the cell have equal weight: 8-bit ones are summed in 16 bits, twice as many at once.
        let is_whole = |&(_, weight): &(usize, u32)| weight == CELLS as u32 && plane.depth_bits() == 8;
        let (whole, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_whole);
        for rows in whole.chunks(ROWS_IN_U16) {
            add_whole_rows(&mut column_sums, &mut short_sums, plane, rows);
        }
        for (y, weight) in others {
            add_row(&mut column_sums, plane.row(y), plane.depth_bits(), weight);
        }
        for cell_x in 0..CELLS {
            let mean = cell_mean(&column_sums, cell_x, plane.height());
            grid[cell_y * CELLS + cell_x] = plane.to_full_range(mean);
        }
    }
    grid
}

fn add_whole_rows(column_sums: &mut [u32], short_sums: &mut [u16], plane: &Plane, rows: &[(usize, u32)]) {
    short_sums.fill(0);
    for &(y, _) in rows {
        for (sum, &sample) in short_sums.iter_mut().zip(plane.row(y)) {
            *sum += u16::from(sample);
        }
    }
    for (sum, &short) in column_sums.iter_mut().zip(&*short_sums) {
        *sum += u32::from(short) * CELLS as u32;
    }
}

/// The pixels that cell `cell` of `CELLS` touches along a side of `length` pixels, each with its overlap in 1/CELLS of a pixel.
pub(crate) fn overlaps<const CELLS: usize>(cell: usize, length: usize) -> impl Iterator<Item = (usize, u32)> {
    let (start, end) = (length * cell, length * (cell + 1));
    (start / CELLS..end.div_ceil(CELLS)).map(move |pixel| {
        let covered = end.min(CELLS * (pixel + 1)) - start.max(CELLS * pixel);
        (pixel, covered as u32)
    })
}

// A column sums weights of at most MAX_SIDE in total (the cell's height in 1/CELLS of a pixel), each times a 16-bit sample: 2^14 *
// 2^16 = 2^30 fits into u32.
fn add_row(column_sums: &mut [u32], row: &[u8], depth_bits: u8, weight: u32) {
    if depth_bits == 8 {
        for (sum, &sample) in column_sums.iter_mut().zip(row) {
            *sum += u32::from(sample) * weight;
        }
    } else {
        for (sum, sample) in column_sums.iter_mut().zip(row.chunks_exact(2)) {
            *sum += u32::from(u16::from_le_bytes([sample[0], sample[1]])) * weight;
        }
    }
}

fn cell_mean(column_sums: &[u32], cell_x: usize, height: usize) -> f32 {
    let width = column_sums.len();
    let sum: u64 =
        overlaps::<CELLS>(cell_x, width).map(|(x, weight)| u64::from(column_sums[x]) * u64::from(weight)).sum();
    // Both numbers are below 2^53, so this is the correctly rounded quotient.
    (sum as f64 / (width * height) as f64) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::plane::Range;
    use proptest::prelude::*;

    /// The definition: one sample at a time.
    fn naive(plane: &Plane) -> Vec<f32> {
        let mut sums = vec![0u64; CELLS * CELLS];
        for y in 0..plane.height() {
            for x in 0..plane.width() {
                for (cell, sum) in sums.iter_mut().enumerate() {
                    let overlap = |pixel: usize, cell: usize, length: usize| {
                        let start = (length * cell).max(CELLS * pixel);
                        (length * (cell + 1)).min(CELLS * (pixel + 1)).saturating_sub(start) as u64
                    };
                    let weight = overlap(x, cell % CELLS, plane.width()) * overlap(y, cell / CELLS, plane.height());
                    *sum += weight * u64::from(plane.row(y)[x]);
                }
            }
        }
        let area = (plane.width() * plane.height()) as f64;
        sums.iter().map(|&sum| plane.to_full_range((sum as f64 / area) as f32)).collect()
    }

    #[test]
    fn a_flat_plane_gives_its_own_value() {
        let samples = vec![77u8; 37 * 23];
        let plane = Plane::new(&samples, 37, 23, 37, 8, Range::Full).unwrap();
        assert!(area_averages(&plane).iter().all(|&mean| mean == 77.0));
    }

    #[test]
    fn deep_samples_give_the_means_of_shallow_ones() {
        let shallow: Vec<u8> = (0..40 * 30).map(|i| (i * 7 % 220 + 16) as u8).collect();
        let deep: Vec<u8> = shallow.iter().flat_map(|&v| (u16::from(v) << 2).to_le_bytes()).collect();
        let a = Plane::new(&shallow, 40, 30, 40, 8, Range::Limited).unwrap();
        let b = Plane::new(&deep, 40, 30, 80, 10, Range::Limited).unwrap();
        for (x, y) in area_averages(&a).iter().zip(area_averages(&b)) {
            assert!((x - y).abs() < 1e-4, "{x} {y}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn equals_the_definition(width in 1usize..50, height in 1usize..90, padding in 0usize..9, seed: u64) {
            let stride = width + padding;
            let mut state = seed | 1;
            let samples: Vec<u8> = (0..stride * height).map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                (state >> 56) as u8
            }).collect();
            let plane = Plane::new(&samples, width as u32, height as u32, stride, 8, Range::Limited).unwrap();
            prop_assert_eq!(area_averages(&plane).to_vec(), naive(&plane));
        }
    }
}
