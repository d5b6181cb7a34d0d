//! The map from picture to picture, made more exact once a match is certain.
//!
//! The cells of a signature are coarse: where a picture fills a third of the other, a cell is a twentieth of it. What copies are
//! usually like helps where what moves leaves it open: pixels stay as wide as they are high; a picture that is cropped and then
//! set between bars is cropped alike on both axes, and stands in the middle; and a canvas is often filled with the picture
//! once more, large and blurred.

use super::align::{Alignment, Bench};
use super::hypotheses::WHOLE;
use super::result::View;
use super::segment::{Match, Pair};
use crate::hash::motion::RATE_HZ;

/// Sides of views that differ more than this are not meant to be the same.
const CLEARLY: f64 = 0.03;
/// What is usual is preferred unless it agrees this much less.
const NEARLY: f64 = 0.97;
/// That a picture fills a canvas from edge to edge is so usual that it is preferred even then.
const WHEN_IT_FILLS: f64 = 0.9;

/// The best map for `found`.
pub(super) fn exact(pair: &Pair, found: &Match) -> Alignment {
    let bench = pair.bench_of(found);
    let free = in_front(pair, &bench, &found.alignment);
    let usual = [0, 1].map(|axis| climb(&bench, with_proportions(pair, &free, axis)));
    let cropped = usual.map(|map| cropped_alike(&map).map(|map| climb(&bench, map))).into_iter().flatten();
    let best = cropped.chain(usual).max_by(|a, b| agreement(&bench, a).total_cmp(&agreement(&bench, b)));
    let best = best.filter(|best| agreement(&bench, best) >= agreement(&bench, &free) * NEARLY).unwrap_or(free);
    let filling = filling(pair, &bench, &best);
    let best = filling.filter(|map| agreement(&bench, map) >= agreement(&bench, &best) * WHEN_IT_FILLS).unwrap_or(best);
    let normal = at_normal_speed(&best, found);
    normal.filter(|normal| agreement(&bench, normal) >= agreement(&bench, &best) * NEARLY).unwrap_or(best)
}

/// `map` at normal speed, where its own is hardly another.
fn at_normal_speed(map: &Alignment, found: &Match) -> Option<Alignment> {
    const HARDLY: f64 = 0.02;
    let middle_s = (found.range.start + found.range.end) as f64 / 2.0 / f64::from(RATE_HZ);
    ((map.speed - 1.0).abs() < HARDLY).then(|| Alignment { speed: 1.0, ..map.about(middle_s) })
}

fn agreement(bench: &Bench, map: &Alignment) -> f64 {
    bench.total(map).correlation()
}

/// Climbs to the best shift and scale, the same for both axes, near `start`.
fn climb(bench: &Bench, start: Alignment) -> Alignment {
    const LEAST_STEP: f64 = 0.1;
    let mut best = (start, bench.worth(&start));
    let mut step = 1.0;
    while step >= LEAST_STEP {
        let before = best.1;
        for by in [step, -step] {
            let shifts = [0, 1].map(|axis| best.0.with_axis(axis, by * 0.04, 0.0));
            let scaled = best.0.with_axis(0, 0.0, by * 0.06).with_axis(1, 0.0, by * 0.06);
            for tried in shifts.into_iter().chain([scaled]) {
                let worth = bench.worth(&tried);
                if worth > best.1 {
                    best = (tried, worth);
                }
            }
        }
        if best.1 <= before {
            step /= 2.0;
        }
    }
    best.0
}

/// `map` with the scale of `axis` applied to the other as well, about the middle of the shared view.
fn with_proportions(pair: &Pair, map: &Alignment, axis: usize) -> Alignment {
    let Some((query, reference)) = map.shared() else { return *map };
    let across = 1 - axis;
    let wider = pair.squeeze(map.orientation);
    let squeeze = if axis == 0 { wider } else { 1.0 / wider };
    let length = reference[axis + 2] / query[axis + 2] * query[across + 2] * squeeze;
    let mut kept = Alignment { query_view: query, reference_view: reference, ..*map };
    kept.reference_view[across] += (reference[across + 2] - length) / 2.0;
    kept.reference_view[across + 2] = length;
    kept
}

/// Where `map` shows a picture that is cropped along one axis, and stands between bars along the other: the same, cropped along both.
fn cropped_alike(map: &Alignment) -> Option<Alignment> {
    let (query, reference) = map.shared()?;
    for (canvas, picture) in [(query, reference), (reference, query)] {
        for (axis, across) in [(0, 1), (1, 0)] {
            let has_bars = canvas[axis + 2] < canvas[across + 2] - CLEARLY;
            let share = picture[across + 2] / picture[axis + 2];
            if has_bars && share < 1.0 - CLEARLY {
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

/// Where `map` shows a canvas that a picture of the other's shape nearly fills from edge to edge, between two bars: the map
/// under which it fills it, showing all of the other or a part of the same shape.
fn filling(pair: &Pair, bench: &Bench, map: &Alignment) -> Option<Alignment> {
    let (query, reference) = map.shared()?;
    let wider = pair.squeeze(map.orientation);
    let canvases = [(query, reference, band(wider), true), (reference, query, band(1.0 / wider), false)];
    let fills = |(canvas, _, band, _): &(View, View, View, bool)| is_band(*band) && is_near(*canvas, *band);
    let (_, picture, band, is_query) = canvases.into_iter().find(fills)?;
    let side = ((picture[2] + picture[3]) / 2.0).min(1.0);
    let under = |[x, y, side]: [f64; 3]| {
        let part = [x, y, side, side];
        let (query_view, reference_view) = if is_query { (band, part) } else { (part, band) };
        Alignment { query_view, reference_view, within: query_view, ..*map }
    };
    let start = [picture[0].min(1.0 - side), picture[1].min(1.0 - side), side];
    Some(under(best_part(start, |part| bench.worth(&under(part)))))
}

/// Climbs to the square part of a picture, `[x, y, side]`, that is worth most.
fn best_part(start: [f64; 3], worth: impl Fn([f64; 3]) -> f64) -> [f64; 3] {
    const LEAST_STEP: f64 = 0.004;
    const LEAST_SIDE: f64 = 0.2;
    let mut best = (start, worth(start));
    let mut step = 0.064;
    while step >= LEAST_STEP {
        let before = best.1;
        let ([x, y, side], half) = (best.0, step / 2.0);
        let tried = [step, -step].map(|by| {
            let grown = [x - by / 2.0, y - by / 2.0, side + by];
            [[x + by, y, side], [x, y + by, side], grown, [x, y, side + by], [x - by, y - by, side + by]]
        });
        for part in tried.into_iter().flatten() {
            let is_inside = part[..2].iter().all(|&at| at >= -1e-9 && at + part[2] <= 1.0 + 1e-9);
            if is_inside && part[2] >= LEAST_SIDE {
                let worth = worth(part);
                if worth > best.1 {
                    best = (part, worth);
                }
            }
        }
        if best.1 <= before {
            step = half;
        }
    }
    best.0
}

/// The map of what lies in front, where a picture stands before its own enlarged copy and `map` may be of either.
///
/// A band of the canvas then agrees with all of the picture, and all of the canvas with a part of it. What lies behind is hidden
/// where the other one is.
fn in_front(pair: &Pair, bench: &Bench, map: &Alignment) -> Alignment {
    const AT_LEAST: f64 = 0.5;
    let wider = pair.squeeze(map.orientation);
    let (in_query, in_reference) = (band(wider), band(1.0 / wider));
    let Some((query, reference)) = map.shared().filter(|_| is_band(in_query)) else { return *map };
    // A part of the query is all of the reference, or all of the query a part of the reference.
    let of_a_part = climb(bench, Alignment { query_view: in_query, reference_view: WHOLE, ..*map });
    let of_all = climb(bench, Alignment { query_view: WHOLE, reference_view: in_reference, ..*map });
    let found = agreement(bench, map);
    if [of_a_part, of_all].iter().any(|other| agreement(bench, other) < found * AT_LEAST) {
        return *map;
    }
    let within = |map: &Alignment, within: Option<View>| {
        within.map_or(0.0, |within| agreement(bench, &Alignment { within, ..*map }))
    };
    let hidden_by_part = of_a_part.shared().map(|(query, _)| query);
    let hidden_by_all = of_all.shared().map(|(_, reference)| of_a_part.in_query(reference));
    let is_part = within(&of_a_part, hidden_by_all) >= within(&of_all, hidden_by_part);
    let (in_front, is_it) =
        if is_part { (of_a_part, is_near(query, in_query)) } else { (of_all, is_near(reference, in_reference)) };
    if is_it && found > agreement(bench, &in_front) { *map } else { in_front }
}

/// Whether bars are left beside a rectangle.
fn is_band(view: View) -> bool {
    view[2].min(view[3]) < 1.0 - CLEARLY
}

fn is_near(view: View, other: View) -> bool {
    const NEAR: f64 = 0.15;
    view.iter().zip(other).all(|(a, b)| (a - b).abs() <= NEAR)
}

/// The rectangle in the middle of a canvas that a picture fills which is `wider` for its height.
fn band(wider: f64) -> View {
    if wider >= 1.0 {
        [0.0, (1.0 - 1.0 / wider) / 2.0, 1.0, 1.0 / wider]
    } else {
        [(1.0 - wider) / 2.0, 0.0, wider, 1.0]
    }
}
