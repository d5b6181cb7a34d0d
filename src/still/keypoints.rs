//! Points of the still, and those that a fingerprint holds of some frames -> how a frame lies on the still.
//!
//! A third of a frame has no hash to be found by, but points of its own.

use super::canvas::Picture;
use super::footage::Footage;
use super::guess::{Guess, WHOLE};
use super::locate::{self, Fit, Fits};
use super::pixels::Points;
use super::placement::Axis;
use super::refine::Layer;
use super::verdict::shown;
use crate::compare::{ORIENTATIONS, Orientation, View};
use crate::fingerprint::{Fingerprint, Frame};
use crate::picture::points::{Point, turned};
use crate::ranked::highest_first;

/// How many points must agree on a map. Measured: in 4,500 comparisons of screenshots with footage that they do not show at most
/// 17 did. docs/accuracy/stills.md, "By points".
const FOUND_FROM_POINTS: usize = 18;
/// What that times the agreement must be. Measured as above: at most 9 by chance.
const FOUND_FROM_ALL: f64 = 12.0;
/// How well the bits of a frame must agree under the map, -1..=1, if so much of it is shown, a share of its area. Measured: at
/// most 0.44 by chance, where a tenth is shown; and 0.6 where all of a frame is, and both have a station's writing and logo.
const FOUND_FROM_AGREEMENT: [(f64, f64); 2] = [(0.6, 0.5), (1.0, 0.75)];
/// The points that agree are spread over at least this share of the frame, along each axis. By reason: those of a line of
/// writing are not.
const LEAST_SPREAD: f64 = 0.12;
/// Points at either end that do not count for that, as a share: some agree by chance. By reason.
const STRAY: f64 = 0.1;
/// At least this share of a frame is shown, along each axis. By reason, as for the pictures of a scene.
const LEAST_VIEW: f64 = 0.15;
/// A frame is looked at if its PDQ differs from that of all others in more bits. By trial, as for the pictures of a scene.
const KEY_CHANGE_BITS: u32 = 24;
/// The most frames with points among which those that differ are sought, spread evenly: those of more than 4 h. Bounds work, which grows with
/// their square.
const MOST_POINTED: usize = 4096;
/// The most frames that are looked at as they are shown, or mirrored, spread evenly. Bounds work.
const MOST_UPRIGHT: usize = 256;
/// And turned, of which few stills are. Bounds work.
const MOST_TURNED: usize = 32;
/// The smallest of the pictures within a still is told that agree as well but for this: a plain page beside them does not
/// disagree. By trial.
const NEARLY: f32 = 0.05;
/// Ends of a frame that are nearer, as a share of its length, are in one place. By trial: points are this exact.
const NEAR: f64 = 0.06;

/// How points say that a frame lies on the still.
#[derive(Clone, Debug)]
pub struct Placed {
    guess: Guess,
    /// The frame's position.
    frame: usize,
    /// How many of its points agree.
    points: usize,
}

/// The place of the frame whose points agree best. `None` if they do not tell.
pub fn place(still: &Points, video: &Fingerprint) -> Option<Placed> {
    let size = video.header.points_size();
    let (frames, shown) = (pictures(video), shown(video));
    let mut best: Option<Placed> = None;
    for orientation in ORIENTATIONS {
        let is_upright = orientation.after(shown.inverse()).quarters == 0;
        let most = if is_upright { MOST_UPRIGHT } else { MOST_TURNED };
        for &(frame, own) in frames.iter().step_by(frames.len().div_ceil(most).max(1)) {
            if let Some((points, guess)) = on_still(still, &own.points_in(size), size, orientation)
                && best.as_ref().is_none_or(|best| points > best.points)
            {
                best = Some(Placed { guess, frame, points });
            }
        }
    }
    best
}

/// How a frame of such a size lies on the still in an orientation, and how many of its points agree. `None` if these lie in
/// too small a part of it.
fn on_still(still: &Points, frame: &[Point], size: [f64; 2], orientation: Orientation) -> Option<(usize, Guess)> {
    let sides = orientation.size(size);
    let (map, agreeing) = still.map(&turned(frame, size, orientation.mirrored, orientation.quarters))?;
    let axis = |axis: usize| Axis {
        offset: map.offset[axis] / still.sides()[axis],
        scale: map.scale[axis] * sides[axis] / still.sides()[axis],
        ..WHOLE
    };
    let guess = Guess { orientation, horizontal: axis(0), vertical: axis(1), logo: None };
    (agreeing.len() >= FOUND_FROM_POINTS && is_spread(&agreeing, sides)).then_some((agreeing.len(), guess))
}

/// The frames with points that differ from each other, with their positions.
fn pictures(video: &Fingerprint) -> Vec<(usize, &Frame)> {
    let pointed = video.frames.iter().enumerate().filter(|(_, frame)| frame.points.is_some());
    let step = pointed.clone().count().div_ceil(MOST_POINTED).max(1);
    let mut pictures: Vec<(usize, &Frame)> = Vec::new();
    for (i, frame) in pointed.step_by(step) {
        if !pictures.iter().any(|(_, other)| other.pdq.distance_bits(&frame.pdq) <= KEY_CHANGE_BITS) {
            pictures.push((i, frame));
        }
    }
    pictures
}

/// Whether points of a frame with such sides are spread over it.
fn is_spread(points: &[[f64; 2]], sides: [f64; 2]) -> bool {
    (0..2).all(|axis| {
        let along = highest_first(points.iter().map(|point| point[axis] / sides[axis]).collect(), |at| *at);
        let stray = (STRAY * along.len() as f64) as usize;
        along[stray] - along[along.len() - 1 - stray] >= LEAST_SPREAD
    })
}

impl Placed {
    /// The best fit in that place, of the whole still and of the pictures within it, with its picture. `None` if no frame
    /// agrees.
    pub fn fits<'a>(&self, whole: &'a Picture, inside: &'a [Picture], footage: &Footage) -> Option<Fits<'a>> {
        let of_whole = (whole, self.guess);
        let inside = inside.iter().map(|picture| (picture, self.guess.on_part(picture.part)));
        let fits = std::iter::once(of_whole).chain(inside).filter_map(|(picture, guess)| {
            let is_shown = [&guess.horizontal, &guess.vertical].iter().all(|axis| axis.view().1 >= LEAST_VIEW);
            is_shown.then(|| (picture, self.fit(&mut Layer::new(&picture.canvas), footage, guess)))
        });
        let smallest_last = highest_first(fits.collect(), |(picture, _)| picture.part[2] * picture.part[3]);
        let best = smallest_last.iter().map(|(_, fit)| fit.agreement).fold(-1.0, f32::max);
        let (picture, fit) = smallest_last.into_iter().rfind(|(_, fit)| fit.agreement >= best - NEARLY)?;
        self.is_found(&fit).then(|| Fits { picture, fits: vec![fit] })
    }

    /// Whether a frame agrees well enough for what is shown of it, and for the points that agree.
    fn is_found(&self, Fit { guess, agreement, .. }: &Fit) -> bool {
        let (area, agreement) = (guess.horizontal.view().1 * guess.vertical.view().1, f64::from(*agreement));
        let [(part, of_part), (all, of_all)] = FOUND_FROM_AGREEMENT;
        let share = ((area - part) / (all - part)).clamp(0.0, 1.0);
        agreement >= of_part + share * (of_all - of_part) && self.points as f64 * agreement >= FOUND_FROM_ALL
    }

    /// The fit of the guess, moved to where it fits better, if that is the same place.
    fn fit(&self, layer: &mut Layer, footage: &Footage, guess: Guess) -> Fit {
        let settled = locate::settle(layer, footage, guess, self.frame);
        if settled.guess.is_near(&guess) { settled } else { locate::stay(layer, footage, guess, self.frame) }
    }
}

impl Guess {
    /// The same place, in fractions of a part of the still.
    fn on_part(&self, [x, y, width, height]: View) -> Self {
        let on = |axis: Axis, start: f64, length: f64| Axis {
            offset: (axis.offset - start) / length,
            scale: axis.scale / length,
            ..axis
        };
        Self { horizontal: on(self.horizontal, x, width), vertical: on(self.vertical, y, height), ..*self }
    }

    fn is_near(&self, other: &Self) -> bool {
        self.horizontal.drift(&other.horizontal).max(self.vertical.drift(&other.vertical)) <= NEAR
    }
}

#[cfg(test)]
mod tests {
    use super::super::read::Luma;
    use super::super::{Still, StillVerdict, find};
    use super::*;
    use crate::compare::testing::{footage_print, room, scrambled};
    use crate::picture::gray::Gray;
    use crate::picture::testing::{cut, put};

    /// Twenty seconds of a room.
    fn video(seed: usize) -> (Vec<Gray>, Fingerprint) {
        let frames = room(seed, 0..200);
        let print = footage_print(&frames);
        (frames, print)
    }

    fn still(Gray { luma, width, height }: Gray) -> Still {
        Still::of_luma(Luma { luma, sides: [width, height] })
    }

    /// Where a frame begins on the still, and its length there, along either axis; fractions of the still's sides.
    fn placed(still: &Still, video: &Fingerprint) -> Option<(Orientation, [[f64; 2]; 2])> {
        let Guess { orientation, horizontal, vertical, .. } = place(&still.points, video)?.guess;
        Some((orientation, [horizontal, vertical].map(|axis| [axis.offset, axis.scale])))
    }

    fn assert_near(found: [[f64; 2]; 2], expected: [[f64; 2]; 2]) {
        let is_near = found.as_flattened().iter().zip(expected.as_flattened()).all(|(a, b)| (a - b).abs() < 0.03);
        assert!(is_near, "{found:?} is not near {expected:?}");
    }

    /// A part of the frame on a tall page.
    fn tall(frame: &Gray) -> Still {
        let mut tall = Gray { luma: vec![235; 200 * 400], width: 200, height: 400 };
        put(&mut tall, &cut(frame, [60, 0, 112, 144]), [40, 112]);
        still(tall)
    }

    #[test]
    fn a_part_of_a_frame_among_other_things_is_found_by_its_points() {
        let (frames, mut video) = video(1);
        let tall = tall(&frames[150]);
        let (orientation, axes) = placed(&tall, &video).unwrap();
        assert_eq!(orientation, Orientation::AS_IS);
        assert_near(axes, [[-0.1, 1.28], [0.28, 0.36]]);
        let found = find(&tall, &video);
        assert_eq!(found.verdict, StillVerdict::Found, "{found:?}");
        let [left, _, width, _] = found.at[0].view;
        assert!((left - 60.0 / 256.0).abs() < 0.04 && (width - 112.0 / 256.0).abs() < 0.06, "{found:?}");
        video.frames.iter_mut().for_each(|frame| frame.points = None);
        assert_eq!(find(&tall, &video).verdict, StillVerdict::CantTell);
    }

    #[test]
    fn a_mirrored_and_turned_part_is_placed_so() {
        let (frames, video) = video(2);
        let part = cut(&frames[9], [40, 20, 160, 120]).oriented(true, 1);
        let (orientation, axes) = placed(&still(part), &video).unwrap();
        assert_eq!(orientation, Orientation { mirrored: true, quarters: 1 });
        assert_near(axes, [[-4.0 / 120.0, 1.2], [-56.0 / 160.0, 1.6]]);
    }

    #[test]
    fn other_footage_and_one_without_points_have_no_place() {
        let (frames, mut video) = video(3);
        let tall = tall(&frames[0]);
        assert!(placed(&tall, &self::video(4).1).is_none());
        assert!(placed(&tall, &video).is_some());
        video.frames.iter_mut().for_each(|frame| frame.points = None);
        assert!(placed(&tall, &video).is_none());
    }

    #[test]
    fn points_in_a_line_of_writing_are_not_spread() {
        let size = [256.0, 144.0];
        let spread = |height: f64| {
            let at =
                |i: usize| [0, 1].map(|axis| scrambled(2 * i + axis) as f64 / u64::MAX as f64 * [256.0, height][axis]);
            // One in twenty lies elsewhere by chance.
            let points: Vec<[f64; 2]> = (0..40).map(|i| if i % 20 == 7 { [9.0, 140.0] } else { at(i) }).collect();
            is_spread(&points, size)
        };
        assert_eq!([16.0, 36.0].map(spread), [false, true]);
    }

    #[test]
    fn the_more_is_shown_the_better_it_must_agree() {
        let (frames, video) = video(7);
        let whole = still(frames[0].clone());
        let footage = Footage::new(&video);
        let is_found = |points: usize, scale: f64, agreement: f32| {
            let guess = Guess {
                orientation: Orientation::AS_IS,
                horizontal: Axis { scale, ..WHOLE },
                vertical: WHOLE,
                logo: None,
            };
            let fit = locate::stay(&mut Layer::new(&whole.whole.canvas), &footage, guess, 0);
            Placed { guess, frame: 0, points }.is_found(&Fit { agreement, ..fit })
        };
        assert_eq!([0.49, 0.51].map(|agreement| is_found(40, 2.0, agreement)), [false, true]);
        assert_eq!([0.61, 0.64].map(|agreement| is_found(40, 1.25, agreement)), [false, true]);
        assert_eq!([0.74, 0.76].map(|agreement| is_found(40, 1.0, agreement)), [false, true]);
        assert_eq!([19, 21].map(|points| is_found(points, 2.0, 0.6)), [false, true]);
    }
}
