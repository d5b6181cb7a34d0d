//! The inner products of one entry with another in all eight orientations, for the work of two.
//!
//! A grid is the sum of four parts: even or odd from left to right, even or odd from top to bottom. Flipping it only
//! changes the signs of its odd parts, so the products of the parts, added and subtracted, are the products under all
//! four flips. With one of the grids turned by a quarter they are those under the other four orientations.

use super::orientation::{ORIENTATIONS, Orientation};
use super::track::{ENTRY_CELLS, SIDE, UNIT};
use wide::{i16x8, i32x4};

/// Flips: none, left to right, top to bottom, both.
pub(super) const FLIPS: usize = 4;

/// An entry in its four parts, each four times as large as it should be. Of each part two cells lie side by side.
pub(super) type Parts = [i16x8; ENTRY_CELLS / 8];

/// The parts of an entry. Cells stay below 10 times [`UNIT`], and four of them below 2^15.
pub(super) fn parts_of(entry: &[i16; ENTRY_CELLS]) -> Parts {
    // Cells of a quarter's side; the other three quarters are its mirror images.
    const HALF: usize = SIDE / 2;
    let mut parts = [0; ENTRY_CELLS];
    for cell in 0..HALF * HALF {
        let (x, y) = (cell % HALF, cell / HALF);
        let [a, b, c, d] = [(x, y), (SIDE - 1 - x, y), (x, SIDE - 1 - y), (SIDE - 1 - x, SIDE - 1 - y)]
            .map(|(x, y)| entry[y * SIDE + x]);
        let of_cell = [a + b + c + d, a - b + c - d, a + b - c - d, a - b - c + d];
        for (part, value) in of_cell.into_iter().enumerate() {
            parts[cell / 2 * 2 * FLIPS + 2 * part + cell % 2] = value;
        }
    }
    std::array::from_fn(|i| i16x8::new(std::array::from_fn(|lane| parts[8 * i + lane])))
}

/// The products of each part of two entries, in [`PRODUCT_UNIT`]. All four together, with any signs, stay below 2^24: no
/// entry has an energy of 64.
#[inline]
pub(super) fn part_products(a: &Parts, b: &Parts) -> i32x4 {
    a.iter().zip(b).fold(i32x4::default(), |sums, (a, b)| sums + a.dot(*b))
}

/// What products of parts are counted in: parts are four times as large as they should be, but each cell of a part is
/// there once and not four times.
pub(super) const PRODUCT_UNIT: f32 = 1.0 / (FLIPS as f32 * UNIT * UNIT);

/// The products, or sums of products, of two entries, one of them flipped in each way, in [`PRODUCT_UNIT`].
#[inline]
pub(super) fn flipped(of_parts: i32x4) -> [f32; FLIPS] {
    let [even, odd_x, odd_y, odd] = of_parts.to_array();
    let (sum, difference) = ([even + odd_x, even - odd_x], [odd_y + odd, odd_y - odd]);
    let flipped = [sum[0] + difference[0], sum[1] + difference[1], sum[0] - difference[0], sum[1] - difference[1]];
    flipped.map(|sum| sum as f32)
}

/// For each orientation of the reference: whether the query is turned by a quarter for it, and then how flipped.
pub(super) fn orientations() -> impl Iterator<Item = (Orientation, bool, usize)> {
    ORIENTATIONS.into_iter().map(|orientation| {
        let Orientation { mirrored, quarters } = orientation.inverse();
        let (turned, half) = (quarters % 2 == 1, quarters >= 2);
        let (along, across) = (usize::from(mirrored != half), usize::from(half));
        (orientation, turned, if turned { across + 2 * along } else { along + 2 * across })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::track::product;

    #[test]
    fn the_products_of_parts_are_those_of_the_oriented_entries() {
        let entry = |seed: i32| std::array::from_fn(|i| ((i as i32 * 37 + seed) * 7919 % 2000 - 1000) as i16);
        let (query, reference): ([i16; ENTRY_CELLS], [i16; ENTRY_CELLS]) = (entry(5), entry(11));
        let seen = |orientation: Orientation| orientation.sources::<SIDE, ENTRY_CELLS>().map(|at| query[at]);
        let quarter = Orientation { mirrored: false, quarters: 1 };
        let found = [seen(Orientation::AS_IS), seen(quarter)].map(|query| {
            flipped(part_products(&parts_of(&query), &parts_of(&reference))).map(|sum| sum * PRODUCT_UNIT)
        });
        for (orientation, turned, flip) in orientations() {
            let expected = product(&seen(orientation.inverse()), &reference);
            assert_eq!(found[usize::from(turned)][flip], expected, "{orientation:?}");
        }
    }
}
