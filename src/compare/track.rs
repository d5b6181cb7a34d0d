//! The motion inside one rectangle of the picture, ready to be compared: one entry for each sample of a signature.
//!
//! An entry is the rectangle's motion on a grid of [`SIDE`] x [`SIDE`] cells, **centred** (what all cells share is
//! taken out: a flickering lamp, a fade) and **weighed** (so that one busy second does not outvote the rest).
//! docs/motion.md, "Comparing".

use super::orientation::Orientation;
use super::result::View;
use crate::hash::motion::Sample;
use crate::picture::shrink::CELLS;
use std::ops::Range;
use wide::f32x4;

/// Cells along each side of an entry. Source: docs/motion.md, "Comparing".
pub(super) const SIDE: usize = 8;
/// Cells of an entry.
pub(super) const ENTRY_CELLS: usize = SIDE * SIDE;

/// An entry: a window's cells, of either sign.
pub(super) type Entry = [f32; ENTRY_CELLS];

/// Cells of the whole picture, -1, 0 or 1, row by row.
pub(super) type Cells = [f32; CELLS * CELLS];

/// Entries that are worked with side by side. Chosen for speed; no result depends on it.
pub(super) const LANES: usize = 4;
/// The cells of four pictures, side by side.
pub(super) type FourCells = [f32x4; CELLS * CELLS];
/// Four entries, side by side.
pub(super) type FourEntries = [f32x4; ENTRY_CELLS];

/// What the four codes of a cell mean: nothing, brighter, darker; the fourth is never written. Source: docs/format.md,
/// "Motion".
const LEVELS: [f32; 4] = [0.0, 1.0, -1.0, 0.0];
/// Added to the root mean square of an entry before its root is divided by: keeps what hardly moves from counting much.
/// Source: docs/motion.md, "Comparing", step 2.
const WEIGHT_FLOOR: f32 = 0.05;
/// Fixed-point units of 1. Chosen: a cell of an entry stays below 10, so a product of two entries below 2^31.
pub(super) const UNIT: f32 = 256.0;
/// Energy that is added on each side before a correlation is normalised, so that two still stretches do not correlate
/// by accident. An entry in which one cell of 64 moves has 5.7. By trial.
pub(super) const ENERGY_FLOOR: f32 = 4.0;

/// The cells of a sample, seen in an orientation: `sources` as [`sources_of`] gives them.
pub(super) fn cells_of(sample: &Sample, sources: &[usize; CELLS * CELLS]) -> Cells {
    let mut as_is = [0f32; CELLS * CELLS];
    for (cells, byte) in as_is.chunks_exact_mut(4).zip(sample) {
        cells.iter_mut().enumerate().for_each(|(i, cell)| *cell = LEVELS[usize::from(byte >> (2 * i) & 3)]);
    }
    let mut cells = [0f32; CELLS * CELLS];
    cells.iter_mut().zip(sources).for_each(|(cell, &at)| *cell = as_is[at]);
    cells
}

/// The cells between two samples, `share` of the way from `before` to `after`.
pub(super) fn between(mut before: Cells, after: &Cells, share: f32) -> Cells {
    before.iter_mut().zip(after).for_each(|(cell, after)| *cell += (after - *cell) * share);
    before
}

/// For each cell of the picture seen in an orientation, the cell of the signature that is shown there.
pub(super) fn sources_of(orientation: Orientation) -> [usize; CELLS * CELLS] {
    orientation.sources::<CELLS, { CELLS * CELLS }>()
}

/// Turns cells of the whole picture into area means inside one rectangle.
pub(super) struct Window {
    /// For each column of the picture, its share in each of the window's.
    columns: [[f32; SIDE]; CELLS],
    /// The columns that have a share in the left half of the window's, and in the right half.
    halves: [Range<usize>; 2],
    /// The columns that have a share in each of the window's.
    used: [Range<usize>; SIDE],
    /// For each row of the window, the share of each of the picture's, and which of them have one.
    rows: [([f32; CELLS], Range<usize>); SIDE],
}

/// Columns of half a window.
const HALF: usize = SIDE / 2;

impl Window {
    /// The window over a rectangle, which may reach outside the picture: what is outside counts as still.
    pub fn new([x, y, w, h]: View) -> Self {
        let columns = overlaps(x, w);
        let used = |shares: &[[f32; CELLS]]| {
            let has_share = |cell: &usize| shares.iter().any(|shares| shares[*cell] != 0.0);
            let first = (0..CELLS).find(has_share).unwrap_or(0);
            first..(0..CELLS).rfind(has_share).map_or(first, |last| last + 1)
        };
        Self {
            columns: std::array::from_fn(|cell| std::array::from_fn(|i| columns[i][cell])),
            halves: [used(&columns[..HALF]), used(&columns[HALF..])],
            used: std::array::from_fn(|i| used(&columns[i..=i])),
            rows: overlaps(y, h).map(|shares| (shares, used(&[shares]))),
        }
    }

    /// The entry of `cells`: their means in the window, centred and weighed.
    pub fn entry(&self, cells: &Cells) -> Entry {
        let mut means = self.means(cells);
        centre_and_weigh(&mut means);
        means
    }

    /// The entries of four pictures, each as [`Window::entry`] gives it.
    pub fn four_entries(&self, cells: &FourCells) -> FourEntries {
        let mut means = [f32x4::ZERO; ENTRY_CELLS];
        let seen = self.halves[0].start..self.halves[1].end.max(self.halves[0].start);
        for (row, (weights, used)) in means.chunks_exact_mut(SIDE).zip(&self.rows) {
            let mut band = [f32x4::ZERO; CELLS];
            for at in used.clone() {
                let (weight, cells) = (f32x4::splat(weights[at]), &cells[at * CELLS..][..CELLS]);
                let cells = band[seen.clone()].iter_mut().zip(&cells[seen.clone()]);
                cells.for_each(|(sum, cell)| *sum += weight * *cell);
            }
            for (i, (mean, used)) in row.iter_mut().zip(&self.used).enumerate() {
                let shares = band[used.clone()].iter().zip(&self.columns[used.clone()]);
                *mean = shares.fold(f32x4::ZERO, |sum, (cell, shares)| sum + f32x4::splat(shares[i]) * *cell);
            }
        }
        let cells = f32x4::splat(ENTRY_CELLS as f32);
        let mean = four_inner(&means, &[f32x4::ONE; ENTRY_CELLS]) / cells;
        means.iter_mut().for_each(|cell| *cell -= mean);
        let square = four_inner(&means, &means) / cells;
        let weight = f32x4::ONE / (square.sqrt() + f32x4::splat(WEIGHT_FLOOR)).sqrt();
        means.iter_mut().for_each(|cell| *cell *= weight);
        means
    }

    /// The mean of `cells` in each cell of the window, row by row.
    fn means(&self, cells: &Cells) -> Entry {
        let mut means = [0f32; ENTRY_CELLS];
        for (row, (weights, used)) in means.chunks_exact_mut(SIDE).zip(&self.rows) {
            let mut band = [0f32; CELLS];
            for at in used.clone() {
                let (weight, row) = (weights[at], &cells[at * CELLS..][..CELLS]);
                band.iter_mut().zip(row).for_each(|(sum, cell)| *sum += weight * cell);
            }
            for (half, used) in self.halves.iter().enumerate() {
                let mut sums = [0f32; HALF];
                for at in used.clone() {
                    let shares = &self.columns[at][half * HALF..][..HALF];
                    sums.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share * band[at]);
                }
                row[half * HALF..][..HALF].copy_from_slice(&sums);
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

/// Turns area means into an entry: subtracts their mean, then divides by the root of their root mean square.
///
/// Source: docs/motion.md, "Comparing", steps 1 and 2.
fn centre_and_weigh(means: &mut Entry) {
    let mean = inner(means, &[1.0; ENTRY_CELLS]) / ENTRY_CELLS as f32;
    means.iter_mut().for_each(|cell| *cell -= mean);
    let square = inner(means, means) / ENTRY_CELLS as f32;
    let weight = 1.0 / (square.sqrt() + WEIGHT_FLOOR).sqrt();
    means.iter_mut().for_each(|cell| *cell *= weight);
}

/// The inner product of two entries, or of their first rows, summed in [`SIDE`] lanes.
#[inline]
pub(super) fn inner(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0f32; SIDE];
    for (a, b) in a.chunks_exact(SIDE).zip(b.chunks_exact(SIDE)) {
        lanes.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    lanes.iter().sum()
}

/// The same of each of four entries: summed in the same order.
#[inline]
pub(super) fn four_inner(a: &[f32x4], b: &[f32x4]) -> f32x4 {
    let mut lanes = [f32x4::ZERO; SIDE];
    for (a, b) in a.chunks_exact(SIDE).zip(b.chunks_exact(SIDE)) {
        lanes.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += *a * *b);
    }
    lanes[1..].iter().fold(lanes[0], |sum, lane| sum + *lane)
}

/// Entries in fixed point, for the many comparisons of a search.
pub(super) struct Track {
    /// In 1 / [`UNIT`].
    pub entries: Vec<[i16; ENTRY_CELLS]>,
    /// The energy of each: its sum of squares, in units of 1.
    pub energies: Vec<f32>,
}

impl Track {
    /// An entry by a number that may lie outside.
    pub fn entry_at(&self, position: i64) -> Option<usize> {
        usize::try_from(position).ok().filter(|&at| at < self.entries.len())
    }

    /// The entries of `pictures` inside `view`.
    pub fn new(pictures: impl IntoIterator<Item = Cells>, view: View) -> Self {
        let window = Window::new(view);
        let entries: Vec<[i16; ENTRY_CELLS]> =
            pictures.into_iter().map(|cells| window.entry(&cells).map(|cell| (cell * UNIT) as i16)).collect();
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

/// The inner product of two entries in fixed point, in units of 1.
pub(super) fn product(a: &[i16; ENTRY_CELLS], b: &[i16; ENTRY_CELLS]) -> f32 {
    let sum: i32 = a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
    sum as f32 / (UNIT * UNIT)
}

#[cfg(test)]
mod tests {
    use super::super::hypotheses::WHOLE;
    use super::*;

    /// Cells of which those move whose column and row `moves` says.
    fn cells(moves: impl Fn(usize, usize) -> bool) -> Cells {
        std::array::from_fn(|i| f32::from(u8::from(moves(i % CELLS, i / CELLS))))
    }

    #[test]
    fn codes_are_still_brighter_and_darker() {
        let mut sample: Sample = [0; CELLS * CELLS / 4];
        (sample[0], sample[1]) = (0b00_10_01_00, 0b01_00_00_00);
        let cells = cells_of(&sample, &sources_of(Orientation::AS_IS));
        assert_eq!(cells[..9], [0.0, 1.0, -1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        assert!(cells[9..].iter().all(|&cell| cell == 0.0));
    }

    #[test]
    fn a_window_holds_area_means() {
        // Of the whole picture each cell of the window covers four; of a quarter, one.
        let corner = cells(|x, y| x == 0 && y == 0);
        assert_eq!(Window::new(WHOLE).means(&corner)[..2], [0.25, 0.0]);
        assert_eq!(Window::new([0.0, 0.0, 0.5, 0.5]).means(&corner)[..2], [1.0, 0.0]);
        // Shifted by half a cell, it covers half of the first column, and nothing outside the picture moves.
        let column = cells(|x, _| x == 0);
        assert_eq!(Window::new([-0.03125, 0.0, 0.5, 0.5]).means(&column)[..3], [0.5, 0.5, 0.0]);
    }

    #[test]
    fn four_entries_are_those_of_one_picture_after_another() {
        let pictures: [Cells; LANES] = std::array::from_fn(|n| {
            std::array::from_fn(|i| [0.0, 1.0, -1.0, 0.3, 0.0, -0.7][(i * (n + 3) + i * i / (n + 2)) % 6])
        });
        let four: FourCells = std::array::from_fn(|i| f32x4::new(pictures.map(|cells| cells[i])));
        let views =
            [WHOLE, [0.07, 0.3, 0.31, 0.62], [-0.04, 0.0, 0.5, 1.1], [0.7, 0.55, 0.3, 0.1], [2.0, 0.0, 1.0, 1.0]];
        for view in views {
            let window = Window::new(view);
            let entries = window.four_entries(&four);
            let products = four_inner(&entries, &entries).to_array();
            for (lane, cells) in pictures.iter().enumerate() {
                let expected = window.entry(cells);
                assert_eq!(entries.map(|cells| cells.to_array()[lane]), expected, "{view:?}");
                assert_eq!(products[lane], inner(&expected, &expected));
            }
        }
    }

    #[test]
    fn an_entry_has_no_mean_and_its_energy_rises_with_the_root_of_what_moves() {
        let mut entry = std::array::from_fn(|i| if i == 0 { 1.0 } else { 0.0 });
        centre_and_weigh(&mut entry);
        assert!(entry.iter().sum::<f32>().abs() < 1e-5);
        // Mean square 63 / 64^2, so 64 * 0.01538 / (0.1240 + 0.05).
        assert!((inner(&entry, &entry) - 5.656).abs() < 0.002, "{}", inner(&entry, &entry));
        let mut still = [0.7; ENTRY_CELLS];
        centre_and_weigh(&mut still);
        assert!(still.iter().all(|cell| cell.abs() < 1e-6));
    }

    #[test]
    fn a_track_is_its_entries_in_fixed_point() {
        let busy = cells(|x, y| (x * 7 + y * 5) % 3 == 0);
        let track = Track::new([busy, [0.0; CELLS * CELLS]], WHOLE);
        let mut means = Window::new(WHOLE).means(&busy);
        centre_and_weigh(&mut means);
        assert!((track.energies[0] - inner(&means, &means)).abs() < 0.1, "{:?}", track.energies);
        assert_eq!(track.energies[1], 0.0);
        assert_eq!(track.entries[0][3], (means[3] * 256.0) as i16);
        let turned = Orientation { mirrored: true, quarters: 1 };
        let seen = cells_of_turned(&busy, turned);
        assert_eq!(track.oriented(turned).entries[0], Track::new([seen], WHOLE).entries[0]);
    }

    fn cells_of_turned(cells: &Cells, orientation: Orientation) -> Cells {
        sources_of(orientation).map(|at| cells[at])
    }

    #[test]
    fn the_largest_entry_there_can_be_does_not_overflow() {
        // Half of the cells up, half down: no entry has larger cells or a larger product.
        let loud = cells(|x, _| x < 8).map(|cell| 2.0 * cell - 1.0);
        let lone = cells(|x, y| x < 2 && y < 2);
        for cells in [loud, lone] {
            let track = Track::new([cells], WHOLE);
            assert!(track.entries[0].iter().all(|&cell| f32::from(cell).abs() < 10.0 * UNIT));
            assert!(track.energies[0] > 0.0);
        }
    }
}
