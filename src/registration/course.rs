//! Where the frames of a video lie in a scene, one by one -> where they lie all the time: in one place, or on a course.

use super::transform::Transform;
use crate::ranked::highest_first;

/// The corners of the scene's picture, pixels of a frame: from the left top, as they are read.
pub type Corners = [[f64; 2]; 4];

/// Frames lie in one place if they lie so near to it, as a share of a frame's diagonal. By trial: a picture that stands still is found
/// within one in a hundred of its sides.
const STEADY_WITHIN: f64 = 0.015;
/// If this share of them does, it is tried that all do: where the scene's camera moves, or titles hide the picture, the others are
/// errors. By trial.
const MAYBE_STEADY_SHARE: f64 = 0.2;
/// If this share of them does, all do. By trial.
const STEADY_SHARE: f64 = 0.6;
/// So many places are tried as the one. Bounds work.
const MOST_TRIED: usize = 200;
/// A corner of a picture lies at most so many of a frame's sides away. By reason: no picture is shown twelve times as large.
const FARTHEST: f64 = 20.0;
/// The shortest side of a picture in a frame, pixels. By reason.
const SHORTEST_SIDE: f64 = 8.0;
/// Between two frames that were placed, so many samples may lie that were not: 1 s. By reason.
const LONGEST_GAP: usize = 10;
/// A place that is farther than this from what the ones before and behind it give is an error; a share of a frame's diagonal. By trial.
const OUTLIER: f64 = 0.05;

/// Where the frame of each sample lies; `None` where that is not known.
#[derive(Clone, Debug, PartialEq)]
pub enum Course {
    /// All the time at one place.
    Steady(Corners),
    /// Elsewhere from sample to sample.
    Moving(Vec<Option<Corners>>),
}

impl Course {
    /// The likely courses through the places of all samples, the likeliest first; none if nothing was placed. `diagonal` is that of a frame.
    pub fn likely(placed: &[Option<Corners>], diagonal: f64) -> Vec<Self> {
        let known: Vec<Corners> = placed.iter().flatten().copied().collect();
        let near = |middle: &Corners| -> Vec<Corners> {
            known.iter().filter(|corners| apart(corners, middle) <= STEADY_WITHIN * diagonal).copied().collect()
        };
        let tried = known.iter().step_by(known.len().div_ceil(MOST_TRIED).max(1));
        let Some(most) = tried.map(near).max_by_key(Vec::len) else { return Vec::new() };
        let share = most.len() as f64 / known.len() as f64;
        let steady = (share >= MAYBE_STEADY_SHARE).then(|| Self::Steady(median(&most)));
        let moving = (share < STEADY_SHARE).then(|| Self::Moving(filled(&without_outliers(placed, diagonal))));
        steady.into_iter().chain(moving).collect()
    }

    /// At a sample.
    pub fn at(&self, sample: usize) -> Option<Corners> {
        match self {
            Self::Steady(corners) => Some(*corners),
            Self::Moving(all) => all.get(sample).copied().flatten(),
        }
    }
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
/// the scene. `to_scene` leads there from the frame, of so many pixels.
pub fn shown(to_scene: &Transform, frame: [f64; 2], scene: [f64; 2]) -> Area {
    let [left_top, right_top, right_bottom, left_bottom] = corners(to_scene, frame);
    let start = [left_top[0].max(left_bottom[0]), left_top[1].max(right_top[1])];
    let end = [right_top[0].min(right_bottom[0]), left_bottom[1].min(right_bottom[1])];
    Area { start: [0, 1].map(|axis| start[axis].max(0.0)), end: [0, 1].map(|axis| end[axis].min(scene[axis])) }
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

/// The places without those that are far from both neighbours, where these are near each other.
fn without_outliers(placed: &[Option<Corners>], diagonal: f64) -> Vec<Option<Corners>> {
    let known: Vec<usize> = (0..placed.len()).filter(|sample| placed[*sample].is_some()).collect();
    let mut kept = placed.to_vec();
    for three in known.windows(3) {
        let [before, own, after] = [0, 1, 2].map(|i| placed[three[i]].expect("known"));
        let is_far = |other: &Corners| apart(&own, other) > OUTLIER * diagonal;
        if apart(&before, &after) <= OUTLIER * diagonal && is_far(&before) && is_far(&after) {
            kept[three[1]] = None;
        }
    }
    kept
}

/// The places with short gaps filled evenly.
fn filled(placed: &[Option<Corners>]) -> Vec<Option<Corners>> {
    let mut all = placed.to_vec();
    let known: Vec<usize> = (0..all.len()).filter(|sample| all[*sample].is_some()).collect();
    for pair in known.windows(2) {
        let [from, to] = [pair[0], pair[1]];
        if to - from - 1 > LONGEST_GAP {
            continue;
        }
        let (start, end) = (placed[from].expect("known"), placed[to].expect("known"));
        for (i, between) in all[from + 1..to].iter_mut().enumerate() {
            let share = (i + 1) as f64 / (to - from) as f64;
            let at =
                |corner: usize, axis: usize| start[corner][axis] + (end[corner][axis] - start[corner][axis]) * share;
            *between = Some(std::array::from_fn(|corner| [0, 1].map(|axis| at(corner, axis))));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIAGONAL: f64 = 300.0;

    /// A picture that is moved to the right.
    fn at(right: f64) -> Corners {
        Area { start: [right, 10.0], end: [right + 100.0, 70.0] }.corners()
    }

    fn likely(placed: &[Option<f64>]) -> Vec<Course> {
        Course::likely(&placed.iter().map(|right| right.map(at)).collect::<Vec<_>>(), DIAGONAL)
    }

    #[test]
    fn what_stands_still_has_one_place_whatever_errs() {
        let right = |i: usize| match i % 10 {
            0 => None,
            1 | 2 => Some(5.0 * i as f64),
            _ => Some(50.0 + (i % 3) as f64),
        };
        assert_eq!(likely(&(0..60).map(right).collect::<Vec<_>>()), [Course::Steady(at(51.0))]);
        assert_eq!(likely(&[None; 20]), []);
    }

    #[test]
    fn what_moves_has_a_course_with_short_gaps_filled_and_errors_left_out() {
        let mut placed: Vec<Option<f64>> = (0..80).map(|i| Some(4.0 * f64::from(i))).collect();
        placed[7..15].fill(None);
        placed[40] = Some(900.0);
        placed[50..65].fill(None);
        let [course] = &likely(&placed)[..] else { panic!("one course") };
        for sample in [0, 7, 11, 14, 40, 49, 79] {
            let (found, expected) = (course.at(sample).unwrap(), at(4.0 * sample as f64));
            assert!(apart(&found, &expected) < 1e-9, "{sample}");
        }
        assert_eq!((course.at(55), course.at(80)), (None, None));
    }

    #[test]
    fn what_stands_for_a_while_is_tried_as_if_it_always_did_first() {
        let placed: Vec<Option<f64>> = (0..100).map(|i| Some(if i < 30 { 20.0 } else { 5.0 * f64::from(i) })).collect();
        let found = likely(&placed);
        assert!(found.len() == 2 && found[0] == Course::Steady(at(20.0)) && matches!(found[1], Course::Moving(_)));
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
        let area = shown(&to_scene, [100.0, 60.0], [256.0, 144.0]);
        assert_eq!(area, Area { start: [0.0, 20.0], end: [150.0, 140.0] });
        assert_eq!((area.sides(), area.and(&Area::of([100.0, 30.0])).sides()), ([150.0, 120.0], [100.0, 10.0]));
        assert!(area.and(&Area { start: [200.0, 0.0], end: [210.0, 9.0] }).sides()[0] < 0.0);
    }
}
