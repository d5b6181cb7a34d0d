//! Motion vectors of one macroblock (RFC 6386, 16.3, 16.4 and 17).

use super::boolean::BooleanDecoder;
use super::tables::{
    MOTION_CONTEXTS, MOTION_TREE, MotionProbabilities, NEAR_MV, NEAREST_MV, NEW_MV, PART_CONTEXTS, PART_TREE,
    PARTITIONINGS, SHORT_TREE, SPLIT, SPLIT_MV, SPLIT_TREE,
};

/// A motion vector in quarter pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vector {
    y: i32,
    x: i32,
}

impl Vector {
    const ZERO: Self = Self { y: 0, x: 0 };
}

/// What the macroblocks below and to the right need of this one. Macroblocks outside the picture count as intra-coded.
#[derive(Clone, Copy, Debug, Default)]
pub struct Motion {
    /// The reference frame, 1 to 3; 0 if intra-coded, and then the vectors are zero.
    pub reference: u8,
    pub is_split: bool,
    vectors: [Vector; 16],
}

impl Motion {
    /// The vector of the whole macroblock.
    fn vector(&self) -> Vector {
        self.vectors[15]
    }
}

/// The neighbours of the macroblock being read.
#[derive(Clone, Copy, Debug)]
pub struct Neighbours<'a> {
    pub above: &'a Motion,
    pub left: &'a Motion,
    pub above_left: &'a Motion,
}

/// How far vectors taken from neighbours may point: one macroblock beyond the picture's edges.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    y: (i32, i32),
    x: (i32, i32),
}

impl Bounds {
    /// The bounds of the macroblock at `row` and `column` of a picture of `rows` and `columns`.
    pub fn new((row, rows): (usize, usize), (column, columns): (usize, usize)) -> Self {
        let range = |at: usize, all: usize| (-((at as i32 + 1) << 6), ((all - at) as i32) << 6);
        Self { y: range(row, rows), x: range(column, columns) }
    }

    fn clamp(&self, vector: Vector) -> Vector {
        Vector { y: vector.y.clamp(self.y.0, self.y.1), x: vector.x.clamp(self.x.0, self.x.1) }
    }
}

/// The neighbours' vectors that a macroblock may take over.
struct Candidates {
    best: Vector,
    nearest: Vector,
    near: Vector,
    contexts: [u8; 4],
}

/// 16.3: the vectors of the neighbours, weighted by how near they are.
fn candidates(reference: u8, neighbours: &Neighbours, bias: &[bool; 4], bounds: &Bounds) -> Candidates {
    let Neighbours { above, left, above_left } = *neighbours;
    let is_biased = |reference: u8| bias[usize::from(reference & 3)];
    let mut vectors = [Vector::ZERO; 4];
    let mut counts = [0u8; 4];
    let mut last = 0;
    for (neighbour, weight) in [(above, 2), (left, 2), (above_left, 1)] {
        if neighbour.reference == 0 {
            continue;
        }
        let mut vector = neighbour.vector();
        if vector == Vector::ZERO {
            counts[0] += weight;
            continue;
        }
        if is_biased(neighbour.reference) != is_biased(reference) {
            vector = Vector { y: -vector.y, x: -vector.x };
        }
        if vector != vectors[last] {
            last += 1;
            vectors[last] = vector;
        }
        counts[last] += weight;
    }
    if counts[3] > 0 && vectors[3] == vectors[1] {
        counts[1] += 1;
    }
    let split = |neighbour: &Motion, weight: u8| if neighbour.is_split { weight } else { 0 };
    counts[3] = split(above, 2) + split(left, 2) + split(above_left, 1);
    if counts[2] > counts[1] {
        counts.swap(1, 2);
        vectors.swap(1, 2);
    }
    if counts[1] >= counts[0] {
        vectors[0] = vectors[1];
    }
    let [best, nearest, near] = [0, 1, 2].map(|i| bounds.clamp(vectors[i]));
    Candidates { best, nearest, near, contexts: counts }
}

/// Reads the vectors of a macroblock that is predicted from frame `reference`.
pub fn read(
    code: &mut BooleanDecoder,
    reference: u8,
    neighbours: &Neighbours,
    bias: &[bool; 4],
    bounds: &Bounds,
    probabilities: &[MotionProbabilities; 2],
) -> Motion {
    let Candidates { best, nearest, near, contexts } = candidates(reference, neighbours, bias, bounds);
    let mode_probabilities: [u8; 4] = std::array::from_fn(|i| MOTION_CONTEXTS[usize::from(contexts[i])][i]);
    let whole = |vector| Motion { reference, is_split: false, vectors: [vector; 16] };
    match code.leaf(&MOTION_TREE, &mode_probabilities) {
        SPLIT_MV => Motion { reference, is_split: true, vectors: split(code, neighbours, best, probabilities) },
        NEW_MV => whole(new(code, best, probabilities)),
        NEAREST_MV => whole(nearest),
        NEAR_MV => whole(near),
        _ => whole(Vector::ZERO),
    }
}

/// 16.4: one vector for each part of the macroblock.
fn split(
    code: &mut BooleanDecoder,
    neighbours: &Neighbours,
    best: Vector,
    probabilities: &[MotionProbabilities; 2],
) -> [Vector; 16] {
    let partitioning = &PARTITIONINGS[usize::from(code.leaf(&SPLIT_TREE, &SPLIT) & 3)];
    let mut vectors = [Vector::ZERO; 16];
    let mut next_part = 0;
    for first in 0..16 {
        let part = partitioning[first];
        if part != next_part {
            continue;
        }
        next_part += 1;
        let left = if first % 4 == 0 { neighbours.left.vectors[first + 3] } else { vectors[first - 1] };
        let above = if first < 4 { neighbours.above.vectors[first + 12] } else { vectors[first - 4] };
        let context = match (left == above, left == Vector::ZERO, above == Vector::ZERO) {
            (true, true, _) => 4,
            (true, false, _) => 3,
            (false, _, true) => 2,
            (false, true, _) => 1,
            (false, false, false) => 0,
        };
        let vector = match code.leaf(&PART_TREE, &PART_CONTEXTS[context]) {
            0 => left,
            1 => above,
            2 => Vector::ZERO,
            _ => new(code, best, probabilities),
        };
        for (of_subblock, _) in vectors.iter_mut().zip(partitioning).filter(|(_, of)| **of == part) {
            *of_subblock = vector;
        }
    }
    vectors
}

/// A vector coded as the difference from `best`.
fn new(code: &mut BooleanDecoder, best: Vector, probabilities: &[MotionProbabilities; 2]) -> Vector {
    let [y, x] = [0, 1].map(|i| component(code, &probabilities[i]));
    Vector { y: best.y + y, x: best.x + x }
}

/// 17.2. Probabilities: of being long, of the sign, of the nodes of a short magnitude, of the bits of a long one.
fn component(code: &mut BooleanDecoder, probabilities: &MotionProbabilities) -> i32 {
    let (short, long) = (&probabilities[2..9], &probabilities[9..]);
    let magnitude = if code.bool(probabilities[0]) {
        let bits = [0, 1, 2, 9, 8, 7, 6, 5, 4];
        let sum: i32 = bits.iter().map(|&bit| i32::from(code.bool(long[bit])) << bit).sum();
        // Without a higher bit, bit 3 is set: otherwise the magnitude would be coded as short.
        if sum < 16 || code.bool(long[3]) { sum + 8 } else { sum }
    } else {
        i32::from(code.leaf(&SHORT_TREE, short))
    };
    if magnitude != 0 && code.bool(probabilities[1]) { -magnitude } else { magnitude }
}
