//! Two videos' pixels -> where the picture of the one lies in the other's, moment by moment, and whether the same moves there.
//!
//! Fingerprints tell what moves in cells of the picture as it is. Where the one picture is a small part of the other, filmed at an
//! angle, or cut out by a window that moves, its cells are not the other's. The pixels tell where it lies (image
//! registration: Zitová and Flusser, *Image registration methods: a survey*, 2003):
//!
//! 1. Pictures of the one video are told by their points (`scene`).
//! 2. Each frame of the other is placed in them by its own points, in whatever orientation (`transform`), and the places are one,
//!    or a course (`course`).
//! 3. The part of the scene that both show is hashed anew, as either video shows it (`warp`).
//! 4. These hashes are compared by the rules of all comparisons: they are of one picture now.
//!
//! Either video may be the scene. All is computed alike on every machine.

mod course;
mod scene;
#[cfg(test)]
mod tests;
mod transform;
mod warp;

use crate::compare::{Comparison, ORIENTATIONS, Orientation, Reason, Segment, Side, Verdict, compare, rounded};
use crate::fingerprint::{Fingerprint, Frame, Header, Trailer};
use crate::hash::motion::{MotionSampler, RATE_HZ, TimeBase};
use crate::hash::pdq::PdqHash;
use crate::picture::gray::{self, Gray};
use crate::picture::plane::Plane;
use crate::picture::shrink::CELLS;
use course::{Area, Corners, Course, corners};
use scene::{Placed, Scene, points_of};
use std::f64::consts::PI;
use std::ops::Range;
use transform::Transform;
use warp::Laid;

/// Pixels of a frame. Source: `FRAME_PIXELS` of stills.
const FRAME_PIXELS: usize = 256 * 144;
/// The longest video that is looked through, samples: 8 min. Bounds work.
const MOST_SAMPLES: usize = 4800;
/// A video's frame stands for those after it until one differs from it in more bits of its PDQ. By trial: two pictures are alike
/// up to 31.
const KEY_CHANGE_BITS: u32 = 24;
/// The most pictures of a scene. Bounds work.
const MOST_PICTURES: usize = 16;
/// Samples at which all orientations are tried before the first frame is placed, at most. Bounds work.
const TRIED: usize = 12;
/// After a frame that was not placed, all pictures are tried again so many samples later: half a second. Bounds work.
const TRIED_AGAIN: usize = 5;
/// How often frames are wanted at most: for each video as the scene, its pictures, the places, and twice for each of two courses.
#[cfg(test)]
const MOST_PASSES: usize = 2 * (2 + 2 * 2);
/// How often hashes are compared at most, by which E is multiplied: as they were, and with either video as the scene, of two courses.
const COMPARISONS: usize = 1 + 2 * 2;
/// If hashes tell so much of the shorter video, pixels are not asked. Chosen: ends are found less exactly.
const NEARLY_ALL: f64 = 0.9;
/// The part of a scene that both show all the time is hashed if its sides are at least this share of the scene's; else all of the
/// scene, with holes. By trial.
const LEAST_SIDE: f64 = 0.15;
/// Two places whose views differ by more than this are told as two stretches, as a share of the picture. Source: the aim for
/// views, docs/accuracy.md.
const MOVED: f64 = 0.05;
/// The shortest of such stretches, samples: half a second. By reason.
const SHORTEST_PIECE: usize = 5;
/// Turns below this are not told, degrees. Source: as for fingerprints, docs/accuracy/method.md, step 10.
const LEAST_TILT: f64 = 3.0;

/// Whether pixels may tell more than hashes did: these do not tell the same footage, or leave much of the shorter video open.
pub fn may_tell_more(told: &Comparison, a: &Fingerprint, b: &Fingerprint) -> bool {
    let is_partial = told.explained_s() < NEARLY_ALL * a.duration_s().min(b.duration_s());
    told.verdict != Verdict::SameFootage || told.reason == Reason::MotionAgrees && is_partial
}

/// Compares two videos by their pixels.
///
/// While [`RegisteredComparison::wants`] names a video, give its frames in order to [`RegisteredComparison::frame`], then call
/// [`RegisteredComparison::end`]. [`RegisteredComparison::finish`] has the answer.
#[derive(Debug)]
pub struct RegisteredComparison {
    videos: [Video; 2],
    step: Option<Step>,
    next: usize,
    told: Option<Comparison>,
    moving: Moving,
}

/// What frames are given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    /// Which of the two videos is the scene.
    scene: usize,
    work: Work,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    /// The scene's pictures are added to it.
    Look,
    /// Frames of the other video are placed in it.
    Place,
    /// What the other shows of it is hashed.
    Lay,
    /// And what it shows there itself.
    Show,
}

impl Step {
    /// Which of the two videos gives its frames.
    fn video(self) -> usize {
        match self.work {
            Work::Look | Work::Show => self.scene,
            Work::Place | Work::Lay => 1 - self.scene,
        }
    }
}

#[derive(Debug)]
struct Video {
    header: Header,
    trailer: Trailer,
    frames: usize,
    /// The frame that is on screen at each sample.
    samples: Vec<usize>,
    /// The frames that are pictures of the scene.
    keys: Vec<usize>,
    scene: Scene,
    /// Pixels of a frame, shrunk.
    size: [f64; 2],
    contrast: f32,
}

/// What is known of the video that is placed.
#[derive(Debug, Default)]
struct Moving {
    orientation: Option<Orientation>,
    tried: usize,
    /// The picture that the last frame lay in.
    last: Option<usize>,
    /// The sample from which all pictures are tried.
    again: usize,
    /// Pixels of an oriented frame.
    size: [f64; 2],
    places: Vec<Option<Corners>>,
    /// The courses that are tried yet, the likeliest last.
    likely: Vec<Course>,
    course: Option<Course>,
    area: Option<Area>,
    laid: Vec<Option<Laid>>,
    shown: Vec<Option<Laid>>,
}

impl RegisteredComparison {
    /// Of the two videos with these fingerprints. `None` if one is too long.
    pub fn new(a: &Fingerprint, b: &Fingerprint) -> Option<Self> {
        let is_short = |print: &Fingerprint| (1..=MOST_SAMPLES).contains(&print.motion.len());
        (is_short(a) && is_short(b)).then(|| Self {
            videos: [Video::new(a), Video::new(b)],
            step: Some(Step { scene: 1, work: Work::Look }),
            next: 0,
            told: None,
            moving: Moving::default(),
        })
    }

    /// The video whose frames are wanted next, from its first on. `None` if the answer is there.
    pub fn wants(&self) -> Option<Side> {
        self.step.map(|step| if step.video() == 0 { Side::A } else { Side::B })
    }

    /// How many frames the video has that is wanted; 0 if none is.
    pub fn frames(&self) -> usize {
        self.step.map_or(0, |step| self.videos[step.video()].frames)
    }

    /// Takes the luma of the next frame, as it is decoded: not turned.
    pub fn frame(&mut self, plane: &Plane) {
        let (next, Some(step)) = (self.next, self.step) else { return };
        self.next += 1;
        let own = &mut self.videos[step.video()];
        let samples = own.samples_of(next);
        let is_wanted = if step.work == Work::Look { own.keys.contains(&next) } else { !samples.is_empty() };
        if !is_wanted {
            return;
        }
        let frame = own.shrunk(plane);
        let (contrast, scene) = (own.contrast, &mut self.videos[step.scene]);
        match step.work {
            Work::Look => scene.scene.add(&frame),
            Work::Place => self.moving.place(&frame, samples, scene),
            Work::Lay => self.moving.lay(&frame, samples, scene, contrast),
            Work::Show => self.moving.show(&frame, samples, contrast),
        }
    }

    /// After the last frame of the video that was wanted.
    pub fn end(&mut self) {
        self.next = 0;
        let Some(Step { scene, work }) = self.step else { return };
        self.step = match work {
            Work::Look => Some(self.start(scene)),
            Work::Place => {
                self.moving.likely = self.moving.likely_courses();
                self.next_course(scene)
            }
            Work::Lay => Some(Step { scene, work: Work::Show }),
            Work::Show => {
                self.told = self.compared(scene);
                if self.told.is_some() { None } else { self.next_course(scene) }
            }
        };
    }

    /// Starts with the other video, which is placed in the scene.
    fn start(&mut self, scene: usize) -> Step {
        let [own, other] = [1 - scene, scene].map(|video| self.videos[video].samples.len());
        self.moving =
            Moving { places: vec![None; own], laid: vec![None; own], shown: vec![None; other], ..Moving::default() };
        Step { scene, work: Work::Place }
    }

    /// The next course, or the other video as the scene, if there is one to be tried.
    fn next_course(&mut self, scene: usize) -> Option<Step> {
        while let Some(course) = self.moving.likely.pop() {
            if self.moving.settle(course, self.videos[scene].size) {
                return Some(Step { scene, work: Work::Lay });
            }
        }
        (scene == 1).then_some(Step { scene: 0, work: Work::Look })
    }

    /// What the hashes of the shared part tell.
    fn compared(&self, scene: usize) -> Option<Comparison> {
        let (course, area) = (self.moving.course.as_ref()?, self.moving.area?);
        let laid = hashed(&self.videos[1 - scene], &self.moving.laid, &area);
        let shown = hashed(&self.videos[scene], &self.moving.shown, &area);
        let is_b = scene == 0;
        let [a, b] = if is_b { [&shown, &laid] } else { [&laid, &shown] };
        let told = compare(a, b, &mut |_| {}).among(COMPARISONS);
        let orientation = self.moving.orientation?;
        let as_it_is = told.segments.iter().filter(|segment| !segment.mirrored && segment.turned == 0);
        let segments =
            as_it_is.flat_map(|segment| pieces(segment, is_b, course, self.moving.size)).filter_map(|piece| {
                let corners = corners_in(&piece, is_b, course)?;
                Some(with_views(piece, &corners, self.moving.size, orientation, is_b))
            });
        let segments: Vec<Segment> = segments.collect();
        (!segments.is_empty()).then(|| Comparison { segments, reason: Reason::PixelsAgree, ..told.clone() })
    }

    /// The answer of the pixels, which is the same footage; `None` if they tell nothing. That frames lie in the scene says nothing alone:
    /// of two in 26 unrelated pairs chance gave as many points.
    pub fn finish(self) -> Option<Comparison> {
        self.told
    }
}

/// The fingerprint of a video's samples as they were laid: each is a frame.
fn hashed(video: &Video, laid: &[Option<Laid>], area: &Area) -> Fingerprint {
    let time_base = TimeBase(1, RATE_HZ);
    let mut sampler = MotionSampler::new(time_base);
    let mut frames = Vec::with_capacity(laid.len());
    for (sample, laid) in laid.iter().enumerate() {
        let cells = laid.as_ref().map_or([f32::NAN; CELLS * CELLS], |laid| laid.cells);
        sampler.push(sample as i64, &cells).expect("a video is no longer than it was");
        let (pdq, quality) = laid.as_ref().and_then(|laid| laid.hash).unwrap_or((PdqHash([0; 32]), 0));
        frames.push(Frame { ticks: sample as i64, pdq, quality, sha256: None, classic: Default::default() });
    }
    let motion = sampler.finish(laid.len() as i64 - 1).expect("a video is no longer than it was");
    let [width, height] = area.sides().map(|side| side.round().max(1.0) as u32);
    let header =
        Header { width, height, time_base, classic: Vec::new(), rotation: 0, mirrored: false, ..video.header.clone() };
    Fingerprint { header, frames, motion, trailer: video.trailer.clone() }
}

/// The samples of a stretch of the video that was placed.
fn samples_of(segment: &Segment, is_b: bool) -> [usize; 2] {
    (if is_b { segment.b } else { segment.a }).map(|seconds| (seconds * f64::from(RATE_HZ)) as usize)
}

/// Where the video lies in the middle of a stretch, or near it.
fn corners_in(segment: &Segment, is_b: bool, course: &Course) -> Option<Corners> {
    let [from, to] = samples_of(segment, is_b);
    let middle = usize::midpoint(from, to);
    let near = (0..=to.saturating_sub(from)).flat_map(|away| [middle.saturating_sub(away), middle + away]);
    near.filter_map(|sample| course.at(sample)).next()
}

/// A stretch in pieces in each of which the video stays where it is.
fn pieces(segment: &Segment, is_b: bool, course: &Course, size: [f64; 2]) -> Vec<Segment> {
    let [from, to] = samples_of(segment, is_b);
    let Course::Moving(_) = course else { return vec![segment.clone()] };
    let mut cuts = vec![];
    let mut since: Option<Corners> = None;
    for sample in from..to {
        let Some(now) = course.at(sample) else { continue };
        let start = *since.get_or_insert(now);
        let moved = (0..4).flat_map(|i| [0, 1].map(|axis| (now[i][axis] - start[i][axis]).abs() / size[axis]));
        // Half of it to either side of the middle of a piece.
        let is_long = sample - cuts.last().copied().unwrap_or(from) >= SHORTEST_PIECE && to - sample >= SHORTEST_PIECE;
        if is_long && moved.fold(0.0, f64::max) > 2.0 * MOVED {
            cuts.push(sample);
            since = Some(now);
        }
    }
    let share = |cut: usize| (cut - from) as f64 / (to - from) as f64;
    let bounds: Vec<f64> = std::iter::once(0.0).chain(cuts.into_iter().map(share)).chain([1.0]).collect();
    bounds.windows(2).map(|shares| part(segment, is_b, [shares[0], shares[1]])).collect()
}

/// The part of a stretch between two shares of the video that was placed.
fn part(segment: &Segment, is_b: bool, own: [f64; 2]) -> Segment {
    let other = if segment.backwards { [1.0 - own[1], 1.0 - own[0]] } else { own };
    let between = |[start, end]: [f64; 2], shares: [f64; 2]| shares.map(|share| rounded(start + (end - start) * share));
    let (a, b) = if is_b { (other, own) } else { (own, other) };
    Segment { a: between(segment.a, a), b: between(segment.b, b), ..segment.clone() }
}

/// By how many degrees a line to the right is turned clockwise, at most 45 either way, within a tenth: a quarter more is an orientation of
/// its own. Source: Rajan, Wang, Inkol, Joyal, *Efficient approximations for the arctangent function*, 2006, equation 9.
fn degrees([right, down]: [f64; 2]) -> f64 {
    let slope = (down / right).clamp(-1.0, 1.0);
    let steep = slope.abs();
    (PI / 4.0 * slope - slope * (steep - 1.0) * (0.2447 + 0.0663 * steep)) * 180.0 / PI
}

/// The stretch with what both pictures share; the scene's picture has these `corners` in the other one, oriented, of so many pixels.
fn with_views(segment: Segment, corners: &Corners, size: [f64; 2], orientation: Orientation, is_b: bool) -> Segment {
    let [left_top, right_top, right_bottom, left_bottom] = *corners;
    let middle = |a: [f64; 2], b: [f64; 2]| [0, 1].map(|axis| (a[axis] + b[axis]) / 2.0);
    let length = |from: [f64; 2], to: [f64; 2]| {
        let [x, y] = [to[0] - from[0], to[1] - from[1]];
        (x * x + y * y).sqrt()
    };
    let across = [middle(left_top, left_bottom), middle(right_top, right_bottom)];
    let down = [middle(left_top, right_top), middle(left_bottom, right_bottom)];
    let centre = middle(across[0], across[1]);
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

impl Video {
    fn new(print: &Fingerprint) -> Self {
        let samples = on_screen(print);
        Self {
            header: print.header.clone(),
            trailer: print.trailer.clone(),
            frames: print.frames.len(),
            keys: keys(print, &samples),
            samples,
            scene: Scene::default(),
            size: [1.0; 2],
            contrast: 1.0,
        }
    }

    /// The samples that show a frame.
    fn samples_of(&self, frame: usize) -> Range<usize> {
        self.samples.partition_point(|shown| *shown < frame)..self.samples.partition_point(|shown| *shown <= frame)
    }

    fn shrunk(&mut self, plane: &Plane) -> Gray {
        let sides = [plane.width(), plane.height()];
        let ratio = (FRAME_PIXELS as f64 / (sides[0] * sides[1]) as f64).sqrt().min(1.0);
        let [width, height] = gray::scaled(sides, ratio);
        self.size = [width as f64, height as f64];
        let unit = f32::from(1u16 << (plane.depth_bits() - 8));
        self.contrast = (plane.to_full_range(128.0 * unit) - plane.to_full_range(64.0 * unit)) / 64.0;
        Gray::of_plane(plane, width, height)
    }
}

impl Moving {
    /// Places a frame, which is on screen at `samples`, in a scene.
    fn place(&mut self, frame: &Gray, samples: Range<usize>, video: &Video) {
        let Some(orientation) = self.orientation.or_else(|| self.likeliest(frame, video)) else { return };
        let frame = frame.clone().oriented(orientation.mirrored, orientation.quarters);
        self.size = [frame.width as f64, frame.height as f64];
        if self.last.is_none() && samples.start < self.again {
            return;
        }
        let placed = video.scene.place(&points_of(&frame), self.last);
        self.last = placed.map(|placed| placed.picture);
        let Some(Placed { transform, .. }) = placed else {
            self.again = samples.start + TRIED_AGAIN;
            return;
        };
        let corners = transform.inverse().map(|to_frame| corners(&to_frame, video.size));
        self.places[samples].fill(corners.filter(|corners| course::is_sound(corners, self.size)));
    }

    /// The orientation in which most points of a frame agree with the scene. `None` if they do in none.
    fn likeliest(&mut self, frame: &Gray, video: &Video) -> Option<Orientation> {
        if self.tried == TRIED {
            return None;
        }
        self.tried += 1;
        let placed = |way: Orientation| {
            let oriented = frame.clone().oriented(way.mirrored, way.quarters);
            Some((video.scene.place(&points_of(&oriented), None)?.points, way))
        };
        let best = ORIENTATIONS.into_iter().filter_map(placed).max_by_key(|(points, _)| *points);
        self.orientation = best.map(|(_, way)| way);
        self.orientation
    }

    fn likely_courses(&self) -> Vec<Course> {
        let [width, height] = self.size;
        let mut likely = Course::likely(&self.places, (width * width + height * height).sqrt());
        likely.reverse();
        likely
    }

    /// Goes on with a course in a scene of so many pixels. False if nothing is shown of it then.
    fn settle(&mut self, course: Course, scene: [f64; 2]) -> bool {
        let shown = |corners: &Corners| {
            let to_scene = Transform::through(corners, &Area::of(scene).corners())?;
            Some(course::shown(&to_scene, self.size, scene))
        };
        let is_large = |area: &Area| {
            let [across, down] = area.sides();
            across >= LEAST_SIDE * scene[0] && down >= LEAST_SIDE * scene[1]
        };
        self.area = match &course {
            Course::Steady(corners) => shown(corners).filter(is_large),
            Course::Moving(all) => {
                let always = all.iter().flatten().filter_map(shown).reduce(|all, area| all.and(&area));
                Some(always.filter(is_large).unwrap_or(Area::of(scene)))
            }
        };
        self.laid.fill(None);
        self.course = Some(course);
        self.area.is_some()
    }

    /// Hashes what the scene's own frame shows of the part.
    fn show(&mut self, frame: &Gray, samples: Range<usize>, contrast: f32) {
        let Some(area) = self.area else { return };
        self.shown[samples].fill(Laid::of(frame, &area.corners(), contrast));
    }

    /// Lays a frame onto the scene.
    fn lay(&mut self, frame: &Gray, samples: Range<usize>, video: &Video, contrast: f32) {
        let (Some(Orientation { mirrored, quarters }), Some(area)) = (self.orientation, self.area) else { return };
        let frame = frame.clone().oriented(mirrored, quarters);
        let scene = Area::of(video.size).corners();
        for sample in samples {
            let corners = self.course.as_ref().and_then(|course| course.at(sample));
            let to_frame = corners.and_then(|corners| Transform::through(&scene, &corners));
            self.laid[sample] = to_frame
                .and_then(|to_frame| Laid::of(&frame, &area.corners().map(|corner| to_frame.at(corner)), contrast));
        }
    }
}

/// The frame that is on screen at each sample.
fn on_screen(print: &Fingerprint) -> Vec<usize> {
    let base = print.header.time_base;
    let (mut shown, mut latest) = (0, i64::MIN);
    let mut frames = print.frames.iter().map(|frame| frame.ticks).enumerate().peekable();
    let at_sample = |sample: usize| {
        let is_shown = |ticks: i64| {
            i128::from(ticks) * i128::from(base.0) * i128::from(RATE_HZ) <= sample as i128 * i128::from(base.1)
        };
        while let Some((frame, ticks)) = frames.next_if(|(_, ticks)| is_shown((*ticks).max(latest))) {
            (shown, latest) = (frame, latest.max(ticks));
        }
        shown
    };
    (0..print.motion.len()).map(at_sample).collect()
}

/// Of the frames on screen at the samples those that look like none before them, spread evenly if there are many.
fn keys(print: &Fingerprint, samples: &[usize]) -> Vec<usize> {
    let mut keys: Vec<usize> = Vec::new();
    for &frame in samples {
        let pdq = &print.frames[frame].pdq;
        if !keys.iter().rev().any(|key| print.frames[*key].pdq.distance_bits(pdq) <= KEY_CHANGE_BITS) {
            keys.push(frame);
        }
    }
    let step = keys.len().div_ceil(MOST_PICTURES).max(1);
    keys.into_iter().step_by(step).collect()
}
