//! Takes out what always moves: cells in which something moves all the time, or that always move together (a lane,
//! trees, a flicker), say little about the moment.
//!
//! Both sides of a comparison are multiplied by the inverse root of their common covariance, which is mixed with a
//! plain one. What this is worth is measured in docs/accuracy/method.md, step 6.

use super::track::{ENTRY_CELLS, Entry, FourEntries, LANES, SIDE, inner};
use wide::f32x4;

/// The share of the plain covariance where the map is exact. By trial: docs/accuracy/method.md, step 6.
pub(super) const PLAIN_SHARE: f32 = 0.3;

/// The least square of a diagonal element of the root. Chosen: keeps the division from overflowing if a cell depends on
/// others wholly.
const LEAST_SQUARE: f32 = 1e-4;

/// The Cholesky root of a covariance, lower triangle.
#[derive(Clone, Debug)]
pub(super) struct Whitening {
    root: Box<[Entry; ENTRY_CELLS]>,
    /// One over the diagonal.
    inverse_diagonal: Entry,
}

impl Whitening {
    /// Of the covariance of all entries of both sides, each side with the same weight, scaled to a trace of [`ENTRY_CELLS`]; the `plain` share,
    /// 0..=1, of it is replaced by the identity. `energies` are the sides' energies in all.
    pub fn new(sides: [&[Entry]; 2], plain: f32) -> Self {
        let mut root = Box::new([[0f32; ENTRY_CELLS]; ENTRY_CELLS]);
        for side in sides {
            let energy: f32 = side.iter().map(|entry| inner(entry, entry)).sum();
            let scale = (1.0 - plain) * ENTRY_CELLS as f32 / 2.0 / energy.max(1.0);
            for entry in side {
                for (i, (row, &cell)) in root.iter_mut().zip(entry).enumerate() {
                    let weight = cell * scale;
                    // The lower triangle tells all.
                    row[..lanes_up_to(i)].iter_mut().zip(entry).for_each(|(sum, other)| *sum += weight * other);
                }
            }
        }
        (0..ENTRY_CELLS).for_each(|i| root[i][i] += plain);
        cholesky(&mut root);
        let inverse_diagonal = std::array::from_fn(|i| 1.0 / root[i][i]);
        Self { root, inverse_diagonal }
    }

    /// `entry`, whitened.
    pub fn apply(&self, entry: &Entry) -> Entry {
        self.apply_to_four(&entry.map(f32x4::splat)).map(|four| four.to_array()[0])
    }

    /// The same of all `entries`.
    pub fn apply_to_all(&self, entries: &[Entry]) -> Vec<Entry> {
        let four = |four: &[Entry]| {
            let cell = |i: usize| f32x4::new(std::array::from_fn(|lane| four.get(lane).map_or(0.0, |entry| entry[i])));
            let white = self.apply_to_four(&std::array::from_fn(cell)).map(|four| four.to_array());
            let entries: [Entry; LANES] = std::array::from_fn(|lane| white.map(|four| four[lane]));
            entries
        };
        let mut white: Vec<Entry> = entries.chunks(LANES).flat_map(four).collect();
        white.truncate(entries.len());
        white
    }

    /// Four entries, whitened: the solutions of a triangular system. Four, because each cell waits for all before it.
    pub fn apply_to_four(&self, entries: &FourEntries) -> FourEntries {
        let mut white = [f32x4::ZERO; ENTRY_CELLS];
        for i in 0..ENTRY_CELLS {
            // Summed as [`inner`] does; from `i` on all are 0 still.
            let mut lanes = [f32x4::ZERO; SIDE];
            let factors = self.root[i][..lanes_up_to(i)].chunks_exact(SIDE);
            for (factors, white) in factors.zip(white.chunks_exact(SIDE)) {
                for ((sum, &factor), white) in lanes.iter_mut().zip(factors).zip(white) {
                    *sum += f32x4::splat(factor) * *white;
                }
            }
            let known = lanes[1..].iter().fold(lanes[0], |sum, lane| sum + *lane);
            white[i] = (entries[i] - known) * f32x4::splat(self.inverse_diagonal[i]);
        }
        white
    }
}

/// The cells up to `i`, in whole rows: what [`inner`] adds up at once.
fn lanes_up_to(i: usize) -> usize {
    (i / SIDE + 1) * SIDE
}

/// Turns the lower triangle of a symmetric matrix into its lower triangular root, in place; what lies above the diagonal becomes 0.
fn cholesky(matrix: &mut [Entry; ENTRY_CELLS]) {
    for i in 0..ENTRY_CELLS {
        for j in 0..=i {
            let known: f32 = (0..j).map(|k| matrix[i][k] * matrix[j][k]).sum();
            let rest = matrix[i][j] - known;
            matrix[i][j] = if i == j { rest.max(LEAST_SQUARE).sqrt() } else { rest / matrix[j][j] };
        }
        matrix[i][i + 1..].fill(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::scrambled;
    use super::*;

    fn entries() -> Vec<Entry> {
        let cell = |at: usize| scrambled(at) as u8 as f32 / 128.0 - 1.0;
        (0..400)
            .map(|row| {
                // The second cell does what the first does, the third is loud.
                let mut entry: Entry = std::array::from_fn(|i| cell(row * ENTRY_CELLS + i));
                entry[1] = entry[0];
                entry[2] *= 4.0;
                entry
            })
            .collect()
    }

    fn covariance(entries: &[Entry], i: usize, j: usize) -> f32 {
        entries.iter().map(|entry| entry[i] * entry[j]).sum::<f32>() / entries.len() as f32
    }

    #[test]
    fn whitened_cells_are_as_loud_as_each_other_and_do_not_move_together() {
        let entries = entries();
        let whitening = Whitening::new([&entries, &entries], 0.01);
        let white: Vec<Entry> = entries.iter().map(|entry| whitening.apply(entry)).collect();
        let loud = covariance(&white, 2, 2) / covariance(&white, 5, 5);
        assert!((0.8..1.2).contains(&loud), "{loud}");
        let before = covariance(&entries, 0, 1) / covariance(&entries, 0, 0);
        let after = covariance(&white, 0, 1) / covariance(&white, 0, 0);
        assert!(before == 1.0 && after.abs() < 0.1, "{before} {after}");
    }

    #[test]
    fn a_plain_share_of_one_changes_nothing() {
        let entries = entries();
        let whitening = Whitening::new([&entries, &entries], 1.0);
        assert_eq!(whitening.apply(&entries[7]), entries[7]);
    }

    #[test]
    fn all_at_once_is_one_by_one_in_the_order_of_inner_products() {
        let entries = entries();
        let whitening = Whitening::new([&entries, &entries], 0.3);
        let one_by_one = |entry: &Entry| {
            let mut white = [0f32; ENTRY_CELLS];
            for i in 0..ENTRY_CELLS {
                white[i] = (entry[i] - inner(&whitening.root[i], &white)) * whitening.inverse_diagonal[i];
            }
            white
        };
        let expected: Vec<Entry> = entries[..7].iter().map(one_by_one).collect();
        assert_eq!(whitening.apply_to_all(&entries[..7]), expected);
        assert_eq!(whitening.apply(&entries[3]), expected[3]);
    }

    #[test]
    fn still_sides_have_a_whitening_too() {
        let still = [[0f32; ENTRY_CELLS]; 9];
        let whitening = Whitening::new([&still, &still], 0.3);
        assert!(whitening.apply(&[1.0; ENTRY_CELLS]).iter().all(|cell| cell.is_finite()));
    }
}
