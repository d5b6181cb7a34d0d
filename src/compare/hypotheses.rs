//! The coarse list of what may have been done to a picture: which rectangle of the one is which of the other.

use super::orientation::Orientation;
use super::result::View;
use crate::ranked::highest_first;

/// The whole picture.
pub(super) const WHOLE: View = [0.0, 0.0, 1.0, 1.0];

/// Rectangle `query` of the query's picture shows what rectangle `reference` of the reference's oriented picture shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hypothesis {
    pub query: View,
    pub reference: View,
    pub orientation: Orientation,
}

/// Rectangles that keep the picture's proportions: side, in fractions of the picture's, and places along each axis.
///
/// By trial: neighbours overlap enough that a climb gets from one to the next; below 0.3 too little is left of 16 x 16
/// cells.
const PROPORTIONAL: [(f64, u32); 7] = [(0.9, 2), (0.8, 3), (0.7, 3), (0.6, 4), (0.5, 5), (0.4, 5), (0.3, 6)];
/// Bands across the whole picture, for letter- and pillarboxes and for phones: thickness, in fractions of the picture's
/// side, and places.
///
/// The thickness follows from shapes in use: 16:9 within 4:3 is 0.75, within a square 0.5625; across 9:16, 4:3 is 0.42,
/// 16:9 is 0.32, and 21:9 is 0.24. The places are by trial.
const BANDS: [(f64, u32); 5] = [(0.75, 3), (0.5625, 3), (0.42, 3), (0.32, 5), (0.25, 3)];

/// Cropped, or within a border, by a tenth on each side. By trial.
const INNER: View = [0.1, 0.1, 0.8, 0.8];
/// 16:9 in the middle of 9:16: a thickness of (9 / 16)^2 = 0.32.
const BAND: View = [0.0, 0.34, 1.0, 0.32];
/// 16:9 in the middle of 4:3: a thickness of (9 / 16) / (3 / 4).
const CINEMA: View = [0.0, 0.125, 1.0, 0.75];
/// A screen that is filmed with what is around it. By trial.
const SCREEN: View = [0.16, 0.16, 0.68, 0.68];

/// All rectangles but the whole picture, the largest first.
pub(super) fn rectangles() -> Vec<View> {
    let places =
        |length: f64, count: u32| (0..count).map(move |i| (1.0 - length) * f64::from(i) / f64::from(count - 1));
    let mut all = Vec::new();
    for (side, count) in PROPORTIONAL {
        all.extend(places(side, count).flat_map(|y| places(side, count).map(move |x| [x, y, side, side])));
    }
    for (thickness, count) in BANDS {
        all.extend(places(thickness, count).flat_map(|at| [[0.0, at, 1.0, thickness], [at, 0.0, thickness, 1.0]]));
    }
    highest_first(all, |view| view[2] * view[3])
}

/// The likeliest pairs of the query's view and the reference's: nothing done, cropped, a border around, between bars, a
/// narrow band of a vertical canvas, and the other way round.
pub(super) fn likely_view_pairs() -> Vec<(View, View)> {
    vec![(WHOLE, WHOLE), (WHOLE, INNER), (INNER, WHOLE), (CINEMA, WHOLE), (BAND, WHOLE), (WHOLE, BAND)]
}

/// The same for what agrees a little all the time: a filmed screen as well.
pub(super) fn overlap_view_pairs() -> Vec<(View, View)> {
    let mut pairs = likely_view_pairs();
    pairs.push((SCREEN, WHOLE));
    pairs
}

/// All pairs of the query's view and the reference's: whole to whole, whole to part, part to whole.
pub(super) fn view_pairs() -> Vec<(View, View)> {
    let parts = rectangles();
    let one_sided = parts.into_iter().flat_map(|part| [(WHOLE, part), (part, WHOLE)]);
    std::iter::once((WHOLE, WHOLE)).chain(one_sided).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_inside([x, y, w, h]: &View) -> bool {
        *x >= 0.0 && *y >= 0.0 && x + w < 1.0 + 1e-9 && y + h < 1.0 + 1e-9
    }

    #[test]
    fn there_are_158_parts_the_largest_first() {
        let all = rectangles();
        assert_eq!((all.len(), view_pairs().len()), (158, 317));
        assert!(all.iter().all(is_inside));
        assert!(all.is_sorted_by(|a, b| a[2] * a[3] >= b[2] * b[3]));
        let area = |view: &View| view[2] * view[3];
        assert!((area(&all[0]) - 0.81).abs() < 1e-9 && (area(&all[157]) - 0.09).abs() < 1e-9);
    }

    #[test]
    fn places_reach_from_edge_to_edge() {
        for [_, _, w, h] in rectangles() {
            let at = |x: f64, y: f64| {
                rectangles()
                    .iter()
                    .any(|view| [view[0] - x, view[1] - y, view[2] - w, view[3] - h].iter().all(|off| off.abs() < 1e-9))
            };
            assert!(at(0.0, 0.0) && at(1.0 - w, 1.0 - h), "{w} x {h}");
        }
    }

    #[test]
    fn one_of_two_views_is_the_whole_picture() {
        assert_eq!((view_pairs()[0], likely_view_pairs()[0]), ((WHOLE, WHOLE), (WHOLE, WHOLE)));
        for (query, reference) in view_pairs().into_iter().chain(likely_view_pairs()) {
            assert!((query == WHOLE || reference == WHOLE) && is_inside(&query) && is_inside(&reference));
        }
    }

    #[test]
    fn bands_stand_in_the_middle_and_are_as_thick_as_the_shapes_say() {
        for ([_, y, _, height], thickness) in [(BAND, 9.0 / 16.0 * 9.0 / 16.0), (CINEMA, 9.0 / 16.0 / 0.75)] {
            assert!((2.0 * y + height - 1.0).abs() < 1e-9 && (height - thickness).abs() < 0.005);
        }
    }
}
