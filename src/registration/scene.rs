//! Frames of one video, told by their points -> where each frame of another video lies in them.

use super::transform::{Pair, Transform, agreed};
use crate::picture::points::{Bits, Point, nearest};
use crate::ranked::highest_first;

/// Points that differ in more bits are not taken to be the same. Source: `ALIKE_BITS` of stills.
const ALIKE_BITS: u32 = 64;
/// How many points must agree for a frame to lie in a scene. Source: `FOUND_FROM_POINTS` of stills, where chance gave 12 at
/// most.
pub const FOUND_FROM_POINTS: usize = 24;
/// The most pairs of points that are looked at, the most alike first. Bounds work, which grows with their square.
const MOST_PAIRS: usize = 400;

/// Pairs tell one move if they lie so near to each other, pixels of the scene. By trial.
const ONE_MOVE: f64 = 3.0;
/// The fewest pairs that tell a move: neighbours in time say which is right. By trial.
const LEAST_OF_MOVE: usize = 5;
/// The most moves in one picture. Bounds work.
const MOST_MOVES: usize = 3;

/// Where the left top of a frame that only moves may lie.
#[derive(Clone, Copy, Debug)]
pub struct Move {
    /// Pixels of the scene's pictures.
    pub at: [f64; 2],
    /// How many points agree.
    pub points: usize,
}

/// Where a frame lies in a scene.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    /// From pixels of the frame to pixels of the scene's pictures.
    pub transform: Transform,
    /// How many points agree.
    pub points: usize,
}

/// Pictures of one video.
#[derive(Debug, Default)]
pub struct Scene {
    pictures: Vec<Picture>,
}

#[derive(Debug)]
struct Picture {
    points: Vec<Point>,
    bits: Vec<Bits>,
}

impl Scene {
    /// Adds a picture with these points.
    pub fn add(&mut self, points: Vec<Point>) {
        let bits = points.iter().map(|point| point.bits).collect();
        self.pictures.push(Picture { points, bits });
    }

    /// Where a frame with these points lies in the picture in which most of them agree. `None` if fewer than `least` do.
    pub fn place(&self, frame: &[Point], least: usize) -> Option<Placed> {
        let placed = |picture: &Picture| {
            let (transform, points) = agreed(&picture.pairs(frame))?;
            (points >= least).then_some(Placed { transform, points })
        };
        self.pictures.iter().filter_map(placed).max_by_key(|placed| placed.points)
    }

    /// Where a frame with these points may lie if it only moves: `linear` leads from its pixels to the scene's, row by row.
    pub fn moves(&self, frame: &[Point], linear: [f64; 4]) -> Vec<Move> {
        self.pictures.iter().flat_map(|picture| picture.moves(frame, linear)).collect()
    }
}

impl Picture {
    /// Each point of the frame with the one of this picture that is most like it.
    fn pairs(&self, frame: &[Point]) -> Vec<Pair> {
        let pair = |point: &Point| {
            let (differ, nearest) = nearest(&point.bits, &self.bits)?;
            let own = &self.points[nearest];
            let pair = Pair { from: point.at, to: own.at, scale: own.size / point.size };
            (differ <= ALIKE_BITS).then_some((differ, pair))
        };
        let pairs: Vec<(u32, Pair)> = frame.iter().filter_map(pair).collect();
        let most_alike = highest_first(pairs, |(differ, _)| -f64::from(*differ));
        most_alike.into_iter().take(MOST_PAIRS).map(|(_, pair)| pair).collect()
    }

    /// The moves on which most pairs agree, the most first.
    fn moves(&self, frame: &[Point], [a, b, c, d]: [f64; 4]) -> Vec<Move> {
        let left_top = |pair: &Pair| {
            let [x, y] = pair.from;
            [pair.to[0] - a * x - b * y, pair.to[1] - c * x - d * y]
        };
        let all: Vec<[f64; 2]> = self.pairs(frame).iter().map(left_top).collect();
        let is_near =
            |one: &[f64; 2], other: &[f64; 2], most: f64| (0..2).all(|axis| (one[axis] - other[axis]).abs() <= most);
        let near = |at: &[f64; 2]| {
            let near: Vec<&[f64; 2]> = all.iter().filter(|other| is_near(at, other, ONE_MOVE)).collect();
            let mean = |axis: usize| near.iter().map(|at| at[axis]).sum::<f64>() / near.len() as f64;
            Move { at: [mean(0), mean(1)], points: near.len() }
        };
        let agreed = all.iter().map(near).filter(|found| found.points >= LEAST_OF_MOVE).collect();
        let mut moves: Vec<Move> = Vec::new();
        for found in highest_first(agreed, |found: &Move| found.points as f64) {
            if moves.len() < MOST_MOVES && !moves.iter().any(|other| is_near(&other.at, &found.at, 2.0 * ONE_MOVE)) {
                moves.push(found);
            }
        }
        moves
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::points::of_small;
    use crate::picture::gray::Gray;
    use crate::picture::testing::{boxes, cut, put};

    fn points(picture: &Gray) -> Vec<Point> {
        let size = [picture.width as f64, picture.height as f64];
        of_small(picture).iter().map(|point| point.in_picture(size)).collect()
    }

    fn scene(pictures: &[&Gray]) -> Scene {
        let mut scene = Scene::default();
        pictures.iter().for_each(|picture| scene.add(points(picture)));
        scene
    }

    fn placed(frame: &Gray, scene: &Scene) -> Option<Placed> {
        scene.place(&points(frame), FOUND_FROM_POINTS)
    }

    #[test]
    fn a_part_and_a_smaller_picture_are_placed_in_the_picture_that_they_are_of() {
        let (own, other) = (boxes(1, 256, 144), boxes(2, 256, 144));
        let scene = scene(&[&other, &own]);
        let part = cut(&own, [40, 20, 160, 100]);
        let mut canvas = boxes(3, 256, 144);
        put(&mut canvas, &own.shrunk(154, 86), [60, 30]);
        for (frame, from, to) in
            [(part, [80.0, 50.0], [120.0, 70.0]), (canvas, [60.0 + 77.0, 30.0 + 43.0], [128.0, 72.0])]
        {
            let found = placed(&frame, &scene).unwrap();
            let at = found.transform.at(from);
            assert!((0..2).all(|axis| (at[axis] - to[axis]).abs() < 1.0), "{at:?} {to:?}");
        }
    }

    #[test]
    fn a_part_is_found_where_it_was_moved_to() {
        let own = boxes(1, 256, 144);
        let scene = scene(&[&own]);
        for left in [0, 70, 150] {
            let part = cut(&own, [left, 0, 81, 144]);
            let larger = part.shrunk(81, 144);
            let moves = scene.moves(&points(&larger), [1.0, 0.0, 0.0, 1.0]);
            let best = moves.iter().max_by_key(|found| found.points).unwrap();
            assert!((best.at[0] - left as f64).abs() < 1.0 && best.at[1].abs() < 1.0, "{best:?} {left}");
        }
        assert!(scene.moves(&points(&boxes(5, 81, 144)), [1.0, 0.0, 0.0, 1.0]).iter().all(|found| found.points < 12));
    }

    #[test]
    fn another_picture_and_a_flat_one_are_not_placed() {
        let scene = scene(&[&boxes(1, 256, 144)]);
        assert!(placed(&boxes(5, 256, 144), &scene).is_none());
        assert!(placed(&Gray { luma: vec![90; 256 * 144], width: 256, height: 144 }, &scene).is_none());
        assert!(placed(&boxes(1, 256, 144), &Scene::default()).is_none());
    }
}
