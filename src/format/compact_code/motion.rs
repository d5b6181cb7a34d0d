//! Thins and packs a motion signature.
//!
//! **Thinned** as far as its size must shrink: in time, to every second sample, and in space, four cells to one.
//! **Packed** by arithmetic coding: most cells rest, and those that move are beside others that move, and move again in the next
//! sample.

use super::arithmetic::{Coder, Decoder, Encoder, Learned};
use crate::hash::motion::{SAMPLE_BYTES, Sample};
use crate::picture::shrink::CELLS;

/// How much of a signature is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thinning {
    /// One sample is kept of this many: 1 or 2.
    pub samples: usize,
    /// A square of this many cells a side is kept as one cell: 1 or 2.
    pub cells: usize,
}

/// From no loss to the most.
pub const THINNINGS: [Thinning; 4] = [
    Thinning { samples: 1, cells: 1 },
    Thinning { samples: 2, cells: 1 },
    Thinning { samples: 1, cells: 2 },
    Thinning { samples: 2, cells: 2 },
];

/// The movement in a grid of `side * side` cells: -1, 0 or 1, with a border of rest around it.
#[derive(Clone)]
struct Grid {
    side: usize,
    cells: Vec<i8>,
}

impl Grid {
    fn new(side: usize) -> Self {
        Self { side, cells: vec![0; (side + 2) * (side + 2)] }
    }

    /// The index of a cell; both coordinates from -1 to `side`.
    fn at(&self, x: usize, y: usize) -> usize {
        (y + 1) * (self.side + 2) + x + 1
    }

    /// Combines squares of `cells` cells a side; each becomes what most of its cells do.
    fn of(sample: &Sample, cells: usize) -> Self {
        let mut grid = Self::new(CELLS / cells);
        for y in 0..grid.side {
            for x in 0..grid.side {
                let square = (0..cells * cells).map(|i| (x * cells + i % cells, y * cells + i / cells));
                let sum: i8 = square.map(|(x, y)| cell(sample, y * CELLS + x)).sum();
                let at = grid.at(x, y);
                grid.cells[at] = if sum.unsigned_abs() as usize >= cells { sum.signum() } else { 0 };
            }
        }
        grid
    }

    fn sample(&self, cells: usize) -> Sample {
        let mut sample = [0; SAMPLE_BYTES];
        for i in 0..CELLS * CELLS {
            let code = match self.cells[self.at(i % CELLS / cells, i / CELLS / cells)] {
                0 => 0,
                1.. => 1,
                _ => 2,
            };
            sample[i / 4] |= code << (2 * (i % 4));
        }
        sample
    }
}

fn cell(sample: &Sample, i: usize) -> i8 {
    [0, 1, -1, 0][usize::from(sample[i / 4] >> (2 * (i % 4)) & 3)]
}

/// The probabilities, by what is known of a cell before it is coded: that it moves, and which way.
struct Model {
    moves: Vec<Learned>,
    brighter: Vec<Learned>,
}

impl Model {
    fn new() -> Self {
        Self { moves: vec![Learned::default(); 4 * 4 * 5 * 5], brighter: vec![Learned::default(); 27] }
    }

    /// Codes all cells of `now`; `before` is the previous sample, `earlier` the one before that.
    fn code(&mut self, coder: &mut impl Coder, now: &mut Grid, before: &Grid, earlier: &Grid) {
        let row = now.side + 2;
        let busy = before.cells.iter().filter(|cell| **cell != 0).count() * 16 / (now.side * now.side);
        let busy = match busy {
            0 => 0,
            1..=2 => 1,
            3..=6 => 2,
            _ => 3,
        };
        for y in 0..now.side {
            for x in 0..now.side {
                let at = now.at(x, y);
                let moving = |grid: &Grid, places: [usize; 4]| places.iter().filter(|at| grid.cells[**at] != 0).count();
                let beside = moving(now, [at - 1, at - row, at - row - 1, at - row + 1]);
                let around = moving(before, [at - 1, at + 1, at - row, at + row]);
                let same = usize::from(before.cells[at] != 0) * 2 + usize::from(earlier.cells[at] != 0);
                let moves = &mut self.moves[((busy * 4 + same) * 5 + beside) * 5 + around];
                if !coder.bit(now.cells[at] != 0, moves) {
                    now.cells[at] = 0;
                    continue;
                }
                let way = |cell: i8| (cell + 1) as usize;
                let ways = [before.cells[at], now.cells[at - 1], now.cells[at - row]].map(way);
                let brighter = &mut self.brighter[(ways[0] * 3 + ways[1]) * 3 + ways[2]];
                now.cells[at] = if coder.bit(now.cells[at] > 0, brighter) { 1 } else { -1 };
            }
        }
    }
}

/// Packs a signature.
pub fn pack(motion: &[Sample], thinning: Thinning) -> Vec<u8> {
    let mut encoder = Encoder::new();
    let (mut model, rest) = (Model::new(), Grid::new(CELLS / thinning.cells));
    let (mut before, mut earlier) = (rest.clone(), rest);
    for sample in motion.iter().step_by(thinning.samples) {
        let mut now = Grid::of(sample, thinning.cells);
        model.code(&mut encoder, &mut now, &before, &earlier);
        (earlier, before) = (before, now);
    }
    encoder.finish()
}

/// Unpacks a signature of `samples` samples, as far as thinning kept it.
pub fn unpack(bytes: &[u8], samples: usize, thinning: Thinning) -> Vec<Sample> {
    let mut decoder = Decoder::new(bytes);
    let (mut model, rest) = (Model::new(), Grid::new(CELLS / thinning.cells));
    let (mut before, mut earlier) = (rest.clone(), rest.clone());
    let mut motion = Vec::with_capacity(samples);
    while motion.len() < samples {
        let mut now = rest.clone();
        model.code(&mut decoder, &mut now, &before, &earlier);
        let sample = now.sample(thinning.cells);
        let shown = thinning.samples.min(samples - motion.len());
        motion.extend(std::iter::repeat_n(sample, shown));
        (earlier, before) = (before, now);
    }
    motion
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// In four samples each of these shares of the cells move, in turn; a third of them do what they did in the sample before.
    pub fn signature_of(samples: usize, percents: &[u32]) -> Vec<Sample> {
        let (mut state, mut cells) = (1u32, [0u8; CELLS * CELLS]);
        let sample = |t: usize| {
            let percent = percents[t / 4 % percents.len()];
            for cell in &mut cells {
                state = state.wrapping_mul(1_103_515_245).wrapping_add(12345) & 0x7fff_ffff;
                let drawn = state >> 16;
                if drawn % 3 > 0 {
                    *cell = if drawn / 3 % 100 < percent { [1, 2][drawn as usize / 300 % 2] } else { 0 };
                }
            }
            std::array::from_fn(|byte| (0..4).fold(0, |sum, i| sum | cells[4 * byte + i] << (2 * i)))
        };
        (0..samples).map(sample).collect()
    }

    /// Rests, moves a little, and moves everywhere in turn. `tests/vectors/compact_code/make.py` draws the same.
    fn signature() -> Vec<Sample> {
        signature_of(60, &[0, 2, 8, 20, 45, 90])
    }

    #[test]
    fn a_second_implementation_packs_the_same_bytes() {
        let expected: Vec<&str> = include_str!("../../../tests/vectors/compact_code/packed.txt").lines().collect();
        let packed = THINNINGS.map(|thinning| crate::hash::digest::to_hex(&pack(&signature(), thinning)));
        assert_eq!(packed.as_slice(), expected);
    }

    #[test]
    fn no_byte_is_written_where_zeros_tell_all() {
        assert!(pack(&[], THINNINGS[0]).is_empty());
        // All cells become brighter, so every bit is set, and the lower end of the interval stays 0.
        let brighter = [[0b0101_0101; SAMPLE_BYTES]; 9];
        let packed = pack(&brighter, THINNINGS[0]);
        assert!(packed.iter().all(|&byte| byte == 0), "{packed:?}");
        assert_eq!(unpack(&[], 9, THINNINGS[0]), brighter);
    }

    #[test]
    fn what_was_packed_is_unpacked_with_what_was_left_out_filled_in() {
        let motion = signature();
        for thinning in THINNINGS {
            let thinned: Vec<Sample> = (0..motion.len())
                .map(|t| Grid::of(&motion[t - t % thinning.samples], thinning.cells).sample(thinning.cells))
                .collect();
            assert_eq!(unpack(&pack(&motion, thinning), motion.len(), thinning), thinned, "{thinning:?}");
            // The last sample that is kept may stand for one only.
            assert_eq!(unpack(&pack(&motion[..59], thinning), 59, thinning), thinned[..59], "{thinning:?}");
        }
        assert_eq!(unpack(&pack(&motion, THINNINGS[0]), motion.len(), THINNINGS[0]), motion);
    }

    #[test]
    fn a_square_is_what_two_of_its_cells_do() {
        let grid = |cells: [u8; 4]| {
            let mut sample = [0; SAMPLE_BYTES];
            // Two cells of row 2, and below them two of row 3: the square at 1, 1.
            sample[2 * CELLS / 4] = cells[0] << 4 | cells[1] << 6;
            sample[3 * CELLS / 4] = cells[2] << 4 | cells[3] << 6;
            let grid = Grid::of(&sample, 2);
            assert!(grid.cells.iter().filter(|cell| **cell != 0).count() < 2);
            grid.cells[grid.at(1, 1)]
        };
        assert_eq!([grid([1, 0, 0, 0]), grid([1, 0, 0, 1]), grid([1, 1, 1, 1]), grid([1, 1, 0, 2])], [0, 1, 1, 0]);
        assert_eq!([grid([0, 2, 0, 0]), grid([0, 2, 2, 0]), grid([2, 2, 2, 2]), grid([2, 2, 2, 1])], [0, -1, -1, -1]);
    }
}
