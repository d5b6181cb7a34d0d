//! A picture that moves in that of the other video, the scene: a window that pans, or follows the subject. Both videos' frames tell where
//! it lies. docs/accuracy/method.md, step 14.

use super::chance::e_value;
use super::judge::orientation_cost;
use super::partly::{Agreement, Partly, agreements};
use super::registered::{PlacedFrames, Placement, Pointed};
use super::result::{Comparison, Reason, Segment, rounded};
use crate::fingerprint::Fingerprint;
use crate::hash::motion::RATE_HZ;
use crate::picture::points::Point;
use crate::ranked::highest_first;
use crate::registration::{Area, Corners, Move, Transform, corners, in_one_place, is_sound, way};
use std::ops::Range;

/// How many points place a frame. By trial: a window shows few of the scene's; what moves in it decides.
const LEAST_POINTS: usize = 12;
/// A picture moves if fewer than this share of the frames have one place. By trial.
const STEADY_SHARE: f64 = 0.8;
/// Of the frames that have points at least one in so many is placed. By trial: of a window of a third of the scene, by 100 points of the
/// scene, 1 of 3 to 7 of 7.
const LEAST_PLACED: usize = 3;
/// The fewest frames from which their size in the scene is known. By trial.
const LEAST_SIZED: usize = 10;
/// A picture moves if it does so by at least this share of the scene. By reason: less is a place that is known less exactly.
const LEAST_WAY: f64 = 0.05;
/// A window's edge may lie so far outside of the scene, a share of that. By reason: places are known less exactly.
const MOST_OUTSIDE: f64 = 0.03;
/// A stretch with one view lasts until the picture has moved by this share of the scene. By reason: in the middle of the stretch the view
/// is then known to less than a tenth.
const ONE_VIEW: f64 = 0.15;
/// Where a video is not placed for longer, something else may be shown, samples: 1 s. By trial.
const LONGEST_GAP: usize = RATE_HZ as usize;
/// What is tried beside offsets and orientations, nats. Chosen: ln 4, either video as the scene, as fingerprints and by pixels, and as much
/// again.
const COST: f64 = 3.0;

/// A video whose frames may move in a scene.
#[derive(Debug)]
pub(crate) struct Moving {
    /// Whether B moves in A, and not A in B.
    is_b: bool,
    placed: PlacedFrames,
    /// Pixels of the scene's picture.
    scene: [f64; 2],
}

impl Moving {
    /// Either video in the other, where points say that it may move there.
    pub fn all(a: &Fingerprint, b: &Fingerprint) -> Vec<Self> {
        let (a, b) = (Pointed::of(a), Pointed::of(b));
        [Self::of(&a, &b, false), Self::of(&b, &a, true)].into_iter().flatten().collect()
    }

    fn of(own: &Pointed, scene: &Pointed, is_b: bool) -> Option<Self> {
        let placed = PlacedFrames::of(own, scene, LEAST_POINTS)?;
        let is_told = LEAST_PLACED * placed.places.len() >= placed.frames;
        let in_one = in_one_place(&placed.places, placed.size).map_or(0, |most| most.len());
        let is_steady = in_one as f64 >= STEADY_SHARE * placed.frames as f64;
        (is_told && !is_steady).then_some(Self { is_b, placed, scene: scene.size })
    }

    /// Whether B moves in A, and not A in B.
    pub fn is_of_b(&self) -> bool {
        self.is_b
    }

    /// How the video's picture is seen: mirrored or not, then turned clockwise by quarters.
    pub fn orientation(&self) -> (bool, u8) {
        (self.placed.orientation.mirrored, self.placed.orientation.quarters)
    }

    /// Pixels of the oriented picture.
    pub fn size(&self) -> [f64; 2] {
        self.placed.size
    }

    /// The corners of the scene's picture in itself, pixels.
    pub fn scene(&self) -> Corners {
        Area::of(self.scene).corners()
    }

    /// The corners of the scene's picture in oriented frames with these points, one after the other. Empty if they do not tell, or do not
    /// move.
    pub fn places(&self, frames: &[Vec<Point>]) -> Vec<Option<Corners>> {
        let pictures = &self.placed.pictures;
        let linear = |frame: &Vec<Point>| {
            let [a, b, _, c, d, ..] = pictures.place(frame, LEAST_POINTS)?.transform.0;
            Some([a, b, c, d])
        };
        let linears: Vec<[f64; 4]> = frames.iter().filter_map(linear).collect();
        if linears.len() < LEAST_SIZED {
            return Vec::new();
        }
        let middle = |i: usize| highest_first(linears.iter().map(|linear| linear[i]).collect(), |at: &f64| *at);
        let [a, b, c, d] = std::array::from_fn(|i| middle(i)[linears.len() / 2]);
        let mut moves: Vec<Vec<Move>> = frames.iter().map(|frame| pictures.moves(frame, [a, b, c, d])).collect();
        // A window does not leave the scene; a smaller picture before a background does.
        let [width, height] = self.placed.size;
        let sides = [a * width + b * height, c * width + d * height];
        let is_inside = |found: &Move| {
            (0..2).all(|axis| {
                let slack = MOST_OUTSIDE * self.scene[axis];
                found.at[axis] >= -slack && found.at[axis] + sides[axis] <= self.scene[axis] + slack
            })
        };
        let strongest = moves.iter().filter_map(|moves| moves.iter().max_by_key(|found| found.points));
        let (inside, outside): (Vec<&Move>, Vec<&Move>) = strongest.partition(|found| is_inside(found));
        if inside.len() > outside.len() {
            moves.iter_mut().for_each(|moves| moves.retain(is_inside));
        }
        let place = |[x, y]: [f64; 2]| {
            let corners = corners(&Transform([a, b, x, c, d, y, 0.0, 0.0, 1.0]).inverse()?, self.scene);
            is_sound(&corners, self.placed.size).then_some(corners)
        };
        let places: Vec<Option<Corners>> = way(&moves).into_iter().map(|at| place(at?)).collect();
        if moves_about(&places.iter().flatten().copied().collect::<Vec<_>>()) { places } else { Vec::new() }
    }

    /// What both have in common, by what moves in the scene as the video shows it, and as the scene does; `places` are those of the
    /// video's samples. `None` if that is not the same footage.
    pub fn compared(&self, own: &[Partly], scene: &[Partly], places: &[Option<Corners>]) -> Option<Comparison> {
        let found = agreements(own, scene, COST + orientation_cost(self.placed.orientation));
        let nats = found.iter().map(|found| found.nats).reduce(f64::max)?;
        let segments: Vec<Segment> = found.iter().flat_map(|found| self.segments(found, places)).collect();
        let in_order = highest_first(segments, |segment| -segment.a[0]);
        (!in_order.is_empty()).then(|| Comparison::same_footage(Reason::PixelsAgree, e_value(nats), in_order))
    }

    /// A stretch, parted so that each part has one view; where the video is not placed for long, something else may be shown.
    fn segments(&self, found: &Agreement, places: &[Option<Corners>]) -> Vec<Segment> {
        let mut parts: Vec<Vec<(usize, Corners)>> = Vec::new();
        for (sample, place) in found.range.clone().filter_map(|sample| Some((sample, places[sample]?))) {
            let is_of = |part: &&mut Vec<(usize, Corners)>| {
                sample - part[part.len() - 1].0 <= LONGEST_GAP && apart(&part[0].1, &place) <= ONE_VIEW
            };
            match parts.last_mut().filter(is_of) {
                Some(part) => part.push((sample, place)),
                None => parts.push(Vec::from([(sample, place)])),
            }
        }
        let segment = |i: usize| {
            let (start, end) = (parts[i][0].0, parts[i][parts[i].len() - 1].0 + 1);
            let next = parts.get(i + 1).map_or(found.range.end, |next| next[0].0);
            let end = if next - end < LONGEST_GAP { next } else { end };
            self.segment(start..end, found, &parts[i][parts[i].len() / 2].1)
        };
        (0..parts.len()).filter_map(segment).collect()
    }

    /// Samples of the video, as they are placed in their middle.
    fn segment(&self, samples: Range<usize>, found: &Agreement, place: &Corners) -> Option<Segment> {
        let seconds = |sample: i64| rounded(sample as f64 / f64::from(RATE_HZ));
        let own = [samples.start, samples.end].map(|sample| seconds(sample as i64));
        let scene = [samples.start, samples.end].map(|sample| seconds(sample as i64 + found.offset));
        let [a, b] = if self.is_b { [scene, own] } else { [own, scene] };
        let whole = [0.0, 0.0, 1.0, 1.0];
        let as_scene = Segment {
            a,
            b,
            speed: 1.0,
            score: rounded(found.correlation),
            mirrored: false,
            turned: 0,
            tilted: 0.0,
            backwards: false,
            negative: false,
            a_view: whole,
            b_view: whole,
        };
        Some(Placement::at(*place, &self.placed, self.scene, self.is_b)?.with_views(as_scene))
    }
}

/// Whether a tenth of the places lie apart from where the picture lies in the middle of its way.
fn moves_about(places: &[Corners]) -> bool {
    let in_order = highest_first(places.to_vec(), |place| place[0][0] + place[0][1]);
    let Some(middle) = in_order.get(places.len() / 2) else { return false };
    10 * places.iter().filter(|place| apart(middle, place) >= LEAST_WAY).count() >= places.len()
}

/// How far two places are apart, a share of the scene's sides.
fn apart(one: &Corners, other: &Corners) -> f64 {
    let side = |axis: usize| (one[2][axis] - one[0][axis]).abs();
    (0..2).map(|axis| (one[0][axis] - other[0][axis]).abs() / side(axis)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{footage_print, room};
    use super::*;
    use crate::hash::points::of_small;
    use crate::picture::gray::Gray;
    use crate::picture::testing::cut;

    /// Where a window of 100 of 256 pixels begins at each sample: it holds, sweeps to the right, and holds.
    fn left(sample: usize) -> usize {
        4 * (sample.clamp(50, 80) - 50)
    }

    fn window(all: &[Gray], left: impl Fn(usize) -> usize) -> Vec<Gray> {
        all.iter().enumerate().map(|(i, frame)| cut(frame, [left(i), 0, 100, 144])).collect()
    }

    fn moving(copy: &[Gray], all: &[Gray]) -> Option<Moving> {
        let found = Moving::all(&footage_print(copy), &footage_print(all));
        found.into_iter().find(|moving| !moving.is_of_b())
    }

    fn places(moving: &Moving, frames: &[Gray]) -> Vec<Option<Corners>> {
        let points = |frame: &Gray| of_small(frame).iter().map(|point| point.in_picture(moving.size())).collect();
        moving.places(&frames.iter().map(points).collect::<Vec<_>>())
    }

    #[test]
    fn a_window_is_placed_at_each_sample_and_one_that_stands_still_does_not_move() {
        let all = room(11, 0..140);
        let copy = window(&all, left);
        let moving = moving(&copy, &all).unwrap();
        for (sample, place) in places(&moving, &copy).into_iter().enumerate() {
            let [x, y] = place.unwrap()[0];
            assert!((x + left(sample) as f64).abs() < 6.0 && y.abs() < 2.0, "{x} {y} at {sample}");
        }
        assert!(places(&moving, &window(&all, |_| 40)).is_empty());
        assert!(places(&moving, &room(12, 0..140)).is_empty());
    }

    #[test]
    fn a_stretch_is_parted_by_its_views_and_where_nothing_is_placed() {
        let all = room(11, 0..140);
        let copy = window(&all, left);
        let moving = moving(&copy, &all).unwrap();
        let mut places = places(&moving, &copy);
        places[100..120].fill(None);
        let found = Agreement { range: 0..140, offset: 5, correlation: 0.5, nats: 20.0 };
        let told: Vec<[f64; 2]> = moving.segments(&found, &places).iter().map(|segment| segment.a).collect();
        assert!(told[0][0] == 0.0 && told[0][1] > 5.0, "{told:?}");
        assert!(told.windows(2).filter(|pair| pair[0][1] < pair[1][0]).count() == 1, "{told:?}");
        assert_eq!((told[told.len() - 2][1], told[told.len() - 1]), (10.0, [12.0, 14.0]));
        let views = moving.segments(&found, &places);
        assert!(views.iter().all(|segment| (segment.b[0] - segment.a[0] - 0.5).abs() < 1e-9 && segment.score == 0.5));
        let (first, last) = (views[0].b_view, views[views.len() - 1].b_view);
        assert!(first[0] < 0.02 && (last[0] - 120.0 / 256.0).abs() < 0.02, "{first:?} {last:?}");
    }
}
