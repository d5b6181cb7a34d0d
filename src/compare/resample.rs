//! Motion in cells of one picture as cells of another one, which lies in it at an angle.

use super::orientation::Orientation;
use super::track::{Cells, cells_of, sources_of};
use crate::hash::motion::{SAMPLE_BYTES, Sample};
use crate::picture::shrink::CELLS;

/// Points along each side of a cell at which the picture is looked at. Chosen: finer than a degree moves a cell.
const POINTS: usize = 4;
/// So many more of a cell's points have to be brighter than darker for it to be brighter, as a share of all: 7 of 16. By trial.
const MOST_POINTS: f32 = 0.4375;

/// For each cell of the picture, the cells of the other one that are seen at its points; fewer than all at the edges.
pub(super) struct Resampling(Vec<Vec<usize>>);

impl Resampling {
    /// `cell_at` gives the other picture's cell at a point of the picture, in fractions of it; `None` outside.
    pub fn of(cell_at: impl Fn([f64; 2]) -> Option<usize>) -> Self {
        let at = |cell: usize, point: usize| (cell as f64 + (point as f64 + 0.5) / POINTS as f64) / CELLS as f64;
        let of_cell = |cell: usize| {
            let point = |i: usize| cell_at([at(cell % CELLS, i % POINTS), at(cell / CELLS, i / POINTS)]);
            (0..POINTS * POINTS).filter_map(point).collect()
        };
        Self((0..CELLS * CELLS).map(of_cell).collect())
    }

    /// The picture's cells.
    pub fn cells(&self, cells: &Cells) -> Cells {
        std::array::from_fn(|cell| {
            let sum: f32 = self.0[cell].iter().map(|&at| cells[at]).sum();
            sum / (POINTS * POINTS) as f32
        })
    }

    /// The picture's samples; the other one is seen in an orientation.
    pub fn samples(&self, samples: &[Sample], orientation: Orientation) -> Vec<Sample> {
        let sources = sources_of(orientation);
        let resampled = |sample: &Sample| {
            let cells = self.cells(&cells_of(sample, &sources));
            let code = |cell: f32| if cell >= MOST_POINTS { 1 } else { 2 * u8::from(cell <= -MOST_POINTS) };
            let mut resampled = [0; SAMPLE_BYTES];
            cells.iter().enumerate().for_each(|(i, cell)| resampled[i / 4] |= code(*cell) << (2 * (i % 4)));
            resampled
        };
        samples.iter().map(resampled).collect()
    }
}
