//! The map from picture to picture, told by points of frames that show the same moments, once motion has told which these are.
//! docs/accuracy/method.md, step 13.
//!
//! Cells are coarse; points lie within a pixel of where they are, wherever the camera stands still.

use super::align::Alignment;
use super::clock::seconds;
use super::evidence::Match;
use super::geometry::{DOUBTFUL_CORRELATION, cropped_alike};
use super::hypotheses::WHOLE;
use super::registered::{MOST_PLACED, Pointed};
use super::result::View;
use super::segment::Signatures;
use crate::fingerprint::Fingerprint;
use crate::registration::{Corners, corners, is_sound, middle_lines, place_of};

/// How many points place a frame. By trial: chance gave 12 at most, and 16 beside a picture of another shape.
const LEAST_POINTS: usize = 16;
/// The fewest frames, of both videos, that lie in one place. By reason: two are one pair, looked at from both sides.
const LEAST_FRAMES: f64 = 3.0;
/// The share of all frames that lies in one place. By trial: where the camera moves it is less.
const LEAST_SHARE: f64 = 0.6;
/// Frames this long before or after the stretch may show its scene, too, seconds. By reason: every [`EVERY`]th has points.
///
/// [`EVERY`]: crate::hash::points::EVERY
const AROUND_S: f64 = 6.0;
/// An edge of the shared part that motion puts further inside, as a share of that part, is that of something drawn over the picture. By
/// trial: motion errs by a tenth.
const HIDDEN: f64 = 0.2;
/// Points tell a side of a view so exactly, in fractions of the picture. Measured: docs/accuracy/method.md, step 13.
const POINTS_ERR: f64 = 0.015;
/// A map has to agree with what moves by at least this share of what the map by motion does. By trial.
const LEAST_AGREEMENT: f64 = 0.85;
/// A picture that is turned by more has no upright map: its rise over its length. Derived: tan 3 degrees, the least tilt that is told.
const MOST_SLOPE: f64 = 0.0524;

/// The map of `found` by points; `None` if these do not tell, or if what moves speaks against it.
pub(super) fn exact(
    signatures: &Signatures,
    [query, reference]: [&Fingerprint; 2],
    found: &Match,
) -> Option<Alignment> {
    let by_motion = &found.alignment;
    let query_s = [found.range.start, found.range.end].map(seconds);
    let reference_s = query_s.map(|at| by_motion.reference_time(at));
    let frames =
        |video, [start, end]: [f64; 2]| Pointed::during(video, [start - AROUND_S, end + AROUND_S]).thinned(MOST_PLACED);
    let (query, reference) = (frames(query, query_s), frames(reference, reference_s).oriented(by_motion.orientation));
    let whole = Alignment {
        query_view: upright(&of_reference(&query, &reference)?, query.size)?,
        reference_view: WHOLE,
        within: WHOLE,
        ..*by_motion
    };
    let excerpt = signatures.excerpt_of(found);
    let correlation = |map: &Alignment| excerpt.correlation(map);
    let maps = [with_extent(by_motion, &whole), cropped_alike(&whole)].into_iter().flatten();
    let map = maps.max_by(|a, b| correlation(a).total_cmp(&correlation(b)))?;
    let is_needed = correlation(by_motion) < DOUBTFUL_CORRELATION && differs(by_motion, &map);
    (is_needed && correlation(&map) >= LEAST_AGREEMENT * correlation(by_motion)).then_some(map)
}

/// Whether two maps share views that differ by more than points err.
fn differs(one: &Alignment, other: &Alignment) -> bool {
    let (Some(one), Some(other)) = (one.shared(), other.shared()) else { return true };
    [(one.0, other.0), (one.1, other.1)].into_iter().any(|(one, other)| side_error(one, other) > POINTS_ERR)
}

/// How far the sides of two views are apart at most.
fn side_error(one: View, other: View) -> f64 {
    let sides = |[x, y, width, height]: View| [x, y, x + width, y + height];
    sides(one).iter().zip(sides(other)).map(|(one, other)| (one - other).abs()).fold(0.0, f64::max)
}

/// The corners of the reference's picture in that of the query, pixels.
fn of_reference(query: &Pointed, reference: &Pointed) -> Option<Corners> {
    let back = reference.placed_in(&query.scene(), LEAST_POINTS);
    let back = back.iter().map(|to_query| corners(to_query, reference.size));
    let mut places = query.places_of(reference, &reference.scene(), LEAST_POINTS);
    places.extend(back.filter(|place| is_sound(place, query.size)));
    let frames = [query, reference].map(|side| side.with_points(LEAST_POINTS)).iter().sum::<usize>();
    place_of(&places, query.size, (LEAST_SHARE * frames as f64).max(LEAST_FRAMES))
}

/// The rectangle of the query's picture, of so many pixels, that is the reference's; it may reach outside. `None` if it is turned.
fn upright(corners: &Corners, size: [f64; 2]) -> Option<View> {
    let [[left, right], [top, bottom]] = middle_lines(corners);
    let [width, height] = [right[0] - left[0], bottom[1] - top[1]];
    let is_upright =
        (right[1] - left[1]).abs() <= MOST_SLOPE * width && (bottom[0] - top[0]).abs() <= MOST_SLOPE * height;
    is_upright.then(|| [left[0] / size[0], top[1] / size[1], width / size[0], height / size[1]])
}

/// The map of whole pictures, of as much as `by_motion` shows where that is clearly less.
fn with_extent(by_motion: &Alignment, whole: &Alignment) -> Option<Alignment> {
    let ((all, _), (moving, _)) = (whole.shared()?, by_motion.shared()?);
    let mut within = all;
    for axis in 0..2 {
        let ends = |view: View| [view[axis], view[axis] + view[axis + 2]];
        let ([all, moving], clearly) = ([all, moving].map(ends), HIDDEN * moving[axis + 2]);
        let start = if moving[0] - all[0] > clearly { moving[0] } else { all[0] };
        let end = if all[1] - moving[1] > clearly { moving[1] } else { all[1] };
        (within[axis], within[axis + 2]) = (start, end - start);
    }
    let map = Alignment { within, ..*whole };
    map.shared().is_some().then_some(map)
}

#[cfg(test)]
mod tests {
    use super::super::orientation::Orientation;
    use super::super::sides::Sides;
    use super::super::testing::{as_is, footage_print, match_of, room};
    use super::*;
    use crate::picture::gray::Gray;
    use crate::picture::testing::cut;

    /// The map that points tell of two videos that show the same moments, where motion told `by_motion`.
    fn told(query: &[Gray], reference: &[Gray], by_motion: Alignment) -> Option<Alignment> {
        let [query, reference] = [query, reference].map(footage_print);
        let signatures = Sides::new(&query, &reference).signatures.unwrap();
        let found = Match { range: 0..query.motion.len(), ..match_of(by_motion) };
        exact(&signatures, [&query, &reference], &found)
    }

    /// A part of each frame.
    fn part(frames: &[Gray]) -> Vec<Gray> {
        frames.iter().map(|frame| cut(frame, [64, 8, 160, 120])).collect()
    }

    fn near(found: View, expected: View, most: f64) {
        assert!(side_error(found, expected) < most, "{found:?} is not {expected:?}");
    }

    #[test]
    fn a_crop_that_motion_told_roughly_is_told_within_a_hundredth() {
        let all = room(1, 0..260);
        let rough = Alignment { reference_view: [0.2, 0.1, 0.66, 0.86], ..as_is() };
        let (query, reference) = told(&part(&all), &all, rough).unwrap().shared().unwrap();
        near(query, WHOLE, 1e-9);
        near(reference, [0.25, 0.056, 0.625, 0.833], 0.01);
        // So it is in a picture that is mirrored and turned.
        let orientation = Orientation { mirrored: true, quarters: 1 };
        let seen: Vec<Gray> = part(&all).iter().map(|frame| frame.clone().oriented(true, 1)).collect();
        let rough = Alignment { reference_view: [0.1, 0.2, 0.86, 0.66], orientation, ..as_is() };
        let (_, reference) = told(&seen, &all, rough).unwrap().shared().unwrap();
        near(orientation.rectangle_in_source(reference), [0.25, 0.056, 0.625, 0.833], 0.01);
    }

    #[test]
    fn what_is_near_what_does_not_agree_and_another_room_tell_nothing() {
        let all = room(1, 0..260);
        let exact = Alignment { reference_view: [0.25, 0.06, 0.625, 0.833], ..as_is() };
        assert!(told(&part(&all), &all, exact).is_none());
        let rough = Alignment { reference_view: [0.2, 0.1, 0.66, 0.86], ..as_is() };
        assert!(told(&part(&all), &room(2, 0..260), rough).is_none());
        // Of two frames of a short stretch both places may be one error.
        assert!(told(&part(&all[..100]), &all[..100], rough).is_none());
    }

    #[test]
    fn an_edge_that_is_clearly_further_inside_stays_there() {
        let shared = |within: View| {
            // A map that reaches no further, as a climb finds it.
            let by_motion = Alignment { query_view: within, reference_view: WHOLE, ..as_is() };
            with_extent(&by_motion, &as_is()).unwrap().shared().unwrap().0
        };
        near(shared([0.1, 0.05, 0.85, 0.9]), WHOLE, 1e-9);
        near(shared([0.0, 0.02, 0.5, 0.95]), [0.0, 0.0, 0.5, 1.0], 1e-9);
        near(shared([0.3, 0.5, 0.7, 0.5]), [0.3, 0.5, 0.7, 0.5], 1e-9);
    }

    #[test]
    fn a_turned_picture_has_no_upright_rectangle() {
        let size = [200.0, 100.0];
        let turned = |by: f64| [[20.0, 10.0], [120.0, 10.0 + by], [120.0 - by, 60.0 + by], [20.0 - by, 60.0]];
        near(upright(&turned(0.0), size).unwrap(), [0.1, 0.1, 0.5, 0.5], 1e-9);
        assert!(upright(&turned(2.0), size).is_some() && upright(&turned(6.0), size).is_none());
    }
}
