//! A file's display matrix -> how players turn and mirror the picture.
//!
//! MP4 and QuickTime have one matrix for the movie and one for each track (ISO/IEC 14496-12, 8.2.2 and 8.3.2): nine numbers `a b u,
//! c d v, x y w`, row by row. A point is a row, `x y 1`, so `a b` is where the picture's right goes, and `c d` where its lower end
//! goes. Players apply only quarter turns and mirroring; for any other matrix they show the picture as stored.

use serde::Serialize;

/// How to show the picture: first mirrored left to right, then turned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Display {
    /// Whether it is mirrored.
    pub mirrored: bool,
    /// Degrees clockwise: 0, 90, 180 or 270.
    pub rotation: u16,
}

/// A matrix as files store it, in fixed point: the last number in each row has 30 fractional bits, the others 16.
pub type Matrix = [i32; 9];

/// A number below this part of the others counts as zero: sines in files are rounded.
const ROUNDED: i64 = 100;

impl Display {
    /// From a track's matrix and the movie's; the track's is applied first, like in ffmpeg.
    pub fn of_track(track: &Matrix, movie: &Matrix) -> Self {
        let product = |row: usize, column: usize| -> i64 {
            let shifts = [16, 16, 30];
            (0..3).map(|k| (i64::from(track[3 * row + k]) * i64::from(movie[3 * k + column])) >> shifts[k]).sum()
        };
        Self::of_numbers([product(0, 0), product(0, 1), product(1, 0), product(1, 1)])
    }

    /// From one matrix.
    pub fn of(&[a, b, _, c, d, ..]: &Matrix) -> Self {
        Self::of_numbers([a, b, c, d].map(i64::from))
    }

    fn of_numbers([a, b, c, d]: [i64; 4]) -> Self {
        let is_small = |number: i64, beside: i64| number.saturating_abs() < beside.saturating_abs() / ROUNDED;
        let (is_along, is_across) = match () {
            () if is_small(b, a) && is_small(c, d) => (true, false),
            () if is_small(a, b) && is_small(d, c) => (false, true),
            () => (false, false),
        };
        // Mirroring comes first, and turns the picture's right around: `a b`.
        let mirrored = match (is_along, is_across) {
            (true, _) => (a < 0) != (d < 0),
            (_, true) => (b < 0) == (c < 0),
            _ => return Self::default(),
        };
        let rotation = match (is_along, c < 0, d < 0) {
            (true, _, false) => 0,
            (true, _, true) => 180,
            (false, true, _) => 90,
            (false, false, _) => 270,
        };
        Self { mirrored, rotation }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: i32 = 1 << 16;
    const AS_STORED: Matrix = [ONE, 0, 0, 0, ONE, 0, 0, 0, 1 << 30];

    fn of(a: i32, b: i32, c: i32, d: i32) -> (bool, u16) {
        let matrix = [a, b, 0, c, d, 0, 7 * ONE, 9 * ONE, 1 << 30];
        let display = Display::of(&matrix);
        assert_eq!(Display::of_track(&matrix, &AS_STORED), display);
        assert_eq!(Display::of_track(&AS_STORED, &matrix), display);
        (display.mirrored, display.rotation)
    }

    #[test]
    fn turns_and_mirrorings_are_told() {
        assert_eq!(of(ONE, 0, 0, ONE), (false, 0));
        assert_eq!(of(0, ONE, -ONE, 0), (false, 90));
        assert_eq!(of(-ONE, 0, 0, -ONE), (false, 180));
        assert_eq!(of(0, -ONE, ONE, 0), (false, 270));
        assert_eq!(of(-ONE, 0, 0, ONE), (true, 0));
        assert_eq!(of(0, -ONE, -ONE, 0), (true, 90));
        assert_eq!(of(ONE, 0, 0, -ONE), (true, 180), "upside down in a mirror");
        assert_eq!(of(0, ONE, ONE, 0), (true, 270));
    }

    #[test]
    fn scaling_and_rounding_change_nothing() {
        assert_eq!(of(0, 2 * ONE, -ONE / 3, 0), (false, 90));
        assert_eq!(of(3, ONE - 1, -ONE, -2), (false, 90));
    }

    #[test]
    fn what_is_no_quarter_turn_is_shown_as_stored() {
        for matrix in [[46341, 46341, -46341, 46341], [ONE, ONE / 2, 0, ONE], [0; 4], [ONE, 0, 0, 0], [i32::MIN; 4]] {
            let [a, b, c, d] = matrix;
            assert_eq!(of(a, b, c, d), (false, 0));
        }
    }

    #[test]
    fn a_movie_turns_its_tracks_further() {
        let quarter = [0, ONE, 0, -ONE, 0, 0, 0, 0, 1 << 30];
        let mirror = [-ONE, 0, 0, 0, ONE, 0, 0, 0, 1 << 30];
        assert_eq!(Display::of_track(&quarter, &quarter), Display { mirrored: false, rotation: 180 });
        assert_eq!(Display::of_track(&mirror, &quarter), Display { mirrored: true, rotation: 90 });
        assert_eq!(Display::of_track(&quarter, &mirror), Display { mirrored: true, rotation: 270 });
    }
}
