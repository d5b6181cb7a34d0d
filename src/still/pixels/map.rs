//! Points of a frame that look like points of the still -> maps on which many of them agree.

use crate::picture::gray::Gray;
use crate::picture::points::{Bits, Point, nearest};

/// Points that differ in more bits are not taken to be the same. By trial; chance differs in 128.
const ALIKE_BITS: u32 = 64;
/// How far a point may lie from where another's map puts it, pixels of the frame, and for each pixel that the two are
/// apart: sizes are known to a fifth. By reason.
const LOOSE: [f64; 2] = [3.0, 0.12];
/// How far it may lie from where the map of many puts it, pixels of the frame. By trial.
const TIGHT: f64 = 4.0;
/// How often a map is made anew of the points that agree on it. Bounds work.
const ROUNDS: usize = 3;
/// A map by which a frame's pixels would be this much larger or smaller on the still than they are on any that is looked
/// for. By reason: a fifth of a still, and all of it with a fifth of the frame.
const LARGEST: f64 = 12.0;

/// How a frame lies on the still: along each axis, pixels of the still are those of the frame, scaled and moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Map {
    /// Pixels of the still for each of the frame.
    pub scale: [f64; 2],
    /// Where the frame begins, pixels of the still.
    pub offset: [f64; 2],
}

/// A point of the frame, the still's most like it, and how many of the still's pixels one of the frame's would be.
#[derive(Clone, Copy, Debug)]
struct Pair {
    frame: [f64; 2],
    still: [f64; 2],
    scale: f64,
}

/// The still's points, so that they are compared quickly.
#[derive(Clone, Debug)]
pub struct Points {
    points: Vec<Point>,
    bits: Vec<Bits>,
    sides: [f64; 2],
}

impl Points {
    /// Of a still of so many pixels.
    pub fn new(points: Vec<Point>, sides: [usize; 2]) -> Self {
        let bits = points.iter().map(|point| point.bits).collect();
        Self { points, bits, sides: sides.map(|side| side as f64) }
    }

    /// Width and height of the still, pixels.
    pub fn sides(&self) -> [f64; 2] {
        self.sides
    }

    /// The map on which most of a frame's points agree, and the places of those in the frame, each with another point of the still:
    /// what is alike everywhere agrees with one of its points again and again.
    pub fn map(&self, frame: &[Point]) -> Option<(Map, Vec<[f64; 2]>)> {
        let pairs = self.pairs(frame);
        let map = fitted(&pairs, best_seed(&pairs)?);
        let mut agreeing: Vec<&Pair> = Vec::new();
        for pair in pairs.iter().filter(|pair| map.is_near(pair.frame, pair.still, TIGHT)) {
            if !agreeing.iter().any(|other| other.still == pair.still) {
                agreeing.push(pair);
            }
        }
        Some((map, agreeing.into_iter().map(|pair| pair.frame).collect()))
    }

    /// Maps on which the frame's points agree, those of most points first, at most so many; and how many agree on each.
    pub fn maps(&self, frame: &[Point], most: usize, least_points: usize) -> Vec<(Map, usize)> {
        let mut pairs = self.pairs(frame);
        let mut maps = Vec::new();
        while maps.len() < most {
            let Some(seed) = best_seed(&pairs) else { break };
            let map = fitted(&pairs, seed);
            let is_near = |pair: &Pair| map.is_near(pair.frame, pair.still, TIGHT);
            let agreeing = pairs.iter().filter(|pair| is_near(pair)).count();
            if agreeing < least_points {
                break;
            }
            maps.push((map, agreeing));
            pairs.retain(|pair| !is_near(pair));
        }
        maps
    }

    fn pairs(&self, frame: &[Point]) -> Vec<Pair> {
        let pair = |point: &Point| {
            let (differ, nearest) = nearest(&point.bits, &self.bits)?;
            let still = &self.points[nearest];
            let scale = still.size / point.size;
            let is_pair = differ <= ALIKE_BITS && (1.0 / LARGEST..=LARGEST).contains(&scale);
            is_pair.then_some(Pair { frame: point.at, still: still.at, scale })
        };
        frame.iter().filter_map(pair).collect()
    }
}

/// The map of those pairs that agree loosely on one of them: on the one on which most do.
fn best_seed(pairs: &[Pair]) -> Option<Map> {
    let mut best: (usize, Option<&Pair>) = (0, None);
    for seed in pairs {
        let count = pairs.iter().filter(|pair| seed.agrees(pair)).count();
        if count > best.0 {
            best = (count, Some(seed));
        }
    }
    let seed = best.1?;
    let agreeing: Vec<Pair> = pairs.iter().filter(|pair| seed.agrees(pair)).copied().collect();
    Some(least_squares(&agreeing).unwrap_or(seed.map()))
}

/// The map of those pairs that agree on it closely.
fn fitted(pairs: &[Pair], mut map: Map) -> Map {
    for _ in 0..ROUNDS {
        let near: Vec<Pair> = pairs.iter().filter(|pair| map.is_near(pair.frame, pair.still, TIGHT)).copied().collect();
        map = least_squares(&near).unwrap_or(map);
    }
    map
}

/// The map, of one scale, that lies nearest to all pairs; `None` if they are all at one place.
fn least_squares(pairs: &[Pair]) -> Option<Map> {
    let count = pairs.len() as f64;
    let mean = |place: fn(&Pair) -> f64| pairs.iter().map(place).sum::<f64>() / count;
    let frame = [mean(|pair| pair.frame[0]), mean(|pair| pair.frame[1])];
    let still = [mean(|pair| pair.still[0]), mean(|pair| pair.still[1])];
    let (mut spread, mut together) = (0.0, 0.0);
    for pair in pairs {
        for axis in 0..2 {
            let away = pair.frame[axis] - frame[axis];
            spread += away * away;
            together += away * (pair.still[axis] - still[axis]);
        }
    }
    let scale = together / spread;
    (spread > 1.0 && (1.0 / LARGEST..=LARGEST).contains(&scale)).then(|| Map::through(frame, still, scale))
}

impl Pair {
    /// The map that it stands for.
    fn map(&self) -> Map {
        Map::through(self.frame, self.still, self.scale)
    }

    /// Whether another lies about where this one's map puts it.
    fn agrees(&self, other: &Self) -> bool {
        let apart = (other.frame[0] - self.frame[0]).abs() + (other.frame[1] - self.frame[1]).abs();
        self.map().is_near(other.frame, other.still, LOOSE[0] + LOOSE[1] * apart)
    }
}

impl Map {
    /// The same of the frame at another size.
    pub fn of_sizes(self, from: &Gray, to: &Gray) -> Self {
        let ratios = [from.width as f64 / to.width as f64, from.height as f64 / to.height as f64];
        Self { scale: [self.scale[0] * ratios[0], self.scale[1] * ratios[1]], ..self }
    }

    /// The map of that scale that puts one point onto another.
    fn through(frame: [f64; 2], still: [f64; 2], scale: f64) -> Self {
        let offset = [still[0] - scale * frame[0], still[1] - scale * frame[1]];
        Self { scale: [scale; 2], offset }
    }

    /// Whether it puts one point onto another, give or take so many pixels of the frame along each axis.
    fn is_near(&self, frame: [f64; 2], still: [f64; 2], pixels: f64) -> bool {
        (0..2).all(|axis| {
            let off = frame[axis] * self.scale[axis] + self.offset[axis] - still[axis];
            off.abs() <= pixels * self.scale[axis]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::testing::scrambled;

    fn bits(seed: usize) -> Bits {
        std::array::from_fn(|i| scrambled(4 * seed + i))
    }

    fn point(at: [f64; 2], size: f64, seed: usize) -> Point {
        Point { at, size, bits: bits(seed), strength: 100 }
    }

    fn place(seed: usize) -> [f64; 2] {
        [0, 1].map(|axis| (scrambled(2 * seed + axis) % 200) as f64)
    }

    /// A still of which so many points lie where the map puts the frame's, and as many again anywhere.
    fn still(map: &Map, same: usize) -> Points {
        let at = |i| [0, 1].map(|axis| place(i)[axis] * map.scale[axis] + map.offset[axis]);
        let shown = (0..same).map(|i| point(at(i), map.scale[0], i));
        Points::new(shown.chain((same..2 * same).map(|i| point(place(900 + i), 1.0, i))).collect(), [640, 360])
    }

    #[test]
    fn the_map_on_which_most_points_agree_is_found_among_others() {
        let map = Map { scale: [2.5; 2], offset: [40.0, -30.0] };
        let frame: Vec<Point> = (0..80).map(|i| point(place(i), 1.0, i)).collect();
        let found = still(&map, 40).maps(&frame, 2, 8);
        let (best, agreeing) = found[0];
        assert_eq!((found.len(), agreeing), (1, 40));
        let near = |a: [f64; 2], b: [f64; 2], within: f64| (0..2).all(|axis| (a[axis] - b[axis]).abs() < within);
        assert!(near(best.scale, map.scale, 0.01) && near(best.offset, map.offset, 1.0), "{best:?}");
    }

    #[test]
    fn the_best_map_has_a_place_of_the_frame_for_each_point_of_the_still() {
        let map = Map { scale: [0.5; 2], offset: [10.0, 20.0] };
        // Each point twice: a pixel apart.
        let beside = |i: usize| point([place(i)[0] + 1.0, place(i)[1]], 1.0, i);
        let frame: Vec<Point> = (0..80).flat_map(|i| [point(place(i), 1.0, i), beside(i)]).collect();
        let still = still(&map, 40);
        let (best, agreeing) = still.map(&frame).unwrap();
        assert!((best.scale[0] - 0.5).abs() < 0.01 && still.maps(&frame, 1, 8)[0].1 == 80, "{best:?}");
        let places: Vec<[f64; 2]> = (0..40).map(place).collect();
        assert_eq!(agreeing, places);
    }

    #[test]
    fn points_that_agree_on_nothing_have_no_map() {
        let frame: Vec<Point> = (0..80).map(|i| point(place(i), 1.0, i)).collect();
        let elsewhere = Points::new((0..80).map(|i| point(place(500 + i), 1.0, i)).collect(), [640, 360]);
        assert!(elsewhere.maps(&frame, 2, 8).is_empty());
        let others = Points::new((0..80).map(|i| point(place(i), 1.0, 100 + i)).collect(), [640, 360]);
        assert!(
            others.maps(&frame, 2, 1).is_empty() && Points::new(Vec::new(), [640, 360]).maps(&frame, 2, 1).is_empty()
        );
    }

    #[test]
    fn a_map_no_still_has_is_not_looked_at() {
        let map = Map { scale: [13.0; 2], offset: [0.0; 2] };
        let frame: Vec<Point> = (0..40).map(|i| point(place(i), 1.0, i)).collect();
        assert!(still(&map, 20).maps(&frame, 1, 8).is_empty());
    }

    #[test]
    fn the_frame_at_another_size_lies_at_the_same_place() {
        let gray = |width, height| Gray { luma: Vec::new(), width, height };
        let map = Map { scale: [2.0, 3.0], offset: [5.0, 6.0] };
        let half = map.of_sizes(&gray(200, 99), &gray(100, 33));
        assert_eq!(half, Map { scale: [4.0, 9.0], offset: [5.0, 6.0] });
    }
}
