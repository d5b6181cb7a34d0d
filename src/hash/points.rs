//! The points of some frames of a video: where they are, and what is around each. They tell where the picture of one video lies
//! in another's. docs/format.md, "Points", specifies them; docs/accuracy/method.md, step 13, says what they are worth.
//!
//! In: the luma of a frame. Out: its strongest corners, at several sizes.

use crate::picture::gray::{self, Gray};
use crate::picture::plane::Plane;
use crate::picture::points::{Bits, Point, points_of};
use crate::ranked::highest_first;
use std::array::from_fn;

/// Every so many frames has points, the first one among them. By trial: docs/accuracy/method.md, step 13.
pub const EVERY: u64 = 128;
/// The most points of a frame. By trial: docs/accuracy/method.md, step 13.
pub const MOST: usize = 100;
/// Pixels of the picture in which points are looked for, about. By trial.
const PIXELS: usize = 256 * 144;
/// The sizes in which points are looked for, shares of that picture: by the fourth root of a half, so that one of them is near
/// any size in which another video may show it. By reason; docs/accuracy/stills.md, "By pixels".
pub const LEVELS: [f64; 9] = [1.0, 0.841, 0.707, 0.595, 0.5, 0.42, 0.354, 0.297, 0.25];
/// Places are told in so many parts of a side.
const PARTS: f64 = 65_536.0;

/// A point of a frame (a keypoint).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPoint {
    /// Its place, across and down, in 65,536ths of the picture.
    pub at: [u16; 2],
    /// The size at which it was found: a position in [`LEVELS`].
    pub level: u8,
    /// What is around it.
    pub bits: Bits,
}

impl KeyPoint {
    /// Bytes of [`Self::to_bytes`].
    pub const BYTES: usize = 2 + 2 + 1 + 32;

    /// Place, level and bits, the lowest byte of each number first.
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..2].copy_from_slice(&self.at[0].to_le_bytes());
        bytes[2..4].copy_from_slice(&self.at[1].to_le_bytes());
        bytes[4] = self.level;
        for (bytes, word) in bytes[5..].chunks_exact_mut(8).zip(self.bits) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote; `None` if there is no such level.
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Option<Self> {
        let short = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        let word = |i: usize| u64::from_le_bytes(from_fn(|k| bytes[5 + 8 * i + k]));
        let level = bytes[4];
        (usize::from(level) < LEVELS.len()).then(|| Self { at: [short(0), short(2)], level, bits: from_fn(word) })
    }

    /// The point in a picture of so many pixels.
    pub fn in_picture(&self, sides: [f64; 2]) -> Point {
        let at = [0, 1].map(|axis| f64::from(self.at[axis]) / PARTS * sides[axis]);
        Point { at, size: 1.0 / LEVELS[usize::from(self.level)], bits: self.bits, strength: 0 }
    }
}

/// Whether the frame with this number, from 0, has points.
pub fn has_points(frame: u64) -> bool {
    frame.is_multiple_of(EVERY)
}

/// The sides, in pixels, of the picture in which a frame's points are looked for.
pub fn sides(frame: [usize; 2]) -> [usize; 2] {
    gray::scaled(frame, (PIXELS as f64 / (frame[0] * frame[1]) as f64).sqrt().min(1.0))
}

/// The picture in which a frame's points are looked for.
pub fn small(luma: &Plane) -> Gray {
    let [width, height] = sides([luma.width(), luma.height()]);
    Gray::of_plane(luma, width, height)
}

/// The points of such a picture, the strongest corners first; of equal ones the larger first, then as they are read.
pub fn of_small(picture: &Gray) -> Vec<KeyPoint> {
    let mut all: Vec<(i64, KeyPoint)> = Vec::new();
    for (level, share) in LEVELS.iter().enumerate() {
        let [width, height] = gray::scaled([picture.width, picture.height], *share);
        // Places in pixels of the level are whole, but for a half: so the parts are exact.
        let found = points_of(&[picture.shrunk(width, height)], [width, height]);
        all.extend(found.iter().map(|point| {
            let at = [point.at[0] * PARTS / width as f64, point.at[1] * PARTS / height as f64];
            (point.strength, KeyPoint { at: at.map(|part| part as u16), level: level as u8, bits: point.bits })
        }));
    }
    let strongest = highest_first(all, |(strength, _)| *strength as f64);
    strongest.into_iter().take(MOST).map(|(_, point)| point).collect()
}

/// The points of a frame.
pub fn of_luma(luma: &Plane) -> Vec<KeyPoint> {
    of_small(&small(luma))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::digest::to_hex;
    use crate::picture::plane::Range;
    use crate::picture::points::{distance, points};
    use crate::picture::testing::boxes;

    #[test]
    fn the_first_frame_and_every_128th_has_points() {
        let numbers: Vec<u64> = (0..300).filter(|frame| has_points(*frame)).collect();
        assert_eq!(numbers, [0, 128, 256]);
    }

    #[test]
    fn points_are_looked_for_in_pictures_of_one_area_and_never_in_enlarged_ones() {
        assert_eq!([sides([1920, 1080]), sides([1080, 1920])], [[256, 144], [144, 256]]);
        assert_eq!([sides([64, 48]), sides([16_384, 1])], [[64, 48], [16_384, 1]]);
    }

    #[test]
    fn points_are_those_of_the_specification() {
        // Written by make.py beside it, after docs/format.md.
        let expected = include_str!("../../tests/vectors/points/points.txt");
        let luma = |i: usize| {
            let (x, y) = (i % 320, i / 320);
            let block = x / 18 * 31 + y / 14 * 57;
            (block * block % 199 + (x * 3 + y * 5) % 17) as u8
        };
        let luma: Vec<u8> = (0..320 * 180).map(luma).collect();
        let found = of_luma(&Plane::new(&luma, 320, 180, 320, 8, Range::Limited).unwrap());
        let found: String = found.iter().map(|point| format!("{}\n", to_hex(&point.to_bytes()))).collect();
        assert!(found == expected && found.lines().count() == MOST, "{found}");
    }

    #[test]
    fn the_strongest_points_are_kept_and_are_where_they_were() {
        let picture = boxes(7, 256, 144);
        let kept = of_small(&picture);
        let all = points(&picture, &LEVELS);
        assert!(kept.len() == MOST && all.len() > 2 * MOST, "{}", all.len());
        let strength = |point: &KeyPoint| {
            let at = point.in_picture([256.0, 144.0]).at;
            let near = |other: &&Point| {
                (0..2).all(|axis| (other.at[axis] - at[axis]).abs() < 0.01) && distance(&other.bits, &point.bits) == 0
            };
            all.iter().find(near).expect("it is one of all").strength
        };
        let strengths: Vec<i64> = kept.iter().map(strength).collect();
        assert!(strengths.is_sorted_by(|a, b| a >= b));
        let stronger = all.iter().filter(|point| point.strength > strengths[MOST - 1]).count();
        assert!(stronger < MOST, "{stronger}");
    }

    #[test]
    fn points_are_the_same_after_a_way_as_bytes() {
        let kept = of_small(&boxes(8, 200, 150));
        assert!(kept.iter().any(|point| point.level > 0));
        for point in kept {
            assert_eq!(KeyPoint::from_bytes(&point.to_bytes()), Some(point));
        }
        let mut bytes = [0; KeyPoint::BYTES];
        bytes[4] = LEVELS.len() as u8;
        assert_eq!(KeyPoint::from_bytes(&bytes), None);
    }
}
