//! The map from picture to picture, made more exact once a match is certain.
//!
//! The cells of a signature are coarse: where a picture fills a third of the other, a cell is a twentieth of it. What
//! copies are usually like helps where what moves leaves it open: pixels stay as wide as they are high; a picture that
//! is cropped and then set between bars is cropped alike on both axes, and stands in the middle; and a canvas is often
//! filled with the picture once more, large and blurred.

use super::align::{Alignment, Excerpt};
use super::climb::{climb, halving};
use super::clock::middle_s;
use super::evidence::Match;
use super::hypotheses::WHOLE;
use super::result::View;
use super::segment::Signatures;
use std::ops::Range;

/// A side of a view that is shorter by more than this, in fractions of the picture, is meant to be shorter. By trial.
const CLEARLY_SHORTER: f64 = 0.03;
/// Views whose numbers differ by at most this, in fractions of the picture, may be one, measured twice. By trial.
const NEAR_VIEW: f64 = 0.15;
/// The usual map is preferred unless it correlates with less than this share of the free one. By trial.
const USUAL_SHARE: f64 = 0.97;
/// The same for a picture that fills a canvas from edge to edge, which is more usual still. By trial, after what
/// docs/accuracy.md, "On footage never seen", tells was measured.
const FILLING_SHARE: f64 = 0.9;
/// The same for a whole picture that is squeezed to another shape, which is less usual. By trial.
const SQUEEZED_SHARE: f64 = 1.0;
/// Most of a picture, beside an edge where a banner, a ticker or subtitles may stand. Chosen: they take a sixth at most.
const BESIDE_AN_EDGE: [View; 4] =
    [[0.0, 0.0, 1.0, 0.84], [0.0, 0.16, 1.0, 0.84], [0.0, 0.0, 0.84, 1.0], [0.16, 0.0, 0.84, 1.0]];
/// The shortest side of a view that may be the whole picture where something is drawn over an edge. Derived: less than is
/// left beside one.
const LEAST_OF_WHOLE: f64 = 0.8;
/// Moments near that of a map, seconds later: a wrong map of what crosses the picture is made up for by a wrong moment. By
/// trial.
const NEARBY_S: [f64; 5] = [-0.2, -0.1, 0.0, 0.1, 0.2];
/// The halves of a split screen.
const HALVES: [View; 4] = [[0.0, 0.0, 0.5, 1.0], [0.5, 0.0, 0.5, 1.0], [0.0, 0.0, 1.0, 0.5], [0.0, 0.5, 1.0, 0.5]];
/// A half may be found this much larger, or elsewhere by as much, in fractions of the picture: what moves beside it is in the
/// way. By trial.
const NEAR_HALF: f64 = 0.25;
/// A map that correlates less may be wrong, though it is the best nearby. Chosen: above it little is to be gained.
pub(super) const DOUBTFUL_CORRELATION: f64 = 0.9;
/// How much smaller or larger the part is that one picture shows of the other, and how much further along either side, in
/// fractions of the picture, where a climb starts again. By trial.
const OTHER_PARTS: [f64; 3] = [-0.15, 0.0, 0.15];
/// Both of two maps, of a picture and of its enlarged copy behind it, correlate with at least this share of the one
/// that was found. By trial.
const BOTH_SHARE: f64 = 0.5;
/// A speed nearer than this to 1 is tried as normal. By trial.
const NEARLY_NORMAL_SPEED: f64 = 0.02;

/// Steps of a climb with shift and scale. By trial.
const MAP_STEPS: Range<f64> = 0.1..1.0;
/// Share of a rectangle's length that a step of 1 moves it. By trial.
const SHIFT_STEP: f64 = 0.04;
/// Share of a rectangle's length that a step of 1 makes it grow. By trial.
const GROWTH_STEP: f64 = 0.06;
/// Steps of a climb to a square part, in fractions of the picture: a cell, down to a sixteenth of one. By trial.
const PART_STEPS: Range<f64> = 0.004..0.064;
/// The smallest side of a square part, in fractions of the picture. By trial.
const LEAST_PART: f64 = 0.2;
/// How far rounding may bring a part out of the picture, in fractions of it. Chosen: far more than rounding, far less
/// than the last step.
const ROUNDING: f64 = 1e-9;

/// The best map for `found`.
pub(super) fn exact(signatures: &Signatures, found: &Match) -> Alignment {
    let excerpt = signatures.excerpt_of(found);
    let correlation = |map: &Alignment| excerpt.correlation(map);
    let free = in_front(signatures, &excerpt, &found.alignment);
    let usual = [0, 1].map(|axis| climbed(&excerpt, with_proportions(signatures, &free, axis)));
    let cropped = usual.map(|map| cropped_alike(&map).map(|map| climbed(&excerpt, map))).into_iter().flatten();
    let best = cropped.chain(usual).max_by(|a, b| correlation(a).total_cmp(&correlation(b)));
    let best = best.filter(|best| correlation(best) >= correlation(&free) * USUAL_SHARE).unwrap_or(free);
    let filling = filling(signatures, &excerpt, &best);
    let best = filling.filter(|map| correlation(map) >= correlation(&best) * FILLING_SHARE).unwrap_or(best);
    let best = part(signatures, &excerpt, &best).unwrap_or(best);
    let best = half(signatures, &excerpt, &best).unwrap_or(best);
    let best = whole(signatures, &excerpt, &best).unwrap_or(best);
    let normal = best.at_normal_speed(middle_s(&found.range), NEARLY_NORMAL_SPEED);
    normal.filter(|normal| correlation(normal) >= correlation(&best) * USUAL_SHARE).unwrap_or(best)
}

/// The map of the whole picture to the whole, if it agrees as well as `map`, or does beside an edge where something may be
/// drawn over the picture.
fn whole(signatures: &Signatures, excerpt: &Excerpt, map: &Alignment) -> Option<Alignment> {
    let wider = signatures.relative_width(map.orientation);
    let has_one_shape = wider.max(1.0 / wider) < 1.0 + CLEARLY_SHORTER;
    let share = if has_one_shape { USUAL_SHARE } else { SQUEEZED_SHARE };
    let whole = map.of_whole_pictures();
    let agrees = |within: View| {
        let [whole, other] = [whole, *map].map(|map| Alignment { within: common(map.within, within), ..map });
        let least = excerpt.correlation(map).max(excerpt.correlation(&other)) * share;
        excerpt.correlation(&whole) >= least
    };
    let beside_an_edge = || has_one_shape && is_nearly_whole(map) && BESIDE_AN_EDGE.into_iter().any(agrees);
    (agrees(WHOLE) || beside_an_edge()).then_some(whole)
}

/// Whether a map may be that of the whole pictures, measured badly.
fn is_nearly_whole(map: &Alignment) -> bool {
    let is_nearly = |view: View| view[2].min(view[3]) >= LEAST_OF_WHOLE;
    map.shared().is_some_and(|(query, reference)| is_nearly(query) && is_nearly(reference))
}

/// What two rectangles share.
fn common(a: View, b: View) -> View {
    let (start, end) =
        ([a[0].max(b[0]), a[1].max(b[1])], [(a[0] + a[2]).min(b[0] + b[2]), (a[1] + a[3]).min(b[1] + b[3])]);
    [start[0], start[1], (end[0] - start[0]).max(0.0), (end[1] - start[1]).max(0.0)]
}

/// If `map` shows nearly all of one picture as a part of the other, and agrees badly: the best part of the same shape that a
/// climb finds from elsewhere, if that agrees better. `None` otherwise.
fn part(signatures: &Signatures, excerpt: &Excerpt, map: &Alignment) -> Option<Alignment> {
    let (query, reference) = map.shared().filter(|_| excerpt.correlation(map) < DOUBTFUL_CORRELATION)?;
    let wider = signatures.relative_width(map.orientation);
    let canvases = [(query, reference, 1.0 / wider, true), (reference, query, wider, false)];
    let is_whole = |(canvas, ..): &(View, View, f64, bool)| canvas[2].min(canvas[3]) >= LEAST_OF_WHOLE;
    let (_, picture, shape, is_query) = canvases.into_iter().find(is_whole)?;
    let [_, _, wide, high] = band(shape);
    let size = (picture[2] / wide + picture[3] / high) / 2.0;
    let middle = [picture[0] + picture[2] / 2.0, picture[1] + picture[3] / 2.0];
    let mut parts = Vec::new();
    let start = |middle: f64, length: f64| (middle - length / 2.0).clamp(0.0, 1.0 - length);
    for size in OTHER_PARTS.map(|larger| (size + larger).min(1.0)) {
        let [width, height] = [size * wide, size * high];
        for right in OTHER_PARTS {
            parts.extend(
                OTHER_PARTS
                    .map(|down| [start(middle[0] + right, width), start(middle[1] + down, height), width, height]),
            );
        }
    }
    parts.retain(is_part);
    let (mut best, mut most) = (None, excerpt.correlation(map));
    for later_s in NEARBY_S {
        let at = Alignment { reference_s: map.reference_s + later_s, ..*map };
        let score = |part| excerpt.score(&filled(&at, WHOLE, part, is_query));
        let start = parts.iter().copied().max_by(|a, b| score(*a).total_cmp(&score(*b)))?;
        let climbed = filled(&at, WHOLE, best_part(start, &score), is_query);
        let reached = excerpt.correlation(&climbed);
        if reached > most {
            (best, most) = (Some(climbed), reached);
        }
    }
    best
}

/// If `map` is of one half of either picture, as of a split screen: the map under which it shows the middle of the other
/// in its proportions, if that agrees as well. `None` otherwise.
fn half(signatures: &Signatures, excerpt: &Excerpt, map: &Alignment) -> Option<Alignment> {
    let (query, reference) = map.shared()?;
    let wider = signatures.relative_width(map.orientation);
    let halves =
        HALVES.into_iter().flat_map(|half| [(half, query, wider, true), (half, reference, 1.0 / wider, false)]);
    let near = halves.filter(|(half, canvas, ..)| is_within(NEAR_HALF, *half, *canvas));
    let moments = near.flat_map(|half| NEARBY_S.map(|later_s| (half, later_s)));
    let maps = moments.map(|((half, _, wider, is_query), later_s)| {
        let at = Alignment { reference_s: map.reference_s + later_s, ..*map };
        let under = |part| filled(&at, half, part, is_query);
        under(best_part(band(half[2] / half[3] / wider), &|part| excerpt.score(&under(part))))
    });
    let best = maps.max_by(|a, b| excerpt.correlation(a).total_cmp(&excerpt.correlation(b)))?;
    (excerpt.correlation(&best) >= excerpt.correlation(map) * USUAL_SHARE).then_some(best)
}

/// `found` at the speed of `first`, if it has nearly that and agrees as well so: a short stretch tells its speed badly.
///
/// It is measured anew if it has the same speed, too: what `first` correlates with was measured under the map before [`exact`].
pub(super) fn at_speed_of(signatures: &Signatures, first: &Match, found: Match) -> Match {
    let speed = first.alignment.speed;
    if (found.alignment.speed / speed - 1.0).abs() >= NEARLY_NORMAL_SPEED {
        return found;
    }
    let alignment = Alignment { speed, ..found.alignment.about(middle_s(&found.range)) };
    let at_it = signatures.measured(alignment, found.range.clone());
    at_it.filter(|at_it| at_it.correlation >= found.correlation * USUAL_SHARE).unwrap_or(found)
}

/// The map of a match of whole pictures, at normal speed if it is nearly that.
pub(super) fn of_whole_pictures(found: &Match) -> Alignment {
    let map = found.alignment.of_whole_pictures();
    map.at_normal_speed(middle_s(&found.range), NEARLY_NORMAL_SPEED).unwrap_or(map)
}

/// Climbs to the best shift and scale, the same for both axes, near `start`.
fn climbed(excerpt: &Excerpt, start: Alignment) -> Alignment {
    let moved = |map: &Alignment, step: f64, batch: usize| {
        let by = if batch == 0 { step } else { -step };
        let scaled = map.with_axis(0, 0.0, by * GROWTH_STEP).with_axis(1, 0.0, by * GROWTH_STEP);
        [map.with_axis(0, by * SHIFT_STEP, 0.0), map.with_axis(1, by * SHIFT_STEP, 0.0), scaled]
    };
    climb(start, halving(MAP_STEPS, usize::MAX, 1.0), 2, moved, 0.0, |map| excerpt.score(map)).0
}

/// `map` with the scale of `axis` applied to the other as well, about the middle of the shared view.
fn with_proportions(signatures: &Signatures, map: &Alignment, axis: usize) -> Alignment {
    let Some((query, reference)) = map.shared() else { return *map };
    let across = 1 - axis;
    let wider = signatures.relative_width(map.orientation);
    let wider = if axis == 0 { wider } else { 1.0 / wider };
    let length = reference[axis + 2] / query[axis + 2] * query[across + 2] * wider;
    let mut kept = Alignment { query_view: query, reference_view: reference, ..*map };
    kept.reference_view[across] += (reference[across + 2] - length) / 2.0;
    kept.reference_view[across + 2] = length;
    kept
}

/// If `map` shows a picture that is cropped along one axis and stands between bars along the other: the same, cropped
/// along both. `None` otherwise.
pub(super) fn cropped_alike(map: &Alignment) -> Option<Alignment> {
    let (query, reference) = map.shared()?;
    for (canvas, picture) in [(query, reference), (reference, query)] {
        for (axis, across) in [(0, 1), (1, 0)] {
            let has_bars = canvas[axis + 2] < canvas[across + 2] - CLEARLY_SHORTER;
            let share = picture[across + 2] / picture[axis + 2];
            if has_bars && share < 1.0 - CLEARLY_SHORTER {
                let middle = (0.5 - canvas[axis]) / canvas[axis + 2];
                let start = (middle - share / 2.0).clamp(0.0, 1.0 - share);
                let mut within = query;
                within[axis] += query[axis + 2] * start;
                within[axis + 2] *= share;
                return Some(Alignment { within, ..*map });
            }
        }
    }
    None
}

/// If `map` shows a canvas that a picture of the other's shape nearly fills from edge to edge, between two bars: the
/// map under which it fills it, showing all of the other or a part of the same shape. `None` otherwise.
fn filling(signatures: &Signatures, excerpt: &Excerpt, map: &Alignment) -> Option<Alignment> {
    let (query, reference) = map.shared()?;
    let wider = signatures.relative_width(map.orientation);
    let canvases = [(query, reference, band(wider), true), (reference, query, band(1.0 / wider), false)];
    let fills = |(canvas, _, band, _): &(View, View, View, bool)| is_band(*band) && is_near(*canvas, *band);
    let (_, picture, band, is_query) = canvases.into_iter().find(fills)?;
    let side = ((picture[2] + picture[3]) / 2.0).min(1.0);
    let start = [picture[0].min(1.0 - side), picture[1].min(1.0 - side), side, side];
    let under = |part| filled(map, band, part, is_query);
    Some(under(best_part(start, &|part| excerpt.score(&under(part)))))
}

/// The map under which `place` of the one picture, the query's or the reference's, is filled with `part` of the other.
fn filled(map: &Alignment, place: View, part: View, is_query: bool) -> Alignment {
    let (query_view, reference_view) = if is_query { (place, part) } else { (part, place) };
    Alignment { query_view, reference_view, within: query_view, ..*map }
}

/// Climbs to the part of a picture, of the shape of `start`, with the highest score.
fn best_part(start: View, score: &dyn Fn(View) -> f64) -> View {
    let taller = start[3] / start[2];
    let moved = |&[x, y, width, height]: &View, step: f64, _: usize| {
        let moved = [step, -step].map(|by| {
            let (wide, high) = if taller > 1.0 { (by / taller, by) } else { (by, by * taller) };
            let grown = |share: f64| [x - share * wide, y - share * high, width + wide, height + high];
            [[x + by, y, width, height], [x, y + by, width, height], grown(0.5), grown(0.0), grown(1.0)]
        });
        moved.into_iter().flatten().filter(is_part)
    };
    climb(start, halving(PART_STEPS, usize::MAX, 1.0), 1, moved, 0.0, |part| score(*part)).0
}

/// Whether a part lies in the picture and is not too small.
fn is_part(part: &View) -> bool {
    let is_inside = (0..2).all(|axis| part[axis] >= -ROUNDING && part[axis] + part[axis + 2] <= 1.0 + ROUNDING);
    is_inside && part[2].max(part[3]) >= LEAST_PART
}

/// The map of what lies in front, where a picture stands before its own enlarged copy and `map` may be of either.
///
/// A band of the canvas then agrees with all of the picture, and all of the canvas with a part of it. What lies behind
/// is hidden where the other one is.
fn in_front(signatures: &Signatures, excerpt: &Excerpt, map: &Alignment) -> Alignment {
    let wider = signatures.relative_width(map.orientation);
    let (in_query, in_reference) = (band(wider), band(1.0 / wider));
    let Some((query, reference)) = map.shared().filter(|_| is_band(in_query)) else { return *map };
    // A part of the query is all of the reference, or all of the query a part of the reference.
    let of_a_part = climbed(excerpt, Alignment { query_view: in_query, reference_view: WHOLE, ..*map });
    let of_all = climbed(excerpt, Alignment { query_view: WHOLE, reference_view: in_reference, ..*map });
    let found = excerpt.correlation(map);
    if [of_a_part, of_all].iter().any(|other| excerpt.correlation(other) < found * BOTH_SHARE) {
        return *map;
    }
    let within = |map: &Alignment, within: Option<View>| {
        within.map_or(0.0, |within| excerpt.correlation(&Alignment { within, ..*map }))
    };
    let hidden_by_part = of_a_part.shared().map(|(query, _)| query);
    let hidden_by_all = of_all.shared().map(|(_, reference)| of_a_part.in_query(reference));
    let is_part = within(&of_a_part, hidden_by_all) >= within(&of_all, hidden_by_part);
    let (in_front, is_it) =
        if is_part { (of_a_part, is_near(query, in_query)) } else { (of_all, is_near(reference, in_reference)) };
    if is_it && found > excerpt.correlation(&in_front) { *map } else { in_front }
}

/// Whether bars are left beside a rectangle.
fn is_band(view: View) -> bool {
    view[2].min(view[3]) < 1.0 - CLEARLY_SHORTER
}

/// Whether two views may be one.
fn is_near(view: View, other: View) -> bool {
    is_within(NEAR_VIEW, view, other)
}

/// Whether no number of two views differs by more than `most`.
fn is_within(most: f64, view: View, other: View) -> bool {
    view.iter().zip(other).all(|(a, b)| (a - b).abs() <= most)
}

/// The rectangle in the middle of a canvas that a picture fills from edge to edge which is `wider` times as wide for
/// its height.
fn band(wider: f64) -> View {
    if wider >= 1.0 {
        [0.0, (1.0 - 1.0 / wider) / 2.0, 1.0, 1.0 / wider]
    } else {
        [(1.0 - wider) / 2.0, 0.0, wider, 1.0]
    }
}

#[cfg(test)]
mod tests {
    use super::super::orientation::Orientation;
    use super::super::testing::{as_is, match_of, motion};
    use super::*;
    use crate::hash::motion::{SAMPLE_BYTES, Sample};

    fn signatures(shapes: [f64; 2]) -> Signatures<'static> {
        Signatures { query: &[], reference: &[], shapes }
    }

    fn near(found: &[f64], expected: &[f64]) {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?} is not {expected:?}");
    }

    #[test]
    fn a_band_stands_in_the_middle() {
        near(&band(2.0), &[0.0, 0.25, 1.0, 0.5]);
        near(&band(0.5), &[0.25, 0.0, 0.5, 1.0]);
        near(&band(1.0), &WHOLE);
        assert!(is_band(band(1.04)) && !is_band(band(1.03)) && is_band(band(0.969)) && !is_band(band(0.971)));
    }

    #[test]
    fn views_are_near_if_no_number_differs_by_more_than_a_few_cells() {
        assert!(is_near([0.1, 0.0, 0.9, 1.0], [0.2, 0.1, 0.8, 0.9]));
        assert!(is_near([0.0, 0.0, 1.0, 0.151], [0.0, 0.0, 1.0, 0.3]));
        assert!(!is_near([0.0, 0.0, 1.0, 0.149], [0.0, 0.0, 1.0, 0.3]));
    }

    #[test]
    fn hardly_another_speed_is_normal() {
        let found = Match { range: 40..60, ..match_of(as_is()) };
        let at = |speed| Alignment { speed, ..as_is() }.at_normal_speed(middle_s(&found.range), NEARLY_NORMAL_SPEED);
        assert!(at(1.021).is_none() && at(0.979).is_none() && at(0.981).is_some());
        // The middle of the match stays where it was.
        let normal = at(1.019).unwrap();
        near(&[normal.speed, normal.reference_time(5.0)], &[1.0, 5.095]);
    }

    #[test]
    fn proportions_are_kept_about_the_middle() {
        // The reference is 4:3, the query 16:9, of which the map says that it shows the lower half as wide as all.
        let map = Alignment { reference_view: [0.0, 0.5, 1.0, 0.5], ..as_is() };
        let by_width = with_proportions(&signatures([16.0 / 9.0, 4.0 / 3.0]), &map, 0);
        near(&by_width.reference_view, &[0.0, 0.375, 1.0, 0.75]);
        let by_height = with_proportions(&signatures([16.0 / 9.0, 4.0 / 3.0]), &map, 1);
        near(&by_height.reference_view, &[0.5 - 1.0 / 3.0, 0.5, 2.0 / 3.0, 0.5]);
        let quarter = Orientation { mirrored: false, quarters: 1 };
        near(
            &[
                signatures([0.5, 2.0]).relative_width(quarter),
                signatures([0.5, 2.0]).relative_width(Orientation::AS_IS),
            ],
            &[1.0, 4.0],
        );
    }

    #[test]
    fn what_is_cropped_on_one_axis_and_between_bars_on_the_other_is_cropped_alike() {
        // Bars above and below the query; of the reference nine tenths of the width are seen.
        let at = |band: f64, width: f64| Alignment {
            query_view: [0.0, (1.0 - band) / 2.0, 1.0, band],
            reference_view: [(1.0 - width) / 2.0, 0.0, width, 1.0],
            ..as_is()
        };
        let alike = cropped_alike(&at(0.4, 0.9)).unwrap();
        near(&alike.within, &[0.0, 0.32, 1.0, 0.36]);
        assert!(cropped_alike(&at(0.4, 0.969)).is_some() && cropped_alike(&at(0.4, 0.971)).is_none());
        assert!(cropped_alike(&at(0.969, 0.9)).is_some() && cropped_alike(&at(0.971, 0.9)).is_none());
    }

    #[test]
    fn a_map_that_is_nearly_usual_becomes_usual() {
        let moving = motion(0..120);
        let signatures = Signatures { query: &moving[..100], reference: &moving, shapes: [1.5, 1.5] };
        let off = Alignment { speed: 1.004, reference_view: [0.012, -0.01, 0.97, 1.015], ..as_is() };
        let exact = exact(&signatures, &match_of(off));
        assert_eq!(exact.speed, 1.0);
        let (query, reference) = exact.shared().unwrap();
        assert!(query.iter().zip(reference).zip(WHOLE).all(|((a, b), c)| (a - c).abs() < 0.02 && (b - c).abs() < 0.02));
        assert!((query[2] / query[3] - reference[2] / reference[3]).abs() < 0.001, "{query:?} {reference:?}");
    }

    #[test]
    fn a_picture_that_nearly_fills_a_canvas_fills_it() {
        let moving = motion(0..120);
        let tall = Signatures { query: &moving[..100], reference: &moving, shapes: [9.0 / 16.0, 16.0 / 9.0] };
        let excerpt = tall.excerpt_of(&match_of(as_is()));
        let at = |height: f64| {
            let map = Alignment { query_view: [0.02, (1.0 - height) / 2.0, 0.95, height], ..as_is() };
            filling(&tall, &excerpt, &map)
        };
        let filled = at(0.3).unwrap();
        near(&filled.query_view, &band(256.0 / 81.0));
        assert!(filled.within == filled.query_view && filled.reference_view[2] == filled.reference_view[3]);
        assert!(at(0.48).is_none());
        // Pictures of one shape have no bars beside them.
        let same = Signatures { shapes: [1.5, 1.5], ..tall };
        assert!(filling(&same, &excerpt, &as_is()).is_none());
        assert_eq!(in_front(&same, &excerpt, &as_is()).query_view, WHOLE);
    }

    #[test]
    fn a_picture_that_is_squeezed_or_has_something_over_an_edge_is_whole() {
        let moving = motion(0..120);
        let of_shapes = |shapes| Signatures { query: &moving[..100], reference: &moving, shapes };
        let kept = Alignment { query_view: band(16.0 / 9.0), reference_view: WHOLE, ..as_is() };
        let squeezed = of_shapes([1.0, 16.0 / 9.0]);
        let excerpt = squeezed.excerpt_of(&match_of(as_is()));
        let found = whole(&squeezed, &excerpt, &kept).unwrap();
        assert_eq!((found.query_view, found.reference_view), (WHOLE, WHOLE));
        // The lower sixth of the query shows something else.
        let mut covered = moving[..100].to_vec();
        covered.iter_mut().zip(motion(4000..4100)).for_each(|(own, other)| own[56..].copy_from_slice(&other[56..]));
        let covered = Signatures { query: &covered, ..of_shapes([1.0, 1.0]) };
        let excerpt = covered.excerpt_of(&match_of(as_is()));
        let part = Alignment { query_view: [0.0, 0.0, 1.0, 0.9], ..as_is() };
        assert!(whole(&covered, &excerpt, &part).is_some());
        let small = Alignment { query_view: [0.0, 0.0, 0.75, 0.75], reference_view: [0.0, 0.0, 0.75, 0.75], ..as_is() };
        let small = Alignment { within: [0.0, 0.0, 0.75, 0.75], ..small };
        assert!(whole(&covered, &excerpt, &small).is_none());
    }

    #[test]
    fn a_half_of_a_split_screen_shows_the_middle_of_the_other_picture() {
        // The right half of the query is the middle of the reference; four cells are a byte.
        let reference = motion(0..120);
        let mut query = motion(4000..4100);
        query.iter_mut().zip(&reference).for_each(|(own, other)| {
            (0..16).for_each(|row| own[4 * row + 2..4 * row + 4].copy_from_slice(&other[4 * row + 1..4 * row + 3]));
        });
        let signatures = Signatures { query: &query, reference: &reference, shapes: [1.0, 1.0] };
        let excerpt = signatures.excerpt_of(&match_of(as_is()));
        let right = [0.5, 0.0, 0.5, 1.0];
        let free = Alignment { query_view: right, reference_view: [0.1, 0.0, 0.7, 1.0], within: right, ..as_is() };
        let found = half(&signatures, &excerpt, &free).unwrap();
        let (query_view, reference_view) = found.shared().unwrap();
        near(&query_view, &right);
        assert!((reference_view[0] - 0.25).abs() < 0.02 && (reference_view[2] - 0.5).abs() < 0.02, "{found:?}");
        assert!(half(&signatures, &excerpt, &as_is()).is_none());
    }

    #[test]
    fn a_wrong_part_at_a_wrong_moment_is_made_right() {
        // The query is the middle of the reference, twice as large; four cells are a byte.
        let reference = motion(0..120);
        let cell = |sample: &Sample, row: usize, column: usize| sample[4 * row + column / 4] >> (2 * (column % 4)) & 3;
        let enlarged = |sample: &Sample| {
            let mut large = [0; SAMPLE_BYTES];
            for (row, column) in (0..256).map(|i| (i / 16, i % 16)) {
                large[4 * row + column / 4] |= cell(sample, 4 + row / 2, 4 + column / 2) << (2 * (column % 4));
            }
            large
        };
        let query: Vec<Sample> = reference[..100].iter().map(enlarged).collect();
        let signatures = Signatures { query: &query, reference: &reference, shapes: [1.0, 1.0] };
        let excerpt = signatures.excerpt_of(&match_of(as_is()));
        let wrong = Alignment { reference_s: 0.2, reference_view: [0.1, 0.27, 0.68, 0.68], ..as_is() };
        let found = part(&signatures, &excerpt, &wrong).unwrap();
        let is_middle = found.reference_view.iter().zip([0.25, 0.25, 0.5, 0.5]).all(|(a, b)| (a - b).abs() < 0.02);
        assert!(is_middle && (found.reference_s).abs() < 0.01 && found.query_view == WHOLE, "{found:?}");
        // A map that agrees well is kept.
        assert!(part(&signatures, &excerpt, &found).is_none());
    }

    #[test]
    fn the_best_square_part_is_found_and_stays_in_the_picture() {
        let towards = |x: f64, y: f64, side: f64| {
            best_part([0.1, 0.1, 0.8, 0.8], &|part| {
                -((part[0] - x).abs() + (part[1] - y).abs() + (part[2] - side).abs())
            })
        };
        let found = towards(0.23, 0.05, 0.7);
        assert!(found.iter().zip([0.23, 0.05, 0.7]).all(|(a, b)| (a - b).abs() < 0.008), "{found:?}");
        let [x, _, side, _] = towards(0.9, 0.0, 0.6);
        assert!(x + side <= 1.0 + ROUNDING, "{x} {side}");
        assert!(
            is_part(&[0.0, 0.8, 0.2, 0.2]) && !is_part(&[0.0, 0.0, 0.199, 0.199]) && !is_part(&[-0.001, 0.0, 0.5, 0.5])
        );
        assert!(!is_part(&[0.0, 0.501, 0.5, 0.5]));
    }

    #[test]
    fn proportions_are_those_of_what_is_shared() {
        let same = signatures([1.0, 1.0]);
        let part = Alignment { query_view: [0.1, 0.0, 0.8, 0.5], reference_view: WHOLE, ..as_is() };
        near(&with_proportions(&same, &part, 0).reference_view, &[0.0, 0.1875, 1.0, 0.625]);
        near(&with_proportions(&same, &part, 1).reference_view, &[-0.3, 0.0, 1.6, 1.0]);
        // The middle half of the query is all of the reference.
        let beyond = Alignment { reference_view: [-0.5, 0.0, 2.0, 1.0], ..as_is() };
        let kept = with_proportions(&same, &beyond, 0);
        near(&kept.query_view, &[0.25, 0.0, 0.5, 1.0]);
        near(&kept.reference_view, &[0.0, -0.5, 1.0, 2.0]);
    }

    #[test]
    fn a_picture_between_bars_is_cropped_about_the_middle_of_the_canvas() {
        let at = |start: f64, reference_view: View| {
            let query_view = [0.0, start, 1.0, 0.4];
            cropped_alike(&Alignment { query_view, reference_view, within: query_view, ..as_is() }).unwrap().within
        };
        // Nine tenths as wide as high.
        let picture = [0.185, 0.1, 0.63, 0.7];
        near(&at(0.29, picture), &[0.0, 0.32, 1.0, 0.36]);
        near(&at(0.1, picture), &[0.0, 0.14, 1.0, 0.36]);
        near(&at(0.5, picture), &[0.0, 0.5, 1.0, 0.36]);
        near(&at(0.29, [0.05, 0.0, 0.9, 1.0]), &[0.0, 0.32, 1.0, 0.36]);
    }

    #[test]
    fn a_canvas_of_the_reference_is_filled_as_well() {
        let moving = motion(0..120);
        let wide = Signatures { query: &moving[..100], reference: &moving, shapes: [16.0 / 9.0, 9.0 / 16.0] };
        let excerpt = wide.excerpt_of(&match_of(as_is()));
        let map = Alignment { reference_view: [0.02, 0.35, 0.95, 0.3], ..as_is() };
        let filled = filling(&wide, &excerpt, &map).unwrap();
        near(&filled.reference_view, &band(256.0 / 81.0));
        assert!(filled.within == filled.query_view && filled.query_view[2] == filled.query_view[3], "{filled:?}");
    }

    #[test]
    fn a_part_is_moved_and_grown_towards_every_side() {
        let tried = std::cell::RefCell::new(Vec::new());
        best_part([0.3, 0.4, 0.5, 0.5], &|part| {
            tried.borrow_mut().push(part);
            0.0
        });
        let expected = [
            [0.3, 0.4, 0.5, 0.5],
            [0.364, 0.4, 0.5, 0.5],
            [0.3, 0.464, 0.5, 0.5],
            [0.268, 0.368, 0.564, 0.564],
            [0.3, 0.4, 0.564, 0.564],
            [0.236, 0.336, 0.564, 0.564],
            [0.236, 0.4, 0.5, 0.5],
            [0.3, 0.336, 0.5, 0.5],
            [0.332, 0.432, 0.436, 0.436],
            [0.3, 0.4, 0.436, 0.436],
            [0.364, 0.464, 0.436, 0.436],
        ];
        near(tried.borrow()[..expected.len()].as_flattened(), expected.as_flattened());
    }

    #[test]
    fn a_climb_keeps_the_proportions_of_a_map() {
        let moving = motion(0..120);
        let signatures = Signatures { query: &moving[..100], reference: &moving, shapes: [1.0, 1.0] };
        let excerpt = signatures.excerpt_of(&match_of(as_is()));
        for (shifts, growth) in [([0.05, -0.03], 0.06), ([-0.05, 0.03], -0.06), ([0.03, 0.05], 0.06)] {
            let start = as_is().with_axis(0, shifts[0], growth).with_axis(1, shifts[1], growth);
            let [x, y, width, height] = climbed(&excerpt, start).reference_view;
            assert!((width - height).abs() < 1e-9 && (width - 1.0).abs() < 0.012, "{width} {height}");
            assert!(x.abs() < 0.012 && y.abs() < 0.012, "{x} {y}");
        }
    }
}
