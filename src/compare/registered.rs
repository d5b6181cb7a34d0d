//! Where points of both videos' frames tell how the one picture lies in the other: what both show, compared as one picture.
//! docs/accuracy/method.md, step 13.
//!
//! A search guesses maps from what moves, in rectangles; points tell them without motion, at any angle.

use super::orientation::{ORIENTATIONS, Orientation};
use super::resample::Resampling;
use super::result::{Comparison, Segment, Verdict, rounded};
use crate::fingerprint::{Fingerprint, Frame, Header};
use crate::hash::motion::{RATE_HZ, Sample, TimeBase};
use crate::hash::pdq::PdqHash;
use crate::picture::points::{Point, turned};
use crate::picture::shrink::CELLS;
use crate::registration::{
    Area, Corners, FOUND_FROM_POINTS, Scene, Transform, corners, is_sound, middle_lines, shown, steady,
};
use std::f64::consts::PI;

/// A frame is not a picture of a scene of its own unless it differs from all others in more bits of its PDQ. By trial: two pictures are
/// alike up to 31.
const KEY_CHANGE_BITS: u32 = 24;
/// The part of a scene that is compared has sides of at least this share of the scene's. By trial.
const LEAST_SIDE: f64 = 0.15;
/// The most frames whose points are looked at, spread evenly. Bounds work, which grows with their square.
const MOST_FRAMES: usize = 512;
/// The most pictures of a scene. Bounds work.
const MOST_PICTURES: usize = 16;
/// The most frames that are placed in a scene. Bounds work.
pub(super) const MOST_PLACED: usize = 32;
/// Frames that are placed in every orientation. Bounds work.
const TRIED: usize = 6;
/// How often motion is compared at most, by which E is multiplied: as it was, and with either video as the scene. Derived.
const COMPARISONS: usize = 1 + 2;
/// The longest video whose picture is laid onto another's, samples: 1 h. Bounds work.
const MOST_SAMPLES: usize = 36_000;
/// Turns below this are not told, degrees. Source: as for tilts, docs/accuracy/method.md, step 10.
const LEAST_TILT: f64 = 3.0;

/// The frames of a video that have points.
pub(super) struct Pointed {
    /// Pixels of the picture in which the points lie.
    pub size: [f64; 2],
    frames: Vec<(PdqHash, Vec<Point>)>,
}

/// Where the picture of one video, seen in an orientation, lies in that of the other, the scene.
#[derive(Debug)]
pub(crate) struct Placement {
    /// Whether B lies in A, and not A in B.
    is_b: bool,
    orientation: Orientation,
    /// The corners of the scene's picture, pixels of the oriented picture, which is so large.
    corners: Corners,
    size: [f64; 2],
    /// Pixels of the scene's picture, and the part of it that both show.
    scene: [f64; 2],
    area: Area,
}

/// The same footage, if both show it where their points tell that the one picture lies in the other; `compare` compares motion.
/// `None` if they have no points, or these do not tell.
pub(super) fn same_footage(
    a: &Fingerprint,
    b: &Fingerprint,
    compare: impl Fn(&Fingerprint, &Fingerprint) -> Comparison,
) -> Option<Comparison> {
    if a.motion.len().max(b.motion.len()) > MOST_SAMPLES {
        return None;
    }
    Placement::all(a, b).into_iter().find_map(|placement| {
        let [a, b] = placement.laid(a, b);
        placement.told(&compare(&a, &b).among(COMPARISONS))
    })
}

impl Pointed {
    pub fn of(video: &Fingerprint) -> Self {
        Self::during(video, [f64::NEG_INFINITY, f64::INFINITY])
    }

    /// The frames between two times, seconds after the first frame.
    pub fn during(video: &Fingerprint, [start, end]: [f64; 2]) -> Self {
        let (size, base) = (video.header.points_size(), video.header.time_base);
        let is_during = |frame: &&Frame| (start..=end).contains(&base.seconds(frame.ticks));
        let frames = video.frames.iter().filter(|frame| frame.points.is_some()).filter(is_during);
        let pointed = |frame: &Frame| (frame.pdq, frame.points_in(size));
        let step = frames.clone().count().div_ceil(MOST_FRAMES).max(1);
        Self { size, frames: frames.step_by(step).map(pointed).collect() }
    }

    /// Where its frames lie in a scene: from their pixels to the scene's. A frame is placed where at least so many points agree.
    pub fn placed_in(&self, scene: &Scene, least: usize) -> Vec<Transform> {
        let place = |(_, points): &(PdqHash, Vec<Point>)| Some(scene.place(points, least)?.transform);
        self.frames.iter().filter_map(place).collect()
    }

    /// The corners of the picture of `scene`, of which `pictures` are, in its frames that are placed.
    pub fn places_of(&self, scene: &Self, pictures: &Scene, least: usize) -> Vec<Corners> {
        let place = |to_scene: Transform| Some(corners(&to_scene.inverse()?, scene.size));
        let placed = self.placed_in(pictures, least).into_iter().filter_map(place);
        placed.filter(|place| is_sound(place, self.size)).collect()
    }

    /// How many frames have so many points.
    pub fn with_points(&self, least: usize) -> usize {
        self.frames.iter().filter(|(_, points)| points.len() >= least).count()
    }

    /// The same picture in an orientation.
    pub fn oriented(&self, orientation: Orientation) -> Self {
        let Orientation { mirrored, quarters } = orientation;
        let oriented = |(pdq, points): &(PdqHash, Vec<Point>)| (*pdq, turned(points, self.size, mirrored, quarters));
        Self { size: orientation.size(self.size), frames: self.frames.iter().map(oriented).collect() }
    }

    /// At most so many of the frames, spread evenly.
    pub fn thinned(&self, most: usize) -> Self {
        let step = self.frames.len().div_ceil(most).max(1);
        Self { size: self.size, frames: self.frames.iter().step_by(step).cloned().collect() }
    }

    /// The pictures of it that differ, as a scene.
    pub fn scene(&self) -> Scene {
        let mut pictures: Vec<&(PdqHash, Vec<Point>)> = Vec::new();
        for frame in &self.frames {
            if !pictures.iter().any(|other| other.0.distance_bits(&frame.0) <= KEY_CHANGE_BITS) {
                pictures.push(frame);
            }
        }
        let mut scene = Scene::default();
        let step = pictures.len().div_ceil(MOST_PICTURES).max(1);
        pictures.into_iter().step_by(step).for_each(|(_, points)| scene.add(points.clone()));
        scene
    }
}

/// Frames of a video, seen in the orientation in which they lie in a scene.
#[derive(Debug)]
pub(super) struct PlacedFrames {
    pub orientation: Orientation,
    /// Pixels of a frame.
    pub size: [f64; 2],
    pub pictures: Scene,
    /// How many frames were looked at, and where the scene's picture lies in those that are placed.
    pub frames: usize,
    pub places: Vec<Corners>,
}

impl PlacedFrames {
    /// A frame is placed where at least so many points agree. `None` if none is.
    pub fn of(own: &Pointed, scene: &Pointed, least: usize) -> Option<Self> {
        let pictures = scene.scene();
        let placed = |(_, points): &(PdqHash, Vec<Point>)| pictures.place(points, least);
        let tried = own.thinned(TRIED);
        let agree = |orientation: Orientation| {
            let frames = tried.oriented(orientation).frames;
            (frames.iter().filter_map(placed).map(|placed| placed.points).sum::<usize>(), orientation)
        };
        let (agree, orientation) = ORIENTATIONS.into_iter().map(agree).max_by_key(|(agree, _)| *agree)?;
        if agree == 0 {
            return None;
        }
        let own = own.thinned(MOST_PLACED).oriented(orientation);
        let places = own.places_of(scene, &pictures, least);
        Some(Self { orientation, size: own.size, places, frames: own.frames.len(), pictures })
    }
}

impl Placement {
    /// Where either picture lies in the other: a part is found in the whole more surely than the whole in a part.
    pub fn all(a: &Fingerprint, b: &Fingerprint) -> Vec<Self> {
        let (a, b) = (Pointed::of(a), Pointed::of(b));
        [Self::of(&a, &b, false), Self::of(&b, &a, true)].into_iter().flatten().collect()
    }

    /// Where a video's picture lies in a scene most of the time. `None` if points do not tell.
    fn of(own: &Pointed, scene: &Pointed, is_b: bool) -> Option<Self> {
        let placed = PlacedFrames::of(own, scene, FOUND_FROM_POINTS)?;
        let placement = Self::at(steady(&placed.places, placed.size)?, &placed, scene.size, is_b)?;
        let is_large = (0..2).all(|axis| placement.area.sides()[axis] >= LEAST_SIDE * scene.size[axis]);
        is_large.then_some(placement)
    }

    /// Frames so placed in a scene of so many pixels, whose picture has its corners there. `None` if these lie on a line.
    pub(super) fn at(corners: Corners, placed: &PlacedFrames, scene: [f64; 2], is_b: bool) -> Option<Self> {
        let PlacedFrames { orientation, size, .. } = *placed;
        Some(Self { is_b, orientation, corners, size, scene, area: shown(&corners, size, scene)? })
    }

    /// Whether B lies in A, and not A in B.
    pub fn is_of_b(&self) -> bool {
        self.is_b
    }

    /// How the video's picture is seen: mirrored or not, then turned clockwise by quarters.
    pub fn orientation(&self) -> (bool, u8) {
        (self.orientation.mirrored, self.orientation.quarters)
    }

    /// The corners of the part that both show, in the oriented picture of the video, pixels as [`points::small`] has them.
    pub fn area_in_own(&self) -> Corners {
        let to_own = Transform::through(&Area::of(self.scene).corners(), &self.corners);
        self.area.corners().map(|corner| to_own.map_or(corner, |to_own| to_own.at(corner)))
    }

    /// The same in the scene's picture.
    pub fn area_in_scene(&self) -> Corners {
        self.area.corners()
    }

    /// Pixels of that part: its sides.
    pub fn sides(&self) -> [u32; 2] {
        self.area.sides().map(|side| side.round().max(1.0) as u32)
    }

    /// What is told of that part, of the whole pictures; `None` if that is not the same footage.
    pub fn told(&self, of_part: &Comparison) -> Option<Comparison> {
        if of_part.verdict != Verdict::SameFootage {
            return None;
        }
        let as_it_is = of_part.segments.iter().filter(|segment| !segment.mirrored && segment.turned == 0);
        let segments: Vec<Segment> = as_it_is.map(|segment| self.with_views(segment.clone())).collect();
        (!segments.is_empty()).then(|| Comparison { segments, ..of_part.clone() })
    }

    /// What A and B show of the part that both show.
    fn laid(&self, a: &Fingerprint, b: &Fingerprint) -> [Fingerprint; 2] {
        let (start, sides) = (self.area.start, self.area.sides());
        let in_scene = |[x, y]: [f64; 2]| [start[0] + x * sides[0], start[1] + y * sides[1]];
        let to_own = Transform::through(&Area::of(self.scene).corners(), &self.corners);
        let own_cell = |at: [f64; 2]| cell_at(to_own?.at(in_scene(at)), self.size);
        let scene_cell = |at: [f64; 2]| cell_at(in_scene(at), self.scene);
        [(a, self.is_b), (b, !self.is_b)].map(|(video, is_scene)| {
            let motion = if is_scene {
                Resampling::of(scene_cell).samples(&video.motion, Orientation::AS_IS)
            } else {
                Resampling::of(own_cell).samples(&video.motion, self.orientation)
            };
            print_of(video, motion, self.sides())
        })
    }

    /// The stretch with what both pictures share.
    pub(super) fn with_views(&self, segment: Segment) -> Segment {
        let Self { is_b, orientation, size, .. } = *self;
        let [across, down] = middle_lines(&self.corners);
        let length = |from: [f64; 2], to: [f64; 2]| {
            let [x, y] = [to[0] - from[0], to[1] - from[1]];
            (x * x + y * y).sqrt()
        };
        let centre = [0, 1].map(|axis| (across[0][axis] + across[1][axis]) / 2.0);
        let lengths = [length(across[0], across[1]) / size[0], length(down[0], down[1]) / size[1]];
        let (mut own, mut other) = ([0.0; 4], [0.0; 4]);
        for axis in 0..2 {
            let start = centre[axis] / size[axis] - lengths[axis] / 2.0;
            let (low, high) = (start.clamp(0.0, 1.0), (start + lengths[axis]).clamp(0.0, 1.0));
            (own[axis], own[axis + 2]) = (low, high - low);
            (other[axis], other[axis + 2]) = ((low - start) / lengths[axis], (high - low) / lengths[axis]);
        }
        let turn = degrees([across[1][0] - across[0][0], across[1][1] - across[0][1]]);
        // The scene is turned clockwise in the frame: B is, in A; or A is in B, and so B the other way in A. A mirror after it turns the
        // sense around.
        let turned = if is_b || orientation.mirrored { -turn } else { turn };
        let (own, other) = (orientation.rectangle_in_source(own), other);
        let to_own = orientation.inverse();
        let of = if is_b { to_own.inverse() } else { to_own };
        let [a_view, b_view] = if is_b { [other, own] } else { [own, other] };
        Segment {
            mirrored: of.mirrored,
            turned: u16::from(of.quarters) * 90,
            tilted: if turned.abs() < LEAST_TILT { 0.0 } else { turned.round() },
            a_view: a_view.map(rounded),
            b_view: b_view.map(rounded),
            ..segment
        }
    }
}

/// The cell at a point of a picture of so many pixels; `None` outside of it.
fn cell_at(at: [f64; 2], size: [f64; 2]) -> Option<usize> {
    let [column, row] = [0, 1].map(|axis| at[axis] / size[axis] * CELLS as f64);
    let is_inside = [column, row].iter().all(|cell| (0.0..CELLS as f64).contains(cell));
    is_inside.then(|| row as usize * CELLS + column as usize)
}

/// The fingerprint of a part of a video's picture, with sides in this proportion, of which no picture is known.
fn print_of(video: &Fingerprint, motion: Vec<Sample>, [width, height]: [u32; 2]) -> Fingerprint {
    let frame = |sample: usize| Frame {
        ticks: sample as i64,
        pdq: PdqHash([0; 32]),
        quality: 0,
        sha256: None,
        classic: Default::default(),
        points: None,
    };
    let time_base = TimeBase(1, RATE_HZ);
    let header = Header { width, height, time_base, rotation: 0, mirrored: false, ..video.header.clone() };
    let frames = (0..motion.len()).map(frame).collect();
    Fingerprint { header, frames, motion, trailer: video.trailer.clone() }
}

/// By how many degrees a line to the right is turned clockwise, at most 45 either way, within a tenth: a quarter more is an orientation of
/// its own. Source: Rajan, Wang, Inkol, Joyal, *Efficient approximations for the arctangent function*, 2006, equation 9.
fn degrees([right, down]: [f64; 2]) -> f64 {
    let slope = (down / right).clamp(-1.0, 1.0);
    let steep = slope.abs();
    (PI / 4.0 * slope - slope * (steep - 1.0) * (0.2447 + 0.0663 * steep)) * 180.0 / PI
}

#[cfg(test)]
mod tests {
    use super::super::result::View;
    use super::super::testing::{SCREEN, filmed, footage_print, room, six_seconds};
    use super::super::{Verdict, compare};
    use super::*;
    use crate::picture::gray::Gray;
    use crate::picture::testing::cut;

    /// Where both show the same, by their points alone.
    fn found(a: &Fingerprint, b: &Fingerprint) -> Option<Comparison> {
        same_footage(a, b, |a, b| compare(a, b, &mut |_| {}))
    }

    #[test]
    fn a_screen_filmed_at_an_angle_is_found_with_its_place_in_time_and_picture() {
        let all = room(1, 0..260);
        let copy = footage_print(&filmed(&all[40..240], &SCREEN));
        let all = footage_print(&all);
        for is_swapped in [false, true] {
            let found = if is_swapped { found(&all, &copy) } else { found(&copy, &all) }.unwrap();
            let [segment] = &found.segments[..] else { panic!("{found:?}") };
            let (own, other, view, whole) = if is_swapped {
                (segment.b, segment.a, segment.b_view, segment.a_view)
            } else {
                (segment.a, segment.b, segment.a_view, segment.b_view)
            };
            assert!((other[0] - own[0] - 4.0).abs() < 0.3 && own[1] - own[0] > 18.0, "{segment:?}");
            let near = |a: View, b: View| (0..4).all(|i| (a[i] - b[i]).abs() < 0.04);
            assert!(near(whole, [0.0, 0.0, 1.0, 1.0]) && near(view, [0.275, 0.31, 0.41, 0.38]), "{segment:?}");
            assert_eq!((found.verdict, segment.mirrored, segment.turned), (Verdict::SameFootage, false, 0));
        }
    }

    #[test]
    fn a_mirrored_and_turned_part_is_told_so() {
        let all = room(2, 0..260);
        let part = |frame: &Gray| cut(frame, [64, 8, 160, 120]).oriented(true, 1);
        let copy: Vec<Gray> = all[20..220].iter().map(part).collect();
        let found = found(&footage_print(&copy), &footage_print(&all)).unwrap();
        let segment = &found.segments[0];
        assert_eq!((segment.mirrored, segment.turned, segment.tilted), (true, 90, 0.0));
        let near = |a: View, b: View| (0..4).all(|i| (a[i] - b[i]).abs() < 0.02);
        assert!(
            near(segment.b_view, [0.25, 0.056, 0.625, 0.833]) && near(segment.a_view, [0.0, 0.0, 1.0, 1.0]),
            "{segment:?}"
        );
    }

    #[test]
    fn another_moment_another_room_and_no_points_tell_nothing() {
        let (all, other) = (room(3, 0..460), room(4, 0..200));
        let copy = footage_print(&filmed(&all[..200], &SCREEN));
        let [all, later, other] = [&all[..], &all[250..], &other].map(footage_print);
        assert!(found(&copy, &all).is_some());
        assert_eq!((found(&copy, &later), found(&copy, &other)), (None, None));
        let mut without = all.clone();
        without.frames.iter_mut().for_each(|frame| frame.points = None);
        assert_eq!((found(&copy, &without), found(&without, &copy)), (None, None));
    }

    #[test]
    fn of_many_frames_with_points_few_are_looked_at() {
        let mut video = footage_print(&room(5, 0..2));
        video.frames = vec![video.frames[0].clone(); 200_000];
        let pointed = Pointed::of(&video);
        assert!((MOST_FRAMES / 2..=MOST_FRAMES).contains(&pointed.frames.len()), "{}", pointed.frames.len());
        assert_eq!(pointed.thinned(TRIED).frames.len(), TRIED);
    }

    #[test]
    fn a_turn_of_the_scene_in_the_frame_is_told_as_one_of_a() {
        let turn = Transform([0.985, -0.174, 14.0, 0.174, 0.985, -20.0, 0.0, 0.0, 1.0]);
        let corners = corners(&turn, [256.0, 144.0]);
        let whole = six_seconds();
        let told = |orientation: Orientation, is_b: bool| {
            let size = [256.0, 144.0];
            let placement = Placement { is_b, orientation, corners, size, scene: size, area: Area::of(size) };
            let segment = placement.with_views(whole.clone());
            (segment.tilted, segment.mirrored, segment.turned)
        };
        let [as_is, mirrored, quarter] =
            [(false, 0), (true, 0), (false, 1)].map(|(mirrored, quarters)| Orientation { mirrored, quarters });
        assert_eq!([told(as_is, false), told(as_is, true)], [(10.0, false, 0), (-10.0, false, 0)]);
        // A placed in B after a mirror is B, turned, and then mirrored.
        assert_eq!([told(mirrored, false), told(mirrored, true)], [(-10.0, true, 0), (-10.0, true, 0)]);
        assert_eq!([told(quarter, false), told(quarter, true)], [(10.0, false, 270), (-10.0, false, 90)]);
    }

    #[test]
    fn a_turn_is_told_within_a_tenth_of_a_degree() {
        for expected in -45..=45 {
            let (sin, cos) = (f64::from(expected) * PI / 180.0).sin_cos();
            assert!((degrees([7.0 * cos, 7.0 * sin]) - f64::from(expected)).abs() < 0.1, "{expected}");
        }
        assert_eq!(degrees([0.0, 3.0]), 45.0);
    }
}
