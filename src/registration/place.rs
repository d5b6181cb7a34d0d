//! Where the frames of a video lie in a scene, one by one -> the one place where they lie.

use super::transform::Transform;
use crate::ranked::highest_first;

/// The corners of the scene's picture, pixels of a frame: from the left top, as they are read.
pub type Corners = [[f64; 2]; 4];

/// Frames lie in one place if they lie so near to it, as a share of a frame's diagonal. By trial: a picture that stands still is found
/// within one in a hundred of its sides.
const STEADY_WITHIN: f64 = 0.015;
/// The share of all places that must lie so. By trial: where the scene's camera moves, or titles hide the picture, the others are
/// errors.
const STEADY_SHARE: f64 = 0.2;
/// So many places are tried as the one. Bounds work.
const MOST_TRIED: usize = 200;
/// A corner of a picture lies at most so many of a frame's sides away. By reason: no picture is shown twelve times as large.
const FARTHEST: f64 = 20.0;
/// The shortest side of a picture in a frame, pixels. By reason.
const SHORTEST_SIDE: f64 = 8.0;

/// The one place where most of the frames lie, of so many pixels each. `None` if fewer than [`STEADY_SHARE`] lie in one.
pub fn steady(placed: &[Corners], frame: [f64; 2]) -> Option<Corners> {
    place_of(placed, frame, STEADY_SHARE * placed.len() as f64)
}

/// The one place where at least so many of the frames lie, of so many pixels each. `None` if fewer do.
pub fn place_of(placed: &[Corners], frame: [f64; 2], least: f64) -> Option<Corners> {
    let most = in_one_place(placed, frame)?;
    (most.len() as f64 >= least).then(|| median(&most))
}

/// The places of the most frames that lie in one. `None` if there are none.
pub fn in_one_place(placed: &[Corners], [width, height]: [f64; 2]) -> Option<Vec<Corners>> {
    let within = STEADY_WITHIN * (width * width + height * height).sqrt();
    let near = |middle: &Corners| -> Vec<Corners> {
        placed.iter().filter(|corners| apart(corners, middle) <= within).copied().collect()
    };
    let tried = placed.iter().step_by(placed.len().div_ceil(MOST_TRIED).max(1));
    tried.map(near).max_by_key(Vec::len)
}

/// Where the corners of a picture of so many pixels lie.
pub fn corners(transform: &Transform, picture: [f64; 2]) -> Corners {
    Area::of(picture).corners().map(|corner| transform.at(corner))
}

/// Whether a scene's picture may lie so in a frame of so many pixels: not without size, nor with a corner beyond all bounds.
pub fn is_sound(corners: &Corners, frame: [f64; 2]) -> bool {
    let farthest = FARTHEST * frame[0].max(frame[1]);
    let is_near = |at: &f64| at.abs() <= farthest;
    let side = |i: usize| (0..2).map(|axis| (corners[(i + 1) % 4][axis] - corners[i][axis]).abs()).fold(0.0, f64::max);
    corners.iter().flatten().all(is_near) && (0..4).all(|i| side(i) >= SHORTEST_SIDE)
}

/// The part of a scene's picture that a frame shows where its corners are these: the largest upright rectangle within, about, pixels of
/// the scene; both are so many pixels. `None` if the corners lie on a line.
pub fn shown(of_scene: &Corners, frame: [f64; 2], scene: [f64; 2]) -> Option<Area> {
    let to_scene = Transform::through(of_scene, &Area::of(scene).corners())?;
    let [left_top, right_top, right_bottom, left_bottom] = corners(&to_scene, frame);
    let start = [left_top[0].max(left_bottom[0]), left_top[1].max(right_top[1])];
    let end = [right_top[0].min(right_bottom[0]), left_bottom[1].min(right_bottom[1])];
    let area = Area { start, end };
    Some(area.and(&Area::of(scene)))
}

/// An upright rectangle, pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    pub start: [f64; 2],
    pub end: [f64; 2],
}

impl Area {
    /// All of a picture.
    pub fn of(picture: [f64; 2]) -> Self {
        Self { start: [0.0; 2], end: picture }
    }

    /// Its sides; at most 0 if it is empty.
    pub fn sides(&self) -> [f64; 2] {
        [0, 1].map(|axis| self.end[axis] - self.start[axis])
    }

    /// What both have.
    pub fn and(&self, other: &Self) -> Self {
        Self {
            start: [0, 1].map(|axis| self.start[axis].max(other.start[axis])),
            end: [0, 1].map(|axis| self.end[axis].min(other.end[axis])),
        }
    }

    /// From the left top, as they are read.
    pub fn corners(&self) -> Corners {
        let ([left, top], [right, bottom]) = (self.start, self.end);
        [[left, top], [right, top], [right, bottom], [left, bottom]]
    }
}

/// The lines through the middles of opposite sides: from left to right, and from top to bottom.
pub fn middle_lines([left_top, right_top, right_bottom, left_bottom]: &Corners) -> [[[f64; 2]; 2]; 2] {
    let middle = |a: &[f64; 2], b: &[f64; 2]| [0, 1].map(|axis| (a[axis] + b[axis]) / 2.0);
    [
        [middle(left_top, left_bottom), middle(right_top, right_bottom)],
        [middle(left_top, right_top), middle(left_bottom, right_bottom)],
    ]
}

/// How far two places are apart: their corners, pixels, on average.
fn apart(a: &Corners, b: &Corners) -> f64 {
    let distance = |i: usize| {
        let [x, y] = [a[i][0] - b[i][0], a[i][1] - b[i][1]];
        (x * x + y * y).sqrt()
    };
    (0..4).map(distance).sum::<f64>() / 4.0
}

/// The median of each coordinate.
fn median(all: &[Corners]) -> Corners {
    std::array::from_fn(|corner| {
        std::array::from_fn(|axis| {
            let values = all.iter().map(|corners| corners[corner][axis]).collect();
            highest_first(values, |value| *value)[all.len() / 2]
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture that is moved to the right.
    fn at(right: f64) -> Corners {
        Area { start: [right, 10.0], end: [right + 100.0, 70.0] }.corners()
    }

    #[test]
    fn what_stands_still_has_one_place_whatever_errs() {
        let right = |i: usize| match i % 10 {
            0..6 => 17.0 * i as f64,
            _ => 50.0 + (i % 3) as f64,
        };
        let placed: Vec<Corners> = (0..60).map(|i| at(right(i))).collect();
        assert_eq!(steady(&placed, [240.0, 180.0]), Some(at(51.0)));
    }

    #[test]
    fn what_moves_has_none_and_nor_has_what_was_not_placed() {
        let placed: Vec<Corners> = (0..60).map(|i| at(17.0 * f64::from(i))).collect();
        assert_eq!((steady(&placed, [240.0, 180.0]), steady(&[], [240.0, 180.0])), (None, None));
    }

    #[test]
    fn a_picture_without_size_or_beyond_all_bounds_lies_nowhere() {
        let frame = [256.0, 144.0];
        assert!(is_sound(&at(-90.0), frame) && !is_sound(&at(5200.0), frame) && !is_sound(&at(f64::NAN), frame));
        assert!(!is_sound(&Area { start: [0.0, 0.0], end: [100.0, 7.0] }.corners(), frame));
        assert!(!is_sound(&at(f64::INFINITY), frame));
    }

    #[test]
    fn the_part_that_is_shown_lies_inside_both() {
        // A frame of 100 x 60 whose left quarter lies outside of the scene, twice as large there.
        let to_scene = Transform([2.0, 0.0, -50.0, 0.0, 2.0, 20.0, 0.0, 0.0, 1.0]);
        let of_scene = corners(&to_scene.inverse().unwrap(), [256.0, 144.0]);
        let area = shown(&of_scene, [100.0, 60.0], [256.0, 144.0]).unwrap();
        let near = |found: [f64; 2], expected: [f64; 2]| (0..2).all(|axis| (found[axis] - expected[axis]).abs() < 1e-9);
        assert!(near(area.start, [0.0, 20.0]) && near(area.end, [150.0, 140.0]), "{area:?}");
        assert!(near(area.sides(), [150.0, 120.0]) && near(area.and(&Area::of([100.0, 30.0])).sides(), [100.0, 10.0]));
        assert!(area.and(&Area { start: [200.0, 0.0], end: [210.0, 9.0] }).sides()[0] < 0.0);
    }
}
