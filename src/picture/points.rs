//! Points of a picture that can be found again: corners, at several sizes, each with 256 bits that say what is around
//! it.
//!
//! The bits compare smoothed luma at fixed pairs of places (BRIEF: Calonder et al., *BRIEF: Binary Robust Independent
//! Elementary Features*, 2010), so brightness and contrast do not matter. The pairs are the same in a mirror and after a
//! quarter turn, so that the bits of a turned picture are those of the picture in another order. docs/format.md,
//! "Points", specifies them.

use super::gray::{self, Gray};
use multiversion::multiversion;
use std::array::from_fn;

/// The bits around a point.
pub type Bits = [u64; 4];

/// How far the bits look, pixels to each side. By trial.
const REACH: usize = 11;
/// How far luma is smoothed before it is compared, pixels. By trial.
const SMOOTHED: usize = 2;
/// Of each square of this many pixels a side, the best corner is taken: points everywhere, and not too many. By trial.
const CELL: usize = 10;
/// How far a corner's window reaches, pixels. By trial.
const WINDOW: usize = 2;
/// A corner's least strength, squared levels: less is a camera's noise. By trial.
const WEAKEST: i64 = 60;

/// A point.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// Its place, in pixels of the whole picture at its largest size.
    pub at: [f64; 2],
    /// How many of those pixels are one of the size at which it was found.
    pub size: f64,
    /// What is around it.
    pub bits: Bits,
    /// How much of a corner it is, squared levels.
    pub strength: i64,
}

/// The points of a picture at these shares of its size.
pub fn points(picture: &Gray, shares: &[f64]) -> Vec<Point> {
    let level = |share: &f64| {
        let [width, height] = gray::scaled([picture.width, picture.height], *share);
        picture.shrunk(width, height)
    };
    let levels: Vec<Gray> = shares.iter().map(level).collect();
    points_of(&levels, [picture.width, picture.height])
}

/// The points of a picture, so long and high, that is there in several sizes.
pub fn points_of(levels: &[Gray], [width, height]: [usize; 2]) -> Vec<Point> {
    let pairs = pairs();
    let mut found = Vec::new();
    for level in levels {
        let smooth = level.smoothed(SMOOTHED);
        let sizes = [width as f64 / level.width as f64, height as f64 / level.height as f64];
        found.extend(corners(level).into_iter().map(|([x, y], strength)| Point {
            at: [(x as f64 + 0.5) * sizes[0], (y as f64 + 0.5) * sizes[1]],
            size: sizes[0].max(sizes[1]),
            bits: bits(&smooth, x, y, &pairs),
            strength,
        }));
    }
    found
}

/// In how many bits two points differ.
pub fn distance(a: &Bits, b: &Bits) -> u32 {
    (0..4).map(|i| (a[i] ^ b[i]).count_ones()).sum()
}

/// In how many bits the most similar differs, and which it is.
#[multiversion(targets("x86_64+popcnt"))]
pub fn nearest(bits: &Bits, others: &[Bits]) -> Option<(u32, usize)> {
    let mut best: Option<(u32, usize)> = None;
    for (i, other) in others.iter().enumerate() {
        let differ = distance(bits, other);
        if best.is_none_or(|(least, _)| differ < least) {
            best = Some((differ, i));
        }
    }
    best
}

/// The eight ways to mirror a picture and turn it by quarters.
const WAYS: usize = 8;

/// The pairs of places, relative to a point: denser near it, and each in all eight orientations, one after the other.
fn pairs() -> [[i8; 4]; 256] {
    let mut state = 20u64;
    let mut near = || {
        // Knuth's constants, MMIX; the sum of two even spreads is denser in the middle.
        let mut half = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % (REACH + 1)
        };
        (half() + half()) as i8 - REACH as i8
    };
    let upright: [[i8; 4]; 256 / WAYS] = from_fn(|_| from_fn(|_| near()));
    from_fn(|i| oriented(upright[i / WAYS], i % WAYS >= WAYS / 2, (i % 4) as u8))
}

/// A pair of places of the picture, in the picture mirrored and turned clockwise by quarters.
fn oriented([x, y, other_x, other_y]: [i8; 4], mirrored: bool, quarters: u8) -> [i8; 4] {
    let turned = |[x, y]: [i8; 2]| {
        let first = [if mirrored { -x } else { x }, y];
        (0..quarters).fold(first, |[x, y], _| [-y, x])
    };
    let ([x, y], [other_x, other_y]) = (turned([x, y]), turned([other_x, other_y]));
    [x, y, other_x, other_y]
}

/// Points of a picture, so long and high, as they are in the picture mirrored, or not, and turned clockwise by quarters.
pub fn turned(points: &[Point], [width, height]: [f64; 2], mirrored: bool, quarters: u8) -> Vec<Point> {
    let pairs = pairs();
    // Bit `i` of the turned picture compares the places that bit `sources[i]` compares in the picture.
    let sources: [usize; 256] = from_fn(|i| {
        let first = i / WAYS * WAYS;
        let is_source = |from: &usize| oriented(pairs[*from], mirrored, quarters) == pairs[i];
        (first..first + WAYS).find(is_source).expect("the pairs are the same in every orientation")
    });
    let point = |point: &Point| {
        let mut bits = Bits::default();
        for (i, &from) in sources.iter().enumerate() {
            bits[i / 64] |= (point.bits[from / 64] >> (from % 64) & 1) << (i % 64);
        }
        let [x, y] = point.at;
        let mut at = [if mirrored { width - x } else { x }, y];
        let mut sides = [width, height];
        for _ in 0..quarters {
            at = [sides[1] - at[1], at[0]];
            sides.reverse();
        }
        Point { at, bits, ..*point }
    };
    points.iter().map(point).collect()
}

fn bits(smooth: &Gray, x: usize, y: usize, pairs: &[[i8; 4]; 256]) -> Bits {
    let luma = |right: i8, below: i8| {
        let at = |from: usize, by: i8| (from as isize + isize::from(by)) as usize;
        smooth.luma[at(y, below) * smooth.width + at(x, right)]
    };
    let mut bits = [0; 4];
    for (i, &[right, below, other_right, other_below]) in pairs.iter().enumerate() {
        bits[i / 64] |= u64::from(luma(right, below) > luma(other_right, other_below)) << (i % 64);
    }
    bits
}

/// The strongest corner of each cell, where it is stronger than what is beside it, and how strong it is.
fn corners(level: &Gray) -> Vec<([usize; 2], i64)> {
    let (width, height) = (level.width, level.height);
    let margin = REACH.max(WINDOW + 1);
    if width <= 2 * margin || height <= 2 * margin {
        return Vec::new();
    }
    let strength = strengths(level);
    let at = |x: usize, y: usize| strength[y * width + x];
    let is_peak = |x: usize, y: usize| {
        (y - 1..=y + 1).all(|other_y| (x - 1..=x + 1).all(|other_x| at(other_x, other_y) <= at(x, y)))
    };
    let mut found = Vec::new();
    for top in (margin..height - margin).step_by(CELL) {
        for left in (margin..width - margin).step_by(CELL) {
            let mut best = (WEAKEST, None);
            for y in top..(top + CELL).min(height - margin) {
                for x in left..(left + CELL).min(width - margin) {
                    if at(x, y) > best.0 && is_peak(x, y) {
                        best = (at(x, y), Some([x, y]));
                    }
                }
            }
            found.extend(best.1.map(|at| (at, best.0)));
        }
    }
    found
}

/// How much of a corner each pixel is: the lesser of the two directions in which luma changes around it (Shi and
/// Tomasi, *Good Features to Track*, 1994), as determinant by trace.
fn strengths(level: &Gray) -> Vec<i64> {
    let (width, height) = (level.width, level.height);
    let mut changes = vec![[0i64; 3]; width * height];
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            let at = |x: usize, y: usize| i64::from(level.luma[y * width + x]);
            let (right, below) = (at(x + 1, y) - at(x - 1, y), at(x, y + 1) - at(x, y - 1));
            changes[y * width + x] = [right * right, below * below, right * below];
        }
    }
    let sums = windows(&windows(&changes, width, 1), width, width);
    sums.iter().map(|[a, b, c]| (a * b - c * c) / (a + b + 1)).collect()
}

/// Sums of windows along one axis, whose neighbours are `step` apart; none where the window reaches over the ends.
fn windows(changes: &[[i64; 3]], width: usize, step: usize) -> Vec<[i64; 3]> {
    let reach = WINDOW * step;
    let sum = |i: usize| {
        let is_outside =
            i < reach || i + reach >= changes.len() || step == 1 && !(WINDOW..width - WINDOW).contains(&(i % width));
        if is_outside {
            return [0; 3];
        }
        let mut sum = [0; 3];
        for change in changes[i - reach..=i + reach].iter().step_by(step) {
            (0..3).for_each(|k| sum[k] += change[k]);
        }
        sum
    };
    (0..changes.len()).map(sum).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{boxes, cut};
    use super::*;

    #[test]
    fn a_point_is_found_again_where_its_picture_is_moved() {
        let picture = boxes(1, 200, 150);
        let own = points(&picture, &[1.0]);
        let moved = points(&cut(&picture, [CELL, 2 * CELL, 180, 120]), &[1.0]);
        let is_again = |point: &&Point| {
            let at = [point.at[0] + CELL as f64, point.at[1] + 2.0 * CELL as f64];
            own.iter().any(|other| other.at == at && distance(&other.bits, &point.bits) <= 8)
        };
        let again = moved.iter().filter(is_again).count();
        assert!(moved.len() > 60 && again * 10 >= moved.len() * 9, "{again} of {}", moved.len());
    }

    #[test]
    fn brightness_and_contrast_do_not_matter_and_other_places_differ() {
        let picture = boxes(2, 120, 90);
        let dim = Gray { luma: picture.luma.iter().map(|luma| 40 + luma / 2).collect(), ..picture.clone() };
        let (own, dim) = (points(&picture, &[1.0]), points(&dim, &[1.0]));
        let nearest = |point: &Point, others: &[Point]| {
            others.iter().map(|other| distance(&point.bits, &other.bits)).min().unwrap()
        };
        assert!(dim.iter().filter(|point| nearest(point, &own) <= 12).count() * 10 > dim.len() * 8);
        let other = points(&boxes(3, 120, 90), &[1.0]);
        let alike = other.iter().filter(|point| nearest(point, &own) <= 24).count();
        // Corners of boxes are alike.
        assert!(alike * 4 < other.len(), "{alike} of {}", other.len());
    }

    #[test]
    fn places_are_those_of_the_whole_picture_at_any_size() {
        let picture = boxes(4, 240, 160);
        let small = points(&picture, &[0.5]);
        assert!(small.len() > 20 && small.iter().all(|point| point.size == 2.0));
        let own = points(&picture.shrunk(120, 80), &[1.0]);
        assert!(small.iter().zip(&own).all(|(a, b)| a.at == [2.0 * b.at[0], 2.0 * b.at[1]] && a.bits == b.bits));
    }

    #[test]
    fn points_of_a_turned_picture_are_those_of_the_picture_turned() {
        // Sides that leave the cells where they are, whichever way it is turned.
        let picture = boxes(6, 16 * CELL + 2 * REACH, 9 * CELL + 2 * REACH);
        let own = points(&picture, &[1.0]);
        let size = [picture.width as f64, picture.height as f64];
        for (mirrored, quarters) in (0..8).map(|i| (i >= 4, i % 4)) {
            let found = points(&picture.clone().oriented(mirrored, quarters), &[1.0]);
            let turned = turned(&own, size, mirrored, quarters);
            let is_found = |point: &&Point| {
                found.iter().any(|other| other.at == point.at && distance(&other.bits, &point.bits) <= 2)
            };
            let again = turned.iter().filter(is_found).count();
            assert!(own.len() > 40 && again * 10 >= own.len() * 9, "{mirrored} {quarters}: {again} of {}", own.len());
        }
    }

    #[test]
    fn flat_and_tiny_pictures_have_no_points() {
        let flat = Gray { luma: vec![90; 100 * 80], width: 100, height: 80 };
        assert!(points(&flat, &[1.0, 0.5]).is_empty());
        for (width, height) in [(1, 1), (22, 90), (3, 200)] {
            assert!(points(&boxes(5, width, height), &[1.0, 0.5]).is_empty());
        }
    }
}
