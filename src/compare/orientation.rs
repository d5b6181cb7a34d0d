//! The eight ways in which a picture can be mirrored and turned.

use super::result::View;

/// How B's picture becomes A's: mirrored left to right, or not, then turned clockwise by quarters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Orientation {
    pub mirrored: bool,
    pub quarters: u8,
}

/// All eight, the likeliest first.
pub(crate) const ORIENTATIONS: [Orientation; 8] = [
    Orientation { mirrored: false, quarters: 0 },
    Orientation { mirrored: true, quarters: 0 },
    Orientation { mirrored: false, quarters: 1 },
    Orientation { mirrored: false, quarters: 3 },
    Orientation { mirrored: false, quarters: 2 },
    Orientation { mirrored: true, quarters: 2 },
    Orientation { mirrored: true, quarters: 1 },
    Orientation { mirrored: true, quarters: 3 },
];

impl Orientation {
    /// The picture as it is.
    pub const AS_IS: Self = Self { mirrored: false, quarters: 0 };

    /// The way back. A mirrored orientation is its own: mirroring turns the sense of turning around.
    pub fn inverse(self) -> Self {
        if self.mirrored { self } else { Self { quarters: self.inverse_turn(), ..self } }
    }

    /// The two one after the other, `first` before this one.
    pub fn after(self, first: Self) -> Self {
        // Mirroring turns the sense of the turn before it around.
        let before = if self.mirrored { first.inverse_turn() } else { first.quarters };
        Self { mirrored: self.mirrored != first.mirrored, quarters: (self.quarters + before) % 4 }
    }

    /// Width and height of a picture of that size, seen so.
    pub fn size(self, [width, height]: [f64; 2]) -> [f64; 2] {
        if self.quarters.is_multiple_of(2) { [width, height] } else { [height, width] }
    }

    fn inverse_turn(self) -> u8 {
        (4 - self.quarters) % 4
    }

    /// For each cell of an N x N grid in A's picture, row by row, the cell of B's that is shown there.
    pub fn sources<const N: usize, const CELLS: usize>(self) -> [usize; CELLS] {
        std::array::from_fn(|cell| {
            let (mut x, mut y) = (cell % N, cell / N);
            for _ in 0..self.quarters {
                // Turning clockwise puts the left bottom corner at the left top.
                (x, y) = (y, N - 1 - x);
            }
            if self.mirrored {
                x = N - 1 - x;
            }
            y * N + x
        })
    }

    /// A rectangle of the oriented picture, as a rectangle of B's.
    pub fn rectangle_in_source(self, [x, y, w, h]: View) -> View {
        let mut at = [x, y, w, h];
        for _ in 0..self.quarters {
            let [x, y, w, h] = at;
            at = [y, 1.0 - x - w, h, w];
        }
        if self.mirrored {
            at[0] = 1.0 - at[0] - at[2];
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_brings_the_left_bottom_corner_to_the_left_top() {
        let turned = Orientation { mirrored: false, quarters: 1 };
        assert_eq!(turned.sources::<2, 4>(), [2, 0, 3, 1]);
        assert_eq!(turned.rectangle_in_source([0.0, 0.0, 0.5, 0.25]), [0.0, 0.5, 0.25, 0.5]);
    }

    #[test]
    fn mirroring_comes_before_turning() {
        // B = [0 1; 2 3], mirrored [1 0; 3 2], turned clockwise [3 1; 2 0].
        assert_eq!(Orientation { mirrored: true, quarters: 1 }.sources::<2, 4>(), [3, 1, 2, 0]);
    }

    #[test]
    fn one_orientation_after_another_is_a_third() {
        for (first, then) in ORIENTATIONS.into_iter().flat_map(|a| ORIENTATIONS.map(|b| (a, b))) {
            assert!(then.after(first).quarters < 4 && first.inverse().quarters < 4);
            let (inner, outer) = (first.sources::<4, 16>(), then.sources::<4, 16>());
            assert_eq!(then.after(first).sources::<4, 16>(), outer.map(|cell| inner[cell]), "{then:?} after {first:?}");
        }
    }

    #[test]
    fn the_way_there_and_back_changes_nothing() {
        for orientation in ORIENTATIONS {
            let (there, back) = (orientation.sources::<4, 16>(), orientation.inverse().sources::<4, 16>());
            let both: Vec<usize> = (0..16).map(|cell| there[back[cell]]).collect();
            assert_eq!(both, (0..16).collect::<Vec<_>>(), "{orientation:?}");
        }
    }

    #[test]
    fn a_rectangle_is_where_its_cells_are() {
        let rectangle = [0.1, 0.2, 0.3, 0.4];
        let turned = |mirrored, quarters| Orientation { mirrored, quarters }.rectangle_in_source(rectangle);
        let near = |found: View, expected: View| {
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?} is not {expected:?}");
        };
        near(turned(false, 0), rectangle);
        near(turned(false, 1), [0.2, 0.6, 0.4, 0.3]);
        near(turned(false, 2), [0.6, 0.4, 0.3, 0.4]);
        near(turned(false, 3), [0.4, 0.1, 0.4, 0.3]);
        near(turned(true, 0), [0.6, 0.2, 0.3, 0.4]);
        near(turned(true, 1), [0.4, 0.6, 0.4, 0.3]);
    }
}
