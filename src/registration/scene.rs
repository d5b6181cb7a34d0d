//! Frames of one video, told by their points -> where each frame of another video lies in them.

use super::transform::{Pair, Transform, agreed};
use crate::picture::gray::Gray;
use crate::picture::points::{Bits, Point, nearest, points};
use crate::ranked::highest_first;

/// The sizes in which points of a scene are looked for, by its own: down to a quarter, by the fourth root of a half, so
/// that one of them is near any size in which another video may show it. By reason; docs/accuracy/stills.md, "By pixels".
const SCENE_SIZES: [f64; 9] = [1.0, 0.841, 0.707, 0.595, 0.5, 0.42, 0.354, 0.297, 0.25];
/// The sizes in which points of a frame are looked for.
const FRAME_SIZES: [f64; 4] = [1.0, 0.707, 0.5, 0.354];
/// Points that differ in more bits are not taken to be the same. Source: `ALIKE_BITS` of stills.
const ALIKE_BITS: u32 = 64;
/// How many points must agree for a frame to lie in a scene. Source: `FOUND_FROM_POINTS` of stills, where chance gave 12 at
/// most.
const FOUND_FROM_POINTS: usize = 24;
/// The most pairs of points that are looked at, the most alike first. Bounds work, which grows with their square.
const MOST_PAIRS: usize = 400;

/// Where a frame lies in a scene.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    /// Which of the scene's pictures it lies in.
    pub picture: usize,
    /// From pixels of the frame to pixels of the scene's picture.
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
    /// Adds a picture.
    pub fn add(&mut self, picture: &Gray) {
        let points = points(picture, &SCENE_SIZES);
        let bits = points.iter().map(|point| point.bits).collect();
        self.pictures.push(Picture { points, bits });
    }

    /// Where a frame lies in one of the pictures, in `likely` one if it lies there. `None` if its points do not tell.
    pub fn place(&self, frame: &[Point], likely: Option<usize>) -> Option<Placed> {
        let placed = |picture: usize| {
            let (transform, points) = agreed(&self.pictures[picture].pairs(frame))?;
            (points >= FOUND_FROM_POINTS).then_some(Placed { picture, transform, points })
        };
        likely.and_then(placed).or_else(|| {
            let others = (0..self.pictures.len()).filter(|picture| Some(*picture) != likely);
            others.filter_map(placed).max_by_key(|placed| placed.points)
        })
    }
}

/// The points of a frame that may lie in a scene.
pub fn points_of(frame: &Gray) -> Vec<Point> {
    points(frame, &FRAME_SIZES)
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::testing::{boxes, cut, put};

    fn scene(pictures: &[&Gray]) -> Scene {
        let mut scene = Scene::default();
        pictures.iter().for_each(|picture| scene.add(picture));
        scene
    }

    fn placed(frame: &Gray, scene: &Scene) -> Option<Placed> {
        scene.place(&points_of(frame), None)
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
            assert_eq!(found.picture, 1);
        }
    }

    #[test]
    fn another_picture_and_a_flat_one_are_not_placed() {
        let scene = scene(&[&boxes(1, 256, 144)]);
        assert!(placed(&boxes(5, 256, 144), &scene).is_none());
        assert!(placed(&Gray { luma: vec![90; 256 * 144], width: 256, height: 144 }, &scene).is_none());
        assert!(placed(&boxes(1, 256, 144), &Scene::default()).is_none());
    }
}
