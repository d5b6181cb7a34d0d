//! The motion inside one rectangle of the picture, ready to be compared: one entry for each sample of a signature.
//!
//! An entry is the rectangle's motion on a grid of [`SIDE`] x [`SIDE`] cells, **centred** (what all cells share is taken out: a
//! flickering lamp, a fade) and **weighed** (so that one busy second does not outvote the rest). docs/motion.md, "Comparing".

use super::orientation::Orientation;
use super::result::View;
use crate::hash::motion::Sample;
use crate::picture::shrink::CELLS;

/// Cells along each side of an entry.
pub(super) const SIDE: usize = 8;
/// Cells of an entry.
pub(super) const ENTRY_CELLS: usize = SIDE * SIDE;

/// Cells of the whole picture, -1, 0 or 1, row by row.
pub(super) type Cells = [f32; CELLS * CELLS];

/// The cells of a sample, seen in an orientation.
pub(super) fn cells_of(sample: &Sample, sources: &[usize; CELLS * CELLS]) -> Cells {
    const LEVELS: [f32; 4] = [0.0, 1.0, -1.0, 0.0];
    std::array::from_fn(|cell| {
        let at = sources[cell];
        LEVELS[usize::from(sample[at / 4] >> (2 * (at % 4)) & 3)]
    })
}

/// Where the cells of the whole picture lie for an orientation.
pub(super) fn sources_of(orientation: Orientation) -> [usize; CELLS * CELLS] {
    orientation.sources::<CELLS, { CELLS * CELLS }>()
}

/// Turns cells of the whole picture into area means inside one rectangle.
pub(super) struct Window {
    /// For each column of the picture, its share in each of the window's.
    columns: [[f32; SIDE]; CELLS],
    /// For each row of the window, the share of each of the picture's.
    rows: [[f32; CELLS]; SIDE],
}

impl Window {
    pub fn new([x, y, w, h]: View) -> Self {
        let columns = overlaps(x, w);
        Self { columns: std::array::from_fn(|cell| std::array::from_fn(|i| columns[i][cell])), rows: overlaps(y, h) }
    }

    /// Area means of `cells`.
    pub fn means(&self, cells: &Cells) -> [f32; ENTRY_CELLS] {
        let mut means = [0f32; ENTRY_CELLS];
        for (row, weights) in means.chunks_exact_mut(SIDE).zip(&self.rows) {
            let mut band = [0f32; CELLS];
            for (&weight, row) in weights.iter().zip(cells.chunks_exact(CELLS)) {
                if weight != 0.0 {
                    band.iter_mut().zip(row).for_each(|(sum, cell)| *sum += weight * cell);
                }
            }
            for (cell, shares) in band.iter().zip(&self.columns) {
                row.iter_mut().zip(shares).for_each(|(mean, share)| *mean += share * cell);
            }
        }
        means
    }
}

/// The shares of the picture's 16 rows (or columns) in each of the window's.
fn overlaps(start: f64, length: f64) -> [[f32; CELLS]; SIDE] {
    let (start, step) = (start * CELLS as f64, length * CELLS as f64 / SIDE as f64);
    std::array::from_fn(|i| {
        let (low, high) = (start + step * i as f64, start + step * (i + 1) as f64);
        std::array::from_fn(|cell| {
            let shared = high.min((cell + 1) as f64) - low.max(cell as f64);
            (shared.max(0.0) / step) as f32
        })
    })
}

/// Centres and weighs.
pub(super) fn prepare(means: &mut [f32; ENTRY_CELLS]) {
    const FLOOR: f32 = 0.05;
    let mean = inner(means, &[1.0; ENTRY_CELLS]) / ENTRY_CELLS as f32;
    means.iter_mut().for_each(|cell| *cell -= mean);
    let square = inner(means, means) / ENTRY_CELLS as f32;
    let weight = 1.0 / (square.sqrt() + FLOOR).sqrt();
    means.iter_mut().for_each(|cell| *cell *= weight);
}

/// The inner product of two entries, summed in [`SIDE`] lanes.
pub(super) fn inner(a: &[f32; ENTRY_CELLS], b: &[f32; ENTRY_CELLS]) -> f32 {
    let mut lanes = [0f32; SIDE];
    for (a, b) in a.chunks_exact(SIDE).zip(b.chunks_exact(SIDE)) {
        lanes.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    lanes.iter().sum()
}

/// Entries in fixed point, for the many comparisons of a search.
pub(super) struct Track {
    pub entries: Vec<[i16; ENTRY_CELLS]>,
    /// The sum of squares of each.
    pub energies: Vec<f32>,
}

/// Fixed-point units of 1. A cell of an entry stays below 10, so a product of two entries below 2^31.
pub(super) const UNIT: f32 = 256.0;

impl Track {
    /// The entries of `pictures`.
    pub fn new(pictures: impl IntoIterator<Item = Cells>, view: View) -> Self {
        let window = Window::new(view);
        let entries: Vec<[i16; ENTRY_CELLS]> = pictures
            .into_iter()
            .map(|cells| {
                let mut means = window.means(&cells);
                prepare(&mut means);
                means.map(|cell| (cell * UNIT) as i16)
            })
            .collect();
        let energies = entries.iter().map(|entry| product(entry, entry)).collect();
        Self { entries, energies }
    }

    /// The same seen in another orientation.
    pub fn oriented(&self, orientation: Orientation) -> Self {
        let sources = orientation.sources::<SIDE, ENTRY_CELLS>();
        let entries = self.entries.iter().map(|entry| sources.map(|at| entry[at])).collect();
        Self { entries, energies: self.energies.clone() }
    }
}

/// The inner product of two entries.
pub(super) fn product(a: &[i16; ENTRY_CELLS], b: &[i16; ENTRY_CELLS]) -> f32 {
    let sum: i32 = a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
    sum as f32 / (UNIT * UNIT)
}
